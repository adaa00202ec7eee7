"""Claims about assumptions, prices and the command, against sums done by hand."""

from __future__ import annotations

import copy
import json
import os
import sys

import pytest

from w2s_course import cli
from w2s_course.costs import (
    ASSUMPTIONS,
    LabelPrice,
    StageCost,
    assume,
    parse_assumptions,
    plan_cost,
    price_of_1000_labels,
    prices_of_run,
    read_assumptions,
    recorded_assumptions,
)
from w2s_course.costs.tables import price_table, stage_table
from w2s_course.errors import CourseError, UsageError
from w2s_course.recorded import recorded_runs


def priced(sample_results):
    """The sample with sizes that make round sums."""
    results = copy.deepcopy(sample_results)
    results["config"]["sizes"] |= {"gold": 500, "pool": 1000, "shots": 8}
    return results


# --- assumptions


def test_an_unknown_assumption_is_refused_with_the_nearest():
    with pytest.raises(UsageError, match=r"Unknown assumption 'expert_hours'. Did you mean 'expert_hour'"):
        assume({"expert_hours": 80})


def test_a_price_may_come_with_its_unit_and_source_but_with_nothing_else():
    own = assume({"hosted_input": {"value": 3, "source": "a price list"}})["hosted_input"]
    assert (own.value, own.unit, own.source) == (3.0, ASSUMPTIONS["hosted_input"].unit, "a price list")
    with pytest.raises(UsageError, match=r"Unknown field of the assumption hosted_input 'sauce'"):
        assume({"hosted_input": {"value": 3, "sauce": "a price list"}})


@pytest.mark.parametrize("value", ["much", None, {"source": "no value"}, -1, float("inf"), float("nan")])
def test_what_is_no_number_from_zero_up_is_no_price(value):
    with pytest.raises(UsageError, match=r"needs a number of US dollars an hour, such as 60|makes no sense"):
        assume({"expert_hour": value})


def test_assuming_leaves_the_table_of_the_course_as_it_was():
    before = dict(ASSUMPTIONS)
    assume({"expert_hour": 80})
    assert before == ASSUMPTIONS


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("own.toml", "expert_hour = 80\nexpert_minutes = { value = 3, source = 'a stopwatch' }"),
        ("own.json", '{"expert_hour": 80, "expert_minutes": {"value": 3, "source": "a stopwatch"}}'),
    ],
)
def test_assumptions_are_read_from_toml_and_json(tmp_path, name, text):
    for encoding in ("utf-8", "utf-8-sig"):  # the second as some editors on Windows save a text
        (tmp_path / name).write_text(text, encoding)
        found = read_assumptions(tmp_path / name)
        assert (found["expert_hour"].value, found["expert_hour"].source) == (80, name)
        assert (found["expert_minutes"].value, found["expert_minutes"].source) == (3, "a stopwatch")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("own.toml", "expert_hour 80", "is not TOML"),
        ("own.json", "expert_hour = 80", "is not JSON"),
        ("own.json", "[80]", "holds a list; it must map names to numbers"),
        ("none.toml", None, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path, name, text, said):
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(CourseError, match=said):
        read_assumptions(tmp_path / name)


@pytest.mark.parametrize("setting", ["expert_hour", "expert_hour=much", "80"])
def test_a_setting_without_a_number_says_how_to_give_one(setting):
    with pytest.raises(UsageError, match=r"Give name=number, such as expert_hour=80"):
        parse_assumptions([setting])


# --- prices


def test_no_label_is_so_cheap_that_rounding_makes_it_free():
    cheap = price_of_1000_labels(StageCost(seconds=1e-9), 10_000_000, read=1e-6, written=0)
    assert cheap["weak"] == pytest.approx(1e-9 / 3600 * 0.10 / 1e7 * 1000, rel=1e-9, abs=0)
    assert cheap["strong"] == pytest.approx(2.5e-9, rel=1e-9, abs=0)


def test_a_labels_price_is_taken_apart_into_margin_and_making(sample_results):
    prices = prices_of_run(priced(sample_results))
    weak = prices["weak"]
    assert weak.marginal == pytest.approx(4.1 / 3600 * 0.10 / 1000, rel=1e-9)
    assert weak.once == pytest.approx({"gold pairs": 500 * 2.0, "training": 61 / 3600 * 0.10})
    assert weak.per_1000(labels=1000) == pytest.approx(1000 + 65.1 / 3600 * 0.10)
    assert prices["human"].per_1000(labels=7) == prices["human"].per_1000() == 2000
    assert prices["strong_hosted"].each == pytest.approx({"tokens read": 0.00125, "tokens written": 0.0002})
    assert prices["strong_hosted"].making == 16
    asked = sample_results["arms"]["strong_prompted"]["exact"]["n"]
    assert prices["strong_own"].marginal == pytest.approx(52 / 3600 * 0.10 / asked)


