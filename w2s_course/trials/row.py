"""One flat row of plain numbers for a trial: what it was told, what came of it, what it cost."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from w2s_course import metrics
from w2s_course.agreement import claim_kappa, error_agreement, gain_and_misfit
from w2s_course.arms.files import ANSWERS, COSTS, read_answers, splits
from w2s_course.config import Config
from w2s_course.judging.execution import Verdict
from w2s_course.labeling import load_labels
from w2s_course.ledger import passed_on, planted_ledger
from w2s_course.results import judge_all, slots_of
from w2s_course.snippets.grammar import Snippet
from w2s_course.trials.bench import Bench, Taught
from w2s_course.trials.remedies import TEACH
from w2s_course.trials.student import HARDWARE
from w2s_course.trials.trial import Trial

Row = dict[str, Any]

TIMES = ("seconds_training", "seconds_answering", "seconds_preparing")
"""What a clock measured: the only columns that differ when a trial is made again on the same machine."""
MEASURING = ("weak validation", "weak answers", "validation", "answers")
"""Costs of a stage that serve the measuring of it."""


def run_trial(trial: Trial) -> Row:
    """Run what the cache does not hold of a trial, and measure it.

    Returns: a flat row. Shares are fractions in [0, 1] (a gain may be negative), each with `_low` and
    `_high`, its 95% bootstrap interval over test snippets; None where there was nothing to measure.
    Raises: CourseError with what to do about it.
    """
    bench = Bench(trial)
    taught = TEACH[trial.method](bench)
    test, config = splits(trial.config)["test"], trial.config
    teacher = judge_all([a.text for a in read_answers(bench.teacher["labels"] / "test.jsonl")], test)
    student = judge_all([a.text for a in read_answers(taught.student / ANSWERS)], test)
    return {
        **described(trial),
        **accuracies(config, teacher, student),
        **_learned(trial, taught, student),
        **_errors(config, teacher, student, test),
        **_planted(trial, student, test),
        **taught.extra,
        **_costs(bench, taught),
        **json.loads((taught.student / HARDWARE).read_text()),
    }


def described(trial: Trial) -> Row:
    """The columns that say which trial a row is of."""
    config, plan = trial.config, trial.plan or {}
    return {
        "trial": trial.identity,
        "preset": config.preset,
        "seed": trial.seed,
        "gold": config.sizes.gold,
        "pool": config.sizes.pool,
        "test": config.sizes.test,
        "steps": config.strong_steps if trial.student == "strong" else config.control_steps,
        "strong_model": Path(config.strong_model).name,
        "weak_model": Path(config.weak_model).name,
        "precision": config.precision,
        "with_view": config.with_view,
        "student": trial.student,
        "labels": trial.labels,
        "count": trial.count,
        "method": trial.method,
        **trial.settings,
        "plan": plan.get("kind"),
        "planted_rules": ", ".join(plan.get("rules", ())) or None,
        "planted_rate": plan.get("rate"),
    }


def spread(name: str, estimate: metrics.Estimate) -> Row:
    """An estimate as three columns."""
    low, high = estimate.ci95 or (None, None)
    return {name: estimate.value, f"{name}_low": low, f"{name}_high": high}


def accuracies(config: Config, teacher: Sequence[Verdict], student: Sequence[Verdict]) -> Row:
    """Fully right and claim by claim, the teacher's accuracy on the same snippets, and the gain over it."""
    slots, seed = slots_of(config), config.seed
    per_claim = [sum(v.claims[s] for s in slots) / len(slots) for v in student]
    gain = [int(s.exact) - int(t.exact) for s, t in zip(student, teacher, strict=True)]
    return {
        **spread("exact", metrics.share([v.exact for v in student], seed)),
        **spread("claims", metrics.share(per_claim, seed, weights=[len(slots)] * len(student))),
        "unreadable": sum(v.claimed is None for v in student),
        "teacher_exact": metrics.share([v.exact for v in teacher], seed).value,
        **spread("gain", metrics.share(gain, seed, least=-1.0)),
    }


def _learned(trial: Trial, taught: Taught, student: Sequence[Verdict]) -> Row:
    """How many labels the student learned from, and how many of them are right, judged by execution."""
    labels = load_labels(taught.learned)
    by_code = {s.code: s for name in ("pool", "gold") for s in splits(trial.config)[name]}
    verdicts = judge_all(labels["explanation"], [by_code[code] for code in labels["code"]])
    right = [v.exact for v in verdicts]
    passed = passed_on(right, [v.exact for v in student], trial.seed)
    return {
        "learned": len(right),
        "learned_right": metrics.share(right).value,
        "learned_wrong": right.count(False),
        **spread("passed_on", passed),
    }


def _errors(
    config: Config, teacher: Sequence[Verdict], student: Sequence[Verdict], test: Sequence[Snippet]
) -> Row:
    """What became of the teacher's errors, and how alike the two are beyond what accuracy explains."""
    slots, seed, row = slots_of(config), config.seed, Row()
    for name, estimate in metrics.inheritance(teacher, student, slots, seed).items():
        row |= spread(name, estimate)
    truths = [s.claims for s in test]
    row |= {"claim_kappa": claim_kappa(teacher, student, truths, slots, seed).value}
    row |= spread("error_agreement", error_agreement(teacher, student, truths, slots, seed))
    return {**row, "misfit": gain_and_misfit(teacher, student, seed).misfit.value}


def _planted(trial: Trial, student: Sequence[Verdict], test: Sequence[Snippet]) -> Row:
    """What the student makes of the errors that a plan's rules put into its labels."""
    if trial.plan is None or not trial.plan.get("rules"):
        return {}
    row: Row = {}
    for name, found in planted_ledger(student, test, tuple(trial.plan["rules"]), trial.seed).items():
        row |= spread(f"planted_{name}", found)
    return row


def _costs(bench: Bench, taught: Taught) -> Row:
    """Seconds and operations of the student, and of all that was made for it: the teacher, members, labels.

    Answers to validation and test snippets are measuring, not preparing. The frozen layers' pass over the
    gold sentences of a seed, which all its students share, is charged to none of them: a student on gold
    labels seems cheaper by it than one on weak labels, which passes the wrong ones itself.
    """
    student = _read_costs(taught.student)
    made = [*bench.teacher.values(), *(f for f in taught.also.values() if f != taught.student)]
    preparing = [c for folder in made for name, c in _read_costs(folder).items() if name not in MEASURING]
    return {
        "seconds_training": student["training"]["seconds"],
        "seconds_answering": student["answers"]["seconds"],
        "seconds_preparing": sum(c["seconds"] for c in preparing),
        "flops_training": student["training"]["flops"],
        "flops_answering": student["answers"]["flops"],
        "flops_preparing": sum(c["flops"] for c in preparing),
    }


def _read_costs(folder: Path) -> Mapping[str, Mapping[str, float]]:
    found: Mapping[str, Mapping[str, float]] = json.loads((folder / COSTS).read_text())
    return found
