"""Claims about recipes and stages."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace

import pytest

from w2s_course.config import PRESETS, Config
from w2s_course.errors import UsageError
from w2s_course.experiment import STAGES
from w2s_course.stages import Stage, recipe_name, run_stage, source_digest, weights_digest

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


# --- models in folders ------------------------------------------------------------------------------


@pytest.fixture
def model_folder(tiny_strong, tmp_path):
    """A copy of a tiny model, to be changed."""
    return shutil.copytree(tiny_strong, tmp_path / "model")


@pytest.mark.parametrize("changed", ["config.json", "tokenizer.json", "generation_config.json"])
def test_whatever_loading_reads_of_a_folder_is_part_of_the_recipe(changed, model_folder):
    """Also in the notebook that changes it."""
    path, before = model_folder / changed, weights_digest(str(model_folder))
    assert weights_digest(str(model_folder)) == before
    content = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps({**content, "note": 1}))
    assert weights_digest(str(model_folder)) != before


def test_what_loading_does_not_read_is_no_part_of_the_recipe(model_folder):
    before = weights_digest(str(model_folder))
    (model_folder / "README.md").write_text("mine")
    (model_folder / "config.json").rename(model_folder / "other")
    shutil.copy2(model_folder / "other", model_folder / "config.json")
    os.utime(model_folder / "config.json")
    assert weights_digest(str(model_folder)) == before


def test_a_catalogs_model_keeps_the_name_of_its_stages(model_folder, monkeypatch):
    """What stands beside its weights follows from its source, which its folder's own name tells."""
    monkeypatch.setattr("w2s_course.stages.folder_of_model", lambda name: model_folder)
    before = weights_digest("smollm2-135m")
    (model_folder / "generation_config.json").write_text('{"note": 1}')
    assert weights_digest("smollm2-135m") == before


def _emptied(folder):
    shutil.rmtree(folder)
    folder.mkdir()


def _pickled(folder):
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def _without_tokenizer(folder):
    for path in folder.glob("*tok*"):
        path.unlink()


def _truncated(folder):
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-9])


def _index(folder, index):
    (folder / "model.safetensors").rename(folder / "a.safetensors")
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (_pickled, r"loaded: it has no model\.safetensors\. Write it with `model\.save_pretrained"),
        (lambda f: _index(f, {"weight_map": {"a": "p-1.bin"}}), r"names p-1\.bin, which is no safetensors"),
        (
            lambda f: _index(f, {"weight_map": {"a": "../a.safetensors"}}),
            r"no safetensors file in this",
        ),
        (lambda f: _index(f, {"weight_map": {"a": 1}}), r"names 1, which is no safetensors file"),
        (_truncated, r"model\.safetensors is not a whole safetensors file"),
        (_without_tokenizer, r"it has no tokenizer, none of tokenizer\.json"),
        (lambda folder: (folder / "config.json").unlink(), r"it has no config\.json"),
        (lambda folder: (folder / "config.json").write_text("{"), r"its config\.json cannot be read"),
        (lambda folder: (folder / "config.json").write_text("[]"), r"names no model_type"),
        (
            lambda folder: (folder / "config.json").write_text('{"model_type": "llamma"}'),
            r"the model_type 'llamma', which transformers [\d.]+ does not know as one that writes text",
        ),
        (lambda folder: (folder / "config.json").write_text('{"model_type": ["llama"]}'), r"does not know"),
        (lambda folder: (folder / "tokenizer.json").write_text("{"), r"its tokenizer\.json cannot be read"),
        (
            lambda folder: _index(folder, {}),
            r"its model\.safetensors\.index\.json names no weights",
        ),
        (_emptied, r"it has no config\.json"),
    ],
)
def test_a_folder_that_holds_no_whole_model_is_refused_before_any_work(harm, said, model_folder):
    harm(model_folder)
    for use in (
        lambda: weights_digest(str(model_folder)),
        lambda: replace(CONFIG, strong_model=str(model_folder)),
    ):
        with pytest.raises(UsageError, match=said):
            use()


def test_what_loading_does_not_read_of_a_models_folder_refuses_nothing(model_folder):
    (model_folder / "notes.json").write_text("{")
    (model_folder / "model.safetensors.index.json").write_text('{"weight_map": {"a": "old.safetensors"}}')
    assert replace(CONFIG, strong_model=str(model_folder)).strong_model == str(model_folder)
