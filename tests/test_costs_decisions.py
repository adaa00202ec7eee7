"""Claims about budgets, frontiers and break-even prices, against small cases worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from w2s_course import plots
from w2s_course.costs import (
    LabelPrice,
    Point,
    best_within,
    break_even_price,
    cheapest_reaching,
    compare_plans,
    equivalent_gold,
    flops_per_label,
    frontier_points,
    gold_curve,
    label_cost,
    label_mix,
    labels_within,
    pareto_frontier,
    prices_of_run,
    run_mixes,
    weak_labels_at_equal_flops,
    worth_in_gold,
)
from w2s_course.costs.rows import Series, own_interval
from w2s_course.errors import CourseError, UsageError
from w2s_course.plots import frontier as drawn
from w2s_course.recorded import recorded_runs

T2 = 4.3027  # the 97.5% quantile of Student's t with two degrees of freedom


# --- equal compute


def test_a_budget_buys_whole_labels_after_the_making():
    assert labels_within(10, 3) == 3
    assert labels_within(10, 3, making=4.1) == 1
    assert labels_within(10, 3, making=10) == 0
    assert labels_within(10, 3, making=11) == 0
    assert labels_within(0.3, 0.1) == 3  # though 0.3 / 0.1 is a little less than 3 in floating point
    assert labels_within(10, 0) == math.inf
    with pytest.raises(UsageError, match="makes no sense"):
        labels_within(10, -1)


def test_weak_labels_at_equal_flops_are_as_many_as_the_ratio_of_the_models(sample_results):
    per_label = flops_per_label(sample_results)
    assert per_label["weak"] == 2.4e11 / 1000
    n = sample_results["arms"]["strong_prompted"]["exact"]["n"]
    assert per_label["strong_own"] == 3.9e13 / n
    assert weak_labels_at_equal_flops(100, 900, 30) == 3000


def training(seed, flops, exact):
    return {"seed": seed, "flops": flops, "exact": exact}


def test_plans_are_compared_at_one_budget_and_paired_by_seed():
    one = [training(s, f, y + 0.1 * s) for s in range(3) for f, y in ((100, 0.5), (10_000, 0.7))]
    other = [training(s, 1000, 0.5 + 0.1 * s + 0.01 * s) for s in range(3)]
    found = compare_plans(one, other, budget=1000)
    # halfway between 100 and 10,000 on the logarithm: 0.6 + 0.1 s, less 0.5 + 0.11 s: 0.10, 0.09, 0.08
    assert found.difference == pytest.approx(0.09)
    assert found.ci95 == pytest.approx((0.09 - T2 * 0.01 / 3**0.5, 0.09 + T2 * 0.01 / 3**0.5))
    assert found.verdict == "one"
    assert "the first plan is better" in str(found)
    assert compare_plans(other, one, budget=1000).verdict == "other"
    assert compare_plans(one, other).budget == 1000


def test_a_difference_within_noise_is_open():
    one = [training(s, 10, y) for s, y in enumerate((0.5, 0.6, 0.7))]
    other = [training(s, 10, y) for s, y in enumerate((0.6, 0.5, 0.6))]
    assert compare_plans(one, other).verdict == "open"
    assert "one seed has no interval" in str(compare_plans(one[:1], other[:1]))


def test_plans_are_not_compared_where_one_was_never_run():
    cheap, dear = [training(0, 10, 0.5), training(0, 20, 0.6)], [training(0, 100, 0.9)]
    with pytest.raises(
        CourseError, match=r"nothing to compare: seed 0 of one plan was recorded from 100 to 100"
    ):
        compare_plans(cheap, dear)
    with pytest.raises(CourseError, match="no seed in common"):
        compare_plans(cheap, [training(1, 10, 0.5)])
    assert compare_plans([training(0, 96, 0.5)], dear).difference == pytest.approx(-0.4)  # within 5%: equal


def test_a_column_that_is_missing_or_not_measured_is_named():
    with pytest.raises(UsageError, match=r"Unknown column of the rows 'flopss'. Did you mean 'flops'"):
        compare_plans([training(0, 1, 0.5)], [training(0, 1, 0.5)], compute="flopss")
    with pytest.raises(UsageError, match=r"'exact' holds None"):
        compare_plans([training(0, 1, None)], [training(0, 1, 0.5)])


# --- rows of trials and of runs

TRIAL = {
    "seed": 0, "gold": 300, "count": 1000, "labels": "weak", "method": "plain", "plan": None,
    "exact": 0.7, "exact_low": 0.6, "exact_high": 0.8, "flops_training": 20.0, "flops_preparing": 5.0,
}  # fmt: skip


def test_a_trial_on_gold_pays_for_no_teacher():
    mix = label_mix({**TRIAL, "labels": "gold"})
    assert (mix["gold_labels"], mix["weak_labels"], mix["teacher_gold"], mix["flops"]) == (1000, 0, 0, 20.0)
    mix = label_mix(TRIAL)
    assert (mix["gold_labels"], mix["weak_labels"], mix["teacher_gold"], mix["flops"]) == (0, 1000, 300, 25.0)
    assert own_interval(mix, "exact") == (0.6, 0.8)


def test_labels_with_planted_errors_have_no_price():
    with pytest.raises(UsageError, match="nobody sells such labels"):
        label_mix({**TRIAL, "plan": "systematic"})


def test_the_arms_of_a_run_are_rows_of_the_same_form(sample_results):
    on_gold, student, ceiling = run_mixes(sample_results)
    assert (on_gold["gold_labels"], student["weak_labels"], ceiling["gold_labels"]) == (500, 1000, 1000)
    assert student["flops"] == pytest.approx(5.1e13 + 6.2e12 + 2.4e11)
    assert ceiling["flops"] == 5.1e13


def test_arms_that_share_the_pass_through_the_frozen_layers_are_charged_for_it():
    """The third passes its own gold pairs: with fewer of them it takes fewer operations, at equal steps."""
    for run in recorded_runs():
        on_gold, student, ceiling = (row["flops"] for row in run_mixes(run))
        assert on_gold < ceiling < student
        stages = run["cost"]["stages"]
        passed = ceiling - stages["ceiling training"]["flops"]
        assert 0.6 * stages["lower layers"]["flops"] < passed < stages["lower layers"]["flops"]


# --- the frontier


def test_only_intervals_that_lie_apart_make_a_mix_clearly_dominated():
    best = Point(0, 1000, 0.70, (0.66, 0.74), 10.0)
    clear = Point(50, 0, 0.60, (0.55, 0.65), 100.0)
    maybe = Point(80, 0, 0.68, (0.63, 0.73), 160.0)
    unknown = Point(90, 0, 0.10, None, 180.0)
    top = Point(500, 0, 0.90, (0.88, 0.92), 1000.0)
    placed = pareto_frontier([top, clear, best, maybe, unknown])
    assert [p.status for p in placed] == [
        "frontier", "clearly dominated", "frontier", "maybe dominated", "maybe dominated",
    ]  # fmt: skip
    assert [p.by for p in placed] == [None, best, None, best, best]


@pytest.mark.parametrize(
    ("accuracy", "ci95", "cost"),
    [
        (float("nan"), None, 1.0),
        (70.0, None, 1.0),
        (0.7, (0.8, 0.6), 1.0),
        (0.7, (0.6, float("nan")), 1.0),
        (0.7, None, float("nan")),
        (0.7, None, float("inf")),
    ],
)
def test_a_mix_that_was_not_measured_has_no_place(accuracy, ci95, cost):
    with pytest.raises(UsageError, match="Give an accuracy from 0 to 1"):
        Point(5, 10, accuracy, ci95, cost)
    with pytest.raises(UsageError, match="The budget is nan"):
        best_within([], float("nan"))


def test_equals_do_not_dominate_each_other_but_the_cheaper_of_equal_accuracy_does():
    one, same, dearer = Point(1, 0, 0.5, None, 2.0), Point(0, 9, 0.5, None, 2.0), Point(2, 0, 0.5, None, 4.0)
    assert [p.status for p in pareto_frontier([one, same, dearer])] == [
        "frontier", "frontier", "maybe dominated",
    ]  # fmt: skip
    assert pareto_frontier([]) == []


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=12))
def test_every_mix_off_the_frontier_is_dominated_by_one_on_it(pairs):
    points = [Point(i, 0, accuracy / 5, None, float(cost)) for i, (accuracy, cost) in enumerate(pairs)]
    placed = pareto_frontier(points)
    front = [p.point for p in placed if p.status == "frontier"]
    for place in placed:
        over = [q for q in front if q.cost <= place.point.cost and q.accuracy >= place.point.accuracy]
        assert over  # itself, where it is on the frontier
        if place.status == "frontier":
            assert all((q.cost, q.accuracy) == (place.point.cost, place.point.accuracy) for q in over)


def test_a_mix_is_the_mean_over_its_seeds_with_their_t_interval_within_0_and_1():
    rows = [
        {"gold_labels": 0, "weak_labels": 9, "exact": y, "paid": p}
        for y, p in ((0.9, 1), (1.0, 3), (0.95, 2))
    ]
    [point] = frontier_points(rows, cost=lambda row: row["paid"])
    assert (point.accuracy, point.cost, point.seeds) == (pytest.approx(0.95), 2, 3)
    assert point.ci95 == (pytest.approx(0.95 - T2 * 0.05 / 3**0.5), 1.0)


def test_seeds_that_agree_by_chance_are_no_surer_than_their_test_snippets():
    mix = {"gold_labels": 0, "weak_labels": 9, "exact_low": 0.63, "exact_high": 0.77}
    rows = [{**mix, "seed": seed, "exact": 0.7} for seed in range(3)]
    [point] = frontier_points(rows, cost=lambda row: 0.0)
    half = 0.07 / math.sqrt(3)  # that of one seed, by as many seeds as there are
    assert point.ci95 == pytest.approx((0.7 - half, 0.7 + half))
    as_estimates = [
        {**row, "exact": {"value": row["exact"], "ci95": [row["exact_low"], row["exact_high"]], "n": 160}}
        for row in rows
    ]
    assert frontier_points(as_estimates, cost=lambda row: 0.0) == [point]


def test_a_seed_that_was_recorded_twice_is_one_seed():
    rows = [
        {"gold_labels": 0, "weak_labels": 9, "exact": y, "seed": seed}
        for seed, y in ((0, 0.6), (1, 0.7), (0, 0.6), (1, 0.7))
    ]
    [point] = frontier_points(rows, cost=lambda row: 1.0)
    [once] = frontier_points(rows[:2], cost=lambda row: 1.0)
    assert (point.seeds, point.ci95) == (2, once.ci95)
    one = {"gold_labels": 0, "weak_labels": 9, "exact": 0.6, "exact_low": 0.5, "exact_high": 0.7, "seed": 0}
    [alone] = frontier_points([one, one], cost=lambda row: 1.0)
    assert (alone.seeds, alone.ci95) == (1, (0.5, 0.7))


def test_a_single_seed_keeps_its_own_interval():
    [point] = frontier_points([label_mix(TRIAL)], cost=lambda row: 1.0)
    assert point.ci95 == (0.6, 0.8)


def test_whether_the_teacher_is_on_the_bill_changes_who_is_on_the_frontier():
    prices = {
        "human": LabelPrice({"minutes": 2.0}),
        "weak": LabelPrice({"computer": 1e-4}, {"gold pairs": 600.0, "training": 0.01}),
    }
    rows = [label_mix(TRIAL), {**label_mix({**TRIAL, "labels": "gold", "count": 100}), "exact": 0.8}]

    def status(bought):
        points = frontier_points(rows, label_cost(prices, teacher_is_bought=bought))
        return {p.point.weak: p.status for p in pareto_frontier(points)}

    assert status(bought=True) == {1000: "maybe dominated", 0: "frontier"}
    assert status(bought=False) == {1000: "frontier", 0: "frontier"}


def test_the_cheapest_and_the_best_are_found_or_said_to_be_none():
    points = [
        Point(0, 9, 0.7, (0.5, 0.9), 1.0),
        Point(9, 0, 0.8, (0.75, 0.85), 18.0),
        Point(8, 0, 0.8, None, 16.0),
    ]
    assert cheapest_reaching(points, 0.75).cost == 16.0
    assert cheapest_reaching(points, 0.75, surely=True).cost == 18.0
    assert cheapest_reaching(points, 0.95) is None
    assert best_within(points, 100).cost == 16.0
    assert best_within(points, 1).weak == 9
    assert best_within(points, 0.5) is None
    with pytest.raises(UsageError, match=r"0.7 for 70%"):
        cheapest_reaching(points, 70)


# --- worth and break-even

CURVE = Series((100, 200, 400), (0.5, 0.6, 0.9))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_a_rising_curve_never_falls_and_keeps_the_mean(ys):
    rising = Series(tuple(range(1, len(ys) + 1)), tuple(ys)).rising()
    assert all(a <= b + 1e-12 for a, b in zip(rising.y, rising.y[1:], strict=False))
    assert sum(rising.y) == pytest.approx(sum(ys))
    assert rising.rising().y == pytest.approx(rising.y)


def test_a_pooled_height_is_not_a_last_digit_above_the_same_share_of_snippets():
    falling = Series((100, 400), (0.035, 0.025))  # fmean gives 0.030000000000000002
    assert equivalent_gold(0.03, falling.rising()).place == "inside"


@given(st.floats(0.5, 0.9))
def test_the_equivalent_lies_on_the_curve(accuracy):
    found = equivalent_gold(accuracy, CURVE)
    assert found.place == "inside"
    assert CURVE.at(found.labels) == pytest.approx(accuracy, abs=1e-6)


def test_on_a_flat_stretch_the_fewest_gold_labels_count():
    assert equivalent_gold(0.6, Series((100, 200, 400), (0.5, 0.6, 0.6))).labels == 200


def test_beyond_the_recorded_sizes_only_a_bound_is_told():
    assert (equivalent_gold(0.49, CURVE).place, equivalent_gold(0.49, CURVE).labels) == ("fewer", 100)
    assert (equivalent_gold(0.91, CURVE).place, equivalent_gold(0.91, CURVE).labels) == ("more", 400)
    with pytest.raises(UsageError, match="50 is not among what was recorded, 100 to 400"):
        CURVE.at(50)


def test_worth_is_the_geometric_mean_over_seeds_with_an_interval_on_the_logarithm():
    curves = {s: Series((10, 100_000), (0.0, 1.0)) for s in range(3)}
    worth = worth_in_gold({0: 0.45, 1: 0.50, 2: 0.55}, curves)  # 10^2.8, 10^3, 10^3.2 labels
    half = T2 * 0.2 / 3**0.5
    assert worth.labels == pytest.approx(1000)
    assert worth.ci95 == pytest.approx((10 ** (3 - half), 10 ** (3 + half)))
    assert str(worth).startswith("Worth 1,000 gold labels over 3 seeds (95% interval 319 to 3,139)")


def test_an_end_of_the_interval_beyond_the_recorded_sizes_is_unknown():
    curves = dict.fromkeys(range(3), CURVE)
    worth = worth_in_gold({0: 0.5, 1: 0.6, 2: 0.6}, curves)
    assert worth.ci95[0] is None
    assert worth.ci95[1] is None
    assert "under 100 to over 400" in str(worth)


def test_with_a_seed_outside_there_is_no_mean_and_the_seeds_are_counted():
    worth = worth_in_gold({0: 0.4, 1: 0.6, 2: 0.95, 7: 0.5}, dict.fromkeys(range(3), CURVE))
    assert worth.labels is None
    assert set(worth.per_seed) == {0, 1, 2}  # seed 7 has no gold curve
    for said in ("fewer than 100 gold labels in 1", "100 to 400 in 1", "more than 400 in 1 of 3 seeds"):
        assert said in str(worth)


def test_worth_is_taken_from_rows_as_well():
    rows = [
        label_mix({**TRIAL, "labels": "gold", "count": n, "exact": y}) for n, y in ((100, 0.6), (400, 0.8))
    ]
    assert worth_in_gold([label_mix(TRIAL)], gold_curve(rows)).labels == pytest.approx(200)
    with pytest.raises(UsageError, match="a curve needs two sizes"):
        gold_curve(rows[:1])
    with pytest.raises(CourseError, match="none in common"):
        worth_in_gold({5: 0.7}, gold_curve(rows))


WEAK = LabelPrice({"computer": 0.002}, {"gold pairs": 600.0, "training": 1.0})


def test_at_the_break_even_price_both_ways_cost_the_same():
    gold, labels, teacher = 350, 1000, 300
    price = break_even_price(gold, labels, WEAK, teacher).price
    assert price == pytest.approx((1000 * 0.002 + 1.0) / 50)
    assert labels * WEAK.marginal + WEAK.training + teacher * price == pytest.approx(gold * price)


def test_a_teacher_that_took_as_much_gold_as_its_labels_replace_pays_at_no_price():
    for gold in (200, 300):
        found = break_even_price(gold, 1000, WEAK, teacher_gold=300)
        assert found.price is None
        assert "at no price" in found.meaning
    assert break_even_price(200, 1000, WEAK).price == pytest.approx(0.01)  # the teacher was already there


def test_the_interval_of_the_worth_becomes_one_of_the_price_turned_around():
    curves = {s: Series((10, 100_000), (0.0, 1.0)) for s in range(3)}
    worth = worth_in_gold({0: 0.45, 1: 0.50, 2: 0.55}, curves)
    found = break_even_price(worth, 1000, WEAK)
    assert found.price == pytest.approx(2 / 1000)
    assert found.ci95 == pytest.approx((2 / worth.ci95[1], 2 / worth.ci95[0]))
    assert found.ci95[0] < found.price < found.ci95[1]
    partly = break_even_price(worth, 1000, WEAK, teacher_gold=500)  # 500 lies inside the interval
    assert partly.ci95[0] is not None
    assert partly.ci95[1] is None


def test_a_curve_needs_rows_and_a_place_on_the_logarithm_for_each():
    with pytest.raises(UsageError, match="There are no rows to compare; give at least one"):
        gold_curve([])
    with pytest.raises(UsageError, match=r"The column 'gold_labels' holds 0; .* needs more than 0"):
        gold_curve([{"seed": 0, "gold_labels": 0, "exact": 0.5}])


def test_without_a_worth_there_is_no_break_even_price():
    worth = worth_in_gold({0: 0.4}, {0: CURVE})
    with pytest.raises(UsageError, match="for a bound of the price"):
        break_even_price(worth, 1000, WEAK)
    with pytest.raises(UsageError, match="must be above 0"):
        break_even_price(0, 1000, WEAK)


def test_in_the_recorded_runs_weak_labels_are_worth_less_than_the_teachers_own_gold():
    runs = recorded_runs()
    rows = [row for run in runs for row in run_mixes(run)]
    students = [row for row in rows if row["arm"] == "weak_to_strong"]
    worth = worth_in_gold(students, gold_curve([row for row in rows if row["weak_labels"] == 0]))
    assert {equivalent.place for equivalent in worth.per_seed.values()} == {"fewer"}
    points = frontier_points(rows, label_cost(prices_of_run(runs[0])))
    assert {p.point.weak: p.status for p in pareto_frontier(points)}[1000] == "clearly dominated"


# --- plots


@pytest.fixture
def ax():
    return Figure((plots.WIDTH, 4.5), layout="constrained").subplots()


def texts(ax):
    return "\n".join(text.get_text() for text in [*ax.texts, ax._left_title])


def test_the_frontier_is_filled_and_named_and_the_rest_is_hollow(ax):
    points = [
        Point(0, 1000, 0.7, (0.66, 0.74), 0.0),
        Point(50, 0, 0.6, (0.5, 0.65), 100),
        Point(300, 0, 0.9, None, 600),
    ]
    plot = drawn.pareto(pareto_frontier(points), ax)
    faces = [one.get_markerfacecolor() for one in ax.lines if one.get_marker() == "o"]
    assert faces == [drawn.WITH_WEAK, drawn.PAPER, drawn.GOLD_ONLY]
    assert "1,000 weak" in texts(ax)
    assert "300 gold" in texts(ax)
    assert "On the frontier: 1 with weak labels, 1\nwithout" in texts(ax)
    assert "50 gold + 0 weak: 60.0% for $100.00, clearly dominated by 1,000 weak" in plot.alt
    ax.figure.draw_without_rendering()


def test_nothing_recorded_is_drawn_as_nothing(ax):
    assert "No mix was recorded" in drawn.pareto([], ax).alt
    ax.figure.draw_without_rendering()


def test_students_on_weak_labels_stand_on_the_gold_curve_or_hollow_at_its_end(ax):
    curves, weak = {0: CURVE, 1: CURVE}, {0: 0.6, 1: 0.4}
    plot = drawn.gold_equivalent(worth_in_gold(weak, curves), weak, curves, ax)
    dots = [one for one in ax.lines if one.get_markersize() == 8]
    assert [one.get_xdata()[0] for one in dots] == [200, 100]
    assert [one.get_markerfacecolor() for one in dots] == [drawn.WITH_WEAK, drawn.PAPER]
    assert "fewer than 100 gold labels in 1" in plot.alt
    ax.figure.draw_without_rendering()


@pytest.mark.parametrize("bought", [True, False])
@pytest.mark.parametrize("recorded", ["runs", "sweep"])
def test_no_name_on_the_frontier_lies_over_an_interval_or_another_name(recorded, bought, ax):
    from w2s_course.learn.frontier import explore

    placed = explore(recorded=recorded, teacher_is_bought=bought).placed
    drawn.pareto(placed, ax)
    ax.figure.draw_without_rendering()
    names = [text.get_window_extent() for text in ax.texts]
    assert len(names) == sum(place.status == "frontier" for place in placed)
    for n, name in enumerate(names):
        assert not any(name.overlaps(other) for other in names[:n])
        assert ax.bbox.x0 <= name.x0
        assert name.x1 <= ax.bbox.x1
    for place in placed:
        cost = max(place.point.cost, ax.get_xlim()[0])
        low, high = place.point.ci95 or (place.point.accuracy, place.point.accuracy)
        for height in np.linspace(low, high, 50):
            x, y = ax.transData.transform((cost, height))
            assert not [text for text, name in zip(ax.texts, names, strict=True) if name.contains(x, y)]
