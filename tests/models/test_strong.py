"""Claims about the strong model and its adapters, for both families of the catalog."""

from __future__ import annotations

import pytest

from w2s_course.errors import UsageError
from w2s_course.models.strong import Lora, add_lora, folder_of_model, load_strong


def adapted(model) -> dict[int, set[str]]:
    """The names of the adapted matrices in each decoder block."""
    found: dict[int, set[str]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            parts = name.split(".")
            block = next(int(part) for part in parts if part.isdigit())
            found.setdefault(block, set()).add(parts[parts.index(str(block)) + 2])
    return found


def test_every_linear_matrix_of_a_llama_block_is_adapted(tiny_strong):
    import torch

    model, _ = load_strong(str(tiny_strong), "float32", torch.device("cpu"))
    add_lora(model, Lora(upper=0.25), seed=0)
    matrices = {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}
    assert adapted(model) == {3: matrices}


def test_gpt2_is_adapted_too_although_it_stores_its_weights_transposed():
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    sizes = {"vocab_size": 64, "n_positions": 32, "n_embd": 16, "n_layer": 4, "n_head": 2}
    model = GPT2LMHeadModel(GPT2Config(**sizes, bos_token_id=0, eos_token_id=0)).eval()
    ids = torch.arange(10)[None]
    before = model(ids).logits.detach()
    trainable = add_lora(model.requires_grad_(False), Lora(rank=2, alpha=4), seed=0)
    assert adapted(model) == {block: {"c_attn", "c_proj", "c_fc"} for block in (2, 3)}
    torch.testing.assert_close(model(ids).logits, before)
    model(ids).logits.sum().backward()
    assert trainable == sum(p.numel() for p in model.parameters() if p.grad is not None)


def test_adapters_are_float32_whatever_the_weights_are(tiny_strong):
    import torch

    model, _ = load_strong(str(tiny_strong), "bfloat16", torch.device("cpu"))
    add_lora(model, Lora(), seed=0)
    kinds = {(p.requires_grad, p.dtype) for p in model.parameters()}
    assert kinds == {(True, torch.float32), (False, torch.bfloat16)}


def test_a_local_folder_is_a_model(tiny_strong):
    assert folder_of_model(str(tiny_strong)) == tiny_strong


@pytest.mark.parametrize(
    ("wrong", "said"), [({"rank": 0}, "positive rank"), ({"upper": 0}, "is 0"), ({"upper": 1.5}, "is 1.5")]
)
def test_adapters_that_make_no_sense_are_refused(wrong, said):
    with pytest.raises(UsageError, match=said):
        Lora(**wrong)
