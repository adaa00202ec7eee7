"""One training over several devices: each process takes its share of every batch, gradients are added up.

A step is the same as that of one process: the same examples, the same mean over all label tokens of the
batch, so the result is equal but for the order in which numbers are added. Frozen weights send nothing;
the adapters are small, so their gradients are added one tensor at a time, without a wrapper of the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from w2s_course.training.batches import Example, collate
from w2s_course.training.finetune import batches_of, label_logits
from w2s_course.training.optimizers import optimizers_of, step_all
from w2s_course.training.recipe import Recipe

if TYPE_CHECKING:
    from accelerate import Accelerator
    from torch import Tensor
    from transformers import PreTrainedModel


def share_of(chosen: Sequence[int], rank: int, processes: int) -> list[int]:
    """The examples of a batch that a process computes; every example is computed by exactly one.

    >>> share_of([5, 9, 7], rank=0, processes=2), share_of([5, 9, 7], rank=1, processes=2)
    ([5, 7], [9])
    """
    return list(chosen[rank::processes])


def finetune_on_devices(
    model: PreTrainedModel,
    examples: Sequence[Example],
    recipe: Recipe,
    steps: int,
    seed: int,
    accelerator: Accelerator,
) -> list[float]:
    """Equation 4.10 on all processes of `accelerator`, in place; every one ends with the same weights.

    Returns: the loss of each step, over the whole batch, in nats a label token.
    """
    import torch

    weights = [p for p in model.parameters() if p.requires_grad]
    optimizers = optimizers_of(model, recipe)
    rank, processes = accelerator.process_index, accelerator.num_processes
    losses: list[float] = []
    model.train()
    for done, chosen in enumerate(batches_of(examples, recipe, steps, seed)):
        tokens = sum(len(examples[i].label) for i in chosen)
        loss = _share_of_loss(model, [examples[i] for i in share_of(chosen, rank, processes)], tokens)
        if loss.requires_grad:
            loss.backward()
        for p in weights:  # a process whose share is empty adds nothing
            p.grad = accelerator.reduce(torch.zeros_like(p) if p.grad is None else p.grad, reduction="sum")
        torch.nn.utils.clip_grad_norm_(weights, recipe.clip)
        step_all(optimizers, recipe.share_of_peak(done, steps))
        losses.append(float(accelerator.reduce(loss.detach(), reduction="sum")))
    model.eval()
    return losses


def _share_of_loss(model: PreTrainedModel, examples: Sequence[Example], tokens: int) -> Tensor:
    """What these examples add to the mean over all `tokens` label tokens of the batch."""
    import torch
    import torch.nn.functional as F

    if not examples:
        return torch.zeros((), device=model.device)
    batch = collate(examples, pad_id=0).to(model.device)
    logits, labels = label_logits(model, batch)
    return F.cross_entropy(logits.float(), labels, reduction="sum") / tokens
