"""What each way of fine-tuning is given, and what is measured of it: pairs, a clock, accuracy, operations.

The clock starts when the model is loaded and the pairs are encoded: adapters, trainers, optimisers and the
frozen layers' states all count. It stands still while accuracy is taken.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from benchmarks.curves import Point
from w2s_course.config import Config, preset_config
from w2s_course.costs import StageCost
from w2s_course.errors import UsageError
from w2s_course.training.batches import Example, collate, encode
from w2s_course.training.fast import products_in
from w2s_course.training.finetune import label_logits, label_rows

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

BATCH = 16  # of all ways but ours
WARM_UP = 2  # steps before a throughput is taken
ROWS = 25  # held-out snippets a forward pass

OnStep = Callable[[int, float], None]
"""Told after each step: examples seen in this pass, and the step's loss."""


@dataclass(frozen=True)
class Task:
    """What a way is to do; every field changes a measurement.

    examples: gold pairs a pass; held_out: snippets for accuracy, taken every `every` examples.
    passes: at most so many over the same pairs, until `target` is reached; each is planned anew, with a
        fresh optimiser and learning-rate schedule. Without a target there is one.
    sft_steps: steps from which sft_trainer's throughput is taken; 0 lets it run in full.
    reference_steps: padded steps that are timed, where `reference_curve` is 'short'.
    context: tokens that reference_2023 pads to.
    """

    seed: int
    model: str = "smollm2-135m"
    examples: int = 1000
    held_out: int = 100
    every: int = 80
    passes: int = 1
    target: float | None = None
    sft_steps: int = 8
    reference_curve: str = "short"
    reference_steps: int = 2
    context: int = 256

    def __post_init__(self) -> None:
        least = {"examples": 1, "held_out": 1, "every": 1, "passes": 1, "sft_steps": 0, "reference_steps": 1}
        for name, bound in least.items():
            if getattr(self, name) < bound:
                raise UsageError(f"'{name}' is {getattr(self, name)}; it must be at least {bound}.")
        if self.target is not None and not 0 < self.target <= 1:
            raise UsageError(f"The target accuracy is {self.target}; it must be above 0 and at most 1.")

    def config(self) -> Config:
        """The cpu preset's recipe on this model, with enough snippets."""
        config = preset_config("cpu", self.seed, strong_model=self.model)
        sizes = replace(
            config.sizes, pool=max(config.sizes.pool, self.examples), test=max(200, self.held_out)
        )
        return replace(config, sizes=sizes)


@dataclass(frozen=True)
class Pairs:
    """The gold pairs to learn from and the held-out ones, encoded once, the same for every way."""

    learned: list[Example]
    held_out: list[Example]


@dataclass(frozen=True)
class Ready:
    """A way that is set up.

    one_pass: trains for one pass, given the pass's number. flops: useful operations of a pass, without
        padding (`costs.training_flops`). afterwards: seconds an example that are taken when all is done.
    stops: the pass ends before the examples do, so that only its throughput counts.
    share: accuracy on snippets, where the model does not answer as it stands (`exact_share`).
    """

    model: PreTrainedModel
    precision: str
    one_pass: Callable[[int, OnStep], None]
    flops: float
    afterwards: Callable[[], float] | None = None
    stops: bool = False
    share: Callable[[Sequence[Example]], float] | None = None


class Watch:
    """A clock of training that stands still while accuracy is taken, and the curve that comes of it."""

    def __init__(self) -> None:
        self.seconds, self.since = 0.0, 0.0
        self.curve: list[Point] = []
        self.losses: list[float] = []
        self.steps: list[tuple[int, float]] = []  # examples and seconds after each step

    def start(self) -> None:
        self.since = time.perf_counter()

    def stop(self) -> None:
        self.seconds += time.perf_counter() - self.since

    def throughput(self) -> float:
        """Seconds an example after the warm-up. Raises: UsageError where no step is left to time."""
        if len(self.steps) <= WARM_UP:
            raise UsageError(
                f"Of {len(self.steps)} steps {WARM_UP} warm up, so none is timed: more --examples."
            )
        (first, began), (last, ended) = self.steps[WARM_UP - 1], self.steps[-1]
        return (ended - began) / (last - first)


def gold_pairs(task: Task, tokenizer: PreTrainedTokenizerBase) -> Pairs:
    from w2s_course.arms.files import splits

    data = splits(task.config())

    def encoded(snippets: Sequence[Any]) -> list[Example]:
        return encode(tokenizer, [s.code for s in snippets], [s.explanation for s in snippets])

    return Pairs(encoded(data["pool"][: task.examples]), encoded(data["test"][: task.held_out]))


def exact_share(model: PreTrainedModel, held_out: Sequence[Example], precision: str) -> float:
    """Share of the snippets at whose every label token, the end mark included, the gold token is likeliest.

    Given the gold tokens so far, the likeliest next one is what greedy decoding takes, so this is the share
    of greedy answers that are the gold text token by token, for the price of one forward pass.
    """
    from w2s_course.models.answers import evaluating

    def foreseen(chosen: Sequence[Example]) -> tuple[Tensor, Tensor, Tensor]:
        batch = collate(chosen, pad_id=0).to(model.device)
        return (*label_logits(model, batch), label_rows(batch))

    with evaluating(model), products_in(model, precision):
        return share_right(held_out, foreseen)


def share_right(
    held_out: Sequence[Example], foreseen: Callable[[Sequence[Example]], tuple[Tensor, Tensor, Tensor]]
) -> float:
    """Share of the snippets whose every label token is the likeliest.

    foreseen: the logits of some snippets' label tokens, these tokens, and the row that each stands in.
    """
    wrong, by_length = 0, sorted(held_out, key=len)
    for start in range(0, len(by_length), ROWS):
        logits, labels, rows = foreseen(by_length[start : start + ROWS])
        wrong += len(rows[logits.argmax(-1) != labels].unique())
    return (len(held_out) - wrong) / len(held_out)


def useful_flops(model: PreTrainedModel, examples: Sequence[Example], **how: Any) -> float:
    """Operations of a pass over real tokens, the head at label tokens alone; how: as in training_flops."""
    from w2s_course.arms.counted import add_training

    cost = StageCost()
    add_training(cost, model, examples, len(examples), **how)
    return cost.flops


def load(task: Task, precision: str) -> tuple[PreTrainedModel, PreTrainedTokenizerBase, Pairs]:
    from w2s_course.models.device import pick_device
    from w2s_course.models.strong import load_strong

    model, tokenizer = load_strong(task.model, precision, pick_device())
    return model, tokenizer, gold_pairs(task, tokenizer)
