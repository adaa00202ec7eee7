"""Where a class stands: each student's state, and the marks that count, people's before ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from filelock import FileLock, Timeout

from w2s_course.cache import file_sha256
from w2s_course.errors import CourseError
from w2s_course.grading.collect import Ledger, read_ledger
from w2s_course.grading.gradebook import TO_REVIEW, GradedCell, graded_cells, with_hand_marks
from w2s_course.grading.records import Record, need_records
from w2s_course.grading.release import release_notebook
from w2s_course.grading.roster import Roster, read_roster
from w2s_course.grading.run import Job, pending
from w2s_course.grading.workspace import Workspace, find_source
from w2s_course.learn.exercises import Unit

ABSENT, CONFLICT, WAITING = "not handed in", "conflict", "not graded yet"


@dataclass(frozen=True)
class Standing:
    """One student in one unit. points: None where there is no mark."""

    student: str
    name: str
    state: str
    points: float | None = None
    late: bool = False
    repairs: int = 0
    to_review: int = 0
    reason: str = ""


@contextmanager
def alone(space: Workspace) -> Iterator[None]:
    """Keep a second command from changing the class at the same time.

    Raises: CourseError where one is at it already.
    """
    space.base.mkdir(parents=True, exist_ok=True)
    lock = FileLock(space.base / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise CourseError(
            f"Another `w2s grade` works in {space.base}. Wait until it has finished."
        ) from error
    try:
        yield
    finally:
        lock.release()


def class_roster(space: Workspace) -> Roster:
    """The roster of the class; empty where nothing was collected yet."""
    return read_roster(space.roster) if space.roster.is_file() else Roster(())


def unit_cells(space: Workspace, unit: Unit) -> list[GradedCell]:
    """The cells of a unit's released notebook that carry points."""
    return graded_cells(release_notebook(find_source(space.root, unit), unit))


def final_records(space: Workspace, unit: Unit) -> tuple[dict[str, Record], list[str]]:
    """The records of a unit's submissions that count, with what people marked by hand in them.

    Also the students whose record is left out: of a copy that counts no longer, since another one is in its
    place that is not graded yet, or none (a conflict, or the copy was somebody else's).
    Raises: CourseError where nothing has been graded yet.
    """
    records = need_records(space.records(unit.slug), unit.slug)
    count = counting(space, records)
    final = with_hand_marks(space, unit.slug, unit_cells(space, unit), count)
    return final, sorted(records.keys() - count.keys())


def counting(space: Workspace, records: Mapping[str, Record]) -> dict[str, Record]:
    """The records of copies that are in place."""
    return {student: record for student, record in records.items() if _counts(space, record)}


def open_states(space: Workspace, unit: str, final: Mapping[str, Record]) -> dict[str, str]:
    """Student -> state of those who handed in and have no record that counts, or one without any mark since
    the grader itself failed."""
    ledger = read_ledger(space, unit)
    marked = {s for s, record in final.items() if not record.is_failed or record.points is not None}
    waiting = {*ledger.students, *final} - marked
    return {s: WAITING if s in final else _without_mark(ledger, s) for s in sorted(waiting)}


def _without_mark(ledger: Ledger, student: str) -> str:
    """The state of somebody who has no mark, by the copies that came in."""
    if ledger.choose(student) is not None:
        return WAITING
    return CONFLICT if ledger.of(student) else ABSENT


def _counts(space: Workspace, record: Record) -> bool:
    """Whether a record is of the copy that is in place."""
    placed = space.submission(record.unit, record.student)
    return placed.is_file() and file_sha256(placed) == record.sha256


def standings(
    space: Workspace, unit: str, roster: Roster, jobs: Sequence[Job], records: Mapping[str, Record]
) -> list[Standing]:
    """Every student of the roster, and who handed in without being in it."""
    waiting = {job.student for job in pending(jobs, space.records(unit))}
    placed, ledger = {job.student for job in jobs}, read_ledger(space, unit)
    names = {s.id: s.name for s in roster.students}
    made = []
    for student in [*names, *sorted(placed - set(names))]:
        record, name = records.get(student), names.get(student, "")
        if student not in placed:
            made.append(Standing(student, name, _without_mark(ledger, student)))
        elif student in waiting or record is None:
            why = record.reason if record is not None and record.is_failed else ""
            made.append(Standing(student, name, WAITING, reason=why))
        else:
            open_ones = sum(mark.state == TO_REVIEW for mark in record.marks.values())
            made.append(
                Standing(
                    student,
                    name,
                    record.state,
                    record.points,
                    record.late,
                    len(record.repairs),
                    open_ones,
                    record.reason,
                )
            )
    return made


def counts(rows: Sequence[Standing]) -> dict[str, int]:
    """State -> number of students, the most frequent first."""
    return dict(Counter(row.state for row in rows).most_common())
