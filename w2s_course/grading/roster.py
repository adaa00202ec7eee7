"""Who is in the class, and which student a submission's label means.

A label is what an LMS or a person wrote on a file: a name, a number, an address. It is matched exactly, after
Unicode spelling, case and punctuation are levelled; nothing is matched by likeness, since a wrong guess gives
one student another's mark. What matches nobody, or two people, is reported.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from w2s_course.errors import CourseError

COLUMNS = ("id", "name", "email", "lms_id")
_SAFE = re.compile(r"[^\W_][\w.@-]*")


@dataclass(frozen=True)
class Student:
    """One row of the roster. name: 'Given Family', or 'Family, Given', which also says where it is divided.
    cohort: the seed of their variant, None for the common one."""

    id: str
    name: str
    email: str = ""
    lms_id: str = ""
    cohort: int | None = None

    @property
    def given_family(self) -> tuple[str, str]:
        """Without a comma the last word is the family's.

        >>> Student("s1", "de la Cruz, Ana").given_family, Student("s2", "Ana Lee").given_family
        (('Ana', 'de la Cruz'), ('Ana', 'Lee'))
        """
        family, comma, given = (part.strip() for part in self.name.partition(","))
        if not comma:
            given, _, family = self.name.rpartition(" ")
        return given.strip(), family

    @property
    def sortable_name(self) -> str:
        given, family = self.given_family
        return f"{family}, {given}" if given and family else given or family


def key(text: str) -> str:
    """A name without case, punctuation, spaces and differences of Unicode spelling.

    Marks stay: in many scripts they are vowels.

    >>> key("O'Neill, José") == key("ONEILL Jose\\u0301")
    True
    """
    levelled = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(c for c in levelled if unicodedata.category(c)[0] in "LMN")


def name_keys(name: str) -> set[str]:
    """The keys under which an LMS may write a name: each part in turn may be the family's.

    >>> sorted(name_keys("Ana de la Cruz"))
    ['anadelacruz', 'cruzanadela', 'delacruzana', 'lacruzanade']
    """
    parts = name.replace(",", " ").split()
    return {key(" ".join(parts[i:] + parts[:i])) for i in range(len(parts))} - {""}


@dataclass(frozen=True)
class Match:
    """Whom a label means. reason: why nobody, or what to know about it although it matched.

    conflict: whether it is nobody because it means several people.
    """

    student: Student | None
    reason: str = ""
    conflict: bool = False


@dataclass(frozen=True)
class Roster:
    """The class. Ids, and the LMS's numbers, are unique."""

    students: tuple[Student, ...]

    @cached_property
    def by_id(self) -> dict[str, Student]:
        return {student.id: student for student in self.students}

    @cached_property
    def _by_label(self) -> dict[str, set[str]]:
        """Key of an id, an address or its first part -> student ids."""
        found: dict[str, set[str]] = {}
        for student in self.students:
            for label in {key(student.id), key(student.email), key(student.email.partition("@")[0])} - {""}:
                found.setdefault(label, set()).add(student.id)
        return found

    @cached_property
    def _by_name(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for student in self.students:
            for label in name_keys(student.name):
                found.setdefault(label, set()).add(student.id)
        return found

    def by_lms_id(self, number: str) -> Student | None:
        return next((s for s in self.students if number and s.lms_id == number), None)

    def named(self, name: str) -> list[Student]:
        """Everybody whose name this is, in any order of its parts."""
        keys = name_keys(name)
        ids = set[str]().union(*(self._by_name.get(k, set()) for k in keys))
        return [student for student in self.students if student.id in ids]

    def match(self, name: str = "", lms_id: str = "", unique_number: bool = True) -> Match:
        """The student of a name and a number that an LMS gave.

        unique_number: whether the number is the person's for good (Canvas) or may be another's elsewhere
            (Moodle numbers the participants of one assignment); then it only tells namesakes apart.
        """
        by_name, by_number = self.named(name), self.by_lms_id(lms_id)
        if by_number and unique_number:
            others = [s for s in by_name if s.id != by_number.id]
            if others and by_number not in by_name:
                why = f"the number {lms_id} is {by_number.id}'s, the name is {others[0].id}'s"
                return Match(None, why, conflict=True)
            note = "" if by_number in by_name else f"by the number {lms_id}; the name differs from the roster"
            return Match(by_number, note)
        if len(by_name) > 1 and by_number in by_name:
            return Match(by_number)
        if lms_id and unique_number and len(by_name) == 1 and by_name[0].lms_id:
            # The number is the person's: this is a namesake, or a number of the roster is wrong.
            theirs = f"the name is {by_name[0].id}'s, whose number is {by_name[0].lms_id}"
            return Match(None, f"the number {lms_id} is nobody's in the roster, {theirs}", conflict=True)
        found = _single(by_name, f"the name '{name}'")
        if found.conflict and lms_id and unique_number:
            hint = f"the lms_id {lms_id} in the roster would say which"
            return Match(None, f"{found.reason}; {hint}", conflict=True)
        return found

    def match_labels(self, labels: Iterable[str]) -> Match:
        """The one student whom any of these labels (parts of a path, say) names."""
        ids: set[str] = set()
        for label in labels:
            ids |= self._by_label.get(key(label), set()) or {s.id for s in self.named(label)}
        return _single([s for s in self.students if s.id in ids], "its name or folder")


def _single(found: Sequence[Student], what: str) -> Match:
    if len(found) == 1:
        return Match(found[0])
    if found:
        several = f"{what} fits several students: {', '.join(s.id for s in found)}"
        return Match(None, several, conflict=True)
    return Match(None, f"{what} is nobody's in the roster")


def read_roster(path: Path) -> Roster:
    """Read a roster: CSV with the columns id and name, and where there are any email, lms_id and cohort.

    Raises: CourseError naming the line, for a missing column, an id that is unfit for a folder's name, and an
        id or LMS number that stands twice.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise CourseError(f"There is no roster {path}. It is a CSV with the columns {_listed()}.") from error
    except UnicodeDecodeError as error:
        raise CourseError(f"{path} is not UTF-8. Save it as 'CSV UTF-8' and try again.") from error
    except OSError as error:  # a folder, or a file that this user may not read
        raise CourseError(
            f"The roster {path} cannot be read ({error.strerror or error}). Name a CSV that you may read."
        ) from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = {name.strip().lower(): name for name in rows.fieldnames or () if name}
    if missing := {"id", "name"} - set(names):
        raise CourseError(
            f"{path} lacks the column {sorted(missing)[0]}. Its first line is '{first.strip()}'; it must "
            "name id and name, and may name email, lms_id and cohort. Rename its columns and try again."
        )
    students: list[Student] = []
    for line, row in enumerate(rows, start=2):
        values = {column: (row.get(name) or "").strip() for column, name in names.items()}
        if any(values.values()):
            students.append(_student(values, path, line))
    if not students:
        raise CourseError(f"{path} names no student. Below its first line stands one line a student.")
    _refuse_twins(students, path)
    return Roster(tuple(students))


def _listed() -> str:
    return ", ".join((*COLUMNS, "cohort"))


def _student(values: dict[str, str], path: Path, line: int) -> Student:
    if not _SAFE.fullmatch(values["id"]):
        raise CourseError(
            f"{path}, line {line}: the id '{values['id']}' cannot name a folder. Use letters, digits, . _ - @"
        )
    cohort = values.get("cohort", "")
    if cohort and not cohort.isdecimal():
        raise CourseError(f"{path}, line {line}: cohort '{cohort}' is no number; give the seed, or nothing.")
    kept = {column: unicodedata.normalize("NFC", values.get(column, "")) for column in COLUMNS}
    return Student(**kept, cohort=int(cohort) if cohort else None)


def _refuse_twins(students: Sequence[Student], path: Path) -> None:
    for column in ("id", "lms_id"):
        seen: set[str] = set()
        for student in students:
            # File systems of Windows and macOS don't tell Ana from ana.
            value = getattr(student, column).casefold()
            if value and value in seen:
                raise CourseError(
                    f"{path}: the {column} '{value}' stands twice. Each belongs to one student."
                )
            seen.add(value)
