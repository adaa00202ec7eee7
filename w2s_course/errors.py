"""The errors that reach a person, and the exit status that each one means.

A message says what was wrong, which value was given, and what to do next. Everything else is a bug and
may show a traceback; these never do: the command line and the notebooks print the message alone.
"""

from __future__ import annotations

import difflib
import math
import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path


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


def broken_text(path: Path, error: Exception) -> CourseError:
    """The error for a text of the course in `path` that Python could not run: the line, and what is wrong."""
    file, line, said = str(path), None, str(error)
    if isinstance(error, SyntaxError):
        file, line, said = error.filename or file, error.lineno, error.msg
    else:
        frames = traceback.extract_tb(error.__traceback__)
        line = next((frame.lineno for frame in reversed(frames) if frame.filename == file), None)
    where = f"{file}, line {line}" if line else file
    return CourseError(f"{where}: {type(error).__name__}: {said}. Mend this text, and run the same again.")


_NAMED = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}


def refuse_other_type(what: str, value: object, wanted: type) -> None:
    """What a file or a caller gave as `what` is of this type; a whole number will do for a number.

    Raises: UsageError for another type, and for a number that is not finite.

    >>> refuse_other_type("count", 2.5, int)
    Traceback (most recent call last):
    ...
    w2s_course.errors.UsageError: count is 2.5; it must be a whole number.
    """
    fits = isinstance(value, (int, float) if wanted is float else wanted)  # NumPy's float64 is a float
    fits = fits and (wanted is bool or not isinstance(value, bool))
    if not fits or (isinstance(value, float) and not math.isfinite(value)):
        raise UsageError(f"{what} is {value!r}; it must be {_NAMED[wanted]}.")


def refuse_seed(seed: int) -> None:
    """Raises: UsageError for a seed that a generator of 32 bits could not take, or its sum with a stage's."""
    if not 0 <= seed < 2**31:
        raise UsageError(f"The seed is {seed}; it must be 0 or more, and at most {2**31 - 1:,}.")


def refuse_repeated(seeds: Sequence[int]) -> None:
    """Before any work is done for them. Raises: UsageError for a seed that is named more than once."""
    if again := sorted({seed for seed in seeds if seeds.count(seed) > 1}):
        raise UsageError(f"Seed {again[0]} is asked for more than once. Name each seed once.")
