"""What a sandbox shows and hides, beside the table of cases; and what is done where there is none."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from pathlib import Path

import pytest
from tiny import ALL, HIDDEN, RIGHT, TIGHT, cells, graded_tiny, saved

from w2s_course.errors import CourseError
from w2s_course.grading import bubblewrap as under_test
from w2s_course.grading import sandbox
from w2s_course.grading.bubblewrap import PACKAGE, refuse_if_visible, require_sandbox
from w2s_course.grading.sandbox import Ended, Session
from w2s_course.grading.score import grade_submission
from w2s_course.grading.submission import read_submission


def graded(folder, answers, **more):
    submission = read_submission(saved(folder, cells({**RIGHT, **answers})))
    return grade_submission(submission, graded_tiny(), limits=TIGHT, **more)


def test_without_a_sandbox_nothing_is_graded_unless_it_is_asked_for(monkeypatch):
    monkeypatch.setattr(under_test, "why_no_sandbox", lambda: "bubblewrap is not installed")
    with pytest.raises(CourseError, match=r"not installed.*--unsafe they run as you"):
        require_sandbox(unsafe=False)
    require_sandbox(unsafe=True)


def test_a_sandbox_that_does_not_start_is_said_in_words(monkeypatch):
    monkeypatch.setattr(sandbox, "bubblewrap", lambda limits: ["/nowhere/bwrap"])
    with pytest.raises(CourseError, match=r"No sandbox could be started: .*/nowhere/bwrap.*fewer --jobs"):
        Session(TIGHT)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_unsafe_grading_grades_and_says_what_it_was(tmp_path):
    grade = graded(tmp_path, {}, unsafe=True)
    assert (grade.state, grade.points) == ("graded", ALL)
    assert "WITHOUT a sandbox" in grade.warning


def test_a_course_that_a_submission_could_read_is_not_graded():
    for folder in (Path(sys.prefix) / "course", Path("/usr/share"), PACKAGE):
        with pytest.raises(CourseError, match="A submission could read"):
            refuse_if_visible([folder])


@pytest.mark.usefixtures("sandbox")
class TestInside:
    """With bubblewrap only."""

    def test_learners_are_not_told_what_hidden_calls_are(self, tmp_path):
        """The answer looks through all memory for calls, and gives and prints what it finds."""
        spy = (
            "import sys\ndef double(x):\n    found, frame = [], sys._getframe()\n    while frame:\n"
            "        found += [repr(frame.f_locals)]\n        frame = frame.f_back\n"
            "    needle = chr(39) + chr(120) + 'yz'\n    seen = [f for f in found if needle in f]\n"
            "    print([f[f.index(needle):][:20] for f in seen])\n"
            "    raise ValueError(''.join(seen)[:200] or 'nothing')"
        )
        grade = graded(tmp_path, {"9.1": spy})
        told = " ".join(each.text for each in grade.exercises)
        assert "raised ValueError: nothing" in told
        assert not [case.call for cases in HIDDEN.values() for case in cases if case.call in told]
        assert (
            "xyz" in grade.output
        )  # the spy works: it finds them when they are there, for the instructor only

    def test_every_mark_is_explained_by_a_log(self, tmp_path):
        grade = graded(tmp_path, {"9.1": "def double(x): return x * x"})
        log = json.loads(json.dumps(grade.as_dict()))["exercises"][0]["log"]
        assert [entry["round"] for entry in log] == ["visible"] * 3 + ["again"] * 3 + ["hidden"] * 2
        assert [entry["right"] for entry in log] == [True, False, False, True, False, False, False, False]
        assert log[1]["answer"]["value"] == 9
        assert grade.exercises[0].misconception == "squares"

    def test_partial_credit_is_by_parts_over_shown_and_hidden_cases(self, tmp_path):
        grade = graded(tmp_path, {"9.3": "def mean(numbers): return sum(numbers) / len(numbers)"})
        third = grade.exercises[2]
        assert (third.points, third.parts) == (1.0, {"numbers": True, "empty": False})

    def test_one_sandbox_is_enough_where_nothing_goes_wrong(self, tmp_path):
        assert graded(tmp_path, {}).starts == 1

    def test_nothing_survives_the_end_of_a_session(self):
        with Session(TIGHT) as session:
            session.send({"cells": [], "preload": [], "limits": {**_limits(), "own_users": False}})
            session.receive(60)
            first = session._first
            assert Path(f"/proc/{first}").exists()
        deadline = time.monotonic() + 20
        while Path(f"/proc/{first}").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not Path(f"/proc/{first}").exists()

    def test_bubblewrap_need_not_be_where_the_system_keeps_its_programs(self, tmp_path, monkeypatch):
        (tmp_path / "bwrap").symlink_to(shutil.which("bwrap"))
        monkeypatch.setenv("PATH", tmp_path.name)  # and a relative path will do
        monkeypatch.setattr(os, "defpath", "/nowhere")
        monkeypatch.chdir(tmp_path.parent)
        assert under_test.why_no_sandbox.__wrapped__() == ""
        with Session(TIGHT) as session:
            session.send({"cells": [], "preload": [], "limits": {**_limits(), "own_users": False}})
            assert "hello" in session.receive(60)

    def test_silence_is_a_time_out(self):
        with Session(TIGHT) as session, pytest.raises(Ended) as ended:
            session.receive(0.2)
        assert ended.value.why == "timed out"


def _limits():
    names = ("memory_mb", "total_seconds", "file_mb", "open_files", "processes", "call_seconds")
    return {**{name: getattr(TIGHT, name) for name in names}, "answer_bytes": TIGHT.answer_bytes}
