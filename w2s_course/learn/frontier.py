"""The frontier explorer: which recorded mixes of gold and weak labels are worth their money, at your prices.

    print(explore(budget=700, expert_hour=80))            # the same without a browser
    frontier_explorer(budget=700)                         # with fields for prices and a picture

Only mixes that were recorded are shown; nothing is interpolated. One recording at a time: another recording
has other programs, other teachers and perhaps other code, so its mixes are not set beside these.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from w2s_course.costs import (
    ASSUMPTIONS,
    Placed,
    Point,
    Series,
    Worth,
    best_within,
    frontier_points,
    gold_curve,
    human_price,
    label_cost,
    label_mix,
    pareto_frontier,
    prices_of_run,
    run_mixes,
    worth_in_gold,
)
from w2s_course.costs.rows import number
from w2s_course.errors import CourseError, UsageError, unknown_name
from w2s_course.evidence.measured import Setting, settings_in
from w2s_course.learn.display import Displayed, panel, text_widget, trouble
from w2s_course.learn.friendly import Mistake, checked_number
from w2s_course.learn.lesson import RECORDED_PRESET
from w2s_course.learn.plain_errors import friendly_errors
from w2s_course.learn.prices import assume_changed
from w2s_course.recorded import recorded_runs, recorded_sweeps
from w2s_course.wording import money, percent, plural, wrapped

Row = Mapping[str, Any]

PRICES = ("expert_hour", "expert_minutes", "computer_hour")
"""Assumptions that the price of gold and weak labels rests on."""

ANY = "any"
"""Of a choice. Not None: for ipywidgets that is no choice at all, and the field would stand empty."""
NO_LIMIT: Mapping[str, tuple[Any, ...]] = {"labels": (ANY,), "gold_share": (ANY,), "budget": (0,)}
"""What a field holds where nothing is limited."""


@dataclass(frozen=True)
class Recording:
    """Trained students of one pair of models, a row each, with what their labels were.

    about: where they come from, in words. rows: as `costs.label_mix` gives them, with `seed` and `exact`.
    """

    about: str
    rows: tuple[Row, ...]

    @property
    def mixes(self) -> list[tuple[int, int]]:
        """The different (gold, weak) numbers of labels."""
        return sorted({(row["gold_labels"], row["weak_labels"]) for row in self.rows})

    def only(self, *, gold: bool) -> list[Row]:
        """The students on gold labels alone, or on weak labels alone."""
        other = "weak_labels" if gold else "gold_labels"
        return [row for row in self.rows if row[other] == 0]


def _runs() -> Recording:
    runs = recorded_runs(RECORDED_PRESET)
    rows = [row for run in runs for row in run_mixes(run)]
    return Recording(f"{plural(len(runs), 'recorded run')} of the preset {RECORDED_PRESET}", tuple(rows))


def _of_setting(setting: Setting) -> Recording:
    """The plain students of a sweep's setting, and those on weak labels with some gold among them."""
    rows = [
        label_mix(row)
        for count in setting.values("count")
        for labels in ("weak", "gold")
        for row in setting.where(count=count, labels=labels)
    ]
    rows += [label_mix(row) for row in setting.where(method="gold_fraction")]
    return Recording(f"the recorded sweep '{setting.title}'", tuple(rows))


def recordings() -> dict[str, Recording]:
    """What is shipped, by name: 'runs', and 'sweep' where a sweep of this preset was recorded."""
    found = {"runs": _runs()}
    settings = [s for t in recorded_sweeps() for s in settings_in(t.name, t.rows)]
    swept = [_of_setting(s) for s in settings if s.base.get("preset") == RECORDED_PRESET]
    if any(one.rows for one in swept):
        found["sweep"] = max(swept, key=lambda one: (len(one.mixes), len(one.rows)))
    return found


def recording(name: str | None = None) -> Recording:
    """A recording by its name; the one with the most mixes if none is given.

    Raises: UsageError for a name that is not there.
    """
    known = recordings()
    if name is None:
        return max(known.values(), key=lambda one: len(one.mixes))
    if name not in known:
        raise unknown_name("recording", name, known)
    return known[name]


@dataclass(frozen=True)
class GoldWorth:
    """What the weak labels of a recording are worth in gold, with all that the plot of it needs.

    about: the recording. weak: seed -> accuracy of the student on them; curves: seed -> that on gold;
    teacher_gold: gold pairs from which their teacher learned.
    """

    about: str
    worth: Worth
    weak: Mapping[int, float]
    curves: Mapping[int, Series]
    teacher_gold: int


@friendly_errors()
def recorded_worth(labels: int = 1000) -> GoldWorth:
    """How many gold labels so many weak ones are worth, in the recording that has the smallest gold set.

    Raises: Friendly where no recording has students on so many weak labels and on two sizes of gold.

    >>> found = recorded_worth()
    >>> found.weak.keys() <= found.curves.keys()
    True
    """
    found = [worth for one in recordings().values() if (worth := _worth_of(one, labels)) is not None]
    if not found:
        raise UsageError(f"What {labels:,} weak labels are worth in gold was not recorded. Try 1000.")
    return min(found, key=lambda one: one.worth.recorded[0])


def _worth_of(source: Recording, labels: int) -> GoldWorth | None:
    """From the seeds with the most sizes of gold; None where none has students on so many weak labels and on
    two sizes of gold."""
    gold, students = source.only(gold=True), source.only(gold=False)
    on_labels = [row for row in students if row["weak_labels"] == labels]
    sizes = {row["seed"]: {r["gold_labels"] for r in gold if r["seed"] == row["seed"]} for row in on_labels}
    most = max(map(len, sizes.values()), default=0)
    # Seeds with fewer sizes, as in a sweep that is not finished, have a coarser curve: left out.
    rows = [row for row in on_labels if len(sizes[row["seed"]]) == most]
    if most < 2:
        return None
    weak = {int(row["seed"]): number(row, "exact") for row in rows}
    curves = gold_curve([row for row in gold if row["seed"] in weak])
    teacher = max(int(row["teacher_gold"]) for row in rows)
    return GoldWorth(source.about, worth_in_gold(weak, curves), weak, curves, teacher)


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
    return _explored(recording(recorded), labels, gold_share, budget, teacher_is_bought, prices)


