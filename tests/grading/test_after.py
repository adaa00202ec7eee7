"""Backups, corrected checks, similar code, and nbgrader's gradebook where it is installed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from school import ROOT, ROSTER, course_space, notebook, record

from w2s_course.errors import CourseError
from w2s_course.grading import backups, gradebook, regrade
from w2s_course.grading.answered import Master, digests
from w2s_course.grading.backups import KEPT, back_up
from w2s_course.grading.essays import essay_in
from w2s_course.grading.gradebook import GradedCell, with_hand_marks
from w2s_course.grading.master import graded_unit
from w2s_course.grading.records import BY_HAND, TO_REVIEW, Mark, read_records, record_key, write_record
from w2s_course.grading.release import release_notebook
from w2s_course.grading.review import filled_essay, server_command, shown_notebook, write_config
from w2s_course.grading.similar import SOLUTION, alike, runs, shape, shapes, similar
from w2s_course.grading.submission import Submission, SubmittedCell, read_submission
from w2s_course.grading.workspace import find_source, find_unit

UNIT = find_unit("1")
CELLS = [GradedCell("check-1-1", "1.1", 2.0, False), GradedCell("answer-1-9", "1.9", 5.0, True)]


def test_a_backup_holds_gradebook_and_records_as_they_were(tmp_path):
    space = course_space(tmp_path)
    assert back_up(space) is None
    write_record(space.records(UNIT.slug), record())
    with closing(sqlite3.connect(space.gradebook)) as book:
        book.execute("create table t (x)")
        book.commit()
    now = datetime(2026, 3, 6, 12, 0, 0, 5)
    folder = back_up(space, now)
    assert folder is not None
    assert folder.name == "2026-03-06T12-00-00.000005"
    write_record(space.records(UNIT.slug), record(points=(0.0, 0.0)))
    assert read_records(folder / "records" / UNIT.slug)["s1"].points == 3
    with closing(sqlite3.connect(folder / "gradebook.db")) as book:
        assert book.execute("select count(*) from t").fetchone() == (0,)


def test_the_newest_backups_are_kept_and_those_of_what_stands_nowhere_else(tmp_path):
    space = course_space(tmp_path)
    write_record(space.records(UNIT.slug), record())
    first, *rest = [
        back_up(space, datetime(2026, 3, 6, 12, 0, second), keep=second == 0) for second in range(KEPT + 3)
    ]
    assert first is not None
    assert first.name.endswith("-kept")
    assert sorted(space.backups.iterdir()) == [first, *rest[-KEPT:]]


def test_a_full_disk_is_said_and_leaves_no_half_backup(tmp_path, monkeypatch):
    space = course_space(tmp_path)
    write_record(space.records(UNIT.slug), record())

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups.shutil, "copytree", full)
    with pytest.raises(CourseError, match=r"No space left on device\), so nothing was done"):
        back_up(space)
    assert list(space.backups.iterdir()) == []


def test_a_record_with_more_points_than_there_are_is_graded_again(tmp_path):
    for points in (2.5, -1.0, float("nan"), "2"):
        write_record(tmp_path, record(marks={"1.1": Mark(points, 2.0, "graded", "")}))
        assert read_records(tmp_path) == {}, points


def test_only_the_corrected_exercise_changes():
    old = {"s1": record("s1"), "s2": record("s2"), "s3": record("s3", (), state="invalid")}
    new_marks = {"1.1": Mark(0.0, 2.0, "graded", "why"), "1.2": Mark(3.0, 3.0, "graded", "")}
    new = {
        "s1": replace(old["s1"], marks=new_marks, versions={"1.1": "A", "1.2": "B"}, key="n"),
        "s2": replace(old["s2"], versions={"1.1": "A", "1.2": "B"}, key="n"),
        "s3": replace(old["s3"], versions={"1.1": "A", "1.2": "B"}, key="n"),
    }
    found = regrade.changes("1.1", old, new)
    assert [(c.student, c.before, c.after, c.why) for c in found] == [("s1", 2.0, 0.0, "why")]
    made = regrade.merged("1.1", old["s1"], new["s1"])
    assert made.marks["1.1"].points == 0
    assert made.marks["1.2"] == old["s1"].marks["1.2"]
    assert made.versions == {"1.1": "A", "1.2": "b"}
    assert made.key == record_key(old["s1"].sha256, made.versions, None)


def test_the_state_of_a_record_follows_a_mark_that_changed():
    lost = {"1.1": Mark(0.0, 2.0, "timed out", ""), "1.2": Mark(3.0, 3.0, "graded", "")}
    found = {**lost, "1.1": Mark(2.0, 2.0, "graded", "")}
    for before, after, state in ((lost, found, "graded"), (found, lost, "partly graded")):
        old = record(marks=before, state="graded" if before is found else "partly graded")
        assert regrade.merged("1.1", old, replace(old, marks=after)).state == state


def test_applying_writes_records_and_leaves_newer_submissions(tmp_path):
    space = course_space(tmp_path)
    old = {s: record(s) for s in ("s1", "s2")}
    new = {s: replace(r, marks={**r.marks, "1.1": Mark(1.0, 2.0, "graded", "")}) for s, r in old.items()}
    new["s2"] = replace(new["s2"], sha256="other")
    for each in old.values():
        write_record(space.records(UNIT.slug), each)
    assert regrade.apply(space, UNIT.slug, "1.1", old, new) == 1
    found = read_records(space.records(UNIT.slug))
    assert (found["s1"].points, found["s2"].points) == (2.0, 3.0)


LONG = """
def f(a, b):
    # a comment
    total = 0
    for x in a:
        if x > b:
            total += x * 2
        else:
            total -= 1
    return total / len(a)
