"""Claims about the frontier explorer and the price panel: what they show follows from rows and prices."""

from __future__ import annotations

from statistics import fmean

import pytest

from w2s_course.costs import ASSUMPTIONS
from w2s_course.errors import UsageError
from w2s_course.evidence.measured import Setting
from w2s_course.learn.friendly import Friendly
from w2s_course.learn.frontier import frontier_explorer
from w2s_course.learn.mixes import explore
from w2s_course.learn.prices import label_prices, price_panel, price_sheet
from w2s_course.learn.recordings import (
    Recording,
    _of_setting,
    _worth_of,
    recorded_worth,
    recording,
    recordings,
)
from w2s_course.recorded import recorded_runs

RUN = recorded_runs("cpu")[0]


def by_mix(found):
    return {(row["gold"], row["weak"]): row for row in found.rows}


def parts(widget) -> dict[str, object]:
    return {child.description: child for child in widget.children}


def test_the_teachers_gold_is_the_whole_difference_between_the_two_bills():
    bought, there = (by_mix(explore(recorded="runs", teacher_is_bought=b)) for b in (True, False))
    weak, gold = (0, 1000), (300, 0)
    assert bought[weak]["cost"] - there[weak]["cost"] == pytest.approx(600, abs=0.1)
    assert bought[gold] == there[gold] | {"place": bought[gold]["place"]}
    assert bought[weak]["accuracy"] == there[weak]["accuracy"]


def test_a_dearer_expert_makes_gold_dearer_and_leaves_quality_as_it_is():
    usual, dear = by_mix(explore(recorded="runs")), by_mix(explore(recorded="runs", expert_hour=120))
    assert dear[1000, 0]["cost"] == pytest.approx(2 * usual[1000, 0]["cost"])
    assert dear[1000, 0]["accuracy"] == usual[1000, 0]["accuracy"]


def test_the_best_within_a_budget_costs_no_more():
    assert explore(recorded="runs", budget=1).best is None
    assert "costs at most $1.00" in str(explore(recorded="runs", budget=1))
    found = explore(recorded="runs", budget=1, teacher_is_bought=False)
    assert (found.best.gold, found.best.weak) == (0, 1000)
    assert str(found).count("; over budget") == 2


def test_a_mix_that_was_not_recorded_is_refused_with_those_that_were():
    with pytest.raises(
        Friendly, match=r"nothing is interpolated. Recorded: 1,000 weak, 300 gold, 1,000 gold"
    ):
        explore(labels=77, recorded="runs")
    with pytest.raises(Friendly, match="Did you mean 'expert_hour'"):
        explore(expert_houre=3)
    with pytest.raises(Friendly, match="Unknown recording 'run'"):
        explore(recorded="run")


def test_filters_keep_only_what_was_asked_for():
    assert list(by_mix(explore(labels=1000, recorded="runs"))) == [(0, 1000), (1000, 0)]
    assert list(by_mix(explore(gold_share=1, recorded="runs"))) == [(300, 0), (1000, 0)]


def test_every_recording_can_be_explored_and_is_never_mixed_with_another():
    for name, one in recordings().items():
        assert isinstance(one, Recording)
        assert len(explore(recorded=name).rows) == len(one.mixes)
    assert len(recording().mixes) == max(len(one.mixes) for one in recordings().values())


def test_the_worth_in_gold_is_found_or_bounded_for_every_seed():
    found = recorded_worth(1000)
    assert set(found.worth.per_seed) == set(found.weak)
    assert all(curve.y == curve.rising().y for curve in found.curves.values())
    with pytest.raises(Friendly, match="77 weak labels are worth in gold was not recorded"):
        recorded_worth(77)


def test_the_picture_has_words(headless):
    image = frontier_explorer("runs").html().partition(" style=")[0]
    gold = fmean(run["arms"]["strong_on_gold"]["exact"]["value"] for run in recorded_runs())
    assert image.startswith('<img src="data:image/png;base64,iVBORw0')
    assert f"300 gold + 0 weak: {gold:.1%} for" in image.partition(' alt="')[2]


def test_without_a_browser_the_explorer_prints_what_explore_prints(headless, capsys):
    frontier_explorer("runs", budget=700, expert_hour=80)
    assert capsys.readouterr().out.strip() == str(explore(recorded="runs", budget=700, expert_hour=80))


