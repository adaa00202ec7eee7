"""Claims about prompts that skip the last blocks in the first steps of a training."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from w2s_course.errors import UsageError
from w2s_course.models.skipping import blocks_of
from w2s_course.models.strong import Lora, add_lora, load_strong
from w2s_course.training.batches import IGNORED, Example, collate, encode
from w2s_course.training.finetune import Recipe, finetune, label_logits
from w2s_course.training.lower import LowerStates

CODES = [f"def f(a): return {'[x for x in a]' * (i % 3)} + {i}" for i in range(6)]
SAID = [f"Returns {'a list of ' * (i % 2)}{i}." for i in range(6)]
TWO = 2  # of the tiny model's four blocks
SKIPPING = Recipe(1e-2, batch_size=2, skips=0.5, skipping=0.6)


def student(folder):
    import torch

    model, tokenizer = load_strong(str(folder), "float32", torch.device("cpu"))
    for weights in model.base_model.layers.parameters():
        if weights.dim() == 2:
            weights.data *= (
                5  # as it comes a block adds next to nothing, and skipping it would not be noticed
            )
    add_lora(model, Lora(rank=2, alpha=4, upper=0.5), seed=0)
    return model, tokenizer


def logits_by_hand(model, prompt, label, skipped):
    """Logits of one example's label tokens, (tokens, vocabulary), a block and a formula at a time."""
    import torch
    from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

    decoder, ids = model.base_model, torch.tensor([[*prompt, *label]])
    n, settled = ids.shape[1], len(prompt) - 1  # the prompt's last token predicts the label's first
    x = decoder.embed_tokens(ids)
    cos, sin = decoder.rotary_emb(x, torch.arange(n)[None])
    heads, width = model.config.num_attention_heads, decoder.layers[0].self_attn.head_dim
    for number, block in enumerate(decoder.layers):
        attention, normed = block.self_attn, block.input_layernorm(x)
        q, k, v = (
            project(normed).view(1, n, heads, width).transpose(1, 2)
            for project in (attention.q_proj, attention.k_proj, attention.v_proj)
        )
        q, k = apply_rotary_pos_emb(q, k, cos, sin)
        scores = (q @ k.transpose(2, 3) / math.sqrt(width)).masked_fill(
            torch.ones(n, n, dtype=torch.bool).triu(1), -torch.inf
        )
        after = x + attention.o_proj((scores.softmax(-1) @ v).transpose(1, 2).reshape(1, n, -1))
        after = after + block.mlp(block.post_attention_layernorm(after))
        if number >= len(decoder.layers) - skipped:
            after[:, :settled] = x[:, :settled]
        x = after
    return model.get_output_embeddings()(decoder.norm(x))[0, settled:-1]


def losses(folder, recipe: Recipe, *, known: bool = False) -> list[float]:
    model, tokenizer = student(folder)
    examples, found = encode(tokenizer, CODES, SAID), []
    finetune(
        *(model, examples, recipe, 6, 0),
        lower=LowerStates(model, examples, "float32") if known else None,
        on_step=lambda step, loss: found.append(loss),
    )
    return found


@pytest.mark.parametrize("skipped", [0, 1, TWO, 4])
def test_what_a_skipped_block_makes_of_a_prompt_is_keys_and_values(tiny_strong, skipped):
    import torch

    model, tokenizer = student(tiny_strong)
    examples = encode(tokenizer, CODES, SAID)
    with torch.no_grad():
        logits, _ = label_logits(model, collate(examples, pad_id=0), skipped)
        each = logits.split([len(e.label) for e in examples])
        for example, found in zip(examples, each, strict=True):
            by_hand = logits_by_hand(model, example.prompt, example.label, skipped)
            torch.testing.assert_close(found, by_hand)


