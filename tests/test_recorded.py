"""Claims about the recorded runs: that they are what the course says, and can be made again."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from w2s_course.authoring.sources import read_cells, unit_sources
from w2s_course.config import Config, preset_config
from w2s_course.errors import UsageError
from w2s_course.evidence.readme import refresh
from w2s_course.recorded import recorded_runs, recorded_sweeps
from w2s_course.report import validate
from w2s_course.results import command_of
from w2s_course.seeds import summary

README = Path(__file__).resolve().parents[1] / "README.md"
RUNS = recorded_runs("cpu")


def test_five_seeds_of_the_cpu_preset_are_shipped():
    assert [run["config"]["seed"] for run in RUNS] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("run", RUNS, ids=lambda run: f"seed {run['config']['seed']}")
def test_a_recorded_run_fits_the_schema_and_names_the_command_that_repeats_it(run):
    validate(run)
    config = Config.from_dict(run["config"])
    options = dict(zip(*[iter(shlex.split(run["command"])[2:])] * 2, strict=True))
    repeated = preset_config(options["--preset"], int(options["--seed"]), precision=options["--precision"])
    assert repeated == config, "the preset has changed since: make the recorded runs again"
    assert run["command"] == command_of(config)
    assert run["environment"]["torch"]


def test_what_has_no_option_is_named_behind_the_command():
    usual = preset_config("cpu", 0, precision="float32")
    assert "#" not in command_of(usual)
    assert "#" not in command_of(replace(usual, seed=3, sizes=replace(usual.sizes, pool=40), with_view=True))
    own = command_of(replace(usual, weak_epochs=5, points=2))
    assert own == command_of(usual) + "  # and its own weak_epochs, points"
    gpu = preset_config("gpu", 0, precision="float32")
    assert command_of(replace(gpu, with_view=False)).endswith("# and its own with_view")
    assert command_of(replace(usual, preset="mine")).endswith("# and its own preset")


def test_the_student_gains_in_the_mean_over_seeds_and_repeats_less_than_it_avoids():
    assert summary(RUNS).gain >= 0.10
    assert summary(RUNS).gain_ci95[0] > 0
    assert all(run["errors"]["inherited"]["value"] < 0.6 for run in RUNS)


def test_pretraining_is_what_the_control_lacks():
    assert all(
        run["arms"]["control"]["exact"]["value"] < run["arms"]["weak_to_strong"]["exact"]["value"]
        for run in RUNS
    )


def test_gold_labels_for_the_strong_model_beat_weak_ones():
    assert all(
        run["arms"]["strong_on_gold"]["exact"]["value"] > run["arms"]["weak_to_strong"]["exact"]["value"]
        for run in RUNS
    )


def test_the_ceiling_is_high_and_pgr_means_something():
    assert summary(RUNS).mean("ceiling") > 0.90
    assert {run["pgr"]["status"] for run in RUNS} == {"ok"}


def test_the_readme_says_what_the_recorded_runs_say():
    assert refresh(README, only_check=True)


def test_an_edited_figure_is_noticed_and_put_right(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(README.read_text().replace("seeds (95%)", "seeds (99%)"))
    assert not refresh(page, only_check=True)
    refresh(page)
    assert page.read_text() == README.read_text()


def test_a_preset_without_recorded_runs_is_refused():
    with pytest.raises(UsageError, match="Unknown preset with recorded runs 'gpu'"):
        recorded_runs("gpu")


def solution_of(exercise_id: str, name: str):
    """What the course's solution of an exercise is, for one of plain values."""
    source = next(s for s in unit_sources(README.parent) if s.number == int(exercise_id.split(".")[0]))
    cells = [c for c in read_cells(source.exercises) if c.metadata.get("exercise") == exercise_id]
    names: dict = {}
    exec(cells[-1].source, names)
    return names[name]


def test_solutions_that_are_numbers_of_a_recording_are_those_of_today():
    reading, curve = solution_of("3.6", "my_reading"), RUNS[0]["curves"]["weak_to_strong"]
    assert reading["gold"] == [point["gold"]["value"] for point in curve]
    assert reading["n"] == curve[0]["gold"]["n"]
    rows = [row for table in recorded_sweeps() for row in table.rows if row["seed"] == 0]
    plain, select = (
        next(r for r in rows if (r["method"], r["labels"], r["count"], r["gold"]) == (m, "weak", 1000, 300))
        for m in ("plain", "select")
    )
    selection = solution_of("7.8", "my_selection")
    assert selection["right"] == [plain["learned_right"], select["learned_right"]]
