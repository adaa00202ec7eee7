"""What needs no training of its own: the cascade and the stopping points, from answers that are there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from w2s_course.arms.files import ANSWERS, COSTS, CURVE, read_answers, read_rows, splits
from w2s_course.config import Config
from w2s_course.errors import CourseError
from w2s_course.results import judge_all
from w2s_course.stopping import judged_curve, stopping_points
from w2s_course.training.cascade import CascadePoint, cascade_curve, without_loss

SHARES = (0.25, 0.5, 0.75)
"""Shares of the test snippets that the small model answers, at which the cascade's accuracy is told."""


def stopping_measures(config: Config, labels: Path, curve: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Both stopping points of a student's curve, on validation snippets, and the curve itself.

    Raises: CourseError for a curve of one point: there is nothing to stop at.
    """
    if len(curve) < 2:
        raise CourseError(
            f"The student's curve has {len(curve)} point, so there is nothing to choose from. "
            "Give `points` of 4 or more."
        )
    weak = [a.text for a in read_answers(labels / "val.jsonl")]
    judged = judged_curve(curve, splits(config)["val"], weak, config.seed)
    found = stopping_points(judged)
    return {
        "stop_by_weak": found.by_weak.step,
        "stop_by_gold": found.by_gold.step,
        "stop_by_weak_gold": found.by_weak.gold,
        "stop_by_gold_gold": found.by_gold.gold,
        "stop_last_gold": found.last.gold,
        "stop_lost": found.lost,
        "stop_worth": found.worth,
        "curve_steps": [point["step"] for point in judged],
        "curve_gold": [point["gold"]["value"] for point in judged],
        "curve_weak": [point["weak"]["value"] for point in judged],
    }


def cascade_measures(config: Config, labels: Path, student: Path) -> dict[str, Any]:
    """The cascade of teacher and student on the test snippets.

    cascade_exact, cascade_small_share, cascade_cost_share: at the threshold that on the *validation* snippets
    answers most by the small model without loss of accuracy against the student alone.
    cascade_25_exact and so on: where the small model answers at least that share of the test snippets.
    """
    data = splits(config)
    costs = _costs_per_answer(labels, student, len(data["test"]))
    if not (curve := read_rows(student / CURVE)):
        raise CourseError(
            "The threshold is chosen on the student's curve, and it has none. Give `points` above 1."
        )
    val_said = curve[-1]["answers"]
    val = _curve(data["val"], labels / "val.jsonl", val_said, costs, None)
    threshold = without_loss(val)
    test_said = [a.text for a in read_answers(student / ANSWERS)]
    test = _curve(data["test"], labels / "test.jsonl", test_said, costs, None)
    (at,) = _curve(data["test"], labels / "test.jsonl", test_said, costs, [threshold])
    rising = sorted(test, key=lambda point: point.small_share)
    by_share = {s: next(p for p in rising if p.small_share >= s) for s in SHARES}
    return {
        "cascade_threshold": threshold,
        "cascade_exact": at.accuracy,
        "cascade_small_share": at.small_share,
        "cascade_cost_share": at.cost_share,
        **{f"cascade_{round(100 * share)}_exact": point.accuracy for share, point in by_share.items()},
    }


def _curve(
    snippets: Any,
    small: Path,
    large: Sequence[str],
    costs: tuple[float, float],
    thresholds: list[float] | None,
) -> list[CascadePoint]:
    answers = read_answers(small)
    small_right = [v.exact for v in judge_all([a.text for a in answers], snippets)]
    large_right = [v.exact for v in judge_all(large, snippets)]
    return cascade_curve(
        answers, small_right, large_right, small_cost=costs[0], large_cost=costs[1], thresholds=thresholds
    )


def _costs_per_answer(labels: Path, student: Path, answers: int) -> tuple[float, float]:
    """Operations of one answer of the teacher, and of the student."""
    small = json.loads((labels / COSTS).read_text())["weak answers"]["flops"]
    large = json.loads((student / COSTS).read_text())["answers"]["flops"]
    return small / answers, large / answers
