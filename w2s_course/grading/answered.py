"""What a student wrote, exercise by exercise: the code that is graded, and the essays that people mark.

A mark by hand is of the text that the marker saw. The notebook that the form grader shows therefore keeps the
digest of each answer in it, and a text that came later is known by another one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from w2s_course.authoring.notebooks import Notebook
from w2s_course.cache import digest
from w2s_course.grading.essays import essay_in
from w2s_course.grading.gradebook import GradedCell, graded_cells
from w2s_course.grading.markers import defines
from w2s_course.grading.master import GradedUnit
from w2s_course.grading.records import Record
from w2s_course.grading.release import METADATA, cohort_unit, release_notebook
from w2s_course.grading.repair import Piece, repair
from w2s_course.grading.submission import Refused, Submission, read_submission
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


def masters(space: Workspace, unit: Unit, records: Mapping[str, Record]) -> dict[int | None, Master]:
    """The cohorts that occur in the records, each with its master."""
    source = find_source(space.root, unit)
    cohorts = {record.cohort for record in records.values()}
    return {c: Master(release_notebook(source, unit, c), cohort_unit(space.root, unit, c)) for c in cohorts}


def answers_in(submission: Submission, graded: GradedUnit) -> dict[str, str]:
    """Exercise id -> the answer that was graded, also where a cell without its marker line was taken for it.

    Raises: Refused for a notebook in which nothing of this unit is found.
    """
    pieces, _ = repair(submission, graded)
    return _answers(pieces, graded)


def _answers(pieces: Sequence[Piece], graded: GradedUnit) -> dict[str, str]:
    marked = {piece.exercise: piece.source for piece in pieces if piece.exercise}
    others = [piece.source for piece in pieces if not piece.exercise]
    # Of several cells that define the name the last one is what was asked.
    taken = {e.id: text for e in graded.exercises for text in others if defines(text, e.name)}
    return {**taken, **marked}


def _normal(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def digests(submission: Submission, master: Master) -> dict[str, str]:
    """Exercise -> the identity of what was written there, but for spaces at the ends of lines.

    Raises: Refused for a notebook in which nothing of this unit is found.
    """
    pieces, _ = repair(submission, master.graded)
    own = "\n".join(piece.source for piece in pieces if piece.own)  # an answer may use what they define
    texts = {key: f"{text}\n{own}" for key, text in _answers(pieces, master.graded).items()}
    for cell in master.cells:
        if cell.by_hand:
            texts[cell.exercise] = essay_in(submission, cell.exercise, master.graded.given) or ""
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
