"""What a stage takes: tokens, floating-point operations, seconds, and the money for the computer's time.

Only this file of the package is part of a stage's recipe: other prices never compute a stage again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from w2s_course.costs.assumptions import ASSUMPTIONS, Assumptions

if TYPE_CHECKING:
    from transformers import PreTrainedModel

SECONDS_AN_HOUR = 3600


@dataclass(frozen=True)
class ModelSize:
    """What the operations of a model depend on.

    computed: parameters that are multiplied for every token (without the embedding table's rows, which
        are looked up); head: parameters of the output matrix; layers, width: of the decoder.
    """

    computed: int
    head: int
    layers: int
    width: int

    @classmethod
    def of(cls, model: PreTrainedModel) -> ModelSize:
        """The size of a loaded model; adapters count as computed."""
        embedding = model.get_input_embeddings().weight.numel()
        head = model.get_output_embeddings().weight
        total = sum(p.numel() for p in model.parameters())
        tied = head is model.get_input_embeddings().weight
        config = model.config
        computed = total - embedding - (0 if tied else head.numel())
        return cls(computed, head.numel(), int(config.num_hidden_layers), int(config.hidden_size))


def forward_flops(size: ModelSize, tokens: int, heads: int, context: float) -> float:
    """Operations to read `tokens` tokens and to compute logits at `heads` of them.

    2 N a token, a multiplication and an addition for each of N parameters (Kaplan et al. 2020), plus
    4 layers x width x context a token for the scores and sums of attention, context being the mean
    number of tokens attended to.

    >>> forward_flops(ModelSize(computed=100, head=10, layers=1, width=2), tokens=3, heads=1, context=2)
    668.0
    """
    return float(
        tokens * (2 * size.computed + 4 * size.layers * size.width * context) + 2 * heads * size.head
    )


def training_flops(
    size: ModelSize,
    tokens: int,
    heads: int,
    context: float,
    *,
    learned: float = 1.0,
    frozen: bool = False,
    forward: float = 1.0,
) -> float:
    """Operations of forward and backward passes over `tokens` tokens.

    Fully trained, the backward pass costs twice the forward one, 6 N a token in all. With frozen weights
    and adapters only the gradient of the activations is needed, once the forward cost, and only in the
    layers from the top down to the lowest adapter.

    Args: learned: share of the layers, from the top, that gradients reach; frozen: whether their own
        weights stay as they are; forward: share of the layers that the forward pass runs, less than 1
        where what enters them is known. The head is always passed through.

    >>> size = ModelSize(computed=100, head=0, layers=1, width=1)
    >>> training_flops(size, tokens=1, heads=1, context=0)
    600.0
    >>> training_flops(size, tokens=1, heads=1, context=0, learned=0.5, frozen=True)
    300.0
    >>> training_flops(size, tokens=1, heads=1, context=0, learned=0.5, frozen=True, forward=0.5)
    200.0
    """
    body = forward_flops(size, tokens, 0, context)
    head = 2.0 * heads * size.head
    return body * (forward + (1 if frozen else 2) * learned) + head * (2 if frozen else 3)


@dataclass
class StageCost:
    """What one stage took. seconds are of the wall clock, on the machine in the results' environment."""

    tokens: float = 0
    flops: float = 0
    seconds: float = field(default=0, compare=False)

    def add(self, tokens: float, flops: float) -> None:
        self.tokens += tokens
        self.flops += flops

    def money(self, assumptions: Assumptions = ASSUMPTIONS) -> float:
        """US dollars for the computer's time: all of it, also where another stage ran beside this one."""
        return self.seconds / SECONDS_AN_HOUR * assumptions["computer_hour"].value

    def as_dict(self, assumptions: Assumptions = ASSUMPTIONS) -> dict[str, float]:
        return {**asdict(self), "money": self.money(assumptions)}


@contextmanager
def timed() -> Iterator[StageCost]:
    """A StageCost whose seconds run while the block does.

    >>> with timed() as cost:
    ...     cost.add(tokens=10, flops=20)
    >>> cost.tokens, cost.seconds > 0
    (10, True)
    """
    cost, start = StageCost(), time.perf_counter()
    try:
        yield cost
    finally:
        cost.seconds += time.perf_counter() - start
