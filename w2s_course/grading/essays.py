"""The texts that only people mark, wherever in a submission they were written."""

from __future__ import annotations

from collections.abc import Collection

from w2s_course.grading.markers import MARKED
from w2s_course.grading.submission import Submission, SubmittedCell


def essay_in(submission: Submission, exercise: str, given: Collection[str]) -> str | None:
    """The text of an answer that people mark; None where nothing was written.

    Of the cells with nbgrader's id in their metadata or with the marker line the longest text counts, as for
    the notebook's own feedback: an original that was left empty hides no copy. Where none holds a text, the
    learner's own Markdown behind the empty cell does. given: the lines that were given out.
    """
    cells, name = submission.cells, f"answer-{exercise.replace('.', '-')}"
    named = [i for i, c in enumerate(cells) if _name(c) == name]
    free = [i for i, c in enumerate(cells) if _name(c) == name or not _by_hand(c)]
    for places in (free, range(len(cells))):
        parts = [_part(cells[i].source, exercise, i in named) for i in places]
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
    """The learner's own Markdown cells up to the next cell that was given out."""
    texts: list[str] = []
    for cell in cells:
        if _name(cell) or (cell.source.strip() and not _is_own(cell.source, given)):
            break
        if cell.kind == "markdown" and cell.source.strip():
            texts.append(cell.source)
    return texts
