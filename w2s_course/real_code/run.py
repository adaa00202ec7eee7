"""A run on real code as flat rows, each strong arm computed at most once; and their recorded table."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import fmean
from typing import Any

from w2s_course.cache import NAME_CHARS, digest, publish_once
from w2s_course.disk import cache_root, write_atomically
from w2s_course.errors import UsageError
from w2s_course.judging.choices import CHANCE, OPTIONS, SCORES, Likelihood, Question, chosen, score_named
from w2s_course.metrics import gap_recovered, share
from w2s_course.real_code.arms import all_that_it_reads, compute_arm, material, read_arm, weak_model
from w2s_course.real_code.config import ARMS, RealCodeConfig
from w2s_course.real_code.teacher import weak_choices
from w2s_course.snippets.harvest import PACKAGES
from w2s_course.stages import LIBRARIES, source_digest, weights_digest

Row = dict[str, Any]
SCHEMA_VERSION = 1
# What a strong arm's result depends on; how rows are made from it is not among it. Weights have a digest.
_CODE = (
    *("real_code/arms", "real_code/config", "real_code/likelihood", "real_code/splits", "real_code/teacher"),
    *("snippets/grammar", "snippets/harvest", "snippets/sentences", "judging/choices"),
    *("models/answers", "models/device", "models/strong"),
    *("training/batches", "training/fast", "training/finetune", "training/lower"),
    *("training/muon", "training/objectives", "training/optimizers", "training/recipe"),
)


def packages() -> dict[str, str]:
    """The harvested packages and their installed versions: other versions have other functions."""
    return {p.distribution: version(p.distribution) for p in PACKAGES}


def _arm_folder(arm: str, config: RealCodeConfig) -> Path:
    recipe = {
        "arm": arm,
        # The score decides between what was found, it does not change it.
        "config": {name: value for name, value in config.as_dict().items() if name != "score"},
        "code": source_digest(_CODE),
        "libraries": {name: version(name) for name in LIBRARIES},
        "packages": packages(),
        "reads": digest(all_that_it_reads(arm, config)),
        "weights": weights_digest(config.strong_model),
    }
    folder = cache_root() / "stages" / f"real_code-{arm}-{digest(recipe)[:NAME_CHARS]}"
    return publish_once(folder, partial(compute_arm, arm, config), what=f"real code: {arm}")


def accuracy(right: Sequence[bool], seed: int) -> dict[str, Any]:
    """The share of right choices with its 95% interval; groups of four questions are what is drawn again.

    The four questions of a group have the same sentences and are not independent, so they stay together.

    >>> accuracy([True, True, False, False] * 2, seed=0)["accuracy"]
    0.5
    """
    groups = [right[i : i + OPTIONS] for i in range(0, len(right), OPTIONS)]
    found = share([fmean(g) for g in groups], seed, weights=[len(g) for g in groups])
    low, high = found.ci95 or (None, None)
    return {"accuracy": found.value, "low": low, "high": high, "n": found.n}


def rights(asked: Sequence[Sequence[Likelihood]], questions: Sequence[Question], score: str) -> list[bool]:
    """For each question, whether the option with the highest score of that name is the true one."""
    value = score_named(score)
    return [
        chosen([value(y) for y in options]) == q.answer for options, q in zip(asked, questions, strict=True)
    ]


def _weak_row(config: RealCodeConfig) -> tuple[Row, list[bool]]:
    data, weak = material(config), weak_model(config)
    right = {
        name: [c.option == q.answer for c, q in zip(weak_choices(weak, qs), qs, strict=True)]
        for name, qs in (("pool", data.pool), ("test", data.test))
    }
    labels = accuracy(right["pool"], config.seed)
    row = {"label_accuracy": labels["accuracy"], "label_low": labels["low"], "label_high": labels["high"]}
    return row, right["test"]


def run_real_code(config: RealCodeConfig) -> list[Row]:
    """All arms of one seed, one flat row an arm; what the cache holds is not computed again.

    A row has the arm's accuracy on the test questions with its 95% interval (chance is 0.25), what it was
    trained on and how long; for a strong arm also its accuracy under each other score; the weak arm's has
    the accuracy of its labels of the pool, and weak_to_strong's the share of the gap that it recovered.
    Raises: CourseError for a package or model that is missing; the message says what to do.
    """
    data = material(config)
    learned = {"weak": len(data.gold), "strong_untrained": 0, "strong_on_gold": len(data.gold)}
    rows, right = [], {}
    for arm in ARMS:
        extra: Row = {}
        if arm == "weak":
            extra, right[arm] = _weak_row(config)
        else:
            found, cost = read_arm(_arm_folder(arm, config))
            right[arm] = rights(found, data.test, config.score)
            extra = {f"accuracy_{s}": fmean(rights(found, data.test, s)) for s in SCORES} | cost
        trained = arm in ("strong_on_gold", "weak_to_strong", "ceiling")
        row = {"seed": config.seed, "arm": arm, **accuracy(right[arm], config.seed)}
        row |= {"labels": learned.get(arm, len(data.pool)), "steps": config.steps if trained else 0}
        rows.append(row | extra)
    recovered = gap_recovered(
        right["weak"],
        right["weak_to_strong"],
        right["ceiling"],
        config.seed,
        groups=[i // OPTIONS for i in range(len(data.test))],  # as `accuracy` draws them
    )
    (student,) = (row for row in rows if row["arm"] == "weak_to_strong")
    student |= {"pgr": recovered.raw, "pgr_status": recovered.status}
    return rows


def command_of(seeds: Sequence[int], config: RealCodeConfig) -> str:
    """The command that makes this table again.

    >>> command_of([0, 1], RealCodeConfig(steps=40))
    'w2s real-code --seed 0 --seed 1 --steps 40'
    """
    default = RealCodeConfig()
    words = ["w2s", "real-code", *(w for seed in seeds for w in ("--seed", str(seed)))]
    for name in ("steps", "limit", "strong_model"):
        if getattr(config, name) != getattr(default, name):
            words += [f"--{name.replace('_model', '')}", str(getattr(config, name))]
    return shlex.join(words)


def table_of(seeds: Sequence[int], config: RealCodeConfig) -> dict[str, Any]:
    """The rows of several seeds with what is needed to read and repeat them: the form that is recorded.

    Raises: UsageError for a seed that is negative or named twice, before anything is computed.
    """
    from w2s_course.results import environment

    rows = [row for one in config.for_seeds(seeds) for row in run_real_code(one)]
    settings = {name: value for name, value in asdict(config).items() if name != "seed"}
    return {
        "schema_version": SCHEMA_VERSION,
        "what": "choice of the true sentence among four, on functions of published packages",
        "command": command_of(seeds, config),
        "chance": CHANCE,
        "config": settings,
        "packages": packages(),
        "licences": {p.distribution: p.licence for p in PACKAGES},
        "environment": environment(),
        "rows": rows,
    }


def make_place(table: Path) -> None:
    """Make sure that a table can be written to this file, before any work is done.

    Raises: CourseError naming the folder and the reason; UsageError where the file is a folder.
    """
    from w2s_course.run import make_folder

    if table.is_dir():
        raise UsageError(f"{table} is a folder. Name a file with --out, such as {table / 'real-code.json'}.")
    make_folder(table.parent)


def write_table(table: dict[str, Any], path: Path) -> None:
    """The table as JSON, a row a line, so that a change shows as the lines that changed."""
    head = json.dumps({k: v for k, v in table.items() if k != "rows"}, indent=1)
    rows = ",\n  ".join(json.dumps(row) for row in table["rows"])
    make_place(path)
    write_atomically(path, f'{head[:-2]},\n "rows": [\n  {rows}\n ]\n}}\n')
