"""Claims about the picture of where the seconds of runs went."""

from __future__ import annotations

import copy
import json
import sys

import pytest
from matplotlib.figure import Figure

from benchmarks import stages
from benchmarks.stages import name_of, read_run, seconds_by_stage, stage_bars
from w2s_course.errors import UsageError
from w2s_course.plots import ARM_COLOURS


@pytest.fixture
def ax():
    return Figure((8, 3)).subplots()


def test_a_bar_is_as_long_as_the_run_and_its_pieces_touch(ax, sample_results):
    half = copy.deepcopy(sample_results)
    for stage in half["cost"]["stages"].values():
        stage["seconds"] /= 2
    plot = stage_bars({"before": sample_results, "after": half}, ax)
    total = sum(stage["seconds"] for stage in sample_results["cost"]["stages"].values())
    ends = {}
    for box in ax.patches:
        row = round(box.get_y() + box.get_height() / 2)
        assert box.get_x() == pytest.approx(ends.get(row, 0.0))
        ends[row] = box.get_x() + box.get_width()
    assert ends == {0: pytest.approx(total), 1: pytest.approx(total / 2)}
    assert plot.axes is ax
    assert f"before: {total:.0f} s in all" in plot.alt
    assert f"after: {total / 2:.0f} s in all" in plot.alt


def test_every_stage_and_part_is_in_the_text(ax, sample_results):
    alt = stage_bars({"run": sample_results}, ax).alt
    assert "(training 158.0, validation 24.0, answers 25.0)" in alt
    assert alt.count("\n") == len(seconds_by_stage(sample_results))


@pytest.mark.parametrize("colour", ARM_COLOURS.values())
def test_names_can_be_read_on_every_colour(colour):
    from matplotlib.colors import to_rgb

    def luminance(of: str) -> float:
        light = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(of)]
        return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]

    low, high = sorted([luminance(colour), luminance(stages._readable_on(colour))])
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_a_missing_or_foreign_file_is_told(tmp_path):
    with pytest.raises(UsageError, match="make run"):
        read_run(tmp_path / "results.json")
    (tmp_path / "results.json").write_text('{"cost": 1}')
    with pytest.raises(UsageError, match="holds no results of a run"):
        read_run(tmp_path / "results.json")


def test_runs_are_named_by_their_folders(tmp_path):
    assert name_of(tmp_path / "cpu-seed0" / "results.json") == "cpu-seed0"
    assert name_of(tmp_path / "before.json") == "before"


def test_the_command_prints_and_draws(sample_results, tmp_path, monkeypatch, capsys):
    for name in ("before", "after"):
        (tmp_path / f"{name}.json").write_text(json.dumps(sample_results))
    files = [str(tmp_path / f"{name}.json") for name in ("before", "after")]
    monkeypatch.setattr(sys, "argv", ["stages", *files, "--figure", str(tmp_path / "s.svg")])
    stages.main()
    assert "after: " in capsys.readouterr().out
    drawn = (tmp_path / "s.svg").read_text()
    assert "before, " in drawn
    assert "ceiling" in drawn


def test_the_seconds_are_left_in_the_file_of_results(sample_results, tmp_path, monkeypatch):
    run, bench = tmp_path / "cpu-seed0" / "results.json", tmp_path / "bench.json"
    run.parent.mkdir()
    run.write_text(json.dumps(sample_results))
    bench.write_text('{"target": 0.9}')
    monkeypatch.setenv("BENCH_JSON", str(bench))
    monkeypatch.setattr("sys.argv", ["stages", str(run)])
    stages.main()
    kept = json.loads(bench.read_text())
    assert kept["target"] == 0.9
    assert kept["stages"]["cpu-seed0"]["seconds"] == stages.seconds_by_stage(sample_results)
    assert kept["stages"]["cpu-seed0"]["command"] == sample_results["command"]
