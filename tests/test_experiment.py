"""Claims about whole runs, on a tiny configuration: the same code, models of a few thousand parameters."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import log, nan
from pathlib import Path

import pytest

from w2s_course import experiment, results, side_by_side
from w2s_course.arms.files import FIRST_LABEL, read_answers, splits
from w2s_course.arms.small import train_weak
from w2s_course.arms.strong import training_labels
from w2s_course.config import Config, Sizes
from w2s_course.errors import CourseError, UsageError
from w2s_course.experiment import STAGES, run_stages
from w2s_course.findings import arm_name
from w2s_course.judging.execution import judge
from w2s_course.labeling import load_labels
from w2s_course.models.answers import Answer
from w2s_course.models.weak import WeakArchitecture
from w2s_course.report import load_results, validate
from w2s_course.results import ARMS, answers_of, build_results, judge_all, judge_early
from w2s_course.run import _stages, make_folder, run
from w2s_course.side_by_side import by_urgency, run_side_by_side
from w2s_course.training.recipe import Recipe
from w2s_course.wording import with_interval

TIMES = ("seconds", "money")


def tiny(strong: Path, **changes) -> Config:
    return Config(
        **{
            "preset": "tiny",
            "seed": 0,
            "sizes": Sizes(gold=12, pool=16, val=4, test=10, shots=2),
            "weak": WeakArchitecture(width=16, layers=1, heads=2, vocabulary=300, context=256),
            "weak_recipe": Recipe(1e-2, batch_size=4),
            "weak_epochs": 2,
            "strong_model": str(strong),
            "strong_recipe": Recipe(1e-3, batch_size=4),
            "points": 2,
            **changes,
        }
    )


def without_times(results: dict) -> dict:
    """The results apart from what a clock measured, as a copy."""
    results = json.loads(json.dumps(results))
    stages = results["cost"]["stages"]
    for cost in stages.values():
        for name in TIMES:
            cost.pop(name)
    results["cost"].pop("per_1000_labels")
    return results


@pytest.fixture(scope="module")
def finished(tiny_strong, tmp_path_factory):
    """A finished tiny run: its configuration, results, folder and cache."""
    cache, out = tmp_path_factory.mktemp("cache"), tmp_path_factory.mktemp("out")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("W2S_CACHE", str(cache))
        config = tiny(tiny_strong)
        yield config, run(config, out), out, cache


@pytest.fixture
def without_report(monkeypatch):
    """Runs draw no figures: seconds a run, and the report of `finished` has them."""
    monkeypatch.setattr("w2s_course.report.write_report", lambda results, folder: None)


def test_a_run_writes_results_labels_answers_figures_and_a_report(finished):
    config, results, out, _ = finished
    assert load_results(out / "results.json") == results
    assert {"report.html", "results.json", "answers.jsonl", "labels"} <= {p.name for p in out.iterdir()}
    assert Config.from_dict(results["config"]) == config
    rows = [json.loads(line) for line in (out / "answers.jsonl").read_text().splitlines()]
    assert len(rows) == config.sizes.test
    assert set(ARMS) < set(rows[0])


def test_results_fit_the_schema_of_the_package(finished):
    validate(finished[1])


def test_every_arm_answers_the_same_test_snippets(finished):
    config, results, *_ = finished
    assert set(results["arms"]) == set(ARMS)
    assert {arm["exact"]["n"] for arm in results["arms"].values()} == {config.sizes.test}


def test_the_student_is_compared_with_each_arm_snippet_by_snippet(finished, monkeypatch):
    """Two arms are as good as it: one is right where it is, one where it is not, so the doubt differs."""
    config, *_ = finished
    gold = [snippet.explanation for snippet in splits(config)["test"]]
    right = {
        "weak": range(4),
        "strong_prompted": range(4, 10),
        "strong_on_gold": range(9),
        "weak_to_strong": range(6),
        "ceiling": range(10),
        "control": range(6),
    }
    said = {arm: [text if i in right[arm] else "" for i, text in enumerate(gold)] for arm in ARMS}
    monkeypatch.setattr(results, "answers_of", lambda arm, folders: said[arm])
    made = build_results(config, run_stages(config))
    compared = {**made["leads"], "weak": made["gain"]}
    assert {arm: round(lead["value"], 6) for arm, lead in compared.items()} == {
        "weak": 0.2,
        "strong_prompted": 0.0,
        "strong_on_gold": -0.3,
        "ceiling": -0.4,
        "control": 0.0,
    }
    (low, high), (least, most) = (compared[arm]["ci95"] for arm in ("control", "strong_prompted"))
    assert least < low < 0 < high < most


def test_a_teacher_whose_training_diverged_is_named_and_no_finding(finished, monkeypatch):
    config, *_ = finished
    folders = run_stages(config)
    labels = load_labels(folders["labels"]).to_dict()
    diverged = {**labels, "confidence": [nan, *labels["confidence"][1:]]}
    monkeypatch.setattr(results, "load_labels", lambda folder: diverged)
    with pytest.raises(CourseError, match=r"training diverged\. Train it with a smaller learning rate"):
        build_results(config, folders)


def test_fine_tuned_arms_make_the_same_steps(finished):
    config, results, *_ = finished
    tuned = [results["arms"][arm] for arm in ("weak_to_strong", "ceiling", "strong_on_gold")]
    assert {arm["steps"] for arm in tuned} == {config.strong_steps}
    assert [p["step"] for p in results["curves"]["weak_to_strong"]] == list(config.checkpoints)


def test_the_ceiling_learns_from_the_same_inputs_as_weak_to_strong(finished):
    config, _, _, _ = finished
    folders = run_stages(config)
    codes, weak_said = training_labels("weak_to_strong", config, folders)
    ceiling_codes, gold_said = training_labels("ceiling", config, folders)
    assert codes == ceiling_codes == [s.code for s in splits(config)["pool"]]
    assert gold_said == [s.explanation for s in splits(config)["pool"]]
    assert weak_said != gold_said
    gold_codes, _ = training_labels("strong_on_gold", config, folders)
    assert not set(gold_codes) & set(codes)


def test_no_arm_learns_from_a_test_or_validation_program(finished):
    data = splits(finished[0])
    held_out = {s.key for name in ("test", "val") for s in data[name]}
    assert not held_out & {s.key for name in ("gold", "pool") for s in data[name]}


def test_labels_are_a_dataset_with_a_card_and_a_confidence_each(finished):
    from w2s_course.labeling import load_labels

    config, _, out, _ = finished
    labels = load_labels(out / "labels")
    assert labels.num_rows == config.sizes.pool
    assert all(0 < c <= 1 for c in labels["confidence"])
    card = (out / "labels" / "README.md").read_text()
    assert "license: cc-by-4.0" in card
    assert "weak model" in card


def test_a_repeated_run_computes_nothing_again(finished, monkeypatch):
    config, results, *_ = finished
    from w2s_course import stages

    def refuse(folder, fill, *, what):
        return original(folder, lambda partial: pytest.fail(f"{what} was computed again"), what=what)

    original = stages.publish_once
    monkeypatch.setattr(stages, "publish_once", refuse)
    assert without_times(build_results(config, run_stages(config))) == without_times(results)


def test_a_pretrained_weak_model_can_teach_too(finished, tiny_strong):
    config = replace(finished[0], weak_model=str(tiny_strong))
    results = build_results(config, run_stages(config))
    validate(results)
    assert results["cost"]["stages"]["weak training"]["flops"] > 0


def test_another_seed_is_another_run(finished):
    config = finished[0]
    other = replace(config, seed=1)
    assert splits(other)["test"] != splits(config)["test"]
    assert run_stages(other)["ceiling"] != run_stages(config)["ceiling"]


# A run for each victim, in a process that kills itself with SIGKILL, which nothing can catch, at the second
# step of training or just before publishing. They are forks of one that has imported its libraries and
# computed nothing, so that these are imported once. No victim: a run that ends.
SCRIPT = """
import json, os, signal, sys
from dataclasses import replace
from pathlib import Path
from w2s_course import experiment, run, side_by_side
from w2s_course.config import Config
from w2s_course.training import finetune

