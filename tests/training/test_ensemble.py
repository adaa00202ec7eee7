"""Claims about votes and averages of several models."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

from w2s_course.errors import UsageError
from w2s_course.models.answers import Answer, answer
from w2s_course.models.weak import WeakArchitecture, train_tokenizer
from w2s_course.snippets.grammar import make_splits
from w2s_course.training.batches import encode
from w2s_course.training.ensemble import average_distributions, majority_vote, train_members
from w2s_course.training.recipe import Recipe

GOLD = make_splits({"gold": 12}, seed=2)["gold"]
TINY = WeakArchitecture(width=16, layers=2, heads=2, vocabulary=280)
PROMPTS = [f"{s.code}\n# " for s in GOLD[:4]] + ["x\n# "]


def vote(*said: tuple[str, float]) -> Answer:
    [found] = majority_vote([[Answer(text, sure)] for text, sure in said])
    return found


# --- by vote ----------------------------------------------------------------------------------------


def test_each_slot_is_voted_on_alone_so_that_no_member_need_have_said_the_result():
    found = vote(
        ("Returns the sum of the squares of the odd numbers.", 0.9),
        ("Returns the sum of the cubes of the even numbers.", 0.9),
        ("Returns the product of the squares of the even numbers.", 0.9),
    )
    assert found == Answer("Returns the sum of the squares of the even numbers.", pytest.approx(2 / 3))


def test_two_unsure_members_outvote_a_sure_one():
    said = [("Returns the sum of the odd numbers.", 0.1)] * 2 + [
        ("Returns the sum of the even numbers.", 0.99)
    ]
    assert vote(*said).text == "Returns the sum of the odd numbers."


def test_a_tie_goes_to_the_more_confident_total_then_to_the_first():
    odd, even = "Returns the sum of the odd numbers.", "Returns the sum of the even numbers."
    assert vote((odd, 0.4), (odd, 0.4), (even, 0.1), (even, 0.9)).text == even
    assert vote((odd, 0.15), (odd, 0.15), (even, 0.1), (even, 0.2)).text == odd
    assert vote((even, 0.1), (even, 0.2), (odd, 0.15), (odd, 0.15)).text == even
    assert vote((even, 0.3), (odd, 0.3)).confidence == 0.5


def test_an_unreadable_sentence_does_not_vote_but_counts_among_the_members():
    even = "Returns the sum of the even numbers."
    assert vote(("Nonsense.", 0.9), ("Nonsense.", 0.9), (even, 0.1)) == Answer(even, pytest.approx(1 / 3))


def test_where_nothing_can_be_read_the_surest_sentence_stands():
    assert vote(("Nonsense.", 0.3), ("Drivel.", 0.6)) == Answer("Drivel.", 0.5)


def test_numbers_are_part_of_a_claim():
    nine, eight = "Returns the sum of the numbers at most 9.", "Returns the sum of the numbers at most 8."
    assert vote((nine, 0.5), (eight, 0.9), (nine, 0.1)).text == nine


def test_snippets_are_voted_on_one_by_one_in_order():
    said = [f"Returns the {a} of the even numbers." for a in ("sum", "product", "count")]
    found = majority_vote([[Answer(text, 0.5) for text in said]] * 3)
    assert [a.text for a in found] == said
    assert [a.confidence for a in found] == [1.0] * 3


@pytest.mark.parametrize("members", [[], [[Answer("a", 1.0)], []]])
def test_members_that_answered_different_snippets_cannot_vote(members):
    with pytest.raises(UsageError, match="have answered the same snippets"):
        majority_vote(members)


# --- by average -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer((f"{s.code}\n# {s.explanation}" for s in GOLD), 280)


@pytest.fixture(scope="module")
def members(tokenizer):
    examples = encode(tokenizer, [s.code for s in GOLD], [s.explanation for s in GOLD])
    return train_members(TINY, tokenizer, examples, Recipe(1e-2, batch_size=4), 12, seeds=(0, 1))


def by_hand(models, weights, tokenizer, text: str, longest: int) -> tuple[str, float]:
    """The average's greedy words without batches, caches or padding."""
    import torch

    ids, said, total = tokenizer(text)["input_ids"], [], 0.0
    with torch.no_grad():
        while len(said) < longest:
            all_logits = [model(torch.tensor([ids + said])).logits[0, -1] for model in models]
            mean = sum(w * logits.softmax(-1) for w, logits in zip(weights, all_logits, strict=True))
            token = int(mean.argmax())
            total += math.log(mean[token].item())
            if token == tokenizer.eos_token_id:
                break
            said.append(token)
    return tokenizer.decode(said, skip_special_tokens=True).strip(), math.exp(total)


@pytest.mark.parametrize("weights", [None, (3.0, 1.0)])
def test_the_average_writes_what_the_mean_of_the_distributions_says(members, tokenizer, weights):
    found = average_distributions(members, tokenizer, PROMPTS, weights=weights, batch_size=3, longest=9)
    shares = (0.5, 0.5) if weights is None else (0.75, 0.25)
    for prompt, got in zip(PROMPTS, found, strict=True):
        text, confidence = by_hand(members, shares, tokenizer, prompt, longest=9)
        assert got.text == text
        assert got.confidence == pytest.approx(confidence, rel=1e-3)


