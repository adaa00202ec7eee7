"""Grading a class: every submission that has no record of its own yet, on all cores, one record each.

A submission is graded again only if its bytes, the checks or the cohort have changed. Records are written one
by one as they come, so a killed run continues where it was. Each worker runs one submission at a time, in the
sandbox; Ray, where it is asked for, runs the same function on its workers.
"""

from __future__ import annotations

import os
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from w2s_course.cache import file_sha256
from w2s_course.errors import CourseError, UsageError
from w2s_course.grading.engines import on_ray, on_this_machine
from w2s_course.grading.ledger import Ledger, read_ledger
from w2s_course.grading.libraries import require_libraries
from w2s_course.grading.master import GradedUnit
from w2s_course.grading.records import Mark, Record, keep_record, read_record, record_key, write_record
from w2s_course.grading.release import METADATA, cohort_unit, versions
from w2s_course.grading.roster import Roster, read_roster
from w2s_course.grading.score import Grade, grade_submission, refused
from w2s_course.grading.submission import Refused, read_submission
from w2s_course.grading.watch import Shortage, memory_is_back
from w2s_course.grading.workspace import Workspace, find_unit
from w2s_course.learn.exercises import Unit

ENGINES = ("local", "ray")
SHORT = "The machine ran short of memory; graded again by the next run."
"""The reason of a record without a mark, where a shortage ended the grading of an unknown cause."""


@dataclass(frozen=True)
class Job:
    """One submission to grade. key: what its record will say that it was made from."""

    root: Path
    unit: str
    student: str
    notebook: Path
    sha256: str
    key: str
    cohort: int | None
    late: bool
    unsafe: bool


Grader = Callable[[Job], Record]
Progress = Callable[[Record], object]


@lru_cache(maxsize=8)
def _exam(root: Path, unit: str, cohort: int | None) -> tuple[GradedUnit, dict[str, str]]:
    """Made once a process."""
    graded = cohort_unit(root, find_unit(unit), cohort)
    return graded, versions(graded, cohort)


@lru_cache(maxsize=8)
def _ready(root: Path, unit: str, unsafe: bool) -> None:
    """Tried once a process, which may be on another machine than the last; all cohorts import the same."""
    require_libraries(_exam(root, unit, None)[0], unsafe)


def grade_job(job: Job) -> Record:
    """Grade one submission in a sandbox; its record, not written yet.

    Raises: CourseError for what is wrong with this machine. A bug of ours becomes the record of this one
        submission (`Record.is_failed`): whoever finds one must not keep the class from being graded. So does
        a shortage of memory that ends with the sandbox.
    """
    graded, wanted = _exam(job.root, job.unit, job.cohort)
    _ready(job.root, job.unit, job.unsafe)
    try:
        grade = grade_submission(read_submission(job.notebook), graded, unsafe=job.unsafe)
    except Refused as refusal:
        grade = refused(graded, str(refusal))
    except CourseError as error:
        if isinstance(error, Shortage) and memory_is_back():
            return _failed(as_record(job, refused(graded, SHORT), wanted))
        raise CourseError(f"{error} (This came up while grading {job.student}.)") from error
    except Exception as error:
        return _failed(as_record(job, refused(graded, _bug(error)), wanted))
    return as_record(job, grade, wanted)


def _bug(error: Exception) -> str:
    return (
        f"The grader itself failed ({type(error).__name__}): that is a bug in the course and not the "
        "submission's fault. It is graded again by the next run."
    )


def _failed(record: Record) -> Record:
    """A record that no run keeps, with the traceback of the exception at hand for the instructor."""
    return replace(record, key="", output=traceback.format_exc())


def refuse_job(job: Job) -> Record:
    """The record of a submission that nobody will run: for dry runs, of class sizes and of workers."""
    graded, wanted = _exam(job.root, job.unit, job.cohort)
    return as_record(job, refused(graded, "Not run: this was a dry run."), wanted)


