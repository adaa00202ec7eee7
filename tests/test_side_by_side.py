"""Claims about the order in which stages run side by side, with stages that only say when they ran.

That real stages give the same results this way as one after the other is claimed in test_experiment.py.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from w2s_course import side_by_side
from w2s_course.config import PRESETS
from w2s_course.errors import CourseError
from w2s_course.experiment import STAGES, stage_named
from w2s_course.side_by_side import by_urgency, run_side_by_side

CONFIG = PRESETS["smoke"].config
SECONDS = {stage.name: 1.0 + n for n, stage in enumerate(STAGES)}


@dataclass
class Watched:
    """What the stand-ins of the stages saw. fails: the stage that fails, once another runs beside it."""

    fails: str = ""
    started: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    inputs: dict[str, dict[str, str]] = field(default_factory=dict)
    most_at_once: int = 0
    early: list[str] = field(default_factory=list)
    prepared: int = 0

    def __post_init__(self) -> None:
        self.lock = threading.Lock()

    def prepare(self) -> None:
        with self.lock:
            self.prepared += 1

    def run(self, name: str, config: dict, inputs: dict[str, str]) -> str:
        with self.lock:
            self.started.append(name)
            self.inputs[name] = inputs
            self.most_at_once = max(self.most_at_once, len(self.started) - len(self.ended))
            self.early += [f"{need} for {name}" for need in stage_named(name).needs if need not in self.ended]
        time.sleep(0.02)
        if name == self.fails:
            raise CourseError(f"{name}: the disk is full.")
        with self.lock:
            self.ended.append(name)
        return f"folder of {name}"


@pytest.fixture
def watch(monkeypatch, tmp_path):
    """Makes threads and stand-ins take the place of processes and stages."""
    monkeypatch.setenv("W2S_CACHE", str(tmp_path / "cache"))

    def begin(**settings) -> Watched:
        watched = Watched(**settings)

        @contextmanager
        def threads(jobs: int, told: object = None):
            with ThreadPoolExecutor(8) as pool:  # more than asked for: the limit is not the pool's
                yield pool

        monkeypatch.setattr(side_by_side, "expected_seconds", lambda config: SECONDS)
        monkeypatch.setattr(side_by_side, "worker_processes", threads)
        monkeypatch.setattr(side_by_side, "_elsewhere", watched.run)
        monkeypatch.setattr(side_by_side, "_import_libraries", watched.prepare)
        return watched

    return begin


@pytest.mark.parametrize("jobs", [2, 3])
def test_no_stage_begins_before_its_inputs_are_there_and_no_more_run_than_asked_for(watch, jobs):
    watched, announced = watch(), []
    folders = run_side_by_side(CONFIG, jobs, announced.append)
    assert watched.early == []
    assert watched.most_at_once == jobs
    assert sorted(announced) == sorted(watched.started)  # two that begin at once may begin in any order
    assert folders == {stage.name: Path(f"folder of {stage.name}") for stage in STAGES}
    assert list(folders) == [stage.name for stage in STAGES]
    for stage in STAGES:
        assert watched.inputs[stage.name] == {need: f"folder of {need}" for need in stage.needs}


def test_of_the_stages_that_can_begin_the_most_urgent_does(watch):
    watched = watch()
    run_side_by_side(CONFIG, 1)
    left, order = by_urgency(SECONDS), []
    while left:
        order.append(next(stage.name for stage in left if set(stage.needs) <= set(order)))
        left = [stage for stage in left if stage.name not in order]
    assert watched.started == order


@pytest.mark.parametrize("fails", ["weak", "labels", "ceiling"])
def test_the_error_of_a_stage_is_raised_and_nothing_that_waits_for_it_begins(watch, fails):
    watched = watch(fails=fails)
    with pytest.raises(CourseError, match=f"{fails}: the disk is full"):
        run_side_by_side(CONFIG, 2)
    assert not [name for name in watched.started if fails in stage_named(name).needs]
    assert sorted([*watched.ended, fails]) == sorted(watched.started), "what ran beside it was finished"


def test_stages_that_were_found_are_not_run_again(watch, monkeypatch):
    watched, found = watch(), {"weak": Path("here"), "lower_layers": Path("there")}
    monkeypatch.setattr(side_by_side, "_found", lambda config, on_stage: dict(found))
    folders = run_side_by_side(CONFIG, 2)
    assert folders.items() >= found.items()
    assert sorted(watched.started) == sorted({stage.name for stage in STAGES} - set(found))
    assert watched.inputs["labels"]["weak"] == "here"


def test_every_worker_imports_its_libraries_while_the_cache_is_looked_at(watch, monkeypatch):
    watched, found = watch(), side_by_side._found
    seen = []

    def look(config, on_stage):
        time.sleep(0.1)
        seen.append((watched.prepared, list(watched.started)))
        return found(config, on_stage)

    monkeypatch.setattr(side_by_side, "_found", look)
    run_side_by_side(CONFIG, 2)
    assert seen == [(2, [])]


def test_a_model_that_cannot_be_had_is_told_before_a_stage_begins(watch):
    watched = watch()
    with pytest.raises(CourseError, match="gpt2"):
        run_side_by_side(replace(CONFIG, strong_model="gpt2"), 2)
    assert watched.started == []


def test_the_next_stages_begin_before_anything_is_done_with_a_folder(watch):
    """What a run does with a folder may take seconds, in which no worker should wait."""
    watched, begun = watch(), {}

    def slow(name: str, folder: Path) -> None:
        time.sleep(0.1)
        begun[name] = list(watched.started)

    run_side_by_side(CONFIG, 2, on_folder=slow)
    assert set(begun) == {stage.name for stage in STAGES}
    assert "labels" in begun["weak"]
    assert "lower_layers" in begun["labels"]
