"""Claims about likelihoods: one reading of the code for four sentences gives what four readings give."""

from __future__ import annotations

import pytest

from w2s_course.judging.choices import Question
from w2s_course.models.strong import load_strong
from w2s_course.real_code.likelihood import judge_options, log_likelihoods
from w2s_course.snippets.harvest import RealFunction
from w2s_course.training.batches import prompt_of

CODES = ["def f(a): return a", "def f(b):\n    return [x * x for x in b if x > 3]", "x"]
OPTIONS = [
    ("Sum.", "Return all squares above three."),
    ("A longer sentence, with numbers.", "No."),
    ("One.", "Two."),
]


@pytest.fixture(scope="module")
def asked(tiny_strong):
    import torch

    model, tokenizer = load_strong(str(tiny_strong), "float32", torch.device("cpu"))
    for name, weights in model.named_parameters():
        if "self_attn" in name:
            weights.data *= 20  # as it was made it attends to everything alike: a wrong place would not show
    return model, tokenizer


def by_hand(model, tokenizer, code: str, sentence: str) -> float:
    """The sum over the sentence's tokens, without a cache, a batch or padding."""
    import torch

    prompt, said = (tokenizer(t, add_special_tokens=False)["input_ids"] for t in (prompt_of(code), sentence))
    with torch.no_grad():
        log_probs = model(torch.tensor([prompt + said])).logits[0].log_softmax(-1)
    return sum(log_probs[len(prompt) - 1 + i, token].item() for i, token in enumerate(said))


@pytest.mark.parametrize("batch_size", [1, 2, 8])
def test_sharing_the_prompt_changes_the_work_and_not_the_likelihoods(asked, batch_size):
    found = log_likelihoods(*asked, CODES, OPTIONS, batch_size=batch_size)
    for code, options, values in zip(CODES, OPTIONS, found, strict=True):
        assert values == pytest.approx([by_hand(*asked, code, y) for y in options], rel=1e-4)


def test_a_question_gets_both_likelihoods_and_the_number_of_tokens(asked):
    row = RealFunction(CODES[1], OPTIONS[1][1], "g", "p", "1", "p/m.py", 1, "MIT")
    ((_, second),) = judge_options(*asked, [Question(row, OPTIONS[1], 1)])
    assert second.given_code == pytest.approx(by_hand(*asked, CODES[1], "No."), rel=1e-4)
    assert second.without_code == pytest.approx(by_hand(*asked, "", "No."), rel=1e-4)
    assert second.tokens == len(asked[1]("No.", add_special_tokens=False)["input_ids"])


def test_no_questions_have_no_likelihoods(asked):
    assert log_likelihoods(*asked, [], []) == []
    assert judge_options(*asked, []) == []


def test_codes_and_sentences_must_match_in_number(asked):
    with pytest.raises(ValueError, match="1 codes and 2 sets of sentences"):
        log_likelihoods(*asked, ["x"], [("a",), ("b",)])
