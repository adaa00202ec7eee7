"""A sandbox is blamed for the memory that it has itself, and never for what else the machine does."""

from __future__ import annotations

import mmap
import os
import signal
from dataclasses import replace

import pytest
from tiny import TIGHT

from w2s_course.errors import CourseError
from w2s_course.grading import watch as under_test
from w2s_course.grading.limits import MB
from w2s_course.grading.sandbox import Ended, Session
from w2s_course.grading.watch import Shortage, Watch, memory_is_back

pytestmark = pytest.mark.skipif(not os.path.exists("/proc/self/smaps_rollup"), reason="needs Linux's /proc")  # noqa: PTH110
ROOMY = replace(TIGHT, memory_mb=100_000, processes=1_000)


def own_watch(limits=ROOMY):
    """A watch on this very process."""
    return Watch(os.getpid(), limits, own=False)


@pytest.fixture(autouse=True)
def childless(monkeypatch):
    """Other tests may have left children of this process, who are not meant here."""
    monkeypatch.setattr(under_test, "_family", lambda pid: [str(pid)])


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


def test_on_a_machine_with_memory_a_sandbox_has_its_whole_limit(monkeypatch):
    monkeypatch.setattr(under_test, "_free", lambda: 1000 * MB)
    nearly = replace(ROOMY, memory_mb=int(1.5 * own_watch()._resident(str(os.getpid())) / MB) + 1)
    assert own_watch(nearly).breach() == ""


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="no files in memory on this system")
def test_files_in_memory_count_once_though_nobody_maps_them():
    before = sum(own_watch()._files([str(os.getpid())]).values())
    hidden = os.memfd_create("hidden")
    again = os.dup(hidden)
    try:
        os.write(hidden, b"x" * 8 * mmap.PAGESIZE)
        assert sum(own_watch()._files([str(os.getpid())]).values()) - before == 8 * mmap.PAGESIZE
    finally:
        os.close(hidden)
        os.close(again)


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="no files in memory on this system")
def test_a_file_in_memory_that_is_mapped_is_not_counted_twice():
    size, us = 50 * MB, [str(os.getpid())]
    file = os.memfd_create("mapped")
    os.ftruncate(file, size)
    before = own_watch()._used(us)
    with mmap.mmap(file, size) as held:
        held[:] = b"x" * size
        assert 0.9 * size < own_watch()._used(us) - before < 1.3 * size
    assert 0.9 * size < own_watch()._used(us) - before < 1.3 * size, "and is counted when nobody maps it"
    os.close(file)


def test_memory_that_forks_share_is_blamed_once_where_the_machine_is_short(monkeypatch):
    size = 200 * MB
    held = mmap.mmap(-1, size)
    held[:] = b"x" * size
    children = [_sharing(held) for _ in range(3)]
    monkeypatch.setattr(under_test, "_family", lambda pid: [str(each) for each in (pid, *children)])
    try:
        limits = replace(ROOMY, memory_mb=int(2 * (own_watch()._resident(str(os.getpid())) + size) / MB))
        watch = own_watch(limits)
        assert sum(map(watch._resident, watch._pids())) > limits.memory_mb * MB / 2, (
            "as they count it themselves"
        )
        monkeypatch.setattr(under_test, "_free", lambda: 100 * MB)
        with pytest.raises(Shortage):
            watch.breach()
    finally:
        for pid in children:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        held.close()


def _sharing(held: mmap.mmap) -> int:
    """A fork that has touched every page of what it shares with us, and waits."""
    ready, told = os.pipe()
    if (pid := os.fork()) == 0:
        sum(held[:: mmap.PAGESIZE])
        os.write(told, b"1")
        signal.pause()
    os.read(ready, 1)
    for end in (ready, told):
        os.close(end)
    return pid


def test_memory_is_back_as_soon_as_enough_is_free_and_is_not_waited_for_long(monkeypatch):
    free = iter([100 * MB, 100 * MB, 1000 * MB])
    monkeypatch.setattr(under_test, "_free", lambda: next(free))
    assert memory_is_back()
    monkeypatch.setattr(under_test, "AFTER_A_KILL", 0.1)
    monkeypatch.setattr(under_test, "_free", lambda: 100 * MB)
    assert not memory_is_back()


HOGS = {
    "mapped": "held = bytearray(10**8)",
    "in files": "for _ in range(16): os.write(os.memfd_create('f'), b'x' * 7 * 10**6)",
}
HIDDEN = (
    "import mmap\nheld = mmap.mmap(-1, 10**8)\nfor _ in range(100): held.write(b'x' * 10**6)\n"
    "held.madvise(mmap.MADV_DONTNEED)"
)
"""Shared memory without a name, which nobody maps any longer and everybody could read again."""
TOLD = ("memory_mb", "total_seconds", "file_mb", "open_files", "processes", "call_seconds", "answer_bytes")


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("hog", ["pass", HIDDEN, *HOGS.values()], ids=["small", "hidden", *HOGS])
def test_in_a_sandbox_only_a_hog_is_blamed(monkeypatch, hog):
    source = f"import os, time\n{hog}\nos.write(101, b'{{\"grown\": 1}}\\n')\ntime.sleep(60)"
    limits = {**{name: getattr(TIGHT, name) for name in TOLD}, "own_users": False}
    with Session(TIGHT) as session:
        session.send({"cells": [{"name": "cell", "source": source}], "preload": [], "limits": limits})
        while "grown" not in session.receive(60):
            pass
        monkeypatch.setattr(under_test, "_free", lambda: 100 * MB)
        with pytest.raises(Shortage if hog in ("pass", HIDDEN) else Ended, match="memory"):
            session.receive(60)
