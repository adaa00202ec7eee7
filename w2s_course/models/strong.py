"""The strong model: pre-trained, much larger, fine-tuned with LoRA on its upper layers.

The lower layers stay as pre-training left them. No gradient is needed there, which saves a quarter of the
work; on one seed half of the layers did no worse than all of them (docs/negative-results.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from w2s_course.errors import UsageError
from w2s_course.models.device import dtype_of
from w2s_course.models.weights import ensure

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


@dataclass(frozen=True)
class Lora:
    """Low-rank adaptation (Hu et al. 2021): W x + (alpha / rank) B A x, with A and B learned and W frozen.

    rank, alpha: as in the formula; upper: the share of the layers, from the top, that are adapted.
    """

    rank: int = 16
    alpha: int = 32
    upper: float = 0.5

    def __post_init__(self) -> None:
        if self.rank < 1 or self.alpha < 1:
            raise UsageError(
                f"LoRA needs a positive rank and alpha, got rank {self.rank} and alpha {self.alpha}."
            )
        if not 0 < self.upper <= 1:
            raise UsageError(
                f"LoRA's share of upper layers is {self.upper}; it must be above 0 and at most 1."
            )


def folder_of_model(name: str) -> Path:
    """The folder of a catalog's model, fetched or converted at first use, or `name` itself if it is one."""
    return Path(name) if Path(name).is_dir() else ensure(name)


def load_strong(
    name: str, precision: str, device: torch.device
) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """The pre-trained model, frozen, and its tokenizer; fetched or converted at first use.

    name: of the catalog, or a local folder in the layout of the hub.

    Raises: CourseError where the weights cannot be had; the message says what to do.
    """
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = folder_of_model(name)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype_of(precision))
    return model.to(device).eval().requires_grad_(False), AutoTokenizer.from_pretrained(folder)


def add_lora(model: PreTrainedModel, lora: Lora, seed: int) -> int:
    """Put adapters into every linear layer of the upper decoder blocks, in place; all else stays frozen.

    Returns: the number of trainable parameters, which are float32 whatever the model's precision.
    """
    import torch
    from peft import LoraConfig, inject_adapter_in_model
    from transformers.pytorch_utils import Conv1D

    linear = {
        n.split(".")[-1]: m
        for n, m in model.base_model.named_modules()
        if isinstance(m, torch.nn.Linear | Conv1D)
    }
    blocks = int(model.config.num_hidden_layers)
    lowest = min(blocks - 1, round(blocks * (1 - lora.upper)))
    config = LoraConfig(
        r=lora.rank,
        lora_alpha=lora.alpha,
        target_modules=sorted(linear),
        layers_to_transform=list(range(lowest, blocks)),
        fan_in_fan_out=any(
            isinstance(m, Conv1D) for m in linear.values()
        ),  # GPT-2 stores its weights transposed
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        inject_adapter_in_model(config, model)
    trainable = [p for p in model.parameters() if p.requires_grad]
    for p in trainable:
        p.data = p.data.float()  # small updates would be rounded away in bfloat16
    return sum(p.numel() for p in trainable)


@contextmanager
def merged(model: PreTrainedModel) -> Iterator[None]:
    """The model with its adapters added to the weights that they adapt, W + (alpha / rank) B A, in the block.

    One product a layer instead of three: what one would deploy, and faster to ask. Sums are rounded to the
    weights' precision; afterwards every weight is what it was, to the last bit.
    """
    from peft.tuners.lora import LoraLayer

    adapted = [module for module in model.modules() if isinstance(module, LoraLayer)]
    before = [module.get_base_layer().weight.detach().clone() for module in adapted]
    for module in adapted:
        module.merge()
    try:
        yield
    finally:
        for module, weight in zip(adapted, before, strict=True):
            module.unmerge()
            module.get_base_layer().weight.data.copy_(weight)
