"""Claims about the processes that stages and trials run in."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from multiprocessing.util import Finalize
from pathlib import Path

import psutil
import pytest
import torch
from filelock import FileLock

from w2s_course import processes
from w2s_course.cache import publish_once
from w2s_course.errors import CourseError, UsageError
from w2s_course.processes import ALLOCATOR, tell, threads_of, told_queue, with_threads, worker_processes

POOLS = {
    "stages": ("w2s_course.processes import worker_processes", "worker_processes(1)"),
    "a benchmark": (
        "benchmarks.finetune import ProcessPoolExecutor, begin",
        "ProcessPoolExecutor(1, initializer=begin, mp_context=multiprocessing.get_context('spawn'))",
    ),
}
PARENT = """
import multiprocessing, os, time
from {imported}
if __name__ == "__main__":
    with {pool} as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        pool.submit(time.sleep, 600).result()
"""


def test_a_process_that_is_killed_is_told_as_such():
    with (
        pytest.raises(CourseError, match=r"One of the 1 processes was killed.*is kept"),
        worker_processes(1) as pool,
    ):
        pool.submit(os._exit, 1).result()


def test_a_worker_tells_before_its_result_is_there_if_anyone_listens():
    told = told_queue()
    with worker_processes(1, told) as pool:
        job = pool.submit(_tell_and_wait, "half done")
        while told.empty():
            assert not job.done()
            time.sleep(0.05)
        assert told.get() == "half done"
        assert job.result() == "done"
    with worker_processes(1) as pool:
        assert pool.submit(_tell_and_wait, "to nobody").result() == "done"


def test_a_worker_says_that_it_waits_for_another_run(tmp_path, capfd):
    said, folder = "", tmp_path / "made"
    lock = FileLock(tmp_path / ".made.lock")
    with worker_processes(1) as pool, lock:
        job = pool.submit(publish_once, folder, os.listdir, what="the labels")
        deadline = time.monotonic() + 60  # a loaded machine is slow, not wrong
        while "waiting" not in said and time.monotonic() < deadline:
            assert not job.done()
            time.sleep(0.05)
            said += capfd.readouterr().err
        lock.release()
        assert f"the labels: another process is making it; waiting for it to finish ({folder})" in said
        assert job.result() == folder


def _tell_and_wait(what: str) -> str:
    tell(what)
    time.sleep(0.5)
    return "done"


def test_a_worker_that_is_stopped_while_it_begins_shows_no_traceback(monkeypatch):
    def stopped(threads):
        raise KeyboardInterrupt

    monkeypatch.setattr(processes, "use_threads", stopped)
    monkeypatch.setattr(logging.getLogger("w2s_course"), "handlers", [])
    monkeypatch.setattr(sys, "stderr", sys.stderr)  # so that it is put back
    with pytest.raises(KeyboardInterrupt):
        processes._start(1)
    with sys.stderr as where:
        assert where.name == os.devnull


@pytest.mark.parametrize("of", POOLS)
def test_a_worker_ends_with_its_parent_however_that_came(tmp_path, of):
    """As when a notebook's kernel is restarted in the middle of a stage."""
    script, (imported, pool) = tmp_path / "parent.py", POOLS[of]
    script.write_text(PARENT.format(imported=imported, pool=pool))
    root = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}  # where the benchmarks are
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True, env=root) as parent:
        worker = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    _, alive = psutil.wait_procs([worker], timeout=30)
    for process in alive:
        process.kill()
    assert not alive


def test_what_has_not_begun_is_given_up_where_the_block_ends_early_and_what_runs_is_finished(tmp_path):
    waiting = []

    def ends_early() -> None:
        with worker_processes(1) as pool:
            pool.submit(time.sleep, 1)
            waiting.extend(pool.submit(Path.touch, tmp_path / str(n)) for n in range(6))
            raise KeyError

    with pytest.raises(KeyError):
        ends_early()
    assert all(job.done() for job in waiting)
    begun = len(list(tmp_path.iterdir()))
    assert begun < 4  # an executor hands a process the next job or two ahead of time
    time.sleep(0.5)
    assert len(list(tmp_path.iterdir())) == begun


def _end_when(file: Path) -> int:
    """In a worker: at its end wait for that file, ten seconds at most. Returns: its process."""

    def wait() -> None:
        for _ in range(100):
            if not file.exists():
                time.sleep(0.1)

    Finalize(None, wait, exitpriority=1)
    return os.getpid()


def test_nobody_waits_for_workers_that_have_nothing_left_to_do(tmp_path):
    may_end = tmp_path / "may end"
    with worker_processes(1) as pool:
        worker = psutil.Process(pool.submit(_end_when, may_end).result())
    assert worker.is_running()
    may_end.touch()
    assert psutil.wait_procs([worker], timeout=30)[0]


def test_workers_keep_freed_memory_and_the_caller_is_as_before(monkeypatch):
    (first, *others) = ALLOCATOR
    monkeypatch.setenv(first, "4096")  # what a user set goes before
    for name in others:
        monkeypatch.delenv(name, raising=False)
    with worker_processes(1) as pool:
        found = {name: pool.submit(os.getenv, name).result() for name in ALLOCATOR}
    assert found == {**ALLOCATOR, first: "4096"}
    assert os.environ[first] == "4096"
    assert not any(name in os.environ for name in others)


def test_threads_are_given_back_also_after_an_error():
    before = torch.get_num_threads()
    try:
        with with_threads(before + 1):
            assert torch.get_num_threads() == before + 1
            raise KeyError
    except KeyError:
        pass
    assert torch.get_num_threads() == before


@pytest.mark.parametrize(("set_to", "threads"), [("3", 3), ("4,2", 4), (" 1 ", 1), ("", 2)])
def test_threads_are_those_that_the_user_set_or_a_share_of_the_cores(monkeypatch, set_to, threads):
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    monkeypatch.setenv("OMP_NUM_THREADS", set_to)
    assert threads_of(2) == threads


@pytest.mark.parametrize("wrong", ["0", "-1", "two", "1.5"])
def test_a_number_of_threads_that_is_none_is_refused_by_name(monkeypatch, wrong):
    monkeypatch.setenv("OMP_NUM_THREADS", wrong)
    with pytest.raises(UsageError, match=f"OMP_NUM_THREADS is '{wrong}'.*unset it"):
        threads_of(2)
