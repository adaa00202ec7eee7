"""What money buys: mixes of labels on accuracy against cost, and weak labels read off the gold curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import fmean

from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, NullLocator

from w2s_course.costs.break_even import Worth
from w2s_course.costs.frontier import Placed, Point
from w2s_course.costs.rows import Series
from w2s_course.plots.drawing import (
    ARM_COLOURS,
    FAINT,
    MUTED,
    PAPER,
    Plot,
    at_line_end,
    frame,
    in_free_places,
    in_shares,
    interval,
    percent_axis,
)
from w2s_course.plots.placing import Spot, line
from w2s_course.wording import money, percent

WITH_WEAK, GOLD_ONLY = ARM_COLOURS["weak_to_strong"], ARM_COLOURS["ceiling"]


def pareto(placed: Sequence[Placed], ax: Axes) -> Plot:
    """Accuracy against the price of the labels; the frontier is joined and named, the rest is hollow.

    Mixes that cost nothing have no place on a scale of factors: they stand at the left edge.
    """
    costs = sorted(p.point.cost for p in placed if p.point.cost > 0) or [1.0]
    left, right = costs[0] / 2, costs[-1] * 2
    ax.set_xscale("log")
    ax.set_xlim(left, right)
    percent_axis(ax, "y", "fully right on the test set")
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_locator(LogLocator(numticks=5))
    ax.xaxis.set_major_formatter(lambda dollars, _: money(dollars))
    front = sorted((p.point for p in placed if p.status == "frontier"), key=lambda point: point.cost)
    joined = [(max(point.cost, left), point.accuracy) for point in front]
    ax.plot([x for x, _ in joined], [y for _, y in joined], color=MUTED, lw=1.5, zorder=2)
    for place in placed:
        _mark(ax, place, max(place.point.cost, left))
    _names(ax, placed, front, left)
    ax.set_xlabel("US dollars for the labels, on a scale of factors")
    weak = sum(1 for point in front if point.weak)
    frame(ax, f"On the frontier: {weak} with weak labels, {len(front) - weak} without", left=True)
    return Plot(
        ax,
        _pareto_text(placed),
        "Filled: nothing else is both cheaper and better. Hollow: something is. Blue mixes have weak labels, "
        "green ones gold alone. Lines are 95% intervals; costs count as exact, under the assumptions given.",
    )


def _names(ax: Axes, placed: Sequence[Placed], front: Sequence[Point], left: float) -> None:
    """The names of what is on the frontier, each led to its mark, where no interval and no line is."""

    def spot(point: Point, height: float) -> Spot:
        return in_shares(ax, max(point.cost, left), height)

    taken = []
    for point in (place.point for place in placed):
        low, high = point.ci95 or (point.accuracy, point.accuracy)
        taken += line(spot(point, low), spot(point, high))
    marks = [spot(point, point.accuracy) for point in front]
    for start, end in pairwise(marks):
        taken += line(start, end)
    in_free_places(ax, [(_name(point), mark) for point, mark in zip(front, marks, strict=True)], taken)


def _mark(ax: Axes, place: Placed, x: float) -> None:
    colour = WITH_WEAK if place.point.weak else GOLD_ONLY
    interval(ax, x, place.point.ci95, horizontal=False, colour=colour)
    face = colour if place.status == "frontier" else PAPER
    ax.plot([x], [place.point.accuracy], "o", ms=8, zorder=5, markerfacecolor=face, markeredgecolor=colour)


def _name(point: Point) -> str:
    parts = [f"{n:,} {kind}" for n, kind in ((point.gold, "gold"), (point.weak, "weak")) if n]
    return " + ".join(parts) or "no labels"


def _pareto_text(placed: Sequence[Placed]) -> str:
    told = [
        f"{place.point}, {place.status}{'' if place.by is None else f' by {_name(place.by)}'}"
        for place in sorted(placed, key=lambda place: place.point.cost)
    ]
    return f"Accuracy against the price of labels. {'; '.join(told) or 'No mix was recorded'}."


def gold_equivalent(worth: Worth, weak: Mapping[int, float], curves: Mapping[int, Series], ax: Axes) -> Plot:
    """The gold curve of every seed, and where the seed's student on weak labels lies on it.

    Args: worth: `worth_in_gold(weak, curves)`; weak: accuracy of the student on weak labels, by seed.
    """
    seeds = sorted(worth.per_seed)
    sizes = sorted({size for seed in seeds for size in curves[seed].x})
    ax.set_xscale("log")
    ax.set_xlim(sizes[0] / 1.4, sizes[-1])
    percent_axis(ax, "y", "fully right on the test set")
    for seed in seeds:
        curve, equivalent = curves[seed], worth.per_seed[seed]
        ax.plot(curve.x, curve.y, color=GOLD_ONLY, lw=1.2, alpha=0.6, marker="o", ms=3, zorder=2)
        ax.vlines(equivalent.labels, 0, weak[seed], color=FAINT, lw=1.2, zorder=1)
        face = WITH_WEAK if equivalent.place == "inside" else PAPER
        ax.plot(
            [equivalent.labels], [weak[seed]], "o", ms=8, zorder=5, markerfacecolor=face,
            markeredgecolor=WITH_WEAK,
        )  # fmt: skip
    last = fmean(curves[seed].y[-1] for seed in seeds)
    at_line_end(ax, [("on gold labels", last, GOLD_ONLY)], sizes[-1], gap=0.1)
    middle = fmean(weak[seed] for seed in seeds)
    _name_of_the_dots(ax, f"on weak labels: {percent(middle)}", worth, weak, curves)
    ax.set_xticks(sizes, [f"{size:,.0f}" for size in sizes])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xlabel("gold labels of the strong model, on a scale of factors")
    frame(ax, _worth_title(worth), left=True)
    return Plot(
        ax,
        f"Accuracy on so many gold labels, a line a seed. On weak labels: {percent(middle)}. {worth}",
        "A dot a seed: its student on weak labels, on the gold curve of the same seed. Hollow where it lies "
        "beyond the recorded sizes, at the nearest of them.",
    )


def _name_of_the_dots(
    ax: Axes, name: str, worth: Worth, weak: Mapping[int, float], curves: Mapping[int, Series]
) -> None:
    """The name of the students on weak labels, led to one of them, where no curve and no dot is."""
    dots = [in_shares(ax, found.labels, weak[seed]) for seed, found in sorted(worth.per_seed.items())]
    taken = [*dots]
    for (x, y), found in zip(dots, sorted(worth.per_seed), strict=True):
        taken += line((x, 0), (x, y))
        corners = [in_shares(ax, *at) for at in zip(curves[found].x, curves[found].y, strict=True)]
        for start, end in pairwise(corners):
            taken += line(start, end)
    in_free_places(ax, [(name, max(dots))], taken, color=WITH_WEAK)


def _worth_title(worth: Worth) -> str:
    if worth.labels is not None:
        return f"The weak labels are worth about {worth.labels:,.0f} gold ones"
    places = {equivalent.place for equivalent in worth.per_seed.values()}
    low, high = worth.recorded
    if places == {"fewer"}:
        return f"The weak labels are worth fewer than {low:,.0f} gold ones"
    if places == {"more"}:
        return f"The weak labels are worth more than {high:,.0f} gold ones"
    return "What the weak labels are worth lies partly beyond what was recorded"