def test_an_average_of_one_member_or_of_weight_on_one_is_that_member(members, tokenizer):
    alone = answer(members[1], tokenizer, PROMPTS, longest=9)
    for found in (
        average_distributions(members[1:], tokenizer, PROMPTS, longest=9),
        average_distributions(members, tokenizer, PROMPTS, weights=(0, 2), longest=9),
    ):
        assert [a.text for a in found] == [a.text for a in alone]
        assert [a.confidence for a in found] == pytest.approx([a.confidence for a in alone], rel=1e-3)


def table(rows: list[list[float]]):
    """A model whose next token depends on the last one alone: the row of a table of probabilities."""
    import torch
    from transformers import LlamaConfig

    log_probs, head = torch.tensor(rows).log(), torch.nn.Identity()

    class Table(torch.nn.Module):
        config, device = LlamaConfig(num_hidden_layers=1), torch.device("cpu")

        def get_output_embeddings(self):
            return head

        def forward(self, input_ids, **how):
            return SimpleNamespace(logits=head(log_probs[input_ids[:, -1:]]))

    return Table()


class Digits:
    """A tokenizer whose tokens are the digits 0 to 3; 0 ends."""

    eos_token_id = 0

    def __call__(self, texts, add_special_tokens):
        return {"input_ids": [[int(digit) for digit in text] for text in texts]}

    def batch_decode(self, rows, skip_special_tokens):
        return ["".join(str(int(t)) for t in row if t) for row in rows]


def test_an_average_worked_out_by_hand_ends_each_answer_at_its_own_end_mark():
    after_end = [0.0, 0.0, 0.0, 1.0]  # what nobody should read
    one = table([after_end, [0.1, 0.6, 0.3, 0.0], [0.2, 0.5, 0.0, 0.3], [0.9, 0.1, 0.0, 0.0]])
    two = table([after_end, [0.1, 0.2, 0.7, 0.0], [0.7, 0.0, 0.0, 0.3], [0.5, 0.0, 0.0, 0.5]])
    # After 1: the mean is 0.1, 0.4, 0.5, 0; after 2: 0.45, 0.25, 0, 0.3; after 3: 0.7, 0.05, 0, 0.25.
    found = average_distributions([one, two], Digits(), ["1", "3", "31"], longest=5)
    assert [a.text for a in found] == ["2", "", "2"]
    assert [a.confidence for a in found] == pytest.approx([0.5 * 0.45, 0.7, 0.5 * 0.45])
    # Weighed 3 to 1, after 1: 0.1, 0.5, 0.4, 0, so it writes 1 until it is cut.
    (cut,) = average_distributions([one, two], Digits(), ["1"], weights=(3, 1), longest=3)
    assert cut == Answer("111", pytest.approx(0.125))


def test_padding_moves_no_token_where_positions_are_absolute(tokenizer):
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)  # Llama's positions are relative and would not tell
    model = GPT2LMHeadModel(
        GPT2Config(vocab_size=len(tokenizer), n_positions=256, n_embd=16, n_layer=1, n_head=2)
    ).eval()
    found = average_distributions([model], tokenizer, PROMPTS, longest=4)
    for prompt, got in zip(PROMPTS, found, strict=True):
        text, confidence = by_hand([model], [1.0], tokenizer, prompt, longest=4)
        assert (got.text, got.confidence) == (text, pytest.approx(confidence, rel=1e-3))


def test_members_are_others_by_their_seeds_alone(members, tokenizer):
    import torch

    examples = encode(tokenizer, [s.code for s in GOLD], [s.explanation for s in GOLD])
    [again] = train_members(TINY, tokenizer, examples, Recipe(1e-2, batch_size=4), 12, seeds=(1,))
    one, two, same = (m.state_dict() for m in (*members, again))
    assert all(torch.equal(two[k], same[k]) for k in two)
    assert not any(torch.equal(one[k], two[k]) for k in one)
    first = train_members(TINY, tokenizer, examples, Recipe(1e-2, batch_size=4), 0, seeds=(0, 1))
    head, other = (m.get_output_embeddings().weight for m in first)
    assert not torch.equal(head, other), "not in the order of examples alone: their first weights differ too"


def test_no_prompts_have_no_answers(members, tokenizer):
    assert average_distributions(members, tokenizer, []) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"weights": (1.0,)}, r"2 members and the weights \[1\.0\]"),
        ({"weights": (1.0, -1.0)}, "0 or more"),
        ({"weights": (0.0, 0.0)}, "not all 0"),
        ({"batch_size": 0}, "at least 1, got 0"),
        ({"longest": 0}, "at least 1, got 64 and 0"),
    ],
)
def test_an_average_of_nothing_is_refused(members, tokenizer, wrong, said):
    with pytest.raises(UsageError, match=said):
        average_distributions(members, tokenizer, PROMPTS, **wrong)
