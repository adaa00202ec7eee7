"""Claims about the teacher on the strong model's token ids, and about learning from its distributions."""

from __future__ import annotations

import pytest

from w2s_course.errors import UsageError
from w2s_course.models.answers import answer
from w2s_course.models.strong import load_strong
from w2s_course.models.weak import WeakArchitecture, new_weak_model
from w2s_course.snippets.grammar import make_splits
from w2s_course.training.batches import Example, collate, encode, prompt_of
from w2s_course.training.distillation import (
    Narrowed,
    distil,
    teacher_log_probs,
    tokens_in_use,
    train_teacher,
)
from w2s_course.training.finetune import finetune, label_logits
from w2s_course.training.objectives import Moment, constant, kd_divergence, negative_log_likelihood
from w2s_course.training.recipe import Recipe

SPLITS = make_splits({"gold": 10, "pool": 5}, seed=4)
CODES, SAID = [s.code for s in SPLITS["gold"]], [s.explanation for s in SPLITS["gold"]]
POOL, POOL_SAID = [s.code for s in SPLITS["pool"]], [s.explanation for s in SPLITS["pool"]]
TINY = WeakArchitecture(width=16, layers=1, heads=2)
UNSEEN = "Ünseen ✓"


@pytest.fixture(scope="module")
def strong(tiny_strong):
    import torch

    return load_strong(str(tiny_strong), "float32", torch.device("cpu"))


@pytest.fixture(scope="module")
def narrow(strong):
    tokenizer = strong[1]
    return Narrowed(tokenizer, tokens_in_use(encode(tokenizer, CODES, SAID)))


@pytest.fixture(scope="module")
def teacher(narrow):
    return train_teacher(TINY, narrow, CODES, SAID, Recipe(2e-2, batch_size=5), 30, seed=0)


def test_the_vocabulary_is_the_ids_that_occur_and_one_for_all_others(strong, narrow):
    tokenizer = strong[1]
    occurring = {
        t for texts in (map(prompt_of, CODES), SAID) for text in texts for t in tokenizer(text)["input_ids"]
    }
    assert set(narrow.in_use) == occurring | {tokenizer.eos_token_id}
    assert len(narrow) == len(narrow.in_use) + 1 < len(tokenizer)
    assert narrow.narrow([narrow.in_use[3], max(set(range(len(tokenizer))) - set(narrow.in_use))]) == (
        3,
        len(narrow.in_use),
    )


def test_known_text_comes_back_and_unknown_tokens_decode_to_nothing(narrow):
    assert narrow.decode(narrow(SAID[0])["input_ids"]) == SAID[0]
    assert narrow.batch_decode(narrow(SAID)["input_ids"]) == SAID
    assert len(narrow.in_use) in narrow(UNSEEN)["input_ids"]
    assert len(narrow.decode(narrow(UNSEEN)["input_ids"])) < len(UNSEEN)


def test_renumbered_examples_are_the_strong_models_token_by_token(strong, narrow):
    for ours, theirs in zip(encode(narrow, CODES, SAID), encode(strong[1], CODES, SAID), strict=True):
        assert tuple(narrow.in_use[i] for i in ours.label) == theirs.label
        assert ours.prompt == narrow.narrow(theirs.prompt)


def test_ids_without_the_end_mark_are_refused(strong):
    with pytest.raises(UsageError, match="not among the 2 ids in use"):
        Narrowed(strong[1], [100, 101])


def test_the_teacher_has_a_row_for_each_id_in_use_and_learns(teacher, narrow):
    import torch

    assert teacher.get_output_embeddings().weight.shape[0] == len(narrow)
    batch = collate(encode(narrow, CODES, SAID), pad_id=0)
    with torch.no_grad():
        trained = negative_log_likelihood(*label_logits(teacher, batch))
        fresh = negative_log_likelihood(*label_logits(new_weak_model(TINY, narrow, seed=0), batch))
    assert trained < 0.8 * fresh


def test_the_teacher_is_asked_like_any_other_model_and_answers_in_words(teacher, narrow):
    answers = answer(teacher, narrow, [prompt_of(code) for code in (*POOL, UNSEEN)], longest=12)
    assert all(0 < a.confidence <= 1 for a in answers)
    ids = narrow(answers[0].text)["input_ids"]
    assert answers[0].text
    assert len(narrow.in_use) not in ids


def test_log_probabilities_are_those_that_the_teacher_gives_each_label_token(teacher, narrow, strong):
    import torch

    examples = encode(strong[1], POOL, POOL_SAID)
    found = teacher_log_probs(teacher, narrow, examples, batch_size=2)
    assert [p.shape for p in found] == [(len(e.label), len(narrow.in_use)) for e in examples]
    for example, log_probs in zip(examples, found, strict=True):
        ids = narrow.narrow(example.prompt + example.label)
        with torch.no_grad():
            logits = teacher(torch.tensor([ids])).logits[0, len(example.prompt) - 1 : -1]
        torch.testing.assert_close(log_probs, logits[:, :-1].log_softmax(-1), atol=1e-5, rtol=1e-4)
        torch.testing.assert_close(log_probs.exp().sum(-1), torch.ones(len(example.label)))


def test_distillation_is_4_13_on_the_teachers_own_log_probabilities(teacher, narrow, strong):
    import torch

    model, tokenizer = strong
    examples, objective = distil(teacher, narrow, POOL, POOL_SAID, constant(0.5))
    assert examples == encode(tokenizer, POOL, POOL_SAID)
    chosen = (3, 1)
    batch = collate([examples[i] for i in chosen], pad_id=0)
    with torch.no_grad():
        logits, labels = label_logits(model, batch)
    lengths = [len(examples[i].label) for i in chosen]
    at = Moment(0.0, chosen, torch.repeat_interleave(torch.arange(2), torch.tensor(lengths)))
    weak = torch.cat(teacher_log_probs(teacher, narrow, [examples[i] for i in chosen]))
    by_hand = negative_log_likelihood(logits, labels) + 0.5 * kd_divergence(
        weak, logits, torch.tensor(narrow.in_use)
    )
    assert objective(logits, labels, at).item() == pytest.approx(by_hand.item(), rel=1e-5)


def test_a_distilled_student_is_closer_to_the_teachers_distribution_than_one_that_imitates(
    teacher, narrow, tiny_strong
):
    import torch

    examples, distilling = distil(teacher, narrow, POOL, POOL_SAID, constant(5.0))
    weak, in_use = torch.cat(teacher_log_probs(teacher, narrow, examples)), torch.tensor(narrow.in_use)

    def divergence_after(steps: int, objective) -> float:
        student, _ = load_strong(str(tiny_strong), "float32", torch.device("cpu"))
        student.requires_grad_(True)
        finetune(student, examples, Recipe(1e-2, batch_size=5), steps, 0, objective=objective)
        with torch.no_grad():
            logits, _ = label_logits(student, collate(examples, pad_id=0))
        return kd_divergence(weak, logits, in_use).item()

    distilled = divergence_after(30, distilling)
    assert distilled < 0.5 * divergence_after(0, distilling)
    assert distilled < divergence_after(30, negative_log_likelihood)


def test_examples_of_other_lengths_keep_their_rows_apart(teacher, narrow, strong):
    end = strong[1].eos_token_id
    word = next(token for token in narrow.in_use if token != end)
    found = teacher_log_probs(
        teacher, narrow, [Example((word,), (end,)), Example((word,), (word, word, end))]
    )
    assert [len(p) for p in found] == [1, 3]
