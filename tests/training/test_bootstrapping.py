"""Claims about the chain of models from weak to strong."""

from __future__ import annotations

import pytest

from w2s_course.errors import UsageError
from w2s_course.labeling import label_set, relabelled
from w2s_course.models.answers import Answer
from w2s_course.models.weak import WeakArchitecture, new_weak_model, train_tokenizer
from w2s_course.snippets.grammar import make_splits
from w2s_course.training.bootstrapping import MIDDLE, Step, bootstrap, middle_step
from w2s_course.training.recipe import Recipe

SNIPPETS = make_splits({"pool": 7}, seed=5)["pool"]


@pytest.fixture
def labels():
    return label_set(SNIPPETS, [Answer(f"{i}", 0.5) for i in range(7)], "weak")


def adding(letter: str, seen: list[list[str]]) -> Step:
    """A step that has memorised its labels and adds a letter to them; a snippet unseen is a question mark."""

    def train(labels):
        seen.append(list(labels["explanation"]))
        known = dict(zip(labels["code"], labels["explanation"], strict=True))
        return lambda codes: [Answer(known.get(code, "?") + letter, 0.9) for code in codes]

    return Step(letter, train)


def test_each_step_learns_from_the_labels_of_the_one_before(labels):
    seen: list[list[str]] = []
    first, second, third = bootstrap(labels, [adding("a", seen), adding("b", seen)])
    assert first is labels
    assert list(second["explanation"]) == [f"{i}a" for i in range(7)]
    assert list(third["explanation"]) == [f"{i}ab" for i in range(7)]
    assert seen == [list(first["explanation"]), list(second["explanation"])]
    assert (set(third["labeller"]), set(third["confidence"])) == ({"b"}, {0.9})


def test_the_snippets_and_all_else_that_is_known_of_them_stay(labels):
    planted = labels.add_column("planted", [i % 2 == 0 for i in range(7)])
    last = bootstrap(planted, [adding("a", [])])[-1]
    changed = {"explanation", "confidence", "labeller"}
    assert last.column_names == planted.column_names
    assert all(
        list(last[name]) == list(planted[name]) for name in planted.column_names if name not in changed
    )


def test_without_steps_the_student_takes_the_weak_labels(labels):
    assert bootstrap(labels, []) == [labels]


def test_with_folds_no_model_labels_what_it_was_trained_on(labels):
    seen: list[list[str]] = []
    last = bootstrap(labels, [adding("a", seen)], folds=3, seed=1)[-1]
    assert list(last["explanation"]) == ["?a"] * 7
    left_out = [{f"{i}" for i in range(7)} - set(part) for part in seen]
    assert sorted(map(len, left_out)) == [2, 2, 3]
    assert set.union(*left_out) == {f"{i}" for i in range(7)}


def test_with_folds_answers_come_back_to_their_own_snippets(labels):
    echo = Step("echo", lambda labels: lambda codes: [Answer(code, 1.0) for code in codes])
    for seed in range(4):
        last = bootstrap(labels, [echo], folds=3, seed=seed)[-1]
        assert list(last["explanation"]) == list(labels["code"])


@pytest.mark.parametrize("folds", [0, 8])
def test_folds_without_a_label_each_are_refused(labels, folds):
    with pytest.raises(UsageError, match=f"{folds} folds of 7 labels"):
        bootstrap(labels, [], folds=folds)


def test_as_many_answers_as_snippets_are_needed(labels):
    with pytest.raises(ValueError, match="1 answers are no labels of 7"):
        relabelled(labels, [Answer("a", 1.0)], "short")


def test_the_middle_size_has_five_to_six_times_the_weak_models_parameters():
    tokenizer = train_tokenizer((f"{s.code}\n# {s.explanation}" for s in SNIPPETS), 512)
    weak, middle = (
        new_weak_model(a, tokenizer, seed=0).num_parameters() for a in (WeakArchitecture(), MIDDLE)
    )
    assert 5 < middle / weak < 6


def test_a_model_from_scratch_learns_its_labels_and_gives_them_back():
    said = ["Returns the sum.", "Nothing of the sort."]
    labels = label_set(SNIPPETS[:2], [Answer(text, 1.0) for text in said], "weak")
    tiny = WeakArchitecture(width=32, layers=2, heads=2, vocabulary=300)
    [_, last] = bootstrap(labels, [middle_step("tiny", Recipe(2e-2, batch_size=2), 40, 0, tiny)])
    assert list(last["explanation"]) == said
    assert set(last["labeller"]) == {"tiny"}
    assert all(0 < sure < 1 for sure in last["confidence"])
