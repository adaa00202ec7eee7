"""How a question comes before a learner: a widget, or the same as text where nobody can click.

Three places are told apart. In a notebook with somebody at it, a piece shows its widget. In a headless
notebook (a build or a test) it shows itself as HTML that reads well in a saved page. Without a notebook it is
printed. Widgets use only what ipywidgets 7.7 and 8 have in common.
"""

from __future__ import annotations

import html
import io
import re
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any, Protocol

from w2s_course.errors import CourseError
from w2s_course.learn.friendly import Mistake
from w2s_course.learn.headless import is_headless

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from w2s_course.plots.drawing import Plot

# Colours of a border only, readable on white and on black; text keeps the colour of the page's own theme.
COLOURS = {"right": "#2e8b57", "wrong": "#d2691e", "plain": "#808790"}

# Both lines of ipywidgets cut the text of a choice off at the width of the widget: here it wraps instead. The
# outline shows where the keyboard is. No colours but its own: the theme's stay. The first rule is for all
# outputs of the page: JupyterLab would break a line anywhere, '63%' into '6' and '3%'.
STYLE = """<style>
.jp-OutputArea-output pre { word-break: normal; }
.w2s .widget-radio-box label, .w2s .widget-checkbox label {
  height: auto; white-space: normal; line-height: 1.4; padding: 3px 0; overflow: visible; text-overflow: clip;
  align-items: flex-start; max-width: 50em;
}
.w2s .widget-radio-box label {
  display: flex; flex-direction: row-reverse; justify-content: flex-end; gap: 8px;
}
.w2s .widget-radio-box label input[type=radio] { flex: none; float: none; margin: 0 0 0 2px; }
.w2s .widget-checkbox label span { white-space: normal; }
.w2s .widget-html-content { line-height: 1.45; white-space: normal; height: auto; }
.w2s button:focus-visible, .w2s input:focus-visible, .w2s select:focus-visible, .w2s pre:focus-visible {
  outline: 2px solid #1e88e5; outline-offset: 1px;
}
.w2s p { margin: 0 0 4px 0; }
</style>"""

# What is marked in an author's text: `code`, or *emphasis* that is no multiplication.
_MARKED = re.compile(r"`([^`]+)`|(?<![\w*])\*(?! )([^*]+)(?<! )\*(?![\w*])")
_IDENTITY = re.compile(r"[0-9A-Za-z][\w.-]*")
_LINK = re.compile(r"#|https?://|[^:]*\Z")


class Displayed(ABC):
    """Shows a piece when it is made, and again when a later cell ends with it, but not twice in one cell."""

    _shown_in: int | None = None

    @abstractmethod
    def static(self) -> tuple[str, str]:
        """The piece where nobody can click: as HTML, and as text."""

    @abstractmethod
    def widget(self) -> Any:
        """A new widget of the piece; None where there is nothing to click, and the static form will do."""

    def show(self) -> None:
        """Show the widget, or the static form where nobody can click."""
        self._shown_in = _cell_number()
        widget = self.widget() if is_interactive() else None
        if widget is None:
            show(*self.static())
        else:
            _display(widget)

    def _ipython_display_(self) -> None:
        if self._shown_in != _cell_number():
            self.show()


class Judged(Protocol):
    """What `one_by_one` shows. answers: those given so far, in order; done: whether each item has one."""

    answers: list[Any]

    @property
    def done(self) -> bool: ...

    def answer(self, answers: Any) -> Any: ...

    def html(self) -> str: ...


def is_interactive() -> bool:
    """Whether widgets can be shown and somebody may click them."""
    return _has_kernel() and not is_headless()


def show(as_html: str, as_text: str) -> None:
    """Show the HTML in a notebook, print the text elsewhere."""
    if _has_kernel():
        _display({"text/html": as_html, "text/plain": as_text}, raw=True)
    else:
        print(as_text)


def markup(text: str) -> str:
    """An author's text as HTML: everything escaped, `code` in backticks as code, *emphasis* as such.

    >>> markup("is `a < b` > 0, or *never*?")
    'is <code>a &lt; b</code> &gt; 0, or <em>never</em>?'
    """

    def tagged(match: re.Match[str]) -> str:
        return f"<code>{match[1]}</code>" if match[1] else f"<em>{match[2]}</em>"

    return _MARKED.sub(tagged, html.escape(text))


def label(text: str) -> str:
    """An author's text where only plain text can stand: on a button, beside a radio button.

    >>> label("is `a * b` *never* 0?")
    'is a * b never 0?'
    """
    return _MARKED.sub(lambda match: match[1] or match[2], text)


def note(kind: str, body: str) -> str:
    """A message beside a coloured line, announced by screen readers. body: HTML. kind: a key of `COLOURS`."""
    return (
        f'<div role="status" style="border-left: 4px solid {COLOURS[kind]}; padding: 2px 10px; '
        f'margin: 6px 0; max-width: 50em">{body}</div>'
    )


