"""nbgrader's gradebook, kept in step with our records, so that its form grader and tools work on a class.

The records explain the marks; the gradebook shows them, and takes what people mark by hand: essays, and marks
that they change. What was marked by hand is never overwritten, and counts before ours everywhere. Marks of an
earlier text than the one handed in last, and more points than there are, don't count: they wait for a person.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from w2s_course.authoring.notebooks import Notebook
from w2s_course.errors import CourseError
from w2s_course.grading.records import AGAIN, BY_HAND, TO_REVIEW, Mark, Record
from w2s_course.grading.roster import Roster
from w2s_course.grading.workspace import INSTALL, Workspace

WAITS = "This is marked by a person."


@dataclass(frozen=True)
class GradedCell:
    """A cell that carries points. by_hand: a person marks it, as nbgrader knows it by its metadata."""

    name: str
    exercise: str
    points: float
    by_hand: bool


def is_installed() -> bool:
    """Whether the extra [instructor] is there."""
    return find_spec("nbgrader") is not None


def require_nbgrader(what: str) -> None:
    """Raises: CourseError with the command that installs it."""
    if not is_installed():
        raise CourseError(f"{what} needs nbgrader, which is not installed here. Install it with: {INSTALL}")


def graded_cells(notebook: Notebook) -> list[GradedCell]:
    """The cells of a released notebook that carry points.

    >>> said = {"grade": True, "grade_id": "check-4-1", "points": 2, "solution": False}
    >>> graded_cells({"cells": [{"metadata": {"nbgrader": said}}]})
    [GradedCell(name='check-4-1', exercise='4.1', points=2.0, by_hand=False)]
    """
    made = []
    for cell in notebook["cells"]:
        said = cell["metadata"].get("nbgrader", {})
        if said.get("grade") or said.get("task"):
            name = str(said["grade_id"])
            exercise = name.partition("-")[2].replace("-", ".")
            by_hand = bool(said.get("task") or said.get("solution"))
            made.append(GradedCell(name, exercise, float(said["points"]), by_hand))
    return made


def _answer(cell: GradedCell) -> str:
    """The name of the cell that holds what was answered; an essay carries its points itself."""
    return f"answer-{cell.exercise.replace('.', '-')}"


@contextmanager
def _own_scripts_first() -> Iterator[None]:
    """nbgrader calls `alembic` by its name: it must be the one of this environment, activated or not."""
    before = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{before}"
    try:
        yield
    finally:
        os.environ["PATH"] = before


@contextmanager
def _open(space: Workspace) -> Iterator[Any]:
    from nbgrader.api import Gradebook

    space.base.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings(), _own_scripts_first():
        warnings.filterwarnings("ignore", module="nbgrader")  # of how it links its rows
        with Gradebook(f"sqlite:///{space.gradebook}") as book:
            yield book


def update(
    space: Workspace,
    unit: str,
    cells: Sequence[GradedCell],
    records: Mapping[str, Record],
    roster: Roster,
    when: Mapping[str, str] | None = None,
) -> None:
    """Write the records of a unit into the gradebook; what was marked by hand stays.

    when: student -> ISO time of the submission, for nbgrader's lists.
    Raises: CourseError where the extra [instructor] is missing.
    """
    from tqdm.auto import tqdm

    require_nbgrader("The gradebook")
    with _open(space) as book:
        book.update_or_create_assignment(unit)
        book.update_or_create_notebook(unit, unit)
        for cell in cells:
            given = {"max_score": cell.points, "cell_type": "markdown" if cell.by_hand else "code"}
            book.update_or_create_grade_cell(cell.name, unit, unit, **given)
            book.update_or_create_solution_cell(_answer(cell), unit, unit)  # comments hang on it
        for student in roster.students:
            first, last = student.given_family
            details = {"first_name": first or None, "last_name": last, "email": student.email or None}
            book.update_or_create_student(student.id, **details)
        for student_id, record in tqdm(records.items(), "gradebook", unit="student", disable=None):
            if student_id not in roster.by_id:
                book.update_or_create_student(student_id)
            book.update_or_create_submission(unit, student_id, timestamp=(when or {}).get(student_id))
            _write_scores(book, unit, cells, record)
        book.db.commit()


def _write_scores(book: Any, unit: str, cells: Sequence[GradedCell], record: Record) -> None:
    for cell in cells:
        grade = _grade(book, unit, cell, record.student)
        mark = record.marks.get(cell.exercise)
        # Without a mark nbgrader would show 0, which is not what happened: it is left open for a person.
        grade.auto_score = mark.points if mark else None
        if _points_by_hand(grade) is None:  # else the flag says whether a person is to look again
            grade.needs_manual_grade = mark is None


def _grade(book: Any, unit: str, cell: GradedCell, student: str) -> Any:
    """The place of a mark, and of a comment; made where the cell came later than the submission."""
    from nbgrader.api import Comment, Grade, MissingEntry

    notebook = book.find_submission_notebook(unit, unit, student)
    try:
        book.find_comment(_answer(cell), unit, unit, student)
    except MissingEntry:
        solution = book.find_solution_cell(_answer(cell), unit, unit)
        book.db.add(Comment(cell_id=solution.id, notebook=notebook))
        book.db.commit()
    try:
        return book.find_grade(cell.name, unit, unit, student)
    except MissingEntry:
        grade = Grade(cell_id=book.find_graded_cell(cell.name, unit, unit).id, notebook=notebook)
        book.db.add(grade)
        book.db.commit()
        return grade


def forget(space: Workspace, unit: str, student: str) -> None:
    """Take what people marked of one student in a unit out of the gradebook: it was of another's work.

    Raises: CourseError where there is a gradebook and the extra [instructor] is missing.
    """
    if not space.gradebook.exists():
        return
    require_nbgrader("Taking the marks of a file that was somebody else's out of the gradebook")
    from nbgrader.api import MissingEntry

    with _open(space) as book, suppress(MissingEntry):
        book.remove_submission(unit, student)


def ask_again(
    space: Workspace, unit: str, cells: Sequence[GradedCell], changed: Mapping[str, Collection[str]]
) -> None:
    """Flag the marks by hand of these exercises, by student, as nbgrader does where an answer changed.

    Its form grader shows them as to be looked at, with a button that confirms them.
    """
    from nbgrader.api import MissingEntry

    with _open(space) as book:
        for student, exercises in changed.items():
            for cell in (cell for cell in cells if cell.exercise in exercises):
                with suppress(MissingEntry):
                    grade = book.find_grade(cell.name, unit, unit, student)
                    grade.needs_manual_grade |= _points_by_hand(grade) is not None
        book.db.commit()


@dataclass(frozen=True)
class ByHand:
    """What a person left in the form grader. points: None for what still waits. comment: for the student.

    own: the points without extra credit. again: whether it was flagged by `ask_again`.
    """

    points: float | None
    comment: str = ""
    own: float = 0.0
    again: bool = False

    def doubt(self, out_of: float, changed: bool) -> str:
        """Why the mark does not count, for the instructor; '' if it does."""
        given = f"{self.points:g} of {out_of:g} by hand"
        if changed or self.again:
            return f"{given}, of an earlier text or flagged: confirm it in the form grader"
        if not 0 <= self.own <= out_of or (self.points or 0) < 0:
            return f"{given}: out of range (what is above the maximum is extra credit, a field of its own)"
        return ""


def hand_marks(space: Workspace, unit: str, cells: Sequence[GradedCell]) -> dict[str, dict[str, ByHand]]:
    """Student -> exercise -> what a person marked, extra credit included, and wrote.

    Empty where there is no gradebook. Exercises that nobody touched are left out.
    Raises: CourseError where there is a gradebook and the extra [instructor] is missing.
    """
    if not space.gradebook.exists():
        return {}
    require_nbgrader(f"Reading the marks by hand in {space.gradebook.relative_to(space.root)}")
    from nbgrader.api import MissingEntry

    found: dict[str, dict[str, ByHand]] = {}
    by_name = {cell.name: cell for cell in cells}
    with _open(space) as book:
        try:
            submissions = book.find_assignment(unit).submissions
        except MissingEntry:
            return {}
        for submission in submissions:
            marks = found.setdefault(submission.student.id, {})
            for notebook in submission.notebooks:
                said = {comment.name: comment.comment or "" for comment in notebook.comments}
                for grade in (grade for grade in notebook.grades if grade.name in by_name):
                    cell = by_name[grade.name]
                    points, comment = _points_by_hand(grade), said.get(_answer(cell), "")
                    if points is not None or comment or cell.by_hand:
                        own = grade.manual_score or 0.0
                        again = bool(grade.needs_manual_grade)
                        marks[cell.exercise] = ByHand(points, comment, own, again)
    return found


def _points_by_hand(grade: Any) -> float | None:
    """A mark that a person gave or changed, extra credit included; None where nobody did."""
    if grade.manual_score is None and not grade.extra_credit:
        return None
    own = grade.auto_score if grade.manual_score is None else grade.manual_score
    return round((own or 0.0) + (grade.extra_credit or 0.0), 2)


def with_hand_marks(
    space: Workspace,
    unit: str,
    cells: Sequence[GradedCell],
    records: Mapping[str, Record],
    changed: Mapping[str, Collection[str]] | None = None,
) -> dict[str, Record]:
    """The records with what people marked in the place of ours, and essays that wait for it: all but those
    of which the record says that nothing was written.

    changed: student -> exercises whose text is another one than people saw; see `answered`.
    """
    found = hand_marks(space, unit, cells)
    made = {}
    for student, record in records.items():
        marks, given = dict(record.marks), found.get(student, {})
        other = (changed or {}).get(student, ())
        for cell in cells:
            if cell.by_hand and not record.reason:  # a refused notebook holds nothing to read
                marks.setdefault(cell.exercise, Mark(0.0, cell.points, TO_REVIEW, WAITS))
            if cell.exercise in given:
                _put(marks, cell, given[cell.exercise], record, cell.exercise in other)
        made[student] = replace(record, marks=marks)
    return made


def _put(marks: dict[str, Mark], cell: GradedCell, given: ByHand, record: Record, changed: bool) -> None:
    """What a person gave, in the place of our mark of an exercise."""
    key = cell.exercise
    ours = record.marks[key].text if key in record.marks else ""
    text = " ".join(part for part in (ours, given.comment) if part)
    if given.points is None:
        if given.comment and key in marks and not changed:
            marks[key] = replace(marks[key], text=text)
    elif why := given.doubt(cell.points, changed):
        if not record.reason:
            marks[key] = Mark(0.0, cell.points, AGAIN, WAITS, log=({"why": why},))
    else:
        marks[key] = Mark(given.points, cell.points, BY_HAND, text)
