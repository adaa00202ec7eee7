"""Several processes on one machine, each with its share of the cores: for trials, and for stages of a run.

Two processes of one thread get more done than one of two threads: threads wait for each other at every
operation, and a training step is thousands of small ones.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from w2s_course.errors import CourseError, UsageError

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess
    from multiprocessing.queues import SimpleQueue

BYTES_A_JOB = 4 * 2**30
"""What a process may need that trains the strong model of the preset cpu; measured, 3.2 GiB at most."""

ALLOCATOR = {
    "MALLOC_MMAP_THRESHOLD_": str(2**30),
    "MALLOC_TRIM_THRESHOLD_": str(2**33),
    "MALLOC_TOP_PAD_": str(2**26),
}
"""Let glibc keep freed memory for the next tensor. Else each of the thousands of arrays of a training step is
asked of the system, cleared page by page, and given back. Other systems ignore these variables."""


def threads_of(jobs: int) -> int:
    """Threads of each of `jobs` processes; OMP_NUM_THREADS, where it is set, goes before.

    Raises: UsageError where that is no number of threads, or a list of them.
    """
    wanted = os.environ.get("OMP_NUM_THREADS", "").strip()
    if not wanted:
        return max(1, (os.cpu_count() or 1) // jobs)
    first = wanted.split(",")[0].strip()  # a list is one number for each level of nesting
    if not first.isdecimal() or not int(first):
        raise UsageError(
            f"OMP_NUM_THREADS is {wanted!r}; it must be a number, 1 or more. Change or unset it."
        )
    return int(first)


def use_threads(threads: int) -> None:
    """Let this process compute with so many threads."""
    import torch

    torch.set_num_threads(threads)


@contextmanager
def with_threads(threads: int) -> Iterator[None]:
    """This process computes with so many threads inside the block, and with as many as before after it."""
    import torch

    before = torch.get_num_threads()
    use_threads(threads)
    try:
        yield
    finally:
        use_threads(before)


def jobs_here(most: int = 2) -> int:
    """How many processes this machine has cores and free memory for, `most` at most; 1 with a GPU.

    A GPU is shared badly: each process would hold the model and its buffers once more.
    """
    import psutil

    from w2s_course.models.device import pick_device

    if pick_device().type != "cpu":
        return 1
    room = psutil.virtual_memory().available // BYTES_A_JOB
    return int(max(1, min(most, os.cpu_count() or 1, room)))


@contextmanager
def worker_processes(jobs: int, told: SimpleQueue[Any] | None = None) -> Iterator[ProcessPoolExecutor]:
    """A pool of `jobs` processes, which share the cores and show no bars. What has not begun is given up
    where the block ends early, what runs is finished. A block that ends as it should has waited for its
    results; the processes then end by themselves, a second or two later.

    told: of `told_queue`: what a worker says by `tell` before its result is there.
    Raises: CourseError where a process was killed (out of memory, say); what was finished is in the cache.
    """
    import multiprocessing

    # Spawned, not forked: a copy of a process in which PyTorch has started its threads may hang.
    spawn = multiprocessing.get_context("spawn")
    with _environment(ALLOCATOR):
        # Without `with`: at its end an executor would run all that waits, after an error, too.
        pool = ProcessPoolExecutor(jobs, spawn, initializer=_start, initargs=(threads_of(jobs), told))
        early = True
        try:
            yield pool
            early = False
        except BrokenProcessPool as err:
            raise CourseError(
                f"One of the {jobs} processes was killed, perhaps for want of memory. What is finished is "
                "kept: give the same command again, with fewer --jobs if it was memory."
            ) from err
        finally:
            pool.shutdown(wait=early, cancel_futures=True)


@contextmanager
def _environment(settings: Mapping[str, str]) -> Iterator[None]:
    """What processes that start inside the block find in their environment; what the user set goes before."""
    added = {name: value for name, value in settings.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)


_told: SimpleQueue[Any] | None = None  # of this worker, set when it begins


def told_queue() -> SimpleQueue[Any]:
    """Where workers put what is to be known at once; the parent looks into it."""
    import multiprocessing

    return multiprocessing.get_context("spawn").SimpleQueue()


def tell(what: Any) -> None:
    """In a worker: let the parent know, if it wants to."""
    if _told is not None:
        _told.put(what)


def _start(threads: int, told: SimpleQueue[Any] | None = None) -> None:
    """Begin a worker: its share of the cores, and no bars, which would overwrite each other.

    What must be known, that it waits for another process, say, is still said where the parent's bar is.
    """
    global _told
    _told = told
    end_with_parent()
    warnings = logging.StreamHandler(sys.stderr)
    warnings.setLevel(logging.WARNING)
    warnings.setFormatter(logging.Formatter("\n%(message)s"))
    logging.getLogger("w2s_course").addHandler(warnings)
    sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - as long as the process lives
    use_threads(threads)  # last: it takes a second, and who stops the run in it is to see no traceback


def end_with_parent() -> None:
    """From now on this worker ends when its parent has ended, however that came: a kernel that was restarted,
    a terminal that was closed. It would compute on, with gigabytes of memory, for nobody."""
    from multiprocessing import parent_process

    def wait(parent: BaseProcess) -> None:
        parent.join()
        os._exit(1)

    if parent := parent_process():
        threading.Thread(target=wait, args=(parent,), daemon=True).start()
