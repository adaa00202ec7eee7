"""`check` and `hint`: what a learner calls below an exercise."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import Any

from w2s_course.learn.answers import ask
from w2s_course.learn.checking import Finding, judge_any
from w2s_course.learn.display import Displayed, is_interactive, markup
from w2s_course.learn.exercises import HINTS, Exercise, Unit, find_exercise
from w2s_course.learn.friendly import Friendly, Mistake, a_kind, short
from w2s_course.learn.progress import Progress


class NotAttempted(Friendly):
    """What the stub of an exercise raises."""

    def __init__(self, exercise_id: str, then: str = "Write your answer in place of this line.") -> None:
        super().__init__(f"Exercise {exercise_id}: not attempted yet. {then}")


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
        return f"<p><strong>✓</strong> {markup(self.text)}</p>"


def explain_unanswered(unit: Unit) -> None:
    """Let a notebook say 'not attempted yet' where a cell uses the answer to an exercise that has none.

    The stub of a value, unlike that of a function, leaves no name behind: whoever runs the exercises from the
    top would meet a NameError with its traceback. In a lesson, and for any other name, it is shown as ever.
    """
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is None:
        return
    exercises = {exercise.name: exercise.id for exercise in unit.exercises}

    def shown(shell: Any, kind: type, error: NameError, trace: Any, tb_offset: int | None = None) -> None:
        found: tuple[Any, ...] = kind, error, trace
        if error.name in exercises and "not_attempted" in shell.user_ns:
            friendly = NotAttempted(exercises[error.name], f"This cell uses `{error.name}`.")
            found = NotAttempted, friendly, None
        shell.showtraceback(found, tb_offset=tb_offset)

    shell.set_custom_exc((NameError,), shown)  # type: ignore[no-untyped-call]


def not_attempted(exercise_id: str) -> Any:
    """Raise `NotAttempted`: the stub of an exercise."""
    raise NotAttempted(exercise_id)


def examine(exercise: Exercise, namespace: Mapping[str, Any]) -> Finding:
    """The finding of an exercise's visible cases on the names of a learner's notebook."""
    names = dict(namespace)
    exec(exercise.imports, names)
    return judge_any(exercise, exercise.cases, [ask(case.call, names) for case in exercise.cases])


def _of_unread_cell(exercise_id: str) -> Finding | None:
    """That the answer's cell, run last, is no Python; None elsewhere.

    Then an older answer may be there still, and its verdict would be taken for that of the cell.
    """
    from IPython.core.getipython import get_ipython

    last: Any = getattr(get_ipython(), "last_execution_result", None)
    error = getattr(last, "error_before_exec", None)
    is_answer = rf"^# exercise {re.escape(exercise_id)}\b"
    if not isinstance(error, SyntaxError) or not re.search(is_answer, last.info.raw_cell, re.MULTILINE):
        return None
    said = f"line {error.lineno} of its cell is no Python ({error.msg}), so the cell was not run"
    return Finding(
        "not attempted", f"{said}, and there is nothing new to check. Mend it, run it, check again."
    )


def check(exercise_id: str, namespace: Mapping[str, Any] | None = None) -> Passed:
    """Check the answer to an exercise: what was verified, or which misconception it shows, or where it fails.

    namespace: where to find the answer; the caller's own names if not given.
    Raises: CheckFailed, one friendly line, for a wrong or missing answer; Mistake for an unknown id.
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
    if not isinstance(namespace, Mapping):
        raise Mistake(
            f'`check("{exercise.id}")` finds `{exercise.name}` by itself: leave {short(namespace)} out, '
            f"which is {a_kind(namespace)}."
        )
    finding, exercise_id = _of_unread_cell(exercise.id), exercise.id
    if finding is not None:
        raise CheckFailed(finding, f"Exercise {exercise_id}: {finding.text}")
    finding = examine(exercise, namespace)
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
        colon = "" if exercise.title.endswith("?") else ":"
        return Passed(f"{exercise_id} {exercise.title}{colon} {finding.text}")
    head = f"Exercise {exercise_id}" if finding.state == "not attempted" else f"✗ {exercise_id}"
    raise CheckFailed(finding, f"{head}: {finding.text}")


class Hint(Displayed):
    """One hint, as a notebook and a terminal show it."""

    def __init__(self, number: int, text: str) -> None:
        self.number, self.text = number, text

    def __repr__(self) -> str:
        return f"Hint {self.number} of {HINTS}: {self.text}"

    def static(self) -> tuple[str, str]:
        return f"<p><strong>Hint {self.number} of {HINTS}:</strong> {markup(self.text)}</p>", repr(self)

    def widget(self) -> None:
        return None


def hint(exercise_id: str, number: int | None = None) -> Hint:
    """The next hint of an exercise, or hint `number` (1 to 3). The last one stays.

    A notebook shows it wherever it is asked for: also above the check of a cell, which alone would be shown.
    Raises: Mistake for an unknown exercise, or a number that no hint has.
    """
    return hint_of(find_exercise(exercise_id), number)


def hint_of(exercise: Exercise, number: int | None = None) -> Hint:
    """As `hint`, for an exercise at hand: a cohort's variant, say."""
    exercise_id, store = exercise.id, Progress.load()
    seen = (store.get("hints", exercise_id) or {}).get("seen", 0)
    number = min(seen + 1, HINTS) if number is None else number
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= HINTS:
        raise Mistake(
            f"Exercise {exercise_id} has hints 1 to {HINTS}; {short(number)} was asked for. Give one of "
            f'these numbers, as in hint("{exercise_id}", {HINTS}), or none for the next hint.'
        )
    store.record("hints", exercise_id, {"seen": max(seen, number)})
    found = Hint(number, exercise.hints[number - 1])
    if is_interactive():
        found.show()
    return found
