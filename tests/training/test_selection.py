"""Claims about which labels are kept, and which are replaced by gold."""

from __future__ import annotations

import pytest

from w2s_course.errors import CourseError, UsageError
from w2s_course.labeling import label_set, load_labels, save_labels
from w2s_course.models.answers import Answer
from w2s_course.snippets.grammar import make_splits
from w2s_course.training.selection import agreeing, drop_unlikely, mix_gold, select_by_likelihood

SNIPPETS = make_splits({"pool": 6}, seed=3)["pool"]
SURE = (0.5, 0.9, 0.5, 0.1, 0.7, 0.5)


@pytest.fixture
def labels():
    answers = [Answer(f"Sentence {i}.", sure) for i, sure in enumerate(SURE)]
    return label_set(SNIPPETS, answers, "weak")


def said(labels) -> list[str]:
    return list(labels["explanation"])


def test_the_likeliest_share_is_kept_in_the_order_of_the_rows(labels):
    assert said(select_by_likelihood(labels, 1 / 3)) == ["Sentence 1.", "Sentence 4."]


def test_of_equally_likely_labels_the_first_stay(labels):
    assert said(select_by_likelihood(labels, 2 / 3)) == [f"Sentence {i}." for i in (0, 1, 2, 4)]


def test_one_label_stays_however_small_the_share_and_all_at_one(labels):
    assert said(select_by_likelihood(labels, 0.01)) == ["Sentence 1."]
    assert select_by_likelihood(labels, 1.0).to_dict() == labels.to_dict()


@pytest.mark.parametrize("share", [0.0, -0.1, 1.1, float("nan")])
def test_a_share_that_keeps_nothing_or_more_than_all_is_refused(labels, share):
    with pytest.raises(UsageError, match=f"share of labels to keep is {share}"):
        select_by_likelihood(labels, share)


def test_unlikely_labels_are_dropped_and_the_bound_itself_is_kept(labels):
    assert said(drop_unlikely(labels, 0.7)) == ["Sentence 1.", "Sentence 4."]


def test_a_bound_that_no_label_reaches_is_refused_with_the_best_one(labels):
    with pytest.raises(CourseError, match=r"at least 0\.95.*likeliest of 6 has 0\.9"):
        drop_unlikely(labels, 0.95)


def test_a_likelihood_that_is_no_number_has_no_place_in_the_order():
    answers = [Answer("A sentence.", 0.5), Answer("Another.", float("nan"))]
    unsure = label_set(SNIPPETS[:2], answers, "weak")
    for selected in (lambda: select_by_likelihood(unsure, 0.5), lambda: drop_unlikely(unsure, 0.5)):
        with pytest.raises(UsageError, match="Label 1 has the likelihood nan"):
            selected()
    with pytest.raises(UsageError, match="The least likelihood is no number"):
        drop_unlikely(unsure, float("nan"))


def test_what_is_saved_is_what_was_selected(labels, tmp_path):
    from w2s_course.labeling import LabelCard

    save_labels(select_by_likelihood(labels, 0.5), LabelCard("Selected", "weak", "gold"), tmp_path)
    assert said(load_labels(tmp_path)) == ["Sentence 0.", "Sentence 1.", "Sentence 4."]


def test_labels_stay_where_the_student_claims_the_same_in_whatever_words():
    pairs = [
        ("Returns the sum of the even numbers.", "Returns the sum of the even numbers."),
        ("Returns the sum of the negative numbers.", "returns the total of all numbers less than 0"),
        ("Returns the sum of the even numbers.", "Returns the sum of the odd numbers."),
        ("Gibberish.", "Gibberish."),
        ("Returns the sum of the even numbers.", "Gibberish."),
    ]
    labels = label_set(SNIPPETS[:5], [Answer(weak, 0.5) for weak, _ in pairs], "weak")
    kept = agreeing(labels, [Answer(student, 0.5) for _, student in pairs])
    assert list(kept["code"]) == [s.code for s in SNIPPETS[:2]]


def test_a_student_that_agrees_with_nothing_is_told_to_learn_longer(labels):
    with pytest.raises(CourseError, match="agrees with none of the 6 labels"):
        agreeing(labels, [Answer("?", 0.5)] * 6)
    with pytest.raises(UsageError, match="6 labels and 2 answers"):
        agreeing(labels, [Answer("?", 0.5)] * 2)


def test_a_share_of_gold_replaces_so_many_labels_and_no_others(labels):
    mixed = mix_gold(labels, 0.5, seed=1)
    bought = [i for i, labeller in enumerate(mixed["labeller"]) if labeller == "gold"]
    assert len(bought) == 3
    for i, row in enumerate(mixed):
        if i in bought:
            assert (row["explanation"], row["confidence"]) == (SNIPPETS[i].explanation, 1.0)
        else:
            assert row == labels[i]
    assert list(mixed["code"]) == list(labels["code"])


def test_more_gold_holds_the_rows_of_less_and_another_seed_others(labels):
    def bought(share: float, seed: int) -> set[int]:
        return {i for i, who in enumerate(mix_gold(labels, share, seed)["labeller"]) if who == "gold"}

    assert bought(1 / 6, 1) < bought(0.5, 1) < bought(1.0, 1)
    assert len({frozenset(bought(0.5, seed)) for seed in range(8)}) > 1
    assert bought(0.0, 1) == set()
    assert mix_gold(labels, 0.0, 1).to_dict() == labels.to_dict()


def test_of_a_row_that_gold_replaces_nothing_is_planted_any_more(labels):
    planted = labels.add_column("planted", [True] * 6)
    mixed = mix_gold(planted, 0.5, seed=1)
    assert list(mixed["planted"]) == [who != "gold" for who in mixed["labeller"]]


@pytest.mark.parametrize("share", [-0.1, 1.5, float("nan")])
def test_a_share_of_gold_beyond_all_or_nothing_is_refused(labels, share):
    with pytest.raises(UsageError, match=f"share of gold is {share}"):
        mix_gold(labels, share, seed=0)
