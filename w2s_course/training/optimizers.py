"""Which optimiser takes which weights, and how fast each of them learns.

    AdamW   all weights, by default: adapters, embeddings, norms
    LoRA+   AdamW with a larger rate for the B of an adapter than for its A       `Recipe.plus`
    Muon    the matrices of a small model that is trained whole, if wanted        `Recipe.muon`, `muon.py`

Both reach the same accuracy in fewer or cheaper steps (docs/negative-results.md has what was measured).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from w2s_course.models.device import dtype_of

if TYPE_CHECKING:
    import torch
    from torch import Tensor
    from transformers import PreTrainedModel

    from w2s_course.training.recipe import Recipe


def optimizers_of(
    model: PreTrainedModel, recipe: Recipe, precision: str = "float32"
) -> list[torch.optim.Optimizer]:
    """AdamW for the weights that learn; for matrices Muon instead, if the recipe says so.

    Each group of weights keeps its own learning rate as `peak`. precision: of Muon's products.
    """
    import torch

    ends = {id(e.weight) for e in (model.get_input_embeddings(), model.get_output_embeddings())}
    groups: dict[float, list[Tensor]] = {}
    matrices: list[Tensor] = []
    for name, weight in model.named_parameters():
        if not weight.requires_grad:
            continue
        if recipe.muon and weight.ndim == 2 and id(weight) not in ends:
            matrices.append(weight)
        else:
            peak = recipe.learning_rate * (recipe.plus if "lora_B" in name else 1.0)
            groups.setdefault(peak, []).append(weight)
    rates = [{"params": weights, "lr": peak, "peak": peak} for peak, weights in groups.items()]
    decay = recipe.weight_decay
    found: list[torch.optim.Optimizer] = []
    if rates:
        found.append(torch.optim.AdamW(rates, weight_decay=decay, betas=(0.9, 0.95), fused=True))
    if matrices:
        of_matrices = {"params": matrices, "lr": recipe.muon, "peak": recipe.muon}
        found.append(_muon(precision)([of_matrices], weight_decay=decay))
    return found


def _muon(precision: str) -> type[torch.optim.Muon]:
    """PyTorch's Muon, which multiplies in bfloat16, or ours, which does in the precision of the weights."""
    import torch

    from w2s_course.training.muon import Muon

    return torch.optim.Muon if dtype_of(precision) == torch.bfloat16 else Muon


def step_all(optimizers: Sequence[torch.optim.Optimizer], share: float) -> None:
    """One step of each, at this share of its peak learning rates; gradients are spent afterwards."""
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = share * group["peak"]
        optimizer.step()
        optimizer.zero_grad()
