"""Claims about planted errors: they are errors, as many as asked for, and follow their rule."""

from __future__ import annotations

import pytest

from w2s_course.errors import CourseError, UsageError
from w2s_course.judging.claims import parse
from w2s_course.judging.execution import judge
from w2s_course.labeling import gold_answers, label_set, snippets_of
from w2s_course.labeling.planted import Plan, matched, plant, touched
from w2s_course.labeling.rules import RULES, Rule, planted_claims
from w2s_course.models.answers import Answer
from w2s_course.snippets.concepts import SLOTS, Claim, Claims, sentence
from w2s_course.snippets.grammar import Snippet, make_splits

COMPARISONS = ("at-most-as-at-least", "less-than-as-at-most", "negative-as-positive", "even-as-odd")
PLANS = [
    *(Plan("systematic", rules=(rule,)) for rule in RULES),
    Plan("systematic", rules=tuple(RULES)),
    Plan("matched", rules=COMPARISONS),
    Plan("random", rate=0.6),
    Plan("random", rate=0.6, slots=("condition",)),
]


def kept_right(labels):
    return [
        judge(text, s.code, s.claims).exact
        for text, s in zip(labels["explanation"], snippets_of(labels), strict=True)
    ]


@pytest.fixture(scope="module")
def gold():
    pool = make_splits({"pool": 96}, seed=0)["pool"]
    return label_set(pool, gold_answers(pool), "gold")


@pytest.fixture(scope="module")
def weak(gold):
    """A teacher that calls every odd condition even, and cannot be read on every tenth program."""
    said = []
    for i, s in enumerate(snippets_of(gold)):
        wrong = s.claims.with_claim(Claim("condition", "even"))
        text = sentence(wrong if s.claims.condition.name in ("odd", "positive") else s.claims)
        said.append(Answer("It adds up, I think." if i % 10 == 0 else text, 0.5 + i / 400))
    return label_set(snippets_of(gold), said, "weak")


@pytest.mark.parametrize("plan", PLANS, ids=str)
def test_each_planted_explanation_can_be_read_and_is_judged_wrong_and_no_other_is_changed(gold, plan):
    labels = plant(gold, plan, seed=1)
    assert any(labels["planted"])
    assert kept_right(labels) == [not altered for altered in labels["planted"]]
    for text, gold_text, altered in zip(
        labels["explanation"], gold["explanation"], labels["planted"], strict=True
    ):
        assert (text != gold_text) == altered
        assert text == sentence(parse(text)), "in the words of the course's own renderer"


@pytest.mark.parametrize("plan", [plan for plan in PLANS if plan.kind == "systematic"], ids=str)
def test_wrong_is_the_slot_that_the_rule_is_about_and_no_other(gold, plan):
    labels = plant(gold, plan, seed=1)
    for text, s, altered in zip(labels["explanation"], snippets_of(gold), labels["planted"], strict=True):
        if altered:
            wrong = {slot for slot in SLOTS if not judge(text, s.code, s.claims).claims[slot]}
            assert wrong == set(planted_claims(s, plan.rules))


def test_random_errors_stay_in_the_slots_that_they_are_allowed(gold):
    labels = plant(gold, Plan("random", 0.6, slots=("condition",)), seed=1)
    verdicts = [
        judge(t, s.code, s.claims) for t, s in zip(labels["explanation"], snippets_of(gold), strict=True)
    ]
    assert all(v.claims["aggregate"] and v.claims["transform"] for v in verdicts)


def test_random_errors_are_of_many_kinds_and_systematic_ones_of_one(gold):
    def concepts(plan):
        labels = plant(gold, plan, seed=1)
        pairs = zip(labels["explanation"], snippets_of(gold), labels["planted"], strict=True)
        return {
            parse(text).condition.name
            for text, s, altered in pairs
            if altered and s.claims.condition.name == "even"
        }

    assert concepts(Plan("systematic", rules=("even-as-odd",))) == {"odd"}
    assert len(concepts(Plan("random", 1.0, slots=("condition",)))) > 3


@pytest.mark.parametrize("rate", [0.3, 1.0])
@pytest.mark.parametrize("which", ["gold", "weak"])
def test_matched_errors_leave_as_many_wrong_rows_as_the_systematic_ones_to_the_row(request, which, rate):
    labels = request.getfixturevalue(which)
    systematic = Plan("systematic", rate, (*COMPARISONS, "while-as-count"))
    twin = matched(labels, systematic, seed=5)
    planted = plant(labels, systematic, seed=5)
    assert sum(kept_right(planted)) == sum(kept_right(twin)) < sum(kept_right(labels))
    assert planted["explanation"] != twin["explanation"]
    assert (
        twin["explanation"] == plant(labels, Plan("matched", rate, systematic.rules), seed=5)["explanation"]
    )


