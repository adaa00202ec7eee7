"""Claims about greedy answers and their confidence."""

from __future__ import annotations

import math

import pytest

from w2s_course.errors import UsageError
from w2s_course.models import answers
from w2s_course.models.answers import answer
from w2s_course.models.beginning import NAME, attending_to_beginnings, attention_after, read_beginning
from w2s_course.models.strong import load_strong

PREFIX = "def h(c): return sum(c)\n# Returns the sum.\n\n"
PROMPTS = ["def f(a): return a\n# ", "def g(b):\n    return [x * x for x in b if x > 3]\n# ", "x\n# "]


@pytest.fixture(scope="module")
def asked(tiny_strong):
    import torch

    return load_strong(str(tiny_strong), "float32", torch.device("cpu"))


def by_hand(model, tokenizer, text: str, longest: int) -> tuple[str, float]:
    """Greedy decoding without batches, caches or padding."""
    import torch

    ids, said, log_prob = tokenizer(text)["input_ids"], [], 0.0
    with torch.no_grad():
        while len(said) < longest:
            logits = model(torch.tensor([ids + said])).logits[0, -1].log_softmax(-1)
            token = int(logits.argmax())
            log_prob += logits[token].item()
            if token == tokenizer.eos_token_id:
                break
            said.append(token)
    return tokenizer.decode(said, skip_special_tokens=True).strip(), math.exp(log_prob)


def said_as_by_hand(asked, longest: int, prefix: str = "", **how) -> list[answers.Answer]:
    """The answers to the prompts, after a check of each text and confidence."""
    found = answer(*asked, PROMPTS, prefix=prefix, longest=longest, **how)
    for prompt, got in zip(PROMPTS, found, strict=True):
        text, confidence = by_hand(*asked, prefix + prompt, longest)
        assert got.text == text
        assert got.confidence == pytest.approx(confidence, rel=1e-3)
    return found


def test_batched_answers_are_those_of_one_prompt_at_a_time(asked):
    said_as_by_hand(asked, longest=9, batch_size=2)


def test_a_shared_prefix_changes_the_work_and_not_the_answers(asked):
    said_as_by_hand(asked, longest=7, prefix=PREFIX)


@pytest.fixture(scope="module")
def varied(asked):
    """A model with large random weights, so that it says something else to each prompt; GPT-2's layout."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    tokenizer = asked[1]
    torch.manual_seed(0)
    sizes = {"n_embd": 16, "n_layer": 2, "n_head": 2, "n_positions": 128, "initializer_range": 0.5}
    return GPT2LMHeadModel(GPT2Config(vocab_size=len(tokenizer), **sizes)).eval(), tokenizer


@pytest.mark.parametrize("prefix", ["", "x = 1\n"])
def test_models_with_learned_positions_answer_alike_padded_and_alone(varied, prefix):
    """GPT-2 looks positions up in a table: a padded row that began to count at its padding would differ."""
    for prompt, got in zip(PROMPTS, answer(*varied, PROMPTS, prefix=prefix, longest=6), strict=True):
        assert got.text == by_hand(*varied, prefix + prompt, longest=6)[0]


@pytest.fixture(scope="module")
def grouped(asked):
    """A model as the strong one is built, several heads to a key, with large random weights."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(1)
    sizes = {"hidden_size": 48, "intermediate_size": 48, "num_hidden_layers": 2, "initializer_range": 0.5}
    heads = {"num_attention_heads": 6, "num_key_value_heads": 2, "head_dim": 8}
    return LlamaForCausalLM(LlamaConfig(vocab_size=len(asked[1]), **sizes, **heads)).eval(), asked[1]


def test_several_heads_to_a_key_attend_to_a_shared_prefix_as_to_any_other_text(grouped):
    found = said_as_by_hand(grouped, longest=7, prefix=PREFIX)
    assert [a.text for a in found] != [a.text for a in answer(*grouped, PROMPTS, longest=7)], (
        "it is looked at"
    )


def test_half_precision_attends_to_a_shared_prefix_nearly_alike(grouped):
    import copy

    import torch

    model, tokenizer = copy.deepcopy(grouped[0]).bfloat16(), grouped[1]
    beginning = read_beginning(model, tokenizer(PREFIX)["input_ids"])
    ids = torch.tensor([tokenizer(PROMPTS[0])["input_ids"]])
    first = len(tokenizer(PREFIX)["input_ids"])
    with torch.no_grad(), attending_to_beginnings(model):
        positions = torch.arange(first, first + ids.shape[1])[None]
        apart = model(ids, position_ids=positions, beginning=beginning, use_cache=False).logits.float()
    with torch.no_grad():
        whole = model(torch.tensor([tokenizer(PREFIX + PROMPTS[0])["input_ids"]])).logits[:, first:].float()
    assert (apart - whole).abs().mean() < 0.05 * whole.abs().mean()


