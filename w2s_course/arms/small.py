"""The small models: the weak one, its labels, and the control, which is its twin without a past."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from w2s_course.arms.counted import add_training, ask
from w2s_course.arms.files import ANSWERS, FIRST_LABEL, splits, write_answers, write_costs
from w2s_course.config import FROM_SCRATCH, Config
from w2s_course.costs import StageCost, timed
from w2s_course.labeling import LABEL_BATCH, LabelCard, label_set, load_labels, save_labels
from w2s_course.models.answers import Answer
from w2s_course.models.device import pick_device
from w2s_course.models.strong import load_strong
from w2s_course.models.weak import WeakArchitecture, new_weak_model, train_tokenizer, untrained_twin
from w2s_course.stages import Inputs
from w2s_course.training.batches import encode, prompt_of
from w2s_course.training.finetune import Checkpoint, finetune

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


OnLabel = Callable[[int, Answer], None]
"""What is told how the weak model explains the pool's first snippet while it learns, and after which step."""

ASKED_AFTER = (1 / 12, 1 / 2)  # of the steps: soon, when it babbles, and when it has learned the form


def _weak_start(config: Config) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """The weak model before training: from nothing, or pre-trained if the configuration names one."""
    if config.weak_model != FROM_SCRATCH:
        model, tokenizer = load_strong(config.weak_model, "float32", pick_device())
        return model.requires_grad_(True), tokenizer
    gold = splits(config)["gold"]
    tokenizer = train_tokenizer((prompt_of(s.code) + s.explanation for s in gold), config.weak.vocabulary)
    return new_weak_model(config.weak, tokenizer, config.seed).to(pick_device()), tokenizer


def learn_small(
    config: Config,
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    codes: Sequence[str],
    explanations: Sequence[str],
    *,
    steps: int,
    seed: int,
    progress: str,
    **how: Any,
) -> StageCost:
    """Train a small model in place by the weak recipe; its cost.

    seed: of the order of the examples; how: further arguments of `finetune`.
    """
    examples = encode(tokenizer, codes, explanations)
    with timed() as cost:
        finetune(
            *(model, examples, config.weak_recipe, steps, seed),
            precision=config.precision,
            progress=progress,
            **how,
        )
    add_training(cost, model, examples, steps * config.weak_recipe.batch_size)
    return cost


def train_weak(config: Config, inputs: Inputs, out: Path, on_label: OnLabel | None = None) -> None:
    """The stage `weak`: train the weak model on its own gold pairs.

    on_label: told what the model says on the way; what is computed is the same without it.
    """
    gold, first = splits(config)["gold"], [prompt_of(splits(config)["pool"][0].code)]
    model, tokenizer = _weak_start(config)
    pairs = ([s.code for s in gold], [s.explanation for s in gold])
    asking = StageCost()

    def on_checkpoint(at: Checkpoint) -> None:
        with timed() as cost:
            (said,), _ = ask(model, tokenizer, first)
        asking.seconds += cost.seconds
        if on_label:
            on_label(at.step, said)

    steps = config.weak_steps
    early = sorted({max(1, round(share * steps)) for share in ASKED_AFTER}) if on_label else ()
    cost = learn_small(
        *(config, model, tokenizer, *pairs),
        steps=steps,
        seed=config.seed,
        progress="weak model",
        checkpoints=early,
        on_checkpoint=on_checkpoint,
    )
    cost.seconds -= asking.seconds  # not a part of training
    model.save_pretrained(out / "model")
    tokenizer.save_pretrained(out / "model")
    # To be shown at once; the stage `labels` writes and counts it with all others.
    write_answers(out / FIRST_LABEL, ask(model, tokenizer, first)[0])
    write_costs(out, {"weak training": cost})


def load_weak(folder: Path) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """The trained weak model of a run, from the folder of its stage."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model = AutoModelForCausalLM.from_pretrained(folder / "model")
    return model.to(pick_device()).eval(), AutoTokenizer.from_pretrained(folder / "model")


def label(config: Config, inputs: Inputs, out: Path) -> None:
    """The stage `labels`: the weak model explains the pool, and the validation and test snippets."""
    model, tokenizer = load_weak(inputs["weak"])
    data = splits(config)
    costs: dict[str, StageCost] = {}
    for split, name in (("pool", "weak labels"), ("val", "weak validation"), ("test", "weak answers")):
        prompts = [prompt_of(s.code) for s in data[split]]
        answers, costs[name] = ask(model, tokenizer, prompts, batch_size=LABEL_BATCH, progress=name)
        if split == "pool":
            labeller = f"weak model ({config.weak_model}), {model.num_parameters():,} parameters"
            card = LabelCard("Weak labels", labeller, f"{config.sizes.gold:,} gold pairs, seed {config.seed}")
            save_labels(label_set(data[split], answers, labeller), card, out)
        else:
            write_answers(out / f"{split}.jsonl", answers)
    write_costs(out, costs)


def untrained(
    config: Config,
    teacher: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    seed: int,
    architecture: WeakArchitecture | None = None,
) -> PreTrainedModel:
    """A model with random weights and the weak model's tokenizer: its twin, or of another architecture."""
    if architecture is None and config.weak_model != FROM_SCRATCH:
        return untrained_twin(teacher, seed).to(pick_device())
    return new_weak_model(architecture or config.weak, tokenizer, seed).to(pick_device())


def train_control(config: Config, inputs: Inputs, out: Path) -> None:
    """The stage `control`: the weak architecture from random weights, on the weak labels."""
    teacher, tokenizer = load_weak(inputs["weak"])
    labels = load_labels(inputs["labels"])
    # Another seed than the weak model's: from the same weights it would not be a student.
    model = untrained(config, teacher, tokenizer, config.seed + 1)
    pairs = (list(labels["code"]), list(labels["explanation"]))
    cost = learn_small(
        *(config, model, tokenizer, *pairs), steps=config.control_steps, seed=config.seed, progress="control"
    )
    costs = {"control training": cost}
    prompts = [prompt_of(s.code) for s in splits(config)["test"]]
    answers, costs["control answers"] = ask(
        model, tokenizer, prompts, batch_size=LABEL_BATCH, progress="control answers"
    )
    write_answers(out / ANSWERS, answers)
    write_costs(out, costs)
