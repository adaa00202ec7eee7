"""The copies of a unit that ever came in, and which of a student's counts; `collect` states the rule."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from w2s_course.disk import write_atomically
from w2s_course.errors import CourseError
from w2s_course.grading.workspace import Workspace

LEDGER = "ledger.json"


@dataclass(frozen=True)
class Attempt:
    """One copy of one student. order: breaks ties of time. late: by the LMS's mark, None if it has none.

    changed, first: the latest and the earliest time with which it came; first is '' in old ledgers, which
    knew the earliest alone. relevant: whether an exercise of the unit can be read in it.
    """

    student: str
    sha256: str
    path: str
    changed: str
    late: bool | None
    order: tuple[int, int]
    relevant: bool
    first: str = ""

    @property
    def came(self) -> str:
        """When it was handed in. Copying a file renews its time, which must make nobody late."""
        return self.first or self.changed

    @property
    def file(self) -> tuple[str, str]:
        """The file that it was, whoever it belongs to."""
        return self.path, self.sha256

    def is_late(self, deadline: str | None) -> bool:
        """By the LMS's own mark where it has one, else by the file's time."""
        if self.late is not None:
            return self.late
        return deadline is not None and self.came > deadline

    def rank(self, deadline: str | None) -> tuple[Any, ...]:
        """The larger one counts."""
        return self.relevant, not self.is_late(deadline), self.changed, self.order, self.came


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


def write_ledger(space: Workspace, unit: str, ledger: Ledger) -> None:
    """Write it, whole or not at all."""
    write_atomically(space.collected(unit) / LEDGER, json.dumps(asdict(ledger), indent=1) + "\n")
