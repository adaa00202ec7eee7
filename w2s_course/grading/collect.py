"""From a download to one notebook a student: who sent what, which copy counts, what could not be placed.

The rule: of a student's copies the latest before the deadline counts; if there is none, the latest late one,
with a mark. Copies that hold no exercise of the unit count only where there is no other. Two different copies
of the same moment are a conflict, and neither counts until a person has said which (`--take`). What belongs
to nobody, or to two, is listed and left.

Each copy is kept under the digest of its bytes and never changed or removed, so collecting a download twice,
or a second one later, is safe: the choice is made again from all copies.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from w2s_course.cache import write_atomically
from w2s_course.errors import CourseError, unknown_name
from w2s_course.grading.archives import Incoming, Refused, read_incoming
from w2s_course.grading.naming import read_label
from w2s_course.grading.roster import Roster, read_roster
from w2s_course.grading.workspace import Workspace
from w2s_course.learn.exercises import Unit

LEDGER = "ledger.json"
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
    take: paths of copies that are to count whatever the rule says.
    Raises: CourseError for a source or a roster that cannot be read, and for a path of `take` that did not
        come in.
    """
    roster = _roster(space, roster_path)
    old = read_ledger(space, unit.slug)
    when = deadline.isoformat(timespec="seconds") if deadline else old.deadline
    rows, fresh = _take_in(space, read_incoming(source), unit, roster)
    attempts = {(a.student, a.sha256, a.path): a for a in (*old.attempts, *fresh)}
    ordered = tuple(attempts[k] for k in sorted(attempts))
    ledger = Ledger(when, ordered, {**old.taken, **_taken(take, ordered)})
    kept = {"deadline": when, "attempts": [asdict(a) for a in ordered], "taken": dict(ledger.taken)}
    write_atomically(space.collected(unit.slug) / LEDGER, json.dumps(kept, indent=1) + "\n")
    _place(space, unit.slug, ledger)
    return sorted([*rows, *_outcomes(ledger, fresh)], key=lambda row: row.path)


def _taken(paths: Sequence[str], attempts: Sequence[Attempt]) -> dict[str, str]:
    by_path = {attempt.path: attempt for attempt in attempts}
    for path in paths:
        if path not in by_path:
            raise unknown_name("collected file", path, by_path)
    return {by_path[path].student: by_path[path].sha256 for path in paths}


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
            several = "several students" in label.match.reason or "'s, the name is " in label.match.reason
            rows.append(Row(file.path, "conflict" if several else "unknown student", note=label.match.reason))
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

    `timestamp.txt` beside it is nbgrader's: its form grader lists a submission by it.
    """
    for student in ledger.students:
        target, chosen = space.submission(unit, student), ledger.choose(student)
        stamp = target.with_name("timestamp.txt")
        if chosen is None:
            target.unlink(missing_ok=True)
            stamp.unlink(missing_ok=True)
            continue
        data = (space.collected(unit) / student / f"{chosen.sha256}.ipynb").read_bytes()
        target.parent.mkdir(parents=True, exist_ok=True)
        for path, wanted in ((target, data), (stamp, f"{chosen.changed}\n".encode())):
            if not path.exists() or path.read_bytes() != wanted:
                write_atomically(path, wanted)


def _outcomes(ledger: Ledger, fresh: Sequence[Attempt]) -> list[Row]:
    """What became of the copies of this download."""
    rows = []
    for attempt in fresh:
        chosen = ledger.choose(attempt.student)
        row = Row(attempt.path, "superseded", attempt.student, attempt.is_late(ledger.deadline))
        if chosen is None:
            note = f"two different copies of the same moment; say which with --take '{attempt.path}'"
            row = replace(row, status="conflict", note=note)
        elif chosen.path == attempt.path and chosen.sha256 == attempt.sha256:
            note = "" if attempt.relevant else "holds no exercise of this unit"
            row = replace(row, status="counts", note=note)
        elif chosen.sha256 == attempt.sha256:
            row = replace(row, status="same as another", note=f"as {chosen.path}")
        else:
            row = replace(row, note=f"{chosen.path} counts")
        rows.append(row)
    return rows


def unresolved(rows: Iterable[Row]) -> list[Row]:
    """What somebody has to look at."""
    return [row for row in rows if row.status in ("conflict", "unknown student", "refused")]
