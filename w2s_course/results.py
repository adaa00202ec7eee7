"""From the folders of the stages to one `results.json`: answers judged, figures with their intervals."""

from __future__ import annotations

import json
import math
import os
import platform
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

from w2s_course import __version__, metrics
from w2s_course.arms.files import ANSWERS, CURVE, HOSTED, read_answers, read_costs, read_rows, splits
from w2s_course.arms.strong import FINE_TUNED
from w2s_course.config import PRESETS, Config
from w2s_course.costs import StageCost, assumptions_as_dict, price_of_1000_labels
from w2s_course.errors import CourseError
from w2s_course.findings import ARMS
from w2s_course.judging.execution import Verdict, judge
from w2s_course.labeling import load_labels
from w2s_course.models.answers import Answer
from w2s_course.snippets.concepts import SLOTS, Slot
from w2s_course.snippets.grammar import Snippet
from w2s_course.stopping import judged_curve

SCHEMA_VERSION = 1
Folders = Mapping[str, Path]


def slots_of(config: Config) -> tuple[Slot, ...]:
    """The slots that programs of this run fill; the fourth only where it is asked for."""
    return SLOTS if config.with_view else tuple(slot for slot in SLOTS if slot != "view")


def answers_of(arm: str, folders: Folders) -> list[str]:
    """An arm's explanations of the test snippets, in their order."""
    return [answer.text for answer in _answers(arm, folders)]


def confidences_of(arm: str, folders: Folders) -> list[float]:
    """How sure an arm was of each of its `answers_of`."""
    return [answer.confidence for answer in _answers(arm, folders)]


def _answers(arm: str, folders: Folders) -> list[Answer]:
    return read_answers(folders["labels"] / "test.jsonl" if arm == "weak" else folders[arm] / ANSWERS)


def judge_all(explanations: Sequence[str], snippets: Sequence[Snippet]) -> list[Verdict]:
    """A verdict for each pair. Raises: ValueError where the two differ in number."""
    return [judge(text, s.code, s.claims) for text, s in zip(explanations, snippets, strict=True)]


