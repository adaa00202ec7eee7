"""Claims about greedy answers and their confidence."""

from __future__ import annotations

import math

import pytest

from w2s_course.errors import UsageError
from w2s_course.models.answers import answer
from w2s_course.models.strong import load_strong

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


def test_batched_answers_are_those_of_one_prompt_at_a_time(asked):
    found = answer(*asked, PROMPTS, batch_size=2, longest=9)
    for prompt, got in zip(PROMPTS, found, strict=True):
        text, confidence = by_hand(*asked, prompt, longest=9)
        assert got.text == text
        assert got.confidence == pytest.approx(confidence, rel=1e-3)


def test_a_shared_prefix_changes_the_work_and_not_the_answers(asked):
    prefix = "def h(c): return sum(c)\n# Returns the sum.\n\n"
    found = answer(*asked, PROMPTS, prefix=prefix, longest=7)
    for prompt, got in zip(PROMPTS, found, strict=True):
        text, confidence = by_hand(*asked, prefix + prompt, longest=7)
        assert got.text == text
        assert got.confidence == pytest.approx(confidence, rel=1e-3)


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
