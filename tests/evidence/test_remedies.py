"""Claims about the remedies of unit 7: rows become comparisons, plots and live results that say the same."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace

import pytest
from matplotlib.figure import Figure

from w2s_course.evidence import remedy_rows as module
from w2s_course.evidence.measured import Setting, measured
from w2s_course.evidence.remedies import REMEDIES
from w2s_course.evidence.remedy_rows import NEEDS, recorded_remedies
from w2s_course.learn.friendly import Friendly
from w2s_course.learn.live_remedies import CHOICES, DRAWS, Comparison, _drawn, by_cascade, compare_remedy
from w2s_course.learn.rows import pair_row
from w2s_course.learn.selected import selection_by_concept
from w2s_course.models.answers import Answer
from w2s_course.models.weak import WeakArchitecture, new_weak_model, train_tokenizer
from w2s_course.plots.remedies import remedies, selection
from w2s_course.snippets.grammar import make_splits

BASE = {
    "gold": 300, "pool": 1000, "test": 200, "labels": "weak", "plan": None, "student": "strong",
    "count": 1000,
    "strong_model": "big", "weak_model": "scratch", "precision": "float32", "flops_training": 3.0,
}  # fmt: skip


def row(seed: int, exact: float, method: str = "plain", preparing: float = 1.0, **more: object) -> dict:
    return {**BASE, "seed": seed, "exact": exact, "method": method, "flops_preparing": preparing, **more}


def setting(*rows: dict) -> Setting:
    return Setting("imagined", "imagined", rows)


PLAIN = [row(seed, 0.7 + 0.1 * seed) for seed in (0, 1, 2)]


def test_remedies_are_compared_by_seed_and_sorted_by_their_mean():
    better = [row(s, 0.75 + 0.1 * s + 0.001 * s, "gold_fraction", 5.0, share=0.1) for s in (0, 1, 2)]
    worse = [row(s, 0.65 + 0.1 * s + 0.001 * s, "select", share=0.5) for s in (0, 1, 2)]
    found = recorded_remedies(setting(*PLAIN, *worse, *better))
    assert [remedy.method for remedy in found] == ["gold_fraction", "select"]
    assert found[0].change.above, "seeds differ by ten points, the pairs by next to nothing"
    assert found[1].change.below
    assert found[0].work == pytest.approx(2.0)
    assert found[0].needs == NEEDS["gold_fraction"]


def test_every_remedy_says_what_it_needs():
    assert set(NEEDS) == {*REMEDIES, "stopping", "cascade"}


def test_the_work_of_a_remedy_is_a_multiple_of_that_of_the_student_that_it_is_compared_with():
    """Distillation is compared with a student of the same teacher, which is not the plain one's."""
    own = [row(s, 0.6, "kd", 5.0, weight=0.0) for s in (0, 1, 2)]
    distilled = [row(s, 0.7, "kd", 5.0, weight=1.0) for s in (0, 1, 2)]
    (found,) = recorded_remedies(setting(*PLAIN, *own, *distilled))
    assert (found.method, found.work) == ("kd", 1.0)


def test_what_trains_nothing_anew_has_no_multiple_of_work():
    together = [row(s, 0.7 + 0.1 * s, "cascade", cascade_exact=0.6 + 0.1 * s) for s in (0, 1, 2)]
    stopped = [row(s, 0.7 + 0.1 * s, "stopping", stop_worth=0.0) for s in (0, 1, 2)]
    found = {remedy.method: remedy for remedy in recorded_remedies(setting(*PLAIN, *together, *stopped))}
    assert found["cascade"].work is None
    assert found["cascade"].change.mean == pytest.approx(-0.1)
    assert found["stopping"].change.mean == 0


def test_without_rows_nothing_is_claimed(monkeypatch):
    assert recorded_remedies(None) == []
    assert recorded_remedies(setting(*PLAIN)) == []
    monkeypatch.setattr(module, "recorded_sweeps", list)
    assert module.remedy_setting() is None
    assert "nothing is recorded yet" in remedies({}, Figure().subplots()).alt


