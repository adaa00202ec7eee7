"""Claims about agreement beyond chance and about misfit, against cases computed by hand."""

from __future__ import annotations

import random

import pytest

from w2s_course.agreement import (
    beyond_chance,
    claim_kappa,
    cohen_kappa,
    error_agreement,
    expected_agreement,
    gain_and_misfit,
)
from w2s_course.judging.execution import Verdict, judge
from w2s_course.snippets.concepts import Claim, Claims, all_claims, sentence

SUM, LARGEST, COUNT = (Claim("aggregate", name) for name in ("sum", "largest", "count"))
TRUTH = Claims(SUM, Claim("transform", "square"), Claim("condition", "negative"))
CODE = "def f(a): return sum(x * x for x in a if x < 0)"


def said(claims: Claims | str) -> Verdict:
    return judge(claims if isinstance(claims, str) else sentence(claims), CODE, TRUTH)


def aggregates(*claims: Claim) -> list[Verdict]:
    return [said(TRUTH.with_claim(claim)) for claim in claims]


def test_cohens_kappa_of_a_table_computed_by_hand():
    """45 both yes, 15 yes/no, 25 no/yes, 15 both no: p_o = 0.6, p_e = 0.6*0.7 + 0.4*0.3 = 0.54."""
    one = "y" * 60 + "n" * 40
    other = "y" * 45 + "n" * 15 + "y" * 25 + "n" * 15
    assert cohen_kappa(one, other) == pytest.approx((0.6 - 0.54) / 0.46)


def test_kappa_is_one_for_the_same_zero_for_constants_and_negative_for_opposites():
    assert cohen_kappa("abca", "abca") == 1.0
    assert cohen_kappa("aaaa", "aaaa") == 0.0, "chance alone explains it"
    assert cohen_kappa("abab", "baba") == -1.0
    with pytest.raises(ValueError, match="nothing to agree about"):
        cohen_kappa("", "")
    with pytest.raises(ValueError, match="shorter"):
        cohen_kappa("ab", "a")


def test_two_perfect_models_agree_no_more_than_expected():
    assert expected_agreement(1.0, 1.0, options=8) == 1.0
    assert beyond_chance(1.0, 1.0) == 0.0


def test_with_two_options_chance_is_that_of_error_consistency():
    """Geirhos et al. 2020: c_exp = a_1 a_2 + (1 - a_1)(1 - a_2); two wrong answers are then the same one."""
    assert expected_agreement(0.8, 0.6, options=2) == pytest.approx(0.8 * 0.6 + 0.2 * 0.4)
    with pytest.raises(ValueError, match="With 1 options"):
        expected_agreement(0.8, 0.6, options=1)


def test_claim_kappa_is_cohens_kappa_where_there_is_one_slot():
    teacher, student = aggregates(SUM, SUM, LARGEST, COUNT), aggregates(SUM, LARGEST, LARGEST, SUM)
    found = claim_kappa(teacher, student, [TRUTH] * 4, ["aggregate"])
    assert found.value == pytest.approx(cohen_kappa("sslc", "slls"))
    assert found.n == 4


def test_error_agreement_computed_by_hand():
    """2 of 4 equal; accuracies 1/2 and 1/2; 8 aggregates: c_exp = 1/4 + 1/4/7 = 2/7."""
    teacher, student = aggregates(SUM, SUM, LARGEST, COUNT), aggregates(SUM, LARGEST, LARGEST, SUM)
    assert len(all_claims("aggregate")) == 8
    found = error_agreement(teacher, student, [TRUTH] * 4, ["aggregate"])
    assert found.value == pytest.approx((1 / 2 - 2 / 7) / (5 / 7))
    assert found.ci95[0] <= found.value <= found.ci95[1]


