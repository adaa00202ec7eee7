"""What a claim yields: measured lines, and a verdict that the intervals permit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from w2s_course.evidence.measured import Measured, Setting


@dataclass(frozen=True)
class Finding:
    """A claim's figures in one setting: lines of (what, figure), and a verdict computed from them."""

    lines: tuple[tuple[str, str], ...]
    verdict: str


@dataclass(frozen=True)
class Claim:
    """A claim of the course: a key, the unit that rests on it, what is said, and how it is measured.

    find: gives None where the setting lacks the rows.
    """

    key: str
    unit: int
    asks: str
    find: Callable[[Setting], Finding | None]


def line(what: str, found: Measured | None, how: str) -> tuple[tuple[str, str], ...]:
    """One line of a finding, or none where nothing was measured; how: a method of `Measured`."""
    return () if found is None else ((what, getattr(found, how)()),)


def holds(found: Measured | None, yes: str, no: str, against: str) -> str:
    """The sentence that an interval permits; against: where the whole of it lies on the other side of 0."""
    if found is None or found.ci95 is None:
        return "A single seed has no interval: nothing is concluded."
    return yes if found.above else f"Against expectation: {against}" if found.below else no
