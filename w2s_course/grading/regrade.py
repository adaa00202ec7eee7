"""After a check was corrected: which marks of one exercise change, seen before anything is changed.

Every submission is graded again, into a folder of its own that a killed run continues; then the marks of that
exercise are compared. Applying takes over that exercise and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from w2s_course.errors import UsageError
from w2s_course.grading.records import Mark, Record, record_key, write_record
from w2s_course.grading.run import Job
from w2s_course.grading.score import State, overall
from w2s_course.grading.workspace import Workspace


@dataclass(frozen=True)
class Change:
    """One student's mark in one exercise, before and after. None: there was, or is, no mark."""

    student: str
    before: float | None
    after: float | None
    why: str


def proposals(space: Workspace, unit: str) -> Path:
    """Where the records of a regrading stand until they are applied."""
    return space.base / "proposed" / unit


def require_same_cohorts(jobs: Sequence[Job], old: Mapping[str, Record]) -> None:
    """Raises: UsageError for a job that would be marked by another version than its record."""
    for job in jobs:
        before = old[job.student].cohort
        if before != job.cohort:
            was, now = (
                "the common version" if seed is None else f"cohort {seed}" for seed in (before, job.cohort)
            )
            raise UsageError(
                f"{job.student} was marked by {was} and would now be marked by {now}. Give --cohort as to "
                "`w2s grade run`, or put it into the roster's column 'cohort'."
            )


def comparable(new: Mapping[str, Record], old: Mapping[str, Record]) -> dict[str, Record]:
    """The new records of the same bytes as the old ones, and not of a failure of ours."""
    return {s: r for s, r in sorted(new.items()) if r.sha256 == old[s].sha256 and not r.is_failed}


def changes(exercise: str, old: Mapping[str, Record], new: Mapping[str, Record]) -> list[Change]:
    """The students whose mark in an exercise differs."""
    found = []
    for student, record in new.items():
        mark = record.marks.get(exercise)
        earlier = old[student].marks.get(exercise) if student in old else None
        before, after = (earlier.points if earlier else None), (mark.points if mark else None)
        if before != after:
            why = mark.text if mark else record.reason
            found.append(Change(student, before, after, why))
    return found


def merged(exercise: str, old: Record, new: Record) -> Record:
    """The old record with the new mark of one exercise, the version of the check that made it, and the state
    that follows from all of its marks."""
    if exercise not in new.marks:
        return old
    marks = {**old.marks, exercise: new.marks[exercise]}
    versions = {**old.versions, exercise: new.versions[exercise]}
    key = record_key(old.sha256, versions, old.cohort)
    before, after = _state(old.marks), _state(marks)
    # Who wrote an essay alone is not *missing*, which no mark shows.
    state = old.state if before == after else after
    return replace(old, marks=marks, versions=versions, key=key, state=state)


def _state(marks: Mapping[str, Mark]) -> State:
    return overall([cast("State", mark.state) for mark in marks.values()])


def apply(
    space: Workspace, unit: str, exercise: str, old: Mapping[str, Record], new: Mapping[str, Record]
) -> int:
    """Take the new marks of one exercise over into the records; how many records were written.

    The caller has made a backup. A record of other bytes than were regraded is left as it is.
    """
    count = 0
    for student, record in new.items():
        before = old.get(student)
        if before is None or before.sha256 != record.sha256 or bool(before.marks) != bool(record.marks):
            continue
        write_record(space.records(unit), merged(exercise, before, record) if before.marks else record)
        count += 1
    return count
