"""Claims about trials: what a student learns from, what is measured, what is never computed twice."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import replace
from pathlib import Path

import pytest

from w2s_course import stages
from w2s_course.arms.files import splits
from w2s_course.errors import CourseError, UsageError
from w2s_course.labeling import load_labels
from w2s_course.trials import Trial, run_trial
from w2s_course.trials.bench import Bench
from w2s_course.trials.methods import METHODS
from w2s_course.trials.remedies import TEACH
from w2s_course.trials.row import TIMES

spec = importlib.util.spec_from_file_location("trials_tiny", Path(__file__).parent / "tiny.py")
tiny = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tiny)

PLAN = {"kind": "systematic", "rules": ["even-as-odd", "less-than-as-at-most", "negative-as-positive"]}
# Random weights say nothing that can be read, so no student agrees with a label: refused, tested below.
TRAINABLE = sorted(set(METHODS) - {"filter_agreement"})


@pytest.fixture(scope="module")
def strong(tiny_strong, tmp_path_factory):
    """The tiny strong model, with a cache of this module's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("W2S_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield tiny_strong


def settings(method: str) -> dict[str, float]:
    small = {"width": 32, "layers": 1, "generations": 1, "members": 2}
    return {name: small[name] for name in METHODS[method].settings if name in small}


def test_every_method_that_may_be_asked_for_is_a_function_too():
    assert set(TEACH) == set(METHODS)


@pytest.mark.parametrize("method", TRAINABLE)
def test_every_method_gives_a_flat_row_of_plain_numbers(method, strong):
    trial = tiny.tiny_trial(strong, method=method, settings=settings(method))
    row = run_trial(trial)
    assert json.loads(json.dumps(row)) == row
    assert row["trial"] == trial.identity
    assert row["method"] == method
    assert 0 <= row["exact"] <= 1
    assert row["gain"] == pytest.approx(row["exact"] - row["teacher_exact"])
    assert row["flops_training"] > 0
    assert row["device"] == "cpu"


def test_a_trial_made_again_computes_no_stage_and_gives_the_same_row(strong, monkeypatch):
    trial = tiny.tiny_trial(strong, labels="gold", count=8)
    first = run_trial(trial)
    original = stages.publish_once

    def refuse(folder, fill, *, what):
        return original(folder, lambda partial: pytest.fail(f"{what} was computed again"), what=what)

    monkeypatch.setattr(stages, "publish_once", refuse)
    assert run_trial(trial) == first


def test_what_is_made_twice_from_nothing_differs_only_in_its_times(strong, tmp_path, monkeypatch):
    trial = tiny.tiny_trial(strong)
    first = run_trial(trial)
    monkeypatch.setenv("W2S_CACHE", str(tmp_path))
    again = run_trial(trial)
    assert {k for k in first if first[k] != again[k]} <= set(TIMES)


def test_a_count_takes_the_first_snippets_of_the_pool_and_the_steps_stay(strong):
    few, all_of_them = (tiny.tiny_trial(strong, count=count) for count in (8, None))
    codes = list(load_labels(Bench(few).pairs)["code"])
    assert codes == [s.code for s in splits(few.config)["pool"][:8]]
    assert run_trial(few)["steps"] == run_trial(all_of_them)["steps"] == few.config.strong_steps
    assert run_trial(few)["learned"] == 8


def test_gold_labels_are_the_truth_and_planted_ones_are_not(strong):
    gold = run_trial(tiny.tiny_trial(strong, labels="gold"))
    planted = run_trial(tiny.tiny_trial(strong, labels="gold", plan=PLAN))
    matched = run_trial(tiny.tiny_trial(strong, labels="gold", plan={**PLAN, "kind": "matched"}))
    assert (gold["learned_right"], gold["learned_wrong"]) == (1, 0)
    assert planted["learned_wrong"] == matched["learned_wrong"] > 0
    assert "planted_repeated" in planted
    assert "planted_repeated" not in gold


def test_gold_is_bought_for_the_share_that_was_asked(strong):
    bench = Bench(tiny.tiny_trial(strong, method="gold_fraction", settings={"share": 0.5}))
    labellers = list(load_labels(TEACH["gold_fraction"](bench).learned)["labeller"])
    assert labellers.count("gold") == 12


def test_selection_keeps_the_likeliest_labels(strong):
    bench = Bench(tiny.tiny_trial(strong, method="select", settings={"share": 0.5}))
    kept = TEACH["select"](bench).learned
    confidences = sorted(load_labels(bench.pairs)["confidence"], reverse=True)
    assert sorted(load_labels(kept)["confidence"], reverse=True) == confidences[:12]