def test_the_plot_says_what_the_intervals_permit():
    changes = {
        "helper": measured({0: 0.05, 1: 0.06, 2: 0.055}),
        "harm": measured({0: -0.05, 1: -0.06, 2: -0.055}),
        "unclear": measured({0: 0.1, 1: -0.1}),
        "single": measured({0: 0.3}),
    }
    drawn = remedies(changes, Figure().subplots())
    assert drawn.axes.get_title(loc="left").replace("\n", " ") == "Of 4 remedies 1 helped, 1 hurt"
    assert "unclear +0.0 points" in drawn.alt
    assert "one seed: nothing can be said" in drawn.alt
    assert [t.get_text() for t in drawn.axes.get_yticklabels()] == list(changes)


def test_a_selection_keeps_what_the_teacher_is_sure_of():
    pool = make_splits({"pool": 24}, seed=0)["pool"]
    rows = []
    for number, snippet in enumerate(pool):
        said = snippet.explanation if number % 2 else "Returns."
        made = pair_row(number, snippet, said, said)
        rows.append(
            SimpleNamespace(**{**vars(made), "right": number % 2, "confidence": 0.2 + 0.6 * (number % 2)})
        )
    found = selection_by_concept(rows, pool, share=0.5)
    assert found.right == (0.5, 1.0)
    assert found.known[0] + found.hard[0] == 12
    assert found.known[1] + found.hard[1] == 24
    assert sum(kept.labels for kept in found.concepts.values()) == 24
    assert "One bubble a concept" in selection(found.concepts, Figure().subplots()).alt


def test_a_live_comparison_is_paired():
    same = Comparison("one", "other", (True, False) * 20, (True, False) * 20, "")
    assert same.outcome == "no difference shown"
    assert Comparison("one", "other", (False,) * 40, (True,) * 40, "").outcome == "better"
    assert Comparison("one", "other", (True,) * 40, (False,) * 40, "").outcome == "worse"
    assert "100.0%" in str(Comparison("one", "other", (False,) * 40, (True,) * 40, ""))


def test_the_cascade_takes_its_threshold_from_validation(tmp_path: Path):
    data = make_splits({"val": 4, "test": 6}, seed=0)

    def write(name: str, answers: list[Answer]) -> None:
        (tmp_path / name).write_text("".join(json.dumps(asdict(a)) + "\n" for a in answers))

    for name, wrong in (("val", 2), ("test", 3)):
        texts = ["Returns." if i < wrong else s.explanation for i, s in enumerate(data[name])]
        write(f"{name}.jsonl", [Answer(t, 0.1 if t == "Returns." else 0.9) for t in texts])
    write("answers.jsonl", [Answer(s.explanation, 1.0) for s in data["test"]])
    point = {"step": 1, "loss": 0.1, "answers": [s.explanation for s in data["val"]]}
    (tmp_path / "curve.jsonl").write_text(json.dumps(point) + "\n")
    lesson = SimpleNamespace(
        splits=data, stages=lambda *names: {"labels": tmp_path, "weak_to_strong": tmp_path}
    )
    found = by_cascade(lesson)
    assert all(found.after), "the teacher is asked only where it is right"
    assert "50.0%" in found.note


def test_the_draws_of_a_lesson_follow_the_seed_of_its_run_and_leave_torchs_own_alone():
    import torch

    tokenizer = train_tokenizer([snippet.code for snippet in make_splits({"gold": 24}, seed=0)["gold"]], 300)
    model = new_weak_model(WeakArchitecture(16, 1, 2, 300, 256), tokenizer, 0)
    codes = ["def f(xs):\n    return sum(xs)"]
    before = torch.get_rng_state()
    first, again, other = (_drawn(model, tokenizer, codes, seed) for seed in (0, 0, 1))
    assert first == again != other
    assert len(first[0]) == DRAWS
    assert torch.equal(before, torch.get_rng_state())


def test_an_unknown_choice_is_named_with_its_neighbours():
    with pytest.raises(Friendly, match="draws"):
        compare_remedy(SimpleNamespace(), "drawz")
    assert set(CHOICES) == {"draws", "second teacher", "cascade"}