def test_the_last_block_is_skipped_for_nothing_and_the_one_below_is_not(tiny_strong):
    """What a prompt's tokens become in the last block nobody looks at, so skipping it changes no number."""
    import torch

    model, tokenizer = student(tiny_strong)
    batch = collate(encode(tokenizer, CODES, SAID), pad_id=0)
    with torch.no_grad():
        whole = model(input_ids=batch.input_ids, attention_mask=batch.attention).logits
        last, two = (label_logits(model, batch, skipped)[0] for skipped in (1, TWO))
    torch.testing.assert_close(last, whole[:, :-1][batch.labels[:, 1:] != IGNORED])
    assert (two - last).abs().max() > 0.05


def test_losses_are_the_same_with_the_lower_layers_computed_once(tiny_strong):
    known, passed = (losses(tiny_strong, SKIPPING, known=known) for known in (True, False))
    assert known == pytest.approx(passed, rel=1e-5)


def test_the_first_steps_skip_and_the_others_do_not(tiny_strong):
    """By what each step makes of the same batch, and by how many tokens pass whole."""
    model, tokenizer = student(tiny_strong)
    examples, seen = encode(tokenizer, CODES, SAID), []
    network = model.base_model.layers[-2].mlp.gate_proj.base_layer
    network.register_forward_hook(lambda _, given, out: seen.append(out[..., 0].numel()))
    finetune(model, examples, replace(SKIPPING, batch_size=6), 5, 0)
    labels = sum(len(e.label) for e in examples)
    padded = 6 * max(map(len, examples))
    assert seen == [labels] * 3 + [padded] * 2


def test_a_training_that_never_skips_is_the_plain_one(tiny_strong):
    plain = losses(tiny_strong, Recipe(1e-2, batch_size=2))
    for recipe in (
        replace(SKIPPING, skips=0.0),
        replace(SKIPPING, skipping=0.0),
        replace(SKIPPING, skips=0.25),
    ):
        assert losses(tiny_strong, recipe) == pytest.approx(plain, rel=1e-5)
    found = losses(tiny_strong, SKIPPING)
    assert abs(found[0] - plain[0]) > 1e-3


@pytest.mark.parametrize("wrong", [{"skips": -0.1}, {"skips": 1.1}, {"skipping": 2.0}])
def test_shares_are_shares(wrong):
    with pytest.raises(UsageError, match=f"'{next(iter(wrong))}' is .*it is a share"):
        Recipe(1e-3, batch_size=8, **wrong)


def test_skipped_blocks_multiply_no_prompt_tokens_but_for_keys_and_values(tiny_strong):
    model, tokenizer = student(tiny_strong)
    batch, seen = collate(encode(tokenizer, CODES, SAID), pad_id=0), {}
    for number, block in enumerate(model.base_model.layers):
        for name in ("self_attn.q_proj", "self_attn.k_proj", "self_attn.o_proj", "mlp.gate_proj"):

            def note(_, given, out, at=(number, name)):
                seen[at] = out[..., 0].numel()

            layer = block.get_submodule(name)
            getattr(layer, "base_layer", layer).register_forward_hook(note)
    _, labels = label_logits(model, batch, TWO)
    for (number, name), tokens in seen.items():
        whole = number < 2 or name == "self_attn.k_proj"
        assert tokens == (batch.input_ids.numel() if whole else len(labels)), (number, name)
    assert len(seen) == 16


def test_the_model_is_as_it_was_after_a_pass_even_if_it_fails(tiny_strong):
    import torch

    model, tokenizer = student(tiny_strong)
    ids = torch.tensor([tokenizer(CODES[0])["input_ids"]])
    with torch.no_grad():
        before = model(ids).logits
        with pytest.raises(IndexError):
            label_logits(model, collate([Example((10**6,), (1,))], pad_id=0), TWO)
        torch.testing.assert_close(model(ids).logits, before, rtol=0, atol=0)


def test_a_decoder_of_another_layout_skips_nothing():
    from transformers import GPT2Config, GPT2LMHeadModel

    model = GPT2LMHeadModel(GPT2Config(vocab_size=50, n_embd=8, n_layer=2, n_head=2))
    assert blocks_of(model, 0.5) == 0
