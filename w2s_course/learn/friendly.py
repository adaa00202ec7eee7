"""Messages to learners that stop a cell and show one line instead of a traceback."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any

from w2s_course.errors import UsageError

LONGEST_SHOWN = 60


class Friendly(Exception):
    """Stops a cell. In a notebook only its text is shown, never a traceback."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback."""
        return [str(self)]


class Mistake(Friendly, UsageError):
    """A call that cannot be meant so, by a learner or by an author: the message says what to mend."""


def short(value: Any) -> str:
    """A value that somebody gave, as a message quotes it: its beginning, on one line.

    >>> short([1, 2]), len(short("x" * 1000)), short(len)
    ('[1, 2]', 60, '<built-in function len>')
    """
    try:
        text = " ".join(repr(value).split())
    except Exception:  # whose repr fails, or a number of thousands of digits
        text = f"<{type(value).__name__}>"
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def a_kind(value: Any) -> str:
    """What a value is, in a learner's words.

    >>> a_kind(1.1), a_kind(True), a_kind("1"), a_kind(None), a_kind([]), a_kind(len)
    ('a number', 'True or False', 'text', 'no value', 'a list', 'a function')
    """
    if value is None:
        return "no value"
    if isinstance(value, bool):
        return "True or False"
    if isinstance(value, str):
        return "text"
    if isinstance(value, Real):
        return "a number"
    if isinstance(value, list | tuple | dict | set):
        return f"a {type(value).__name__}"
    return "a function" if callable(value) else f"of type {type(value).__name__}"


def checked_number(name: str, value: Any, example: str, *, whole: bool = False) -> None:
    """See to it that what a call is given as a number is one; a NumPy number is.

    example: the argument as it could be written. Raises: Mistake where it is none.

    >>> checked_number("budget", 700.0, "budget=700")
    >>> checked_number("budget", "700", "budget=700")
    Traceback (most recent call last):
    ...
    w2s_course.learn.friendly.Mistake: budget is '700', which is text. Give a number, as in budget=700.
    """
    if isinstance(value, bool) or not isinstance(value, Integral if whole else Real):
        wanted = "a whole number" if whole else "a number"
        raise Mistake(f"{name} is {short(value)}, which is {a_kind(value)}. Give {wanted}, as in {example}.")
