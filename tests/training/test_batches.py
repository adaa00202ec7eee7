"""Claims about batches: what is masked, what is padded, what order examples come in."""

from __future__ import annotations

from collections import Counter

import pytest

from w2s_course.errors import UsageError
from w2s_course.training.batches import IGNORED, Example, collate, encode, schedule

SHORT, LONG = Example((5, 6), (7, 2)), Example((5, 6, 8, 9), (7, 2, 2))


def test_the_loss_falls_on_the_label_alone_and_on_its_end_mark():
    batch = collate([SHORT, LONG], pad_id=2)  # 2 is the end mark too, as in SmolLM2
    assert batch.labels.tolist() == [
        [IGNORED, IGNORED, 7, 2, IGNORED, IGNORED, IGNORED],
        [IGNORED, IGNORED, IGNORED, IGNORED, 7, 2, 2],
    ]


def test_padding_is_on_the_right_and_not_attended_to():
    batch = collate([SHORT, LONG], pad_id=0)
    assert batch.input_ids[0].tolist() == [5, 6, 7, 2, 0, 0, 0]
    assert batch.attention.sum(1).tolist() == [4, 7]


def test_an_example_is_the_prompt_then_the_explanation_then_the_end_mark(tiny_strong):
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tiny_strong)
    (example,) = encode(tokenizer, ["def f(a): return a"], ["Returns a."])
    assert tokenizer.decode(example.prompt) == "def f(a): return a\n# "
    assert tokenizer.decode(example.label[:-1]) == "Returns a."
    assert example.label[-1] == tokenizer.eos_token_id


def test_codes_without_explanations_are_refused(tiny_strong):
    from transformers import AutoTokenizer

    with pytest.raises(ValueError, match="1 codes and 0 explanations"):
        encode(AutoTokenizer.from_pretrained(tiny_strong), ["def f(a): return a"], [])


def test_every_example_comes_once_before_any_comes_twice():
    lengths = [7 * i % 50 for i in range(103)]
    batches = schedule(lengths, batch_size=8, steps=26, seed=1)
    visits = Counter(i for batch in batches for i in batch)
    assert set(visits) == set(range(103))
    assert set(visits.values()) == {2}


def test_batches_hold_examples_of_similar_length_in_an_order_that_length_does_not_give():
    lengths = [7 * i % 50 for i in range(800)]
    batches = schedule(lengths, batch_size=8, steps=100, seed=1)
    spread = sum(max(lengths[i] for i in b) - min(lengths[i] for i in b) for b in batches) / len(batches)
    assert spread < 10, "a random batch of eight would spread over about 39"
    means = [sum(lengths[i] for i in b) / len(b) for b in batches]
    assert means != sorted(means)


@pytest.mark.parametrize(("lengths", "size", "steps"), [([], 8, 1), ([3], 0, 1), ([3], 8, -1)])
def test_an_impossible_schedule_is_refused_with_its_numbers(lengths, size, steps):
    with pytest.raises(UsageError, match=rf"{len(lengths)} examples in {steps} steps of {size}"):
        schedule(lengths, size, steps, seed=0)
