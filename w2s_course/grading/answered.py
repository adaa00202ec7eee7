"""What a student wrote, exercise by exercise: the code that is graded, and the essays that people mark.

A mark by hand is of the text that the marker saw. The notebook that the form grader shows therefore keeps the
digest of each answer in it, and a text that came later is known by another one.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from w2s_course.authoring.notebooks import Notebook
from w2s_course.cache import digest
from w2s_course.grading.gradebook import GradedCell, graded_cells
from w2s_course.grading.master import MARKED, GradedUnit
from w2s_course.grading.records import Record
from w2s_course.grading.release import METADATA, cohort_unit, release_notebook
from w2s_course.grading.repair import repair
from w2s_course.grading.submission import Refused, Submission, SubmittedCell, read_submission
from w2s_course.grading.workspace import Workspace, find_source
from w2s_course.learn.exercises import Unit

SHOWN = "shown"
"""Key in the metadata of a notebook that the form grader shows."""


@dataclass(frozen=True)
class Master:
    """What was given out to a cohort: the notebook, and what its submissions are graded against."""

    notebook: Notebook
    graded: GradedUnit

    @property
    def cells(self) -> list[GradedCell]:
        return graded_cells(self.notebook)

    @property
    def given(self) -> frozenset[str]:
        """The lines that nobody wrote: those of its cells."""
        return frozenset(line.rstrip() for cell in self.notebook.cells for line in cell.source.split("\n"))


def masters(space: Workspace, unit: Unit, records: Mapping[str, Record]) -> dict[int | None, Master]:
    """The cohorts that occur in the records, each with its master."""
    source = find_source(space.root, unit)
    cohorts = {record.cohort for record in records.values()}
    return {c: Master(release_notebook(source, unit, c), cohort_unit(space.root, unit, c)) for c in cohorts}


def answers_in(submission: Submission, graded: GradedUnit) -> dict[str, str]:
    """Exercise id -> the answer that was graded.

    Raises: Refused for a notebook in which nothing of this unit is found.
    """
    pieces, _ = repair(submission, graded)
    return {piece.exercise: piece.source for piece in pieces if piece.exercise}


def essay_in(submission: Submission, cell: GradedCell, given: Collection[str] = ()) -> str | None:
    """The text of an answer that people mark; None where nothing was written.

    Of the cells with nbgrader's id in their metadata or with the marker line the longest text counts, as for
    the notebook's own feedback: an original that was left empty hides no copy. Where none holds a text, the
    learner's own Markdown behind the empty cell does. given: the lines that were given out.
    """
    cells = submission.cells
    named = [i for i, c in enumerate(cells) if _name(c) == cell.name]
    free = [i for i, c in enumerate(cells) if _name(c) == cell.name or not _by_hand(c)]
    for places in (free, range(len(cells))):
        parts = [_part(cells[i].source, cell.exercise, i in named) for i in places]
        written = [part for part in parts if _is_own(part, given)]
        if written:
            return max(written, key=len)
    behind = [text for i in named for text in _own_behind(cells[i + 1 :], given)]
    return "\n\n".join(behind) or None


def _name(cell: SubmittedCell) -> str:
    said = cell.metadata.get("nbgrader")
    return str(said.get("grade_id", "")) if isinstance(said, dict) else ""


def _by_hand(cell: SubmittedCell) -> bool:
    """Whether nbgrader's metadata say that this cell is a text with points, whichever."""
    said = cell.metadata.get("nbgrader")
    return isinstance(said, dict) and bool(said.get("grade")) and bool(said.get("solution"))


def _part(source: str, exercise: str, named: bool) -> str:
    """What a cell holds of one exercise: from its marker line, or from the start of its own cell, to the next
    marker line of another one; '' where it holds nothing of it."""
    marks = list(MARKED.finditer(source))
    own = [mark.start() for mark in marks if mark[1] == exercise]
    if not own and not named:
        return ""
    start = 0 if named else own[0]
    ends = (mark.start() for mark in marks if mark.start() > start and mark[1] != exercise)
    return source[start : next(ends, len(source))].rstrip()


def _is_own(text: str, given: Collection[str]) -> bool:
    """Whether there is more in it than what was given out."""
    return any(line.strip() and line.rstrip() not in given for line in text.split("\n"))


def _own_behind(cells: Collection[SubmittedCell], given: Collection[str]) -> list[str]:
    """The learner's own Markdown cells up to the next cell that was given out; none where that is unknown."""
    texts: list[str] = []
    for cell in cells if given else ():
        if _name(cell) or (cell.source.strip() and not _is_own(cell.source, given)):
            break
        if cell.kind == "markdown" and cell.source.strip():
            texts.append(cell.source)
    return texts


def _normal(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def digests(submission: Submission, master: Master) -> dict[str, str]:
    """Exercise -> the identity of what was written there, but for spaces at the ends of lines.

    Raises: Refused for a notebook in which nothing of this unit is found.
    """
    texts = answers_in(submission, master.graded)
    for cell in master.cells:
        if cell.by_hand:
            texts[cell.exercise] = essay_in(submission, cell, master.given) or ""
    return {key: digest(_normal(text))[:16] for key, text in texts.items()}


def as_shown(submission: Submission, master: Master, record: Record) -> dict[str, Any]:
    """What the shown notebook keeps of what it shows."""
    return {"sha256": record.sha256, "answers": digests(submission, master)}


def _last_shown(space: Workspace, unit: str, student: str) -> Mapping[str, Any] | None:
    """What the form grader shows of a student; None where nothing, or nobody knows."""
    try:
        text = space.shown(unit, student).read_text(encoding="utf-8")
        found = json.loads(text)["metadata"][METADATA][SHOWN]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, dict) else None


def changed_since_shown(
    space: Workspace, unit: Unit, records: Mapping[str, Record]
) -> dict[str, frozenset[str]]:
    """Student -> the exercises to which they have handed in another text than the form grader shows."""
    shown = {student: _last_shown(space, unit.slug, student) for student in records}
    other = {s: r for s, r in records.items() if (seen := shown[s]) and seen["sha256"] != r.sha256}
    known = masters(space, unit, other)
    found = {}
    for student, record in other.items():
        try:
            now = digests(read_submission(space.submission(unit.slug, student)), known[record.cohort])
        except Refused:
            now = {}
        before = (shown[student] or {})["answers"]
        found[student] = frozenset(key for key in before if now.get(key) != before[key])
    return found


def with_essays(space: Workspace, unit: Unit, records: Mapping[str, Record]) -> dict[str, Record]:
    """The records, where nobody who wrote an essay and nothing else is *missing*: the essay was handed in."""
    lone = {student: record for student, record in records.items() if record.state == "missing"}
    known = masters(space, unit, lone) if unit.essays else {}
    made = dict(records)
    for student, record in lone.items() if known else ():
        master = known[record.cohort]
        try:
            submission = read_submission(space.submission(unit.slug, student))
        except Refused:
            continue
        if any(essay_in(submission, cell, master.given) for cell in master.cells if cell.by_hand):
            made[student] = replace(record, state="graded")
    return made
