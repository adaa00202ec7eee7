"""For tests: progress in memory and empty, or in a folder of its own; a lesson with tiny models."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from w2s_course.config import Config, Sizes
from w2s_course.errors import CourseError
from w2s_course.learn.lesson import Lesson
from w2s_course.models.weak import WeakArchitecture
from w2s_course.training.recipe import Recipe

# Not `from w2s_course.learn import progress`: that is the function of this name.
progress = import_module("w2s_course.learn.progress")


@pytest.fixture
def headless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is there to click; nothing has been done yet."""
    monkeypatch.setenv("W2S_HEADLESS", "1")
    monkeypatch.setattr(progress, "_in_memory", {})


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A learner's folder, which is the current one; returns the path of the progress file, not there yet."""
    monkeypatch.delenv("W2S_HEADLESS", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path / progress.FILE


@pytest.fixture
def disk_is_full(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it, and no progress file can be written any more."""

    def full(path: Path, data: str) -> None:
        raise CourseError("The disk is full.")

    return lambda: monkeypatch.setattr(progress, "write_atomically", full)


@pytest.fixture(scope="session")
def stages_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache for the stages of tiny lessons, so that each is computed once for all tests."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def lesson(
    tiny_strong: Path,
    stages_cache: Path,
    tmp_path: Path,
    headless: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Lesson:
    """A lesson of unit 3 whose run has models of a few thousand parameters, in a folder of its own."""
    monkeypatch.setenv("W2S_CACHE", str(stages_cache))
    monkeypatch.chdir(tmp_path)
    config = Config(
        preset="tiny",
        seed=0,
        sizes=Sizes(gold=12, pool=16, val=4, test=10, shots=2),
        weak=WeakArchitecture(width=16, layers=1, heads=2, vocabulary=300, context=256),
        weak_recipe=Recipe(1e-2, batch_size=4),
        weak_epochs=2,
        strong_model=str(tiny_strong),
        strong_recipe=Recipe(1e-3, batch_size=4),
        points=2,
    )
    return Lesson(3, config)
