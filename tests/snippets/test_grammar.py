"""Claims about the programs: balanced, reproducible, disjoint, and each slot of them matters."""

from __future__ import annotations

import ast
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from w2s_course.errors import UsageError
from w2s_course.snippets.concepts import AGGREGATES, CONDITIONS, SLOTS, TRANSFORMS, VIEWS, Claim
from w2s_course.snippets.grammar import (
    STYLES,
    capacity,
    make_splits,
    meaningful_claims,
    normalised_ast,
    says_something,
)

SIZES = {"test": 60, "val": 20, "gold": 80, "pool": 200}


@pytest.fixture(scope="module", params=[False, True], ids=["three slots", "four slots"])
def splits(request):
    return make_splits(SIZES, seed=3, with_view=request.param)


def test_the_grammar_is_as_rich_as_the_course_promises():
    assert len(CONDITIONS) >= 10
    assert len(TRANSFORMS) >= 8
    assert len(AGGREGATES) >= 7
    assert len(STYLES) >= 4
    assert len(VIEWS) > 1


def test_splits_are_disjoint_by_normalised_syntax_tree(splits):
    keys = {name: {s.key for s in snippets} for name, snippets in splits.items()}
    assert {name: len(k) for name, k in keys.items()} == SIZES, "a program stands twice in one split"
    for one, other in combinations(keys, 2):
        assert not keys[one] & keys[other], f"{one} and {other} share a program"


def test_normalisation_sees_through_names_but_not_through_numbers_or_builtins():
    code = "def f(a):\n    b = 0\n    for c in a:\n        b += max(c, 3)\n    return b"
    renamed = "def total(xs):\n    r = 0\n    for x in xs:\n        r += max(x, 3)\n    return r"
    assert normalised_ast(code) == normalised_ast(renamed)
    assert normalised_ast(code) != normalised_ast(code.replace("3", "4"))
    assert normalised_ast(code) != normalised_ast(code.replace("max", "min"))


def test_splits_are_balanced_over_concepts_and_styles(splits):
    for name, snippets in splits.items():
        styles = Counter(s.style for s in snippets)
        assert all(abs(styles[style] - SIZES[name] / len(STYLES)) <= 2 for style in STYLES), (name, styles)
        for slot in ("aggregate", "condition"):
            used = Counter(s.claims[slot].name for s in snippets)
            assert max(used.values()) <= 3 + 2 * min(used.values()), (name, slot, used)


def test_the_same_seed_gives_the_same_snippets_and_another_seed_others():
    assert make_splits(SIZES, seed=3) == make_splits(SIZES, seed=3)
    assert make_splits(SIZES, seed=3)["test"] != make_splits(SIZES, seed=4)["test"]


def test_splits_have_one_distribution():
    """A pool that is harder than the test set makes the teacher look better than its labels."""
    sizes = {"test": 200, "pool": 1000}
    totals: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in sizes}
    for seed in range(20):
        dealt = make_splits({"gold": 500, **sizes}, seed)
        for name, counts in totals.items():
            counts.update((slot, s.claims[slot].name) for s in dealt[name] for slot in SLOTS)
    for concept in totals["pool"]:
        test, pool = (totals[name][concept] / (20 * size) for name, size in sizes.items())
        assert abs(test - pool) < 0.02, f"{concept}: {test:.1%} of the test sets, {pool:.1%} of the pools"


def test_the_first_rows_of_a_pool_are_a_fair_sample_of_it():
    first = Counter(s.claims.aggregate.name for s in make_splits({"pool": 2000}, seed=0)["pool"][:400])
    assert set(first) == {a.name for a in AGGREGATES}
    assert max(first.values()) < 2 * min(first.values())


def test_the_whole_grammar_is_dealt_without_a_repetition():
    every = make_splits({"test": 1000, "pool": capacity() - 1000}, seed=0)
    keys = {snippet.key for split in every.values() for snippet in split}
    assert len(keys) == capacity()


def test_counting_distinct_values_goes_with_the_transforms_that_matter_to_it():
    transforms = {c.transform.name for c in meaningful_claims(False) if c.aggregate.name == "distinct"}
    assert transforms == {"identity", "square", "absolute", "half", "last_digit"}


def test_every_program_is_python_and_holds_one_function_with_meaningless_names(splits):
    for snippet in splits["pool"]:
        (function,) = ast.parse(snippet.code).body
        assert isinstance(function, ast.FunctionDef)
        assert len(function.name) == 1


def test_no_slot_of_a_generated_program_is_vacuous(splits):
    assert all(says_something(s.claims) for s in splits["pool"])
    counting = next(c for c in meaningful_claims(False) if c.aggregate.name == "count")
    assert not says_something(counting.with_claim(Claim("transform", "square")))


def test_the_fourth_slot_appears_only_where_it_is_asked_for():
    assert {s.claims.view.name for s in make_splits({"pool": 100}, seed=0)["pool"]} == {"all"}
    assert {s.claims.view.name for s in make_splits({"pool": 100}, seed=0, with_view=True)["pool"]} == {
        v.name for v in VIEWS
    }


def test_more_snippets_than_the_grammar_holds_are_refused_with_the_numbers():
    with pytest.raises(
        UsageError, match=r"1,000,000 snippets were asked for \(pool 1,000,000\), the grammar fills at most"
    ):
        make_splits({"pool": 1_000_000}, seed=0)
    with pytest.raises(UsageError, match=r"Ask for fewer, or add the fourth slot: --with-view, in Python"):
        make_splits({"pool": 1_000_000}, seed=0)
    with pytest.raises(UsageError, match=r"Ask for fewer\.$"):
        make_splits({"pool": 1_000_000}, seed=0, with_view=True)
    assert capacity(with_view=True) > capacity() > 20_000


def test_a_negative_size_is_refused_by_name():
    with pytest.raises(UsageError, match=r"size of 'val' is -1; it must be 0 or more"):
        make_splits({"test": 1, "val": -1}, seed=0)


@settings(max_examples=30)  # each deals a split
@given(seed=st.integers(0, 10_000))
def test_claims_have_one_concept_a_slot(seed):
    (snippet,) = make_splits({"one": 1}, seed)["one"]
    assert [snippet.claims[slot].slot for slot in SLOTS] == list(SLOTS)