def test_prices_at_the_margin_are_those_that_the_run_wrote_down():
    for run in recorded_runs():
        prices, written = prices_of_run(run), run["cost"]["per_1000_labels"]
        for source, key in (("weak", "weak"), ("strong_hosted", "strong"), ("human", "human")):
            assert prices[source].per_1000() == pytest.approx(written[key], rel=1e-6)


def test_the_gold_in_the_weak_model_follows_the_price_of_people(sample_results):
    results = priced(sample_results)
    dear = prices_of_run(results, assume({"expert_hour": 120}))
    assert dear["weak"].once["gold pairs"] == 2 * prices_of_run(results)["weak"].once["gold pairs"]
    assert dear["weak"].marginal == prices_of_run(results)["weak"].marginal


def test_a_run_of_before_an_assumption_is_priced_by_that_of_today(sample_results):
    del sample_results["cost"]["assumptions"]["expert_minutes"]
    sample_results["cost"]["assumptions"]["expert_hour"]["value"] = 30.0
    prices = recorded_assumptions(sample_results)
    assert prices["expert_minutes"] == ASSUMPTIONS["expert_minutes"]
    assert prices["expert_hour"].value == 30.0
    assert "human" in prices_of_run(sample_results)


def test_making_is_not_spread_over_no_labels():
    with pytest.raises(UsageError, match=r"spread over 0 labels"):
        LabelPrice({"computer": 1.0}).per_1000(labels=0)


def test_a_plan_without_weak_labels_does_not_pay_for_the_teacher():
    weak = LabelPrice({"computer": 0.001}, {"gold pairs": 600.0, "training": 0.5})
    prices = {"human": LabelPrice({"minutes": 2.0}), "weak": weak}
    assert plan_cost(prices, gold=10, weak=0) == 20
    assert plan_cost(prices, gold=0, weak=1000) == 601.5
    assert plan_cost(prices, gold=0, weak=1000, teacher_gold=50) == 101.5
    assert plan_cost(prices, gold=0, weak=1000, teacher_gold=0) == 1


# --- tables and the command


def test_the_stages_of_the_table_add_up(sample_results):
    rows = stage_table(sample_results)
    assert len(rows) == len(sample_results["cost"]["stages"]) + 1
    stages = sample_results["cost"]["stages"].values()
    assert rows[-1].stage == "all stages"
    assert rows[-1].money == f"${sum(s['seconds'] for s in stages) / 3600 * 0.10:.3f}"


def test_the_table_of_prices_says_what_each_is_made_of(sample_results):
    weak, hosted, _, people = price_table(priced(sample_results), labels=1000)
    assert (weak.one_more, weak.made_of) == ("$0.00011", "computer $0.00011")
    assert (weak.before, weak.in_all) == ("gold pairs $1,000, training $0.0017", "$1,000")
    assert hosted.made_of == "tokens read $1.25, tokens written $0.20"
    assert (people.before, people.in_all) == ("nothing", "$2,000")


def call(monkeypatch, capsys, *arguments):
    """Status, stdout and stderr of `w2s costs` with these arguments."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(sys, "argv", ["w2s", "costs", *arguments])
    with pytest.raises(SystemExit) as exit_:
        cli.main()
    out, err = capsys.readouterr()
    return exit_.value.code, out, " ".join(err.split())


def test_the_command_prices_the_newest_run_under_own_assumptions(
    monkeypatch, capsys, sample_results, tmp_path
):
    monkeypatch.chdir(tmp_path)
    older, folder = tmp_path / "runs" / "older", tmp_path / "runs" / "mine" / "seed1"  # as of several seeds
    for one in (older, folder):
        one.mkdir(parents=True)
        (one / "results.json").write_text(json.dumps(priced(sample_results)))
    os.utime(older / "results.json", (1, 1))
    status, out, _ = call(monkeypatch, capsys, "--assume", "expert_hour=120")
    assert status == 0
    assert "runs/mine/seed1/results.json" in out
    assert "$4,000" in out
    assert "expert_hour = 120 US dollars an hour (the command line)" in out


def test_the_command_says_when_it_shows_a_recorded_run(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    status, out, _ = call(monkeypatch, capsys)
    assert status == 0
    assert "a recorded run of the cpu preset; none was found below runs/" in out


def test_the_command_puts_settings_over_a_file_and_prints_data(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.toml").write_text("expert_hour = 30\nexpert_minutes = 6")
    status, out, _ = call(
        monkeypatch, capsys, "--assumptions", "own.toml", "--assume", "expert_minutes=3", "--json"
    )
    assert status == 0
    assert json.loads(out)["prices"]["human"]["each"] == {"minutes of an expert": 1.5}


def test_the_command_refuses_unknown_prices_with_status_2(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    status, out, err = call(monkeypatch, capsys, "--assume", "expert_hourr=80")
    assert (status, out) == (2, "")
    assert "Did you mean 'expert_hour'?" in err
