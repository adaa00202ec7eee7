"""The strong model: asked with examples in its prompt, or fine-tuned on one set of labels or another.

The fine-tuned arms differ in what they learn from (`training_labels`) and in nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

from w2s_course.arms.counted import add_training, ask, lengths_of, room_for, total
from w2s_course.arms.drafts import Drafts
from w2s_course.arms.files import ANSWERS, CURVE, HOSTED, splits, write_answers, write_costs, write_rows
from w2s_course.config import Config
from w2s_course.costs import ModelSize, StageCost, forward_flops, timed
from w2s_course.labeling import gold_answers, load_labels
from w2s_course.models.answers import Answer
from w2s_course.models.device import pick_device
from w2s_course.models.strong import add_lora, load_strong, merged
from w2s_course.snippets.grammar import Snippet
from w2s_course.stages import Inputs
from w2s_course.training.batches import Example, encode, prompt_of
from w2s_course.training.finetune import Checkpoint, OnStep, batches_of, finetune
from w2s_course.training.lower import (
    LowerStates,
    Row,
    Tokens,
    first_learning_layer,
    load_states,
    lower_states,
    rows_of,
    save_states,
)
from w2s_course.training.objectives import Objective, negative_log_likelihood

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

States = Mapping[Tokens, "Tensor"]
Answered = tuple[list[Answer], StageCost]

FINE_TUNED = ("strong_on_gold", "weak_to_strong", "ceiling")


def few_shot_prefix(gold: Sequence[Snippet], shots: int) -> str:
    """Solved examples to stand before a prompt, in the form that the model is to continue."""
    return "".join(f"{prompt_of(s.code)}{s.explanation}\n\n" for s in gold[:shots])


def prompt_strong(config: Config, inputs: Inputs, out: Path) -> None:
    """The stage `strong_prompted`: the strong model untrained, a few gold examples in its prompt."""
    data = splits(config)
    model, tokenizer = load_strong(config.strong_model, config.precision, pick_device())
    prefix = few_shot_prefix(data["gold"], config.sizes.shots)
    prompts = [prompt_of(s.code) for s in data["test"]]
    longest = room_for(tokenizer, [s.explanation for s in data["gold"]])
    answers, cost = ask(
        *(model, tokenizer, prompts), prefix=prefix, stop="\n", longest=longest, progress="prompted answers"
    )
    # What a hosted model would read and write for one label, counted with this tokenizer.
    reads = fmean(lengths_of(tokenizer, [prefix + prompt for prompt in prompts]))
    writes = fmean(lengths_of(tokenizer, [s.explanation for s in data["test"]]))
    (out / HOSTED).write_text(json.dumps({"read": reads, "written": writes}))
    write_answers(out / ANSWERS, answers)
    write_costs(out, {"strong_prompted answers": cost})


# --- the lower layers -------------------------------------------------------------------------------


def _learning_strong(config: Config) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    model, tokenizer = load_strong(config.strong_model, config.precision, pick_device())
    add_lora(model, config.lora, config.seed)
    return model, tokenizer


def run_lower(config: Config, inputs: Inputs, out: Path) -> None:
    """The stage `lower_layers`: the frozen layers on every snippet of the pool, validation and test with its
    gold sentence, which is learned from or the draft of an answer, and on the pool with its weak labels, if
    they are among the inputs; nothing on a GPU.

    The gold pairs of `strong_on_gold` are its own affair: so it need not wait for this stage.
    """
    data = splits(config)
    model, tokenizer = _learning_strong(config)
    with timed() as cost:
        first = first_learning_layer(model)
        if first and model.device.type == "cpu":
            known = [snippet for split in ("pool", "val", "test") for snippet in data[split]]
            examples = encode(tokenizer, [s.code for s in known], [s.explanation for s in known])
            if "labels" in inputs:
                labels = load_labels(inputs["labels"])
                examples += encode(tokenizer, list(labels["code"]), list(labels["explanation"]))
            rows = rows_of(examples)
            save_states(lower_states(model, rows, first, config.precision, "lower layers"), out)
            _add_lower(cost, model, rows, config.lora.upper)
    write_costs(out, {"lower layers": cost})


def _add_lower(cost: StageCost, model: PreTrainedModel, rows: Sequence[Row], upper: float) -> None:
    """Add the operations of the lower layers for these rows."""
    tokens = sum(map(len, rows))
    context = sum(row.attended for row in rows) / max(1, tokens)
    cost.add(tokens, (1 - upper) * forward_flops(ModelSize.of(model), tokens, 0, context))


def _below(
    config: Config, model: PreTrainedModel, examples: Sequence[Example], known: States
) -> LowerStates | None:
    """What the frozen layers make of the examples, known or to be computed; None on a GPU."""
    if model.device.type != "cpu" or not first_learning_layer(model):
        return None
    return LowerStates(model, examples, config.precision, known)


# --- fine-tuning ------------------------------------------------------------------------------------


@dataclass
class Student:
    """A fine-tuned strong model, and what its training left behind.

    known: what its frozen layers make of the snippets, as the stage `lower_layers` left it.
    longest: the tokens that an answer may have.
    curve: a row a checkpoint: step, loss, losses, and the answers to the validation snippets.
    costs: of its training and of the curve's answers, apart.
    """

    config: Config
    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    known: States
    longest: int
    costs: dict[str, StageCost]
    curve: list[dict[str, Any]] = field(default_factory=list)

    def ask(self, codes: Sequence[str], drafts: Sequence[str] = (), **how: Any) -> Answered:
        """The student's answers about `codes`, and what they cost.

        drafts: what the answers may turn out to be, to save time (`arms.drafts`); none if empty.
        """
        foreseen, below = None, StageCost()
        if drafts:
            examples = encode(self.tokenizer, codes, drafts)
            lower = _below(self.config, self.model, examples, self.known)
            if lower:
                with timed() as below:
                    lower.complete("lower layers")
                _add_lower(below, self.model, lower.computed, self.config.lora.upper)
                self.known = lower.states  # with what was computed now: asked again at the next checkpoint
            foreseen = Drafts(examples, lower)
        prompts = [prompt_of(code) for code in codes]
        how = {"drafts": foreseen, "longest": self.longest, **how}
        with merged(self.model):
            answers, cost = ask(self.model, self.tokenizer, prompts, **how)
        return answers, total([below, cost])

    def explain(self, snippets: Sequence[Snippet], **how: Any) -> Answered:
        """Its answers about snippets whose gold sentences serve as drafts, and what they cost."""
        return self.ask([s.code for s in snippets], [s.explanation for s in snippets], **how)

    def save_adapters(self, out: Path) -> None:
        """Write what was learned, all weights that training changed."""
        from safetensors.torch import save_file

        learned = {
            name: p.detach().contiguous() for name, p in self.model.named_parameters() if p.requires_grad
        }
        save_file(learned, out / "adapters.safetensors")


def fine_tuned(
    config: Config,
    codes: Sequence[str],
    explanations: Sequence[str],
    lower_layers: Path | None,
    *,
    steps: int | None = None,
    checkpoints: Sequence[int] = (),
    objective: Objective = negative_log_likelihood,
    on_step: OnStep = lambda step, loss: None,
    progress: str = "student",
) -> Student:
    """The strong model with adapters, trained on these pairs.

    lower_layers: the folder of that stage; None if all is to be computed here.
    steps: the configuration's if None.
    checkpoints: the steps after which the student answers the validation snippets.
    """
    steps, data = steps or config.strong_steps, splits(config)
    model, tokenizer = _learning_strong(config)
    longest = room_for(tokenizer, [s.explanation for s in data["gold"]])
    costs = {"training": StageCost(), "validation": StageCost()}
    known = load_states(lower_layers) if lower_layers else {}
    student = Student(config, model, tokenizer, known, longest, costs)

    def on_checkpoint(at: Checkpoint) -> None:
        said, cost = student.explain(data["val"])
        costs["validation"] = total([costs["validation"], cost])
        row = {"step": at.step, "loss": at.loss, "losses": at.losses, "answers": [a.text for a in said]}
        student.curve.append(row)

    examples, recipe = encode(tokenizer, codes, explanations), config.strong_recipe
    batches = batches_of(examples, recipe, steps, config.seed)
    visited = [examples[i] for i in sorted({i for batch in batches for i in batch})]
    with timed() as costs["training"]:
        lower = _below(config, model, visited, student.known)
        finetune(
            *(model, examples, recipe, steps, config.seed),
            precision=config.precision,
            lower=lower,
            objective=objective,
            checkpoints=checkpoints,
            on_checkpoint=on_checkpoint,
            on_step=on_step,
            progress=progress,
        )
    costs["training"].seconds -= costs["validation"].seconds  # the curve is not part of training
    visits, upper = steps * recipe.batch_size, config.lora.upper
    how = {"learned": upper, "frozen": True, "forward": 1.0 if lower is None else upper}
    add_training(costs["training"], model, examples, visits, **how)
    if lower:
        _add_lower(costs["training"], model, lower.computed, upper)
    return student


def training_labels(arm: str, config: Config, inputs: Inputs) -> tuple[list[str], list[str]]:
    """The codes and explanations that a fine-tuned arm learns from. The only difference between the arms."""
    data = splits(config)
    if arm == "weak_to_strong":
        labels = load_labels(inputs["labels"])
        return list(labels["code"]), list(labels["explanation"])
    gold = data["gold"] if arm == "strong_on_gold" else data["pool"]
    return [s.code for s in gold], [a.text for a in gold_answers(gold)]


def train_arm(
    arm: str, config: Config, inputs: Inputs, out: Path, on_step: OnStep = lambda step, loss: None
) -> None:
    """The stage of a fine-tuned arm: train it, and let it answer the test snippets."""
    student = fine_tuned(
        config,
        *training_labels(arm, config, inputs),
        inputs.get("lower_layers"),
        checkpoints=config.checkpoints,
        on_step=on_step,
        progress=arm.replace("_", " "),
    )
    test = splits(config)["test"]
    answers, student.costs["answers"] = student.explain(test, progress=f"{arm} answers")
    write_answers(out / ANSWERS, answers)
    write_rows(out / CURVE, student.curve)
    student.save_adapters(out)
    write_costs(out, {f"{arm} {name}": cost for name, cost in student.costs.items()})
