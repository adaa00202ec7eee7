"""What authors write: the course's folder, read. One folder a unit, `course/NN_name/`:

    lesson.py      the lesson, py:percent
    exercises.py   the exercises with their solutions, py:percent
    hidden.py      HIDDEN: exercise id -> the cases that only the grader sees; HIDDEN_VARIANTS: exercise id
                   -> a function from a cohort's seed to its cases
    answers.py     WRONG and RIGHT: the answers by which each check is tested

Only `lesson.py` must be there. What an exercise *is* stands in `w2s_course/learn/units/`.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from w2s_course.errors import CourseError, broken_text
from w2s_course.learn.exercises import Case, Exercise

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
"""Around what is taken out of exercises/; nbgrader knows the same marks."""

NEAR, NEAR_SHORT = 0.7, 0.66
"""Likeness from which two parts of an exercise are taken for one, mistyped; of three letters one may be."""

Cell = Any  # nbformat's own types have no annotations


@dataclass(frozen=True)
class UnitSource:
    """The texts of one unit. root: the course's folder's parent; slug: the unit's name, '04_measure'."""

    root: Path
    slug: str

    @property
    def folder(self) -> Path:
        return self.root / "course" / self.slug

    @property
    def number(self) -> int:
        return int(self.slug[:2])

    @property
    def lesson(self) -> Path:
        return self.folder / "lesson.py"

    @property
    def exercises(self) -> Path | None:
        path = self.folder / "exercises.py"
        return path if path.is_file() else None

    @property
    def hidden(self) -> dict[str, Sequence[Case]]:
        """Exercise id -> hidden cases; empty where there is no hidden.py."""
        return dict(getattr(self._module("hidden"), "HIDDEN", {}))

    @property
    def hidden_variants(self) -> dict[str, Callable[[int], Sequence[Case]]]:
        """Exercise id -> a function from a cohort's seed to the hidden cases; empty where there are none."""
        return dict(getattr(self._module("hidden"), "HIDDEN_VARIANTS", {}))

    @property
    def wrong(self) -> dict[str, Sequence[tuple[str, Any]]]:
        """Exercise id -> (misconception, an answer that shows it)."""
        return dict(getattr(self._module("answers"), "WRONG", {}))

    @property
    def right(self) -> dict[str, Sequence[Any]]:
        """Exercise id -> right answers written differently from the solution."""
        return dict(getattr(self._module("answers"), "RIGHT", {}))

    def _module(self, name: str) -> ModuleType | None:
        path = self.folder / f"{name}.py"
        return _imported(path, path.stat().st_mtime_ns) if path.is_file() else None


@lru_cache(maxsize=64)
def _imported(path: Path, changed: int) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"course_{path.parent.name}_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise broken_text(path, error) from error
    return module


def misplaced_cases(exercises: Iterable[Exercise], hidden: Mapping[str, Sequence[Case]]) -> Iterator[str]:
    """Hidden cases that belong nowhere: of exercises that the unit has not, and of parts that look mistyped.

    A part that only hidden cases have is no mistake, but it counts like every other part: a slip of the pen
    would change marks.
    """
    known = {exercise.id: exercise for exercise in exercises}
    for exercise_id, cases in hidden.items():
        if exercise_id not in known:
            yield f"exercise {exercise_id} has cases in hidden.py and does not exist ({', '.join(known)} do)"
            continue
        shown = {case.part for case in known[exercise_id].cases}
        parts = shown | {case.part for case in cases}
        for part in sorted(parts - shown):
            others, where = sorted(parts - {part}), f"exercise {exercise_id} has a case in hidden.py"
            if not part:
                yield f"{where} without a part; the parts of others are {', '.join(others)}"
            elif near := get_close_matches(part, others, n=1, cutoff=NEAR if len(part) > 3 else NEAR_SHORT):
                yield f"{where} of the part '{part}'; is '{near[0]}' meant? Else choose a name less like it"


def unit_sources(root: Path) -> list[UnitSource]:
    """The units below `root`, in order. Raises: CourseError where there is no course/."""
    course = root / "course"
    if not course.is_dir():
        raise CourseError(f"There is no folder {course}. Run this in the course's folder.")
    return [UnitSource(root, path.parent.name) for path in sorted(course.glob("[0-9][0-9]_*/lesson.py"))]


def read_cells(source: Path) -> list[Cell]:
    """The cells of a py:percent text, with the metadata of their marker lines.

    Raises: CourseError if there is no such text.
    """
    import jupytext

    if not source.is_file():
        raise CourseError(f"There is no course text {source}. Run this in the course's folder.")
    return list(jupytext.reads(source.read_text(encoding="utf-8"), fmt="py:percent").cells)


def without_solution(code: str, exercise_id: str) -> str:
    """`code` with each solution region replaced by one line that raises *not attempted yet*.

    Raises: CourseError for a region that is not closed, or a text without any.

    >>> without_solution("### BEGIN SOLUTION\\nx = 1\\n### END SOLUTION", "4.2")
    'not_attempted("4.2")'
    """
    lines: list[str] = []
    inside = found = False
    for line in code.split("\n"):
        if line.strip() == BEGIN:
            if inside:
                raise CourseError(f"Exercise {exercise_id}: a solution begins within a solution.")
            inside = found = True
            lines.append(f'{line[: len(line) - len(line.lstrip())]}not_attempted("{exercise_id}")')
        elif line.strip() == END:
            if not inside:
                raise CourseError(f"Exercise {exercise_id}: a solution ends that did not begin.")
            inside = False
        elif not inside:
            lines.append(line)
    if inside or not found:
        what = "is not closed" if inside else "is missing"
        raise CourseError(f"Exercise {exercise_id}: the solution {what}; mark it with {BEGIN} and {END}.")
    return "\n".join(lines)


def solution_lines(code: str) -> list[str]:
    """The lines of the solution regions of an answer cell, stripped, comments and blanks left out."""
    lines, inside = [], False
    for line in map(str.strip, code.split("\n")):
        if line in (BEGIN, END):
            inside = line == BEGIN
        elif inside and line and not line.startswith("#"):
            lines.append(line)
    return lines
