"""Claims about how long a run is said to take, before it starts."""

from __future__ import annotations

from statistics import fmean

import pytest
import torch

from w2s_course import speed
from w2s_course.authoring import speed_facts
from w2s_course.config import preset_config
from w2s_course.processes import with_threads
from w2s_course.recorded import recorded_runs
from w2s_course.speed import expected_seconds, in_words
from w2s_course.work import work_of

CPU = preset_config("cpu", precision="bfloat16")
RECORDED = 206e9  # operations a second of one thread of the machine of the recorded runs, in bfloat16


@pytest.fixture
def rate(monkeypatch):
    """Sets the speed of this machine."""

    def set_rate(half: float) -> None:
        monkeypatch.setattr(
            speed, "matmul_rate", lambda precision: half if precision == "bfloat16" else half / 2
        )

    return set_rate


def recorded_seconds(stage: str) -> float:
    names = {"weak": ("weak training",), "labels": ("weak labels", "weak validation", "weak answers")}
    names["lower_layers"] = ("lower layers",)
    return fmean(
        sum(
            cost["seconds"]
            for name, cost in run["cost"]["stages"].items()
            if name in names.get(stage, ()) or (name.startswith(f"{stage} ") and stage != "weak")
        )
        for run in recorded_runs()
    )


@pytest.mark.parametrize("stage", work_of(CPU))
def test_the_recorded_runs_took_what_is_foreseen_to_a_factor_of_two(rate, stage):
    rate(RECORDED)
    assert 0.5 < expected_seconds(CPU)[stage] / recorded_seconds(stage) < 2


OLD = speed_facts.bench("float32")["machine"]["one_thread"]["operations_per_second"]
MEASURED = speed_facts.measured_seconds("float32")


@pytest.mark.parametrize("stage", work_of(CPU))
def test_so_did_the_run_on_a_processor_without_bfloat16(rate, stage):
    rate(2 * OLD)
    expected = expected_seconds(preset_config("cpu", precision="float32"))
    assert 0.6 < expected[stage] / MEASURED[stage] < 1.7


def test_drafts_that_are_refused_are_part_of_what_is_foreseen(rate, monkeypatch):
    rate(RECORDED)
    monkeypatch.setattr(speed, "REFUSED", 0.0)
    never = expected_seconds(CPU)["ceiling"]
    monkeypatch.setattr(speed, "REFUSED", 1.0)
    assert expected_seconds(CPU)["ceiling"] > 1.2 * never


def test_a_machine_half_as_fast_takes_twice_as_long_but_for_the_start(rate):
    rate(RECORDED)
    fast = expected_seconds(CPU)
    rate(RECORDED / 2)
    slow = expected_seconds(CPU)
    start = {"weak": 0.0, "labels": speed.SECONDS_TO_START, "control": 0.0}
    for stage, seconds in fast.items():
        before = start.get(stage, speed.SECONDS_TO_LOAD)
        assert slow[stage] - before == pytest.approx(2 * (seconds - before))


@pytest.mark.parametrize(("seconds", "said"), [(0.2, "1 s"), (89, "89 s"), (91, "2 min"), (5399, "90 min")])
def test_durations_are_said_as_a_person_would(seconds, said):
    assert in_words(seconds) == said


def test_the_rate_is_measured_for_each_number_of_threads(monkeypatch):
    speed._rate_with.cache_clear()
    monkeypatch.setattr(speed, "measured_rate", lambda precision: float(torch.get_num_threads()))
    before = torch.get_num_threads()
    found = []
    for threads in (before, before + 1, before):
        with with_threads(threads):
            found.append(speed.matmul_rate("float32"))
    speed._rate_with.cache_clear()
    assert found == [before, before + 1, before]
