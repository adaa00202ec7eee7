"""nbgrader's gradebook, kept in step with our records, so that its form grader and tools work on a class.

The records explain the marks; the gradebook shows them, and takes what people mark by hand: essays, and marks
that they change. What was marked by hand is never overwritten, and counts before ours everywhere.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from w2s_course.authoring.notebooks import Notebook
from w2s_course.errors import CourseError
from w2s_course.grading.records import Mark, Record
from w2s_course.grading.roster import Roster
from w2s_course.grading.workspace import INSTALL, Workspace

BY_HAND = "marked by hand"
TO_REVIEW = "to review"


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


def back_up(space: Workspace, now: datetime | None = None) -> Path | None:
    """Copy gradebook and records as they are; the folder, or None where there is nothing to lose yet."""
    records = space.base / "records"
    if not space.gradebook.exists() and not records.exists():
        return None
    stamp = (now or datetime.now()).strftime("%Y-%m-%dT%H-%M-%S.%f")
    folder = space.backups / stamp
    folder.mkdir(parents=True)
    if space.gradebook.exists():
        # SQLite's own copy: right also while somebody has the form grader open.
        with (
            closing(sqlite3.connect(space.gradebook)) as source,
            closing(sqlite3.connect(folder / space.gradebook.name)) as target,
        ):
            source.backup(target)
    if records.exists():
        shutil.copytree(records, folder / "records")
    return folder


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
    require_nbgrader("The gradebook")
    with _open(space) as book:
        book.update_or_create_assignment(unit)
        book.update_or_create_notebook(unit, unit)
        for cell in cells:
            given = {"max_score": cell.points, "cell_type": "markdown" if cell.by_hand else "code"}
            book.update_or_create_grade_cell(cell.name, unit, unit, **given)
            book.update_or_create_solution_cell(_answer(cell), unit, unit)  # comments hang on it
        for student in roster.students:
            given_name, _, family = student.name.rpartition(" ")
            details = {"first_name": given_name or None, "last_name": family, "email": student.email or None}
            book.update_or_create_student(student.id, **details)
        for student_id, record in records.items():
            if student_id not in roster.by_id:
                book.update_or_create_student(student_id)
            book.update_or_create_submission(unit, student_id, timestamp=(when or {}).get(student_id))
            _write_scores(book, unit, cells, record)
        book.db.commit()


def _write_scores(book: Any, unit: str, cells: Sequence[GradedCell], record: Record) -> None:
    for cell in cells:
        grade = _grade(book, unit, cell, record.student)
        if cell.by_hand:
            grade.needs_manual_grade = grade.manual_score is None
            continue
        mark = record.marks.get(cell.exercise)
        # Without a mark nbgrader would show 0, which is not what happened: it is left open for a person.
        grade.auto_score = mark.points if mark else None
        grade.needs_manual_grade = mark is None and grade.manual_score is None


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


@dataclass(frozen=True)
class ByHand:
    """What a person left in the form grader. points: None for what still waits. comment: for the student."""

    points: float | None
    comment: str = ""


def hand_marks(space: Workspace, unit: str, cells: Sequence[GradedCell]) -> dict[str, dict[str, ByHand]]:
    """Student -> exercise -> what a person marked, extra credit included, and wrote.

    Empty where there is no gradebook. Exercises that nobody touched are left out.
    """
    if not space.gradebook.exists() or not is_installed():
        return {}
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
                        marks[cell.exercise] = ByHand(points, comment)
    return found


def _points_by_hand(grade: Any) -> float | None:
    """A mark that a person gave or changed, extra credit included; None where nobody did."""
    if grade.manual_score is None and not grade.extra_credit:
        return None
    own = grade.auto_score if grade.manual_score is None else grade.manual_score
    return round((own or 0.0) + (grade.extra_credit or 0.0), 2)


def with_hand_marks(
    space: Workspace, unit: str, cells: Sequence[GradedCell], records: Mapping[str, Record]
) -> dict[str, Record]:
    """The records with what people marked in the place of ours, and essays that wait for it."""
    found = hand_marks(space, unit, cells)
    points = {cell.exercise: cell.points for cell in cells}
    made = {}
    for student, record in records.items():
        marks = dict(record.marks)
        for cell in cells:
            if cell.by_hand and not record.reason:  # a refused notebook holds nothing to read
                marks[cell.exercise] = Mark(0.0, cell.points, TO_REVIEW, "This is marked by a person.")
        for exercise, given in found.get(student, {}).items():
            ours = record.marks[exercise].text if exercise in record.marks else ""
            text = " ".join(part for part in (ours, given.comment) if part)
            if given.points is not None:
                marks[exercise] = Mark(given.points, points[exercise], BY_HAND, text)
            elif given.comment and exercise in marks:
                marks[exercise] = replace(marks[exercise], text=text)
        made[student] = replace(record, marks=marks)
    return made
