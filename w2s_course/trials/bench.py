"""The bench that the methods work at: the stages of one trial, each computed at most once.

    weak, labels     the teacher and its labels, shared with `w2s run` and with every trial of that seed
    pairs            the labels counted and planted with errors, or changed by a method: what is learned from
    student          its training and its answers to the test snippets

A method is a few lines that ask the bench for these; see `methods`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import w2s_course
from w2s_course.experiment import DATA, SMALL, stage_named
from w2s_course.experiment import TUNED as STRONG
from w2s_course.models.weak import WeakArchitecture
from w2s_course.stages import Inputs, Stage, run_stage
from w2s_course.trials.pairs import Change, planted, write_by_model, write_changed, write_pairs
from w2s_course.trials.student import MakeObjective, plain_objective, train_small, train_strong
from w2s_course.trials.trial import Trial

CHANGING = (
    *("trials/pairs", "arms/files", "labeling/labels", "models/answers"),
    *("snippets/grammar", "snippets/concepts"),
)
WRITING = ("arms/small", "models/beginning", "training/batches")
JUDGING = ("judging/claims", "judging/execution")
PLANTING = ("labeling/planted", "labeling/rules", *JUDGING)
TRAINING = (
    "trials/student",
    "arms",
    "labeling/labels",
    "snippets/grammar",
    "snippets/concepts",
    "models/answers",
    "models/beginning",
    "models/strong",
    "models/weak",
    "training/batches",
    "training/fast",
    "training/lower",
    "training/finetune",
    "training/muon",
    "training/objectives",
    "training/optimizers",
    "training/recipe",
    "costs/operations",
)


@dataclass(frozen=True)
class Taught:
    """What came of a trial: the student's folder, the label set it learned from, and further measures.

    extra: plain numbers that only this method has, by their names in the row.
    also: folders of stages whose cost belongs to the method, by their names: members, intermediate models.
    """

    student: Path
    learned: Path
    extra: Mapping[str, Any] = field(default_factory=dict)
    also: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class Bench:
    """The stages of one trial."""

    trial: Trial

    @cached_property
    def teacher(self) -> dict[str, Path]:
        """The folders of the stages `weak` and `labels` of the experiment."""
        folders: dict[str, Path] = {}
        for stage in (stage_named("weak"), stage_named("labels")):
            needs = {name: folders[name] for name in stage.needs}
            folders[stage.name] = run_stage(stage, self.trial.config, needs)
        return folders

    @cached_property
    def lower(self) -> Path:
        """The folder of the experiment's stage `lower_layers`, which all strong students of a seed share: so
        without the labels of one teacher."""
        return run_stage(stage_named("lower_layers"), self.trial.config, {})

    @cached_property
    def pairs(self) -> Path:
        """The label set that a plain student learns from: weak or gold, counted, errors planted."""
        trial = self.trial
        inputs = {"labels": self.teacher["labels"]} if trial.labels == "weak" else {}
        settings: dict[str, Any] = {"labels": trial.labels, "count": trial.count or 0}
        pairs = self.run("pairs", partial(write_pairs, **settings), CHANGING, inputs, settings)
        if not trial.plan:
            return pairs
        change = partial(planted, plan=dict(trial.plan), seed=trial.seed)
        compute, code = partial(write_changed, "planting", change), (*CHANGING, *PLANTING)
        return self.run("planted", compute, code, {"labels": pairs}, {"plan": dict(trial.plan)})

    def run(
        self,
        name: str,
        compute: Callable[..., None],
        code: tuple[str, ...],
        inputs: Inputs,
        settings: Mapping[str, Any],
        reads: tuple[str, ...] = DATA,
    ) -> Path:
        """The folder of a stage of this trial. All that `compute` depends on must be given.

        The modules of `compute` and of the functions that are bound to it are added to `code`.
        """
        code = (*code, *sorted(_modules_of(compute) - set(code)))
        models = ("strong_model",) if "strong_model" in reads else ()
        stage = Stage(name, compute, reads, code, tuple(inputs), models, dict(settings))
        return run_stage(stage, self.trial.config, inputs)

    def changed(self, name: str, change: Change, code: tuple[str, ...], inputs: Inputs) -> Path:
        """The trial's pairs after a method's change of the labels, by the trial's settings.

        code: the modules that the change lives in; inputs: further folders that it reads.
        """
        compute, given = partial(write_changed, name, change), {"labels": self.pairs, **inputs}
        return self.run(name, compute, (*CHANGING, *code), given, self.trial.settings)

    def small_model(self, learned: Path, seed: int, architecture: WeakArchitecture | None = None) -> Path:
        """The folder of a small model from random weights, trained on a label set, with a seed of its own."""
        inputs = {"learned": learned, "weak": self.teacher["weak"]}
        plain = {"seed": seed, "architecture": asdict(architecture) if architecture else None}
        compute = partial(train_small, seed=seed, architecture=architecture)
        return self.run("small_model", compute, TRAINING, inputs, plain, SMALL)

    def written_by(self, model: Path) -> Path:
        """The labels that a small model writes about the snippets of the trial."""
        settings = {"count": self.trial.count}
        compute = partial(write_by_model, count=self.trial.count or 0)
        return self.run("written", compute, (*CHANGING, *WRITING), {"model": model}, settings)

    def student(
        self,
        learned: Path,
        *,
        objective: MakeObjective = plain_objective,
        name: str = "plain",
        code: tuple[str, ...] = (),
        inputs: Inputs | None = None,
        settings: Mapping[str, Any] | None = None,
        **how: Any,
    ) -> Path:
        """The folder of the trial's student, trained on a label set with an objective.

        name, code, settings: of the objective, its module and its numbers; inputs: folders that it reads.
        how: further arguments of the training function, plain values.
        """
        compute, reads = _STUDENTS[self.trial.student]
        if self.trial.student == "control":
            given = {"learned": learned, "weak": self.teacher["weak"]}
            how = {**how, "times": self.trial.config.control_times}
        else:
            given = {"learned": learned, "lower_layers": self.lower, **(inputs or {})}
            how = {**how, "objective": objective}
        plain = {key: value for key, value in how.items() if key != "objective"}
        known = {"objective": name, **plain, **(settings or {})}
        stage = "student" if self.trial.student == "strong" else "small_student"
        return self.run(stage, partial(compute, **how), (*TRAINING, *code), given, known, reads)


def _modules_of(compute: Any) -> set[str]:
    """Where a function of this package, and those that are bound to it as arguments, stand in it."""
    if isinstance(compute, partial):
        parts = (compute.func, *compute.args, *compute.keywords.values())
        return {module for part in parts for module in _modules_of(part)}
    package, _, module = getattr(compute, "__module__", "").partition(".")
    return {module.replace(".", "/")} if callable(compute) and package == w2s_course.__name__ else set()


_STUDENTS: dict[str, tuple[Callable[..., None], tuple[str, ...]]] = {
    "strong": (train_strong, STRONG),
    "control": (train_small, SMALL),
}