def test_a_student_that_agrees_with_no_label_says_so(strong):
    with pytest.raises(CourseError, match="agrees with none of the 24 labels"):
        run_trial(tiny.tiny_trial(strong, method="filter_agreement"))


def test_a_confident_student_is_another_one_than_the_plain(strong):
    plain, confident = (Bench(tiny.tiny_trial(strong, method=m)) for m in ("plain", "confidence"))
    folders = [TEACH[b.trial.method](b).student for b in (plain, confident)]
    losses = [json.loads((f / "curve.jsonl").read_text().splitlines()[-1])["loss"] for f in folders]
    assert losses[0] != losses[1]


def test_distillation_without_weight_is_the_plain_loss(strong):
    rows = [
        TEACH[method](Bench(tiny.tiny_trial(strong, method=method, settings={"weight": weight})))
        for method, weight in (("kd", 0.0), ("kd_decaying", 0.0), ("kd", 1.0))
    ]
    curves = [(taught.student / "curve.jsonl").read_text() for taught in rows]
    assert curves[0] == curves[1] != curves[2]


def test_the_cascade_loses_no_validation_accuracy_and_needs_a_curve(strong):
    row = run_trial(tiny.tiny_trial(strong, method="cascade"))
    assert 0 <= row["cascade_small_share"] <= 1
    config = tiny.tiny_config(strong, points=1)
    with pytest.raises(CourseError, match="Give `points` of 2 or more"):
        run_trial(Trial(config, method="cascade"))
    with pytest.raises(CourseError, match="Give `points` of 2 or more"):
        run_trial(Trial(config, method="stopping"))


def test_the_identity_is_the_json_and_the_json_is_the_trial(strong):
    trial = tiny.tiny_trial(strong, plan=PLAN, method="gold_fraction")
    again = Trial.from_dict(json.loads(json.dumps(trial.as_dict())))
    assert again.identity == trial.identity
    assert trial.settings == {"share": 0.1}
    others = [replace(trial, settings={"share": 0.2}), replace(trial, count=3), replace(trial, labels="gold"),
              replace(trial, config=replace(trial.config, seed=1))]  # fmt: skip
    assert len({trial.identity, *(other.identity for other in others)}) == 5


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"labels": "wek"}, "Unknown kind of labels 'wek'. Did you mean 'weak'?"),
        ({"student": "strnog"}, "Unknown student 'strnog'. Did you mean 'strong'?"),
        ({"method": "plian"}, "Unknown method 'plian'. Did you mean 'plain'?"),
        ({"method": "select", "settings": {"shrae": 1}}, "Unknown setting of the method select 'shrae'"),
        ({"count": 25}, "25 labels were asked for; the pool has 24"),
        ({"count": 0}, "0 labels were asked for"),
        ({"plan": {"kind": "sytematic"}}, "Did you mean 'systematic'"),
        ({"plan": {"kind": "systematic", "rlues": []}}, "Unknown field of a plan 'rlues'"),
    ],
)
def test_a_trial_that_means_nothing_is_refused_before_any_work(changes, said, strong):
    with pytest.raises(UsageError, match=said.replace("?", r"\?")):
        tiny.tiny_trial(strong, **changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"method": "confidence", "student": "control"}, r"confidence knows no student = 'control'"),
        ({"method": "stopping", "student": "control"}, r"stopping knows no student = 'control'"),
        ({"method": "kd", "labels": "gold", "plan": PLAN}, r"no labels = 'gold' and no plan of errors"),
        ({"method": "average", "plan": PLAN}, "average knows no plan of errors"),
        ({"method": "generations_replace", "labels": "gold"}, r"knows no labels = 'gold'"),
        ({"method": "generations_replace", "count": 3}, r"knows no count = 3"),
        ({"method": "vote", "plan": PLAN}, "vote knows no plan of errors"),
        ({"method": "bootstrap", "plan": PLAN}, "bootstrap knows no plan of errors"),
    ],
)
def test_what_a_method_would_ignore_is_refused_before_any_work(strong, changes, said):
    """Else the row would say what the student was not told."""
    with pytest.raises(UsageError, match=said):
        tiny.tiny_trial(strong, **changes)


@pytest.mark.parametrize("method", ["plain", "gold_fraction", "select", "vote", "bootstrap"])
def test_a_control_may_be_taught_by_a_method_that_changes_labels_alone(strong, method):
    assert tiny.tiny_trial(strong, method=method, student="control").student == "control"


@pytest.mark.parametrize("method", ["cascade", "stopping"])
def test_a_method_that_reads_the_curve_wants_one_before_any_work(strong, method):
    trial = tiny.tiny_trial(strong)
    with pytest.raises(UsageError, match=r"points = 1 it is too short"):
        replace(trial, method=method, settings={}, config=replace(trial.config, points=1))
