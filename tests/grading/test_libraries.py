"""No class is marked wrong because a sandbox lacks a library that this process has."""

from __future__ import annotations

import time
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from school import course_space, notebook, without_sandbox, zipped
from tiny import DOUBLE, UNIT, graded_tiny

from w2s_course.errors import CourseError
from w2s_course.grading import run as running
from w2s_course.grading.collect import collect
from w2s_course.grading.libraries import require_libraries
from w2s_course.grading.master import graded_unit
from w2s_course.grading.records import read_records
from w2s_course.grading.run import jobs_of, run
from w2s_course.grading.workspace import find_unit

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.usefixtures("sandbox")


@pytest.fixture
def here_only(tmp_path, monkeypatch):
    """A module that this process finds, as through a .pth file, and no sandbox."""
    (tmp_path / "here_only.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    assert import_module("here_only")


def needing(imports: str):
    """The tiny unit, whose first exercise is asked with these imports."""
    unit = replace(UNIT, exercises=(replace(DOUBLE, imports=imports), *UNIT.exercises[1:]))
    return replace(graded_tiny(), unit=unit)


def test_what_only_this_process_finds_is_named_with_what_to_do(here_only):
    said = r"In a sandbox `import here_only` fails \(ModuleNotFoundError: No module named 'here_only'\)"
    with pytest.raises(CourseError, match=rf"{said}.*grading stops here.*\.pth file.*`make setup`"):
        require_libraries(needing("import math\nimport here_only"))


def stubs_with(line: str):
    """The tiny unit, with a line at the end of each cell that was given out for an answer."""
    unit = graded_tiny()
    return replace(unit, cells=tuple(replace(c, source=f"{c.source}\n{line}") for c in unit.cells))


@pytest.mark.parametrize("line", ["from here_only import x", "import math, here_only  # for later"])
def test_an_import_in_an_answers_cell_is_tried_too(line, here_only):
    with pytest.raises(CourseError, match=f"`{line.partition('  #')[0]}` fails"):
        require_libraries(stubs_with(line))


def test_a_sentence_that_begins_like_an_import_is_none():
    require_libraries(stubs_with('"""Keep what comes\nfrom the teacher\nalone."""'))


@pytest.mark.parametrize("number", [2, 9])
def test_the_units_of_the_course_need_a_moment_and_nothing_else(number):
    """Unit 2 asks with the course's own package, unit 9 with a function that stands in a unit's module."""
    began = time.monotonic()
    require_libraries(graded_unit(ROOT, number))
    assert time.monotonic() - began < 20


def test_a_class_of_many_cohorts_tries_them_once(tmp_path, monkeypatch):
    without_sandbox(monkeypatch)
    tried = []
    monkeypatch.setattr(running, "require_libraries", lambda graded, unsafe: tried.append(unsafe))
    space, unit = course_space(tmp_path), find_unit("1")
    answer = notebook("# exercise 1.1\nschedule = []")
    (tmp_path / "d.zip").write_bytes(zipped({f"s{n}.ipynb": answer for n in (1, 2, 3)}))
    collect(space, tmp_path / "d.zip", unit, tmp_path / "roster.csv")
    jobs = [replace(job, cohort=n) for n, job in enumerate(jobs_of(space, unit))]
    assert len(run(jobs, space.records(unit.slug), workers=1)) == 3
    assert tried == [False]


def test_nothing_is_graded_where_a_library_is_missing(here_only, tmp_path, monkeypatch):
    space, unit = course_space(tmp_path), find_unit("1")
    monkeypatch.setattr(running, "cohort_unit", lambda *_: needing("import here_only"))
    (tmp_path / "d.zip").write_bytes(zipped({"s1.ipynb": notebook("# exercise 1.1\nschedule = []")}))
    collect(space, tmp_path / "d.zip", unit, tmp_path / "roster.csv")
    running._exam.cache_clear()
    try:
        with pytest.raises(CourseError, match="grading stops here"):
            run(jobs_of(space, unit), space.records(unit.slug), workers=1)
    finally:
        running._exam.cache_clear()
    assert read_records(space.records(unit.slug)) == {}
