"""Claims about the strong model and its adapters, for both families of the catalog."""

from __future__ import annotations

import pytest

from w2s_course.errors import UsageError
from w2s_course.models.strong import Lora, add_lora, folder_of_model, load_strong, merged


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


@pytest.fixture(params=["llama", "gpt2"])
def learned(request, tiny_strong):
    """A small model of each family, with adapters that have learned something."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    if request.param == "llama":
        model, _ = load_strong(str(tiny_strong), "float32", torch.device("cpu"))
    else:
        sizes = {"vocab_size": 64, "n_positions": 32, "n_embd": 16, "n_layer": 4, "n_head": 2}
        model = GPT2LMHeadModel(GPT2Config(**sizes, bos_token_id=0, eos_token_id=0)).eval()
    add_lora(model.requires_grad_(False), Lora(rank=2, alpha=4), seed=0)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if "lora_B" in name:
                weight.normal_(generator=torch.Generator().manual_seed(1))
    return model


def test_a_merged_model_says_what_its_adapters_say_with_one_product_a_layer(learned):
    import torch

    ids = torch.arange(10)[None]
    before = learned(ids).logits.detach()
    small = [m for n, m in learned.named_modules() if n.endswith("lora_A.default")]
    assert small
    for module in small:
        module.register_forward_hook(lambda *_: pytest.fail("an adapter was computed by itself"))
    with merged(learned):
        torch.testing.assert_close(learned(ids).logits.detach(), before, rtol=1e-4, atol=1e-5)


def test_weights_are_the_same_to_the_last_bit_after_merging_even_after_an_error(learned):
    import torch

    before = {name: weight.detach().clone() for name, weight in learned.named_parameters()}
    changed = []

    def ask_and_fail() -> None:
        with merged(learned):
            changed.extend(n for n, w in learned.named_parameters() if not torch.equal(w, before[n]))
            raise KeyError

    with pytest.raises(KeyError):
        ask_and_fail()
    assert changed
    assert all("base_layer.weight" in name for name in changed)
    assert all(torch.equal(weight, before[name]) for name, weight in learned.named_parameters())


def test_a_model_without_adapters_is_left_alone(tiny_strong):
    import torch

    model, _ = load_strong(str(tiny_strong), "float32", torch.device("cpu"))
    with merged(model):
        assert model(torch.arange(4)[None]).logits.isfinite().all()


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
