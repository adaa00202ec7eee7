"""Peer review for a class: each essay goes to two others, without names, as the sheet of unit 9.

The writers stand in a circle, shuffled by a seed; each reads the next two. So every essay is read twice,
everybody reads two, nobody their own, and the same class and seed give the same deal.
"""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from w2s_course.disk import write_atomically
from w2s_course.errors import CourseError, unknown_name
from w2s_course.grading.essays import essay_in
from w2s_course.grading.release import cohort_unit
from w2s_course.grading.review import filled_essay
from w2s_course.grading.roster import Roster, Student
from w2s_course.grading.submission import Refused, read_submission
from w2s_course.grading.workspace import Workspace
from w2s_course.learn.essay import with_prices
from w2s_course.learn.exercises import Unit, all_units
from w2s_course.learn.peer import Sheet, anonymous, make_sheet, read_sheet
from w2s_course.learn.written import essay_in as below_heading

LEAST = 3
KEY = "key.csv"


@dataclass(frozen=True)
class Written:
    """One essay as readers get it. filled: whether its keys stand with the writer's numbers, or it has none.
    named: parts of the writer's name that still stand in it."""

    text: str
    filled: bool
    named: tuple[str, ...] = ()


def essay_unit(essay_id: str) -> Unit:
    """The unit of an essay. Raises: UsageError with the nearest id."""
    units = {essay.id: unit for unit in all_units() for essay in unit.essays}
    if essay_id not in units:
        raise unknown_name("essay", essay_id, units)
    return units[essay_id]


def collected_essays(space: Workspace, unit: Unit, essay_id: str, roster: Roster) -> dict[str, Written]:
    """Student -> what they wrote, of the copies that count; those who wrote nothing are left out."""
    given, found = cohort_unit(space.root, unit).given, {}
    for path in space.placed(unit.slug):
        writer = path.parts[-3]
        try:
            submission = read_submission(path)
        except Refused:
            continue
        if essay := essay_in(submission, essay_id, given):
            filled = filled_essay(submission, essay_id, essay)
            found[writer] = _written(essay, essay_id, filled, roster.by_id.get(writer, Student(writer, "")))
    return found


def _written(essay: str, essay_id: str, filled: str | None, writer: Student) -> Written:
    text = filled or below_heading([{"cell_type": "markdown", "source": essay}], essay_id) or essay
    text = text.replace(with_prices("$2")[:-1], "$")  # the sheet has its own way with prices
    given, family = writer.given_family
    names = [writer.name, f"{given} {family}".strip(), writer.sortable_name]
    if not writer.id.isdigit():  # a number may stand in the text for something else
        names.append(writer.id)
    left = anonymous(text, names).strip()
    # Parts alone are not taken out: a name may be a word, as Will and Mark are.
    named = [part for part in re.findall(r"\w{2,}", writer.name) if re.search(rf"\b{part}\b", left)]
    return Written(left, bool(filled) or "{{" not in text, tuple(named))


def deal(writers: Sequence[str], seed: int) -> dict[str, tuple[str, str]]:
    """Reader -> the two whose essays they read.

    Raises: CourseError for fewer than three.

    >>> deal(["s1", "s2", "s3"], seed=0)["s1"]
    ('s2', 's3')
    """
    if len(writers) < LEAST:
        raise CourseError(
            f"A deal needs {LEAST} essays, and {len(writers)} have come in. Until then an anchor essay of "
            "course/09_the_verdict/anchors is the other one to read."
        )
    circle = sorted(writers)
    random.Random(f"peers {seed}").shuffle(circle)
    return {w: (circle[i - 1], circle[i - 2]) for i, w in enumerate(circle)}


def without_twins(essays: Mapping[str, Written]) -> dict[str, Written]:
    """The essays without those that say the same as an earlier one: they would give each other away."""
    seen: dict[str, str] = {}
    for student, essay in essays.items():
        seen.setdefault(essay.text, student)
    return {student: essays[student] for student in seen.values()}


def write_sheets(space: Workspace, essay_id: str, essays: Mapping[str, Written], seed: int) -> Path:
    """Write one sheet a reader, and who wrote what into the key, which is the instructor's; the folder.

    Raises: CourseError where other sheets were dealt before: some may be in readers' hands.
    """
    folder = space.peers(essay_id)
    sheets = {
        reader: (pair, make_sheet(*(essays[writer].text for writer in pair)))
        for reader, pair in sorted(deal(list(essays), seed).items())
    }
    buffer = io.StringIO(newline="")
    lines = csv.writer(buffer, lineterminator="\n")
    lines.writerow(("reader", "essay", "writer"))
    for reader, (pair, sheet) in sheets.items():
        lines.writerows((reader, letter, writer) for letter, writer in _letters(pair, essays, sheet).items())
    key = folder / KEY
    if key.is_file() and key.read_text(encoding="utf-8") != buffer.getvalue():
        raise CourseError(
            f"{folder} holds another deal: other writers, or another seed. Move it away to deal anew."
        )
    for reader, (pair, sheet) in sheets.items():
        _write_once(sheet, folder / reader, pair)
    write_atomically(key, buffer.getvalue())
    return folder


def _write_once(sheet: Sheet, folder: Path, pair: tuple[str, str]) -> None:
    """Write the sheet of a reader where there is none: one that is there may hold their review.

    Raises: CourseError where that one has other texts.
    """
    there = folder / "peer_review.json"
    if not there.exists():
        folder.mkdir(parents=True, exist_ok=True)
        sheet.export(folder)
    elif read_sheet(there).essays != sheet.essays:
        raise CourseError(
            f"{there} holds other texts than {' and '.join(pair)} have handed in by now. It was left as it "
            "is: move the folder of the deal away to deal anew."
        )


def _letters(pair: tuple[str, str], essays: Mapping[str, Written], sheet: Sheet) -> dict[str, str]:
    """Letter -> writer, as the sheet has ordered them."""
    first = anonymous(essays[pair[0]].text).strip()
    return dict(zip(sheet.essays, pair if sheet.essays["A"] == first else pair[::-1], strict=True))
