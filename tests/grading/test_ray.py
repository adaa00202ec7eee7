"""The same records from a Ray cluster as from this machine's own processes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from school import course_space, notebook, zipped

from w2s_course.errors import CourseError
from w2s_course.grading.collect import collect
from w2s_course.grading.records import read_records
from w2s_course.grading.run import jobs_of, run
from w2s_course.grading.workspace import find_unit

ray = pytest.importorskip("ray", reason="NOT TESTED: grading on Ray; the extra [scale] is missing")
UNIT = find_unit("1")
PLAN = '["split", "teacher", "labels", "student", "ceiling", "answers", "gap"]'
HANDED_IN = {
    "s1.ipynb": notebook(f"# exercise 1.1\nschedule = {PLAN}"),
    "s2.ipynb": notebook(
        "# exercise 1.1\nimport os\nos._exit(0)", '# exercise 1.2\ndecision = {"risk": "d"}'
    ),
    "s3.ipynb": "{",
}


@pytest.fixture
def space(tmp_path):
    space = course_space(tmp_path)
    (tmp_path / "d.zip").write_bytes(zipped(HANDED_IN))
    collect(space, tmp_path / "d.zip", UNIT, tmp_path / "roster.csv")
    return space


def without_chance(record):
    """Without its seconds, and how an ended process was noticed, which a race decides."""
    return replace(record, seconds=0.0, ends=())


def test_a_cluster_makes_the_same_records(space, sandbox, monkeypatch):
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    made = {}
    for engine in ("local", "ray"):
        folder = space.base / engine
        run(jobs_of(space, UNIT), folder, workers=2, engine=engine)
        made[engine] = {student: without_chance(r) for student, r in read_records(folder).items()}
    assert sorted(made["ray"]) == ["s1", "s2", "s3"]
    assert made["ray"] == made["local"]
    assert made["ray"]["s1"].marks["1.1"].points == 2
    assert not ray.is_initialized(), "a cluster that a run started ends with it"


def test_what_a_worker_says_is_said_in_its_own_words(space, monkeypatch):
    def without_a_sandbox(job):
        raise CourseError(f"Submissions cannot be graded safely here: {job.student}")

    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    with pytest.raises(CourseError, match=r"^Submissions cannot be graded safely here: s1$"):
        run(jobs_of(space, UNIT)[:1], space.base / "r", workers=1, engine="ray", grader=without_a_sandbox)


def test_a_cluster_that_is_not_there_is_named(space, monkeypatch):
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")
    monkeypatch.setattr(ray, "init", lambda **_: (_ for _ in ()).throw(ConnectionError("refused")))
    with pytest.raises(CourseError, match=r"could not be reached at 127\.0\.0\.1:1"):
        run(jobs_of(space, UNIT), space.base / "r", engine="ray")
