"""Which mixes of gold and weak labels are worth their money: accuracy against cost, and who dominates whom.

Mallen & Belrose 2024 (arXiv 2410.13215) find regimes in which quantity, quality, or a mix of labels wins.
A frontier shows in which regime a budget lies: the mixes for which nothing else is both cheaper and better.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from w2s_course.costs.prices import LabelPrice, plan_cost
from w2s_course.costs.rows import Row, number, own_interval
from w2s_course.errors import UsageError
from w2s_course.seeds import Z975, mean_with_interval
from w2s_course.wording import money, percent

Status = Literal["frontier", "maybe dominated", "clearly dominated"]


@dataclass(frozen=True)
class Point:
    """A mix of labels and what came of it.

    gold, weak: numbers of labels. accuracy: a share in [0, 1], the mean over seeds. ci95: its 95% interval,
    None where it is not known. cost: US dollars, under named assumptions. seeds: how many were averaged.
    """

    gold: int
    weak: int
    accuracy: float
    ci95: tuple[float, float] | None
    cost: float
    seeds: int = 1

    def __post_init__(self) -> None:
        ends = self.ci95 or (self.accuracy, self.accuracy)
        if not (0 <= self.accuracy <= 1 and ends[0] <= ends[1] and 0 <= self.cost < math.inf):
            raise UsageError(
                f"A mix of {self.gold} gold and {self.weak} weak labels has the accuracy {self.accuracy}, "
                f"interval {self.ci95} and cost {self.cost}. Give an accuracy from 0 to 1, an interval "
                "with its lower end first, and a cost of 0 or more."
            )

    def __str__(self) -> str:
        return f"{self.gold:,} gold + {self.weak:,} weak: {percent(self.accuracy)} for {money(self.cost)}"


@dataclass(frozen=True)
class Placed:
    """A point and its place: on the frontier, or dominated, by whom, and how surely."""

    point: Point
    status: Status
    by: Point | None = None


def label_cost(prices: Mapping[str, LabelPrice], *, teacher_is_bought: bool = True) -> Callable[[Row], float]:
    """The price of the labels of a row of `label_mix`, for `frontier_points`; see `plan_cost`.

    Args: teacher_is_bought: whether the weak model's own gold is on the bill.
    """

    def cost(row: Row) -> float:
        teacher = number(row, "teacher_gold") if teacher_is_bought else 0.0
        return plan_cost(prices, number(row, "gold_labels"), number(row, "weak_labels"), teacher_gold=teacher)

    return cost


def frontier_points(rows: Sequence[Row], cost: Callable[[Row], float]) -> list[Point]:
    """A point for each mix of gold and weak labels, the cheapest first.

    Over several seeds the interval is the t-interval of the mean, cut to [0, 1]: where the mean
    over seeds lies, and no surer of it than the rows' own intervals, over test snippets, let one be: seeds
    may agree by chance. For one seed it is the row's own, if its accuracy is an estimate.

    Args: rows: one a training, as `label_mix` gives them; cost: US dollars of a row.
    Raises: UsageError where a column is missing or holds no number.

    >>> rows = [{"gold_labels": 0, "weak_labels": 1000, "exact": y} for y in (0.6, 0.7)]
    >>> [point] = frontier_points(rows, cost=lambda row: 1.5)
    >>> round(point.accuracy, 3), point.cost, point.seeds
    (0.65, 1.5, 2)
    """
    mixes: dict[tuple[int, int], list[Row]] = {}
    for row in rows:
        mixes.setdefault((int(number(row, "gold_labels")), int(number(row, "weak_labels"))), []).append(row)
    points = []
    for (n_gold, n_weak), same in mixes.items():
        # A seed that was recorded twice is one seed; a row without one is a seed of its own.
        by_seed: dict[object, list[float]] = {}
        for n, row in enumerate(same):
            by_seed.setdefault(row.get("seed", f"row {n}"), []).append(number(row, "exact"))
        values = [fmean(found) for found in by_seed.values()]
        mean, ci95 = mean_with_interval(values, noise=_noise(same, "exact"))
        if len(by_seed) == 1:
            ci95 = own_interval(same[0], "exact")
        ci95 = ci95 and (max(0.0, ci95[0]), min(1.0, ci95[1]))
        points.append(Point(n_gold, n_weak, mean, ci95, fmean(map(cost, same)), len(by_seed)))
    return sorted(points, key=_cheapest_first)


def _noise(rows: Sequence[Row], column: str) -> float:
    """The standard error of a row's number by its own 95% interval, over the rows; 0 where none has one."""
    ends = [found for row in rows if (found := own_interval(row, column)) is not None]
    return math.sqrt(fmean(((high - low) / 2 / Z975) ** 2 for low, high in ends)) if ends else 0.0


