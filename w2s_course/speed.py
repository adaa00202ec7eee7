"""How long a run should take on this machine: operations of the stages over the speed of a matrix product."""

from __future__ import annotations

import time
from functools import cache
from typing import NamedTuple

from w2s_course.config import FROM_SCRATCH, Config
from w2s_course.models.device import dtype_of, pick_device
from w2s_course.work import answering_strong, answers_of_a_student, work_of


class Efficiency(NamedTuple):
    """Shares of the matrix-product rate that the strong model reaches when it learns, when its frozen layers
    are passed, and when it answers."""

    training: float
    passing: float
    answering: float


EFFICIENCY = {  # of the runs whose stages docs/speed.md shows: where products are slow, little else matters
    "bfloat16": Efficiency(training=0.55, passing=0.75, answering=0.3),
    "float32": Efficiency(training=0.65, passing=0.62, answering=0.58),
}
WEAK_EFFICIENCY = 0.5  # of the weak model
SECONDS_TO_LOAD = 4.0  # the strong model, once a stage
SECONDS_TO_START = 2.0  # the weak one
SECONDS_AROUND = 10.0  # of a run beside its stages: libraries, figures and report; 9 to 11 were measured
REFUSED = 0.4  # of a student's drafts, over all checkpoints: these are answered besides


def matmul_rate(precision: str) -> float:
    """Operations a second of a matrix product in fine-tuning's usual shape, with the threads of now; measured
    once for each number of them."""
    import torch

    return _rate_with(precision, torch.get_num_threads())


@cache
def _rate_with(precision: str, threads: int) -> float:
    return measured_rate(precision)


def measured_rate(precision: str) -> float:
    """The same, measured now. Takes 0.05 s."""
    import torch

    device, dtype = pick_device(), dtype_of(precision)
    a, b = (torch.ones(shape, device=device, dtype=dtype) for shape in ((512, 576), (576, 1536)))
    a @ b  # the first product loads the library, which may take longer than all that is timed
    best, until = float("inf"), time.perf_counter() + 0.05
    for _ in range(1000):
        start = time.perf_counter()
        a @ b
        if device.type == "cuda":
            torch.cuda.synchronize()
        best = min(best, time.perf_counter() - start)
        if time.perf_counter() > until:
            break
    return 2 * 512 * 576 * 1536 / best


def expected_seconds(config: Config) -> dict[str, float]:
    """Seconds that each stage should take here if the machine does nothing else; right to a factor of two."""
    scratch, strong_rate = config.weak_model == FROM_SCRATCH, matmul_rate(config.precision)
    reached = EFFICIENCY[config.precision]
    weak_rate = matmul_rate("float32") * (WEAK_EFFICIENCY if scratch else reached.training)
    small = {"weak": 0.0, "labels": SECONDS_TO_START, "control": 0.0}  # what comes before the work
    expected: dict[str, float] = {}
    for stage, work in work_of(config).items():
        if stage in small:
            expected[stage] = small[stage] + work.whole.operations / weak_rate
            continue
        learning = (work.learning + work.checking).operations / reached.training
        training = (learning + work.passing.operations / reached.passing) / strong_rate
        written = work.answering
        if work.checking.operations:
            written = answering_strong(config, round(REFUSED * answers_of_a_student(config)))
        asking = written.operations / (strong_rate * reached.answering)
        expected[stage] = SECONDS_TO_LOAD + training + asking
    return expected


def in_words(seconds: float) -> str:
    """A duration as a person would say it.

    >>> in_words(12.3), in_words(200), in_words(6000)
    ('12 s', '3 min', '1.7 h')
    """
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
