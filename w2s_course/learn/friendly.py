"""Messages to learners that stop a cell and show one line instead of a traceback."""

from __future__ import annotations

from w2s_course.errors import UsageError


class Friendly(Exception):
    """Stops a cell. In a notebook only its text is shown, never a traceback."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback."""
        return [str(self)]


class Mistake(Friendly, UsageError):
    """A call that cannot be meant so, by a learner or by an author: the message says what to mend."""