def preformatted(text: str, look: str = "") -> str:
    """Text whose spaces and line ends count, announced by screen readers. look: of its own, as CSS."""
    style = "; ".join(part for part in ("background: transparent; color: inherit", look) if part)
    return f'<pre role="status" style="{style}">{html.escape(text)}</pre>'


def picture(draw: Callable[[Axes], Plot], size: tuple[float, float]) -> tuple[bytes, str]:
    """A plot as PNG, and its alt text. size: in inches."""
    from matplotlib.figure import Figure

    from w2s_course.plots.drawing import style

    with style():
        figure = Figure(figsize=size, dpi=100, layout="constrained")
        plot = draw(figure.subplots())
        stream = io.BytesIO()
        figure.savefig(stream, format="png")
    return stream.getvalue(), plot.alt


def link(see: str) -> str:
    """A link back to where the answer is explained; nothing for an empty address."""
    if not see:
        return ""
    elsewhere = ' target="_blank" rel="noopener"' if see.startswith("http") else ""
    style = "text-decoration: underline; white-space: nowrap"
    return f'<a href="{html.escape(see)}"{elsewhere} style="{style}">Read again</a>'


def heading(question: str) -> str:
    """The question, as HTML."""
    return f'<p style="max-width: 50em"><strong>{markup(question)}</strong></p>'


def question_widget(question: str) -> Any:
    """The question above a widget."""
    return text_widget(heading(question))


def panel(children: Iterable[Any]) -> Any:
    """The widgets of one piece below each other, as wide as the page, after a hidden one with their style."""
    import ipywidgets

    style = text_widget(STYLE, display="none")
    box = ipywidgets.VBox([style, *children], layout={"width": "auto", "margin": "4px 0 8px 0"})
    box.add_class("w2s")
    return box


def text_widget(value: str = "", **layout: str) -> Any:
    """A widget that shows HTML."""
    import ipywidgets

    return ipywidgets.HTML(value=value, layout={"width": "auto", **layout})


def button(description: str, tooltip: str = "", *, width: str = "max-content") -> Any:
    """A button, as wide as its text unless told otherwise. tooltip: what it does; its text if not given."""
    import ipywidgets

    layout = {"width": width, "flex": "0 0 auto"}
    return ipywidgets.Button(description=description, tooltip=tooltip or description, layout=layout)


def one_by_one(piece: Judged, buttons: Mapping[Any, Any]) -> Any:
    """The widget of what is judged item by item: a card, a button for each answer, and one to take it back.

    piece: what is judged; `html()` shows its next item, or the comparison after the last. buttons: answer ->
    its button. They go away after the last answer.
    """
    import ipywidgets

    card = text_widget(piece.html())
    back = button("Back", "Take the last answer back")
    again = button("Start again", "Forget my answers, and begin again with the same")
    bar = ipywidgets.HBox([], layout={"flex_flow": "row wrap"})

    def refresh() -> None:
        card.value = piece.html()
        asked = (*buttons.values(), back) if piece.answers else tuple(buttons.values())
        bar.children = (again,) if piece.done else asked

    def give(answers: Sequence[Any]) -> None:
        try:
            piece.answer(answers)
            refresh()
        except CourseError as error:
            card.value = trouble(error)

    for said, each in buttons.items():
        each.on_click(lambda _, said=said: give([*piece.answers, said]))
    back.on_click(lambda _: give(piece.answers[:-1]))
    again.on_click(lambda _: give([]))
    refresh()
    return panel([card, bar])


def letter(index: int) -> str:
    """The letter of an option: a, b, c.

    >>> letter(2)
    'c'
    """
    return ascii_lowercase[index]


def trouble(error: CourseError) -> str:
    """An error as a message in a widget: what a callback raises is seen by nobody."""
    return note("wrong", html.escape(str(error)))


def checked_id(what: str, given: str) -> str:
    """The id, if it can be one.

    Raises: Mistake for an empty one, or one with spaces.
    """
    if not _IDENTITY.fullmatch(given):
        raise Mistake(
            f"'{given}' cannot be the id of a {what}. Take letters, digits, . - and _, as in '2.accuracy'."
        )
    return given


def checked_link(see: str) -> str:
    """The address of a link back, if it is one.

    Raises: Mistake unless it is empty, '#a-heading', a file of the course or a web address.
    """
    if not _LINK.match(see):
        raise Mistake(f"'{see}' cannot be linked to. Give '#a-heading', a file of the course or https://...")
    return see


def _display(*shown: Any, **how: Any) -> None:
    import IPython.display

    display: Any = IPython.display.display
    display(*shown, **how)


def _shell() -> Any:
    """The running IPython, without importing it where there is none."""
    module = sys.modules.get("IPython")
    return module.get_ipython() if module is not None else None


def _has_kernel() -> bool:
    return hasattr(_shell(), "kernel")


def _cell_number() -> int | None:
    return getattr(_shell(), "execution_count", None)
