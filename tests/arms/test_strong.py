"""Claims about what a student's training passes through the frozen layers: nothing twice, nothing in vain."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from w2s_course.arms import strong
from w2s_course.arms.files import splits
from w2s_course.config import Config, Sizes
from w2s_course.labeling import LabelCard, label_set, save_labels
from w2s_course.models.answers import Answer
from w2s_course.training.lower import LowerStates, load_states
from w2s_course.training.recipe import Recipe

SAID = "Returns the sum of the even numbers."  # of every snippet, as a poor teacher might


@pytest.fixture
def config(tiny_strong) -> Config:
    sizes = Sizes(gold=12, pool=16, val=4, test=6, shots=2)
    return Config("tiny", 0, sizes, strong_model=str(tiny_strong), strong_recipe=Recipe(1e-3, batch_size=4))


@pytest.fixture
def passed(monkeypatch) -> Callable[[], list[int]]:
    """Tells how many rows each training, or each question, passed through the frozen layers."""
    found: list[LowerStates] = []

    def watched(*given) -> LowerStates:
        found.append(LowerStates(*given))
        return found[-1]

    monkeypatch.setattr(strong, "LowerStates", watched)
    return lambda: [len(lower.computed) for lower in found]


@pytest.fixture
def labels(config, tmp_path):
    """The folder of a teacher that says the same of everything."""
    folder = tmp_path / "labels"
    folder.mkdir()
    pool = splits(config)["pool"]
    found = label_set(pool, [Answer(SAID, 0.5)] * len(pool), "a teacher")
    save_labels(found, LabelCard("Labels", "a teacher", "nothing"), folder)
    return folder


def codes_of(config: Config) -> list[str]:
    return [s.code for s in splits(config)["pool"]]


@pytest.mark.parametrize(("steps", "visited"), [(1, 4), (3, 12), (4, 16), (9, 16)])
def test_only_examples_that_are_visited_are_passed(config, passed, steps, visited):
    strong.fine_tuned(config, codes_of(config), [SAID] * 16, None, steps=steps, progress="")
    assert passed() == [visited]


def test_the_stage_before_leaves_nothing_to_be_passed(config, passed, labels, tmp_path):
    out = tmp_path / "lower"
    out.mkdir()
    strong.run_lower(config, {"labels": labels}, out)
    gold = [s.explanation for s in splits(config)["pool"]]
    for said in (gold, [SAID] * 16):
        strong.fine_tuned(config, codes_of(config), said, out, checkpoints=config.checkpoints, progress="")
    assert passed() == [0] * 2 * (1 + len(config.checkpoints))


def test_without_labels_the_stage_passes_the_gold_sentences_alone(config, labels, tmp_path):
    with_them, without = tmp_path / "with", tmp_path / "without"
    for out, inputs in ((with_them, {"labels": labels}), (without, {})):
        out.mkdir()
        strong.run_lower(config, inputs, out)
    assert len(load_states(without)) == 16 + 4 + 6
    assert len(load_states(with_them)) == 16 + 4 + 6 + sum(
        s.explanation != SAID for s in splits(config)["pool"]
    )
