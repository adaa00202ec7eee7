"""The frontier explorer: the recorded mixes of gold and weak labels, with fields for prices and a picture.

    frontier_explorer(budget=700)

`mixes.explore` is the same without a browser.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping
from typing import Any

from w2s_course.costs import ASSUMPTIONS
from w2s_course.errors import CourseError, unknown_name
from w2s_course.learn.display import Displayed, panel, picture, preformatted, text_widget, trouble
from w2s_course.learn.friendly import Mistake
from w2s_course.learn.mixes import Explored, explore, explore_recording
from w2s_course.learn.plain_errors import friendly_errors
from w2s_course.learn.recordings import Recording, recorded_worth, recording

__all__ = ["explore", "frontier_explorer", "recorded_worth", "recording"]  # notebooks look for them here

PRICES = ("expert_hour", "expert_minutes", "computer_hour")
"""Assumptions that the price of gold and weak labels rests on."""

ANY = "any"
"""Of a choice. Not None: for ipywidgets that is no choice at all, and the field would stand empty."""
NO_LIMIT: Mapping[str, tuple[Any, ...]] = {"labels": (ANY,), "gold_share": (ANY,), "budget": (0,)}
"""What a field holds where nothing is limited."""
SIZE, WIDE = (6.5, 4.2), "overflow-x: auto"
"""The picture's, in inches, and what becomes of a table that is wider than the page."""


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
        return explore_recording(
            self.source, self.labels, self.gold_share, self.budget, self.teacher_is_bought, self.prices
        )

    def text(self) -> str:
        """The table, as text."""
        return str(self.found())

    def static(self) -> tuple[str, str]:
        return preformatted(self.text(), WIDE), self.text()

    def html(self) -> str:
        """The picture, with its alt text, above the table; what cannot be shown, as a message."""
        from w2s_course.plots.frontier import pareto

        try:
            found = self.found()
        except CourseError as error:
            return trouble(error)
        png, alt = picture(lambda ax: pareto(found.placed, ax), SIZE)
        encoded = base64.b64encode(png).decode("ascii")
        image = (
            f'<img src="data:image/png;base64,{encoded}" alt="{html.escape(alt)}" style="max-width: 100%">'
        )
        return image + preformatted(str(found), WIDE)

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


@friendly_errors()
def frontier_explorer(recorded: str | None = None, **settings: Any) -> FrontierExplorer:
    """Show the recorded mixes with fields for labels, budget and prices; `explore` is the same as a function.

    Args: recorded: as for `explore`; settings: where the fields begin, such as `budget=700`.
    Raises: Friendly for an unknown recording or setting.
    """
    made = FrontierExplorer(recording(recorded), settings)
    made.show()
    return made