def test_the_rate_is_a_share_of_what_could_be_altered(gold):
    rules = ("while-as-count",)
    number = sum(touched(gold, Plan("systematic", rules=rules)))
    assert sum(plant(gold, Plan("systematic", 0.5, rules), seed=0)["planted"]) == round(number / 2)
    assert sum(plant(gold, Plan("random", 0.25), seed=0)["planted"]) == 24
    assert sum(plant(gold, Plan("random", 0.0), seed=0)["planted"]) == 0


def test_weak_labels_keep_their_own_errors_and_what_cannot_be_read_is_left_alone(weak):
    labels = plant(weak, Plan("systematic", rules=("while-as-count",)), seed=0)
    for before, after, altered in zip(
        weak["explanation"], labels["explanation"], labels["planted"], strict=True
    ):
        if before.startswith("It adds"):
            assert (after, altered) == (before, False)
        elif altered:
            assert parse(after).condition == parse(before).condition
            assert parse(after).aggregate.name == "count"


def test_columns_rows_and_their_order_stay_and_a_second_planting_remembers_the_first(weak):
    once = plant(weak, Plan("systematic", rules=("even-as-odd",)), seed=0)
    assert once.column_names == [*weak.column_names, "planted"]
    for name in set(weak.column_names) - {"explanation"}:
        assert list(once[name]) == list(weak[name])
    twice = plant(once, Plan("systematic", rules=("half-as-double",)), seed=0)
    assert sum(twice["planted"]) > sum(once["planted"])
    assert all(b for a, b in zip(once["planted"], twice["planted"], strict=True) if a)


def test_the_seed_decides_and_nothing_else(gold):
    plan = Plan("random", 0.5)
    assert plant(gold, plan, 3)["explanation"] == plant(gold, plan, 3)["explanation"]
    assert plant(gold, plan, 3)["explanation"] != plant(gold, plan, 4)["explanation"]


def test_a_rule_does_not_touch_where_its_claim_would_be_the_truth_in_other_words():
    counted = Snippet("", Claims(Claim("aggregate", "count")), "while")
    summed = Snippet("", Claims(Claim("aggregate", "sum")), "while")
    plan = Plan("systematic", rules=("while-as-count",))
    assert touched([counted, summed], plan) == [False, True]
    # No even number is divisible by 2 alone, but 'not divisible by 2' and 'odd' are one claim.
    odd = Snippet(
        "", Claims(Claim("aggregate", "sum"), condition=Claim("condition", "not_divisible_by", 2)), ""
    )
    assert Rule("condition", says="odd", of="not_divisible_by").claim(odd) is None


def test_a_coding_style_that_is_never_understood_touches_that_style_alone(gold):
    plan = Plan("systematic", rules=("while-as-count",))
    assert {s.style for s, hit in zip(snippets_of(gold), touched(gold, plan), strict=True) if hit} == {
        "while"
    }


def test_programs_without_a_fourth_slot_get_no_random_error_there(gold):
    assert all(parse(text).view.name == "all" for text in plant(gold, Plan("random", 1.0), 0)["explanation"])
    pool = make_splits({"pool": 40}, seed=0, with_view=True)["pool"]
    labels = plant(label_set(pool, gold_answers(pool), "gold"), Plan("random", 1.0), seed=0)
    verdicts = [judge(t, s.code, s.claims) for t, s in zip(labels["explanation"], pool, strict=True)]
    assert any(not v.claims["view"] for v in verdicts)


def test_too_few_labels_that_can_be_wrong_are_refused():
    pool = [s for s in make_splits({"pool": 200}, seed=0)["pool"] if s.claims.aggregate.name == "count"]
    labels = label_set(pool, gold_answers(pool), "gold")
    with pytest.raises(CourseError, match=rf"{len(pool)} labels .* transform, but only 0 can be"):
        plant(labels, Plan("random", 1.0, slots=("transform",)), seed=0)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Plan("sistematic", rules=("even-as-odd",)), "Did you mean 'systematic'"),
        (lambda: Plan("systematic", rules=("even-as-od",)), "Did you mean 'even-as-odd'"),
        (lambda: Plan("random", slots=("conditions",)), "Did you mean 'condition'"),
        (lambda: Plan("random", rate=1.5), "rate is 1.5"),
        (lambda: Plan("systematic"), "systematic plan got 0 rules"),
        (lambda: Plan("random", rules=("even-as-odd",)), "random plan got 1 rules"),
        (lambda: Rule("condition", says="odd"), "says 'odd' of everything"),
        (lambda: Rule("condition", says="od", of="even"), "Did you mean 'odd'"),
        (lambda: Rule("condition", says="at_most", of="even"), "'at_most' needs a number, but 'even'"),
        (lambda: Rule("aggregate", says="count", style="whiles"), "Did you mean 'while'"),
    ],
)
def test_plans_and_rules_that_mean_nothing_are_refused(make, message):
    with pytest.raises(UsageError, match=message):
        make()
