"""Claims about the page of evidence: it says what the tables say, whichever way they point."""

from __future__ import annotations

import re
from pathlib import Path
from statistics import fmean

import pytest

from w2s_course.evidence.claims import CLAIMS
from w2s_course.evidence.gains import gain
from w2s_course.evidence.measured import difference, effect, mean_of, measured, noise, settings_in
from w2s_course.evidence.page import MISSING, PAGE, evidence, refresh_page
from w2s_course.evidence.real_code import real_code_section
from w2s_course.evidence.remedies import AS_FEW, NOTES
from w2s_course.recorded import recorded_sweeps
from w2s_course.sweep.grid import read_grid
from w2s_course.sweep.table import SweepTable
from w2s_course.trials.row import described

ROOT = Path(__file__).resolve().parents[2]
HARDWARE = {"device": "cpu", "processor": "AVX512", "threads": 1, "torch": "2.13.0", "transformers": "5.23.0"}


def imagined(name: str = "evidence", **shifts: float) -> SweepTable:
    """The table of a shipped grid with imagined figures, as one would expect; shifts: added by method."""
    rows = []
    for trial in read_grid(name).trials:
        wobble, gold = 0.001 * trial.seed, trial.labels == "gold"
        systematic = bool(trial.plan) and trial.plan["kind"] == "systematic"
        row = {**described(trial), **HARDWARE, "teacher_exact": 0.5 + wobble, "learned_right": 0.67}
        row |= {
            "exact": (0.9 if gold else 0.7) + trial.count / 1e5 * (1 + gold) + trial.config.sizes.gold / 1e4
        }
        row["exact"] += 2 * wobble + shifts.get(trial.method, 0.0)
        row |= {"gain": row["exact"] - row["teacher_exact"] if trial.student == "strong" else wobble}
        row |= {
            "passed_on": (0.9 if systematic else 0.2) + wobble,
            "planted_repeated": 0.95 if systematic else 0.0,
        }
        row |= {
            "planted_touched": 0.1 + wobble,
            "planted_elsewhere": 0.95,
            "error_agreement": 0.3,
            "misfit": 0.4,
        }
        row |= {"corrected": 0.6 + wobble, "inherited": 0.25, "invented": 0.05}
        row |= {"stop_worth": wobble, "stop_by_weak": 100, "stop_by_gold": 60, "stop_lost": 0.02}
        row |= {"cascade_exact": row["exact"], "cascade_small_share": 0.3, "cascade_cost_share": 0.7}
        fall = 0.1 if trial.method == "generations_replace" else 0.05
        for g in range(4):
            row |= {
                f"generation_{g}_exact": 0.5 - fall * g + wobble * g,
                f"generation_{g}_tail": 0.4 - fall * g,
            }
        rows.append(row)
    return SweepTable(name, "imagined", f"w2s sweep {name}", "2026-01-01", len(rows), {}, rows)


def verdict(table: SweepTable, key: str) -> str:
    (setting,) = settings_in(table.name, table.rows)
    (claim,) = (claim for claim in CLAIMS if claim.key == key)
    return claim.find(setting).verdict


@pytest.fixture
def recorded_on_real_code(monkeypatch):
    monkeypatch.setattr("w2s_course.evidence.real_code.recorded_real_code", lambda: real_code_table(0.2))


def test_the_shipped_grid_has_the_rows_of_every_claim(recorded_on_real_code):
    found = evidence([imagined()])
    assert found.missing == ()
    assert MISSING not in found.text


def test_a_claim_without_rows_says_that_it_is_not_recorded(recorded_on_real_code):
    found = evidence([])
    assert found.missing == tuple(claim.key for claim in CLAIMS)
    assert found.text.count(MISSING) == len(CLAIMS) + 1
    assert "inheritance" not in evidence([imagined("quick")]).missing
    assert "remedies" in evidence([imagined("quick")]).missing


