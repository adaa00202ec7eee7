"""Your own prices: every assumption with its unit and source, and what 1,000 labels cost under it.

print(price_sheet(lesson.recorded(0), expert_hour=80))    # the same without a browser
price_panel(lesson.recorded(0))                           # with a field for each assumption
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from w2s_course.costs import (
    ASSUMPTIONS,
    Assumption,
    Assumptions,
    LabelPrice,
    assume,
    human_price,
    prices_of_run,
)
from w2s_course.costs.tables import assumed_text, price_columns, price_table
from w2s_course.findings import Results
from w2s_course.learn.display import Displayed, panel, preformatted, text_widget
from w2s_course.learn.friendly import checked_number
from w2s_course.learn.plain_errors import friendly_errors
from w2s_course.wording import money, words


def assume_changed(prices: Mapping[str, float]) -> Assumptions:
    """The course's assumptions with those of `prices` that differ: what does not keeps its source.

    Raises: UsageError for an assumption that there is not, or a value that makes no sense.

    >>> assume_changed({"expert_hour": 60})["expert_hour"].source.split(":")[0]
    'assumed'
    """
    for name, value in prices.items():
        if name in ASSUMPTIONS:
            checked_number(name, value, f"{name}={ASSUMPTIONS[name].value:g}")
    known = {name: assumption.value for name, assumption in ASSUMPTIONS.items()}
    return assume({name: value for name, value in prices.items() if known.get(name) != value})


@friendly_errors()
def label_prices(results: Results, **prices: float) -> dict[str, LabelPrice]:
    """The price of a label of each source in a run, in parts, under your assumptions.

    Args: results: the content of a `results.json`; prices: such as `expert_hour=80`.
    Raises: Friendly for an assumption that there is not.
    """
    return prices_of_run(results, assume_changed(prices))


@friendly_errors()
def price_sheet(results: Results, labels: int | None = None, **prices: float) -> str:
    """All assumptions with their sources, and what 1,000 labels of each source cost under them.

    Args: labels: over how many the making is spread; the run's pool if not given.
    Raises: as `label_prices`.
    """
    return _sheet(results, labels or results["config"]["sizes"]["pool"], assume_changed(prices))


def _sheet(results: Results, labels: int, assumed: Assumptions) -> str:
    rows = [price_columns(labels), *price_table(results, labels, assumed)]
    widths = [max(len(row[i]) for row in rows) for i in (0, 1, 4)]
    lines = [
        f"{row.source:<{widths[0]}}  {row.one_more:>{widths[1]}}  {row.in_all:>{widths[2]}}" for row in rows
    ]
    told = f"One human explanation costs {money(human_price(assumed))}."
    return "\n".join([assumed_text(assumed), "", told, "", *lines])


class PricePanel(Displayed):
    """A field for each assumption, and the sheet that follows from them. assumed: as it is now."""

    def __init__(self, results: Results, prices: Mapping[str, float]) -> None:
        self.results = results
        self.labels = int(results["config"]["sizes"]["pool"])
        self.assumed: Assumptions = assume_changed(prices)

    def change(self, **prices: float) -> None:
        """Suppose other prices. Raises: UsageError for one that there is not, or a negative one."""
        self.assumed = assume(prices, self.assumed)

    def text(self) -> str:
        """The sheet."""
        return _sheet(self.results, self.labels, self.assumed)

    def _html(self) -> str:
        return preformatted(self.text(), "white-space: pre-wrap")

    def static(self) -> tuple[str, str]:
        return self._html(), self.text()

    def widget(self) -> Any:
        import ipywidgets

        shown = text_widget(self._html())
        wide = {"style": {"description_width": "21em"}, "layout": {"width": "32em", "max_width": "98%"}}

        def field(name: str, assumption: Assumption) -> Any:
            made = ipywidgets.BoundedFloatText(
                value=assumption.value,
                min=0,
                max=1e6,
                description=f"{words(name)}, {assumption.unit}",
                **wide,
            )

            def changed(change: Mapping[str, Any]) -> None:
                self.change(**{name: change["new"]})
                shown.value = self._html()

            made.observe(changed, names="value")
            return made

        return panel([*(field(name, self.assumed[name]) for name in ASSUMPTIONS), shown])


@friendly_errors()
def price_panel(results: Results, **prices: float) -> PricePanel:
    """Show a run's prices with a field for each assumption; `price_sheet` is the same as a function.

    Raises: as `label_prices`.
    """
    made = PricePanel(results, prices)
    made.show()
    return made
