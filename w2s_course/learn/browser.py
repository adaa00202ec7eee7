"""The error browser: snippet, teacher, student and truth side by side, one snippet at a time.

`error_browser` is for clicking; `filter_rows` and `show_row` do the same as plain functions. Rows come from
`error_rows` (teacher and student on the test snippets) or `label_rows` (the teacher's labels of the pool).

    rows = error_rows(lesson)
    error_browser(rows)
    print(show_row(filter_rows(rows, kind="inherited", slot="condition")[0]))
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from w2s_course.errors import CourseError
from w2s_course.learn.audit import Audit, audit
from w2s_course.learn.display import Displayed, button, panel, text_widget
from w2s_course.learn.plain_errors import friendly_errors
from w2s_course.learn.rows import (
    ALL,
    KINDS,
    Row,
    error_rows,
    filter_rows,
    label_rows,
    row_html,
    show_row,
)
from w2s_course.snippets.concepts import SLOTS

__all__ = [
    "Audit",
    "ErrorBrowser",
    "Row",
    "audit",
    "error_browser",
    "error_rows",
    "filter_rows",
    "label_rows",
    "show_row",
]


class ErrorBrowser(Displayed):
    """Rows, a filter, and the place in what is left; with buttons where somebody can click.

    kind, slot: the filter, as in `filter_rows`. index: from 0, in the rows that it leaves.
    """

    def __init__(self, rows: Sequence[Row], kind: str = ALL, slot: str = ALL) -> None:
        self.rows = list(rows)
        self.select(kind, slot)

    def select(self, kind: str = ALL, slot: str = ALL) -> None:
        """Filter anew, and go to the first row that is left. Raises: Friendly for an unknown name."""
        self.chosen = filter_rows(self.rows, kind, slot)
        self.kind, self.slot, self.index = kind, slot, 0

    def move(self, by: int) -> None:
        """Go on or back; after the last row comes the first."""
        if self.chosen:
            self.index = (self.index + by) % len(self.chosen)

    @property
    def row(self) -> Row | None:
        """The row that is shown, or None where the filter leaves none."""
        return self.chosen[self.index] if self.chosen else None

    def heading(self) -> str:
        """Where one is: 'inherited, condition: 3 of 12'."""
        wanted = f"{self.kind}: {KINDS[self.kind]}" if self.kind != ALL else "all kinds"
        where = "" if self.slot == ALL else f"; slot {self.slot}"
        place = f"{self.index + 1} of {len(self.chosen)}" if self.chosen else "none"
        return f"{place} ({wanted}{where})"

    def text(self) -> str:
        """What is shown, as plain text."""
        return self.heading() + (f"\n{show_row(self.row)}" if self.row else "\nNo row is of this kind.")

    def html(self) -> str:
        """What is shown, as HTML."""
        body = row_html(self.row) if self.row else "<p>No row is of this kind. Choose another.</p>"
        return f'<div role="status"><strong>{html.escape(self.heading())}</strong></div>{body}'

    def static(self) -> tuple[str, str]:
        """The first row, where nobody can click."""
        return f"<div>{self.html()}</div>", self.text()

    def widget(self) -> Any:
        """Two filters, two buttons and the card."""
        import ipywidgets

        kinds = [(f"{kind} ({len(filter_rows(self.rows, kind))})", kind) for kind in (ALL, *self._kinds())]
        narrow = {"layout": {"width": "max-content"}, "style": {"description_width": "initial"}}
        kind = ipywidgets.Dropdown(options=kinds, value=self.kind, description="Kind", **narrow)
        slot = ipywidgets.Dropdown(options=self._slots(), value=self.slot, description="Slot", **narrow)
        back, on = button("Previous", "The row before this one"), button("Next", "The row after this one")
        card = text_widget(self.html())

        def filtered(_: Any) -> None:
            self.select(kind.value, slot.value)
            card.value = self.html()

        def moved(by: int) -> None:
            self.move(by)
            card.value = self.html()

        for each in (kind, slot):
            each.observe(filtered, names="value")
        back.on_click(lambda _: moved(-1))
        on.on_click(lambda _: moved(1))
        bar = ipywidgets.HBox([kind, slot, back, on], layout={"flex_flow": "row wrap"})
        return panel([bar, card])

    def _kinds(self) -> list[str]:
        """The kinds that these rows have, in their usual order."""
        return [kind for kind in KINDS if any(kind in row.kinds for row in self.rows)]

    def _slots(self) -> list[str]:
        """The slots in which one of these rows has an error: a menu of what can be found."""
        return [ALL, *(slot for slot in SLOTS if slot == self.slot or filter_rows(self.rows, slot=slot))]


@friendly_errors()
def error_browser(rows: Sequence[Row], kind: str = ALL, slot: str = ALL) -> ErrorBrowser:
    """Show rows one by one, with filters by kind and by slot.

    Args:
        rows: from `error_rows` or `label_rows`.
        kind, slot: the filter to begin with.
    Raises: Friendly for an unknown kind or slot, and for no rows.
    """
    if not rows:
        raise CourseError("Nothing to show: give the rows of error_rows(lesson) or of label_rows(lesson).")
    shown = ErrorBrowser(rows, kind, slot)
    shown.show()
    return shown
