"""A run grades what is new or changed, writes whole records, and goes on where it was killed."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from school import course_space, notebook, record, without_sandbox, zipped

from w2s_course.errors import CourseError, UsageError
from w2s_course.grading import run as running
from w2s_course.grading.collect import collect
from w2s_course.grading.printing import grade_with_bar
from w2s_course.grading.records import read_record, read_records, write_record
from w2s_course.grading.run import Job, jobs_of, pending, run
from w2s_course.grading.standing import class_roster, open_states, standings
from w2s_course.grading.watch import Shortage
from w2s_course.grading.workspace import Workspace, find_unit

UNIT = find_unit("1")
PLAN = '["split", "teacher", "labels", "student", "ceiling", "answers", "gap"]'
RIGHT = notebook(f"# exercise 1.1\nschedule = {PLAN}")
WRONG = notebook('# exercise 1.1\nschedule = ["gap"]')


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    space = course_space(tmp_path)
    (tmp_path / "d.zip").write_bytes(
        zipped({"s1.ipynb": RIGHT, "s2.ipynb": WRONG, "s3.ipynb": "{", "s7.ipynb": notebook("x = 1")})
    )
    collect(space, tmp_path / "d.zip", UNIT, tmp_path / "roster.csv")
    return space


def plain_grader(job: Job):
    return record(job.student, key=job.key, late=job.late)


def killing_grader(job: Job):
    if job.student == "s3":
        raise KeyboardInterrupt
    return plain_grader(job)


def todo(space: Workspace) -> list[str]:
    return [job.student for job in pending(jobs_of(space, UNIT), space.records(UNIT.slug))]


def test_marks_and_refusals_come_from_the_engine(space, monkeypatch):
    without_sandbox(monkeypatch)
    run(jobs_of(space, UNIT), space.records(UNIT.slug), workers=1)
    found = read_records(space.records(UNIT.slug))
    assert found["s1"].marks["1.1"].points == 2
    assert found["s1"].state == "graded"
    assert found["s1"].marks["1.2"].state == "missing"
    assert found["s2"].marks["1.1"].points == 0
    assert found["s2"].marks["1.1"].misconception == "no upper end of the gap"
    for student, why in (("s3", "is not a notebook"), ("s7", "not the notebook of unit 1")):
        assert found[student].state == "invalid"
        assert found[student].points is None
        assert why in found[student].reason


def test_a_bug_of_ours_costs_one_submission_and_is_tried_again(space, monkeypatch):
    without_sandbox(monkeypatch)
    real = running.grade_submission

    def buggy(submission, *args, **options):
        if submission.path.parts[-3] == "s1":
            raise TypeError("unhashable type: 'list'")
        return real(submission, *args, **options)

    folder = space.records(UNIT.slug)
    monkeypatch.setattr(running, "grade_submission", buggy)
    run(jobs_of(space, UNIT), folder, workers=1)
    found = read_records(folder)
    assert found["s2"].state == "graded"
    assert (found["s1"].state, found["s1"].points) == ("invalid", None)
    assert "The grader itself failed (TypeError)" in found["s1"].reason
    assert "unhashable type: 'list'" in found["s1"].output
    assert todo(space) == ["s1"]
    monkeypatch.setattr(running, "grade_submission", real)
    run([job for job in jobs_of(space, UNIT) if job.student == "s1"], folder, workers=1)
    assert read_records(folder)["s1"].points == 2
    assert todo(space) == []


def test_the_instructor_is_told_of_a_bug_of_ours(space, monkeypatch, capsys):
    without_sandbox(monkeypatch)
    monkeypatch.setattr(running, "grade_submission", lambda *args, **options: [].pop())
    folder = space.records(UNIT.slug)
    grade_with_bar(jobs_of(space, UNIT)[:2], folder, 1, "local")
    said = capsys.readouterr().out
    assert "the grader itself failed on s1, s2" in said
    assert str(folder / "s1.json") in said
    rows = standings(space, UNIT.slug, class_roster(space), read_records(folder))
    assert (rows[0].state, "The grader itself failed" in rows[0].reason) == ("not graded yet", True)
    states = open_states(space, UNIT.slug, read_records(folder))
    assert states == dict.fromkeys(["s1", "s2", "s3", "s7"], "not graded yet")


def test_what_is_wrong_with_the_machine_stops_the_run(space, monkeypatch):
    def broken(*args, **options):
        raise CourseError("The sandbox did not start")

    without_sandbox(monkeypatch)
    monkeypatch.setattr(running, "grade_submission", broken)
    with pytest.raises(CourseError, match=r"The sandbox did not start \(.* while grading s1\.\)"):
        run(jobs_of(space, UNIT), space.records(UNIT.slug), workers=1)
    assert not read_records(space.records(UNIT.slug))


@pytest.fixture
def short_on_s1(monkeypatch):
    """The machine runs short of memory whenever s1 is graded, and nobody knows why."""
    real = running.grade_submission

    def short(submission, *args, **options):
        if submission.path.parts[-3] == "s1":
            raise Shortage("This machine is short of memory")
        return real(submission, *args, **options)

    without_sandbox(monkeypatch)
    monkeypatch.setattr(running, "grade_submission", short)


def test_a_shortage_that_nobody_owns_costs_one_submission_one_try(space, short_on_s1, monkeypatch, capsys):
    monkeypatch.setattr(running, "memory_is_back", lambda: True)
    folder = space.records(UNIT.slug)
    grade_with_bar(jobs_of(space, UNIT), folder, 1, "local")
    found = read_records(folder)
    assert found["s2"].state == "graded"
    assert (found["s1"].is_failed, found["s1"].points, found["s1"].reason) == (True, None, running.SHORT)
    assert todo(space) == ["s1"]
    said = " ".join(capsys.readouterr().out.split())
    assert "short of memory while grading s1," in said
    assert "a bug in the course" not in said


def test_a_shortage_that_outlasts_the_sandbox_stops_the_run(space, short_on_s1, monkeypatch):
    monkeypatch.setattr(running, "memory_is_back", lambda: False)
    with pytest.raises(CourseError, match=r"short of memory \(.* while grading s1\.\)"):
        run(jobs_of(space, UNIT), space.records(UNIT.slug), workers=1)
    assert not read_records(space.records(UNIT.slug))


def test_what_is_graded_is_not_graded_again(space):
    folder = space.records(UNIT.slug)
    assert todo(space) == ["s1", "s2", "s3", "s7"]
    run(jobs_of(space, UNIT), folder, workers=1, grader=plain_grader)
    assert todo(space) == []
    (space.root / "e.zip").write_bytes(zipped({"s1 (1).ipynb": WRONG}))
    collect(space, space.root / "e.zip", UNIT, None)
    assert todo(space) == ["s1"]


def test_a_killed_run_goes_on(space):
    folder = space.records(UNIT.slug)
    with pytest.raises(KeyboardInterrupt):
        run(jobs_of(space, UNIT), folder, workers=1, grader=killing_grader)
    assert sorted(read_records(folder)) == ["s1", "s2"]
    assert todo(space) == ["s3", "s7"]
    assert not list(folder.glob(".*"))


def test_a_half_written_or_old_record_is_made_again(space):
    folder = space.records(UNIT.slug)
    run(jobs_of(space, UNIT), folder, workers=1, grader=plain_grader)
    (folder / "s1.json").write_text((folder / "s1.json").read_text()[:99])
    (folder / "s2.json").write_text(json.dumps({"schema_version": 0}))
    assert todo(space) == ["s1", "s2"]


def test_a_corrected_check_or_another_cohort_makes_records_stale(space, monkeypatch):
    run(jobs_of(space, UNIT), space.records(UNIT.slug), workers=1, grader=plain_grader)
    assert len(pending(jobs_of(space, UNIT, 7), space.records(UNIT.slug))) == 4
    corrected = {e.id: "corrected" for e in UNIT.exercises}
    monkeypatch.setattr(running, "versions", lambda graded, cohort: corrected)
    running._exam.cache_clear()
    try:
        assert todo(space) == ["s1", "s2", "s3", "s7"]
    finally:
        running._exam.cache_clear()


def test_the_rosters_cohort_goes_before_the_commands(space):
    text = space.roster.read_text().replace("lms_id", "lms_id,cohort").replace(",101", ",101,5")
    space.roster.write_text(text)
    assert {job.student: job.cohort for job in jobs_of(space, UNIT, 7)} == {
        "s1": 5,
        "s2": 7,
        "s3": 7,
        "s7": 7,
    }


def test_processes_grade_side_by_side(space):
    seen: list[str] = []
    jobs = jobs_of(space, UNIT)
    run(
        jobs,
        space.records(UNIT.slug),
        workers=2,
        grader=running.refuse_job,
        progress=lambda r: seen.append(r.student),
    )
    assert sorted(seen) == ["s1", "s2", "s3", "s7"]
    assert todo(space) == []


def test_submissions_are_only_read(space):
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in space.submitted.rglob("*.ipynb")}
    run(jobs_of(space, UNIT), space.records(UNIT.slug), workers=1, grader=plain_grader)
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in space.submitted.rglob("*.ipynb")} == before


def test_unknown_engines_numbers_of_workers_and_a_missing_ray_are_named(space, monkeypatch):
    with pytest.raises(UsageError, match=r"Unknown engine 'spark'. Known: local, ray"):
        run([], space.records(UNIT.slug), engine="spark")
    with pytest.raises(UsageError, match=r"--jobs must be 0 \(one a core\) or more; got -1\."):
        run(jobs_of(space, UNIT), space.records(UNIT.slug), workers=-1)
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(CourseError, match=r"\[scale\]"):
        run(jobs_of(space, UNIT), space.records(UNIT.slug), engine="ray", grader=plain_grader)


def test_a_record_survives_being_written_with_odd_texts(tmp_path):
    odd = record(repairs=("half \ud800 a character", "שלום"), ends=("timed out",))
    write_record(tmp_path, odd)
    assert read_record(tmp_path / "s1.json") == odd
    assert replace(odd, marks={}).points is None
    assert odd.points == 3
