"""What leaves the instructor's hands: feedback without a hidden word, marks that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
import random
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest
from school import ROOT, ROSTER, course_space, notebook, record, without_sandbox

from w2s_course.errors import UsageError
from w2s_course.grading.demo_answers import answers_of
from w2s_course.grading.export import FORMATS, export
from w2s_course.grading.feedback import page, write_feedback
from w2s_course.grading.gradescope import results
from w2s_course.grading.records import BY_HAND, TO_REVIEW, Mark
from w2s_course.grading.release import cohort_unit
from w2s_course.grading.roster import Roster, Student
from w2s_course.grading.run import Job, grade_job
from w2s_course.grading.score import Grade, grade_submission, refused
from w2s_course.grading.submission import read_submission
from w2s_course.grading.workspace import find_source, find_unit
from w2s_course.learn.exercises import all_units

UNIT = find_unit("1")


def texts_of(value) -> list[str]:
    """What of a hidden case would give it away, as it could be printed."""
    return [t for t in {repr(value), str(value), json.dumps(value, default=repr)} if len(t) > 8]


@pytest.mark.parametrize("slug", [unit.slug for unit in all_units() if unit.exercises])
def test_feedback_holds_nothing_of_a_hidden_check(slug, tmp_path, monkeypatch):
    """Of wrong answers of every kind, some right where anybody can look: the worst case for a leak."""
    without_sandbox(monkeypatch)
    unit = find_unit(slug)
    source, graded = find_source(ROOT, unit), cohort_unit(ROOT, unit)
    answers, generator = answers_of(source, unit), random.Random(5)
    cases = [case for exercise in unit.exercises for case in exercise.cases]
    public = "\n".join(f"{c.call} {c.expected!r} {dict(c.wrong)!r} {c.why}" for c in cases)
    for e in unit.exercises:
        public += "\n".join([e.contract, e.example, *e.hints, *e.misconceptions.values()])
    for number in range(6):
        cells = [generator.choice(one.wrong)[1] for one in answers.values()]
        path = tmp_path / f"{number}.ipynb"
        path.write_text(notebook(*cells))
        job = Job(ROOT, slug, "s1", path, "", "", None, False, False)
        text = page(grade_job(job), unit, "Ana")
        made = results(grade_submission(read_submission(path), graded), {})
        shown = " ".join([made["output"], *(test["output"] for test in made["tests"])])
        for hidden in graded.hidden.values():
            for case in hidden:
                for secret in (case.call, *texts_of(case.expected)):
                    if secret not in public and len(secret) > 12:
                        assert escape(secret, quote=False) not in text, case.call
                        assert secret not in shown, case.call


def test_feedback_holds_neither_the_log_nor_what_was_printed():
    text = page(record(output="I print secret(1.1)"), UNIT, "Ana")
    assert "Text of 1.1" in text
    assert "secret(" not in text


def test_feedback_says_state_lateness_repairs_and_open_essays():
    one = record(late=True, repairs=("Exercise 1.2 stood there 2 times; the last one counts.",))
    marks = {**one.marks, "1.9": Mark(0.0, 5.0, TO_REVIEW, "This is marked by a person.")}
    text = page(replace(one, marks=marks), UNIT, "Ana")
    for said in (
        "after the deadline",
        "stood there 2 times",
        "– of 5",
        "a person still has to mark",
        "– of 10 points",
    ):
        assert said in text
    lost = page(record(points=(), state="invalid", reason="Its JSON is broken."), UNIT, "Ana")
    assert "Not graded" in lost
    assert "Its JSON is broken." in lost
    assert "not a mark of 0" in lost


def test_feedback_is_one_page_that_runs_nothing(tmp_path):
    evil = "<script>alert(1)</script>"
    mark = Mark(0.0, 2.0, "graded", f"`f()` gave {evil} \ud800")
    one = record(marks={"1.1": mark}, repairs=(evil,), reason=evil)
    written = write_feedback(tmp_path, {"s1": one}, UNIT, {"s1": f"Ana {evil}"})
    text = written[0].read_text(encoding="utf-8")
    assert "<script" not in text
    assert "default-src 'none'" in text
    assert "http" not in text.replace("http-equiv", "")
    assert "<code>f()</code>" in text


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        (" =1", "' =1"),
        ("Ana", "Ana"),
        ('Ana "the" Cat, Esq.', 'Ana "the" Cat, Esq.'),
        ("李 明", "李 明"),
    ],
)
@pytest.mark.parametrize("form", FORMATS)
def test_names_are_no_formulas(form, given, written):
    roster = Roster((Student("s1", given, f"{given}@example.org"),))
    rows = list(csv.reader(io.StringIO(export(form, UNIT, roster, {}), newline="")))
    values = [value for row in rows[1:] for value in row]
    assert not any(value.startswith(("=", "+", "-", "@", "\t")) for value in values)
    if form != "canvas":
        assert written in values


def test_a_missing_mark_is_empty_and_a_zero_is_a_zero():
    open_mark = {"1.1": Mark(0.0, 2.0, TO_REVIEW, "")}
    records = {
        "s1": record("s1", (2.0, 0.5)),
        "s2": record("s2", (0.0, 0.0)),
        "s3": record("s3", (), state="invalid", reason="broken"),
        "s7": record("s7", marks=open_mark),
        "gone": record("gone", late=True),
    }
    rows = csv.DictReader(io.StringIO(export("plain", UNIT, ROSTER, records), newline=""))
    found = {row["id"]: (row["state"], row["points"], row["late"], row["1.2"]) for row in rows}
    assert found["s1"] == ("graded", "2.5", "", "0.5")
    assert found["s2"] == ("graded", "0", "", "0")
    assert found["s3"] == ("invalid", "", "", "")
    assert found["s4"] == ("not handed in", "", "", "")
    assert found["s7"][1] == ""
    assert found["gone"] == ("graded", "3", "yes", "1")


def test_canvas_gets_its_own_columns():
    rows = list(csv.reader(io.StringIO(export("canvas", UNIT, ROSTER, {"s1": record()}), newline="")))
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "1 The strategy"]
    assert rows[1][-1] == str(UNIT.points)
    assert rows[2] == ["O'Neill, Ana", "101", "s1", "ana@example.org", "", "3"]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", ['García "Pepe" Márquez, José', "O'Neill, Ana", "Ζορμπάς, Αλέξης", "李, 明"])
def test_a_name_with_the_familys_first_is_exported_as_it_stands(form, name):
    roster = Roster((Student("s1", name, "s1@example.org"),))
    rows = list(csv.reader(io.StringIO(export(form, UNIT, roster, {}), newline="")))
    assert name in rows[-1]


def test_canvas_accepts_the_head_by_its_own_rules():
    """As its importer reads it: Student and ID, SIS columns, Section last before the assignments."""
    rows = list(csv.reader(io.StringIO(export("canvas", UNIT, ROSTER, {}), newline="")))
    student, number, *sis, section, assignment = rows[0]
    assert "Student" in student
    assert "ID" in number
    assert sis == ["SIS User ID", "SIS Login ID"]
    assert section == "Section"
    assert assignment == "1 The strategy"
    assert "Points Possible" in rows[1][0]
    assert all(len(row) == len(rows[0]) for row in rows)


def test_moodle_gets_grade_and_feedback_together_and_two_ways_to_match():
    text = export(
        "moodle", UNIT, ROSTER, {"s1": record(), "s2": record("s2", (), state="invalid", reason="x")}
    )
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    head = ["ID number", "Full name", "Email address", "1 The strategy", "Feedback comments"]
    assert list(rows[0]) == head
    assert [rows[0][key] for key in head] == ["s1", "Ana O'Neill", "ana@example.org", "3", "graded"]
    # Moodle takes a feedback without a grade for the removal of the grade.
    assert all(row["1 The strategy"] for row in rows if row["Feedback comments"])


def test_an_unknown_format_is_named():
    with pytest.raises(UsageError, match="Did you mean 'moodle'"):
        export("moodel", UNIT, ROSTER, {})


def test_gradescope_gets_no_score_for_what_was_not_graded():
    graded = cohort_unit(ROOT, UNIT)
    made = results(refused(graded, "Its JSON is broken."), {})
    assert "score" not in made
    assert made["output"] == "Its JSON is broken."
    assert results(Grade(1, "graded", 2.0, 5), {})["score"] == 2.0


def test_the_gradescope_zip_is_the_whole_grader(tmp_path, monkeypatch):
    import zipfile

    from w2s_course.grading import gradescope

    without_sandbox(monkeypatch)
    space = course_space(tmp_path)
    target = gradescope.build_zip(space, UNIT)
    first = target.read_bytes()
    assert gradescope.build_zip(space, UNIT).read_bytes() == first
    base = tmp_path / "autograder"
    with zipfile.ZipFile(target) as archive:
        archive.extractall(base / "source")
        modes = {info.filename: info.external_attr >> 16 & 0o777 for info in archive.infolist()}
    assert modes["run_autograder"] == modes["setup.sh"] == 0o755
    for name in ("w2s_course/grading/host.py", "course/01_the_strategy/hidden.py", "w2s_course/cli.py"):
        assert name in modes
    assert not [name for name in modes if "__pycache__" in name]
    (base / "submission").mkdir()
    gradescope.main(base)
    said = json.loads((base / "results" / "results.json").read_text())
    assert "0 were handed in" in said["output"]
    assert "score" not in said
    (base / "submission" / "work.ipynb").write_text(notebook('# exercise 1.1\nschedule = ["gap"]'))
    gradescope.main(base)
    said = json.loads((base / "results" / "results.json").read_text())
    assert said["score"] == 0
    assert [test["number"] for test in said["tests"]] == [e.id for e in UNIT.exercises]


def test_hand_marks_show_as_such():
    text = page(record(marks={"1.1": Mark(1.5, 2.0, BY_HAND, "Read by a person.")}), UNIT, "Ana")
    assert "1.5 of 2" in text
    assert "Read by a person." in text


def test_where_feedback_goes(tmp_path):
    written = write_feedback(tmp_path / "f", {"s1": record()}, UNIT, {})
    assert written == [Path(tmp_path / "f" / "s1.html")]
