"""Whether a submission holds a text that only people mark."""

from __future__ import annotations

from collections.abc import Iterator

from w2s_course.authoring.notebooks import ESSAY
from w2s_course.grading.master import MARKED, GradedUnit
from w2s_course.grading.submission import Submission


def has_essay(submission: Submission, unit: GradedUnit) -> bool:
    """Whether something was written for a person to mark: then nobody can say that nothing was handed in."""
    for essay in unit.unit.essays:
        given = ESSAY.format(id=essay.id).split("\n")
        lines = [line for text in _essays(submission, essay.id) for line in text.split("\n")]
        if any(line.strip() and line not in given for line in lines):
            return True
    return False


def _essays(submission: Submission, essay: str) -> Iterator[str]:
    """The texts of the cells of an essay, by nbgrader's id in the metadata or by the heading."""
    name = f"answer-{essay.replace('.', '-')}"
    for cell in submission.cells:
        said, marked = cell.metadata.get("nbgrader"), MARKED.search(cell.source)
        if (isinstance(said, dict) and said.get("grade_id") == name) or (marked and marked[1] == essay):
            yield cell.source
