"""Claims about a run on real code, with a tiny model: every arm, equal steps, nothing computed twice."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import w2s_course
from w2s_course import cli
from w2s_course.errors import CourseError, UsageError
from w2s_course.judging.choices import SCORES
from w2s_course.real_code import arms, run
from w2s_course.real_code.config import ARMS, RealCodeConfig
from w2s_course.real_code.teacher import WeakChoice
from w2s_course.training.recipe import Recipe


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


def test_a_gap_that_one_group_makes_is_within_noise_as_its_interval_says(config, monkeypatch):
    """The ceiling is ahead in one of ten groups alone; drawn by question that would be four chances."""
    rights = {"weak": [False] * 4 + [True] * 36, **dict.fromkeys(ARMS[1:], [True] * 40)}
    data = replace(arms.material(config), test=(arms.material(config).test * 5)[:40])
    monkeypatch.setattr(run, "material", lambda config: data)
    monkeypatch.setattr(run, "_weak_row", lambda config: ({}, rights["weak"]))
    monkeypatch.setattr(run, "_arm_folder", lambda arm, config: arm)
    monkeypatch.setattr(run, "read_arm", lambda arm: (arm, {}))
    monkeypatch.setattr(run, "rights", lambda arm, questions, score: rights[arm])
    (student,) = (row for row in run.run_real_code(config) if row["arm"] == "weak_to_strong")
    assert (student["pgr"], student["pgr_status"]) == (1.0, "gap within noise")


@pytest.fixture
def recomputed(rows, config, monkeypatch):
    """Which strong arms the cache does not hold; none is computed."""

    def refuse(arm, config, folder):
        raise CourseError(arm)

    def missing() -> list[str]:
        found = []
        for arm in ARMS[1:]:
            try:
                run._arm_folder(arm, config)
            except CourseError as error:
                found.append(str(error))
        return found

    monkeypatch.setattr(run, "compute_arm", refuse)
    return missing


def test_other_questions_under_the_same_versions_are_another_computation(config, recomputed, monkeypatch):
    """As another Python makes them, whose `ast.unparse` writes a function in another way."""
    data = arms.material(config)
    first = data.test[0]
    spelt = replace(first, function=replace(first.function, code=first.function.code + " "))
    assert recomputed() == []
    monkeypatch.setattr(arms, "material", lambda config: replace(data, test=(spelt, *data.test[1:])))
    assert recomputed() == list(ARMS[1:])


def test_other_weak_labels_are_another_computation_of_the_student_alone(recomputed, monkeypatch):
    """As another Python makes them, whose `sum` rounds in another way."""
    monkeypatch.setattr(arms, "weak_choices", lambda weak, qs: [WeakChoice(0, 1.0) for _ in qs])
    assert recomputed() == ["weak_to_strong"]


# What an arm's module reaches, and why it is no part of the recipe.
NOT_IN_THE_RECIPE = {
    "cache": "keeps what others found",
    "errors": "words",
    "models/beginning": "for answers that are written; here none is",
    "models/catalog": "where weights come from; they have a digest",
    "models/weights": "as the catalog",
    "snippets/concepts": "for programs that are generated; here they are read",
}


def imported(module: str) -> set[str]:
    """The modules of the course that a module imports, anywhere in it."""
    root = Path(w2s_course.__file__).parent
    found: set[str] = set()
    for node in ast.walk(ast.parse((root / f"{module}.py").read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "w2s_course":
            base = "/".join(node.module.split(".")[1:])
            found |= {base, *(f"{base}/{name.name}".strip("/") for name in node.names)}
    return {name for name in found if (root / f"{name}.py").is_file()}


def test_the_recipe_holds_all_code_that_an_arm_runs():
    reached, ahead = set(), ["real_code/arms"]
    while ahead:
        if (module := ahead.pop()) not in reached:
            reached.add(module)
            ahead += [] if module in NOT_IN_THE_RECIPE else imported(module)
    assert {"training/optimizers", "training/muon", "snippets/grammar"} <= reached
    assert reached - set(NOT_IN_THE_RECIPE) == set(run._CODE)


def ask(*words: str | Path):
    return CliRunner().invoke(cli.app, ["real-code", *map(str, words)])


@pytest.fixture
def nothing_runs(monkeypatch):
    monkeypatch.setattr(run, "run_real_code", lambda config: pytest.fail("computed"))


def test_a_place_that_cannot_be_written_is_refused_before_anything_is_computed(nothing_runs, tmp_path):
    (tmp_path / "file").write_text("")
    done = ask("--out", tmp_path / "file" / "table.json")
    assert isinstance(done.exception, CourseError), done.exception
    assert str(done.exception).startswith(f"Cannot write into {tmp_path / 'file'} (")


def test_a_folder_in_the_place_of_the_table_is_refused_with_a_name_for_it(nothing_runs, tmp_path):
    done = ask("--out", tmp_path)
    assert isinstance(done.exception, UsageError), done.exception
    assert f"{tmp_path} is a folder. Name a file with --out, such as {tmp_path}" in str(done.exception)


@pytest.mark.parametrize(
    ("seeds", "said"),
    [((2, 1, 2), "Seed 2 is asked for more than once. Name each"), ((0, -1), "seed is -1")],
)
def test_seeds_are_refused_before_anything_is_computed_or_made(nothing_runs, tmp_path, seeds, said):
    words = [word for seed in seeds for word in ("--seed", str(seed))]
    done = ask(*words, "--out", tmp_path / "made" / "table.json")
    assert isinstance(done.exception, UsageError), done.exception
    assert re.search(said, str(done.exception))
    assert not (tmp_path / "made").exists()


def test_brackets_in_the_tables_place_are_printed_as_they_are(monkeypatch, tmp_path):
    monkeypatch.setattr(run, "table_of", lambda seeds, config: {"what": "nothing", "rows": []})
    out = tmp_path / "[course]" / "t.json"
    done = ask("--out", out)
    assert f"Table: {out}\n" in done.output
    assert out.is_file()


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
    with pytest.raises(UsageError, match=r"Unknown score|must be (at least|0 or more)"):
        RealCodeConfig(**wrong)
