"""Comparisons at equal compute: what a budget of operations, seconds or dollars buys from each side.

Labels of a weak model are worse and cheaper. Whether that is a good trade is a question about a *budget*:
Bansal et al. 2024 (arXiv 2408.16737) sample a weak and a strong model until both have used the same number
of operations, and compare the students. `labels_within` gives the first half, `compare_plans` the second.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from w2s_course.costs.rows import Row, Series, series_by_seed
from w2s_course.errors import CourseError, UsageError
from w2s_course.seeds import mean_with_interval
from w2s_course.wording import plural, points, quantity

TOLERANCE = 0.05
"""How far, as a share of the budget, a plan's compute may lie from it and still count as equal."""


def labels_within(budget: float, marginal: float, making: float = 0.0) -> float:
    """How many whole labels a budget buys; budget, marginal and making in one unit (FLOPs, seconds, dollars).

    Returns: 0 where the budget does not even pay for the making; infinity where a label costs nothing.
    Raises: UsageError for a negative amount.

    >>> labels_within(budget=100, marginal=3), labels_within(100, 3, making=50), labels_within(100, 3, 101)
    (33.0, 16.0, 0.0)
    """
    if min(budget, marginal, making) < 0:
        raise UsageError(
            f"A budget of {budget} at {marginal} a label after {making} makes no sense; give amounts from 0 "
            "up."
        )
    left = budget - making
    if left < 0:
        return 0.0
    if marginal == 0:
        return math.inf
    # A budget that is n times the price buys n labels, whatever the last bit of a division says.
    return float(math.floor(left / marginal * (1 + 1e-12)))


def weak_labels_at_equal_flops(strong_labels: float, strong_flops: float, weak_flops: float) -> float:
    """Labels of the weak model for the operations that the strong one spends on `strong_labels`.

    n_weak = n_strong x (FLOPs of a strong label) / (FLOPs of a weak label)        Bansal et al. 2024

    The paper writes parameters for operations: at 2 N a token and equally many tokens it is the same ratio.
    With two tokenizers, or a prompt that only one of them needs, it is not: so FLOPs a label are measured.

    >>> weak_labels_at_equal_flops(10, strong_flops=2.7e8, weak_flops=1.8e6)
    1500.0
    """
    return labels_within(strong_labels * strong_flops, weak_flops)


def flops_per_label(results: Mapping[str, Any]) -> dict[str, float]:
    """Operations that a run's labellers took for one label, the making of the weak model beside them.

    Returns: weak and strong_own, forward passes only; making: of the weak model's training, once.
    """
    stages = results["cost"]["stages"]
    return {
        "weak": stages["weak labels"]["flops"] / results["config"]["sizes"]["pool"],
        "strong_own": stages["strong_prompted answers"]["flops"]
        / results["arms"]["strong_prompted"]["exact"]["n"],
        "making": stages["weak training"]["flops"],
    }


@dataclass(frozen=True)
class Comparison:
    """Two training plans at one budget.

    budget: in the unit of the rows. one, other: mean accuracies. difference: one minus other, the mean over
    seeds; ci95: its t-interval, paired by seed, None for one seed.
    """

    budget: float
    one: float
    other: float
    difference: float
    ci95: tuple[float, float] | None
    seeds: tuple[int, ...]

    @property
    def verdict(self) -> str:
        """'one', 'other', or 'open' where the interval includes zero or there is none."""
        if self.ci95 is None or self.ci95[0] <= 0 <= self.ci95[1]:
            return "open"
        return "one" if self.ci95[0] > 0 else "other"

    def __str__(self) -> str:
        counted = plural(len(self.seeds), "seed")
        text = f"At {quantity(self.budget)}: a difference of {points(self.difference)} over {counted}"
        if self.ci95 is None:
            return f"{text}; one seed has no interval."
        low, high = self.ci95
        said = {"one": "the first plan is better", "other": "the second plan is better"}
        return (
            f"{text} (95% interval {points(low)} to {points(high)}): "
            f"{said.get(self.verdict, 'which is better is open')}."
        )


def compare_plans(
    one: Sequence[Row],
    other: Sequence[Row],
    budget: float | None = None,
    compute: str = "flops",
) -> Comparison:
    """Which of two training plans is better when both spend the same.

    Accuracy *per* FLOP would reward doing next to nothing. So both plans are read at one budget: within a
    plan, between two recorded sizes, along the logarithm of the compute; never beyond them.

    Args:
        one, other: recorded results, a row a training, with `seed`, the `compute` column (FLOPs, seconds or
            dollars: of labelling and training together, if that is the question) and `exact`.
        budget: in the unit of `compute`; None for the largest that both plans reach in every common seed.

    Raises:
        CourseError: no seed is in both, or a plan has no result within 5% of the budget or on both sides.

    >>> weak = [{"seed": 0, "flops": 10, "exact": 0.5}, {"seed": 0, "flops": 1000, "exact": 0.7}]
    >>> gold = [{"seed": 0, "flops": 100, "exact": 0.9}]
    >>> found = compare_plans(gold, weak)
    >>> found.budget, round(found.difference, 3), found.verdict
    (100.0, 0.3, 'open')
    """
    curves = [series_by_seed(rows, compute) for rows in (one, other)]
    seeds = sorted(curves[0].keys() & curves[1].keys())
    if not seeds:
        raise CourseError(
            f"The two plans have no seed in common: {sorted(curves[0])} and {sorted(curves[1])}. "
            "Compare runs of the same seeds."
        )
    if budget is None:
        budget = min(series.x[-1] for curve in curves for series in (curve[s] for s in seeds))
    first, second = ([_at(curve[s], budget, s) for s in seeds] for curve in curves)
    differences = [a - b for a, b in zip(first, second, strict=True)]
    mean, ci95 = mean_with_interval(differences)
    n = len(seeds)
    return Comparison(budget, sum(first) / n, sum(second) / n, mean, ci95, tuple(seeds))


def _at(series: Series, budget: float, seed: int) -> float:
    """The accuracy at a budget. Raises: CourseError where nothing was recorded around it."""
    first, last = series.x[0], series.x[-1]
    if not first * (1 - TOLERANCE) <= budget <= last * (1 + TOLERANCE):
        raise CourseError(
            f"At {budget:.4g} there is nothing to compare: seed {seed} of one plan was recorded from "
            f"{first:.4g} to {last:.4g}. Give a budget in both plans' range, or record more sizes."
        )
    return series.at(min(max(budget, first), last))
