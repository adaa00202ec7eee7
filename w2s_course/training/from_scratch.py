"""A small model from random weights, trained at once: a teacher, a member of an ensemble, a middle size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from w2s_course.models.device import pick_device
from w2s_course.models.weak import WeakArchitecture, new_weak_model
from w2s_course.training.batches import Example
from w2s_course.training.finetune import finetune
from w2s_course.training.recipe import Recipe

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


def train_from_scratch(
    architecture: WeakArchitecture,
    tokenizer: PreTrainedTokenizerBase,
    examples: Sequence[Example],
    recipe: Recipe,
    steps: int,
    seed: int,
    progress: str = "",
    precision: str = "float32",
) -> PreTrainedModel:
    """A model of `architecture` trained on `examples`, which `tokenizer` has encoded.

    seed: of the first weights and of the order of the examples.
    """
    model = new_weak_model(architecture, tokenizer, seed).to(pick_device())
    finetune(model, examples, recipe, steps, seed, precision=precision, progress=progress)
    return model
