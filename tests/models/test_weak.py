"""Claims about the weak model and its tokenizer."""

from __future__ import annotations

import pytest

from w2s_course.errors import UsageError
from w2s_course.models.weak import WeakArchitecture, new_weak_model, train_tokenizer, untrained_twin
from w2s_course.snippets.grammar import make_splits

TEXTS = [f"{s.code}\n# {s.explanation}" for s in make_splits({"gold": 60}, seed=0)["gold"]]


def test_the_weak_model_has_about_nine_hundred_thousand_parameters():
    model = new_weak_model(WeakArchitecture(), train_tokenizer(TEXTS, 512), seed=0)
    assert 800_000 < model.num_parameters() < 1_000_000


def test_every_text_can_be_encoded_and_comes_back():
    tokenizer = train_tokenizer(TEXTS, 300)
    for text in [*TEXTS[:5], "Unseen: ünïcode → ✓\n\tTabs"]:
        assert tokenizer.decode(tokenizer(text)["input_ids"]) == text


def test_the_same_seed_gives_the_same_weights_and_leaves_the_global_generator_alone():
    import torch

    tokenizer = train_tokenizer(TEXTS, 300)
    state = torch.random.get_rng_state()
    one, two, other = (new_weak_model(WeakArchitecture(), tokenizer, seed=s).state_dict() for s in (1, 1, 2))
    assert torch.equal(torch.random.get_rng_state(), state)
    assert all(torch.equal(one[k], two[k]) for k in one)
    assert not all(torch.equal(one[k], other[k]) for k in one)


def test_an_untrained_twin_has_the_architecture_and_none_of_the_weights():
    import torch

    model = new_weak_model(WeakArchitecture(), train_tokenizer(TEXTS, 300), seed=1)
    one, two = untrained_twin(model, 4).state_dict(), untrained_twin(model, 4).state_dict()
    assert {k: v.shape for k, v in one.items()} == {k: v.shape for k, v in model.state_dict().items()}
    assert all(torch.equal(one[k], two[k]) for k in one)
    assert not torch.equal(one["lm_head.weight"], model.state_dict()["lm_head.weight"])


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ({"width": 0}, "width is 0"),
        ({"heads": 3}, "does not divide"),
        ({"vocabulary": 100}, "256 bytes and 2 marks"),
    ],
)
def test_an_architecture_that_cannot_be_built_is_refused(sizes, said):
    with pytest.raises(UsageError, match=said):
        WeakArchitecture(**sizes)