def _arm(arm: str, config: Config, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    slots, sizes, seed = slots_of(config), config.sizes, config.seed
    small = config.weak_recipe.batch_size
    tuned = (config.strong_steps, config.strong_recipe.batch_size)
    trained_on, labels, (steps, batch_size) = {
        "weak": ("its own gold pairs", sizes.gold, (config.weak_steps, small)),
        "strong_prompted": (f"nothing; {sizes.shots} gold examples stand in its prompt", 0, (0, 0)),
        "strong_on_gold": ("the weak model's gold pairs", sizes.gold, tuned),
        "weak_to_strong": ("weak labels of the pool", sizes.pool, tuned),
        "ceiling": ("gold labels of the pool", sizes.pool, tuned),
        "control": (
            "weak labels of the pool, without pre-training",
            sizes.pool,
            (config.control_steps, small),
        ),
    }[arm]
    per_claim = [sum(v.claims[s] for s in slots) / len(slots) for v in verdicts]
    return {
        "exact": asdict(metrics.share([v.exact for v in verdicts], seed)),
        "claims": asdict(metrics.share(per_claim, seed, weights=[len(slots)] * len(verdicts))),
        "by_slot": {s: asdict(metrics.share([v.claims[s] for v in verdicts], seed)) for s in slots},
        "unreadable": sum(v.claimed is None for v in verdicts),
        "trained_on": trained_on,
        "labels": labels,
        "steps": steps,
        "batch_size": batch_size,
    }


def _labels(config: Config, folders: Folders) -> dict[str, Any]:
    labels, pool = load_labels(folders["labels"]), splits(config)["pool"]
    verdicts = judge_all(labels["explanation"], pool)
    right, confidence = [v.exact for v in verdicts], list(labels["confidence"])
    if not all(map(math.isfinite, confidence)):
        raise CourseError(
            "The weak model gave labels a probability that is no number: its training diverged. Train it "
            "with a smaller learning rate."
        )
    return {
        "n": len(right),
        "exact": asdict(metrics.share(right, config.seed)),
        "unreadable": sum(v.claimed is None for v in verdicts),
        "confidence": sum(confidence) / len(confidence),
        "reliability": metrics.reliability(confidence, right, seed=config.seed),
        "confusions": metrics.confusions(verdicts, [s.claims for s in pool]),
    }


def _errors(config: Config, verdicts: Mapping[str, Sequence[Verdict]]) -> dict[str, Any]:
    teacher, student, slots = verdicts["weak"], verdicts["weak_to_strong"], slots_of(config)

    def ledger(chosen: Sequence[Slot]) -> dict[str, Any]:
        found = metrics.inheritance(teacher, student, chosen, config.seed)
        return {name: asdict(estimate) for name, estimate in found.items()}

    truths = [s.claims for s in splits(config)["test"]]
    by_slot = {slot: ledger([slot]) for slot in slots}
    return {**ledger(slots), "by_slot": by_slot, "confusions": metrics.confusions(student, truths)}


def _curves(config: Config, folders: Folders) -> dict[str, Any]:
    val = splits(config)["val"]
    weak = [a.text for a in read_answers(folders["labels"] / "val.jsonl")]
    return {arm: judged_curve(read_rows(folders[arm] / CURVE), val, weak, config.seed) for arm in FINE_TUNED}


def _costs(config: Config, folders: Folders) -> dict[str, Any]:
    stages: dict[str, StageCost] = {}
    for folder in folders.values():
        stages |= read_costs(folder)
    hosted = json.loads((folders["strong_prompted"] / HOSTED).read_text())
    return {
        "stages": {name: cost.as_dict() for name, cost in stages.items()},
        "assumptions": assumptions_as_dict(),
        "per_1000_labels": price_of_1000_labels(stages["weak labels"], config.sizes.pool, **hosted),
        "hosted_tokens": hosted,
    }


def environment() -> dict[str, Any]:
    """Versions and hardware, for the reader; never an input to anything."""
    import torch

    libraries = ("torch", "transformers", "peft", "datasets", "numpy")
    cuda = torch.cuda.is_available()
    return {
        "w2s_course": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in libraries},
        "system": f"{platform.system()} {platform.machine()}",
        "processor": torch.backends.cpu.get_cpu_capability(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "device": torch.cuda.get_device_name(0) if cuda else "cpu",
    }


def command_of(config: Config) -> str:
    """The command that makes this run again, with all that differs from its preset and has an option.

    What has none is named behind a '#': such a run is made in Python, from the `config` in its results.
    """
    usual = PRESETS[config.preset].config if config.preset in PRESETS else config
    words = [
        "w2s",
        "run",
        "--preset",
        config.preset,
        "--seed",
        str(config.seed),
        "--precision",
        config.precision,
    ]
    words += ["--weak", config.weak_model] if config.weak_model != usual.weak_model else []
    words += ["--strong", config.strong_model] if config.strong_model != usual.strong_model else []
    words += ["--with-view"] if config.with_view and not usual.with_view else []
    for name, size in asdict(config.sizes).items():
        words += [f"--{name}", str(size)] if size != getattr(usual.sizes, name) else []
    given = {"seed", "precision", "weak_model", "strong_model", "sizes"}
    given |= {"with_view"} if config.with_view else set()
    others = [f.name for f in fields(config) if getattr(config, f.name) != getattr(usual, f.name)]
    without = [name for name in others if name not in given]
    if config.preset not in PRESETS:
        without = ["preset"]
    return shlex.join(words) + (f"  # and its own {', '.join(without)}" if without else "")


def judge_early(config: Config, stage: str, folder: Path) -> tuple[str, dict[str, Any]] | None:
    """Judge a stage's labels and test answers while others still run: `judge` remembers its verdicts, so the
    results are there sooner after the last one.

    Returns: the arm whose test answers the stage holds, and how many of them are fully right, as the results
        will say it; None if it holds none.
    """
    if stage == "labels":
        judge_all(load_labels(folder)["explanation"], splits(config)["pool"])
    arm = "weak" if stage == "labels" else stage
    if arm not in ARMS or stage == "weak":  # that stage asks nothing: its model answers in the stage `labels`
        return None
    verdicts = judge_all(answers_of(arm, {stage: folder}), splits(config)["test"])
    return arm, asdict(metrics.share([v.exact for v in verdicts], config.seed))


def build_results(config: Config, folders: Folders) -> dict[str, Any]:
    """What `results.json` holds; its form is `results.schema.json`.

    Raises: ValueError where a stage's answers are not as many as the snippets.
    """
    test, seed = splits(config)["test"], config.seed
    verdicts = {arm: judge_all(answers_of(arm, folders), test) for arm in ARMS}
    exact = {arm: [v.exact for v in verdicts[arm]] for arm in ARMS}

    def lead(arm: str) -> dict[str, Any]:
        """The student's over that arm, paired by snippet."""
        pairs = zip(exact["weak_to_strong"], exact[arm], strict=True)
        return asdict(metrics.share([int(s) - int(other) for s, other in pairs], seed, least=-1.0))

    results = {
        "schema_version": SCHEMA_VERSION,
        "command": command_of(config),
        "config": config.as_dict(),
        "arms": {arm: _arm(arm, config, verdicts[arm]) for arm in ARMS},
        "gain": lead("weak"),
        "leads": {arm: lead(arm) for arm in ARMS if arm not in ("weak", "weak_to_strong")},
        "pgr": asdict(metrics.gap_recovered(exact["weak"], exact["weak_to_strong"], exact["ceiling"], seed)),
        "labels": _labels(config, folders),
        "errors": _errors(config, verdicts),
        "curves": _curves(config, folders),
        "cost": _costs(config, folders),
        "environment": environment(),
    }
    plain: dict[str, Any] = json.loads(
        json.dumps(results)
    )  # as a reader of the file gets it: lists, no tuples
    return plain


def answer_rows(config: Config, folders: Folders) -> list[dict[str, Any]]:
    """One row a test snippet: its code, the truth, and each arm's answer with its verdict."""
    test = splits(config)["test"]
    said = {arm: answers_of(arm, folders) for arm in ARMS}
    rows = []
    for i, snippet in enumerate(test):
        row: dict[str, Any] = {"code": snippet.code, "style": snippet.style, "gold": snippet.explanation}
        for arm in ARMS:
            verdict = judge(said[arm][i], snippet.code, snippet.claims)
            wrong = [slot for slot in slots_of(config) if not verdict.claims[slot]]
            row[arm] = {
                "explanation": said[arm][i],
                "exact": verdict.exact,
                "wrong": wrong,
                "reason": verdict.reason,
            }
        rows.append(row)
    return rows
