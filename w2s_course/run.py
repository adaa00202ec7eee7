"""One whole run: the stages, their results, and the files that a person opens."""

from __future__ import annotations

import json
import logging
import time
from contextlib import nullcontext
from pathlib import Path
from textwrap import shorten
from typing import Any

from w2s_course.arms.files import FIRST_LABEL, read_answers, splits
from w2s_course.config import FROM_SCRATCH, Config
from w2s_course.disk import why_read_only, write_atomically
from w2s_course.errors import CourseError
from w2s_course.experiment import STAGES, run_stages
from w2s_course.findings import arm_name
from w2s_course.judging.execution import judge
from w2s_course.labeling import CARD, LABELS
from w2s_course.models.answers import Answer
from w2s_course.models.strong import folder_of_model
from w2s_course.processes import threads_of, with_threads
from w2s_course.results import answer_rows, build_results, judge_early
from w2s_course.side_by_side import run_side_by_side
from w2s_course.speed import SECONDS_AROUND, expected_seconds, in_words
from w2s_course.wording import plural, with_interval

log = logging.getLogger(__name__)

RESULTS, ANSWERS_TABLE = "results.json", "answers.jsonl"
LONGEST_SHOWN = 130  # characters; explanations have 120 at most, a model that has not learned to stop more


def default_folder(config: Config) -> Path:
    """Where a run's files go unless told otherwise: runs/PRESET-seedN, under the current folder."""
    return Path("runs") / f"{config.preset}-seed{config.seed}"


def make_folder(folder: Path) -> None:
    """Make sure that `folder` can be written, before any work is done.

    Raises: CourseError naming the folder and the reason.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        reason = why_read_only(folder)
    except OSError as err:
        reason = err.strerror or str(err)
    if reason is not None:
        raise CourseError(f"Cannot write into {folder} ({reason}). Name another folder with --out.")


def _stages(config: Config, jobs: int) -> dict[str, Path]:
    """Run the stages, and say what there is to see on the way."""
    expected = expected_seconds(config)
    total = in_words(sum(expected.values()) / jobs + SECONDS_AROUND)
    log.info("%s, seed %d: about %s if nothing is cached", config.preset, config.seed, total)

    def announce(stage: str) -> None:
        log.info("stage %s (about %s unless cached)", stage, in_words(expected[stage]))

    def show(stage: str, folder: Path) -> None:
        if stage == "weak":
            log.info("the first weak label:\n%s", _first_label(config, folder))
        # Of what comes after the last stage, most can be done while others still run.
        if judged := judge_early(config, stage, folder):
            arm, exact = judged
            right = with_interval(exact)
            log.info("%s: %s of %s fully right", arm_name(arm), right, plural(exact["n"], "test snippet"))
        import w2s_course.report  # noqa: F401 - half a second: matplotlib

    def say(step: int, said: Answer) -> None:
        code = _indented(splits(config)["pool"][0].code)
        steps = config.weak_steps
        log.info("after %d of %d steps the weak model says:\n%s    # %s", step, steps, code, _shown(said))

    if jobs > 1:  # looks for all models before a stage begins
        return run_side_by_side(config, jobs, announce, show, say)
    for model in {config.weak_model, config.strong_model} - {FROM_SCRATCH}:
        folder_of_model(model)
    return run_stages(config, announce, show, say)


def _first_label(config: Config, weak: Path) -> str:
    """A snippet, what the weak model says of it, and whether that is true."""
    snippet, (said,) = splits(config)["pool"][0], read_answers(weak / FIRST_LABEL)
    right = judge(said.text, snippet.code, snippet.claims).exact
    verdict = "right" if right else f"wrong; it is: {snippet.explanation}"
    return f"{_indented(snippet.code)}    # {_shown(said)}   ({verdict})"


def _shown(said: Answer) -> str:
    return shorten(said.text, LONGEST_SHOWN, placeholder=" ...")


def _indented(code: str) -> str:
    return "".join(f"    {line}\n" for line in code.splitlines())


def run(config: Config, folder: Path | None = None, jobs: int = 1) -> dict[str, Any]:
    """Run what the cache does not hold; write `results.json`, labels, answers, figures and `report.html`.

    Args: folder: where the files go, `default_folder` if not given.
        jobs: stages at once, each in a process with its share of the cores; 1 runs them here, one by one.
    Returns: the results, as in results.json.
    Raises: CourseError with what to do about it.
    """
    folder = folder or default_folder(config)
    jobs = min(jobs, len(STAGES))  # each is a process; more would wait for nothing, and fill the memory
    make_folder(folder)
    splits(config)  # whatever cannot be had is said now, not after minutes of work
    start = time.perf_counter()
    # As many threads as a stage has: for the estimate, and to be recorded.
    with with_threads(threads_of(jobs)) if jobs > 1 else nullcontext():
        folders = _stages(config, jobs)
        results = build_results(config, folders)
    from w2s_course.report import validate, write_report

    validate(results)
    (folder / "labels").mkdir(exist_ok=True)
    for name in (LABELS, CARD):
        write_atomically(folder / "labels" / name, (folders["labels"] / name).read_bytes())
    rows = answer_rows(config, folders)
    write_atomically(
        folder / ANSWERS_TABLE, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    )
    write_report(results, folder)
    write_atomically(
        folder / RESULTS, json.dumps(results, indent=1) + "\n"
    )  # last: it says that the run is complete
    log.info("done in %s; open %s", in_words(time.perf_counter() - start), folder / "report.html")
    return results
