"""The moment up to which nobody is late: how it is written, and how it was read."""

from __future__ import annotations

import re
from datetime import datetime

from w2s_course.errors import UsageError

_DEADLINE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?")


def read_deadline(text: str) -> datetime:
    """The moment up to which nobody is late. A date alone is the end of that day.

    Raises: UsageError for any other form: what can be read in two ways is not guessed.

    >>> read_deadline("2026-03-06"), read_deadline("2026-03-06T18:00")
    (datetime.datetime(2026, 3, 6, 23, 59, 59), datetime.datetime(2026, 3, 6, 18, 0))
    """
    try:
        if not _DEADLINE.fullmatch(text.strip()):
            raise ValueError("another form")
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(
            f"The deadline '{text}' cannot be read ({error}). Write 2026-03-06 for the end of that day, "
            '"2026-03-06 18:00" for a time of this computer\'s time zone, or 2026-03-06T18:00+01:00 with a '
            "zone (Z for UTC)."
        ) from error
    return found if ":" in text else found.replace(hour=23, minute=59, second=59)


def as_local(moment: datetime) -> datetime:
    """As files' times are: in the time zone of this computer, without saying so."""
    return moment.astimezone().replace(tzinfo=None) if moment.tzinfo else moment


def deadline_in_words(deadline: str | None) -> str:
    """The deadline that is in force, as it was understood, or that there is none."""
    if deadline is None:
        return "Deadline: none; late is only what Canvas marked so. Give one with --deadline."
    moment = datetime.fromisoformat(deadline).astimezone()
    return (
        f"Deadline: {moment:%A %Y-%m-%d %H:%M:%S}, {moment.tzname()} (UTC{moment:%z}), this computer's time."
    )
