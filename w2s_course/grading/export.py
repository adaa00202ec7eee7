"""Marks as CSV, in the forms that Canvas and Moodle import, and a plain one.

Canvas: the columns of its own gradebook export in their order, with "Section" last before the assignments; a
row is matched by ID, then SIS User ID, then SIS Login ID, then name. Source: canvas-lms,
lib/gradebook_importer.rb. Moodle: its grade import lets the teacher map each column by its head; rows match
by address or ID number, and feedback must come together with its grade. Source: docs.moodle.org, 'Grade
import'. A student without a mark gets an empty field, never a 0.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from w2s_course.errors import unknown_name
from w2s_course.grading.feedback import number
from w2s_course.grading.records import Record
from w2s_course.grading.roster import Roster
from w2s_course.learn.exercises import Unit

Rows = list[Sequence[object]]
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def guarded(value: object) -> object:
    """A text that a spreadsheet will not take for a formula, wide signs included; numbers as they are.

    >>> guarded("=HYPERLINK(1)"), guarded("Ana"), guarded(-1.5), guarded("\\uff1d1")[0]
    ("'=HYPERLINK(1)", 'Ana', -1.5, "'")
    """
    if not isinstance(value, str):
        return value
    plain = unicodedata.normalize("NFKC", value)
    return f"'{value}" if plain.startswith(_FORMULA) or plain.lstrip().startswith(_FORMULA) else value


def mark_of(record: Record | None) -> str:
    """The mark as it is exported: empty where there is none, or where a person has not marked yet."""
    return "" if record is None or record.points is None else number(record.points)


def _head(unit: Unit) -> str:
    return f"{unit.number} {unit.title}"


def canvas(unit: Unit, roster: Roster, records: Mapping[str, Record]) -> Rows:
    """Canvas's gradebook: names last first, its own number as ID, ours as SIS User ID."""
    rows: Rows = [("Student", "ID", "SIS User ID", "SIS Login ID", "Section", _head(unit))]
    rows.append(("    Points Possible", "", "", "", "", unit.points))
    for s in roster.students:
        rows.append((s.sortable_name, s.lms_id, s.id, s.email, "", mark_of(records.get(s.id))))
    return rows


def moodle(unit: Unit, roster: Roster, records: Mapping[str, Record]) -> Rows:
    """Moodle's grade import, with a column for the feedback text, which is empty wherever the mark is."""
    rows: Rows = [("ID number", "Full name", "Email address", _head(unit), "Feedback comments")]
    for s in roster.students:
        record = records.get(s.id)
        mark, said = mark_of(record), ""
        if record is not None and mark:
            said = ("late; " if record.late else "") + (record.reason or record.state)
        rows.append((s.id, s.name, s.email, mark, said))
    return rows


def plain(unit: Unit, roster: Roster, records: Mapping[str, Record]) -> Rows:
    """Everything: state, lateness, and the points of each exercise."""
    ids = [exercise.id for exercise in unit.exercises]
    ids += sorted({key for record in records.values() for key in record.marks} - set(ids))
    rows: Rows = [("id", "name", "email", "state", "late", "points", "out_of", *ids)]
    names = {s.id: (s.name, s.email) for s in roster.students}
    for student in [*names, *sorted(set(records) - set(names))]:
        record, who = records.get(student), names.get(student, ("", ""))
        state = "not handed in" if record is None else record.state
        late = "yes" if record is not None and record.late else ""
        marks = record.marks if record is not None else {}
        each = [number(marks[key].points) if key in marks and not marks[key].is_open else "" for key in ids]
        rows.append((student, *who, state, late, mark_of(record), unit.points, *each))
    return rows


def _unmarked(student: str, unit: Unit, state: str) -> Record:
    return Record(student, unit.slug, key="", sha256="", state=state, marks={}, versions={})


FORMATS: Mapping[str, Callable[[Unit, Roster, Mapping[str, Record]], Rows]] = {
    "canvas": canvas,
    "moodle": moodle,
    "plain": plain,
}
"""A new format is a new function and a new row."""


def export(
    form: str,
    unit: Unit,
    roster: Roster,
    records: Mapping[str, Record],
    unmarked: Mapping[str, str] | None = None,
) -> str:
    """The marks as the text of a CSV file, with names guarded against being run as formulas.

    unmarked: student -> state of those who handed in and have no mark; the others did not hand in.
    Raises: UsageError for a format that does not exist.
    """
    if form not in FORMATS:
        raise unknown_name("format", form, FORMATS)
    states = (unmarked or {}).items()
    records = {**records, **{student: _unmarked(student, unit, state) for student, state in states}}
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerows([[guarded(value) for value in row] for row in FORMATS[form](unit, roster, records)])
    return buffer.getvalue()
