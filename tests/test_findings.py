"""The words: computed from the results, no stronger than the intervals, silent about what is not known."""

import re
from io import StringIO

import pytest
from rich.console import Console

from w2s_course import findings

UNMEASURED = {"value": None, "ci95": None, "n": 0}


def numbers(text: str) -> list[str]:
    return re.findall(r"-?\d[\d,]*(?:\.\d+)?%?", text)


def test_every_number_in_the_verdict_comes_from_the_results(sample_results):
    arms, gain = sample_results["arms"], sample_results["gain"]
    shares = [arm["exact"]["value"] for arm in arms.values()]
    differences = [a - b for a in shares for b in shares] + [gain["value"], *gain["ci95"]]
    differences += [
        sign * end for lead in sample_results["leads"].values() for end in lead["ci95"] for sign in (1, -1)
    ]
    counts = [arms["weak"]["exact"]["n"], arms["strong_on_gold"]["labels"], sample_results["config"]["seed"]]
    known = {f"{100 * share:.1f}%" for share in shares} | {f"{100 * d:.1f}" for d in differences}
    known |= {f"{count:,}" for count in counts} | {"95%"}
    said = numbers(str(findings.verdict(sample_results)))
    assert len(said) > 10
    assert set(said) <= known


def test_the_verdict_follows_every_change_of_the_results(sample_results):
    sample_results["arms"]["weak"]["exact"]["value"] = 0.333
    sample_results["arms"]["weak_to_strong"]["exact"]["value"] = 0.444
    sample_results["gain"] = {"value": 0.111, "ci95": [0.055, 0.166], "n": 200}
    headline = findings.verdict(sample_results).headline
    assert "44.4% against 33.3%, a gain of 11.1 points (95% interval 5.5 to 16.6 points)" in headline


@pytest.mark.parametrize(
    ("ci95", "tone", "opening"),
    [
        ([0.01, 0.2], "gain", "Yes"),
        ([0.0, 0.2], "unclear", "Not shown"),
        ([-0.1, 0.2], "unclear", "Not shown"),
        ([-0.2, 0.0], "unclear", "Not shown"),
        ([-0.2, -0.01], "harm", "No"),
        (None, "unmeasured", "Not measured"),
    ],
)
def test_the_verdict_is_as_strong_as_the_interval_of_the_gain(ci95, tone, opening, sample_results):
    sample_results["gain"]["ci95"] = ci95
    found = findings.verdict(sample_results)
    assert found.tone == tone
    assert found.headline.startswith(opening + ":")


def test_whoever_has_the_gold_is_told_to_give_it_to_the_strong_model(sample_results):
    gold = findings.verdict(sample_results).gold
    assert "13.0 points more than on the weak labels" in gold
    assert "whoever has the gold should give it to the strong model" in gold
    assert "13.0 points more than on the weak labels (95% interval 7.0 to 19.5 points):" in gold
    assert "chance" not in gold


def test_a_lead_of_gold_within_the_intervals_is_called_possible_chance(sample_results):
    sample_results["arms"]["strong_on_gold"]["exact"] |= {"value": 0.70, "ci95": [0.64, 0.76]}
    sample_results["leads"]["strong_on_gold"] = {"value": -0.03, "ci95": [-0.08, 0.02], "n": 200}
    assert "(95% interval -2.0 to 8.0 points), which may be chance:" in findings.verdict(sample_results).gold


def test_gold_that_helps_less_than_weak_labels_brings_no_advice_to_use_it(sample_results):
    sample_results["arms"]["strong_on_gold"]["exact"] |= {"value": 0.40, "ci95": [0.33, 0.47]}
    gold = findings.verdict(sample_results).gold
    assert "27.0 points less" in gold
    assert "whoever" not in gold


