"""What each stage costs: tokens, floating-point operations, seconds, and money under named assumptions."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from w2s_course.errors import UsageError

if TYPE_CHECKING:
    from transformers import PreTrainedModel

SECONDS_AN_HOUR = 3600
MINUTES_AN_HOUR = 60


@dataclass(frozen=True)
class Assumption:
    """A number that is not measured here, its unit, and where it comes from."""

    value: float
    unit: str
    source: str

    def __post_init__(self) -> None:
        if not self.value >= 0:
            raise UsageError(
                f"An assumed cost of {self.value} {self.unit} makes no sense; it must be 0 or more."
            )


# Prices are conventions to be edited, not facts about anyone's bill; the report prints them beside the sums.
ASSUMPTIONS: dict[str, Assumption] = {
    "computer_hour": Assumption(
        0.10, "US dollars an hour", "assumed: a rented computer with two cores; put in your own"
    ),
    "hosted_input": Assumption(
        2.50,
        "US dollars a million tokens",
        "assumed: a hosted large model, text that it reads; put in your own",
    ),
    "hosted_output": Assumption(
        10.00,
        "US dollars a million tokens",
        "assumed: a hosted large model, text that it writes; put in your own",
    ),
    "expert_hour": Assumption(
        60.0, "US dollars an hour", "assumed: a developer who can read the code; put in your own"
    ),
    "expert_minutes": Assumption(
        2.0,
        "minutes an explanation",
        "assumed: read, run in the head, write one sentence; time yourself in unit 2",
    ),
}


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
    size: ModelSize, tokens: int, heads: int, context: float, *, learned: float = 1.0, frozen: bool = False
) -> float:
    """Operations of forward and backward passes over `tokens` tokens.

    Fully trained, the backward pass costs twice the forward one, 6 N a token in all. With frozen weights
    and adapters only the gradient of the activations is needed, once the forward cost, and only in the
    layers from the top down to the lowest adapter.

    Args: learned: share of the layers, from the top, that gradients reach; frozen: whether their own
        weights stay as they are. The head is always passed through.

    >>> size = ModelSize(computed=100, head=0, layers=1, width=1)
    >>> training_flops(size, tokens=1, heads=1, context=0)
    600.0
    >>> training_flops(size, tokens=1, heads=1, context=0, learned=0.5, frozen=True)
    300.0
    """
    body = forward_flops(size, tokens, 0, context)
    head = 2.0 * heads * size.head
    return body * (1 + (1 if frozen else 2) * learned) + head * (2 if frozen else 3)


@dataclass
class StageCost:
    """What one stage took. seconds are of the wall clock, on the machine in the results' environment."""

    tokens: float = 0
    flops: float = 0
    seconds: float = field(default=0, compare=False)

    def add(self, tokens: float, flops: float) -> None:
        self.tokens += tokens
        self.flops += flops

    def money(self, assumptions: Mapping[str, Assumption] = ASSUMPTIONS) -> float:
        """US dollars for the computer's time."""
        return self.seconds / SECONDS_AN_HOUR * assumptions["computer_hour"].value

    def as_dict(self, assumptions: Mapping[str, Assumption] = ASSUMPTIONS) -> dict[str, float]:
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


def price_of_1000_labels(
    weak: StageCost,
    labels: int,
    read: float,
    written: float,
    assumptions: Mapping[str, Assumption] = ASSUMPTIONS,
) -> dict[str, float]:
    """US dollars for 1,000 explanations by the weak model, a hosted strong one, and a person.

    Args: weak: the stage in which the weak model wrote `labels` labels; read, written: tokens that a hosted
        model would read and write for one label, a few examples in its prompt included.

    >>> costs = price_of_1000_labels(StageCost(seconds=36), labels=1000, read=500, written=20)
    >>> costs["weak"], costs["strong"], costs["human"]
    (0.001, 1.45, 2000.0)
    """
    a = {name: assumption.value for name, assumption in assumptions.items()}
    return {
        "weak": round(1000 * weak.money(assumptions) / max(1, labels), 12),
        "strong": round(1000 * (read * a["hosted_input"] + written * a["hosted_output"]) / 1e6, 12),
        "human": round(1000 * a["expert_minutes"] / MINUTES_AN_HOUR * a["expert_hour"], 12),
    }


def assumptions_as_dict(assumptions: Mapping[str, Assumption] = ASSUMPTIONS) -> dict[str, Any]:
    """The assumptions as plain data, to stand beside the sums that rest on them."""
    return {name: asdict(assumption) for name, assumption in assumptions.items()}
