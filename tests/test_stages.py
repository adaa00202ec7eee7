"""Claims about recipes and stages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from w2s_course.config import PRESETS, Config
from w2s_course.experiment import STAGES
from w2s_course.stages import Stage, recipe_name, run_stage, source_digest

CONFIG = PRESETS["cpu"].config


def counting(stage_runs: list[int]) -> Stage:
    def compute(config, inputs, out):
        stage_runs.append(config.seed)
        (out / "seed.txt").write_text(str(config.seed))

    return Stage("count", compute, reads=("seed",), code=("metrics",))


def test_a_stage_is_computed_once_per_recipe(tmp_path, monkeypatch):
    monkeypatch.setenv("W2S_CACHE", str(tmp_path))
    runs: list[int] = []
    folders = [run_stage(counting(runs), replace(CONFIG, seed=s), {}) for s in (1, 1, 2)]
    assert runs == [1, 2]
    assert folders[0] == folders[1] != folders[2]


def test_a_field_that_a_stage_does_not_read_does_not_change_its_recipe():
    stage = counting([])
    assert recipe_name(stage, CONFIG, {}) == recipe_name(stage, replace(CONFIG, points=9), {})
    assert recipe_name(stage, CONFIG, {}) != recipe_name(stage, replace(CONFIG, seed=9), {})


def test_a_number_that_the_configuration_derives_is_part_of_the_recipe(monkeypatch):
    """The formula is in no file that the stage's recipe names."""
    stage = replace(counting([]), reads=("strong_steps",))
    before = recipe_name(stage, CONFIG, {})
    assert recipe_name(stage, replace(CONFIG, sizes=replace(CONFIG.sizes, pool=1001)), {}) != before
    monkeypatch.setattr(Config, "strong_steps", 7)
    assert recipe_name(stage, CONFIG, {}) != before


@pytest.mark.parametrize("derived", ["weak_steps", "control_steps", "strong_steps", "checkpoints"])
def test_every_number_of_steps_that_is_derived_is_read_by_a_stage(derived):
    assert any(derived in stage.reads for stage in STAGES)


def test_other_source_or_other_inputs_are_another_recipe(tmp_path):
    stage = counting([])
    assert recipe_name(stage, CONFIG, {}) != recipe_name(replace(stage, code=("costs",)), CONFIG, {})
    assert recipe_name(stage, CONFIG, {"weak": tmp_path / "a"}) != recipe_name(
        stage, CONFIG, {"weak": tmp_path / "b"}
    )


def test_the_source_of_a_subpackage_includes_its_modules():
    assert source_digest(("judging",)) != source_digest(("judging/claims",))


def test_a_damaged_entry_is_noticed_and_computed_again(tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("W2S_CACHE", str(tmp_path))
    runs: list[int] = []
    folder = run_stage(counting(runs), CONFIG, {})
    (folder / "seed.txt").write_text("9")  # one byte, same size
    assert (run_stage(counting(runs), CONFIG, {}) / "seed.txt").read_text() == "0"
    assert runs == [0, 0]
    assert "seed.txt has changed" in caplog.text
