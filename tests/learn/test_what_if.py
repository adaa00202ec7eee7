"""Claims about the what-if panel: its arithmetic, its limits, and that recorded runs stay what they are."""

from __future__ import annotations

import pytest

from w2s_course.learn.friendly import Friendly
from w2s_course.learn.what_if import supposed, what_if, what_if_panel
from w2s_course.recorded import recorded_runs

RUNS = recorded_runs("cpu")


def test_the_arithmetic_is_written_out():
    said = what_if(weak=0.5, w2s=0.675, ceiling=0.95, n=200).splitlines()
    assert said[0].endswith("0.950 - 0.500 = 0.450")
    assert said[1].endswith("0.675 - 0.500 = 0.175")
    assert said[2].endswith("0.175 / 0.450 = 0.39 (raw)")
    assert said[3].endswith("0.39 (clamped)")
    assert said[4].startswith("status: ok; 95% interval of raw PGR about 0.")


def test_harm_shows_in_the_raw_number_and_is_hidden_by_the_clamp():
    said = what_if(weak=0.5, w2s=0.4, ceiling=1.0, n=200)
    assert "-0.20 (raw)" in said
    assert "0.00 (clamped; the harm is hidden)" in said


@pytest.mark.parametrize("ceiling", [0.5, 0.4])
def test_without_a_gap_pgr_is_undefined_and_never_zero(ceiling):
    said = what_if(weak=0.5, w2s=0.6, ceiling=ceiling, n=200)
    assert "undefined (raw), undefined (clamped)" in said
    assert "status: no gap" in said


def test_a_gap_that_may_be_chance_is_called_so():
    assert "status: gap within noise; on 50 snippets" in what_if(weak=0.48, w2s=0.497, ceiling=0.50, n=50)


def test_without_a_number_of_snippets_the_status_is_not_known():
    assert "status: not known" in what_if(weak=0.48, w2s=0.497, ceiling=0.50)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"weak": 67}, "weak is 67; an accuracy is a share from 0 to 1, such as 0.67 for 67%"),
        ({"ceiling": -0.1}, "ceiling is -0.1"),
        ({"w2s": float("nan")}, "w2s is nan"),
        ({"n": 1}, "n is 1; an interval needs at least 2"),
    ],
)
def test_numbers_that_cannot_be_meant_are_one_friendly_line(changes, said):
    with pytest.raises(Friendly, match=said):
        what_if(**{"weak": 0.5, "w2s": 0.6, "ceiling": 0.9, "n": 200, **changes})


def test_more_snippets_make_a_narrower_interval():
    few, many = (supposed(0.5, 0.7, 0.95, n).ci95 for n in (50, 1000))
    assert many[1] - many[0] < few[1] - few[0]


def test_supposing_the_recorded_accuracies_gives_the_recorded_pgr():
    for run in RUNS:
        weak, w2s, ceiling = (
            run["arms"][arm]["exact"]["value"] for arm in ("weak", "weak_to_strong", "ceiling")
        )
        assert supposed(weak, w2s, ceiling, 200).raw == pytest.approx(run["pgr"]["raw"], abs=1e-6)


# --- the panel --------------------------------------------------------------------------------------------


def test_it_begins_with_the_recorded_runs_as_they_are(headless, capsys):
    panel = what_if_panel()
    said = capsys.readouterr().out
    assert panel.seeds == (0, 1, 2, 3, 4)
    assert said.startswith("As measured (runs, mean of seeds 0, 1, 2, 3, 4):")
    assert said.count("\nseed ") == 5
    assert f"PGR {RUNS[0]['pgr']['raw']:.2f} (95%: " in said


def test_a_supposed_accuracy_stands_beside_the_measured_one(headless):
    panel = what_if_panel(RUNS[0])
    panel.change(ceiling=0.7, w2s=0.6)
    said = panel.text()
    assert said.startswith("Supposed (run, seed 0):")
    assert said.count("(measured: ") == 2
    assert "seed 0: PGR" not in said, "the recorded PGR is not that of supposed accuracies"
    panel.choose([0])
    assert panel.text().startswith("As measured")


def test_any_results_will_do(headless, sample_results, capsys):
    what_if_panel(sample_results)
    assert "weak teacher             50.0%" in capsys.readouterr().out


def test_what_is_not_there_is_one_friendly_line(headless):
    from w2s_course.errors import UsageError

    with pytest.raises(Friendly, match="The panel needs a run"):
        what_if_panel([])
    panel = what_if_panel()
    with pytest.raises(UsageError, match=r"Choose seeds among 0, 1, 2, 3, 4; got \[9\]"):
        panel.choose([9])
    with pytest.raises(UsageError, match="no arm 'control' in PGR"):
        panel.change(control=0.5)


def parts(widget) -> dict[str, object]:
    """The widgets of a panel by description; the last that has none, as ''."""
    found: dict[str, object] = {}
    for child in widget.children:
        found |= parts(child) if hasattr(child, "children") else {child.description: child}
    return found


def test_fields_seeds_and_the_way_back(headless):
    found = parts(what_if_panel().widget())
    for seed in (0, 2, 3, 4):
        found[f"seed {seed}"].value = False
    weak = RUNS[1]["arms"]["weak"]["exact"]["value"]
    assert found["weak teacher"].value == pytest.approx(weak)
    assert "As measured (run, seed 1)" in found[""].value
    found["ceiling"].value = 0.1
    assert "Supposed (run, seed 1)" in found[""].value
    assert "undefined (raw)" in found[""].value
    found["As measured"].click()
    assert found["ceiling"].value == pytest.approx(RUNS[1]["arms"]["ceiling"]["exact"]["value"])
    assert "As measured (run, seed 1)" in found[""].value
    found["seed 1"].value = False
    assert "Choose at least one of the recorded runs." in found[""].value