def test_shared_errors_count_where_shared_truths_do_not():
    same_errors = aggregates(*[SUM] * 5, *[LARGEST] * 5)
    other_errors = aggregates(*[SUM] * 5, *[COUNT] * 5)
    truths = [TRUTH] * 10
    assert error_agreement(same_errors, same_errors, truths, ["aggregate"]).value == 1.0
    apart = error_agreement(same_errors, other_errors, truths, ["aggregate"]).value
    assert apart == pytest.approx((0.5 - 2 / 7) / (5 / 7)), "right together, wrong apart"
    perfect = aggregates(*[SUM] * 10)
    assert error_agreement(perfect, perfect, truths, ["aggregate"]).value == 0.0


def test_independent_models_agree_by_chance_alone():
    rng = random.Random(0)
    wrong = [c for c in all_claims("aggregate") if c != SUM]

    def model(accuracy: float) -> list[Verdict]:
        return aggregates(*(SUM if rng.random() < accuracy else rng.choice(wrong) for _ in range(3000)))

    found = error_agreement(model(0.7), model(0.5), [TRUTH] * 3000, ["aggregate"])
    assert found.value == pytest.approx(0, abs=0.05)
    assert found.ci95[0] < 0 < found.ci95[1]


def test_slots_are_averaged_and_the_truth_in_other_words_is_the_truth():
    below_0 = TRUTH.with_claim(Claim("condition", "less_than", 0))
    wrong = TRUTH.with_claim(LARGEST)
    teacher, student = [said(TRUTH), said(wrong)], [said(below_0), said(wrong)]
    found = error_agreement(teacher, student, [TRUTH] * 2, ["aggregate", "condition"])
    # Aggregate: accuracy 1/2 each, c_exp 1/4 + 1/4/7 = 2/7; condition: c_exp 1. Mean 9/14; all are equal.
    assert found.value == 1.0
    assert found.n == 4
    assert claim_kappa(teacher, student, [TRUTH] * 2, ["condition"]).value == 0.0


def test_what_cannot_be_read_agrees_with_nothing():
    unreadable = [said("Hm."), said("Hm.")]
    assert error_agreement(unreadable, unreadable, [TRUTH] * 2, ["aggregate"]).value < 0
    assert claim_kappa(unreadable, unreadable, [TRUTH] * 2).value == 0.0


def test_nothing_has_no_kappa_and_one_snippet_no_interval():
    assert claim_kappa([], [], []).value is None
    one = aggregates(LARGEST)
    assert error_agreement(one, one, [TRUTH], ["aggregate"]).ci95 is None
    with pytest.raises(ValueError, match="shorter"):
        error_agreement(one, [], [TRUTH])


# --- misfit


def test_misfit_is_what_was_corrected_broken_and_otherwise_wrong():
    teacher = aggregates(SUM, SUM, LARGEST, LARGEST, LARGEST, LARGEST)
    student = aggregates(SUM, COUNT, SUM, SUM, LARGEST, COUNT)
    found = gain_and_misfit(teacher, student)
    sixths = {name: round(getattr(found, name).value * 6, 9) for name in found.__dataclass_fields__}
    assert sixths == {"misfit": 4, "gain": 1, "corrected": 2, "broken": 1, "otherwise": 1}


def test_gain_never_exceeds_misfit_and_equals_it_where_every_departure_corrects():
    rng = random.Random(1)
    for _ in range(30):
        found = gain_and_misfit(
            aggregates(*rng.choices((SUM, LARGEST, COUNT), k=12)),
            aggregates(*rng.choices((SUM, LARGEST, COUNT), k=12)),
        )
        assert abs(found.gain.value) <= found.misfit.value + 1e-9
    corrects = gain_and_misfit(aggregates(LARGEST, LARGEST, SUM), aggregates(SUM, LARGEST, SUM))
    assert corrects.gain.value == corrects.misfit.value == pytest.approx(1 / 3)


def test_two_true_sentences_are_no_misfit_and_two_unreadable_ones_are():
    below_0 = said(TRUTH.with_claim(Claim("condition", "less_than", 0)))
    assert gain_and_misfit([said(TRUTH)], [below_0]).misfit.value == 0
    assert gain_and_misfit([said("Hm.")], [said("Hm.")]).otherwise.value == 1