def test_an_unmeasured_arm_is_not_argued_with(sample_results):
    for arm in ("strong_on_gold", "control", "strong_prompted"):
        sample_results["arms"][arm]["exact"] = UNMEASURED
    found = findings.verdict(sample_results)
    assert found.gold == ""
    assert len(found.reasons) == 1
    assert "one run" in found.reasons[0]


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ([0.001, 0.12], "do not explain"),  # although the arms' own intervals, 14 points wide, overlap
        ([0.0, 0.12], "6.0 points less (95% interval 0.0 to 12.0 points): that may be chance"),
        ([-0.01, 0.12], "shows no lead"),
        (None, "6.0 points less: that may be chance"),
    ],
)
def test_the_control_is_compared_on_the_same_snippets(ends, said, sample_results):
    value = sample_results["arms"]["weak_to_strong"]["exact"]["value"] - 0.06
    sample_results["arms"]["control"]["exact"] |= {"value": value, "ci95": [value - 0.07, value + 0.07]}
    sample_results["leads"]["control"] = {"value": 0.06, "ci95": ends, "n": 200}
    assert said in str(findings.verdict(sample_results))


def test_a_control_that_is_as_good_leaves_no_lead(sample_results):
    student = sample_results["arms"]["weak_to_strong"]["exact"]
    sample_results["arms"]["control"]["exact"] = student
    assert "this run shows no lead of the student over it" in str(findings.verdict(sample_results))


def test_results_without_paired_leads_need_intervals_that_lie_apart(sample_results):
    del sample_results["leads"]
    student = sample_results["arms"]["weak_to_strong"]["exact"]
    for arm, more, apart in (("control", -0.01, False), ("strong_on_gold", 0.01, True)):
        ends = [student["ci95"][1] + more, 1.0]
        sample_results["arms"][arm]["exact"] = {"value": ends[0], "ci95": ends, "n": 200}
        assert findings.beyond_chance(sample_results, arm) is apart
        sample_results["arms"][arm]["exact"]["ci95"] = None
        assert not findings.beyond_chance(sample_results, arm)


def test_pgr_is_in_words_what_its_status_says(sample_results):
    assert findings.pgr_text(sample_results).startswith("PGR 0.38 (95% interval 0.25 to 0.51)")
    for status in ("no gap", "gap within noise"):
        sample_results["pgr"] |= {"status": status, "raw": 0.9, "clamped": 0.9, "ci95": None}
        assert findings.pgr_text(sample_results).startswith(f"PGR is undefined ({status})")
        assert "0.9" not in findings.pgr_text(sample_results)


def test_the_price_of_the_teachers_own_gold_is_not_hidden(sample_results):
    assert (
        "The 500 gold pairs that the weak model itself learned from would cost $1,000"
        in findings.cost_text(sample_results)
    )


def test_the_table_has_headings_and_one_row_an_arm(sample_results):
    head, *rows = findings.arms_table(sample_results)
    assert head == findings.ARM_COLUMNS
    assert [row.arm for row in rows] == [text.name for text in findings.ARMS.values()]
    assert all(isinstance(cell, str) for row in rows for cell in row)
    assert rows[3].exact == "67.0% (60.5% to 73.5%)"


def test_the_table_calls_an_unmeasured_arm_undefined(sample_results):
    sample_results["arms"]["ceiling"] |= {"exact": UNMEASURED, "claims": UNMEASURED}
    ceiling = next(row for row in findings.arms_table(sample_results) if row.arm == "ceiling")
    assert (ceiling.exact, ceiling.claims) == ("undefined", "undefined")


def test_the_verdict_can_be_printed_in_any_terminal(sample_results):
    assert str(findings.verdict(sample_results)).isascii()


def test_the_verdict_of_a_smoke_run_warns(sample_results):
    sample_results["config"]["preset"] = "smoke"
    assert findings.SMOKE_NOTICE in str(findings.verdict(sample_results))


def test_a_rich_console_prints_the_verdict_as_sentences(sample_results):
    console = Console(width=400, file=StringIO())
    console.print(findings.verdict(sample_results))
    assert console.file.getvalue().startswith("Yes: the student beat its teacher")
