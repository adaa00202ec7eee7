"""Accuracy over time as numbers: when a target is reached, and what several seeds say together."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any, NamedTuple

Estimate = dict[str, Any]
"""{"value": mean over seeds, "spread": their sample standard deviation}; None where there is none."""


class Point(NamedTuple):
    """Where a training stands: examples seen, seconds of training so far, accuracy in [0, 1]."""

    examples: int
    seconds: float
    accuracy: float


def seconds_to(target: float, curve: Sequence[Point]) -> float | None:
    """Seconds until accuracy first reaches `target`, on straight lines between the points; None if never.

    The lines begin at nothing: no untrained model writes one of these sentences word for word.

    >>> seconds_to(0.5, [Point(80, 10.0, 0.4), Point(160, 20.0, 0.6)])
    15.0
    >>> seconds_to(0.7, [Point(80, 10.0, 0.4), Point(160, 20.0, 0.6)]) is None
    True
    """
    before = Point(0, 0.0, 0.0)
    for here in curve:
        if here.accuracy >= target:
            rise = here.accuracy - before.accuracy
            share = (target - before.accuracy) / rise if rise > 0 else 1.0
            return before.seconds + share * (here.seconds - before.seconds)
        before = here
    return None


def at_rate(curve: Sequence[Point], seconds_per_example: float) -> list[Point]:
    """The same accuracies by examples, at another speed.

    >>> at_rate([Point(80, 10.0, 0.4)], seconds_per_example=0.5)
    [Point(examples=80, seconds=40.0, accuracy=0.4)]
    """
    return [Point(p.examples, p.examples * seconds_per_example, p.accuracy) for p in curve]


def estimate(values: Sequence[float | None]) -> Estimate:
    """Mean and sample standard deviation over seeds; no mean where a value is missing.

    >>> estimate([1.0, 3.0])
    {'value': 2.0, 'spread': 1.4142135623730951}
    >>> estimate([1.0, None])
    {'value': None, 'spread': None}
    """
    known = [value for value in values if value is not None]
    if not known or len(known) < len(values):
        return {"value": None, "spread": None}
    return {
        "value": statistics.fmean(known),
        "spread": statistics.stdev(known) if len(known) > 1 else None,
    }


def time_estimate(target: float, curves: Sequence[Sequence[Point]]) -> Estimate:
    """Seconds to the target over seeds; where a seed never reached it, only a bound from below.

    at_least: the mean with the whole training time of each seed that did not get there.

    >>> time_estimate(0.5, [[Point(80, 10.0, 0.5)], [Point(80, 12.0, 0.4)]])
    {'value': None, 'spread': None, 'reached': '1 of 2', 'at_least': 11.0}
    """
    found = [seconds_to(target, curve) for curve in curves]
    reached = sum(one is not None for one in found)
    told = {**estimate(found), "reached": f"{reached} of {len(found)}"}
    if reached < len(found):
        bounds = [curve[-1].seconds if one is None else one for one, curve in zip(found, curves, strict=True)]
        told["at_least"] = statistics.fmean(bounds)
    return told