def _cheapest_first(point: Point) -> tuple[float, float]:
    """The key that sorts points by cost, the better of equals first."""
    return point.cost, -point.accuracy


def _dominates(one: Point, other: Point) -> bool:
    """At most as expensive and at least as good, and better in one of the two."""
    no_worse = one.cost <= other.cost and one.accuracy >= other.accuracy
    return no_worse and (one.cost < other.cost or one.accuracy > other.accuracy)


def _clearly(one: Point, other: Point) -> bool:
    """Dominates with intervals that do not touch: then chance is an unlikely reason."""
    apart = one.ci95 is not None and other.ci95 is not None and one.ci95[0] > other.ci95[1]
    return apart and _dominates(one, other)


def pareto_frontier(points: Sequence[Point]) -> list[Placed]:
    """Each point with its place, in the order given.

    'frontier': no other is both at most as expensive and at least as good. 'clearly dominated': one is, and
    their intervals lie apart. 'maybe dominated': one is by its mean alone, which may be chance. Costs count
    as exact. Intervals apart is a strict test: two that overlap a little may still differ.

    >>> cheap, dear = Point(0, 1000, 0.7, (0.66, 0.74), 1.0), Point(50, 0, 0.6, (0.55, 0.65), 100.0)
    >>> [(placed.status, placed.by) for placed in pareto_frontier([cheap, dear])] == [
    ...     ("frontier", None), ("clearly dominated", cheap)]
    True
    """
    placed = []
    for point in points:
        clear = [p for p in points if _clearly(p, point)]
        better = clear or [p for p in points if _dominates(p, point)]
        status: Status = "clearly dominated" if clear else "maybe dominated" if better else "frontier"
        placed.append(Placed(point, status, min(better, key=_cheapest_first) if better else None))
    return placed


def cheapest_reaching(points: Sequence[Point], accuracy: float, *, surely: bool = False) -> Point | None:
    """The cheapest mix that reaches an accuracy, None where none does.

    Args: surely: let the lower end of the interval reach it, not only the mean.
    Raises: UsageError for an accuracy outside [0, 1]: 70% is 0.7.

    >>> points = [Point(0, 1000, 0.7, (0.6, 0.8), 1.0), Point(100, 0, 0.9, (0.8, 1.0), 200.0)]
    >>> cheapest_reaching(points, 0.7).cost, cheapest_reaching(points, 0.7, surely=True).cost
    (1.0, 200.0)
    """
    if not 0 <= accuracy <= 1:
        raise UsageError(
            f"An accuracy of {accuracy} was asked for; give a fraction from 0 to 1, 0.7 for 70%."
        )

    def reached(point: Point) -> float:
        return (point.ci95[0] if point.ci95 else -1.0) if surely else point.accuracy

    enough = [point for point in points if reached(point) >= accuracy]
    return min(enough, key=_cheapest_first, default=None)


def best_within(points: Sequence[Point], budget: float) -> Point | None:
    """The most accurate mix that costs at most `budget` US dollars, the cheaper of equals; None where all
    cost more.

    The best of many points is best partly by luck: a mean that was picked for being high is too high.
    Raises: UsageError for a budget that is negative or no number.

    >>> points = [Point(0, 1000, 0.7, None, 1.0), Point(100, 0, 0.9, None, 200.0)]
    >>> best_within(points, 150).accuracy, best_within(points, 0.5)
    (0.7, None)
    """
    if not budget >= 0:
        raise UsageError(f"The budget is {budget}; give US dollars from 0 up.")
    affordable = [point for point in points if point.cost <= budget]
    return max(affordable, key=lambda p: (p.accuracy, -p.cost), default=None)
