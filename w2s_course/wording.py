"""Numbers as a person reads them: percentages, points, money, times, and the word for a missing one.

A value that was not measured is *undefined*, never zero. Only ASCII, so that every terminal can print it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from textwrap import fill
from typing import Any

Estimate = Mapping[str, Any]
"""`{"value": fraction or None, "ci95": [low, high] or None, "n": count}`, as in `results.schema.json`."""

UNDEFINED = "undefined"

_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Characters that command a terminal, turn the order of what follows, or are half of one."""

WIDTH = 88
"""Letters in a line of what a lesson prints. JupyterLab breaks longer ones anywhere, within '63%' too."""


def for_terminal(text: str) -> str:
    """A stranger's text as a terminal may print it: what would command the terminal is written out.

    >>> print(for_terminal("a" + chr(27) + "[2Jb" + chr(0x202E) + "c"))
    a\\x1b[2Jb\\u202ec
    """
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def wrapped(said: object, width: int = WIDTH) -> str:
    """As text, its lines broken between words; shorter lines, and so most tables, stay as they are.

    >>> wrapped("Of 98 wrong claims 28.6% are inherited.\\n  a  b", width=24)
    'Of 98 wrong claims 28.6%\\nare inherited.\\n  a  b'
    """
    lines = str(said).split("\n")
    return "\n".join(
        fill(line, width, break_long_words=False, break_on_hyphens=False) if len(line) > width else line
        for line in lines
    )


def unwrapped(text: str, width: int = WIDTH) -> str:
    """What `wrapped` made of it, undone, for a page that wraps by itself.

    >>> unwrapped(wrapped("Of 98 wrong claims 28.6% are inherited.", width=24), width=24)
    'Of 98 wrong claims 28.6% are inherited.'
    """
    joined, last = "", 0
    for n, line in enumerate(text.split("\n")):
        first = line.partition(" ")[0]
        full = bool(first) and last + 1 + len(first) > width >= last
        joined += (" " if full else "\n") + line if n else line
        last = len(line)
    return joined


def percent(value: float | None, digits: int = 1) -> str:
    """A fraction as a percentage.

    >>> percent(0.67), percent(None)
    ('67.0%', 'undefined')
    """
    return UNDEFINED if value is None else f"{no_minus_zero(100 * value, digits):.{digits}f}%"


def points(value: float | None) -> str:
    """A difference of two fractions in percentage points.

    >>> points(0.17), points(-0.01)
    ('17.0 points', '-1.0 points')
    """
    return UNDEFINED if value is None else f"{no_minus_zero(100 * value, 1):.1f} points"


def decimal(value: float | None) -> str:
    """A number without a unit, such as PGR.

    >>> decimal(0.3777), decimal(None)
    ('0.38', 'undefined')
    """
    return UNDEFINED if value is None else f"{no_minus_zero(value, 2):.2f}"


def with_interval(estimate: Estimate) -> str:
    """An estimated share with its 95% interval.

    >>> with_interval({"value": 0.67, "ci95": [0.605, 0.735], "n": 200})
    '67.0% (60.5% to 73.5%)'
    >>> with_interval({"value": None, "ci95": None, "n": 0})
    'undefined'
    """
    if estimate["value"] is None or estimate["ci95"] is None:
        return percent(estimate["value"])
    low, high = estimate["ci95"]
    return f"{percent(estimate['value'])} ({percent(low)} to {percent(high)})"


def points_with_interval(difference: Estimate) -> str:
    """An estimated difference in percentage points, with its sign and its 95% interval.

    >>> points_with_interval({"value": 0.17, "ci95": [-0.031, 0.371], "n": 90})
    '+17.0 points (-3.1 to +37.1)'
    """
    if difference["value"] is None:
        return UNDEFINED
    value, *ends = (
        f"{no_minus_zero(100 * x, 1):+.1f}" for x in (difference["value"], *(difference["ci95"] or ()))
    )
    return f"{value} points" + (f" ({ends[0]} to {ends[1]})" if ends else "")


def money(dollars: float) -> str:
    """US dollars: cents where they say something, else two digits that do.

    >>> money(1234.5), money(12), money(0.000431), money(0.00996), money(0)
    ('$1,234', '$12.00', '$0.00043', '$0.010', '$0')
    """
    size = abs(dollars)
    if size == 0:
        return "$0"
    if size >= 1000:
        return f"${dollars:,.0f}"
    if size >= 0.995:
        return f"${dollars:,.2f}"
    return f"${dollars:.{1 - _magnitude(size)}f}"


def duration(seconds: float) -> str:
    """Seconds in the unit that a person would use.

    >>> duration(4.21), duration(95), duration(820), duration(7600)
    ('4.2 s', '95 s', '14 min', '2.1 h')
    """
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 119.5:
        return f"{seconds:.0f} s"
    if seconds < 7170:
        return f"{seconds / 60:.{1 if seconds < 597 else 0}f} min"
    return f"{seconds / 3600:.1f} h"


def quantity(number: float) -> str:
    """A count of any size in few characters.

    >>> quantity(940), quantity(52_300), quantity(4.06e14)
    ('940', '52 thousand', '406 trillion')
    >>> quantity(2.5e16), quantity(9.96e6), quantity(999_600)
    ('25,000 trillion', '10 million', '1.0 million')
    """
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1e4, "thousand")):
        if abs(number) >= 0.9995 * size:  # what would be rounded up to it
            unit = 1e3 if word == "thousand" else size
            return f"{number / unit:,.{0 if abs(number) >= 9.95 * unit else 1}f} {word}"
    return f"{number:,.0f}"


def times(ratio: float) -> str:
    """How many times as much, in two digits that mean something.

    >>> times(12_345), times(1.234), times(9.96), times(17_543_860)
    ('12,000', '1.2', '10', '18 million')
    """
    if ratio >= 0.9995e6:
        return quantity(ratio)
    digits = 1 - _magnitude(ratio)
    return f"{round(ratio, digits):,.{max(digits, 0)}f}"


def plural(count: int, noun: str) -> str:
    """A count with its noun.

    >>> plural(1, "seed"), plural(1000, "seed")
    ('1 seed', '1,000 seeds')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def words(name: str) -> str:
    """A key of the results as a reader would write it.

    >>> words("less_than")
    'less than'
    """
    return name.replace("_", " ")


def _magnitude(size: float) -> int:
    """The power of ten of a number's first digit, once it is rounded to two: 0.996 is 1.0, and has 0."""
    return math.floor(math.log10(float(f"{size:.1e}")))


def no_minus_zero(value: float, digits: int) -> float:
    """The rounded value, without the sign that a small negative one would leave on its zero.

    >>> no_minus_zero(-0.004, 2)
    0.0
    """
    return round(value, digits) + 0.0
