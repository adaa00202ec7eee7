"""Small imagined results to try a function on. Learners import this: no expected answer stands here."""

from __future__ import annotations

from typing import Any

Interval = tuple[float, float, float]
"""A value and the two ends of its 95% interval."""


def run_like(
    gain: Interval,
    pgr: tuple[float | None, str],
    weak: Interval = (0.5, 0.43, 0.57),
    student: Interval = (0.6, 0.53, 0.67),
    gold: Interval = (0.98, 0.96, 1.0),
    ceiling: Interval = (0.95, 0.92, 0.98),
) -> dict[str, Any]:
    """The part of a `results.json` that exercise 4.7 reads, for 200 test snippets.

    pgr: raw value and status. The others: a value and the ends of its interval.

    >>> run_like(gain=(0.1, 0.02, 0.18), pgr=(0.2, "ok"))["gain"]
    {'value': 0.1, 'ci95': [0.02, 0.18], 'n': 200}
    """

    def estimate(three: Interval) -> dict[str, Any]:
        return {"value": three[0], "ci95": [three[1], three[2]], "n": 200}

    raw, status = pgr
    arms = {"weak": weak, "weak_to_strong": student, "strong_on_gold": gold, "ceiling": ceiling}
    return {
        "arms": {arm: {"exact": estimate(three)} for arm, three in arms.items()},
        "gain": estimate(gain),
        "pgr": {"raw": raw, "clamped": None if raw is None else max(0.0, raw), "status": status},
    }


def rows_like(
    weak: Interval = (0.45, 0.36, 0.54),
    untrained: Interval = (0.55, 0.46, 0.64),
    gold: Interval = (0.60, 0.51, 0.69),
    student: Interval = (0.58, 0.49, 0.67),
    ceiling: Interval = (0.70, 0.61, 0.79),
) -> list[dict[str, Any]]:
    """The part of a real-code table that exercise 8.8 reads: one seed, 120 questions, imagined numbers.

    >>> rows_like()[1]["arm"], rows_like()[1]["low"]
    ('strong_untrained', 0.46)
    """
    arms = {
        "weak": weak,
        "strong_untrained": untrained,
        "strong_on_gold": gold,
        "weak_to_strong": student,
        "ceiling": ceiling,
    }
    return [
        {"seed": 0, "arm": arm, "accuracy": value, "low": low, "high": high, "n": 120}
        for arm, (value, low, high) in arms.items()
    ]


def outcome(
    value: float | None, low: float | None, high: float | None, preset: str = "cpu"
) -> dict[str, Any]:
    """The part of a `results.json` that exercise 9.5 reads.

    >>> outcome(0.1, 0.02, 0.18)["gain"]
    {'value': 0.1, 'ci95': [0.02, 0.18], 'n': 200}
    """
    ends = None if low is None or high is None else [low, high]
    return {"config": {"preset": preset}, "gain": {"value": value, "ci95": ends, "n": 200}}
