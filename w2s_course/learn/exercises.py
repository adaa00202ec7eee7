"""What an exercise is: its contract, its cases, the misconceptions that its answers can show, its hints.

All of it is data. A unit's exercises stand in `units/unit_N.py`; the text around them, the solutions, the
wrong answers that test the check, and the hidden cases stand in `course/`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from w2s_course.errors import broken_text, unknown_name
from w2s_course.learn.answers import Outcome, same
from w2s_course.learn.friendly import Mistake, a_kind, short

HINTS = 3


@dataclass(frozen=True)
class Raises:
    """The expected outcome of a call that must fail: with an exception of this class name."""

    kind: str


@dataclass(frozen=True)
class Case:
    """One call, what must come back, and what each misconception would give instead.

    call: an expression over the learner's names, `pgr(0.5, 0.75, 1.0)`. It is shown to the learner, and
        must do no comparing: what is right is decided elsewhere.
    expected: plain data (arrays as lists), or `Raises`. Computed by hand, never with a solution.
    wrong: misconception -> the value, or `Raises`, that it gives here; left out where it is right.
    why: what this case shows, in a clause that can follow 'because'.
    part: which part of the points this case belongs to; the parts of an exercise count equally.
    """

    call: str
    expected: Any
    wrong: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    part: str = ""


def telling(wrong: Mapping[str, Any], right: Any) -> dict[str, Any]:
    """What each misconception gives, without those that are right here: they tell nothing.

    >>> telling({"rounds": 2, "adds up": 3}, right=2.0)
    {'adds up': 3}
    """
    return {name: value for name, value in wrong.items() if not same(value, right)}


@dataclass(frozen=True)
class Verdict:
    """What a `judge` of an exercise says: whether the answers are right, and if not, which misconception
    they show, or in words what is wrong."""

    right: bool
    misconception: str = ""
    text: str = ""


@dataclass(frozen=True)
class Exercise:
    """One graded exercise.

    id: 'unit.number'. name: of the function or value that the learner writes.
    contract: what the answer must be: arguments, units, ranges, what is returned, what is raised.
    example: one call and its value, as code.
    verified: what a passed check has shown, in a sentence.
    cases: the visible ones, the smallest input first.
    misconceptions: name -> what to say to a learner whose answers show it: what to look at, not the answer.
    hints: three, each giving away more, the last almost all.
    imports: statements for names that the calls use beside the learner's, such as 'import torch'.
    judge: for answers that no table can judge (own numbers, intervals by chance): from the outcomes of the
        calls, in order, to a verdict. `expected` of its cases is then None.
    """

    id: str
    name: str
    title: str
    points: int
    minutes: int
    difficulty: int
    contract: str
    example: str
    verified: str
    cases: tuple[Case, ...]
    misconceptions: Mapping[str, str]
    hints: tuple[str, str, str]
    imports: str = ""
    tolerance: float = 1e-6
    judge: Callable[[Sequence[Outcome]], Verdict] | None = None

    @property
    def unit(self) -> int:
        return int(self.id.split(".")[0])


@dataclass(frozen=True)
class Essay:
    """A text that people mark, by the unit's rubric (`course/NN_name/rubric.md`). id: 'unit.number'."""

    id: str
    title: str
    points: int
    minutes: int


@dataclass(frozen=True)
class Unit:
    """One unit of the course. slug: the name of its folder and notebooks, '04_measure'.

    minutes: what a lesson and its exercises take a learner, waiting included.
    stages: those of the experiment that its notebooks wait for, beside those that these need; the set-up
        cell says how long.
    activities: id -> a function that makes the quiz, the ordering task or the like, so that its key stands
        in no notebook; `activity` finds it.
    essays: what people mark; their points are part of the unit's.
    """

    number: int
    slug: str
    title: str
    minutes: int
    exercises: tuple[Exercise, ...]
    stages: tuple[str, ...] = ()
    activities: Mapping[str, Callable[[], Any]] = field(default_factory=dict)
    essays: tuple[Essay, ...] = ()

    @property
    def points(self) -> int:
        return sum(e.points for e in self.exercises) + sum(e.points for e in self.essays)


@cache
def all_units() -> tuple[Unit, ...]:
    """Every unit, in order: each module `units/unit_N.py` has one as UNIT. A new file is a new unit.

    Raises: CourseError with file and line where such a module cannot be run.
    """
    from w2s_course.learn import units

    names = [info.name for info in iter_modules(units.__path__) if info.name.startswith("unit_")]
    found = [_unit_in(f"{units.__name__}.{name}") for name in names]
    return tuple(sorted(found, key=lambda unit: unit.number))


def _unit_in(module: str) -> Unit:
    try:
        unit: Unit = import_module(module).UNIT
    except Exception as error:
        place = find_spec(module)
        raise broken_text(Path(str(place.origin if place else module)), error) from error
    return unit


def find_exercise(exercise_id: str) -> Exercise:
    """The exercise of that id.

    Raises: Mistake (a UsageError) with the nearest id.
    """
    known = {exercise.id: exercise for unit in all_units() for exercise in unit.exercises}
    return known[_known_id("exercise", exercise_id, known)]


def activity(activity_id: str) -> Any:
    """The quiz or ordering task of that id, ready to be shown as the last value of a cell.

    Raises: Mistake (a UsageError) with the nearest id.
    """
    known = {name: make for unit in all_units() for name, make in unit.activities.items()}
    return known[_known_id("activity", activity_id, known)]()


def _known_id(what: str, given: Any, known: Mapping[str, Any]) -> str:
    """An id that there is. Raises: Mistake, which a notebook shows as one line, for any other value."""
    if isinstance(given, str) and given in known:
        return given
    if not isinstance(given, str):
        written = str(given) if isinstance(given, int | float) and str(given) in known else next(iter(known))
        raise Mistake(
            f'The id of an {what} is text, in quotes: "{written}". What was given is {short(given)}, '
            f"{a_kind(given)}."
        )
    raise Mistake(str(unknown_name(what, given, known)))
