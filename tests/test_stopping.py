"""Claims about where to stop."""

from __future__ import annotations

import pytest

from w2s_course.errors import UsageError
from w2s_course.snippets.grammar import make_splits
from w2s_course.stopping import judged_curve, stopping_points


def curve(*points: tuple[int, float | None, float | None]):
    return [{"step": s, "gold": {"value": g}, "weak": {"value": w}} for s, g, w in points]


def test_both_points_are_found_and_their_difference_is_the_cost():
    found = stopping_points(curve((10, 0.5, 0.3), (20, 0.8, 0.4), (30, 0.7, 0.6), (40, 0.6, 0.5)))
    assert (found.by_gold.step, found.by_weak.step, found.last.step) == (20, 30, 40)
    assert (found.lost, found.worth) == (0.1, 0.1)


def test_of_equally_good_steps_the_earlier_is_taken_in_whatever_order_they_come():
    points = curve((30, 0.7, 0.5), (10, 0.7, 0.4), (20, 0.6, 0.5))
    found = stopping_points(points)
    assert (found.by_gold.step, found.by_weak.step, found.last.step) == (10, 20, 30)
    assert stopping_points(points[::-1]) == found


def test_stopping_by_the_teacher_may_do_harm():
    assert stopping_points(curve((10, 0.5, 0.6), (20, 0.7, 0.5))).worth == -0.2


def test_points_that_were_not_measured_are_no_stopping_points():
    assert stopping_points(curve((10, None, 0.9), (20, 0.1, 0.1))).by_weak.step == 20
    with pytest.raises(UsageError, match="None of the 1 points"):
        stopping_points(curve((10, None, 0.9)))


def test_a_curve_is_judged_by_the_truth_and_by_the_teacher():
    val = make_splits({"val": 3}, seed=0)["val"]
    truth = [s.explanation for s in val]
    weak = [truth[0], truth[0], "Hm."]
    (point,) = judged_curve([{"step": 7, "loss": 0.2, "answers": [truth[0], truth[0], "Hm."]}], val, weak)
    assert (point["step"], point["loss"]) == (7, 0.2)
    assert point["gold"]["value"] == pytest.approx(1 / 3)
    assert point["weak"]["value"] == pytest.approx(2 / 3), "what cannot be read is like nothing"
    with pytest.raises(ValueError, match="shorter"):
        judged_curve([{"step": 7, "loss": 0.2, "answers": truth}], val, weak[:2])


@pytest.mark.parametrize("wrong", [(20, float("nan"), 0.5), (20, 0.5, float("inf")), (20, 70.0, 0.5)])
def test_a_point_that_is_no_share_is_named(wrong):
    with pytest.raises(UsageError, match="At step 20 of this curve gold is"):
        stopping_points(curve((10, 0.5, 0.5), wrong))
