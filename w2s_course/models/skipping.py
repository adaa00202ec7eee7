"""Prompt tokens that skip the last blocks: there they give keys and values, and nothing else of them is
computed.

    a token that predicts (the prompt's last, and the label's):   x <- x + attention(x); x <- x + mlp(x)
    any other token of the prompt:                                x <- x; keys and values of x, as ever

What a prompt's tokens become in the last blocks is only looked at by the tokens that predict. So they may
stop where they are, and be looked at as they stopped: SwiftKV's SingleInputKV (Qiao et al. 2024, 2410.03960).
For blocks below the last that is another model, of which the first steps of a training make use
(`training.finetune.Recipe`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel

Forward = Callable[["Tensor"], "Tensor"]


def blocks_of(model: PreTrainedModel, share: float) -> int:
    """How many of the model's blocks make this share; 0 in a decoder of another layout than Llama's."""
    return round(share * len(_llama_blocks(model)))


@contextmanager
def whole_at(model: PreTrainedModel, live: Tensor, skipped: int = 1) -> Iterator[None]:
    """Inside the block only the tokens at `live`, (batch, length), pass whole through the last `skipped`
    blocks.

    The last block is always among them. That changes no number: what becomes of a prompt there is looked at
    by no later block, and by no loss. In a decoder of another layout than Llama's nothing is skipped.
    """
    blocks = _llama_blocks(model)[-max(1, skipped) :]
    parts = [part for b in blocks for part in (b.self_attn.q_proj, b.self_attn.o_proj, b.mlp)]
    at = live.nonzero(as_tuple=True)

    def only_there(whole: Forward) -> Forward:
        def forward(hidden: Tensor) -> Tensor:
            found = whole(hidden[at])
            return found.new_zeros((*hidden.shape[:-1], found.shape[-1])).index_put(at, found)

        return forward

    for part in parts:
        part.forward = only_there(part.forward)
    try:
        yield
    finally:
        for part in parts:
            del part.forward  # the class's own again


def _llama_blocks(model: PreTrainedModel) -> list[Any]:
    """The decoder's blocks, if they are of Llama's layout; else none."""
    blocks = list(getattr(model.base_model, "layers", ()))
    return blocks if blocks and hasattr(getattr(blocks[-1], "mlp", None), "gate_proj") else []
