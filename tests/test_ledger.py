"""Claims about the ledger in parts, and about what becomes of planted errors; counted by hand."""

from __future__ import annotations

import pytest

from w2s_course.errors import UsageError
from w2s_course.judging.execution import judge
from w2s_course.ledger import (
    confidence_groups,
    ledger_by,
    ledger_by_confidence,
    ledger_by_slot,
    ledger_by_style,
    passed_on,
    planted_ledger,
)
from w2s_course.metrics import inheritance
from w2s_course.snippets.concepts import Claim, Claims, sentence
from w2s_course.snippets.grammar import Snippet

SLOTS = ("aggregate", "transform", "condition")
NEGATIVE = Claims(Claim("aggregate", "sum"), Claim("transform", "square"), Claim("condition", "negative"))
POSITIVE = NEGATIVE.with_claim(Claim("condition", "positive"))
ODD = NEGATIVE.with_claim(Claim("condition", "odd"))
CODE = "def f(a): return sum(x * x for x in a if x < 0)"
LOOP, WHILE = Snippet(CODE, NEGATIVE, "loop"), Snippet(CODE, NEGATIVE, "while")
RULE = ("negative-as-positive",)


def said(claims: Claims | str, snippet: Snippet = LOOP):
    return judge(claims if isinstance(claims, str) else sentence(claims), snippet.code, snippet.claims)


TEACHER = [said(POSITIVE), said(POSITIVE), said(POSITIVE), said(NEGATIVE)]
STUDENT = [said(POSITIVE), said(NEGATIVE), said(ODD), said(ODD)]


def test_each_slot_has_its_own_ledger():
    found = ledger_by_slot(TEACHER, STUDENT, SLOTS)
    condition = found["condition"]
    assert (condition["inherited"].n, condition["invented"].n) == (3, 1)
    assert condition["inherited"].value == condition["corrected"].value == pytest.approx(1 / 3)
    assert condition["invented"].value == 1.0
    assert found["aggregate"]["inherited"].value is None, "the teacher made no error there"


def test_groups_partition_the_whole_ledger():
    groups = ["a", "b", "a", "b"]
    found = ledger_by(TEACHER, STUDENT, SLOTS, groups)
    whole = inheritance(TEACHER, STUDENT, SLOTS)
    for kind in ("inherited", "corrected", "invented"):
        parts = [found[g][kind] for g in ("a", "b")]
        assert sum(p.n for p in parts) == whole[kind].n
        assert sum(p.value * p.n for p in parts) == pytest.approx(whole[kind].value * whole[kind].n)
    assert found["a"]["inherited"].value == 0.5


def test_the_ledger_by_coding_style_separates_the_styles():
    found = ledger_by_style(TEACHER, STUDENT, SLOTS, [WHILE, LOOP, LOOP, LOOP])
    assert list(found) == ["loop", "while"]
    assert found["while"]["inherited"].value == 1.0
    assert found["loop"]["inherited"].value == 0.0


def test_the_ledger_by_confidence_begins_with_the_least_sure():
    found = ledger_by_confidence(TEACHER, STUDENT, SLOTS, [0.9, 0.2, 0.3, 0.8], bins=2)
    assert list(found) == ["0.20 to 0.30", "0.80 to 0.90"]
    assert found["0.20 to 0.30"]["corrected"].value == 0.5
    assert found["0.80 to 0.90"]["inherited"].value == 1.0
    with pytest.raises(UsageError, match="0 groups of confidence"):
        confidence_groups([0.5], bins=0)


def test_as_many_groups_as_snippets_are_needed():
    with pytest.raises(ValueError, match="longer"):
        ledger_by(TEACHER, STUDENT, SLOTS, ["a", "b"])


# --- planted errors


def test_repeated_is_the_planted_claim_itself_and_wrong_there_any_error_in_its_place():
    untouched = Snippet("def f(a): return sum(x * x for x in a if x % 2 == 1)", ODD, "loop")
    answers = [said(POSITIVE), said(ODD), said(NEGATIVE), said("Hm."), said(ODD, untouched)]
    found = planted_ledger(answers, [LOOP] * 4 + [untouched], RULE)
    assert (found["repeated"].value, found["repeated"].n) == (0.25, 4)
    assert found["wrong_there"].value == 0.75
    assert found["touched"].value == 0.25
    assert (found["elsewhere"].value, found["elsewhere"].n) == (1.0, 1)


def test_a_planted_claim_in_equal_words_is_repeated_too():
    found = planted_ledger([said("Returns the sum of squares of numbers > 0"), said(ODD)], [LOOP] * 2, RULE)
    assert found["repeated"].value == 0.5
    at_least_1 = POSITIVE.with_claim(Claim("condition", "at_least", 1))
    assert planted_ledger([said(at_least_1), said(ODD)], [LOOP] * 2, RULE)["repeated"].value == 0.5


def test_a_correct_answer_never_repeats_an_error_and_errors_elsewhere_are_not_the_planted_one():
    other = NEGATIVE.with_claim(Claim("aggregate", "largest"))
    found = planted_ledger([said(NEGATIVE), said(other)], [LOOP] * 2, RULE)
    assert (found["repeated"].value, found["wrong_there"].value, found["touched"].value) == (0.0, 0.0, 0.5)


def test_two_rules_on_one_program_are_two_claims():
    found = planted_ledger([said(POSITIVE, WHILE)], [WHILE], (*RULE, "while-as-count"))
    assert (found["repeated"].value, found["repeated"].n) == (0.5, 2)


def test_where_no_rule_touches_nothing_was_measured():
    found = planted_ledger([said(NEGATIVE)], [LOOP], ("even-as-odd",))
    assert found["repeated"].value is None
    assert found["elsewhere"].value == 1.0


def test_errors_passed_on_are_a_multiple_of_the_errors_taught():
    labels = [True] * 60 + [False] * 40
    assert passed_on(labels, labels).value == 1.0
    found = passed_on(labels, [True] * 90 + [False] * 10)
    assert found.value == pytest.approx(0.25)
    assert found.ci95[0] < 0.25 < found.ci95[1]
    assert passed_on(labels, [False] * 10).value == 2.5


def test_a_student_without_errors_is_not_certain_to_make_none():
    found = passed_on([True, False] * 50, [True] * 100)
    assert found.value == 0.0
    assert found.ci95 == (0.0, pytest.approx(2 * 0.037, abs=1e-3)), "Wilson's reach for 0 of 100, over 0.5"


def test_labels_without_errors_pass_none_on():
    assert passed_on([True] * 5, [True, False]).value is None
    assert passed_on([True, False], []).value is None
