"""Claims about the cascade, worked out by hand on four snippets."""

from __future__ import annotations

import pytest

from w2s_course.errors import UsageError
from w2s_course.models.answers import Answer
from w2s_course.training.cascade import CascadePoint, cascade, cascade_curve, unsure

SMALL = [Answer(f"small {i}", sure) for i, sure in enumerate((0.9, 0.6, 0.6, 0.2))]
LARGE = [Answer(f"large {i}", 0.5) for i in range(4)]
SMALL_RIGHT, LARGE_RIGHT = [True, True, False, False], [True, False, True, True]


def test_the_small_model_answers_from_the_threshold_up_and_the_large_one_below():
    assert [a.text for a in cascade(SMALL, LARGE, 0.6)] == ["small 0", "small 1", "small 2", "large 3"]
    assert [a.text for a in cascade(SMALL, LARGE, 0.61)] == ["small 0", "large 1", "large 2", "large 3"]
    assert unsure(SMALL, 0.6) == [3]


def test_at_zero_the_small_model_answers_all_and_above_one_none():
    assert cascade(SMALL, LARGE, 0.0) == SMALL
    assert cascade(SMALL, LARGE, 1.01) == LARGE


def test_the_curve_is_the_one_worked_out_by_hand():
    curve = cascade_curve(SMALL, SMALL_RIGHT, LARGE_RIGHT, small_cost=1, large_cost=10)
    *first, last = curve
    assert first == [
        CascadePoint(0.2, 1.0, accuracy=0.5, cost_share=0.1),
        CascadePoint(0.6, 0.75, accuracy=0.75, cost_share=pytest.approx(0.35)),
        CascadePoint(0.9, 0.25, accuracy=0.75, cost_share=pytest.approx(0.85)),
    ]
    assert (last.small_share, last.accuracy) == (0.0, 0.75)
    assert last.cost_share == pytest.approx(1.1), "asking both about everything costs more than the large one"
    assert last.threshold > 0.9


def test_the_curve_is_that_of_the_cascades_answers():
    right = {"small": SMALL_RIGHT, "large": LARGE_RIGHT}
    thresholds = (0.0, 0.3, 0.7, 2.0)
    curve = cascade_curve(SMALL, SMALL_RIGHT, LARGE_RIGHT, small_cost=1, large_cost=2, thresholds=thresholds)
    for threshold, point in zip(thresholds, curve, strict=True):
        who = [answer.text.split() for answer in cascade(SMALL, LARGE, threshold)]
        assert point.accuracy == sum(right[name][int(i)] for name, i in who) / 4
        assert point.small_share == sum(name == "small" for name, _ in who) / 4


def test_even_a_small_model_that_is_certain_can_be_passed_over():
    certain = [Answer("small", 1.0)]
    curve = cascade_curve(certain, [False], [True], small_cost=0, large_cost=1)
    assert [point.small_share for point in curve] == [1.0, 0.0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"large_right": [True]}, "4 and 1 answers"),
        ({"small": [], "small_right": [], "large_right": []}, "got 0 snippets"),
        ({"large_cost": 0}, r"large one's of 0 \(above 0\)"),
        ({"small_cost": -1}, r"cost of -1 \(0 or more\)"),
    ],
)
def test_a_curve_that_cannot_be_drawn_is_refused(changes, said):
    given = {"small": SMALL, "small_right": SMALL_RIGHT, "large_right": LARGE_RIGHT}
    with pytest.raises(UsageError, match=said):
        cascade_curve(**{**given, "small_cost": 1, "large_cost": 2, **changes})


def test_answers_about_other_snippets_are_refused():
    with pytest.raises(UsageError, match="4 and 3 answers"):
        cascade(SMALL, LARGE[:3], 0.5)
