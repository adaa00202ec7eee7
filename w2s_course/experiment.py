"""The experiment: can a weak teacher train a strong student? One configuration, eight stages, one result.

    weak             the weak model, trained on its own gold pairs
    labels           its explanation of every snippet of the pool: the weak labels
    control          the weak architecture again, from nothing, trained on the weak labels
    strong_prompted  the strong model untrained, a few gold examples in its prompt
    lower_layers     what its frozen layers make of snippets and labels, once for the arms of the pool
    strong_on_gold   the strong model fine-tuned on the weak model's gold pairs
    weak_to_strong   the strong model fine-tuned on the weak labels          (eq. 4.10)
    ceiling          the strong model fine-tuned on gold labels of the same snippets

All arms answer the same test snippets. The three fine-tuned ones make the same number of steps. What a stage
computes stands in `arms`; this module says which stages there are, what each needs, and runs them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from w2s_course.arms.small import OnLabel, label, train_control, train_weak
from w2s_course.arms.strong import FINE_TUNED, prompt_strong, run_lower, train_arm
from w2s_course.config import Config
from w2s_course.stages import Stage, run_stage
from w2s_course.training.finetune import OnStep

DATA = ("seed", "sizes", "with_view")
SMALL = (*DATA, "precision", "weak_model", "weak", "weak_recipe", "weak_epochs", "weak_steps")
PROMPTED = (*DATA, "precision", "strong_model")
TUNED = (*PROMPTED, "lora", "strong_recipe", "strong_steps", "points", "checkpoints")
"""What the stages read of the configuration: its fields, and numbers that it derives from them."""

CODE = (  # what the stages run, file by file: a new method elsewhere makes no old stage new work
    *("arms", "snippets/concepts", "snippets/grammar", "labeling/labels", "costs/operations"),
    *("models/answers", "models/beginning", "models/strong", "models/weak"),
    *("training/batches", "training/fast", "training/finetune", "training/lower"),
    *("training/muon", "training/objectives", "training/optimizers", "training/recipe"),
)


def _tuned(arm: str, needs: tuple[str, ...] = ()) -> Stage:
    return Stage(arm, partial(train_arm, arm), TUNED, CODE, needs=needs, models=("strong_model",))


STAGES: tuple[Stage, ...] = (
    Stage("weak", train_weak, SMALL, CODE, models=("weak_model",)),
    Stage("labels", label, DATA, CODE, needs=("weak",)),
    Stage("control", train_control, (*SMALL, "control_steps"), CODE, needs=("weak", "labels")),
    Stage("strong_prompted", prompt_strong, PROMPTED, CODE, models=("strong_model",)),
    # With the labels, since they share a pass with the gold sentences. So another teacher's run computes this
    # again, and the ceiling after it, which learns the same from it.
    Stage(
        *("lower_layers", run_lower, (*PROMPTED, "lora"), CODE), needs=("labels",), models=("strong_model",)
    ),
    _tuned("weak_to_strong", needs=("lower_layers", "labels")),
    _tuned("ceiling", needs=("lower_layers",)),
    _tuned("strong_on_gold"),
)


def stage_named(name: str) -> Stage:
    """The stage of that name. Raises: KeyError if there is none."""
    return {stage.name: stage for stage in STAGES}[name]


def watched(arm: str, on_step: OnStep) -> Stage:
    """The stage of a fine-tuned arm, telling `on_step` each step; of the same recipe, in the same folder."""
    if arm not in FINE_TUNED:
        raise ValueError(f"{arm} is not fine-tuned.")
    return replace(stage_named(arm), compute=partial(train_arm, arm, on_step=on_step))


def telling(stage: Stage, on_label: OnLabel | None) -> Stage:
    """The stage `weak`, telling `on_label` what the model says while it learns, in the same folder; any other
    stage as it is."""
    if stage.name != "weak":
        return stage
    return replace(stage, compute=partial(stage.compute, on_label=on_label))


OnFolder = Callable[[str, Path], None]
"""What is told a stage's name and its folder when that is complete."""


def run_stages(
    config: Config,
    on_stage: Callable[[str], None] = lambda name: None,
    on_folder: OnFolder = lambda name, folder: None,
    on_label: OnLabel | None = None,
) -> dict[str, Path]:
    """Run every stage that the cache does not hold; the folder of each, by its name.

    on_stage: called with a stage's name before it starts or is found; on_folder: when its folder is complete;
    on_label: with what the weak model says while it learns; it is not asked if nobody listens.
    """
    folders: dict[str, Path] = {}
    for stage in STAGES:
        on_stage(stage.name)
        inputs = {name: folders[name] for name in stage.needs}
        folders[stage.name] = run_stage(telling(stage, on_label), config, inputs)
        on_folder(stage.name, folders[stage.name])
    return folders
