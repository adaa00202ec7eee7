"""Our own errors as a learner sees them: the message, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from w2s_course.errors import CourseError
from w2s_course.learn.friendly import Friendly


@contextmanager
def friendly_errors() -> Iterator[None]:
    """Show errors that the reader can mend, and an interruption, as their message alone.

    Works as a decorator too. Whatever else is raised is a bug, and passes with its traceback.

    >>> with friendly_errors():
    ...     raise CourseError("The disk is full.")
    Traceback (most recent call last):
    ...
    w2s_course.learn.friendly.Friendly: The disk is full.
    """
    try:
        yield
    except CourseError as error:
        raise Friendly(str(error)) from None
    except KeyboardInterrupt:
        raise Friendly("Stopped. What is finished is kept; run the cell again to go on from there.") from None
