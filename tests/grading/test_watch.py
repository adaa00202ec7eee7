"""A sandbox is blamed for the memory that it has itself, and never for what else the machine does."""

from __future__ import annotations

import mmap
import os
from dataclasses import replace

import pytest
from tiny import TIGHT

from w2s_course.errors import CourseError
from w2s_course.grading import watch as under_test
from w2s_course.grading.limits import MB
from w2s_course.grading.sandbox import Ended, Session
from w2s_course.grading.watch import Watch

pytestmark = pytest.mark.skipif(not os.path.exists("/proc/self/smaps_rollup"), reason="needs Linux's /proc")  # noqa: PTH110
ROOMY = replace(TIGHT, memory_mb=100_000, processes=1_000)


def own_watch(limits=ROOMY):
    """A watch on this very process and its children."""
    return Watch(os.getpid(), limits, own=False)


@pytest.fixture
def short(monkeypatch):
    """A machine with 100 MB left."""
    monkeypatch.setattr(under_test, "_free", lambda: 100 * MB)


def test_a_small_sandbox_is_not_blamed_where_the_machine_is_short_of_memory(short):
    with pytest.raises(CourseError, match=r"100 MB are free.*fewer --jobs.*run the same again"):
        own_watch().breach()


def test_a_large_sandbox_is_blamed_where_the_machine_is_short_of_memory(short):
    resident = own_watch()._resident(str(os.getpid()))
    nearly = replace(ROOMY, memory_mb=int(1.5 * resident / MB) + 1)
    assert own_watch(nearly).breach() == "out of memory"


def test_on_a_machine_with_memory_a_sandbox_has_its_whole_limit():
    nearly = replace(ROOMY, memory_mb=int(1.5 * own_watch()._resident(str(os.getpid())) / MB) + 1)
    assert own_watch(nearly).breach() == ""


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="no files in memory on this system")
def test_files_in_memory_count_once_though_nobody_maps_them():
    before = own_watch()._unmapped([str(os.getpid())])
    hidden = os.memfd_create("hidden")
    again = os.dup(hidden)
    try:
        os.write(hidden, b"x" * 8 * mmap.PAGESIZE)
        assert own_watch()._unmapped([str(os.getpid())]) - before == 8 * mmap.PAGESIZE
    finally:
        os.close(hidden)
        os.close(again)


HOGS = {
    "mapped": "held = bytearray(10**8)",
    "in files": "for _ in range(16): os.write(os.memfd_create('f'), b'x' * 7 * 10**6)",
}
TOLD = ("memory_mb", "total_seconds", "file_mb", "open_files", "processes", "call_seconds", "answer_bytes")


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("hog", ["pass", *HOGS.values()], ids=["small", *HOGS])
def test_in_a_sandbox_only_a_hog_is_blamed(monkeypatch, hog):
    source = f"import os, time\n{hog}\nos.write(101, b'{{\"grown\": 1}}\\n')\ntime.sleep(60)"
    limits = {**{name: getattr(TIGHT, name) for name in TOLD}, "own_users": False}
    with Session(TIGHT) as session:
        session.send({"cells": [{"name": "cell", "source": source}], "preload": [], "limits": limits})
        while "grown" not in session.receive(60):
            pass
        monkeypatch.setattr(under_test, "_free", lambda: 100 * MB)
        with pytest.raises(CourseError if hog == "pass" else Ended, match="memory"):
            session.receive(60)
