"""One training loop for every arm: the weak model from nothing, the strong one through its adapters.

hidden = decoder(prompt + label)             (batch, length, width)
logits = head(hidden where a label follows)  (label tokens, vocabulary)
loss   = objective(logits, label tokens)     eq. 4.10 unless another is passed
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from w2s_course.errors import CourseError
from w2s_course.training.batches import IGNORED, Batch, Example, collate, schedule
from w2s_course.training.fast import last_mlp_at, products_in, short_attention
from w2s_course.training.lower import LowerStates
from w2s_course.training.objectives import Moment, Objective, negative_log_likelihood
from w2s_course.training.optimizers import optimizers_of, step_all
from w2s_course.training.recipe import Recipe

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel


OnStep = Callable[[int, float], None]
"""What is told each step's number and loss: a plot that grows while the model learns."""


@dataclass(frozen=True)
class Checkpoint:
    """Where training stands: steps done, and the mean loss since the last checkpoint, in nats a token.

    losses: that of each step since the last checkpoint.
    """

    step: int
    loss: float | None
    losses: tuple[float, ...] = ()


def batches_of(examples: Sequence[Example], recipe: Recipe, steps: int, seed: int) -> list[list[int]]:
    """The numbers of the examples of each step, as `finetune` visits them."""
    return schedule([len(e) for e in examples], recipe.batch_size, steps, seed)


def label_rows(batch: Batch) -> Tensor:
    """The row of the batch that each label token stands in, (tokens,), in the order of `label_logits`."""
    return (batch.labels[:, 1:] != IGNORED).nonzero()[:, 0]


def following_labels(batch: Batch) -> Tensor:
    """The label token that each position is to predict, (batch, length); `IGNORED` where none follows."""
    following = batch.labels.roll(-1, dims=1)
    following[:, -1] = IGNORED  # nothing follows the last token
    return following


def label_logits(model: PreTrainedModel, batch: Batch) -> tuple[Tensor, Tensor]:
    """The logits that predict each label token, and these tokens: (tokens, vocabulary) and (tokens,).

    Position t predicts the token at t + 1. The head is a large matrix, so it is applied to the label
    positions only, about a quarter of all; and so is the last feed-forward network, which nothing else reads.
    """
    given = {"input_ids": batch.input_ids} if batch.hidden is None else {"inputs_embeds": batch.hidden}
    following = following_labels(batch)
    predicts = following != IGNORED
    with last_mlp_at(model, predicts):
        hidden = model.base_model(**given, attention_mask=batch.attention, use_cache=False)[0]
    return model.get_output_embeddings()(hidden[predicts]), following[predicts]


def finetune(
    model: PreTrainedModel,
    examples: Sequence[Example],
    recipe: Recipe,
    steps: int,
    seed: int,
    *,
    precision: str = "float32",
    lower: LowerStates | None = None,
    objective: Objective = negative_log_likelihood,
    checkpoints: Sequence[int] = (),
    on_checkpoint: Callable[[Checkpoint], None] = lambda checkpoint: None,
    on_step: OnStep = lambda step, loss: None,
    progress: str = "",
) -> None:
    """Train the model's trainable parameters in place for `steps` steps.

    seed: of the order of the examples, the only chance involved.
    precision: of the matrix products; 'float32' is the model's own way, 'bfloat16' the fast one where the
        machine has instructions for it. Losses agree to about a thousandth.
    lower: what the frozen layers below make of the examples, if it is not to be computed at every step.
    checkpoints: the numbers of steps after which `on_checkpoint` is called; 0 is before the first.
    on_step: called after each step with its number, from 1, and its loss.
    Raises: CourseError if the loss is no number, which a smaller learning rate mends.
    """
    import torch
    from tqdm.auto import tqdm

    batches = batches_of(examples, recipe, steps, seed)
    weights = [p for p in model.parameters() if p.requires_grad]
    optimizers = optimizers_of(model, recipe, precision)
    recent: list[float] = []
    if 0 in checkpoints:
        on_checkpoint(Checkpoint(0, None))
    model.train()
    with tqdm(batches, desc=progress, disable=not progress, unit="step") as bar:
        for done, chosen in enumerate(bar, start=1):
            visited = [examples[i] for i in chosen]
            hidden = lower.batch(visited) if lower else None
            batch = replace(collate(visited, pad_id=0), hidden=hidden).to(model.device)
            moment = Moment((done - 1) / steps, tuple(chosen), label_rows(batch))
            with (
                short_attention(model),
                products_in(model, precision),
                lower.upper() if lower else nullcontext(),
            ):
                loss = objective(*label_logits(model, batch), moment)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(weights, recipe.clip)
            step_all(optimizers, recipe.share_of_peak(done - 1, steps))
            recent.append(loss.item())
            if not recent[-1] < float("inf"):
                raise CourseError(
                    f"The loss became {recent[-1]} at step {done} of {steps}. "
                    f"The learning rate of {recipe.learning_rate} is too high for this model: try a tenth."
                )
            bar.set_postfix(loss=f"{recent[-1]:.3f}", refresh=False)
            on_step(done, recent[-1])
            if done in checkpoints:
                on_checkpoint(Checkpoint(done, sum(recent) / len(recent), tuple(recent)))
                recent.clear()
    model.eval()