config, out, plan = json.loads(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def deadly(stage, moment):
    def compute(config, inputs, partial, **how):
        if moment == "middle":
            usual = finetune.Recipe.share_of_peak
            def rate(self, step, steps):
                return die() if step == 1 else usual(self, step, steps)
            finetune.Recipe.share_of_peak = rate
        stage.compute(config, inputs, partial, **how)
        die()
    return replace(stage, compute=compute)

side_by_side._import_libraries()
for victim, moment in plan:
    if not (child := os.fork()):
        experiment.STAGES = tuple(deadly(s, moment) if s.name == victim else s for s in experiment.STAGES)
        run.run(Config.from_dict(config), out)
        os._exit(0)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(json.dumps([victim, ended, (out / "results.json").exists()]), flush=True)
"""


def run_in_a_process(config: Config, out: Path, *plan: tuple[str, str]) -> subprocess.Popen:
    arguments = [sys.executable, "-c", SCRIPT, json.dumps(config.as_dict()), str(out), json.dumps(plan)]
    return subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    )


def test_a_run_killed_in_each_stage_ends_with_the_same_results(
    finished, without_report, tmp_path, monkeypatch
):
    config, results, *_ = finished
    monkeypatch.setenv("W2S_CACHE", str(tmp_path / "cache"))
    names = [stage.name for stage in STAGES]
    moments = ["middle" if i % 2 and name != "strong_prompted" else "end" for i, name in enumerate(names)]
    process = run_in_a_process(config, tmp_path / "out", *zip(names, moments, strict=True))
    ended, said = process.communicate(timeout=300)
    found = [json.loads(line) for line in ended.splitlines()]
    assert found == [[name, -signal.SIGKILL, False] for name in names], said
    found = run(config, tmp_path / "out")
    assert without_times(found) == without_times(results)


def test_two_runs_at_once_both_end_and_do_the_work_once(finished, tmp_path, monkeypatch):
    config, results, *_ = finished
    monkeypatch.setenv("W2S_CACHE", str(tmp_path / "cache"))
    both = [run_in_a_process(config, tmp_path / name, ("", "")) for name in ("one", "two")]
    for process in both:
        ended, said = process.communicate(timeout=300)
        assert json.loads(ended) == ["", 0, True], said
    one, two = (json.loads((tmp_path / name / "results.json").read_text()) for name in ("one", "two"))
    assert one["cost"] == two["cost"], "seconds are equal only where the work was done once"
    assert without_times(one) == without_times(results)


def test_a_changed_byte_in_the_cache_is_noticed_and_mended(finished, caplog):
    config, results, *_ = finished
    answers = run_stages(config)["weak_to_strong"] / "answers.jsonl"
    before = answers.read_bytes()
    answers.write_bytes(before.replace(b"t", b"T", 1))
    again = build_results(config, run_stages(config))
    assert "answers.jsonl has changed" in caplog.text
    assert answers.read_bytes() == before
    assert without_times(again) == without_times(results)


def test_a_pool_larger_than_the_grammar_is_refused_before_any_work(tiny_strong, tmp_path):
    config = tiny(tiny_strong, sizes=Sizes(gold=12, pool=1_000_000, val=4, test=10, shots=2))
    with pytest.raises(UsageError, match=r"1,000,026 snippets were asked for .* the grammar fills at most"):
        run(config, tmp_path)


def test_a_model_that_cannot_be_had_is_refused_before_any_work(finished, tmp_path, monkeypatch):
    monkeypatch.setenv("W2S_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(CourseError, match="gpt2 is not on this machine and could not be fetched"):
        run(replace(finished[0], strong_model="gpt2"), tmp_path / "out")
    assert not (tmp_path / "cache" / "stages").exists()


@pytest.mark.skipif(os.name == "nt", reason="a file where a folder is wanted fails alike everywhere else")
def test_a_folder_that_cannot_be_written_is_refused_before_any_work(finished, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match=r"Cannot write into .*file/run .*Name another folder with --out"):
        run(finished[0], tmp_path / "file" / "run")


def test_stages_side_by_side_give_the_same_results(finished, tmp_path, monkeypatch):
    config, results, *_ = finished
    monkeypatch.setenv("W2S_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("OMP_NUM_THREADS", str(results["environment"]["threads"]))
    announced, said = [], []
    folders = run_side_by_side(config, 2, announced.append, on_label=lambda *told: said.append(told))
    assert [step for step, _ in said] == [1, 3]  # of six: a twelfth, and half
    assert all(isinstance(answer, Answer) for _, answer in said)
    assert sorted(announced) == sorted(folders) == sorted(stage.name for stage in STAGES)
    assert without_times(build_results(config, folders)) == without_times(results)


def test_stages_that_are_cached_start_no_process(finished, monkeypatch):
    config, results, *_ = finished
    monkeypatch.setattr(side_by_side, "worker_processes", lambda *given: pytest.fail("a process was started"))
    folders = run_side_by_side(config, 2)
    assert without_times(build_results(config, folders)) == without_times(results)


def test_a_stage_that_fails_elsewhere_says_why_here(finished, tmp_path, monkeypatch):
    config, *_ = finished
    monkeypatch.setenv("W2S_CACHE", str(tmp_path / "cache"))
    wild = replace(config, weak_recipe=replace(config.weak_recipe, learning_rate=1e30))
    with pytest.raises(CourseError, match=r"The loss became .* try a tenth"):
        run_side_by_side(wild, 2)


def test_the_longest_chain_of_stages_begins_first():
    seconds = {stage.name: 1.0 for stage in STAGES}
    assert [s.name for s in by_urgency(seconds | {"ceiling": 9.0})][2:4] == ["lower_layers", "ceiling"]
    assert by_urgency(seconds | {"strong_prompted": 99.0})[2].name == "strong_prompted"


def test_what_the_first_label_on_the_screen_needs_begins_before_all_else():
    seconds = {stage.name: 1.0 for stage in STAGES}
    for long in seconds:
        assert [s.name for s in by_urgency(seconds | {long: 99.0})][:2] == ["weak", "labels"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_shows_its_first_weak_label_and_each_arms_accuracy(
    finished, without_report, tmp_path, caplog, jobs
):
    config, *_ = finished
    caplog.set_level(logging.INFO, logger="w2s_course")
    arms = run(config, tmp_path / "out", jobs)["arms"]
    (shown,) = [m for m in caplog.messages if m.startswith("the first weak label")]
    first = load_labels(tmp_path / "out" / "labels")[0]
    assert first["explanation"] in shown
    assert first["code"].splitlines()[0] in shown
    assert ("right" in shown.splitlines()[-1]) != ("wrong" in shown.splitlines()[-1])
    said = sorted(m for m in caplog.messages if m.endswith("fully right"))
    shares = {
        arm: f"{with_interval(arms[arm]['exact'])} of {config.sizes.test} test snippets" for arm in ARMS
    }
    assert said == sorted(f"{arm_name(arm)}: {share} fully right" for arm, share in shares.items())


def test_a_run_shows_what_the_weak_model_says_while_it_learns(finished, tmp_path, caplog, monkeypatch):
    config, *_ = finished
    monkeypatch.setenv("W2S_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(experiment, "STAGES", STAGES[:1])
    monkeypatch.setattr("w2s_course.run.LONGEST_SHOWN", 10)
    caplog.set_level(logging.INFO, logger="w2s_course")
    for expected in (["after 1 of 6", "after 3 of 6", "the first weak"], ["the first weak"]):  # then cached
        caplog.clear()
        _stages(config, 1)
        shown = [m for m in caplog.messages if m.startswith(("after", "the first"))]
        assert [m[: len(start)] for m, start in zip(shown, expected, strict=True)] == expected
        code = splits(config)["pool"][0].code.splitlines()
        assert all(m.splitlines()[1 : len(code) + 1] == [f"    {line}" for line in code] for m in shown)
        said = [m.splitlines()[-1].partition("   (")[0] for m in shown]
        assert all(len(text) <= len("    # ") + 10 for text in said), "babble is cut"


def test_a_weak_model_that_is_asked_while_it_learns_learns_the_same(finished, tmp_path):
    from safetensors.torch import load_file

    config, said, found = finished[0], [], []
    for name, on_label in (("quiet", None), ("asked", lambda step, answer: said.append(answer.text))):
        (tmp_path / name).mkdir()
        train_weak(config, {}, tmp_path / name, on_label)
        weights = load_file(tmp_path / name / "model" / "model.safetensors")
        found.append((weights, read_answers(tmp_path / name / FIRST_LABEL)))
    (quiet, first), (asked, second) = found
    assert len(said) == 2
    assert all(quiet[name].equal(asked[name]) for name in quiet | asked)
    assert first == second


def test_the_label_that_is_shown_first_is_that_of_the_first_snippet(finished, monkeypatch):
    config, _, _, cache = finished
    monkeypatch.setenv("W2S_CACHE", str(cache))
    folders = run_stages(config)
    (first,), labels = read_answers(folders["weak"] / FIRST_LABEL), load_labels(folders["labels"])
    assert first.text == labels[0]["explanation"]
    sure, other = (log(labels[n]["confidence"]) for n in (0, 1))
    assert log(first.confidence) == pytest.approx(sure, abs=1e-3)
    assert sure != pytest.approx(other, abs=1e-3)


def test_what_a_stage_wrote_is_judged_before_the_results_ask(finished, monkeypatch):
    config, _, _, cache = finished
    monkeypatch.setenv("W2S_CACHE", str(cache))
    folders = run_stages(config)
    judge.cache_clear()
    for stage, folder in folders.items():
        judge_early(config, stage, folder)
    before = judge.cache_info().misses
    assert before > 0
    labels, data = load_labels(folders["labels"]), splits(config)
    judge_all(labels["explanation"], data["pool"])
    for arm in ARMS:
        judge_all(answers_of(arm, folders), data["test"])
    assert judge.cache_info().misses == before


def test_a_run_leaves_the_process_as_many_threads_as_it_had(finished, without_report, tmp_path, monkeypatch):
    import torch

    monkeypatch.setattr("w2s_course.run.threads_of", lambda jobs: 3)
    before = torch.get_num_threads()
    assert before != 3
    run(finished[0], tmp_path / "out", jobs=2)
    assert torch.get_num_threads() == before


def test_a_run_starts_no_more_processes_than_it_has_stages(finished, tmp_path, monkeypatch):
    asked = []

    def side_by_side(config, jobs, *_):
        asked.append(jobs)
        return run_stages(config)

    monkeypatch.setattr("w2s_course.run.run_side_by_side", side_by_side)
    run(finished[0], tmp_path / "out", jobs=10**9)
    assert asked == [len(STAGES)]


def test_two_runs_may_look_at_one_folder_at_the_same_time(tmp_path):
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(make_folder, tmp_path / "runs") for _ in range(400)]:
            done.result()
    assert list((tmp_path / "runs").iterdir()) == []
