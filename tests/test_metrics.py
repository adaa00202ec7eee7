"""Claims about the measures, against cases computed by hand."""

from __future__ import annotations

import math

import pytest

from w2s_course.judging.execution import judge
from w2s_course.metrics import (
    Z95,
    Estimate,
    NoGap,
    agreement,
    clamped_pgr,
    confusions,
    gap_recovered,
    inheritance,
    keep_ledger,
    performance_gap_recovered,
    reliability,
    share,
    unpaired_difference,
)
from w2s_course.snippets.concepts import SLOTS, Claim, Claims, sentence

TRUTH = Claims(Claim("aggregate", "sum"), Claim("transform", "square"), Claim("condition", "negative"))
CODE = "def f(a): return sum(x * x for x in a if x < 0)"
POSITIVE = TRUTH.with_claim(Claim("condition", "positive"))
EVEN = TRUTH.with_claim(Claim("condition", "even"))
LARGEST = POSITIVE.with_claim(Claim("aggregate", "largest"))


def said(claims: Claims | str):
    return judge(claims if isinstance(claims, str) else sentence(claims), CODE, TRUTH)


def test_pgr_is_eq_4_11_before_clamping():
    assert performance_gap_recovered(0.4, 0.7, 0.9) == pytest.approx(0.6)
    assert performance_gap_recovered(0.4, 1.0, 0.9) == pytest.approx(1.2)


def test_clamping_hides_harm():
    harm = performance_gap_recovered(0.5, 0.4, 0.9)
    assert harm == pytest.approx(-0.25)
    assert clamped_pgr(harm) == 0


@pytest.mark.parametrize("ceiling", [0.5, 0.49])
def test_pgr_is_undefined_where_the_ceiling_does_not_beat_the_weak_model(ceiling):
    with pytest.raises(NoGap, match=r"ceiling \(0\.\d+\) does not beat the weak model \(0\.500\)"):
        performance_gap_recovered(0.5, 0.7, ceiling)


def test_a_run_without_a_gap_has_the_status_no_gap():
    found = gap_recovered([True] * 8 + [False] * 2, [True] * 10, [True] * 8 + [False] * 2)
    assert (found.status, found.raw, found.clamped, found.ci95) == ("no gap", None, None, None)


def test_a_gap_within_noise_is_said_to_be_one():
    """The published case: a PGR of 0.81 between accuracies that are all near chance."""
    n = 1000
    weak, w2s, ceiling = ([i < a for i in range(n)] for a in (484, 491, 493))
    shuffled = [ceiling[(i * 377) % n] for i in range(n)]
    found = gap_recovered(weak, w2s, shuffled)
    assert found.raw > 0.7
    assert found.status == "gap within noise"
    assert found.ci95 is None


def test_a_clear_gap_has_an_interval_around_its_value():
    found = gap_recovered([i < 50 for i in range(100)], [i < 75 for i in range(100)], [True] * 100)
    assert found.status == "ok"
    assert found.ci95[0] < found.raw == 0.5 < found.ci95[1]


@pytest.mark.parametrize(("student", "value"), [("the ceiling's", 1.0), ("the teacher's", 0.0)])
def test_a_ratio_that_every_resample_repeats_is_not_certainty(student, value):
    weak, ceiling = [True] * 40 + [False] * 60, [True] * 90 + [False] * 10
    found = gap_recovered(weak, ceiling if value else weak, ceiling)
    assert (found.raw, found.status) == (value, "ok")
    low, high = found.ci95
    assert low < value < high
    more = gap_recovered(weak * 9, ceiling * 9 if value else weak * 9, ceiling * 9)
    assert more.ci95[1] - more.ci95[0] < 0.2 * (high - low), "with nine times as many snippets it is narrower"


def test_one_snippet_gives_no_ratio_an_interval():
    assert gap_recovered([False], [True], [True]).status == "gap within noise"
    assert gap_recovered([False], [True], [True]).ci95 is None


