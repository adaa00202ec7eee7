"""One JSON record a submission: its state, its marks, and what each mark rests on.

The records are the truth of a class; gradebook, feedback and exports are made from them. A record is written
in one step, so a killed run leaves whole records or none, and it names what it was made from (the bytes of
the submission, the versions of the checks), so that the next run knows which it may keep.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from w2s_course.cache import digest
from w2s_course.disk import write_atomically
from w2s_course.errors import CourseError

SCHEMA = 1
BY_HAND, TO_REVIEW, AGAIN = "marked by hand", "to review", "to review again"
"""States of marks that people give; those of ours are in `score.State`."""

EMPTY: Final = "nothing written"
"""The state of the 0 for an essay that is not there: one of ours."""

FAILED = "failed"
"""Folder of the failures of ours that took no mark away."""


@dataclass(frozen=True)
class Mark:
    """The mark of one exercise.

    state: as in `score.State`, or of those that people give; 'missing' where it was not attempted.
    text: for the learner.
    misconception: its name, '' if none shows. parts: part -> whether it is right.
    log: each call with its answer and verdict, hidden ones too: for the instructor, never for feedback.
    """

    points: float
    out_of: float
    state: str
    text: str
    misconception: str = ""
    parts: Mapping[str, bool] = field(default_factory=dict)
    log: tuple[Mapping[str, Any], ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether a person still has to give it, or to look at it again. Its points are no points."""
        return self.state in (TO_REVIEW, AGAIN)


@dataclass(frozen=True)
class Record:
    """What became of one submission. key: of what it was made from, see `record_key`; '' where the grader
    itself failed, or the machine's memory, so that the next run grades it again.

    state: as in `score.State`. marks: by exercise; empty where the submission was refused, and `reason` says
    why. repairs: what was mended before grading, in words. output: the beginning of what it printed.
    ends: what ended its sandboxes, if something did.
    """

    student: str
    unit: str
    key: str
    sha256: str
    state: str
    marks: Mapping[str, Mark]
    versions: Mapping[str, str]
    reason: str = ""
    late: bool = False
    cohort: int | None = None
    repairs: tuple[str, ...] = ()
    output: str = ""
    ends: tuple[str, ...] = ()
    seconds: float = 0.0
    warning: str = ""

    @property
    def is_failed(self) -> bool:
        """Whether the grader, not the submission, is to blame that there is no mark."""
        return not self.key

    @property
    def points(self) -> float | None:
        """The sum of the marks; None where nothing could be marked, or a person has not marked all yet."""
        if any(mark.is_open for mark in self.marks.values()):
            return None
        return round(sum(mark.points for mark in self.marks.values()), 2) if self.marks else None

    @property
    def out_of(self) -> float:
        return sum(mark.out_of for mark in self.marks.values())


def record_key(sha256: str, versions: Mapping[str, str], cohort: int | None) -> str:
    """The identity of what a record is made from: a submission, and the checks that mark it."""
    return digest({"submission": sha256, "checks": dict(versions), "cohort": cohort, "schema": SCHEMA})


def write_record(folder: Path, record: Record) -> None:
    """Write it as STUDENT.json, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"schema_version": SCHEMA, **asdict(record)}, indent=1)
    write_atomically(folder / f"{record.student}.json", text + "\n")


def keep_record(folder: Path, record: Record) -> None:
    """As `write_record`, but a failure of ours takes no mark away: it is written beside the earlier record.

    The earlier one must be of the same bytes; of others it counts no longer.
    """
    failed, earlier = folder / FAILED, read_record(folder / f"{record.student}.json")
    kept = earlier is not None and not earlier.is_failed and earlier.sha256 == record.sha256
    if record.is_failed and kept:
        write_record(failed, record)
        return
    write_record(folder, record)
    (failed / f"{record.student}.json").unlink(missing_ok=True)


def failure(folder: Path, student: str) -> Path:
    """The file that says how the grader failed on a student's submission."""
    beside = folder / FAILED / f"{student}.json"
    return beside if beside.is_file() else folder / f"{student}.json"


def read_record(path: Path) -> Record | None:
    """The record in a file; None where there is none, or one of another schema or a damaged one.

    Such a submission is graded again: nothing is lost by it.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found.pop("schema_version") != SCHEMA:
            return None
        marks = {key: Mark(**{**m, "log": tuple(m["log"])}) for key, m in found.pop("marks").items()}
        if not all(0 <= mark.points <= mark.out_of for mark in marks.values()):
            return None  # no grader gives that: somebody wrote into the file
        repairs, ends = tuple(found.pop("repairs")), tuple(found.pop("ends"))
        return Record(**found, repairs=repairs, ends=ends, marks=marks)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def read_records(folder: Path) -> dict[str, Record]:
    """Student -> record, in the order of the students."""
    return {record.student: record for record in _all(folder)}


def _all(folder: Path) -> Iterator[Record]:
    for path in sorted(folder.glob("*.json")):
        record = read_record(path)
        if record is not None:
            yield record


def need_records(folder: Path, unit: str) -> dict[str, Record]:
    """As `read_records`. Raises: CourseError where nothing has been graded yet."""
    found = read_records(folder)
    if not found:
        raise CourseError(f"Nothing of {unit} has been graded yet. Run `w2s grade run {unit}` first.")
    return found
