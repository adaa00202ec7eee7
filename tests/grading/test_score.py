"""The state of a submission, where more than its code counts."""

from __future__ import annotations

import nbformat
import pytest
from essay_unit import SLUG, known_unit, write_course
from school import without_sandbox

from w2s_course.authoring.notebooks import ESSAY, exercise_notebook
from w2s_course.authoring.sources import unit_sources
from w2s_course.grading.master import graded_unit
from w2s_course.grading.records import EMPTY
from w2s_course.grading.score import grade_submission
from w2s_course.grading.submission import read_submission

GIVEN = ESSAY.format(id="99.2")
HEAD = GIVEN.splitlines()[0]


@pytest.mark.parametrize(
    ("essay", "state"),
    [
        (GIVEN, "missing"),
        (HEAD, "missing"),
        (f"{HEAD}\n\n \n", "missing"),
        (f"{HEAD}\n\nIt is sound.", "graded"),
        (f"{GIVEN}\n\nIt is sound.", "graded"),
        ("It is sound, and my heading is gone.", "graded"),
    ],
)
def test_an_essay_alone_is_handed_in_and_waits_for_a_person(tmp_path, monkeypatch, essay, state):
    without_sandbox(monkeypatch)
    write_course(tmp_path)
    with known_unit(tmp_path / "modules"):
        notebook = exercise_notebook(unit_sources(tmp_path)[0], solved=False)
        for cell in notebook.cells:
            cell.source = essay if cell.id == "answer-99-2" else cell.source
        path = tmp_path / f"{SLUG}.ipynb"
        nbformat.write(notebook, path)
        grade = grade_submission(read_submission(path), graded_unit(tmp_path, 99))
    assert (grade.state, grade.points, grade.exercises[0].state) == (state, 0, "missing")
    empty = [(e.exercise, e.state, e.points, e.out_of) for e in grade.exercises[1:]]
    assert empty == ([("99.2", EMPTY, 0, 10)] if state == "missing" else [])
