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
