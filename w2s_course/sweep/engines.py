"""Who runs the trials: this process, several processes here, or Ray. All give the same rows.

An engine is a generator: it takes trials as plain values and yields an `Outcome` for each as it ends, in any
order. An error of one trial is its outcome; the others go on.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from typing import Any

from w2s_course.errors import CourseError
from w2s_course.processes import worker_processes

log = logging.getLogger(__name__)

Plain = dict[str, Any]
PASSED = ("W2S_CACHE", "OMP_NUM_THREADS", "HF_HUB_OFFLINE")
"""Variables of the environment that a cluster's workers get: where and how fast, never what."""


@dataclass(frozen=True)
class Outcome:
    """What came of one trial: its row, or why there is none; and the seconds that it took."""

    index: int
    row: Plain | None
    error: str
    seconds: float


Engine = Callable[[Sequence[Plain], int, str | None], Iterator[Outcome]]
"""(trials as plain values, jobs, address) -> outcomes as they come."""


def run_one(index: int, plain: Plain) -> Outcome:
    """Run one trial; whatever it raises is in the outcome, so that the other trials go on."""
    from w2s_course.trials import Trial, run_trial

    start = time.perf_counter()
    try:
        row, error = run_trial(Trial.from_dict(plain)), ""
    except CourseError as err:
        row, error = None, str(err)
    except Exception as err:  # a bug, or a library's own error: one trial must not lose the rest
        log.debug("trial %d", index, exc_info=True)
        row, error = None, f"{type(err).__name__}: {err}"
    return Outcome(index, row, error, time.perf_counter() - start)


def local(trials: Sequence[Plain], jobs: int = 1, address: str | None = None) -> Iterator[Outcome]:
    """On this machine: in this process for one job, else in as many processes, which share the cores.

    Raises: CourseError where a process was killed (out of memory, say); what was finished is in the cache.
    """
    if jobs == 1:
        yield from (run_one(i, plain) for i, plain in enumerate(trials))
        return
    with worker_processes(jobs) as pool:
        futures = [pool.submit(run_one, i, plain) for i, plain in enumerate(trials)]
        for future in as_completed(futures):
            yield future.result()


def on_ray(trials: Sequence[Plain], jobs: int = 1, address: str | None = None) -> Iterator[Outcome]:
    """On Ray: `jobs` cores of this machine, or the cluster at `address`; a GPU a trial where there are any.

    The machines of a real cluster need the course installed, and W2S_CACHE on a disk that they share; without
    that each machine makes the teacher anew.

    Raises: CourseError where Ray is not installed, or the address does not answer.
    """
    try:
        import ray
    except ImportError as err:
        raise CourseError(
            "Ray is not installed. Install the extra, pip install 'w2s-course[scale]', or use --engine local."
        ) from err
    if address is None:  # its workers inherit this process's environment
        how: Plain = {"num_cpus": jobs, "include_dashboard": False}
    else:
        passed = {name: os.environ[name] for name in PASSED if name in os.environ}
        how = {"address": address, "runtime_env": {"env_vars": passed}}
    try:
        ray.init(**how, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, ValueError, RuntimeError) as err:
        raise CourseError(f"Ray could not be reached at {address or 'this machine'}: {err}") from err
    try:
        resources: Plain = ray.cluster_resources()
        gpus = 1 if resources.get("GPU") else 0
        task = ray.remote(num_cpus=1, num_gpus=gpus, max_retries=1)(run_one)
        waiting = {task.remote(i, plain): i for i, plain in enumerate(trials)}
        while waiting:
            (done,), _ = ray.wait(list(waiting), num_returns=1)
            index = waiting.pop(done)
            try:
                yield ray.get(done)
            except ray.exceptions.RayError as err:  # the worker died, its machine was lost
                yield Outcome(index, None, f"{type(err).__name__}: {str(err).splitlines()[0]}", 0.0)
    finally:
        ray.shutdown()


ENGINES: dict[str, Engine] = {"local": local, "ray": on_ray}
