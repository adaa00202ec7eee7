"""Claims about the judge: it reads paraphrases, is strict on meaning, and agrees with independent runs."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from w2s_course.errors import CourseError
from w2s_course.judging.claims import Unreadable, parse
from w2s_course.judging.execution import _outcomes, judge, load, same_behaviour, wrong_claims
from w2s_course.snippets.concepts import CONCEPTS, SLOTS, Claim, Claims, all_claims, sentence
from w2s_course.snippets.grammar import make_splits

SNIPPETS = make_splits({"pool": 240}, seed=11, with_view=True)["pool"]
EVEN_SQUARES = Claims(Claim("aggregate", "sum"), Claim("transform", "square"), Claim("condition", "even"))
AT_MOST_9 = EVEN_SQUARES.with_claim(Claim("condition", "at_most", 9))

# Other lists than the judge's own, and far more of them, so that it is not asked to confirm itself.
_RNG = random.Random("independent of the judge")
LISTS = [
    [_RNG.choice([_RNG.randint(-45, 45), _RNG.randint(-5, 5)]) for _ in range(_RNG.randint(0, 14))]
    for _ in range(1500)
]
# Runs of equal numbers tell a part of a list from the whole where, say, none of the last three is kept.
LISTS += [
    [
        x
        for _ in range(_RNG.randint(1, 3))
        for x in [_RNG.choice([0, _RNG.randint(-9, 9)])] * _RNG.randint(1, 6)
    ]
    for _ in range(1500)
]
# And every pair of a range, alone and at the end of a longer list: two functions that count distinct values
# may differ on a single one, such as 7 and 77.
PAIRS = [[x, y] for x in range(-12, 13) for y in range(x + 1, 91)]
LISTS += [*PAIRS, *([x, x, x, x, y] for x, y in PAIRS)]

snippets = st.sampled_from(SNIPPETS)


@given(snippet=snippets)
def test_every_generated_sentence_parses_back_to_its_claims(snippet):
    assert parse(snippet.explanation) == snippet.claims


@given(snippet=snippets, xs=st.lists(st.integers(-100, 100), max_size=12))
def test_every_described_function_behaves_like_its_code(snippet, xs):
    assert load(snippet.code)(list(xs)) == snippet.claims.run(xs)


@settings(max_examples=150)
@given(snippet=snippets, data=st.data())
def test_a_one_slot_change_is_wrong_exactly_if_it_changes_behaviour(snippet, data):
    slot = data.draw(st.sampled_from(SLOTS))
    claim = data.draw(st.sampled_from(all_claims(slot)))
    changed = snippet.claims.with_claim(claim)
    differs = any(changed.run(xs) != snippet.claims.run(xs) for xs in LISTS)
    verdict = judge(sentence(changed), snippet.code, snippet.claims)
    assert verdict.exact is not differs
    assert [s for s in SLOTS if not verdict.claims[s]] == ([slot] if differs else [])


@pytest.mark.parametrize("slot", SLOTS)
def test_every_phrase_of_the_table_is_read_as_its_concept(slot):
    for concept in CONCEPTS[slot]:
        claim = Claim(slot, concept.name, concept.numbers[0] if concept.numbers else 0)
        said = AT_MOST_9.with_claim(claim)
        canonical = sentence(said)
        for phrase in concept.phrases:
            usual = concept.phrases[0].format(k=claim.k)
            if usual and phrase:
                text = canonical.replace(usual, phrase.format(k=claim.k))
                assert parse(text) == said, text


@pytest.mark.parametrize(
    "text",
    [
        "Returns the sum of the squares of the numbers at most 9.",
        "returns sum of squares of numbers at most 9",
        "It returns the sum of the squares of the numbers no more than nine.",
        "Computes the total of the squared values of all integers that are up to 9",
        "Returns the sum of the squares of the elements less than or equal to 9.",
        "Returns the sum of the squares of the numbers <=9.",
        "RETURNS THE SUM OF THE SQUARES OF THE NUMBERS AT MOST 9!",
    ],
)
def test_harmless_paraphrases_are_the_same_claims(text):
    assert parse(text) == AT_MOST_9


def test_less_than_10_is_at_most_9_on_integers():
    code = "def f(a): return sum(x * x for x in a if x <= 9)"
    assert judge("Returns the sum of the squares of the numbers less than 10.", code, AT_MOST_9).exact


@pytest.mark.parametrize(("view", "before"), [(Claim("view", "all"), 0), (Claim("view", "after", 2), 2)])
def test_functions_that_count_distinct_values_are_told_apart_by_the_pair_that_matters(view, before):
    """All 550 of them, by lists that differ from the judge's: every pair of a range. What these tell apart,
    the judge does."""
    counting = Claims(Claim("aggregate", "distinct"), view=view)
    claims = [
        counting.with_claim(transform).with_claim(condition)
        for transform in all_claims("transform")
        for condition in all_claims("condition")
    ]
    pairs = [[*[0] * before, x, y] for x in range(-12, 12) for y in range(x + 1, 32)]
    numbers = frozenset(range(2, 10))
    by_judge: dict[tuple[str, ...], tuple[str, ...]] = {}
    for said in claims:
        behaviour = tuple(str(said.run(xs)) for xs in pairs)
        assert by_judge.setdefault(_outcomes(said, numbers), behaviour) == behaviour, sentence(said)


@pytest.mark.parametrize("n", [2, 40, 500])
def test_distinct_last_digits_are_no_distinct_values_whatever_number_is_mentioned(n):
    plain = Claims(Claim("aggregate", "distinct"), condition=Claim("condition", "greater_than", n))
    others = [plain.with_claim(Claim("transform", name)) for name in ("last_digit", "half", "square")]
    assert [same_behaviour(plain, other) for other in others] == [False, False, True]
    multiples = plain.with_claim(Claim("condition", "divisible_by", n + 1))
    assert not same_behaviour(multiples, multiples.with_claim(Claim("transform", "last_digit")))
    assert not same_behaviour(multiples, multiples.with_claim(Claim("transform", "absolute")))


@pytest.mark.parametrize("k", [40, 99, 1000, 9999])
def test_numbers_far_outside_the_usual_range_are_still_told_apart(k):
    said = [
        AT_MOST_9.with_claim(Claim("condition", name, k)) for name in ("at_most", "less_than", "divisible_by")
    ]
    assert not same_behaviour(said[0], said[1])
    assert same_behaviour(said[0], AT_MOST_9.with_claim(Claim("condition", "less_than", k + 1)))
    assert not same_behaviour(said[2], AT_MOST_9.with_claim(Claim("condition", "divisible_by", k + 1)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "Nice code!",
        "Returns the sum of.",
        "returns " * 200,
        "\x00\ud800",
        "#",
        "Returns the sum of the numbers at most #.",
    ],
)
def test_what_cannot_be_read_is_wrong_with_that_reason_and_never_an_exception(text):
    verdict = judge(text, SNIPPETS[0].code, SNIPPETS[0].claims)
    assert not verdict.exact
    assert verdict.reason.startswith("unreadable: ")
    assert not any(verdict.claims.values())


@given(text=st.text(max_size=80))
def test_no_text_makes_the_parser_raise(text):
    assert isinstance(parse(text), Claims | Unreadable)


@pytest.mark.parametrize("unknown", ["not", "roughly", "never", "other"])
def test_a_word_that_is_not_understood_is_not_skipped(unknown):
    text = f"Returns the sum of the squares of the {unknown} even numbers."
    assert isinstance(parse(text), Unreadable)


def test_divisible_by_0_claims_nothing():
    assert isinstance(parse("Returns the sum of the numbers divisible by 0."), Unreadable)


def test_a_claim_that_differs_in_words_alone_is_no_error():
    negative = Claims(Claim("aggregate", "sum"), condition=Claim("condition", "negative"))
    assert wrong_claims(negative.with_claim(Claim("condition", "less_than", 0)), negative) == set()
    assert wrong_claims(negative.with_claim(Claim("condition", "positive")), negative) == {"condition"}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def f(", "not Python"),
        ("x = 1", "exactly one function"),
        ("import os\ndef f(a): return a", "exactly one function"),
    ],
)
def test_a_snippet_that_is_no_single_function_is_refused(code, said):
    with pytest.raises(CourseError, match=said):
        load(code)


def test_a_program_that_raises_is_told_from_one_that_does_not():
    code = "def f(a): return sum(x * x for x in a if x % 0 == 0)"
    assert not judge(sentence(EVEN_SQUARES), code, EVEN_SQUARES).exact
