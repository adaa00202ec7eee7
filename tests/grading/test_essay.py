"""An essay's whole road: released, handed in, collected, graded around, read, marked, returned, exported."""

from __future__ import annotations

import csv
import json
import os

import nbformat
import pytest
from essay_unit import SLUG, known_unit, write_course
from school import ROSTER_CSV, without_sandbox
from typer.testing import CliRunner

from w2s_course.cli import app
from w2s_course.grading import printing
from w2s_course.grading.review import harmless
from w2s_course.grading.workspace import Workspace, find_unit

pytest.importorskip("nbgrader", reason="NOT TESTED: essays; the extra [instructor] is missing")

TEXT = "It is not sound: my student gained **-0.02**, and the gold alone did better."
COMMENT = "Numbers well used. Which of them would change your mind?"


def said(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["grade", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def hand_in(
    space: Workspace, student: str, essay: str | None, code: str, stripped: bool = False, hours: int = 0
) -> None:
    """The released notebook with answers, as a student saves it."""
    notebook = nbformat.read(space.release(SLUG) / f"{SLUG}.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.id == "answer-99-1":
            cell.source = cell.source.replace('not_attempted("99.1")', code)
        if cell.id == "answer-99-2" and essay is not None:
            cell.source = f"{cell.source.splitlines()[0]}\n\n{essay}"
        if stripped:
            cell.metadata = {}
    folder = space.root / "in"
    folder.mkdir(exist_ok=True)
    path = folder / f"{student}.ipynb"
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    os.utime(path, (hours * 3600 + 1_700_000_000,) * 2)


def collect_and_run() -> str:
    said("collect", "in", "--unit", "99")
    return said("run", "99", "--jobs", "1")


def comment_on_code(space: Workspace, student: str, comment: str) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{space.gradebook}") as book:
        book.find_comment("answer-99-1", SLUG, SLUG, student).manual_comment = comment
        book.db.commit()


def mark_essay(space: Workspace, student: str, points: float | None, comment: str = "") -> None:
    """What the form grader does when a person writes a mark and a comment."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{space.gradebook}") as book:
        grade = book.find_grade("answer-99-2", SLUG, SLUG, student)
        grade.manual_score, grade.needs_manual_grade = points, False
        book.find_comment("answer-99-2", SLUG, SLUG, student).manual_comment = comment or None
        book.db.commit()


def exported(space: Workspace, form: str, head: str) -> dict[str, str]:
    said("export", "99", "--format", form)
    text = (space.exports / f"{SLUG}-{form}.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    key = {"plain": "id", "canvas": "SIS User ID", "moodle": "ID number"}[form]
    return {row[key]: row[head] for row in rows}


@pytest.fixture
def space(tmp_path, monkeypatch):
    without_sandbox(monkeypatch)
    monkeypatch.setattr(printing.console, "width", 200)
    monkeypatch.chdir(tmp_path)
    write_course(tmp_path)
    (tmp_path / "roster.csv").write_text(ROSTER_CSV, encoding="utf-8")
    with known_unit(tmp_path / "modules"):
        space = Workspace(tmp_path)
        said("release", "99")
        hand_in(space, "s1", TEXT, "return x + x")
        hand_in(space, "s2", "Sound.", "return x ** 2", stripped=True)
        hand_in(space, "s3", None, "return 2 * x")
        (tmp_path / "in" / "s4.ipynb").write_text("{")
        said("collect", "in", "--unit", "99", "--roster", "roster.csv")
        said("run", "99", "--jobs", "1")
        said("review", "99", "--no-serve")
        yield space


def test_the_cell_to_write_in_is_open_and_everything_else_is_locked(space):
    notebook = nbformat.read(space.release(SLUG) / f"{SLUG}.ipynb", as_version=4)
    found = {c.id: c.metadata.nbgrader for c in notebook.cells if "nbgrader" in c.metadata}
    essay = found["answer-99-2"]
    assert (essay["grade"], essay["solution"], essay["locked"], essay["points"]) == (True, True, False, 10)
    assert {name for name, meta in found.items() if not meta["locked"]} == {"answer-99-1", "answer-99-2"}
    assert json.loads((space.release(SLUG) / "release.json").read_text())["points"] == 12
    assert find_unit("99").points == 12


def test_the_form_grader_is_given_the_essay_below_the_rubric(space):
    for student, text in (("s1", TEXT), ("s2", "Sound.")):
        shown = nbformat.read(space.autograded / student / SLUG / f"{SLUG}.ipynb", as_version=4)
        sources = [cell.source for cell in shown.cells]
        place = next(i for i, source in enumerate(sources) if harmless(text).strip() in source)
        assert "Sound or not, said plainly" in sources[place - 1]
        assert shown.cells[place].metadata.nbgrader.grade_id == "answer-99-2"


def test_an_unread_essay_is_no_zero_anywhere(space):
    shown = said("status", "99")
    assert "2 marks wait for a person: w2s grade review 99" in shown
    (row,) = (line.split("│") for line in shown.splitlines() if "│ s1 " in line)
    assert [text.strip() for text in row[3:5]] == ["graded, 1 to review", "–"]
    assert exported(space, "canvas", "99 An essay")["s1"] == ""
    assert exported(space, "plain", "99.2")["s1"] == ""
    assert exported(space, "plain", "99.1")["s1"] == "2"
    said("feedback", "99")
    page = (space.feedback(SLUG) / "s1.html").read_text()
    assert "The verdict" in page
    assert "– of 10" in page
    assert "– of 12 points" in page
    assert "a person still has to mark" in page


def test_a_mark_and_its_comment_reach_the_student_and_the_export(space):
    mark_essay(space, "s1", 7.5, COMMENT)
    mark_essay(space, "s2", 0)
    said("feedback", "99")
    page = (space.feedback(SLUG) / "s1.html").read_text()
    assert "9.5 of 12 points" in page
    assert "marked by a person</b>, 7.5 of 10" in page
    assert COMMENT in page
    essays = exported(space, "plain", "99.2")
    assert (essays["s1"], essays["s2"], essays["s4"], essays["s5"]) == ("7.5", "0", "", "")
    marks = exported(space, "moodle", "99 An essay")
    assert (marks["s1"], marks["s2"], marks["s3"], marks["s4"]) == ("9.5", "0", "2", "")


def test_an_essay_that_nobody_wrote_has_its_zero_until_a_person_or_the_student_changes_it(space):
    assert (exported(space, "plain", "99.2")["s3"], flagged(space, "s3")) == ("0", False)
    assert "99.2: nothing written" in " ".join(said("status", "99").split())
    mark_essay(space, "s3", 4, "Read on paper.")
    assert exported(space, "plain", "99.2")["s3"] == "4"
    mark_essay(space, "s3", None)
    hand_in(space, "s3", TEXT, "return 2 * x", hours=1)
    collect_and_run()
    assert (exported(space, "plain", "99.2")["s3"], flagged(space, "s3")) == ("", True)


def test_a_comment_on_code_changes_no_mark_and_reaches_the_student(space):
    comment_on_code(space, "s1", "Shorter: 2 * x.")
    said("feedback", "99")
    page = (space.feedback(SLUG) / "s1.html").read_text()
    assert "doubles. Shorter: 2 * x." in page
    assert "2 of 2" in page


def test_a_mark_survives_another_run_and_a_regrade(space, monkeypatch):
    mark_essay(space, "s1", 7.5, COMMENT)
    (space.root / "course" / SLUG / "hidden.py").write_text(
        'from w2s_course.learn.exercises import Case\n\nHIDDEN = {"99.1": [Case("twice(-5)", -11)]}\n'
    )
    from w2s_course.grading import run as running

    running._exam.cache_clear()
    assert "99.1" in said("regrade", "99.1", "--jobs", "1")
    said("regrade", "99.1", "--apply", "--jobs", "1")
    said("run", "99", "--jobs", "1")
    said("review", "99", "--no-serve")
    assert exported(space, "plain", "99.1")["s1"] == "0"
    assert exported(space, "plain", "99.2")["s1"] == "7.5"
    assert exported(space, "canvas", "99 An essay")["s1"] == "7.5"
    running._exam.cache_clear()


def test_the_mark_of_an_earlier_text_counts_no_longer_until_a_person_has_confirmed_it(space):
    mark_essay(space, "s1", 7.5, COMMENT)
    mark_essay(space, "s2", 3)
    hand_in(space, "s1", "It is sound after all.", "return x + x", hours=1)
    hand_in(space, "s2", "Sound.", "return 2 * x", stripped=True, hours=1)  # the same essay
    collect_and_run()
    for reviewed in (False, True):
        if reviewed:
            said("review", "99", "--no-serve")
        assert exported(space, "canvas", "99 An essay")["s1"] == ""
        essays = exported(space, "plain", "99.2")
        assert (essays["s1"], essays["s2"]) == ("", "3")
        shown = " ".join(said("status", "99").split())
        assert "1 to review (1 again)" in shown
        assert "7.5 of 10 by hand, of an earlier text" in shown
        said("feedback", "99")
        page = (space.feedback(SLUG) / "s1.html").read_text()
        assert "A person will look at this again." in page
        assert COMMENT not in page
    assert flagged(space, "s1")
    mark_essay(space, "s1", 7.5)
    said("run", "99", "--jobs", "1")
    said("review", "99", "--no-serve")
    assert exported(space, "canvas", "99 An essay")["s1"] == "9.5"


def flagged(space: Workspace, student: str) -> bool:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{space.gradebook}") as book:
        return bool(book.find_grade("answer-99-2", SLUG, SLUG, student).needs_manual_grade)


def test_an_old_mark_is_not_given_to_a_notebook_that_cannot_be_read(space):
    mark_essay(space, "s1", 7.5)
    path = space.root / "in" / "s1.ipynb"
    path.write_text('{"cells": "# exercise 99.1')
    os.utime(path, (1_700_003_600,) * 2)
    collect_and_run()
    assert exported(space, "canvas", "99 An essay")["s1"] == "9.5", "the copy that can be read counts"
    said("collect", "in", "--unit", "99", "--take", "s1.ipynb")
    said("run", "99", "--jobs", "1")
    assert exported(space, "canvas", "99 An essay")["s1"] == ""
    said("review", "99", "--no-serve")
    said("feedback", "99")
    assert "Not graded" in (space.feedback(SLUG) / "s1.html").read_text()
    assert not space.shown(SLUG, "s1").exists(), "nobody marks a copy that counts no longer"
    assert exported(space, "canvas", "99 An essay")["s1"] == ""


def test_a_copy_that_is_not_graded_yet_is_not_shown_for_the_one_that_is(space):
    mark_essay(space, "s1", 7.5)
    before = space.shown(SLUG, "s1").read_bytes()
    hand_in(space, "s1", "It is sound after all.", "return x + x", hours=1)
    said("collect", "in", "--unit", "99")
    assert "counts no longer: s1" in " ".join(said("review", "99", "--no-serve").split())
    assert space.shown(SLUG, "s1").read_bytes() == before
    said("run", "99", "--jobs", "1")
    assert exported(space, "plain", "99.2")["s1"] == ""


def test_more_points_than_there_are_do_not_count_and_extra_credit_does(space):
    from nbgrader.api import Gradebook

    mark_essay(space, "s1", 75)
    mark_essay(space, "s2", -1)
    mark_essay(space, "s3", 10)
    with Gradebook(f"sqlite:///{space.gradebook}") as book:
        book.find_grade("answer-99-2", SLUG, SLUG, "s3").extra_credit = 1
        book.db.commit()
    essays = exported(space, "plain", "99.2")
    assert (essays["s1"], essays["s2"], essays["s3"]) == ("", "", "11")
    shown = " ".join(said("status", "99").split())
    assert shown.count("1 to review (1 again)") == 2
    assert "75 of 10 by hand: out of range" in shown


def test_who_wrote_an_essay_and_no_code_has_handed_in(space):
    hand_in(space, "s5", TEXT, 'not_attempted("99.1")')
    hand_in(space, "s6", None, 'not_attempted("99.1")')
    assert "missing │ 1" in " ".join(collect_and_run().split())
    states = exported(space, "plain", "state")
    assert (states["s5"], states["s6"]) == ("graded", "missing")
    shown = said("status", "99")
    assert "1 missing" in shown
    assert "4 graded" in shown
