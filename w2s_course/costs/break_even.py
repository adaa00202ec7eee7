"""How many bought gold labels are the weak ones worth, and at which price of a human label does it pay?

Whoever has gold should give it to the strong model. So the honest price of weak labels is not what they cost
but what they replace: the number of gold labels that give an equally good student.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from w2s_course.costs.prices import LabelPrice
from w2s_course.costs.rows import Row, Series, number, series_by_seed
from w2s_course.errors import CourseError, UsageError
from w2s_course.seeds import mean_with_interval
from w2s_course.wording import money, plural

Place = Literal["fewer", "inside", "more"]


@dataclass(frozen=True)
class Equivalent:
    """Gold labels that match one student: their number, or the recorded end that lies on its near side.

    place: 'inside' the recorded sizes; 'fewer' than the smallest or 'more' than the largest of them, and
    then `labels` is that size, a bound.
    """

    place: Place
    labels: float


@dataclass(frozen=True)
class Worth:
    """What weak labels are worth in gold labels, over seeds.

    labels: the geometric mean, None where a seed lies outside the recorded sizes. ci95: its t-interval on
    the scale of the logarithm; an end is None where it lies beyond the recorded sizes; None for one seed.
    per_seed: each seed's own. recorded: the smallest and the largest number of gold labels of the curve.
    """

    labels: float | None
    ci95: tuple[float | None, float | None] | None
    per_seed: Mapping[int, Equivalent]
    recorded: tuple[float, float]

    def __str__(self) -> str:
        counted = plural(len(self.per_seed), "seed")
        low, high = self.recorded
        if self.labels is None:
            places = [equivalent.place for equivalent in self.per_seed.values()]
            parts = {
                "fewer": f"fewer than {low:,.0f} gold labels",
                "inside": f"{low:,.0f} to {high:,.0f}",
                "more": f"more than {high:,.0f}",
            }
            told = [f"{part} in {places.count(place)}" for place, part in parts.items() if place in places]
            return f"Worth {', '.join(told)} of {counted}; no mean beyond what was recorded."
        text = f"Worth {self.labels:,.0f} gold labels over {counted}"
        if self.ci95 is None:
            return f"{text}; one seed has no interval."
        at_least = f"under {low:,.0f}" if self.ci95[0] is None else f"{self.ci95[0]:,.0f}"
        at_most = f"over {high:,.0f}" if self.ci95[1] is None else f"{self.ci95[1]:,.0f}"
        return f"{text} (95% interval {at_least} to {at_most})."


def gold_curve(rows: Sequence[Row], gold: str = "gold_labels") -> dict[int, Series]:
    """Accuracy of the strong model on so many gold labels, a never falling curve for each seed.

    Args: rows: one a training on gold labels alone, at least two sizes a seed, each above 0; gold: the column
        with their number.
    Raises: UsageError where a seed has a single size, or a column is missing.

    >>> rows = [{"seed": 0, "gold_labels": n, "exact": y} for n, y in ((100, 0.5), (400, 0.9))]
    >>> round(gold_curve(rows)[0].at(200), 6)
    0.7
    """
    curves = series_by_seed(rows, gold)
    for seed, curve in curves.items():
        if len(curve.x) < 2:
            raise UsageError(
                f"Seed {seed} was recorded with {curve.x[0]:g} gold labels only; a curve needs two sizes."
            )
    return {seed: curve.rising() for seed, curve in curves.items()}


def equivalent_gold(accuracy: float, curve: Series) -> Equivalent:
    """The least number of gold labels with which the curve reaches an accuracy; nothing is extrapolated.

    Args: curve: one that never falls, as `gold_curve` gives it.

    >>> curve = Series((100, 400), (0.5, 0.9))
    >>> equivalent_gold(0.7, curve)
    Equivalent(place='inside', labels=200.0)
    >>> equivalent_gold(0.4, curve), equivalent_gold(0.95, curve)
    (Equivalent(place='fewer', labels=100), Equivalent(place='more', labels=400))
    """
    if accuracy < curve.y[0]:
        return Equivalent("fewer", curve.x[0])
    if accuracy > curve.y[-1]:
        return Equivalent("more", curve.x[-1])
    after = next(i for i, y in enumerate(curve.y) if y >= accuracy)
    if curve.y[after] == accuracy:
        return Equivalent("inside", float(curve.x[after]))
    (x0, x1), (y0, y1) = curve.x[after - 1 : after + 1], curve.y[after - 1 : after + 1]
    way = (accuracy - y0) / (y1 - y0)
    return Equivalent("inside", round(math.exp(math.log(x0) + way * math.log(x1 / x0)), 6))


def worth_in_gold(weak: Mapping[int, float] | Sequence[Row], curves: Mapping[int, Series]) -> Worth:
    """How many bought gold labels the weak ones are worth: as many as give an equally good student.

    Each seed's student on weak labels is matched on the gold curve of its own seed, so that the programs and
    the order of training are the same; the interval is over seeds and on the logarithm of the labels.

    Args:
        weak: accuracy of the student on weak labels by seed, or rows with `seed` and `exact`.
        curves: `gold_curve` of students that make equally many steps.

    Raises: CourseError where no seed is in both.

    >>> curves = {seed: Series((100, 400), (0.5, 0.9)) for seed in (0, 1)}
    >>> worth = worth_in_gold({0: 0.5, 1: 0.9}, curves)
    >>> round(worth.labels), worth.ci95
    (200, (None, None))
    >>> print(worth_in_gold({0: 0.4, 1: 0.7}, curves))
    Worth fewer than 100 gold labels in 1, 100 to 400 in 1 of 2 seeds; no mean beyond what was recorded.
    """
    if not isinstance(weak, Mapping):
        by_seed: dict[int, list[float]] = {}
        for row in weak:
            by_seed.setdefault(int(number(row, "seed")), []).append(number(row, "exact"))
        weak = {seed: sum(values) / len(values) for seed, values in by_seed.items()}
    seeds = sorted(weak.keys() & curves.keys())
    if not seeds:
        raise CourseError(
            f"Weak labels were recorded with the seeds {sorted(weak)}, gold with {sorted(curves)}: none in "
            "common. Record both with the same seeds."
        )
    found = {seed: equivalent_gold(weak[seed], curves[seed]) for seed in seeds}
    # Sizes that every seed has: what an end of the interval can be compared with.
    low, high = max(curves[s].x[0] for s in seeds), min(curves[s].x[-1] for s in seeds)
    if any(equivalent.place != "inside" for equivalent in found.values()):
        return Worth(None, None, found, (low, high))
    mean, ci95 = mean_with_interval([math.log(equivalent.labels) for equivalent in found.values()])
    ends = None if ci95 is None else _recorded_ends(ci95, low, high)
    return Worth(math.exp(mean), ends, found, (low, high))


def _recorded_ends(ci95: tuple[float, float], low: float, high: float) -> tuple[float | None, float | None]:
    """The interval back from the logarithm, an end beyond the recorded sizes being unknown."""
    slack = 1e-9  # for what logarithm and exponential do to an end that is exactly a size
    return (
        None if ci95[0] < math.log(low) - slack else math.exp(ci95[0]),
        None if ci95[1] > math.log(high) + slack else math.exp(ci95[1]),
    )


@dataclass(frozen=True)
class BreakEven:
    """The price of a human label above which the weak ones are the cheaper way to the same student.

    price: US dollars a label; None where no price makes them so. ci95: from the interval of the worth, an
    end None where it is not known or no price is enough. meaning: it all in a sentence.
    """

    price: float | None
    ci95: tuple[float | None, float | None] | None
    meaning: str


def break_even_price(
    worth: Worth | float, labels: float, weak: LabelPrice, teacher_gold: float = 0.0
) -> BreakEven:
    """At which price of a human explanation do weak labels and the gold that they replace cost the same?

    With N weak labels at c each, a teacher that took t dollars to train on G bought gold labels, and M gold
    labels that give an equal student, at a price p of a human label:

        N c + t + G p = M p,   so   p = (N c + t) / (M - G)

    Where the teacher itself learned from as many gold labels as its labels are worth (G >= M), both sides
    grow with p and no price helps: give the gold to the strong model. That is why the scenario, in which
    the weak model is already there (G = 0), and the laboratory, where it is not, give opposite answers.

    Args:
        worth: M, from `worth_in_gold` or a number.
        labels: N. weak: its parts; 'gold pairs' of its making are priced at p here, not at their old price.
        teacher_gold: G, 0 where the weak model was already there; then its training is not counted either.

    Raises: UsageError for a worth that is not known, or numbers that are not above 0.

    >>> weak = LabelPrice(each={"computer": 1e-3}, once={"gold pairs": 600.0, "training": 0.5})
    >>> break_even_price(200, labels=1000, weak=weak).price
    0.005
    >>> break_even_price(350, labels=1000, weak=weak, teacher_gold=300).price
    0.03
    >>> break_even_price(200, labels=1000, weak=weak, teacher_gold=300).price is None
    True
    """
    middle, ends = (worth.labels, worth.ci95) if isinstance(worth, Worth) else (float(worth), None)
    if middle is None:
        raise UsageError(
            f"There is no break-even price without a number of gold labels. {worth} Record more sizes; or "
            "give the nearest size as a number, for a bound of the price."
        )
    if min(middle, labels) <= 0 or teacher_gold < 0:
        raise UsageError(
            f"{labels} weak labels worth {middle} gold ones, from a teacher on {teacher_gold}: "
            "the first two must be above 0, the last not below."
        )
    spent = labels * weak.marginal + (weak.training if teacher_gold else 0.0)

    def price(gold: float | None) -> float | None:
        """The break-even price if the labels were worth that much gold; None if unknown or never."""
        return (
            None if gold is None or gold <= teacher_gold else float(f"{spent / (gold - teacher_gold):.12g}")
        )

    at = price(middle)
    ci95 = None if ends is None else (price(ends[1]), price(ends[0]))  # worth more: cheaper already pays
    return BreakEven(at, ci95, _meaning(at, middle, labels, teacher_gold))


def _meaning(price: float | None, gold: float, labels: float, teacher_gold: float) -> str:
    swap = f"{labels:,.0f} weak labels, worth {gold:,.0f} gold ones,"
    bought = f" from a teacher on {teacher_gold:,.0f} bought gold labels" if teacher_gold else ""
    if price is None:
        return (
            f"{swap}{bought} pay at no price of a human label: the teacher took as much gold as its labels "
            "replace. Give that gold to the strong model."
        )
    return f"{swap}{bought} pay where a human label costs more than {money(price)}."
