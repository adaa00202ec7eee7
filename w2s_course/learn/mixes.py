"""Which recorded mixes of gold and weak labels are worth their money, at your prices.

    print(explore(budget=700, expert_hour=80))

Only mixes that were recorded are shown; nothing is interpolated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from w2s_course.costs import (
    ASSUMPTIONS,
    Placed,
    Point,
    best_within,
    frontier_points,
    human_price,
    label_cost,
    pareto_frontier,
    prices_of_run,
)
from w2s_course.errors import UsageError
from w2s_course.learn.friendly import checked_number
from w2s_course.learn.lesson import RECORDED_PRESET
from w2s_course.learn.plain_errors import friendly_errors
from w2s_course.learn.prices import assume_changed
from w2s_course.learn.recordings import Recording, Row, recording
from w2s_course.recorded import recorded_runs
from w2s_course.wording import money, percent, wrapped


@dataclass(frozen=True)
class Explored:
    """What the recorded mixes give and cost under your prices.

    placed: the mixes, the cheapest first, each with its place among those shown. about: the recording.
    terms: the prices, in words. budget: US dollars, None for no limit. best: the most accurate mix that it
    pays for, None where it pays for none, or there is no limit.
    """

    placed: tuple[Placed, ...]
    about: str
    terms: str
    budget: float | None
    best: Point | None

    @property
    def rows(self) -> list[dict[str, Any]]:
        """A row a mix, for a table: labels, accuracy with its 95% interval, dollars, place."""
        return [
            {
                "gold": p.point.gold,
                "weak": p.point.weak,
                "accuracy": round(p.point.accuracy, 4),
                "low": None if p.point.ci95 is None else round(p.point.ci95[0], 4),
                "high": None if p.point.ci95 is None else round(p.point.ci95[1], 4),
                "cost": round(p.point.cost, 8),
                "place": p.status,
                "seeds": p.point.seeds,
            }
            for p in self.placed
        ]

    def __str__(self) -> str:
        head = f"{'gold':>6} {'weak':>6}  {'fully right (95% interval)':28}{'dollars':>9}  place"
        lines = [wrapped(f"From {self.about}. {self.terms}"), head]
        for place in self.placed:
            point = place.point
            fits = self.budget is None or point.cost <= self.budget
            by = f" by {_mix(place.by)}" if place.by else ""
            lines.append(
                f"{point.gold:>6,} {point.weak:>6,}  {_accuracy(point):28}{money(point.cost):>9}  "
                f"{place.status}{by}{'' if fits else '; over budget'}"
            )
        return "\n".join([*lines, *self._on_budget()])

    __repr__ = __str__

    def _on_budget(self) -> list[str]:
        if self.budget is None:
            return []
        if self.best is None:
            return [f"Nothing that was recorded costs at most {money(self.budget)}."]
        said = f"Best within {money(self.budget)}: {_mix(self.best)}, {_accuracy(self.best)}."
        return [said, "(The best of several is best partly by luck; what is over budget was not compared.)"]


def _mix(point: Point) -> str:
    parts = [f"{n:,} {kind}" for n, kind in ((point.gold, "gold"), (point.weak, "weak")) if n]
    return " + ".join(parts) or "no labels"


def _accuracy(point: Point) -> str:
    if point.ci95 is None:
        return f"{percent(point.accuracy)} (one seed)"
    low, high = point.ci95
    return f"{percent(point.accuracy)} ({percent(low)} to {percent(high)})"


@friendly_errors()
def explore(
    labels: int | None = None,
    gold_share: float | None = None,
    budget: float | None = None,
    *,
    teacher_is_bought: bool = True,
    recorded: str | None = None,
    **prices: float,
) -> Explored:
    """The recorded mixes of gold and weak labels at your prices: what each costs, and who dominates whom.

    Args:
        labels: only mixes of so many labels in all. gold_share: only those with this share of gold, in
            [0, 1]; 1 is gold alone.
        budget: US dollars for labels.
        teacher_is_bought: whether the weak model's own gold is on the bill of every mix with weak labels.
        recorded: 'runs' or 'sweep'; the one with more mixes if not given.
        prices: assumptions of yours, such as `expert_hour=80`.
    Raises: Friendly for a mix that was not recorded, or a price that makes no sense.

    >>> found = explore(gold_share=0, recorded="runs", expert_hour=30, teacher_is_bought=False)
    >>> [(row["gold"], row["weak"], row["place"]) for row in found.rows]
    [(0, 1000, 'frontier')]
    """
    return explore_recording(recording(recorded), labels, gold_share, budget, teacher_is_bought, prices)


def explore_recording(
    source: Recording,
    labels: int | None,
    gold_share: float | None,
    budget: float | None,
    bought: bool,
    prices: Mapping[str, float],
) -> Explored:
    """As `explore`, for a recording that is at hand. bought: as `teacher_is_bought` there."""
    for name, value, example in (
        ("labels", labels, 1500),
        ("gold_share", gold_share, 0.5),
        ("budget", budget, 700),
    ):
        if value is not None:
            checked_number(name, value, f"{name}={example}")
    assumed = assume_changed(prices)
    run = recorded_runs(RECORDED_PRESET)[0]
    cost = label_cost(prices_of_run(run, assumed), teacher_is_bought=bought)
    points = frontier_points(_chosen(source, labels, gold_share), cost)
    changed = [name for name in assumed if assumed[name] != ASSUMPTIONS[name]]
    own = ", ".join(f"{name} {assumed[name].value:g}" for name in changed)
    terms = (
        f"A human label costs {money(human_price(assumed))}; the weak model's gold is "
        f"{'on the bill' if bought else 'not on the bill'}{'; yours: ' + own if own else ''}."
    )
    best = None if budget is None else best_within(points, budget)
    return Explored(tuple(pareto_frontier(points)), source.about, terms, budget, best)


def _chosen(source: Recording, labels: int | None, gold_share: float | None) -> list[Row]:
    """The rows of the mixes that were asked for. Raises: UsageError where none was recorded."""
    rows = [row for row in source.rows if _fits(row, labels, gold_share)]
    if not rows:
        known = ", ".join(_mix(Point(gold, weak, 0, None, 0)) for gold, weak in source.mixes)
        raise UsageError(f"Such a mix was not recorded, and nothing is interpolated. Recorded: {known}.")
    return rows


def _fits(row: Row, labels: int | None, gold_share: float | None) -> bool:
    total = row["gold_labels"] + row["weak_labels"]
    right_share = gold_share is None or abs(row["gold_labels"] / total - gold_share) < 0.005
    return right_share and labels in (None, total)
