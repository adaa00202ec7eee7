"""Claims about generations of self-labelling, with models that are made of nothing but their labels."""

from __future__ import annotations

from collections import Counter

import pytest

from w2s_course.errors import UsageError
from w2s_course.generations import (
    claims_said,
    distinct_claims,
    generations,
    rare_concepts,
    tail_accuracy,
    with_tail,
)
from w2s_course.judging.claims import parse
from w2s_course.judging.execution import judge
from w2s_course.labeling import gold_answers, label_set, snippets_of
from w2s_course.models.answers import Answer
from w2s_course.snippets.concepts import Claim, sentence
from w2s_course.snippets.grammar import make_splits


@pytest.fixture(scope="module")
def gold():
    pool = make_splits({"pool": 60}, seed=0)["pool"]
    return label_set(pool, gold_answers(pool), "gold")


def learn(labels, number):
    """A stand-in that misses the tail: it knows every condition that it has read but the rarest."""
    counts = Counter(parse(text).condition.name for text in labels["explanation"])
    return set(counts) - {min(counts, key=lambda name: (counts[name], name))}


def speak(gold):
    """What it does not know it calls even."""

    def label(known, number):
        said = []
        for s in snippets_of(gold):
            even = s.claims.with_claim(Claim("condition", "even"))
            said.append(Answer(sentence(s.claims if s.claims.condition.name in known else even), 1.0))
        return label_set(snippets_of(gold), said, f"generation {number}")

    return label


def test_the_first_generation_learns_from_gold_and_each_next_from_the_one_before(gold):
    replaced = list(generations(gold, lambda labels, n: n, speak_as_numbers(gold), "replace", 3))
    assert [g.number for g in replaced] == [g.model for g in replaced] == [0, 1, 2, 3]
    assert [set(g.learned_from["labeller"]) for g in replaced] == [{"gold"}, {"0"}, {"1"}, {"2"}]
    assert {len(g.learned_from) for g in replaced} == {60}


def test_accumulated_generations_learn_from_gold_and_from_all_before(gold):
    kept = list(generations(gold, lambda labels, n: n, speak_as_numbers(gold), "accumulate", 2))
    assert [sorted(set(g.learned_from["labeller"])) for g in kept] == [
        ["gold"],
        ["0", "gold"],
        ["0", "1", "gold"],
    ]
    assert [len(g.learned_from) for g in kept] == [60, 120, 180]
    assert kept[2].learned_from["explanation"][:60] == gold["explanation"][:60]


def speak_as_numbers(gold):
    return lambda model, number: label_set(snippets_of(gold), gold_answers(snippets_of(gold)), str(number))


def test_nobody_labels_after_the_last_generation(gold):
    asked = []

    def label(model, number):
        asked.append(number)
        return gold

    assert len(list(generations(gold, lambda labels, n: n, label, "replace", 2))) == 3
    assert asked == [0, 1]
    assert [g.number for g in generations(gold, lambda labels, n: n, label, "replace", 0)] == [0]


def test_replaced_data_lose_a_concept_a_generation_and_accumulated_data_keep_them(gold):
    def known(mode):
        return [len(g.model) for g in generations(gold, learn, speak(gold), mode, 3)]

    assert known("replace") == [11, 10, 9, 8]
    assert known("accumulate") == [11, 11, 11, 11]


def test_unknown_modes_and_negative_counts_are_refused(gold):
    with pytest.raises(UsageError, match="Did you mean 'replace'"):
        list(generations(gold, learn, speak(gold), "replaces", 1))
    with pytest.raises(UsageError, match="-1 generations"):
        list(generations(gold, learn, speak(gold), "replace", -1))


# --- diversity and the tail


def test_diversity_counts_claims_and_not_words():
    one, other = "Returns the sum of the even numbers.", "Returns the sum of the odd numbers."
    assert distinct_claims([one, "The total of all the even integers.", other, "Hm.", "Ho."]) == 2
    assert distinct_claims([]) == 0
    assert claims_said([one, other, other, "Hm."], "condition") == {"even": 1, "odd": 2}


def test_the_rarest_concepts_are_the_tail_as_far_as_the_share_reaches(gold):
    tail = {("condition", "even"), ("condition", "odd")}
    skewed = with_tail(gold, tail, keep=0.2, seed=0)
    assert rare_concepts(skewed, "condition", most=0.05) == tail
    assert rare_concepts(gold, "condition", most=0.01) == set(), "a balanced set has no tail"


def test_a_thinned_tail_keeps_its_share_at_least_one_row_and_all_others_in_order(gold):
    tail = {("condition", "even")}
    rows = sum(s.claims.condition.name == "even" for s in snippets_of(gold))
    for keep, left in ((0.0, 1), (0.4, round(0.4 * rows)), (1.0, rows)):
        thinned = with_tail(gold, tail, keep, seed=0)
        assert sum(s.claims.condition.name == "even" for s in snippets_of(thinned)) == left
        assert len(thinned) == len(gold) - rows + left
        order = list(gold["code"])
        assert [order.index(code) for code in thinned["code"]] == sorted(map(order.index, thinned["code"]))
    with pytest.raises(UsageError, match=r"share to keep is 1\.1"):
        with_tail(gold, tail, 1.1, seed=0)


def test_the_tail_is_judged_by_its_own_claim():
    test = make_splits({"test": 60}, seed=1)["test"]
    rare = {("condition", "even")}
    said = []
    for s in test:
        wrong_sum = s.claims.with_claim(
            Claim("aggregate", "last" if s.claims.aggregate.name == "sum" else "sum")
        )
        odd = s.claims.with_claim(Claim("condition", "odd"))
        said.append(odd if s.claims.condition.name == "even" else wrong_sum)
    verdicts = [judge(sentence(c), s.code, s.claims) for c, s in zip(said, test, strict=True)]
    found = tail_accuracy(verdicts, test, rare)
    assert (found["tail"].value, found["head"].value) == (0.0, 1.0)
    assert found["tail"].n == sum(s.claims.condition.name == "even" for s in test)
    assert tail_accuracy(verdicts, test, set())["tail"].value is None
