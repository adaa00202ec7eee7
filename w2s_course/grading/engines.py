"""Where the jobs of a run are done: in this process, in several of this machine, or on Ray."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, TypeVar

from w2s_course.errors import CourseError
from w2s_course.processes import end_with_parent

Job = TypeVar("Job")
Made = TypeVar("Made")


def on_this_machine(jobs: Sequence[Job], workers: int, grader: Callable[[Job], Made]) -> Generator[Made]:
    """What a grader makes of each job, as it comes, in so many processes.

    Raises: CourseError where a worker was killed.
    """
    if workers == 1 or len(jobs) < 2:
        yield from map(grader, jobs)
        return
    # A fresh interpreter a worker: nothing of this process (a database, a bar) is shared by accident.
    context, others = multiprocessing.get_context("spawn"), multiprocessing.active_children()
    # They end with this process, however that ends, and their sandboxes with them.
    pool = ProcessPoolExecutor(min(workers, len(jobs)), mp_context=context, initializer=end_with_parent)
    try:
        with _without_interrupts():
            futures = [pool.submit(grader, job) for job in jobs]
        for future in as_completed(futures):
            yield future.result()
    except BrokenProcessPool as error:
        raise CourseError(
            "A worker was killed, by the system if memory ran out. What is graded is kept: run the same "
            "again, with fewer workers (--jobs 1)."
        ) from error
    finally:
        for worker in set(multiprocessing.active_children()) - set(others):
            worker.kill()  # nobody waits for what it grades: all results are there, or the run was stopped
        pool.shutdown(cancel_futures=True)


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Processes that start inside the block never hear Ctrl-C, which would be said once by each; we end them.

    This process hears it when the block has ended.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows, where each job says that it needs Linux
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def on_ray(jobs: Sequence[Job], workers: int, grader: Callable[[Job], Made]) -> Generator[Made]:
    """The same on a cluster: that at RAY_ADDRESS, else one of `workers` cores here, ended afterwards.

    The machines of a cluster need the course at the same path, and bubblewrap.
    """
    try:
        import ray
    except ImportError as error:
        raise CourseError(
            "--engine ray needs Ray. Install it with `.venv/bin/python -m pip install -c constraints.txt -e "
            "'.[scale]'`, or leave the option out."
        ) from error
    address, own = os.environ.get("RAY_ADDRESS"), not ray.is_initialized()
    if own:
        where: dict[str, Any] = (
            {"address": address} if address else {"num_cpus": workers, "include_dashboard": False}
        )
        try:
            ray.init(**where, log_to_driver=False, logging_level=logging.ERROR)
        except Exception as error:  # Ray raises a bare one where a node does not start in time
            raise CourseError(f"Ray could not be reached at {address or 'this machine'}: {error}") from error
    try:
        yield from _from_ray(ray, ray.remote(num_cpus=1, max_retries=1)(grader), jobs)
    finally:
        if own:
            ray.shutdown()


def _from_ray(ray: Any, remote: Any, jobs: Sequence[Any]) -> Iterator[Any]:
    """What they make, as it comes; what a worker raises is raised here, without Ray's wrapping."""
    left = [remote.remote(job) for job in jobs]
    while left:
        done, left = ray.wait(left, num_returns=1)
        try:
            yield from ray.get(done)
        except ray.exceptions.RayTaskError as error:
            raise error.cause from error
        except ray.exceptions.RayError as error:
            raise CourseError(
                f"A worker of the cluster was lost ({type(error).__name__}). What is graded is kept: run the "
                "same again."
            ) from error
