"""The objectives that students are trained on, one function an equation.

Each takes the logits of the label positions alone: the prompt is given, not learned, so nothing is
computed there (`batches` picks the positions, `finetune` computes the logits).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Moment:
    """Where training stands when an objective is asked, for objectives that change or look things up.

    progress: the share of the steps that are done, 0 at the first step and below 1 at the last.
    examples: for each row of the batch, its index in the examples that are trained on.
    rows: the row of the batch that each label token belongs to, (label tokens,); a row's are in order.
    """

    progress: float
    examples: tuple[int, ...]
    rows: Tensor


Objective = Callable[["Tensor", "Tensor", Moment], "Tensor"]
"""(logits, labels, moment) -> a scalar loss; logits (label tokens, vocabulary), labels (label tokens,)."""


def negative_log_likelihood(logits: Tensor, labels: Tensor, moment: Moment | None = None) -> Tensor:
    """Mean of -log Pr_theta(y|x) over label tokens; least where eq. 4.10 of the book is greatest.

    theta~ = argmax_theta sum_x log Pr^s_theta(y^|x)            (4.10), y^ the weak model's label

    With gold labels for y^ it is ordinary supervised fine-tuning: the arms differ in labels, not in loss.
    The mean over tokens instead of the sum over examples changes the step's scale, not the optimum.

    Args: logits (tokens, vocabulary), labels (tokens,) of token ids; one row a label token of the batch.
    Returns: a scalar in nats per token, 0 or more; log(vocabulary) for a model that knows nothing.
    Raises: ValueError where there is no label token at all.

    >>> import torch
    >>> round(negative_log_likelihood(torch.zeros(3, 8), torch.tensor([1, 5, 7])).item(), 4)  # log 8
    2.0794
    """
    import torch.nn.functional as F

    if labels.numel() == 0:
        raise ValueError("No label token in the batch: every explanation is empty. Check the labels.")
    return F.cross_entropy(logits.float(), labels)
