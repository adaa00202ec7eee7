"""What a lesson works with: its configuration, the stages of its run, and the recorded runs.

A stage is computed when a lesson first asks for it and kept in the cache; what it waits for is said before
the wait begins. `w2s run` and all lessons share the cache, so no model is trained twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from w2s_course.arms.files import splits
from w2s_course.cache import is_complete
from w2s_course.config import Config
from w2s_course.errors import UsageError, unknown_name
from w2s_course.experiment import STAGES
from w2s_course.learn.plain_errors import friendly_errors
from w2s_course.processes import jobs_here
from w2s_course.recorded import recorded_runs
from w2s_course.run import run
from w2s_course.snippets.grammar import Snippet
from w2s_course.speed import expected_seconds, in_words
from w2s_course.stages import Stage, folder_of, run_stage
from w2s_course.wording import words

RECORDED_PRESET = "cpu"
"""The preset of the shipped runs; a lesson shows them whatever preset it runs itself."""


@dataclass(frozen=True)
class Step:
    """A stage of this run, where its folder is or will be, and how long it should take here.

    seconds: an estimate, 0 where the folder is in the cache.
    """

    stage: Stage
    folder: Path
    seconds: float

    @property
    def cached(self) -> bool:
        """Whether nothing has to be computed."""
        return self.seconds == 0


def steps_to(config: Config, names: Iterable[str]) -> list[Step]:
    """The named stages and all that they need, in the order in which they run. Computes nothing.

    Raises: UsageError for a stage that does not exist; CourseError where a model cannot be had.
    """
    expected = expected_seconds(config)
    folders: dict[str, Path] = {}
    steps = []
    for stage in _with_needs(names):
        inputs = {need: folders[need] for need in stage.needs}
        folder = folder_of(stage, config, inputs)
        folders[stage.name] = folder
        steps.append(Step(stage, folder, 0.0 if is_complete(folder) else max(0.1, expected[stage.name])))
    return steps


def _with_needs(names: Iterable[str]) -> list[Stage]:
    """The stages of those names and of all that they need, in the experiment's order."""
    table = {stage.name: stage for stage in STAGES}
    left, wanted = list(names), set()
    while left:
        name = left.pop()
        if name not in table:
            raise unknown_name("stage", name, table)
        wanted.add(name)
        left += table[name].needs
    return [stage for stage in STAGES if stage.name in wanted]


def compute(config: Config, names: Iterable[str], instead: Stage | None = None) -> dict[str, Path]:
    """Run what the cache lacks, after saying in one line what and how long; the folder of each stage.

    instead: run in place of the stage of the same name; of the same recipe, so the same folder.
    """
    steps = announced(steps_to(config, names))
    folders: dict[str, Path] = {}
    for step in steps:
        stage = instead if instead is not None and instead.name == step.stage.name else step.stage
        folders[stage.name] = run_stage(stage, config, {need: folders[need] for need in stage.needs})
    return folders


def announced(steps: list[Step]) -> list[Step]:
    """The steps, after saying in one line which of them are missing, and how long each takes."""
    if missing := [step for step in steps if not step.cached]:
        print(f"Now: {listed(missing)}. Kept afterwards: the next time it takes seconds.")
    return steps


def listed(steps: Iterable[Step]) -> str:
    """Stages with the time that each should take here."""
    return ", ".join(
        f"{words(step.stage.name)} ({'cached' if step.cached else f'about {in_words(step.seconds)}'})"
        for step in steps
    )


@dataclass(frozen=True)
class Lesson:
    """What `setup` gives a notebook.

    unit: the number of the unit; config: of the run that this notebook makes itself.
    """

    unit: int
    config: Config

    def __str__(self) -> str:
        return f"unit {self.unit}, preset {self.config.preset}, seed {self.config.seed}"

    __repr__ = __str__  # a notebook shows the last value of a cell

    @property
    def splits(self) -> dict[str, tuple[Snippet, ...]]:
        """The snippets of this run: test, val, gold and pool."""
        return splits(self.config)

    @friendly_errors()
    def stage(self, name: str) -> Path:
        """The folder of a stage of this run; computed, with all that it needs, if it is not in the cache.

        Raises: Friendly for an unknown stage, and where something is missing that the reader can mend.
        """
        return compute(self.config, [name])[name]

    @friendly_errors()
    def stages(self, *names: str) -> dict[str, Path]:
        """As `stage`, for several: the folder of each, and of all that they need, by name."""
        return compute(self.config, names)

    @friendly_errors()
    def results(self) -> dict[str, Any]:
        """The results of the whole run; all stages are computed that the cache lacks, the time said first.

        Writes what `w2s run` writes: answers, labels, figures and `report.html`, below runs/.
        """
        announced(steps_to(self.config, [stage.name for stage in STAGES]))
        return run(self.config, jobs=jobs_here())

    @friendly_errors()
    def recorded(self, seed: int = 0) -> dict[str, Any]:
        """The results of a run that is shipped with the course. Raises: Friendly for a seed without one."""
        by_seed = {result["config"]["seed"]: result for result in recorded_runs(RECORDED_PRESET)}
        if seed not in by_seed:
            known = ", ".join(map(str, by_seed))
            raise UsageError(f"There is no recorded run with seed {seed}. Recorded seeds: {known}.")
        return by_seed[seed]

    @friendly_errors()
    def recorded_all(self) -> list[dict[str, Any]]:
        """The results of all shipped runs, by seed."""
        return recorded_runs(RECORDED_PRESET)