def as_record(job: Job, grade: Grade, wanted: dict[str, str]) -> Record:
    """A grade with what it was made from."""
    marks = {
        e.exercise: Mark(e.points, e.out_of, e.state, e.text, e.misconception, dict(e.parts), tuple(e.log))
        for e in grade.exercises
    }
    return Record(
        student=job.student,
        unit=job.unit,
        key=job.key,
        sha256=job.sha256,
        state=grade.state,
        marks=marks,
        versions=wanted,
        reason=grade.reason,
        late=job.late,
        cohort=job.cohort,
        repairs=grade.repairs,
        output=grade.output,
        ends=grade.ends,
        seconds=grade.seconds,
        warning=grade.warning,
    )


def jobs_of(space: Workspace, unit: Unit, cohort: int | None = None, unsafe: bool = False) -> list[Job]:
    """Every submission of a unit that is in place, by student.

    cohort: of the students for whom the roster says none.
    """
    ledger = read_ledger(space, unit.slug)
    roster = read_roster(space.roster) if space.roster.is_file() else Roster(())
    made = []
    for path in sorted(space.submitted.glob(f"*/{unit.slug}/{unit.slug}.ipynb")):
        student = path.parts[-3]
        own = roster.by_id[student].cohort if student in roster.by_id else None
        seed = cohort if own is None else own
        _, wanted = _exam(space.root, unit.slug, seed)
        sha256 = file_sha256(path)
        key = record_key(sha256, wanted, seed)
        late = is_late(ledger, student)
        made.append(Job(space.root, unit.slug, student, path, sha256, key, seed, late, unsafe))
    return made


def said_cohorts(jobs: Iterable[Job]) -> Counter[int | None]:
    """The cohorts that notebooks name and are not graded as, and how many: a sign of a forgotten --cohort.

    Only for a warning: a student can write there what they like.
    """
    found: Counter[int | None] = Counter()
    for job in jobs:
        try:
            said = read_submission(job.notebook).metadata.get(METADATA)
        except Refused:
            continue
        if isinstance(said, dict) and "cohort" in said and said["cohort"] != job.cohort:
            cohort = said["cohort"]
            found[cohort if isinstance(cohort, int) else None] += 1
    return found


def is_late(ledger: Ledger, student: str) -> bool:
    """Whether the copy that counts came after the deadline."""
    chosen = ledger.choose(student)
    return chosen is not None and chosen.is_late(ledger.deadline)


def pending(jobs: Iterable[Job], folder: Path) -> list[Job]:
    """The jobs whose record is missing, or was made from something else."""
    left = []
    for job in jobs:
        record = read_record(folder / f"{job.student}.json")
        if record is None or record.key != job.key or record.late != job.late:
            left.append(job)
    return left


def run(
    jobs: Sequence[Job],
    folder: Path,
    *,
    workers: int = 0,
    engine: str = "local",
    grader: Grader = grade_job,
    progress: Progress = lambda record: None,
    keep: bool = False,
) -> list[Record]:
    """Grade the jobs and write their records into `folder`; the records, in the order in which they came.

    workers: processes at one time; 0 for one a core. progress: called with each record once it is written.
    keep: leave the earlier record of the same bytes where the grader itself fails; see `records.keep_record`.
    Raises: UsageError for an engine that does not exist, or less than 0 workers; CourseError where there is
        no sandbox, or a worker was killed: what is graded is kept, and the same call goes on.
    """
    if engine not in ENGINES:
        raise UsageError(f"Unknown engine '{engine}'. Known: {', '.join(ENGINES)}.")
    if workers < 0:
        raise UsageError(f"--jobs must be 0 (one a core) or more; got {workers}.")
    made = []
    # Closed whatever comes: Ctrl-C in this loop must end the workers, too.
    start = on_ray if engine == "ray" else on_this_machine
    with closing(start(jobs, workers or _cores(), grader)) as graded:
        for record in graded:
            (keep_record if keep else write_record)(folder, record)
            progress(record)
            made.append(record)
    return made


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
