"""What makes a training step fast on this machine, as one switch; the step itself stays as it is read.

`python benchmarks/step.py` prints what each of them gains here, and that the losses agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from w2s_course.models.device import dtype_of

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel


@contextmanager
def products_in(model: PreTrainedModel, precision: str) -> Iterator[None]:
    """Matrix products of the block in `precision`; weights that learn keep their own, float32.

    With 'float32' nothing changes. With 'bfloat16' adapters take their inputs as they come: peft would copy
    each to float32 first, which costs more than the adapter.
    Raises: UsageError for another precision.
    """
    import torch

    if dtype_of(precision) == torch.float32:
        yield
        return
    with ExitStack() as inside:
        inside.enter_context(torch.autocast(model.device.type, dtype=dtype_of(precision)))
        if any("lora_" in name for name, _ in model.named_parameters()):
            from peft.helpers import disable_input_dtype_casting

            inside.enter_context(disable_input_dtype_casting(model))
        yield


@contextmanager
def last_mlp_at(model: PreTrainedModel, needed: Tensor) -> Iterator[None]:
    """The last block's feed-forward network at the `needed` positions only, (batch, length), in the block.

    Its output at any other position is read by nothing: no later block looks at it, and no loss. Only for
    decoders of Llama's layout; elsewhere nothing changes.
    """
    blocks: Any = getattr(model.base_model, "layers", None)
    network: Any = getattr(blocks[-1], "mlp", None) if blocks else None
    if not hasattr(network, "gate_proj"):
        yield
        return
    whole = network.forward

    def at_needed(hidden: Tensor) -> Tensor:
        found: Tensor = whole(hidden[needed])
        return found.new_zeros(hidden.shape).index_put((needed,), found)

    network.forward = at_needed
    try:
        yield
    finally:
        del network.forward  # the class's own again


@contextmanager
def short_attention(model: PreTrainedModel) -> Iterator[None]:
    """Attention as plain matrix products inside the block, on a processor.

    PyTorch's fused attention is made for long texts: on a processor its backward pass takes four times as
    long as plain products for texts of 60 tokens. Answering, which has no backward pass, keeps it.
    """
    before = model.config._attn_implementation
    if model.device.type != "cpu" or before != "sdpa":
        yield
        return
    model.set_attn_implementation("eager")
    try:
        yield
    finally:
        model.set_attn_implementation(before)
