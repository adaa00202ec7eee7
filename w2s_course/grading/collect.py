"""From a download to one notebook a student: who sent what, which copy counts, what could not be placed.

The rule: of a student's copies the latest before the deadline counts; if there is none, the latest late one,
with a mark. Copies that hold no exercise of the unit count only where there is no other. Two different copies
of the same moment are a conflict, and neither counts until a person has said which (`--take`). What belongs
to nobody, or to two, is listed and left.

Each copy is kept under the digest of its bytes and never changed, so collecting a download twice, or a second
one later, is safe: the choice is made again from all copies, each with the earliest time at which it came. A
copy is taken away from a student only where a corrected roster gives the same file to another one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from w2s_course.cache import write_atomically
from w2s_course.errors import CourseError, UsageError, unknown_name
from w2s_course.grading.archives import Incoming, Refused, read_incoming
from w2s_course.grading.naming import read_label
from w2s_course.grading.roster import Roster, read_roster
from w2s_course.grading.workspace import Workspace
from w2s_course.learn.exercises import Unit

LEDGER, STAMP = "ledger.json", "timestamp.txt"
Status = Literal["counts", "superseded", "same as another", "conflict", "unknown student", "refused"]


@dataclass(frozen=True)
class Attempt:
    """One copy of one student. order: breaks ties of time. late: by the LMS's mark, None if it has none.

    relevant: whether it holds an exercise of the unit.
    """

    student: str
    sha256: str
    path: str
    changed: str
    late: bool | None
    order: tuple[int, int]
    relevant: bool

    @property
    def file(self) -> tuple[str, str]:
        """The file that it was, whoever it belongs to."""
        return self.path, self.sha256

    def is_late(self, deadline: str | None) -> bool:
        """By the LMS's own mark where it has one, else by the file's time."""
        if self.late is not None:
            return self.late
        return deadline is not None and self.changed > deadline

    def rank(self, deadline: str | None) -> tuple[Any, ...]:
        """The larger one counts."""
        return self.relevant, not self.is_late(deadline), self.changed, self.order


@dataclass(frozen=True)
class Row:
    """What became of one file."""

    path: str
    status: Status
    student: str = ""
    late: bool = False
    note: str = ""


@dataclass(frozen=True)
class Ledger:
    """All copies of a unit that ever came in, and the deadline, as ISO text in local time.

    taken: student -> digest of the copy that a person chose; it counts whatever comes in later.
    """

    deadline: str | None = None
    attempts: tuple[Attempt, ...] = ()
    taken: Mapping[str, str] = field(default_factory=dict)

    def of(self, student: str) -> list[Attempt]:
        return [attempt for attempt in self.attempts if attempt.student == student]

    @property
    def students(self) -> list[str]:
        return sorted({attempt.student for attempt in self.attempts})

    def choose(self, student: str) -> Attempt | None:
        """The copy that counts; None where there is none, or two that nothing tells apart."""
        ranked = sorted(self.of(student), key=lambda a: (a.rank(self.deadline), a.path))
        chosen = [a for a in ranked if a.sha256 == self.taken.get(student)]
        if chosen or not ranked:
            return chosen[-1] if chosen else None
        best = ranked[-1]
        rivals = {a.sha256 for a in ranked if a.rank(self.deadline) == best.rank(self.deadline)}
        return best if len(rivals) == 1 else None


def read_ledger(space: Workspace, unit: str) -> Ledger:
    """The copies collected so far; empty at first.

    Raises: CourseError for a ledger that cannot be read; the copies themselves are still there.
    """
    path = space.collected(unit) / LEDGER
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        attempts = tuple(Attempt(**{**a, "order": tuple(a["order"])}) for a in found["attempts"])
        return Ledger(found["deadline"], attempts, found["taken"])
    except FileNotFoundError:
        return Ledger()
    except (ValueError, KeyError, TypeError) as error:
        raise CourseError(
            f"{path} is damaged ({error}). Move it away and collect the downloads again."
        ) from error


def collect(
    space: Workspace,
    source: Path,
    unit: Unit,
    roster_path: Path | None,
    deadline: datetime | None = None,
    take: Sequence[str] = (),
) -> list[Row]:
    """Take in a folder or zip; what became of each file, in the order of the paths.

    roster_path: None for the roster of the last time. deadline: local time; None for that of the last time.
    take: paths of copies that are to count whatever the rule says; PATH@DIGEST where several had that path.
    Raises: CourseError for a source or a roster that cannot be read, and for a path of `take` that did not
        come in, or more than once.
    """
    roster = _roster(space, roster_path)
    old = read_ledger(space, unit.slug)
    when = deadline.isoformat(timespec="seconds") if deadline else old.deadline
    rows, fresh = _take_in(space, read_incoming(source), unit, roster)
    attempts, moved = _joined(old.attempts, fresh)
    files = {attempt.file for attempt in fresh}
    came = [attempt for attempt in attempts if attempt.file in files]
    chosen = [_named(each, attempts, came) for each in take]
    taken = {**old.taken, **{attempt.student: attempt.sha256 for attempt in chosen}}
    theirs = {(attempt.student, attempt.sha256) for attempt in attempts}
    ledger = Ledger(when, attempts, {s: sha for s, sha in taken.items() if (s, sha) in theirs})
    for student in {attempt.student for attempt in moved} - set(ledger.students):
        _unplace(space, unit.slug, student)  # before the ledger forgets that there was something
    kept = {"deadline": when, "attempts": [asdict(a) for a in attempts], "taken": dict(ledger.taken)}
    write_atomically(space.collected(unit.slug) / LEDGER, json.dumps(kept, indent=1) + "\n")
    _place(space, unit.slug, ledger)
    _take_away(space, unit.slug, [a for a in moved if (a.student, a.sha256) not in theirs])
    return sorted([*rows, *_outcomes(ledger, came, moved)], key=lambda row: row.path)


def _joined(old: Sequence[Attempt], fresh: Sequence[Attempt]) -> tuple[tuple[Attempt, ...], list[Attempt]]:
    """All copies, each with its earliest time, and those of `old` that belong to somebody else now.

    The time: copying a file renews it, which must not make a copy late that came before the deadline.
    """
    owners, times = {a.file: a.student for a in fresh}, dict[tuple[str, str], str]()
    for each in (*old, *fresh):
        times[each.file] = min(each.changed, times.get(each.file, each.changed))
    moved = [a for a in old if owners.get(a.file, a.student) != a.student]
    kept = [replace(a, changed=times[a.file]) for a in (*old, *fresh) if a not in moved]
    attempts = {(a.student, a.sha256, a.path): a for a in kept}
    return tuple(attempts[k] for k in sorted(attempts)), moved


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
    relevant = re.search(rb"# exercise %d\.\d" % unit.number, file.data) is not None
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
        for path, wanted in ((target, data), (stamp, f"{chosen.changed}\n".encode())):
            if not path.exists() or path.read_bytes() != wanted:
                write_atomically(path, wanted)


def _unplace(space: Workspace, unit: str, student: str) -> None:
    """Take away what is graded of a student, and its folder, which nbgrader would take for a submission."""
    target = space.submission(unit, student)
    target.unlink(missing_ok=True)
    target.with_name(STAMP).unlink(missing_ok=True)
    with suppress(OSError):
        target.parent.rmdir()


def _take_away(space: Workspace, unit: str, gone: Sequence[Attempt]) -> None:
    """Remove copies from students whose they are not, and the folders that are empty then."""
    for attempt in gone:
        folder = space.collected(unit) / attempt.student
        (folder / f"{attempt.sha256}.ipynb").unlink(missing_ok=True)
        with suppress(OSError):
            folder.rmdir()


def _outcomes(ledger: Ledger, came: Sequence[Attempt], moved: Sequence[Attempt]) -> list[Row]:
    """What became of the copies of this download."""
    rows, before = [], {attempt.file: attempt.student for attempt in moved}
    several = Counter(path for path, _ in {attempt.file for attempt in ledger.attempts})
    for attempt in came:
        chosen = ledger.choose(attempt.student)
        row = Row(attempt.path, "superseded", attempt.student, attempt.is_late(ledger.deadline))
        if chosen is None:
            name = _full_name(attempt) if several[attempt.path] > 1 else attempt.path
            note = f"two different copies of the same moment; say which with --take '{name}'"
            row = replace(row, status="conflict", note=note)
        elif chosen.path == attempt.path and chosen.sha256 == attempt.sha256:
            note = "" if attempt.relevant else "holds no exercise of this unit"
            row = replace(row, status="counts", note=note)
        elif chosen.sha256 == attempt.sha256:
            row = replace(row, status="same as another", note=f"as {chosen.path}")
        else:
            row = replace(row, note=f"{chosen.path} counts")
        if attempt.file in before:
            was = f"moved here from {before[attempt.file]}, whose it was by the roster of last time"
            row = replace(row, note="; ".join(part for part in (was, row.note) if part))
        rows.append(row)
    return rows


def unresolved(rows: Iterable[Row]) -> list[Row]:
    """What somebody has to look at."""
    return [row for row in rows if row.status in ("conflict", "unknown student", "refused")]
