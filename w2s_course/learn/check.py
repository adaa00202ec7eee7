"""`check` and `hint`: what a learner calls below an exercise."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from html import escape
from typing import Any

from w2s_course.learn.answers import ask
from w2s_course.learn.checking import Finding, judge
from w2s_course.learn.exercises import HINTS, Exercise, find_exercise
from w2s_course.learn.friendly import Friendly
from w2s_course.learn.progress import Progress


class NotAttempted(Friendly):
    """What the stub of an exercise raises."""

    def __init__(self, exercise_id: str) -> None:
        super().__init__(
            f"Exercise {exercise_id}: not attempted yet. Write your answer in place of this line."
        )


class CheckFailed(Friendly):
    """A check that did not pass; `finding` says why."""

    def __init__(self, finding: Finding, text: str) -> None:
        super().__init__(text)
        self.finding = finding


class Passed:
    """A passed check, as a notebook and a terminal show it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return f"✓ {self.text}"

    def _repr_html_(self) -> str:
        return f"<p><strong>✓</strong> {as_html(self.text)}</p>"


def as_html(text: str) -> str:
    """Plain text with `code` in backticks as HTML.

    >>> as_html("`a < b` is false")
    '<code>a &lt; b</code> is false'
    """
    parts = escape(text, quote=False).split("`")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))


def not_attempted(exercise_id: str) -> Any:
    """Raise `NotAttempted`: the stub of an exercise."""
    raise NotAttempted(exercise_id)


def examine(exercise: Exercise, namespace: Mapping[str, Any]) -> Finding:
    """The finding of an exercise's visible cases on the names of a learner's notebook."""
    names = dict(namespace)
    exec(exercise.imports, names)
    return judge(exercise, exercise.cases, [ask(case.call, names) for case in exercise.cases])


def check(exercise_id: str, namespace: Mapping[str, Any] | None = None) -> Passed:
    """Check the answer to an exercise: what was verified, or which misconception it shows, or where it fails.

    namespace: where to find the answer; the caller's own names if not given.
    Raises: CheckFailed, one friendly line, for a wrong or missing answer; UsageError for an unknown id.
    """
    exercise = find_exercise(exercise_id)
    if namespace is None:
        frame = inspect.currentframe()
        assert frame is not None
        assert frame.f_back is not None
        namespace = frame.f_back.f_globals
    return check_exercise(exercise, namespace)


def check_exercise(exercise: Exercise, namespace: Mapping[str, Any]) -> Passed:
    """As `check`, for an exercise at hand: a cohort's variant, say."""
    finding, exercise_id = examine(exercise, namespace), exercise.id
    store = Progress.load()
    tries = store.get("checks", exercise_id) or {}
    record = {
        "state": finding.state,
        "misconception": finding.misconception,
        "tries": tries.get("tries", 0) + (finding.state != "not attempted"),
        "points": exercise.points,
    }
    store.record("checks", exercise_id, record)
    if finding.state == "right":
        return Passed(f"{exercise_id} {exercise.title}: {finding.text}")
    head = f"Exercise {exercise_id}" if finding.state == "not attempted" else f"✗ {exercise_id}"
    raise CheckFailed(finding, f"{head}: {finding.text}")


class Hint:
    """One hint, as a notebook and a terminal show it."""

    def __init__(self, number: int, text: str) -> None:
        self.number, self.text = number, text

    def __repr__(self) -> str:
        return f"Hint {self.number} of {HINTS}: {self.text}"

    def _repr_html_(self) -> str:
        return f"<p><strong>Hint {self.number} of {HINTS}:</strong> {as_html(self.text)}</p>"


def hint(exercise_id: str, number: int | None = None) -> Hint:
    """The next hint of an exercise, or hint `number` (1 to 3). The last one stays.

    Raises: UsageError for an unknown exercise, ValueError for a number that no hint has.
    """
    return hint_of(find_exercise(exercise_id), number)


def hint_of(exercise: Exercise, number: int | None = None) -> Hint:
    """As `hint`, for an exercise at hand: a cohort's variant, say."""
    exercise_id, store = exercise.id, Progress.load()
    seen = (store.get("hints", exercise_id) or {}).get("seen", 0)
    number = min(seen + 1, HINTS) if number is None else number
    if not 1 <= number <= HINTS:
        raise ValueError(f"Exercise {exercise_id} has hints 1 to {HINTS}; {number} was asked for.")
    store.record("hints", exercise_id, {"seen": max(seen, number)})
    return Hint(number, exercise.hints[number - 1])
