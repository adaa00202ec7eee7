"""Claims about configurations: defaults, identity, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from w2s_course.config import PRESETS, Config, Sizes, preset_config
from w2s_course.errors import UsageError

CPU = PRESETS["cpu"].config


def test_a_configuration_survives_json():
    assert Config.from_dict(json.loads(json.dumps(CPU.as_dict()))) == CPU


def test_all_strong_arms_make_one_pass_over_the_pool():
    assert CPU.strong_steps * CPU.strong_recipe.batch_size >= CPU.sizes.pool
    assert CPU.checkpoints[-1] == CPU.strong_steps
    assert len(CPU.checkpoints) == CPU.points


def test_the_smoke_preset_trains_the_same_models_by_the_same_recipes():
    smoke = PRESETS["smoke"].config
    same = replace(CPU, preset="smoke", sizes=smoke.sizes, weak_epochs=smoke.weak_epochs, points=smoke.points)
    assert smoke == same


def test_the_gpu_preset_takes_pretrained_models_and_several_seeds():
    gpu = PRESETS["gpu"]
    assert gpu.config.weak_model == "distilgpt2"
    assert gpu.config.strong_model.startswith("smollm2")
    assert gpu.config.precision == "bfloat16"
    assert len(gpu.seeds) >= 3


def test_an_unknown_preset_is_refused_with_the_nearest_name():
    with pytest.raises(UsageError, match=r"Unknown preset 'cpuu'. Did you mean 'cpu'\?"):
        preset_config("cpuu")


def test_an_unknown_model_is_refused_with_the_nearest_name():
    with pytest.raises(UsageError, match=r"Unknown model 'smollm2-135'. Did you mean 'smollm2-135m'\?"):
        preset_config("cpu", strong_model="smollm2-135")


def test_the_strong_model_must_be_pretrained():
    with pytest.raises(UsageError, match="must be pre-trained"):
        preset_config("cpu", strong_model="scratch")


def test_an_unknown_precision_is_refused():
    with pytest.raises(UsageError, match="Unknown precision 'float16'"):
        preset_config("cpu", precision="float16")


@pytest.mark.parametrize("name", ["gold", "pool", "val", "test", "shots"])
@pytest.mark.parametrize("size", [0, -5])
def test_a_size_below_one_is_refused_by_name(name, size):
    with pytest.raises(UsageError, match=f"size of '{name}' is {size}; it must be at least 1"):
        replace(CPU.sizes, **{name: size})


def test_more_shots_than_gold_pairs_are_refused():
    with pytest.raises(UsageError, match=r"8 examples for the prompt .* 4 gold pairs"):
        Sizes(gold=4, pool=1, val=1, test=1)


@pytest.mark.parametrize(
    ("field", "value"), [("seed", -1), ("seed", 2**31), ("weak_epochs", 0), ("points", 0)]
)
def test_other_senseless_values_are_refused(field, value):
    with pytest.raises(UsageError, match=f" is {value}; it must be"):
        replace(CPU, **{field: value})


def test_a_field_that_does_not_exist_is_refused_with_the_nearest_name():
    with pytest.raises(UsageError, match=r"field of Config 'sed'. Did you mean 'seed'\?"):
        Config.from_dict({**CPU.as_dict(), "sed": 1})


def test_a_folder_with_a_catalog_models_name_does_not_stand_in_for_it(tmp_path, monkeypatch):
    (tmp_path / CPU.strong_model).mkdir()
    monkeypatch.chdir(tmp_path)
    assert replace(CPU, seed=1).strong_model == CPU.strong_model
