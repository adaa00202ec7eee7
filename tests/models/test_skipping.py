"""Claims about prompts that skip the last blocks: in training, in answers and in checks it is one rule."""

from __future__ import annotations

import math

import pytest

from w2s_course.models.answers import answer
from w2s_course.models.skipping import skip_prompts, skipped_blocks
from w2s_course.models.strong import Lora, add_lora, load_strong
from w2s_course.training.batches import Example, collate, encode
from w2s_course.training.finetune import Recipe, finetune, label_logits
from w2s_course.training.lower import LowerStates

CODES = [f"def f(a): return {'[x for x in a]' * (i % 3)} + {i}" for i in range(6)]
SAID = [f"Returns {'a list of ' * (i % 2)}{i}." for i in range(6)]
BEGINNING = "def h(c): return sum(c)\n# Returns the sum.\n\n"
HALF = 0.5  # two of the tiny model's four blocks


def student(folder, share: float = HALF):
    import torch

    model, tokenizer = load_strong(str(folder), "float32", torch.device("cpu"))
    for weights in model.base_model.layers.parameters():
        if weights.dim() == 2:
            weights.data *= (
                5  # as it comes a block adds next to nothing, and skipping it would not be noticed
            )
    add_lora(model, Lora(rank=2, alpha=4, upper=0.5), seed=0)
    skip_prompts(model, share)
    return model, tokenizer


def logits_by_hand(model, prompt, label):
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
        if number >= len(decoder.layers) - skipped_blocks(model):
            after[:, :settled] = x[:, :settled]
        x = after
    return model.get_output_embeddings()(decoder.norm(x))[0, settled:-1]


@pytest.mark.parametrize("share", [0.0, 0.25, HALF])
def test_what_a_skipped_block_makes_of_a_prompt_is_keys_and_values(tiny_strong, share):
    import torch

    model, tokenizer = student(tiny_strong, share)
    examples = encode(tokenizer, CODES, SAID)
    with torch.no_grad():
        logits, _ = label_logits(model, collate(examples, pad_id=0))
        each = logits.split([len(e.label) for e in examples])
        for example, found in zip(examples, each, strict=True):
            torch.testing.assert_close(found, logits_by_hand(model, example.prompt, example.label))


def test_the_last_block_is_skipped_for_nothing_and_the_one_below_is_not(tiny_strong):
    """What a prompt's tokens become in the last block nobody looks at, so skipping it changes no number."""
    import torch

    found = []
    for share in (0.0, 0.25, HALF):
        model, tokenizer = student(tiny_strong, share)
        found.append(label_logits(model, collate(encode(tokenizer, CODES, SAID), pad_id=0))[0])
    none, last, two = found
    torch.testing.assert_close(last, none)
    assert (two - none).abs().max() > 0.05


@pytest.fixture(scope="module")
def taught(tiny_strong):
    """A student that has learned its sentences with prompts that skip two blocks."""
    model, tokenizer = student(tiny_strong)
    finetune(model, encode(tokenizer, CODES, SAID), Recipe(2e-2, batch_size=6, plus=4.0), 40, 0)
    return model, tokenizer


def greedy_by_hand(model, tokenizer, prompt: str, longest: int) -> tuple[str, float]:
    """A token at a time, each from a pass over everything so far, without a cache or a batch."""
    import torch

    ids, said, log_prob = tuple(tokenizer(prompt)["input_ids"]), [], 0.0
    with torch.no_grad():
        while len(said) < longest:
            log_probs = logits_by_hand(model, ids, [*said, 0])[-1].log_softmax(-1)
            said.append(int(log_probs.argmax()))
            log_prob += float(log_probs.max())
            if said[-1] == tokenizer.eos_token_id:
                break
    return tokenizer.decode(said, skip_special_tokens=True).strip(), math.exp(log_prob)


@pytest.mark.parametrize("batch_size", [1, 3, 6])
def test_answers_are_written_by_the_rule_that_was_trained(taught, batch_size):
    prompts = [f"{code}\n# " for code in CODES]
    answers = answer(*taught, prompts, batch_size=batch_size, longest=9)
    assert len({a.text for a in answers}) > 1, "all answers alike would hide a mistake"
    for prompt, got in zip(prompts, answers, strict=True):
        text, confidence = greedy_by_hand(*taught, prompt, longest=9)
        assert got.text == text
        assert got.confidence == pytest.approx(confidence, rel=1e-3)


def test_a_shared_beginning_skips_as_the_prompt_after_it_does(taught):
    prompts = [f"{code}\n# " for code in CODES]
    for prompt, got in zip(prompts, answer(*taught, prompts, prefix=BEGINNING, longest=5), strict=True):
        text, confidence = greedy_by_hand(*taught, BEGINNING + prompt, longest=5)
        assert (got.text, got.confidence) == (text, pytest.approx(confidence, rel=1e-3))


def test_losses_are_the_same_with_the_lower_layers_computed_once(tiny_strong):
    def losses(known: bool) -> list[float]:
        model, tokenizer = student(tiny_strong)
        examples, found = encode(tokenizer, CODES, SAID), []
        finetune(
            *(model, examples, Recipe(1e-2, batch_size=2), 6, 0),
            lower=LowerStates(model, examples, "float32") if known else None,
            on_step=lambda step, loss: found.append(loss),
        )
        return found

    assert losses(True) == pytest.approx(losses(False), rel=1e-5)


def test_skipped_blocks_multiply_no_prompt_tokens_but_for_keys_and_values(tiny_strong):
    model, tokenizer = student(tiny_strong)
    batch, seen = collate(encode(tokenizer, CODES, SAID), pad_id=0), {}
    for number, block in enumerate(model.base_model.layers):
        for name in ("self_attn.q_proj", "self_attn.k_proj", "self_attn.o_proj", "mlp.gate_proj"):

            def note(_, given, out, at=(number, name)):
                seen[at] = out[..., 0].numel()

            layer = block.get_submodule(name)
            getattr(layer, "base_layer", layer).register_forward_hook(note)
    _, labels = label_logits(model, batch)
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
            label_logits(model, collate([Example((10**6,), (1,))], pad_id=0))
        torch.testing.assert_close(model(ids).logits, before, rtol=0, atol=0)


def test_a_decoder_of_another_layout_skips_nothing():
    from transformers import GPT2Config, GPT2LMHeadModel

    model = GPT2LMHeadModel(GPT2Config(vocab_size=50, n_embd=8, n_layer=2, n_head=2))
    assert skip_prompts(model, 0.5) == skipped_blocks(model) == 0
