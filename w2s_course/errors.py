"""The errors that reach a person, and the exit status that each one means.

A message says what was wrong, which value was given, and what to do next. Everything else is a bug and
may show a traceback; these never do: the command line and the notebooks print the message alone.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence


class CourseError(Exception):
    """Something went wrong that the reader can mend; the message says how."""

    exit_status = 1


class UsageError(CourseError):
    """The request itself was wrong: an unknown name, a size out of range."""

    exit_status = 2


def unknown_name(what: str, given: str, known: Iterable[str]) -> UsageError:
    """The error for a name that is not in a table, with the nearest one that is.

    >>> raise unknown_name("preset", "cpuu", ["smoke", "cpu", "gpu"])
    Traceback (most recent call last):
    ...
    w2s_course.errors.UsageError: Unknown preset 'cpuu'. Did you mean 'cpu'? Known: cpu, gpu, smoke.
    """
    names = sorted(known)
    near = difflib.get_close_matches(given, names, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    return UsageError(f"Unknown {what} '{given}'.{hint} Known: {', '.join(names)}.")


def refuse_repeated(seeds: Sequence[int]) -> None:
    """Before any work is done for them. Raises: UsageError for a seed that is named more than once."""
    if again := sorted({seed for seed in seeds if seeds.count(seed) > 1}):
        raise UsageError(f"Seed {again[0]} is asked for more than once. Name each seed once.")
