"""The whole road of the demonstration class, by its commands, with the real scoring and no sandbox."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from school import course_space, notebook, record, without_sandbox, zipped
from typer.testing import CliRunner

from w2s_course.cli import app
from w2s_course.errors import CourseError, UsageError
from w2s_course.grading import gradebook, printing, standing
from w2s_course.grading import run as running
from w2s_course.grading.demo import SUBMISSIONS, make_class
from w2s_course.grading.records import failure, read_records, write_record
from w2s_course.grading.roster import read_roster
from w2s_course.grading.standing import alone
from w2s_course.grading.workspace import Workspace, find_unit

UNIT = find_unit("1")


def test_a_class_is_the_same_bytes_each_time_and_varied(tmp_path):
    space = course_space(tmp_path)
    plans = make_class(space.root, UNIT, 3, tmp_path / "a")
    make_class(space.root, UNIT, 3, tmp_path / "b")
    for name in ("roster.csv", "submissions.zip", "expected.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    make_class(space.root, UNIT, 4, tmp_path / "c")
    assert (tmp_path / "a" / "submissions.zip").read_bytes() != (
        tmp_path / "c" / "submissions.zip"
    ).read_bytes()
    assert len(plans) == SUBMISSIONS
    assert len({plan.kind for plan in plans}) >= 20
    assert len(read_roster(tmp_path / "a" / "roster.csv").students) == SUBMISSIONS + 4


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The class after `run`, and what every command printed."""
    with pytest.MonkeyPatch.context() as patch:
        without_sandbox(patch)
        patch.setattr(gradebook, "is_installed", lambda: False)
        space = course_space(tmp_path_factory.mktemp("class"))
        patch.chdir(space.root)
        said: dict[str, str] = {}
        demo = "grading/demo"
        for line in (
            "demo 1",
            f"collect {demo}/submissions.zip --unit 1 --roster {demo}/roster.csv",
            "run 1 --jobs 1",
            "status 1",
            "feedback 1",
            "export 1",
            "export 1 --format canvas",
            "export 1 --format moodle",
            "similar 1",
            "regrade 1.5 --jobs 1",
        ):
            done = CliRunner().invoke(app, ["grade", *line.split()], catch_exceptions=False)
            assert done.exit_code == 0, line
            said[line] = done.output
        yield space, said


def expected(space: Workspace) -> dict[str, dict[str, object]]:
    return json.loads((space.base / "demo" / "expected.json").read_text())


def test_each_kind_of_submission_gets_the_marks_it_deserves(graded):
    space, _ = graded
    records = read_records(space.records(UNIT.slug))
    assert set(records) == set(expected(space))
    for student, said in expected(space).items():
        kind, found = str(said["kind"]), records[student]
        if kind in ("broken JSON", "of another unit"):
            assert (found.state, found.points) == ("invalid", None), kind
        elif kind == "untouched":
            assert (found.state, found.points) == ("missing", 0.0), kind
        elif kind.startswith("hostile"):
            assert all(mark.points < mark.out_of for mark in found.marks.values()), kind
        elif kind == "right; cells deleted":
            assert found.points == UNIT.points - UNIT.exercises[0].points, kind
        elif kind.startswith(("right;", "right in", "the solution")):
            assert found.points == UNIT.points, (kind, found.marks)
        else:
            assert 0 < found.points < UNIT.points, kind
        assert found.late is said["late"]


def test_the_damaged_ones_say_what_was_mended(graded):
    space, _ = graded
    records = read_records(space.records(UNIT.slug))
    kinds = {str(said["kind"]): records[student].repairs for student, said in expected(space).items()}
    for damage in ("cells deleted", "cells duplicated", "cells reordered", "cells merged"):
        assert kinds[f"right; {damage}"], damage
    assert not kinds["the solution"]