def test_a_remedy_helped_or_hurt_only_where_the_whole_interval_says_so():
    assert verdict(imagined(select=0.05), "remedies").startswith("No effect shown:")
    assert "Helped: select (share 0.5)." in verdict(imagined(select=0.05), "remedies")
    assert "Hurt: select (share 0.5)." in verdict(imagined(select=-0.05), "remedies")
    assert effect(measured({0: 0.1, 1: -0.02, 2: 0.01})) == "no effect shown"
    assert effect(measured({0: 0.5})) == "one seed: nothing can be said"
    assert effect(None) == "not recorded yet"


def test_a_result_against_expectation_is_told_as_one():
    table = imagined()
    turned = [{**r, "gain": -0.1 - 0.01 * r["seed"], "passed_on": -r["passed_on"]} for r in table.rows]
    against = SweepTable(**{**vars(table), "rows": turned})
    assert verdict(against, "gain") == "Against expectation: the student is worse than its teacher."
    assert verdict(against, "inheritance").startswith("Against expectation")
    assert verdict(table, "gain") == "The student is better than its teacher."


def test_how_often_more_errors_are_passed_on_counts_all_errors_of_the_student_and_says_so():
    (table,) = recorded_sweeps()
    (setting,) = settings_in(table.name, table.rows)
    rules = {r["planted_rules"] for r in setting.where(labels="gold", plan="matched")}
    rule, chance = (
        fmean(1 - r["exact"] for r in setting.where(labels="gold", plan=plan) if r["planted_rules"] in rules)
        for plan in ("systematic", "matched")
    )
    many = f"{rule / chance:.1f} times as many errors of any kind."
    assert verdict(table, "inheritance").endswith(f" After systematic ones the student has {many}")


def test_one_seed_concludes_nothing():
    table = imagined()
    single = SweepTable(**{**vars(table), "rows": [r for r in table.rows if r["seed"] == 0]})
    assert verdict(single, "gain") == "A single seed has no interval: nothing is concluded."
    assert "one seed" in verdict(single, "remedies").lower()


def test_a_note_on_a_remedy_stands_only_beside_the_line_that_it_is_about():
    def said(rows: list) -> str:
        return verdict(SweepTable(**{**vars(imagined()), "rows": rows}), "remedies")

    def is_filter(row: dict) -> bool:
        return row["method"] == "filter_agreement"

    rows = [{**r, "learned": 200 if is_filter(r) else r["count"]} for r in imagined().rows]
    assert NOTES["filter_agreement"] in said(rows)
    assert AS_FEW in said(rows)
    none_as_few = [r for r in rows if r["count"] == rows[0]["count"]]
    assert NOTES["filter_agreement"] in said(none_as_few)
    assert AS_FEW not in said(none_as_few)
    unpaired = [{**r, "seed": r["seed"] + 100 * is_filter(r)} for r in rows]
    assert NOTES["filter_agreement"] not in said(unpaired)


def test_differences_are_paired_by_seed():
    one = [{"seed": s, "exact": 0.5 + 0.1 * s} for s in (0, 1, 2)]
    other = [{"seed": s, "exact": 0.4 + 0.1 * s} for s in (0, 1, 3)]
    found = difference(one, other, "exact")
    assert sorted(found.by_seed) == [0, 1]
    assert found.mean == pytest.approx(0.1)
    assert difference(one, [], "exact") is None


def test_distillation_is_compared_with_the_same_labels_without_it():
    lifted = verdict(imagined(kd=0.2, kd_decaying=0.2), "remedies")
    assert "Helped" not in lifted, "the reference was lifted as much"
    assert "Helped: kd decaying (weight 1)." in verdict(imagined(kd_decaying=0.2), "remedies")


def test_half_a_sweep_is_half_a_page():
    table = imagined()
    half = SweepTable(**{**vars(table), "rows": table.rows[:20]})
    found = evidence([half])
    assert "gain" not in found.missing
    assert "strength" in found.missing
    assert f"20 of {table.trials}" in found.text


def test_the_committed_page_says_what_is_recorded():
    assert refresh_page(ROOT / PAGE, only_check=True), "run `w2s evidence`"