def test_a_gap_that_one_group_makes_may_be_chance():
    """Ten groups of four; in one of them the weak model is always wrong. By snippet that looks like four."""
    weak, right = [False] * 4 + [True] * 36, [True] * 40
    groups = [i // 4 for i in range(40)]
    assert gap_recovered(weak, right, right).status == "ok"
    assert gap_recovered(weak, right, right, groups=groups).status == "gap within noise"


def test_groups_are_drawn_whole_wherever_their_snippets_stand():
    """Twenty groups, half of which gain half of their gap and half all of it."""
    weak, ceiling = [False] * 40, [True] * 40
    w2s = [i % 2 == 0 or i // 2 % 2 == 0 for i in range(40)]  # both of a pair, or one
    together = gap_recovered(weak, w2s, ceiling, groups=[i // 2 for i in range(40)])
    apart = gap_recovered(weak, w2s[::2] + w2s[1::2], ceiling, groups=[*range(20), *range(20)])
    assert together == apart
    assert together.raw == 0.75
    assert together.ci95 == pytest.approx((0.64, 0.86), abs=0.02), "0.75 -+ 1.96 * 0.25 / sqrt(20)"


def test_a_group_of_each_snippet_changes_nothing():
    weak, w2s, ceiling = ([i * 7 % 100 < most for i in range(100)] for most in (40, 60, 80))
    alone = gap_recovered(weak, w2s, ceiling, seed=3, groups=range(100))
    assert alone.ci95 == pytest.approx(gap_recovered(weak, w2s, ceiling, seed=3).ci95)


def test_a_ratio_that_every_group_repeats_reaches_as_far_as_so_many_groups_do():
    """Half of the groups gain one of their three, half have no gap: every resample recovers a third."""
    weak, ceiling = [False] * 60 + [True] * 60, [True] * 120
    w2s = [True, False, False] * 20 + [True] * 60
    low, high = gap_recovered(weak, w2s, ceiling, groups=[i // 3 for i in range(120)]).ci95
    reach = 0.0876 / 0.5  # Wilson's for 0 of 40 groups, over the gap
    assert (low, high) == pytest.approx((1 / 3 - reach, 1 / 3 + reach), abs=1e-3)


def test_one_group_gives_no_ratio_an_interval():
    found = gap_recovered([False] * 8, [True] * 8, [True] * 8, groups=[5] * 8)
    assert (found.raw, found.ci95, found.status) == (1.0, None, "gap within noise")


def test_snippets_without_a_group_are_refused():
    with pytest.raises(ValueError, match="1 groups are given for 2 snippets"):
        gap_recovered([False] * 2, [True] * 2, [True] * 2, groups=[0])


def test_arms_judged_on_different_snippets_are_refused():
    with pytest.raises(ValueError, match=r"\[2, 3, 2\] snippets; PGR needs the same"):
        gap_recovered([True, False], [True] * 3, [True, True])


def test_an_interval_holds_the_true_share_about_95_times_in_100():
    import numpy as np

    rng = np.random.default_rng(0)
    inside = 0
    for trial in range(200):
        low, high = share(list(rng.random(100) < 0.7), seed=trial).ci95
        inside += low <= 0.7 <= high
    assert 0.90 <= inside / 200 <= 0.99


def test_a_ratio_over_claims_counts_claims_and_draws_snippets():
    found = share([1.0, 0.0], weights=[3, 1])
    assert (found.value, found.n) == (0.75, 4)
    assert found.ci95 == (0.0, 1.0), "two snippets: every resample is one of three mixtures"


def test_snippets_that_all_agree_are_not_certainty():
    assert share([0.0] * 16).ci95 == (0.0, pytest.approx(0.194, abs=1e-3)), "Wilson's interval for 0 of 16"
    assert share([1.0] * 200).ci95 == (pytest.approx(0.981, abs=1e-3), 1.0)
    assert share([0.0] * 16, least=-1.0).ci95 == pytest.approx((-0.194, 0.194), abs=1e-3)


def test_nothing_counted_has_no_value_and_one_snippet_no_interval():
    assert share([]).value is None
    assert share([1]).ci95 is None


def test_the_ledger_tells_inherited_from_corrected_from_invented():
    teacher = said(LARGEST)  # two wrong claims, two right ones
    assert keep_ledger(teacher, said(TRUTH), SLOTS).corrected == 2
    repeated = keep_ledger(teacher, said(POSITIVE), SLOTS)
    assert (repeated.wrong, repeated.inherited, repeated.corrected, repeated.invented) == (2, 1, 1, 0)
    other = keep_ledger(teacher, said(EVEN), SLOTS)
    assert (other.inherited, other.corrected) == (0, 1), "wrong in another way is neither"
    invented = keep_ledger(said(TRUTH), said(POSITIVE), SLOTS)
    assert (invented.wrong, invented.right, invented.invented) == (0, 4, 1)


def test_two_unreadable_sentences_have_inherited_nothing_from_each_other():
    ledger = keep_ledger(said("Hm."), said("Hm?"), SLOTS)
    assert (ledger.wrong, ledger.inherited, ledger.corrected) == (4, 0, 0)


def test_shares_of_the_ledger_are_over_claims_of_the_teacher():
    found = inheritance([said(LARGEST), said(TRUTH)], [said(POSITIVE), said(TRUTH)], SLOTS)
    assert (found["inherited"].value, found["inherited"].n) == (0.5, 2)
    assert (found["invented"].value, found["invented"].n) == (0.0, 6)


def wilson(right: int, n: int) -> Estimate:
    p, z = right / n, Z95
    middle, reach = p + z**2 / (2 * n), z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return Estimate(p, tuple((middle + way * reach) / (1 + z**2 / n) for way in (-1, 1)), n)


def test_the_difference_of_two_groups_is_newcombe_s_tenth_method():
    found = unpaired_difference(wilson(56, 70), wilson(48, 80))  # his first example, 1998, table II
    assert (found.value, found.n) == (pytest.approx(0.2), 150)
    assert found.ci95 == pytest.approx((0.0524, 0.3339), abs=5e-5)
    turned = unpaired_difference(wilson(48, 80), wilson(56, 70))
    assert turned.ci95 == pytest.approx((-0.3339, -0.0524), abs=5e-5)


def test_a_difference_from_nothing_is_undefined_and_one_thing_has_no_interval():
    nothing, one, many = share([]), share([1]), share([1, 0, 1])
    assert unpaired_difference(many, nothing) == Estimate(None, None, 0)
    assert unpaired_difference(one, many) == Estimate(pytest.approx(1 / 3), None, 4)
    assert unpaired_difference(wilson(4, 4), wilson(0, 4)).ci95[1] == 1


def test_confusions_are_counted_by_concept_the_most_frequent_first():
    verdicts = [said(POSITIVE), said(POSITIVE), said(EVEN), said("Hm.")]
    assert confusions(verdicts, [TRUTH] * 4) == [
        {"slot": "condition", "truth": "negative", "claimed": "positive", "count": 2},
        {"slot": "condition", "truth": "negative", "claimed": "even", "count": 1},
    ]


def test_agreement_is_about_claims_and_not_about_truth():
    assert agreement([said(POSITIVE), said(TRUTH)], [said(POSITIVE), said(EVEN)]).value == 0.5
    assert agreement([said("Hm.")], [said("Hm.")]).value == 0


def test_reliability_bins_hold_equally_many_labels_from_unsure_to_sure():
    bins = reliability([0.9, 0.1, 0.5, 0.7], [True, False, False, True], bins=2)
    assert [b["confidence"] for b in bins] == pytest.approx([0.3, 0.8])
    assert [b["exact"]["value"] for b in bins] == [0.0, 1.0]


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        (lambda: performance_gap_recovered(0.5, NAN, 1.0), "The weak-to-strong accuracy is nan"),
        (lambda: performance_gap_recovered(0.5, 0.7, INF), "The ceiling accuracy is inf"),
        (lambda: gap_recovered([0, 1], [1, NAN], [1, 1]), "weak-to-strong verdicts hold nan at position 1"),
        (lambda: share([1, 0, INF]), "The values hold inf at position 2"),
        (lambda: share([1, None]), "The values hold nan at position 1"),
        (lambda: share([1, 0], weights=[1, NAN]), "The weights hold nan at position 1"),
        (lambda: share([1, 0], weights=[1, -1]), "smallest weight is -1"),
        (lambda: share([1, 0], weights=[1]), r"weights have the shape \(1,\); 2 are needed"),
        (lambda: share([[1, 0]]), r"values have the shape \(1, 2\); one number a snippet"),
        (lambda: reliability([0.5, NAN], [1, 0]), "confidences hold nan at position 1"),
        (lambda: reliability([0.5], [1, 0]), r"confidences have the shape \(1,\); 2 are needed"),
        (lambda: reliability([0.5], [1], bins=0), "0 bins were asked for"),
    ],
)
def test_what_is_no_number_is_refused_and_becomes_no_finding(measure, said):
    with pytest.raises(ValueError, match=said):
        measure()
