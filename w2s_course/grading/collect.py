"""From a download to one notebook a student: who sent what, which copy counts, what could not be placed.

The rule: of a student's copies the latest before the deadline counts; if there is none, the latest late one,
with a mark. Copies in which no exercise of the unit can be read, damaged ones too, count only where there is
no other. Two different copies of the same moment are a conflict, and neither counts until a person has said
which (`--take`). What belongs to nobody, or to two, is listed and left.

Each copy is kept under the digest of its bytes and never changed, so collecting a download twice, or a second
one later, is safe: the choice is made again from all copies. Each has two times: the earliest at which it
came says whether it is late, the latest which of several counts. A copy is taken away from a student only
where a corrected roster gives the same file to another one; what it was graded with goes too.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from w2s_course.cache import file_sha256
from w2s_course.disk import write_atomically
from w2s_course.errors import CourseError, UsageError, unknown_name
from w2s_course.grading.archives import Incoming, Refused, read_incoming
from w2s_course.grading.backups import back_up
from w2s_course.grading.deadline import as_local
from w2s_course.grading.gradebook import forget
from w2s_course.grading.ledger import Attempt, Ledger, read_ledger, write_ledger
from w2s_course.grading.markers import holds_exercise
from w2s_course.grading.naming import read_label
from w2s_course.grading.records import read_record
from w2s_course.grading.roster import Roster, read_roster
from w2s_course.grading.workspace import Workspace
from w2s_course.learn.exercises import Unit

STAMP = "timestamp.txt"
NO_TIME = datetime(1980, 1, 1).isoformat()
"""What a zip says of a file of which it knows no time."""
UNREADABLE = "no exercise of this unit can be read in it"
Status = Literal["counts", "superseded", "same as another", "conflict", "unknown student", "refused"]


@dataclass(frozen=True)
class Row:
    """What became of one file."""

    path: str
    status: Status
    student: str = ""
    late: bool = False
    note: str = ""


def collect(
    space: Workspace,
    source: Path,
    unit: Unit,
    roster_path: Path | None,
    deadline: datetime | None = None,
    take: Sequence[str] = (),
) -> list[Row]:
    """Take in a folder or zip; what became of each file, and of older ones that moved, in order of the paths.

    roster_path: None for the roster of the last time. deadline: without a zone it is in local time; None for
        that of the last time.
    take: paths of copies that are to count whatever the rule says; PATH@DIGEST where several had that path.
    Raises: CourseError for a source or a roster that cannot be read, and for a path of `take` that did not
        come in, or more than once; also where a file moves that people marked and nbgrader is missing.
    """
    roster = _roster(space, roster_path)
    old = read_ledger(space, unit.slug)
    when = as_local(deadline).isoformat(timespec="seconds") if deadline else old.deadline
    rows, fresh = _take_in(space, read_incoming(source), unit, roster)
    moved = _misplaced(old.attempts, unit, roster)
    attempts = _joined(old.attempts, moved, fresh)
    files = {attempt.file for attempt in fresh}
    came = [attempt for attempt in attempts if attempt.file in files]
    chosen = [_named(each, attempts, came) for each in take]
    taken = {**old.taken, **{attempt.student: attempt.sha256 for attempt in chosen}}
    theirs = {(attempt.student, attempt.sha256) for attempt in attempts}
    ledger = Ledger(when, attempts, {s: sha for s, sha in taken.items() if (s, sha) in theirs})
    gone = [a for a in moved if (a.student, a.sha256) not in theirs]
    # All that follows from a move comes before the ledger that forgets the move: a killed run does it again.
    aside = _set_aside(space, unit.slug, gone)
    _copy_to_owners(space, unit.slug, moved)
    for student in {attempt.student for attempt in moved} - set(ledger.students):
        _unplace(space, unit.slug, student)
    write_ledger(space, unit.slug, ledger)
    _place(space, unit.slug, ledger)
    _take_away(space, unit.slug, gone)
    files |= {attempt.file for attempt in moved}
    shown = [attempt for attempt in attempts if attempt.file in files]
    return sorted([*rows, *_outcomes(ledger, shown, moved, aside)], key=lambda row: row.path)


def _misplaced(old: Sequence[Attempt], unit: Unit, roster: Roster) -> dict[Attempt, str]:
    """The copies of before whose path names somebody else by the roster of now, and whom."""
    owners = {path: read_label(path, roster, unit.slug).match.student for path in {a.path for a in old}}
    found = {a: owner.id for a in old if (owner := owners[a.path]) is not None}
    return {attempt: owner for attempt, owner in found.items() if owner != attempt.student}


def _joined(
    old: Sequence[Attempt], moved: Mapping[Attempt, str], fresh: Sequence[Attempt]
) -> tuple[Attempt, ...]:
    """All copies, each with whoever it belongs to now, and with its earliest and its latest time."""
    everything = [*(replace(a, student=moved.get(a, a.student)) for a in old), *fresh]
    times: dict[tuple[str, str], set[str]] = {}
    for each in everything:
        times.setdefault(each.file, set()).update({each.came, each.changed})
    attempts = {}
    for each in everything:
        known = times[each.file] - {NO_TIME} or {NO_TIME}
        key = (each.student, each.sha256, each.path)
        attempts[key] = replace(each, changed=max(known), first=min(known))
    return tuple(attempts[key] for key in sorted(attempts))


def _named(given: str, attempts: Sequence[Attempt], came: Sequence[Attempt]) -> Attempt:
    """The copy that PATH or PATH@DIGEST names; of several with that path the one that came in now.

    Raises: UsageError where there is none, or where there are several.
    """
    paths = {attempt.path for attempt in attempts}
    path, _, digest = (given, "", "") if given in paths else given.rpartition("@")
    found = [a for a in attempts if a.path == path and a.sha256.startswith(digest.lower())]
    if not found:
        raise unknown_name("collected file", given, paths)
    found = [a for a in found if a in came and not digest] or found
    if len(found) > 1:
        listed = " or ".join(f"--take '{_full_name(a)}'" for a in found)
        raise UsageError(f"{len(found)} copies have the path '{path}'. Say which one counts: {listed}.")
    return found[0]


def _full_name(attempt: Attempt) -> str:
    return f"{attempt.path}@{attempt.sha256[:8]}"


def _roster(space: Workspace, path: Path | None) -> Roster:
    if path is None and not space.roster.exists():
        raise CourseError(
            "This class has no roster yet. Give it once, with --roster roster.csv: a CSV with the columns id "
            "and name, and where you have them email, lms_id and cohort."
        )
    roster = read_roster(path or space.roster)
    space.base.mkdir(parents=True, exist_ok=True)
    if path is not None:
        write_atomically(space.roster, path.read_bytes())
    return roster


def _take_in(
    space: Workspace, files: Iterable[Incoming | Refused], unit: Unit, roster: Roster
) -> tuple[list[Row], list[Attempt]]:
    """Store what has an owner. Returns the rows of all else, and the copies."""
    rows: list[Row] = []
    fresh: list[Attempt] = []
    space.collected(unit.slug).mkdir(parents=True, exist_ok=True)
    for file in files:
        label = read_label(file.path, roster, unit.slug)
        owner = label.match.student
        if isinstance(file, Refused):
            rows.append(Row(file.path, "refused", owner.id if owner else "", note=file.reason))
        elif owner is None:
            status: Status = "conflict" if label.match.conflict else "unknown student"
            rows.append(Row(file.path, status, note=label.match.reason))
        else:
            fresh.append(_store(space, file, unit, owner.id, label.late, label.order))
    return rows, fresh


def _store(
    space: Workspace, file: Incoming, unit: Unit, student: str, late: bool | None, order: tuple[int, int]
) -> Attempt:
    sha256 = hashlib.sha256(file.data).hexdigest()
    target = space.collected(unit.slug) / student / f"{sha256}.ipynb"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, file.data)
    relevant = holds_exercise(target, unit)
    changed = file.changed.isoformat(timespec="seconds")
    return Attempt(student, sha256, file.path, changed, late, order, relevant)


def _place(space: Workspace, unit: str, ledger: Ledger) -> None:
    """Put the copy that counts where it is graded from; take away what does not count any longer.

    STAMP beside it is nbgrader's: its form grader lists a submission by it.
    """
    for student in ledger.students:
        target, chosen = space.submission(unit, student), ledger.choose(student)
        stamp = target.with_name(STAMP)
        if chosen is None:
            _unplace(space, unit, student)
            continue
        data = (space.collected(unit) / student / f"{chosen.sha256}.ipynb").read_bytes()
        target.parent.mkdir(parents=True, exist_ok=True)
        for path, wanted in ((target, data), (stamp, f"{chosen.came}\n".encode())):
            if not path.exists() or path.read_bytes() != wanted:
                write_atomically(path, wanted)


def _unplace(space: Workspace, unit: str, student: str) -> None:
    """Take away what is graded of a student, and its folder, which nbgrader would take for a submission."""
    target = space.submission(unit, student)
    target.unlink(missing_ok=True)
    target.with_name(STAMP).unlink(missing_ok=True)
    with suppress(OSError):
        target.parent.rmdir()


def _set_aside(space: Workspace, unit: str, gone: Sequence[Attempt]) -> dict[str, Path]:
    """Take away what was made of copies that leave a student: record, feedback, and what people marked.

    They are of somebody else's work. Returns the backups in which they still stand, by student.
    """
    found = [a.student for a in gone if a.sha256 in _graded(space, unit, a.student)]
    folder = back_up(space, keep=True) if found else None
    recorded = [student for student in found if (space.records(unit) / f"{student}.json").is_file()]
    for student in found:
        forget(space, unit, student)
        (space.records(unit) / f"{student}.json").unlink(missing_ok=True)
        (space.feedback(unit) / f"{student}.html").unlink(missing_ok=True)
        space.shown(unit, student).unlink(missing_ok=True)
    return dict.fromkeys(recorded, folder) if folder else {}


def _graded(space: Workspace, unit: str, student: str) -> set[str]:
    """The digests of a student's copies that a record or a person's mark may be of."""
    record, placed = read_record(space.records(unit) / f"{student}.json"), space.submission(unit, student)
    return {record.sha256} if record else {file_sha256(placed)} if placed.is_file() else set()


def _copy_to_owners(space: Workspace, unit: str, moved: Mapping[Attempt, str]) -> None:
    for attempt, owner in moved.items():
        name = f"{attempt.sha256}.ipynb"
        target = space.collected(unit) / owner / name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(target, (space.collected(unit) / attempt.student / name).read_bytes())


def _take_away(space: Workspace, unit: str, gone: Sequence[Attempt]) -> None:
    """Remove copies from students whose they are not, and the folders that are empty then."""
    for attempt in gone:
        folder = space.collected(unit) / attempt.student
        (folder / f"{attempt.sha256}.ipynb").unlink(missing_ok=True)
        with suppress(OSError):
            folder.rmdir()


def _outcomes(
    ledger: Ledger, shown: Sequence[Attempt], moved: Iterable[Attempt], aside: Mapping[str, Path]
) -> list[Row]:
    """What became of the copies of this download, and of those that moved."""
    rows, before = [], {attempt.file: attempt.student for attempt in moved}
    several = Counter(path for path, _ in {attempt.file for attempt in ledger.attempts})
    for attempt in shown:
        row = _outcome(ledger, attempt, several[attempt.path] > 1)
        if (was := before.get(attempt.file)) is not None:
            note = f"moved here from {was}, whose it was by the roster of last time"
            if was in aside:
                note += f"; {was}'s record and hand marks stand only in the backup {aside[was].name} now"
            row = replace(row, note="; ".join(part for part in (note, row.note) if part))
        rows.append(row)
    return rows


def _outcome(ledger: Ledger, attempt: Attempt, ambiguous: bool) -> Row:
    """What became of one copy. ambiguous: whether others have its path."""
    chosen = ledger.choose(attempt.student)
    row = Row(attempt.path, "superseded", attempt.student, attempt.is_late(ledger.deadline))
    if chosen is None:
        name = _full_name(attempt) if ambiguous else attempt.path
        note = f"two different copies of the same moment; say which with --take '{name}'"
        return replace(row, status="conflict", note=note)
    if chosen.path == attempt.path and chosen.sha256 == attempt.sha256:
        note = "" if attempt.relevant else UNREADABLE
        return replace(row, status="counts", note=note)
    if chosen.sha256 == attempt.sha256:
        return replace(row, status="same as another", note=f"as {chosen.path}")
    name = _full_name(chosen) if chosen.path == attempt.path else chosen.path
    only_late = row.late and not chosen.is_late(ledger.deadline)
    why = UNREADABLE if not attempt.relevant else "late" if only_late else ""
    return replace(row, note="; ".join(part for part in (why, f"{name} counts") if part))


def unresolved(rows: Iterable[Row]) -> list[Row]:
    """What somebody has to look at."""
    return [row for row in rows if row.status in ("conflict", "unknown student", "refused")]