def test_attention_that_is_not_plain_is_refused(grouped):
    import torch

    q = k = v = torch.zeros(1, 2, 3, 4)
    with pytest.raises(ValueError, match="has no softcap"):
        attention_after(None, q, k, v, None, beginning=[], softcap=30.0)


@pytest.mark.parametrize("prefix", ["", "x = 1\n"])
def test_prompts_that_are_read_apart_are_answered_as_if_read_together(varied, prefix, monkeypatch):
    model, tokenizer = varied
    prompts = [f"{prompt}{n}" for prompt in PROMPTS for n in range(3)]
    together = answer(model, tokenizer, prompts, prefix=prefix, longest=6)
    monkeypatch.setattr(answers, "READ_BATCH", 2)
    apart = answer(model, tokenizer, prompts, prefix=prefix, longest=6)
    assert [a.text for a in apart] == [a.text for a in together]
    assert [a.confidence for a in apart] == pytest.approx([a.confidence for a in together], rel=1e-3)


@pytest.mark.parametrize("what", ["cannot be exchanged", "has a window"])
def test_a_model_of_another_attention_reads_the_prefix_with_every_prompt(varied, monkeypatch, what):
    model, _ = varied
    shared = answer(*varied, PROMPTS, prefix="x = 1\n", longest=6)
    if what == "has a window":
        monkeypatch.setattr(model.config, "sliding_window", 1000, raising=False)
    else:
        monkeypatch.setattr(model, "_can_set_attn_implementation", lambda: False)
    monkeypatch.setattr(answers, "read_beginning", lambda model, ids: pytest.fail("it was read apart"))
    assert [a.text for a in answer(*varied, PROMPTS, prefix="x = 1\n", longest=6)] == [a.text for a in shared]


def test_a_models_own_attention_is_back_after_answers_with_a_prefix(asked):
    before = asked[0].config._attn_implementation
    answer(*asked, PROMPTS, prefix="x = 1\n", longest=2)
    assert asked[0].config._attn_implementation == before != NAME


def test_a_prefix_is_read_once_however_many_batches_there_are(asked, monkeypatch):
    read = []
    monkeypatch.setattr(
        answers, "read_beginning", lambda model, ids: read.append(ids) or read_beginning(model, ids)
    )
    answer(*asked, PROMPTS, prefix="x = 1\n", batch_size=1, longest=2)
    assert len(read) == 1


def test_rows_that_end_early_leave_the_others_as_they_are(varied):
    model, tokenizer = varied
    prompts = [f"{prompt}{n}" for prompt in PROMPTS for n in range(4)]
    ids = [tokenizer(prompt, return_tensors="pt").input_ids for prompt in prompts]
    kept = [
        model.generate(row, max_new_tokens=12, do_sample=False)[0, row.shape[1] :].tolist() for row in ids
    ]
    # of the tokens that can be written as a stop text, the one that ends rows at the most different places
    stops = [t for row in kept for t in row if tokenizer(tokenizer.decode([t]))["input_ids"] == [t]]
    stop = max(stops, key=lambda t: len({row.index(t) for row in kept if t in row}))
    assert len({row.index(stop) for row in kept if stop in row}) > 2
    together = answer(*varied, prompts, longest=12, stop=tokenizer.decode([stop]))
    alone = [answer(*varied, [p], longest=12, stop=tokenizer.decode([stop]))[0] for p in prompts]
    assert [a.text for a in together] == [a.text for a in alone]
    assert [a.confidence for a in together] == pytest.approx([a.confidence for a in alone], rel=1e-3)


def test_no_prompts_have_no_answers(asked):
    assert answer(*asked, []) == []


def test_the_model_is_left_in_the_mode_it_was_in(asked):
    model, tokenizer = asked
    model.train()
    answer(model, tokenizer, PROMPTS[:1], longest=2)
    assert model.training
    model.eval()


@pytest.mark.parametrize("wrong", [{"batch_size": 0}, {"longest": 0}])
def test_impossible_sizes_are_refused(asked, wrong):
    with pytest.raises(UsageError, match="at least 1"):
        answer(*asked, PROMPTS, **wrong)


def test_a_stop_text_ends_an_answer(asked):
    _, tokenizer = asked
    prompt, free = max(
        zip(PROMPTS, answer(*asked, PROMPTS, longest=8), strict=True), key=lambda p: len(p[1].text)
    )
    last = tokenizer.decode(tokenizer(free.text)["input_ids"][-1])
    (stopped,) = answer(*asked, [prompt], longest=8, stop=last)
    assert free.text.startswith(stopped.text)
    assert len(stopped.text) < len(free.text)
    assert stopped.confidence >= free.confidence
