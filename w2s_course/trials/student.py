"""The students of a trial: the stages that train one on a label set and let it answer. Slow, so cached.

What a student learns from is a folder with a label set (`labeling.save_labels`); how, is an objective. All
that differs between two trials comes in through these two.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from w2s_course.config import FROM_SCRATCH, Config
from w2s_course.costs import ModelSize, StageCost, forward_flops, timed, training_flops
from w2s_course.experiment import ANSWERS, COSTS, CURVE, known_below, load_weak, splits, write_rows
from w2s_course.labeling import load_labels
from w2s_course.models.answers import Answer, answer
from w2s_course.models.device import pick_device
from w2s_course.models.strong import add_lora, load_strong
from w2s_course.models.weak import WeakArchitecture, new_weak_model, untrained_twin
from w2s_course.stages import Inputs
from w2s_course.training.batches import Example, encode, prompt_of
from w2s_course.training.finetune import Checkpoint, finetune
from w2s_course.training.objectives import Objective, negative_log_likelihood

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

HARDWARE = "hardware.json"
MakeObjective = Callable[[Config, Inputs], Objective]


def plain_objective(config: Config, inputs: Inputs) -> Objective:
    """Equation 4.10, whatever the inputs."""
    return negative_log_likelihood


def hardware() -> dict[str, Any]:
    """What computed a stage, for the reader of its row; never an input to anything."""
    from w2s_course.results import environment

    found = environment()
    return {key: found[key] for key in ("device", "processor", "threads", "torch", "transformers")}


def publish(
    out: Path, answers: Sequence[Answer], costs: dict[str, StageCost], curve: Sequence[dict[str, Any]] = ()
) -> None:
    """Write what a student leaves behind: its answers to the test snippets, its curve, its costs."""
    write_rows(out / ANSWERS, [asdict(a) for a in answers])
    write_rows(out / CURVE, list(curve))
    (out / COSTS).write_text(json.dumps({name: asdict(cost) for name, cost in costs.items()}, indent=1))
    (out / HARDWARE).write_text(json.dumps(hardware()))


def training_cost(
    cost: StageCost, model: PreTrainedModel, examples: Sequence[Example], visits: int, **how: Any
) -> None:
    """Add the operations of `visits` visits to examples of this mean length."""
    lengths, labels = [len(e) for e in examples], [len(e.label) for e in examples]
    tokens, heads = (round(visits / len(examples) * sum(n)) for n in (lengths, labels))
    context = sum(n * n for n in lengths) / (2 * sum(lengths))
    cost.add(tokens, training_flops(ModelSize.of(model), tokens, heads, context, **how))


def ask(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, codes: Sequence[str], **how: Any
) -> tuple[list[Answer], StageCost]:
    """A model's answers about `codes`, and what they cost."""
    prompts = [prompt_of(code) for code in codes]
    with timed() as cost:
        answers = answer(model, tokenizer, prompts, **how)
    lengths = [
        sum(len(ids) + extra for ids in tokenizer(texts, add_special_tokens=False)["input_ids"])
        for texts, extra in ((prompts, 0), ([a.text for a in answers], 1))
    ]
    read, written = lengths
    context = (read + written) / (2 * max(1, len(codes)))
    cost.add(read + written, forward_flops(ModelSize.of(model), read + written, written, context))
    return answers, cost


def train_strong(
    config: Config,
    inputs: Inputs,
    out: Path,
    *,
    objective: MakeObjective = plain_objective,
    share_of_steps: float = 1.0,
    also: str = "",
) -> None:
    """The pre-trained model with adapters, on the label set in `inputs['learned']`.

    share_of_steps: 1 but for an early student, which makes fewer and draws no curve; its learning rate falls
        to 0 at its own last step. A curve of one point is none: nothing is asked but the test.
    also: the name of a file of answers to the very snippets that it learned from; none if empty.
    """
    data, labels = splits(config), load_labels(inputs["learned"])
    model, tokenizer = load_strong(config.strong_model, config.precision, pick_device())
    add_lora(model, config.lora, config.seed)
    examples = encode(tokenizer, list(labels["code"]), list(labels["explanation"]))
    costs: dict[str, StageCost] = {"validation": StageCost()}
    curve: list[dict[str, Any]] = []

    def on_checkpoint(at: Checkpoint) -> None:
        said, cost = ask(model, tokenizer, [s.code for s in data["val"]])
        model.train()
        costs["validation"] = _sum(costs["validation"], cost)
        curve.append({"step": at.step, "loss": at.loss, "answers": [a.text for a in said]})

    steps = max(1, round(share_of_steps * config.strong_steps))
    with timed() as costs["training"]:
        lower = known_below(config, model, examples, inputs["lower_layers"], costs["training"])
        finetune(
            *(model, examples, config.strong_recipe, steps, config.seed),
            precision=config.precision,
            lower=lower,
            objective=objective(config, inputs),
            checkpoints=config.checkpoints if share_of_steps == 1 and config.points > 1 else (),
            on_checkpoint=on_checkpoint,
            progress="student",
        )
    costs["training"].seconds -= costs["validation"].seconds  # the curve is not part of training
    visits, upper = steps * config.strong_recipe.batch_size, config.lora.upper
    how = {"learned": upper, "frozen": True, "forward": 1.0 if lower is None else upper}
    training_cost(costs["training"], model, examples, visits, **how)
    answers, costs["answers"] = ask(model, tokenizer, [s.code for s in data["test"]], progress="answers")
    if also:
        said, costs[f"answers about {also}"] = ask(model, tokenizer, list(labels["code"]), progress=also)
        write_rows(out / f"{also}.jsonl", [asdict(a) for a in said])
    publish(out, answers, costs, curve)


def train_small(
    config: Config, inputs: Inputs, out: Path, *, architecture: WeakArchitecture | None = None, seed: int = 1
) -> None:
    """A model from random weights with the teacher's tokenizer and steps, on `inputs['learned']`.

    architecture: the weak model's own if None.
    seed: is added to the configuration's: from the teacher's own weights it would not be a student.
        Of the first weights and of the order of the examples.
    """
    teacher, tokenizer = load_weak(inputs["weak"])
    labels, test = load_labels(inputs["learned"]), splits(config)["test"]
    if architecture is None and config.weak_model != FROM_SCRATCH:
        model = untrained_twin(teacher, config.seed + seed)
    else:
        model = new_weak_model(architecture or config.weak, tokenizer, config.seed + seed)
    model = model.to(pick_device())
    examples = encode(tokenizer, list(labels["code"]), list(labels["explanation"]))
    costs: dict[str, StageCost] = {}
    with timed() as costs["training"]:
        finetune(
            *(model, examples, config.weak_recipe, config.weak_steps, config.seed + seed),
            precision=config.precision,
            progress="small model",
        )
    training_cost(costs["training"], model, examples, config.weak_steps * config.weak_recipe.batch_size)
    answers, costs["answers"] = ask(model, tokenizer, [s.code for s in test], batch_size=128)
    model.save_pretrained(out / "model")
    tokenizer.save_pretrained(out / "model")
    publish(out, answers, costs)


def _sum(one: StageCost, other: StageCost) -> StageCost:
    return StageCost(one.tokens + other.tokens, one.flops + other.flops, one.seconds + other.seconds)