def test_the_check_sees_a_changed_figure(tmp_path):
    page = tmp_path / "evidence.md"
    assert not refresh_page(page, only_check=True)
    assert not page.exists()
    refresh_page(page)
    assert refresh_page(page, only_check=True)
    page.write_text(page.read_text().replace("%", "% ", 1))
    assert not refresh_page(page, only_check=True)


def test_every_shipped_table_names_its_command_and_hardware():
    for table in recorded_sweeps():
        assert table.command.startswith("w2s sweep ")
        assert table.made
        assert all(row["device"] and row["torch"] and row["precision"] for row in table.rows)


def real_code_table(gain: float) -> dict:
    """Four seeds in which the student is `gain` better than its teacher, give or take a hundredth."""
    level = {"weak": 0.4, "strong_untrained": 0.5, "strong_on_gold": 0.5, "weak_to_strong": 0.4 + gain}
    level["ceiling"] = 0.8
    rows = [
        {"arm": arm, "seed": seed, "accuracy": value + 0.001 * seed * (arm == "weak_to_strong"), "n": 120}
        for arm, value in level.items()
        for seed in range(4)
    ]
    machine = {"threads": 1, "processor": "AVX512", "torch": "2.13.0"}
    packages = {"toolz": "1.2.0"}
    return {"command": "w2s real-code", "environment": machine, "packages": packages, "rows": rows}


def test_real_code_says_better_worse_or_not_shown_as_the_intervals_do():
    better, worse = (real_code_section(real_code_table(gain)) for gain in (0.2, -0.2))
    assert "The student is better than its teacher" in better
    assert "The student is better than the strong model before any training" in better
    assert "The student is worse than its teacher" in worse
    assert "The student is not shown to differ from its teacher" in real_code_section(real_code_table(0.0))


def test_real_code_that_was_not_recorded_has_no_section(monkeypatch):
    monkeypatch.setattr("w2s_course.evidence.real_code.recorded_real_code", lambda: None)
    assert real_code_section() is None


def test_three_seeds_that_agree_by_chance_are_no_certainty():
    plain = [{"seed": seed, "exact": exact, "test": 200} for seed, exact in enumerate([0.7, 0.72, 0.685])]
    worse = [{**row, "exact": row["exact"] - 0.025} for row in plain]
    found = difference(worse, plain, "exact")
    low, high = found.ci95
    assert low < -0.05  # five snippets more or fewer are within what other snippets would give
    assert high > 0
    assert effect(found) == "no effect shown"


def test_a_difference_that_every_seed_shows_clearly_stays_one():
    plain = [{"seed": seed, "exact": 0.5, "test": 200} for seed in range(3)]
    better = [{**row, "exact": 0.75} for row in plain]
    assert effect(difference(better, plain, "exact")) == "helped"


@pytest.mark.parametrize("name", ["exact", "gain", "cascade_exact"])
def test_every_difference_of_accuracies_has_that_spread_whatever_its_column_is_called(name):
    plain = [{"seed": seed, name: 0.6, "test": 200} for seed in range(3)]
    worse = [{**row, name: 0.595} for row in plain]
    assert effect(difference(worse, plain, name)) == "no effect shown"
    other = [{"seed": seed, "other": 0.6, "test": 200} for seed in range(3)]
    assert effect(difference(worse, other, name, "other")) == "no effect shown"


def test_three_gains_that_agree_by_chance_are_no_certainty():
    rows = [{"seed": seed, "gain": 0.02, "test": 200} for seed in range(3)]
    low, high = mean_of(rows, "gain").ci95
    assert low < 0 < high


def test_the_control_is_compared_on_the_labels_of_the_student():
    table = imagined()
    before = verdict(table, "pretraining")
    control = [row for row in table.rows if row["student"] == "control"]
    table.rows.extend({**row, "labels": "gold", "gain": 0.9} for row in control)
    assert verdict(table, "pretraining") == before