def _explored(
    source: Recording,
    labels: int | None,
    gold_share: float | None,
    budget: float | None,
    bought: bool,
    prices: Mapping[str, float],
) -> Explored:
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


class FrontierExplorer(Displayed):
    """Fields for labels, budget and prices, with the picture and the table that follow from them."""

    def __init__(self, source: Recording, settings: Mapping[str, Any]) -> None:
        self.source = source
        self.prices = {name: ASSUMPTIONS[name].value for name in PRICES}
        self.labels: int | None = None
        self.gold_share: float | None = None
        self.budget: float | None = None
        self.teacher_is_bought = True
        self.change(**settings)

    def change(self, **settings: Any) -> None:
        """Suppose something else: `change(expert_hour=80, budget=500, teacher_is_bought=False)`.

        Raises: Mistake for a setting that there is not.
        """
        for name, value in settings.items():
            if name in self.prices:
                self.prices[name] = value
            elif name in ("labels", "gold_share", "budget", "teacher_is_bought"):
                setattr(self, name, value)
            else:
                known = [*self.prices, "labels", "gold_share", "budget", "teacher_is_bought"]
                raise Mistake(str(unknown_name("setting of the explorer", name, known)))

    def found(self) -> Explored:
        """As `explore` with these settings. Raises: UsageError as that does."""
        return _explored(
            self.source, self.labels, self.gold_share, self.budget, self.teacher_is_bought, self.prices
        )

    def text(self) -> str:
        """The table, as text."""
        return str(self.found())

    def static(self) -> tuple[str, str]:
        return _pre(self.text()), self.text()

    def html(self) -> str:
        """The picture, with its alt text, above the table; what cannot be shown, as a message."""
        try:
            found = self.found()
        except CourseError as error:
            return trouble(error)
        png, alt = picture(found.placed)
        encoded = base64.b64encode(png).decode("ascii")
        image = (
            f'<img src="data:image/png;base64,{encoded}" alt="{html.escape(alt)}" style="max-width: 100%">'
        )
        return image + _pre(str(found))

    def widget(self) -> Any:
        shown = text_widget(self.html())
        fields = self._fields()

        def changed(change: Mapping[str, Any]) -> None:
            name = next(name for name, field in fields.items() if field is change["owner"])
            value = change["new"]
            self.change(**{name: None if value in NO_LIMIT.get(name, ()) else value})
            shown.value = self.html()

        for field in fields.values():
            field.observe(changed, names="value")
        return panel([*fields.values(), shown])

    def _fields(self) -> dict[str, Any]:
        """A choice of labels and of their gold, and a number for the budget and each price."""
        import ipywidgets

        wide = {"style": {"description_width": "21em"}, "layout": {"width": "34em", "max_width": "98%"}}
        totals = sorted({gold + weak for gold, weak in self.source.mixes})
        shares = sorted({round(gold / (gold + weak), 2) for gold, weak in self.source.mixes})
        fields: dict[str, Any] = {
            "labels": ipywidgets.Dropdown(
                options=[("any number", ANY), *((f"{n:,}", n) for n in totals)],
                value=ANY if self.labels is None else self.labels, description="Labels in all", **wide,
            ),
            "gold_share": ipywidgets.Dropdown(
                options=[("any share", ANY), *((f"{share:.0%}", share) for share in shares)],
                value=ANY if self.gold_share is None else self.gold_share,
                description="Gold among them", **wide,
            ),
            "teacher_is_bought": ipywidgets.Dropdown(
                options=[("on the bill", True), ("already there", False)],
                value=self.teacher_is_bought, description="The weak model's own gold is", **wide,
            ),
            "budget": ipywidgets.BoundedFloatText(
                value=self.budget or 0, min=0, max=1e9, description="Budget, US dollars (0: none)", **wide
            ),
        }  # fmt: skip
        for name in PRICES:
            said = f"{name.replace('_', ' ')}, {ASSUMPTIONS[name].unit}"
            fields[name] = ipywidgets.BoundedFloatText(
                value=self.prices[name], min=0, max=1e6, description=said, **wide
            )
        return fields


def _pre(text: str) -> str:
    look = "background: transparent; color: inherit; overflow-x: auto"
    return f'<pre role="status" style="{look}">{html.escape(text)}</pre>'


def picture(placed: Sequence[Placed]) -> tuple[bytes, str]:
    """The frontier as PNG, and its alt text."""
    from matplotlib.figure import Figure

    from w2s_course.plots.drawing import style
    from w2s_course.plots.frontier import pareto

    with style():
        figure = Figure(figsize=(6.5, 4.2), dpi=100, layout="constrained")
        plot = pareto(placed, figure.subplots())
        stream = io.BytesIO()
        figure.savefig(stream, format="png")
    return stream.getvalue(), plot.alt


@friendly_errors()
def frontier_explorer(recorded: str | None = None, **settings: Any) -> FrontierExplorer:
    """Show the recorded mixes with fields for labels, budget and prices; `explore` is the same as a function.

    Args: recorded: as for `explore`; settings: where the fields begin, such as `budget=700`.
    Raises: Friendly for an unknown recording or setting.
    """
    made = FrontierExplorer(recording(recorded), settings)
    made.show()
    return made
