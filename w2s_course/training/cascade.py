"""Cascading, the book's (e): the small model answers what it is sure of, the large one is asked the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from w2s_course.errors import UsageError
from w2s_course.models.answers import Answer


def unsure(small: Sequence[Answer], threshold: float) -> list[int]:
    """Which snippets go on to the large model: those that the small one answers with less confidence.

    >>> unsure([Answer("Returns 1.", 0.9), Answer("Returns 2.", 0.3)], threshold=0.9)
    [1]
    """
    return [i for i, answer in enumerate(small) if not answer.confidence >= threshold]


def cascade(small: Sequence[Answer], large: Sequence[Answer], threshold: float) -> list[Answer]:
    """The small model's answer where its confidence is at least `threshold`, else the large one's.

    The criterion of section 4.2.5 (e) is free; the small model's probability of its own sentence is ours.
    In use the large model is asked about `unsure(small, threshold)` alone. Here both have answered
    everything, so that thresholds can be compared: at 0 all answers are the small model's, above 1 none.

    Raises: UsageError where the two have not answered the same number of snippets.

    >>> small = [Answer("Returns 1.", 0.9), Answer("Returns 2.", 0.3)]
    >>> large = [Answer("Returns 3.", 0.5), Answer("Returns 4.", 0.5)]
    >>> [answer.text for answer in cascade(small, large, threshold=0.6)]
    ['Returns 1.', 'Returns 4.']
    """
    _same_number(small, large)
    asked = set(unsure(small, threshold))
    return [large[i] if i in asked else answer for i, answer in enumerate(small)]


@dataclass(frozen=True)
class CascadePoint:
    """What one threshold gives, as shares.

    small_share: of the snippets that the small model answers; accuracy: of all answers, in [0, 1];
    cost_share: of what asking the large model everything costs; above 1 where asking both costs more.
    """

    threshold: float
    small_share: float
    accuracy: float
    cost_share: float


def cascade_curve(
    small: Sequence[Answer],
    small_right: Sequence[bool],
    large_right: Sequence[bool],
    *,
    small_cost: float,
    large_cost: float,
    thresholds: Sequence[float] | None = None,
) -> list[CascadePoint]:
    """Accuracy and cost of the cascade over thresholds, on snippets whose truth is known.

    The small model is asked about every snippet, the large one about the unsure ones:
    cost = small_cost + (1 - small_share) large_cost, here as a share of large_cost.
    A threshold for use is chosen on validation snippets; the best one of a test set is too good.

    Args: small_right, large_right: whether each model's answer is right, on the same snippets, in one order.
        small_cost, large_cost: of one answer, in any one unit (operations, seconds, money).
        thresholds: by default all that differ: every confidence of the small model, and one above them.
    Raises: UsageError without snippets, for sequences of different length, or costs that make no sense.
    """
    _same_number(small, small_right)
    _same_number(small, large_right)
    if not small or not large_cost > 0 or small_cost < 0:
        raise UsageError(
            f"A curve needs snippets and costs, got {len(small)} snippets, a small model's cost of "
            f"{small_cost} (0 or more) and a large one's of {large_cost} (above 0)."
        )
    if thresholds is None:
        confidences = {answer.confidence for answer in small}
        thresholds = sorted(confidences | {max(1.0, *confidences) + 1e-6})
    points = []
    for threshold in thresholds:
        asked = set(unsure(small, threshold))
        right = sum(large_right[i] if i in asked else small_right[i] for i in range(len(small)))
        share = 1 - len(asked) / len(small)
        cost = small_cost / large_cost + (1 - share)
        points.append(CascadePoint(threshold, share, right / len(small), cost))
    return points


def without_loss(curve: Sequence[CascadePoint]) -> float:
    """The lowest threshold at which the cascade is at least as accurate as the large model alone."""
    alone = max(curve, key=lambda point: point.threshold)  # above every confidence: all by the large one
    return min(point.threshold for point in curve if point.accuracy >= alone.accuracy)


def _same_number(small: Sequence[object], other: Sequence[object]) -> None:
    if len(small) != len(other):
        raise UsageError(f"{len(small)} and {len(other)} answers: both must be about the same snippets.")