@pytest.mark.parametrize("first", ["old", "new"])
def test_rows_from_before_a_column_and_after_it_belong_together(first):
    """As in a table that was grown by --keep, where a column that a row lacks is empty."""
    old, new = ([{**row, "with_view": view} for row in imagined().rows] for view in (None, False))
    old, new = ([row for row in rows if row["seed"] == seed] for rows, seed in ((old, 0), (new, 1)))
    (setting,) = settings_in("grown", [*old, *new] if first == "old" else [*new, *old])
    assert sorted(row["seed"] for row in setting.where()) == [0, 1]


def test_programs_with_a_fourth_slot_are_a_setting_of_their_own():
    table = imagined()
    harder = [{**row, "with_view": True} for row in table.rows]
    older = [{name: value for name, value in row.items() if name != "with_view"} for row in table.rows]
    found = settings_in("both", [*older, *harder])
    assert [setting.title.endswith("with the fourth slot") for setting in found] == [False, True]
    assert [len(setting.where()) for setting in found] == [3, 3]


def test_a_share_that_all_seeds_agree_on_is_no_surer_than_its_snippets():
    rows = [{"seed": s, "planted_repeated": 1.0} for s in (0, 1, 2)]
    ends = {"planted_repeated_low": 0.944198, "planted_repeated_high": 1.0}  # 65 of 65, Wilson
    found = mean_of([{**row, **ends} for row in rows], "planted_repeated")
    assert found.ci95[0] == pytest.approx(0.984, abs=5e-4)  # 195 of 195, Wilson: 98.1%
    assert mean_of(rows, "planted_repeated").ci95 == (1, 1)  # nothing is known of its snippets


def test_an_accuracy_without_ends_of_its_own_varies_like_a_share():
    rows = [{"seed": s, "teacher_exact": 0.5, "test": 200} for s in (0, 1, 2)]
    assert noise(rows, "teacher_exact") == pytest.approx((0.25 / 200) ** 0.5)
    low, high = mean_of(rows, "teacher_exact").ci95
    assert (high - low) / 2 == pytest.approx(1.96 * (0.25 / 600) ** 0.5, rel=1e-4)


def test_seeds_that_differ_more_than_their_snippets_have_the_interval_of_the_seeds():
    ends = [
        {"seed": s, "exact": e, "exact_low": e - 0.01, "exact_high": e + 0.01}
        for s, e in ((0, 0.4), (1, 0.6))
    ]
    assert mean_of(ends, "exact") == measured({0: 0.4, 1: 0.6})


def test_pgr_is_no_surer_than_the_gain_in_it():
    teachers, gained = (0.5, 0.52, 0.48), (0.2, 0.202, 0.198)
    ends = {"gain_low": 0.11, "gain_high": 0.29, "test": 200, "pool": 1000, "gold": 300}
    common = {
        "strong_model": "s",
        "weak_model": "w",
        "precision": "float32",
        "count": 1000,
        "student": "strong",
    }
    rows = [
        {
            **common,
            **ends,
            "labels": labels,
            "method": "plain",
            "seed": s,
            "teacher_exact": t,
            "exact": t + g,
            "gain": g,
        }
        for labels, more in (("weak", 1.0), ("gold", 2.5))
        for s, (t, g) in enumerate(zip(teachers, (more * g for g in gained), strict=True))
    ]
    lines = dict(gain(settings_in("made up", rows)[0]).lines)
    value, low, high = map(float, re.findall(r"-?\d\.\d+", lines["PGR, unclamped"]))
    assert value == 0.4
    assert low <= 0.4 - 1.96 * 0.045 / 3**0.5 / 0.5  # the seeds agree; each gain is known to 9 points
    assert high - value == pytest.approx(value - low)


def test_untrained_real_code_arms_do_not_differ_by_three_points_beyond_doubt():
    rows = [{"seed": s, "accuracy": 0.486 + 0.001 * s, "test": 121} for s in (0, 1, 2)]
    more = [{**row, "accuracy": row["accuracy"] + 0.033} for row in rows]
    assert not difference(more, rows, "accuracy").above
