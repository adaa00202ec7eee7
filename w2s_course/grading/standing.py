"""Where a class stands: each student's state, and the marks that count, people's before ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from filelock import FileLock, Timeout

from w2s_course.cache import file_sha256
from w2s_course.errors import CourseError
from w2s_course.grading.answered import changed_since_shown
from w2s_course.grading.gradebook import GradedCell, graded_cells, with_hand_marks
from w2s_course.grading.ledger import Ledger, read_ledger
from w2s_course.grading.records import AGAIN, EMPTY, TO_REVIEW, Record, need_records
from w2s_course.grading.release import cohort_unit, release_notebook, versions
from w2s_course.grading.roster import Roster, read_roster
from w2s_course.grading.run import is_late
from w2s_course.grading.workspace import Workspace, find_source
from w2s_course.learn.exercises import Unit

ABSENT, CONFLICT, WAITING = "not handed in", "conflict", "not graded yet"


@dataclass(frozen=True)
class Standing:
    """One student in one unit. points: None where there is no mark. to_review, again: marks that wait for a
    person, and of these those that were given for another text or are out of range; `reason` says which."""

    student: str
    name: str
    state: str
    points: float | None = None
    late: bool = False
    repairs: int = 0
    to_review: int = 0
    again: int = 0
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


def need_collected(space: Workspace, unit: Unit) -> None:
    """Raises: CourseError with the next step, where there is no course or no copy of the unit came in."""
    find_source(space.root, unit)
    if not space.placed(unit.slug) and not read_ledger(space, unit.slug).attempts:
        raise CourseError(
            f"Nothing of {unit.slug} has been collected yet. Take a download in first, a zip or a folder: "
            f"`w2s grade collect DOWNLOAD --unit {unit.number} --roster roster.csv`."
        )


def final_records(space: Workspace, unit: Unit) -> tuple[dict[str, Record], list[str]]:
    """The records of a unit's submissions that count, with what people marked by hand in them.

    Also the students whose record is left out: of a copy that counts no longer, since another one is in its
    place that is not graded yet, or none (a conflict, or the copy was somebody else's).
    Raises: CourseError where nothing has been graded yet.
    """
    records = need_records(space.records(unit.slug), unit.slug)
    final = as_they_count(space, unit, records)
    return final, sorted(records.keys() - final.keys())


def as_they_count(space: Workspace, unit: Unit, records: Mapping[str, Record]) -> dict[str, Record]:
    """The records of copies that are in place, with people's marks, and late by the deadline of now."""
    ledger = read_ledger(space, unit.slug)
    count = {s: replace(r, late=is_late(ledger, s)) for s, r in counting(space, records).items()}
    changed = changed_since_shown(space, unit, count)
    return with_hand_marks(space, unit.slug, unit_cells(space, unit), count, changed)


def corrected(space: Workspace, unit: Unit, records: Mapping[str, Record]) -> dict[str, int]:
    """Exercise -> how many of these records have a mark by another check than that of now.

    The check was corrected since, or the roster names another cohort now.
    """
    roster, found = class_roster(space), Counter[str]()
    wanted: dict[int | None, dict[str, str]] = {}
    for student, record in records.items():
        own = roster.by_id[student].cohort if student in roster.by_id else None
        seed = record.cohort if own is None else own
        if seed not in wanted:
            wanted[seed] = versions(cohort_unit(space.root, unit, seed), seed)
        now = wanted[seed]
        found.update(key for key in record.marks.keys() & now if record.versions.get(key) != now[key])
    return {exercise.id: found[exercise.id] for exercise in unit.exercises if found[exercise.id]}


def counting(space: Workspace, records: Mapping[str, Record]) -> dict[str, Record]:
    """The records of copies that are in place."""
    return {student: record for student, record in records.items() if _counts(space, record)}


def open_states(space: Workspace, unit: str, final: Mapping[str, Record]) -> dict[str, str]:
    """Student -> state of those who handed in and have no record that counts, or one without any mark since
    the grader itself failed."""
    ledger = read_ledger(space, unit)
    marked = {s for s, record in final.items() if _is_marked(record)}
    waiting = {*ledger.students, *final} - marked
    return {s: WAITING if s in final else _without_mark(ledger, s) for s in sorted(waiting)}


def _is_marked(record: Record) -> bool:
    """Whether there is more to say than that the grader itself failed: a person may have marked it."""
    return not record.is_failed or bool(record.marks)


def _without_mark(ledger: Ledger, student: str) -> str:
    """The state of somebody who has no mark, by the copies that came in."""
    if ledger.choose(student) is not None:
        return WAITING
    return CONFLICT if ledger.of(student) else ABSENT


def _counts(space: Workspace, record: Record) -> bool:
    """Whether a record is of the copy that is in place."""
    placed = space.submission(record.unit, record.student)
    return placed.is_file() and file_sha256(placed) == record.sha256


def standings(space: Workspace, unit: str, roster: Roster, records: Mapping[str, Record]) -> list[Standing]:
    """Every student of the roster, and who handed in without being in it. records: those that count."""
    ledger, placed = read_ledger(space, unit), {path.parts[-3] for path in space.placed(unit)}
    names = {s.id: s.name for s in roster.students}
    made = []
    for student in [*names, *sorted(placed - set(names))]:
        record, name = records.get(student), names.get(student, "")
        if record is None or not _is_marked(record):
            state = WAITING if student in placed else _without_mark(ledger, student)
            made.append(Standing(student, name, state, reason=record.reason if record else ""))
        else:
            made.append(_standing(record, name))
    return made


def _standing(record: Record, name: str) -> Standing:
    again = [f"{key}: {m.log[0]['why']}" for key, m in record.marks.items() if m.state == AGAIN]
    empty = [f"{key}: {EMPTY}" for key, mark in record.marks.items() if mark.state == EMPTY]
    return Standing(
        record.student,
        name,
        record.state,
        record.points,
        record.late,
        len(record.repairs),
        sum(mark.state == TO_REVIEW for mark in record.marks.values()) + len(again),
        len(again),
        "; ".join(part for part in (record.reason, *again, *empty) if part),
    )


def counts(rows: Sequence[Standing]) -> dict[str, int]:
    """State -> number of students, the most frequent first."""
    return dict(Counter(row.state for row in rows).most_common())
