"""Where to stop the training: by the truth, which nobody has, and by the teacher's labels, which one has.

Burns et al. 2023 (arXiv 2312.09390) saw students overfit weak labels within an epoch, and stopping by weak
validation labels come too late. The two stopping points of a curve say what that costs here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from w2s_course.errors import UsageError
from w2s_course.judging.claims import Unreadable, parse
from w2s_course.judging.execution import judge
from w2s_course.metrics import share
from w2s_course.snippets.grammar import Snippet

Curve = Sequence[Mapping[str, Any]]
"""A point a checkpoint: `step`, `gold` and `weak`, each an estimate; as in the curves of `results.json`."""


def _same_claims(one: str, other: str) -> bool:
    claims = parse(one)
    return not isinstance(claims, Unreadable) and claims == parse(other)


def judged_curve(
    rows: Curve, val: Sequence[Snippet], weak: Sequence[str], seed: int = 0
) -> list[dict[str, Any]]:
    """A fine-tuning curve judged twice on the validation snippets: by the truth, and by weak labels.

    Args: rows: `step`, `loss` and the student's `answers` to `val`; weak: the teacher's answers to `val`.
    Returns: for each row its step and loss, `gold`: the share of answers that are true, and `weak`: the
        share that claim what the teacher claims, by the same concepts: who says 'less than 0' to a teacher
        that says 'negative' does not follow it (two that cannot be read claim nothing in common).
    Raises: ValueError where answers, snippets and weak labels differ in number.
    """
    points = []
    for row in rows:
        triples = list(zip(row["answers"], val, weak, strict=True))
        gold = share([judge(text, s.code, s.claims).exact for text, s, _ in triples], seed)
        like_weak = share([_same_claims(text, label) for text, _, label in triples], seed)
        points.append(
            {"step": row["step"], "loss": row["loss"], "gold": asdict(gold), "weak": asdict(like_weak)}
        )
    return points


@dataclass(frozen=True)
class Stop:
    """A checkpoint: its step, and what the two validations say there, as shares in [0, 1]."""

    step: int
    gold: float
    weak: float


@dataclass(frozen=True)
class StoppingPoints:
    """Both stopping points of a curve, and its last point."""

    by_weak: Stop
    by_gold: Stop
    last: Stop

    @property
    def lost(self) -> float:
        """What stopping by the teacher costs: gold accuracy at the one point less that at the other, >= 0."""
        return round(self.by_gold.gold - self.by_weak.gold, 12)

    @property
    def worth(self) -> float:
        """What stopping by the teacher gains over training on to the last step; below 0 if it does harm."""
        return round(self.by_weak.gold - self.last.gold, 12)


def stopping_points(curve: Curve) -> StoppingPoints:
    """The best checkpoint by weak and by gold validation labels; of equally good ones the earliest.

    The earliest because it is the cheaper one. All gold values that it compares are of validation snippets:
    a test set has no part in it.
    Raises: UsageError for a curve without a point where both were measured, or with a share outside [0, 1].

    >>> def point(step, gold, weak):
    ...     return {"step": step, "gold": {"value": gold}, "weak": {"value": weak}}
    >>> found = stopping_points([point(10, 0.6, 0.4), point(20, 0.7, 0.5), point(30, 0.6, 0.6)])
    >>> found.by_gold.step, found.by_weak.step, found.lost
    (20, 30, 0.1)
    """
    stops = [
        Stop(point["step"], point["gold"]["value"], point["weak"]["value"])
        for point in curve
        if point["gold"]["value"] is not None and point["weak"]["value"] is not None
    ]
    if not stops:
        raise UsageError(
            f"None of the {len(curve)} points of this curve was measured by both gold and weak labels, so it "
            "has no stopping points. Train with checkpoints and validation snippets."
        )
    for stop in stops:
        if not (0 <= stop.gold <= 1 and 0 <= stop.weak <= 1):  # NaN is not, either
            raise UsageError(
                f"At step {stop.step} of this curve gold is {stop.gold} and weak {stop.weak}; both must be "
                "shares from 0 to 1. Give None where nothing was measured."
            )
    stops.sort(key=lambda stop: stop.step)
    return StoppingPoints(  # max keeps the first of equals
        by_weak=max(stops, key=lambda stop: stop.weak),
        by_gold=max(stops, key=lambda stop: stop.gold),
        last=stops[-1],
    )