def test_fields_change_prices_budget_and_who_pays_for_the_teacher(headless):
    explorer = frontier_explorer("runs")
    found = parts(explorer.widget())
    shown = found[""]
    assert 'alt="Accuracy against the price of labels' in shown.value
    found["expert hour, US dollars an hour"].value = 30
    assert "A human label costs $1.00" in shown.value
    found["The weak model's own gold is"].value = False
    assert "not on the bill" in shown.value
    found["Budget, US dollars (0: none)"].value = 5
    assert "Best within $5.00: 1,000 weak" in shown.value
    found["Labels in all"].value = 300
    found["Gold among them"].value = 0
    assert "was not recorded" in shown.value
    found["Gold among them"].value = found["Labels in all"].value = "any"
    assert "was not recorded" not in shown.value
    found["Budget, US dollars (0: none)"].value = 0
    assert "Best within" not in shown.value
    with pytest.raises(UsageError, match="Unknown setting of the explorer 'budgett'"):
        explorer.change(budgett=3)


def test_no_choice_stands_empty(headless):
    for settings in ({}, {"labels": 1000, "gold_share": 1.0}):
        found = parts(frontier_explorer("runs", **settings).widget())
        chosen = [found[name].label for name in ("Labels in all", "Gold among them")]
        assert chosen == (["1,000", "100%"] if settings else ["any number", "any share"])


def test_a_price_that_is_not_changed_keeps_its_source(headless):
    said = price_sheet(RUN, expert_hour=60, expert_minutes=3)
    assert f"expert_hour = 60 US dollars an hour ({ASSUMPTIONS['expert_hour'].source})" in said
    assert "expert_minutes = 3 minutes an explanation (yours)" in said
    assert "One human explanation costs $3.00." in said


def test_the_price_panel_and_its_function_say_the_same(headless, capsys):
    panel = price_panel(RUN, expert_hour=90)
    assert capsys.readouterr().out.strip() == price_sheet(RUN, expert_hour=90)
    found = parts(panel.widget())
    found["expert hour, US dollars an hour"].value = 30
    assert "One human explanation costs $1.00" in found[""].value
    assert label_prices(RUN, expert_hour=30)["human"].marginal == 1.0


def row(seed, labels, count, exact, method="plain", **more):
    """A row of a sweep, as far as the explorer reads it."""
    return {
        "seed": seed, "labels": labels, "count": count, "exact": exact, "method": method, "pool": 1000,
        "gold": 300, "test": 200, "plan": None, "student": "strong", "flops_training": 1.0,
        "flops_preparing": 1.0, **more,
    }  # fmt: skip


def test_of_a_sweep_it_takes_the_plain_students_and_the_mixes_and_nothing_planted():
    rows = [row(seed, labels, n, 0.6) for seed in (0, 1) for labels in ("weak", "gold") for n in (1000, 100)]
    rows += [row(0, "weak", 1000, 0.7, "gold_fraction", share=0.1), row(0, "weak", 1000, 0.9, "confidence")]
    rows += [row(0, "gold", 1000, 0.1, plan="systematic"), row(0, "weak", 1000, 0.2, gold=500)]
    found = _of_setting(Setting("evidence", "evidence: tiny", tuple(rows)))
    assert found.mixes == [(0, 100), (0, 1000), (100, 0), (100, 900), (1000, 0)]
    assert sorted({r["exact"] for r in found.rows}) == [0.6, 0.7]


def test_a_student_between_two_sizes_of_gold_is_worth_a_number():
    rows = [row(s, "weak", 1000, 0.7) for s in (0, 1)]
    rows += [row(s, "gold", n, y) for s in (0, 1) for n, y in ((100, 0.5), (400, 0.9))]
    found = _worth_of(_of_setting(Setting("evidence", "evidence: tiny", tuple(rows))), 1000)
    assert found.worth.labels == pytest.approx(200)
    assert found.teacher_gold == 300


def test_without_two_sizes_of_gold_there_is_no_curve_to_read():
    rows = (row(0, "weak", 1000, 0.7), row(0, "gold", 1000, 0.9))
    assert _worth_of(_of_setting(Setting("evidence", "evidence: tiny", rows)), 1000) is None


def test_a_seed_with_a_coarser_gold_curve_is_left_out():
    rows = [row(s, "weak", 1000, 0.7) for s in (0, 1)]
    rows += [row(0, "gold", n, y) for n, y in ((100, 0.5), (400, 0.9), (1000, 0.95))]
    rows += [row(1, "gold", n, y) for n, y in ((100, 0.5), (1000, 0.95))]
    found = _worth_of(_of_setting(Setting("evidence", "evidence: tiny", tuple(rows))), 1000)
    assert set(found.weak) == set(found.curves) == {0}
