"""Claims about a run on real code, with a tiny model: every arm, equal steps, nothing computed twice."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from w2s_course import cli
from w2s_course.errors import UsageError
from w2s_course.judging.choices import SCORES
from w2s_course.real_code import arms, run
from w2s_course.real_code.config import ARMS, RealCodeConfig
from w2s_course.training.finetune import Recipe


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("W2S_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def config(tiny_strong):
    return RealCodeConfig(strong_model=str(tiny_strong), steps=2, limit=8, recipe=Recipe(1e-3, batch_size=2))


@pytest.fixture(scope="module")
def rows(config, cache):
    return {row["arm"]: row for row in run.run_real_code(config)}


def test_every_arm_is_measured_on_the_same_questions(rows):
    assert tuple(rows) == ARMS
    assert {row["n"] for row in rows.values()} == {8}
    for row in rows.values():
        assert 0 <= row["low"] <= row["accuracy"] <= row["high"] <= 1


def test_trained_arms_make_equal_steps_and_the_others_none(rows):
    steps = {arm: row["steps"] for arm, row in rows.items()}
    trained = ("strong_on_gold", "weak_to_strong", "ceiling")
    assert steps == {arm: 2 if arm in trained else 0 for arm in ARMS}
    assert rows["ceiling"]["tokens_training"] > 0 == rows["strong_untrained"]["tokens_training"]


def test_student_and_ceiling_read_the_same_codes_and_differ_in_sentences_alone(config):
    whole = replace(config, limit=0)
    (codes, weak), (same, true) = (arms.pairs_for(arm, whole) for arm in ("weak_to_strong", "ceiling"))
    assert codes == same
    right = sum(a == b for a, b in zip(weak, true, strict=True)) / len(true)
    assert 0.25 < right < 1
    assert all(s in q.options for s, q in zip(weak, arms.material(whole).pool, strict=True))


def test_no_function_of_the_test_is_learned_from(config):
    data = arms.material(replace(config, limit=0))
    tested = {q.function for q in data.test}
    assert not tested & {q.function for q in (*data.gold, *data.pool)}
    said = {y for q in data.test for y in q.options}
    assert not said & {q.function.sentence for q in (*data.gold, *data.pool)}


def test_the_chosen_score_is_the_accuracy_and_all_are_told(rows, config):
    for arm in ARMS[1:]:
        assert rows[arm]["accuracy"] == pytest.approx(rows[arm][f"accuracy_{config.score}"])
        assert {f"accuracy_{name}" for name in SCORES} <= set(rows[arm])


def test_a_second_run_and_another_score_compute_nothing(rows, config, monkeypatch):
    monkeypatch.setattr(run, "compute_arm", lambda *args: pytest.fail("computed"))
    assert run.run_real_code(config) == list(rows.values())
    other = {row["arm"]: row["accuracy"] for row in run.run_real_code(replace(config, score="mean"))}
    assert other["ceiling"] == pytest.approx(rows["ceiling"]["accuracy_mean"])


def test_another_seed_is_another_computation(config, rows, monkeypatch):
    monkeypatch.setattr(run, "compute_arm", lambda *args: pytest.fail("computed"))
    with pytest.raises(pytest.fail.Exception, match="computed"):
        run.run_real_code(replace(config, seed=1))


def test_the_interval_keeps_the_questions_of_a_group_together():
    wide = run.accuracy([True] * 4 + [False] * 4, seed=0)
    assert (wide["low"], wide["high"]) == (0.0, 1.0)  # two groups: draws of one alone are common
    assert wide["n"] == 8


def test_the_command_writes_a_table_that_says_how_it_was_made(config, rows, tmp_path):
    out = tmp_path / "deep" / "real.json"
    told = ["--strong", config.strong_model, "--steps", "1", "--limit", "4", "--out", str(out)]
    done = CliRunner().invoke(cli.app, ["real-code", *told])
    assert done.exit_code == 0, done.output
    table = json.loads(out.read_text())
    assert [row["arm"] for row in table["rows"]] == list(ARMS)
    assert table["command"].startswith("w2s real-code --seed 0 --steps 1 --limit 4 --strong ")
    assert table["packages"]["algorithms"]
    assert table["licences"]["toolz"] == "BSD-3-Clause"
    assert table["environment"]["torch"]


@pytest.mark.parametrize("wrong", [{"score": "likely"}, {"steps": 0}, {"seed": -1}, {"limit": -2}])
def test_senseless_settings_are_refused(wrong):
    with pytest.raises(UsageError, match=r"Unknown score|must be at least"):
        RealCodeConfig(**wrong)
