"""Prompt tokens that skip the last blocks: there they give keys and values, and nothing else of them is
computed.

    block l, a token that is written (or the prompt's last):   x <- x + attention(x), x <- x + mlp(x)
    block l, any other token of the prompt:                    x <- x; keys and values of x, as ever

What a prompt's tokens become in the last blocks is only looked at by the tokens after them. So they may stop
where they are, and the written tokens attend to keys and values made of where they stopped. This is SwiftKV's
SingleInputKV (Qiao et al. 2024, 2410.03960), which the model must be trained with: an adapted student learns
so and answers so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel

Forward = Callable[["Tensor"], "Tensor"]


def skip_prompts(model: PreTrainedModel, share: float) -> int:
    """Let prompts skip this share of the model's blocks, from the top, from now on.

    Returns: the number of blocks that are skipped; none in a decoder of another layout than Llama's.
    """
    skipped = round(share * int(model.config.num_hidden_layers)) if _llama_blocks(model) else 0
    model.config.prompt_skips = skipped
    return skipped


def skipped_blocks(model: PreTrainedModel) -> int:
    """How many of the model's last blocks prompts skip."""
    return int(getattr(model.config, "prompt_skips", 0))


@contextmanager
def whole_at(model: PreTrainedModel, live: Tensor) -> Iterator[None]:
    """Inside the block only the tokens at `live`, (batch, length), pass whole through the blocks that prompts
    skip.

    The last block is among them in any case. That changes no number: what becomes of a prompt there is looked
    at by no later block, and by no loss.
    """
    blocks = _llama_blocks(model)[-max(1, skipped_blocks(model)) :]
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
