"""A beginning that all prompts share (solved examples, say): read once, kept once, attended to by every row.

The library's cache holds the keys and values of a row's whole past, so a shared beginning would stand in it
once a row and be copied at every token. Here it stands beside the cache, and each layer's attention is over
both:

    softmax([Q K_beginning', Q K_own'] / sqrt(d)) [V_beginning; V_own]

The products with the beginning are one large product for all rows, as in Hydragen (Juravsky et al. 2024,
2402.05099), but under one softmax, which is simpler and enough at these lengths. Attention functions of
one's own are a documented extension of transformers (`AttentionInterface`); no model code is changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel

NAME = "after_a_beginning"
OTHER = ("sliding_window", "attn_logit_softcapping")  # fields of a configuration whose attention is not plain
Beginning = Sequence[tuple["Tensor", "Tensor"]]
"""The keys and the values of each layer, both (groups, length, width of a head)."""


def can_share(model: PreTrainedModel) -> bool:
    """Whether the model has plain attention that can be exchanged, as all models of the catalog have."""
    kinds = set(getattr(model.config, "layer_types", None) or ["full_attention"])
    plain = kinds == {"full_attention"} and not any(getattr(model.config, name, None) for name in OTHER)
    return plain and bool(model._can_set_attn_implementation())


def read_beginning(model: PreTrainedModel, ids: Sequence[int]) -> Beginning:
    """One pass over the tokens that all prompts begin with."""
    import torch

    given = torch.tensor([list(ids)], device=model.device)
    layers = model(input_ids=given, use_cache=True, logits_to_keep=1).past_key_values.layers
    return [(layer.keys[0], layer.values[0]) for layer in layers]


@contextmanager
def attending_to_beginnings(model: PreTrainedModel) -> Iterator[None]:
    """Inside the block the model takes `beginning=`; what it is given otherwise comes after that."""
    from transformers import AttentionInterface, AttentionMaskInterface
    from transformers.masking_utils import eager_mask

    AttentionInterface.register(NAME, attention_after)
    # A mask is needed among a row's own tokens; the beginning is seen by all.
    AttentionMaskInterface.register(NAME, eager_mask)
    before = model.config._attn_implementation
    model.set_attn_implementation(NAME)
    try:
        yield
    finally:
        model.set_attn_implementation(before)


def attention_after(
    module: Any,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    beginning: Beginning,
    scaling: float | None = None,
    **others: Any,
) -> tuple[Tensor, None]:
    """Attention of one layer over the beginning and over a row's own tokens.

    Args: query (batch, heads, new, d); key, value (batch, groups, own, d), a group's heads being neighbours;
        attention_mask (batch, 1, new, own), 0 where a token may look and very negative elsewhere.
    Returns: (batch, new, heads, d), and no weights, as the library wants it.
    Raises: ValueError for what changes attention and is not done here: windows, capped scores, sinks.
    """
    import torch

    if ignored := [name for name in ("sliding_window", "softcap", "s_aux") if others.get(name) is not None]:
        raise ValueError(f"Attention after a shared beginning has no {', '.join(ignored)}.")

    (rows, heads, new, d), (groups, own) = query.shape, key.shape[1:3]
    keys, values = beginning[module.layer_idx]  # (groups, length, d)
    asked = query.reshape(rows, groups, -1, d) * (d**-0.5 if scaling is None else scaling)
    flat = asked.transpose(0, 1).reshape(groups, -1, d)  # all rows under each other
    of_own = asked @ key.transpose(2, 3)  # (rows, groups, heads of a group x new, own)
    if attention_mask is not None:
        of_own = (of_own.view(rows, groups, -1, new, own) + attention_mask[:, :, None]).view_as(of_own)
    of_beginning = (flat @ keys.transpose(1, 2)).view(groups, rows, -1, keys.shape[1]).transpose(0, 1)
    weights = torch.cat([of_beginning, of_own], -1).softmax(-1)  # summed in float32, whatever its type
    on_beginning, on_own = weights.split([keys.shape[1], own], -1)
    common = on_beginning.transpose(0, 1).reshape(groups, -1, keys.shape[1]) @ values
    found = on_own @ value + common.view(groups, rows, -1, d).transpose(0, 1)
    return found.reshape(rows, heads, new, d).transpose(1, 2).contiguous(), None
