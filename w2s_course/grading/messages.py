"""Reading what a sandbox says: a stranger's word, of any type, since a submission may have written it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from w2s_course.learn.answers import Outcome

UNREADABLE = ("SyntaxError", "IndentationError", "TabError")
NO_MEMORY = ("can't allocate memory", "Cannot allocate memory", "std::bad_alloc")
MOST_KINDS = 16
"""Ancestors of an exception; Python's own have at most four."""
DEEPEST = 40
"""Levels of nesting in an answer; `answers.plain` makes at most 20."""


@dataclass(frozen=True)
class Fate:
    """What stopped a cell: an exception, with the cell's line, or (kind '') the end of its sandbox."""

    why: str
    kind: str = ""
    message: str = ""
    line: int | None = None


def index_of(message: Mapping[str, Any], key: str, size: int) -> int | None:
    """A number of a message, if it is one that can be meant."""
    number = message.get(key)
    return number if type(number) is int and 0 <= number < size else None


def text_of(message: Mapping[str, Any], key: str) -> str:
    """A text of a message; '' for anything else: a submission may have written the message itself."""
    text = message.get(key)
    return text if isinstance(text, str) else ""


def fate_of(error: Any) -> Fate | None:
    """What stopped a cell; None where nothing did."""
    if not isinstance(error, dict):
        return None
    kind, line = text_of(error, "kind")[:60], error.get("line")
    why = "invalid" if kind in UNREADABLE else "crashed"
    message = text_of(error, "message")[:300]
    # NumPy has a MemoryError of its own, PyTorch a RuntimeError that says it.
    if kind.endswith("MemoryError") or any(said in message for said in NO_MEMORY):
        why = "out of memory"
    return Fate(why, kind, message, line if type(line) is int else None)


def outcome_of(found: Any) -> Outcome | None:
    """An outcome, if it has the form of one: a submission may have written the line itself."""
    if not isinstance(found, dict) or not _shallow(found.get("value")):
        return None
    texts = {name: found.get(name, "") for name in ("raised", "message", "missing")}
    if not all(isinstance(text, str) and len(text) <= 400 for text in texts.values()):
        return None
    kinds = found.get("kinds", [])  # not said of what ended the call from outside, as SystemExit
    if not isinstance(kinds, list) or len(kinds) > MOST_KINDS:
        return None
    if not all(isinstance(kind, str) and len(kind) <= 60 for kind in kinds):
        return None
    return Outcome(found.get("value"), **texts, kinds=tuple(kinds))


def _shallow(value: Any) -> bool:
    """Whether plain data is nested at most DEEPEST levels; without recursion."""
    level = [value]
    for _ in range(DEEPEST):
        inner: list[Any] = []
        for each in level:
            inner.extend(each.values() if isinstance(each, dict) else each if isinstance(each, list) else ())
        if not inner:
            return True
        level = inner
    return False