"""
RENAMED = (
    LONG.replace("total", "s").replace("(a, b)", "(p, q)").replace(" a:", " p:").replace("# a comment", "")
)
OTHER = """
def f(a, b):
    kept = [x * 2 if x > b else -1 for x in a]
    return sum(kept) / len(kept)
print(sorted({k: v for k, v in zip("ab", range(2))}.items()), max(3, 4), [not x for x in (1, 2)])
"""


def test_names_and_comments_do_not_hide_likeness_and_other_code_is_not_alike():
    assert alike(runs(shape(LONG)), runs(shape(RENAMED))) == 1.0
    assert alike(runs(shape(LONG)), runs(shape(OTHER))) < 0.5
    answers = {"s1": LONG, "s2": RENAMED, "s3": OTHER, "s4": "x = 1", "s5": "x = 1", "s6": "def f(:"}
    found = similar("4.1", answers, OTHER)
    assert [(p.one, p.other, p.share, p.as_published) for p in found] == [("s1", "s2", 1.0, False)]
    assert [p.as_published for p in similar("4.1", answers, LONG)] == [True]


def test_code_that_ends_the_parser_costs_nobody_else_anything():
    hostile = "(" * 100_000
    deep = "x = " + "-" * 500_000 + "1"
    found = shapes({"s1": LONG, "s2": hostile, "s3": deep, "s4": OTHER, SOLUTION: LONG})
    assert found["s1"] == found[SOLUTION] == shape(LONG)
    assert found["s4"] == shape(OTHER)
    assert found["s2"] == found["s3"] == []


def test_the_form_grader_shows_answers_feedback_and_rubric(tmp_path):
    master = release_notebook(find_source(ROOT, UNIT), UNIT)
    essay = {
        "grade": True,
        "solution": True,
        "locked": False,
        "task": False,
        "points": 5,
        "schema_version": 3,
    }
    from nbformat import v4

    cell = v4.new_markdown_cell("Your essay.", metadata={"nbgrader": {**essay, "grade_id": "answer-1-9"}})
    master.cells.append(cell)
    path = tmp_path / "w.ipynb"
    path.write_text(notebook('# exercise 1.1\nschedule = ["gap"]', "# exercise 1.9\nIt depends: {{pgr}}."))
    submission, given = read_submission(path), Master(master, graded_unit(ROOT, 1))
    filled = handed_in(tmp_path, "", "# exercise 1.9\nIt depends: 0.38 [own run].").cells[-1]
    submission = replace(submission, cells=(*submission.cells, filled))
    shown = shown_notebook(given, submission, record(), "Six criteria.")
    text = "\n".join(c.source for c in shown.cells)
    assert 'schedule = ["gap"]' in text
    places = [text.index(part) for part in ("Six criteria.", "{{pgr}}", "not checked", "0.38 [own run]")]
    assert places == sorted(places), "the essay as it was written, and then its numbers, marked as such"
    outputs = [o.text for c in shown.cells for o in c.get("outputs", [])]
    assert any(o.startswith("2 of 2 points. text of 1.1") for o in outputs)
    assert essay_in(submission, "1.9", given.graded.given) is not None
    assert "Your essay." in "\n".join(c.source for c in master.cells), "the master is not changed"


@pytest.mark.parametrize(
    "changed",
    [('schedule = ["other"]', "x = 1"), ('schedule = ["gap"]', "x = 2")],
    ids=["answer", "own cell"],
)
def test_a_text_is_known_by_the_answer_without_a_marker_line_and_by_ones_own_cells(tmp_path, changed):
    master = Master(release_notebook(find_source(ROOT, UNIT), UNIT), graded_unit(ROOT, 1))
    found = []
    for sources in (('schedule = ["gap"]', "x = 1"), ('schedule = ["gap"]', "x = 1"), changed):
        path = tmp_path / "w.ipynb"
        path.write_text(notebook("# exercise 1.2", *sources))
        found.append(digests(read_submission(path), master)["1.1"])
    assert found[0] == found[1] != found[2]


ASKED = "### Exercise 1.9: your essay\n\n*Write here.*"
LATER = "## A given cell"
GIVEN = {line for text in (ASKED, LATER) for line in text.split("\n")}


def named(name: str, text: str) -> SubmittedCell:
    meta = {"nbgrader": {"grade_id": name, "grade": name.startswith("answer"), "solution": True}}
    return SubmittedCell("markdown", text, meta)


def own(text: str) -> SubmittedCell:
    return SubmittedCell("markdown", text)


EMPTY, GIVEN_LATER = named("answer-1-9", ASKED), named("statement-2-1", LATER)
TEXT = "### Exercise 1.9: your essay\n\nIt is not sound."


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ([EMPTY, GIVEN_LATER], None),
        ([named("answer-1-9", "### Exercise 1.9: your essay"), GIVEN_LATER], None),
        ([named("answer-1-9", "*Write here.*\n\nSound.")], "*Write here.*\n\nSound."),
        ([named("answer-1-9", "No heading.")], "No heading."),
        ([EMPTY, own(TEXT)], TEXT),
        ([own(TEXT), EMPTY], TEXT),
        ([named("answer-1-9", ASKED + "\n"), named("answer-1-9", TEXT)], TEXT),
        ([named("answer-1-9", "Begun."), own(TEXT)], TEXT),
        ([EMPTY, own("Without a heading."), own("Again."), GIVEN_LATER], "Without a heading.\n\nAgain."),
        ([EMPTY, GIVEN_LATER, own("A note on something else.")], None),
        ([own(f"{TEXT}\n\n### Exercise 1.10: your essay\n\nRevised.")], TEXT),
        ([named("answer-1-9", "Sound."), named("answer-1-10", f"{TEXT} And more.")], "Sound."),
        ([named("answer-1-10", f"Revised.\n\n{TEXT}")], TEXT),
    ],
)
def test_a_marker_sees_the_essay_wherever_it_was_written(cells, found):
    submission = Submission(Path("w.ipynb"), tuple(cells))
    assert essay_in(submission, "1.9", GIVEN) == found


def handed_in(tmp_path: Path, essay: str, shown: str) -> Submission:
    """A notebook with an essay and, as the output of a later cell, a text in Markdown."""
    from nbformat import v4, writes

    output = v4.new_output("display_data", {"text/markdown": shown, "text/html": "<script>"})
    cells = [
        v4.new_markdown_cell(f"### Exercise 1.9: your essay\n\n{essay}"),
        v4.new_code_cell("display(fill(first, evidence))", outputs=[output]),
    ]
    path = tmp_path / "filled.ipynb"
    path.write_text(writes(v4.new_notebook(cells=cells)))
    return read_submission(path)


@pytest.mark.parametrize(
    ("essay", "shown", "found"),
    [
        ("It was {{pgr}} and {{gain}}.", "It was 0.38 [own run] and 12.5 points [own run].", True),
        (
            "<!-- Which? -->\nIt cost $2; {{pgr}}",
            "\nIt cost <span>&#36;</span>2; 0.38 [own run]",
            True,
        ),
        ("It was {{pgr}}, at last.", "It was 0.38 [own run].", False),
        ("It was {{pgr}}.", f"It was {'0' * 5000}.", False),
        ("Without a number.", "Without a number.", False),
    ],
)
def test_a_marker_sees_the_numbers_that_the_writers_notebook_had_filled_in(essay, shown, found, tmp_path):
    submission = handed_in(tmp_path, essay, shown)
    text = f"### Exercise 1.9: your essay\n\n{essay}"
    assert filled_essay(submission, "1.9", text) == (shown if found else None)


def test_the_form_graders_settings_name_this_class_and_sanitise(tmp_path):
    space = course_space(tmp_path)
    space.base.mkdir()
    text = write_config(space).read_text()
    assert f"c.CourseDirectory.root = {str(space.base)!r}" in text
    assert "sanitize_html = True" in text
    assert f"--ServerApp.root_dir={space.base}" in server_command(space, UNIT.slug, browser=False)
    assert str(space.root / "exercises") not in text, "nbgrader must not write over the course's own files"


def test_without_the_extra_the_command_that_installs_it_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(gradebook, "find_spec", lambda name: None)
    with pytest.raises(CourseError, match=r"needs nbgrader.*pip install.*\[instructor\]"):
        gradebook.update(course_space(tmp_path), UNIT.slug, CELLS, {}, ROSTER)


def test_marks_by_hand_that_cannot_be_read_are_an_error_and_not_left_out(tmp_path, monkeypatch):
    space = course_space(tmp_path)
    monkeypatch.setattr(gradebook, "find_spec", lambda name: None)
    assert with_hand_marks(space, UNIT.slug, CELLS[:1], {"s1": record()})["s1"] == record()
    space.base.mkdir()
    space.gradebook.touch()
    with pytest.raises(CourseError, match=r"hand in grading/gradebook.db needs nbgrader.*pip install"):
        with_hand_marks(space, UNIT.slug, CELLS[:1], {"s1": record()})


def test_essays_wait_for_a_person(tmp_path):
    made = with_hand_marks(course_space(tmp_path), UNIT.slug, CELLS, {"s1": record()})
    assert made["s1"].marks["1.9"].state == TO_REVIEW


def test_hand_marks_stay_and_count_before_ours(tmp_path):
    pytest.importorskip(
        "nbgrader", reason="NOT TESTED: nbgrader's gradebook; the extra [instructor] is missing"
    )
    from nbgrader.api import Gradebook

    space = course_space(tmp_path)
    records = {"s1": record("s1"), "s2": record("s2"), "s3": record("s3", (), state="invalid")}
    gradebook.update(space, UNIT.slug, CELLS[:1], records, ROSTER)
    gradebook.update(space, UNIT.slug, CELLS, records, ROSTER)  # an essay was added after the submissions
    with Gradebook(f"sqlite:///{space.gradebook}") as book:
        scores = {s.student.id: s.score for s in book.find_assignment(UNIT.slug).submissions}
        assert scores == {"s1": 2.0, "s2": 2.0, "s3": 0.0}
        assert book.find_student("s1").last_name == "O'Neill"
        essay = book.find_grade("answer-1-9", UNIT.slug, UNIT.slug, "s1")
        assert essay.needs_manual_grade
        essay.manual_score, essay.needs_manual_grade = 4.0, False
        changed = book.find_grade("check-1-1", UNIT.slug, UNIT.slug, "s2")
        changed.manual_score, changed.extra_credit = 1.0, 0.5
        refused = book.find_grade("check-1-1", UNIT.slug, UNIT.slug, "s3")
        assert refused.auto_score is None
        assert refused.needs_manual_grade
        book.db.commit()
    gradebook.update(space, UNIT.slug, CELLS, records, ROSTER)
    made = with_hand_marks(space, UNIT.slug, CELLS, records)
    assert made["s1"].marks["1.9"].points == 4
    assert made["s1"].marks["1.1"].points == 2
    assert made["s2"].marks["1.1"].points == 1.5
    assert made["s2"].marks["1.1"].state == BY_HAND
    assert made["s2"].marks["1.9"].state == TO_REVIEW
