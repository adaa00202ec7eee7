"""Claims about answers that are checked before they are written: drafts change the time and nothing else."""

from __future__ import annotations

import pytest

from w2s_course.arms.counted import ask, room_for
from w2s_course.arms.drafts import Drafts, accepted
from w2s_course.models import answers
from w2s_course.models.strong import load_strong
from w2s_course.training.batches import encode, prompt_of
from w2s_course.training.finetune import finetune
from w2s_course.training.lower import LowerStates
from w2s_course.training.recipe import Recipe

CODES = [f"def f(a): return {'[x for x in a]' * (i % 3)} + {i}" for i in range(8)]
SAID = [f"Returns {'a list of ' * (i % 2)}{i}." for i in range(8)]
HALF = 2  # of the tiny model's layers
WRONG = [*SAID[1:], "Returns nothing at all."]


@pytest.fixture(scope="module")
def student(tiny_strong):
    """A tiny model that has learned some of the sentences by heart, and others not."""
    import torch

    model, tokenizer = load_strong(str(tiny_strong), "float32", torch.device("cpu"))
    model.base_model.layers[HALF:].requires_grad_(True)
    finetune(model, encode(tokenizer, CODES[:5], SAID[:5]), Recipe(1e-2, batch_size=5), 60, 0)
    return model, tokenizer


def drafts_of(student, texts, known_below: bool) -> Drafts:
    model, tokenizer = student
    examples = encode(tokenizer, CODES, texts)
    return Drafts(examples, known(model, examples) if known_below else None)


def known(model, examples) -> LowerStates:
    lower = LowerStates(model, examples, "float32")
    lower.complete()
    return lower


def asked(student, drafts=None):
    return ask(*student, [prompt_of(code) for code in CODES], drafts=drafts, longest=30)[0]


def test_some_sentences_were_learned_and_others_not(student):
    """Else the claims below would say nothing."""
    right = [a.text == said for a, said in zip(asked(student), SAID, strict=True)]
    assert 0 < sum(right) < len(right)


@pytest.mark.parametrize("known_below", [True, False])
@pytest.mark.parametrize("texts", [SAID, WRONG])
def test_answers_and_confidences_are_the_same_with_right_and_with_wrong_drafts(student, texts, known_below):
    for got, plain in zip(
        asked(student, drafts_of(student, texts, known_below)), asked(student), strict=True
    ):
        assert got.text == plain.text
        assert got.confidence == pytest.approx(plain.confidence, rel=1e-3)


def test_a_draft_is_accepted_exactly_where_it_is_the_greedy_answer(student):
    found = accepted(*student, drafts_of(student, SAID, known_below=True))
    assert set(found) == {i for i, a in enumerate(asked(student)) if a.text == SAID[i]}


def test_a_draft_that_the_model_would_go_on_after_is_refused(student):
    """Right so far is not enough: the end mark must be the model's own, too."""
    right = set(accepted(*student, drafts_of(student, SAID, known_below=True)))
    _, tokenizer = student
    shorter = [" ".join(said.split()[:-1]) if i in right else said for i, said in enumerate(SAID)]
    assert not right & set(accepted(*student, Drafts(encode(tokenizer, CODES, shorter))))


def test_a_draft_that_is_longer_than_an_answer_may_be_is_none(student):
    """The answer is cut there with and without a draft."""
    prompts = [prompt_of(code) for code in CODES]
    drafts = drafts_of(student, SAID, known_below=True)
    shortest = min(len(example.label) for example in drafts.examples) + 1
    got, plain = (ask(*student, prompts, drafts=d, longest=shortest)[0] for d in (drafts, None))
    assert [a.text for a in got] == [a.text for a in plain]
    assert any(a.text != b.text for a, b in zip(plain, asked(student), strict=True)), "nothing was cut"


def test_what_is_accepted_is_not_written_again(student, monkeypatch):
    drafts = drafts_of(student, SAID, known_below=True)
    written = []
    plain = answers.answer
    monkeypatch.setattr(
        "w2s_course.arms.counted.answer",
        lambda model, tokenizer, prompts, **how: (
            written.extend(prompts) or plain(model, tokenizer, prompts, **how)
        ),
    )
    asked(student, drafts)
    assert len(written) == len(CODES) - len(accepted(*student, drafts))


def test_an_accepted_draft_costs_as_much_as_its_answer_and_less_where_the_lower_layers_are_known(student):
    model, tokenizer = student
    number = min(accepted(*student, drafts_of(student, SAID, known_below=False)))
    examples = encode(tokenizer, [CODES[number]], [SAID[number]])

    def cost(drafts=None):
        return ask(*student, [prompt_of(CODES[number])], drafts=drafts, longest=30)[1]

    upper, whole = cost(Drafts(examples, known(model, examples))), cost(Drafts(examples))
    assert upper.flops < whole.flops == pytest.approx(cost().flops)
    assert upper.tokens == whole.tokens == cost().tokens


def test_room_for_an_answer_is_that_of_the_longest_explanation_and_some_more(student):
    _, tokenizer = student
    longest = max(len(tokenizer(said)["input_ids"]) for said in SAID)
    assert room_for(tokenizer, SAID) == longest + 3