def test_the_road_says_what_it_did(graded):
    space, said = graded
    lines = {key: " ".join(value.split()) for key, value in said.items()}
    assert "60 submissions" in lines["demo 1"]
    collected = next(value for key, value in lines.items() if key.startswith("collect"))
    assert "60 count, 5 of them late" in collected
    assert "nobody's in the" in collected
    assert "60 submissions, 60 to grade." in lines["run 1 --jobs 1"]
    assert "4 not handed in" in lines["status 1"]
    assert "2 invalid" in lines["status 1"]
    assert "60 pages" in lines["feedback 1"]
    assert "0 marks in 1.5 would change" in lines["regrade 1.5 --jobs 1"]
    assert "Alike is not copied" in lines["similar 1"]
    assert len(list(space.feedback(UNIT.slug).glob("*.html"))) == SUBMISSIONS
    with (space.exports / f"{UNIT.slug}-plain.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == SUBMISSIONS + 4


def test_what_needs_a_look_stands_first_with_what_to_do(graded):
    _, said = graded
    collected = next(value for key, value in said.items() if key.startswith("collect"))
    found = re.findall("unknown student|refused|superseded", collected)
    assert set(found[:2]) == {"unknown student", "refused"}
    assert "superseded" in found[2:]
    assert "name it by the student's id" in " ".join(collected.split())


def test_a_second_run_grades_nothing_and_keeps_a_backup(graded, monkeypatch):
    space, _ = graded
    monkeypatch.chdir(space.root)
    monkeypatch.setattr(gradebook, "is_installed", lambda: False)
    before = len(list(space.backups.glob("*")))
    done = CliRunner().invoke(app, ["grade", "run", "1"], catch_exceptions=False)
    assert "60 submissions, 0 to grade" in done.output
    assert len(list(space.backups.glob("*"))) == before + 1


def test_two_commands_do_not_change_a_class_at_once(graded):
    space, _ = graded
    with alone(space), pytest.raises(CourseError, match="Another `w2s grade` works"), alone(space):
        pass


def test_review_without_nbgrader_says_how_to_install_it(graded, monkeypatch):
    space, _ = graded
    monkeypatch.chdir(space.root)
    monkeypatch.setattr(gradebook, "find_spec", lambda name: None)
    with pytest.raises(CourseError, match=r"\[instructor\]"):
        CliRunner().invoke(app, ["grade", "review", "1"], catch_exceptions=False)


TRIED = "# exercise 1.1\nschedule = ['gap']"


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A class of three who handed in, and are graded."""
    without_sandbox(monkeypatch)
    monkeypatch.setattr(gradebook, "is_installed", lambda: False)
    monkeypatch.setattr(printing.console, "width", 200)
    monkeypatch.chdir(tmp_path)
    space = course_space(tmp_path)
    collect({"s1/a": TRIED, "s2/a": TRIED, "s3/a": TRIED})
    grade("run", "1", "--jobs", "1")
    return space


def grade(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["grade", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())


def collect(files: dict[str, str]) -> None:
    Path("d.zip").write_bytes(zipped({f"{name}.ipynb": notebook(text) for name, text in files.items()}))
    grade("collect", "d.zip", "--unit", "1", "--roster", "roster.csv")


def test_a_bug_of_ours_takes_no_mark_away_when_a_check_was_corrected(small, monkeypatch):
    before = read_records(small.records(UNIT.slug))
    monkeypatch.setattr(running, "versions", lambda graded, cohort: {e.id: "new" for e in UNIT.exercises})
    monkeypatch.setattr(running, "grade_submission", lambda *args, **options: [].pop())
    running._exam.cache_clear()
    try:
        said = grade("regrade", "1.1", "--jobs", "1", "--apply")
    finally:
        running._exam.cache_clear()
    assert "the grader itself failed on s1, s2, s3" in said
    assert "0 records written, 0 marks changed" in said
    assert read_records(small.records(UNIT.slug)) == before


def test_a_bug_of_ours_takes_no_mark_away_when_a_run_grades_again(small, monkeypatch):
    folder, real = small.records(UNIT.slug), running.grade_submission
    before = read_records(folder)
    with monkeypatch.context() as patch:
        patch.setattr(running, "versions", lambda graded, cohort: {e.id: "new" for e in UNIT.exercises})
        patch.setattr(running, "grade_submission", lambda *args, **options: [].pop())
        running._exam.cache_clear()
        try:
            said = grade("run", "1", "--jobs", "1")
            assert "the grader itself failed on s1, s2, s3" in said
            assert read_records(folder) == before
            assert "pop from empty list" in failure(folder, "s1").read_text()
            patch.setattr(running, "grade_submission", real)
            assert "3 to grade (3 of them again" in grade("run", "1", "--jobs", "1")
        finally:
            running._exam.cache_clear()
    assert read_records(folder)["s1"].versions["1.1"] == "new"
    assert not list((folder / "failed").iterdir())


def test_nothing_is_marked_again_by_another_version_than_before(small):
    done = CliRunner().invoke(app, ["grade", "regrade", "1.1", "--jobs", "1", "--apply", "--cohort", "7"])
    assert isinstance(done.exception, UsageError)
    assert "s1 was marked by the common version and would now be marked by cohort 7" in str(done.exception)


def test_marks_of_copies_that_count_no_longer_are_neither_exported_nor_returned(small):
    space = small
    assert "Left out" not in grade("feedback", "1")
    collect({"s1/b (1)": f"{TRIED} "})  # a newer copy, not graded yet
    collect({"s2/b": f"{TRIED}  "})  # another one of the same moment: a conflict
    for command in ("feedback", "export"):
        assert "Left out, since what was graded counts no longer: s1, s2." in grade(command, "1")
    assert [page.stem for page in space.feedback(UNIT.slug).iterdir()] == ["s3"]
    with (space.exports / f"{UNIT.slug}-plain.csv").open(encoding="utf-8-sig", newline="") as stream:
        found = {row["id"]: (row["points"], row["state"]) for row in csv.DictReader(stream)}
    assert found["s1"] == ("", "not graded yet")
    assert found["s2"] == ("", "conflict")
    assert found["s3"] == ("0", "graded")
    assert found["s4"] == ("", "not handed in")
    grade("run", "1", "--jobs", "1")
    assert "no longer: s2." in grade("export", "1")


def test_status_and_export_tell_the_same_after_a_check_was_corrected(small, monkeypatch):
    now = {e.id: "new" if e.id == "1.2" else "as before" for e in UNIT.exercises}
    for student, each in read_records(small.records(UNIT.slug)).items():
        versions = {**now, "1.2": "old"}
        write_record(small.records(UNIT.slug), replace(each, student=student, versions=versions))
    monkeypatch.setattr(standing, "versions", lambda graded, cohort: now)
    for command in ("status", "export", "feedback"):
        said = grade(command, "1")
        assert "by an earlier check, or as another cohort: 1.2 (3). They count until" in said
        assert "`w2s grade regrade 1.2` shows first" in said
    assert {state for state, _ in plain(small).values()} == {"graded", "not handed in"}
    assert "4 not handed in; 3 graded." in grade("status", "1")


def test_a_refused_notebook_has_no_mark_by_an_earlier_check(small, monkeypatch):
    monkeypatch.setattr(standing, "versions", lambda graded, cohort: {"1.1": "new"})
    old = {"versions": {"1.1": "old"}}
    records = {"s1": record("s1", **old), "s2": record("s2", points=(), reason="Broken.", **old)}
    assert standing.corrected(small, UNIT, records) == {"1.1": 1}


def plain(space: Workspace) -> dict[str, tuple[str, str]]:
    with (space.exports / f"{UNIT.slug}-plain.csv").open(encoding="utf-8-sig", newline="") as stream:
        return {row["id"]: (row["state"], row["late"]) for row in csv.DictReader(stream)}


def test_lateness_follows_a_new_deadline_without_another_run(small):
    said = grade("collect", "d.zip", "--unit", "1", "--deadline", "2026-03-05")
    assert "Deadline: Thursday 2026-03-05 23:59:59" in said
    grade("export", "1")
    assert {late for state, late in plain(small).values() if state == "graded"} == {"yes"}
    assert grade("status", "1").count(" late ") == 4  # the column's head, and three students


def test_a_collection_says_what_comes_next(small):
    Path("empty").mkdir()
    assert "no file in empty. Name the folder or the zip" in grade("collect", "empty", "--unit", "1")
    assert grade("collect", "d.zip", "--unit", "1").endswith("Next: w2s grade run 1")
    Path("d.zip").write_bytes(zipped({"nobody.ipynb": notebook(TRIED)}))
    assert "Nothing counts: the table says why" in grade("collect", "d.zip", "--unit", "1")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("run 1", "Nothing of 01_the_strategy has been collected yet.*`w2s grade collect DOWNLOAD --unit 1"),
        ("status 1", "w2s grade collect DOWNLOAD --unit 1 --roster roster.csv"),
        ("similar 1", "w2s grade collect DOWNLOAD --unit 1"),
        ("feedback 1", "Run `w2s grade run 01_the_strategy` first"),
        ("export 1", "Run `w2s grade run 01_the_strategy` first"),
        ("regrade 1.1", "Run `w2s grade run 01_the_strategy` first"),
        ("collect course --unit 1", "has no roster yet.*--roster"),
        ("collect none.zip --unit 1 --roster roster.csv", "no file or folder none.zip. Name the download"),
        ("collect course --unit 1 --roster none.csv", "There is no roster none.csv"),
        ("run 41", "Unknown unit '41'.*01_the_strategy"),
    ],
)
def test_in_an_empty_class_each_command_says_the_next_step(tmp_path, monkeypatch, command, said):
    monkeypatch.chdir(course_space(tmp_path).root)
    with pytest.raises((CourseError, SystemExit)) as error:
        CliRunner().invoke(app, ["grade", *command.split()], catch_exceptions=False)
    assert re.search(said, str(error.value), re.DOTALL)


@pytest.mark.parametrize("command", ["run 1", "status 1", "similar 1", "release 1", "demo 1"])
def test_outside_of_the_course_each_command_says_where_to_go(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CourseError, match="Run this in the course's folder"):
        CliRunner().invoke(app, ["grade", *command.split()], catch_exceptions=False)


@pytest.mark.parametrize("command", ["run 1", "regrade 1.1"])
def test_less_than_no_jobs_is_wrong_use(command):
    done = CliRunner().invoke(app, ["grade", *command.split(), "--jobs", "-1"])
    assert done.exit_code == 2
    assert isinstance(done.exception, SystemExit)


def test_the_command_line_of_students_loads_nothing_of_this():
    code = (
        "import sys, w2s_course.cli; "
        "print([m for m in sys.modules if m in ('nbgrader', 'ray', 'torch', 'jupytext', 'sqlalchemy') "
        "or m.startswith('w2s_course.authoring')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_names_of_the_class_are_of_many_scripts(tmp_path):
    make_class(course_space(tmp_path).root, UNIT, 0, tmp_path / "d")
    names = "".join(s.name for s in read_roster(Path(tmp_path / "d" / "roster.csv")).students)
    for sign in "李م山Мप김Νשøü":
        assert sign in names
