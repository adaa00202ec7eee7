"""Several runs of one configuration as one finding."""

import copy

import pytest

from w2s_course.errors import UsageError
from w2s_course.seeds import mean_with_interval, summary, t975


def with_seed(results, seed, student=0.67):
    run = copy.deepcopy(results)
    run["config"]["seed"] = seed
    run["arms"]["weak_to_strong"]["exact"]["value"] = student
    return run


def test_no_runs_have_no_mean():
    with pytest.raises(UsageError, match="at least one run"):
        summary([])


def test_a_seed_that_is_there_twice_is_refused(sample_results):
    with pytest.raises(UsageError, match="Seed 0 is there more than once"):
        summary([sample_results, sample_results])


def test_runs_with_other_sizes_are_refused(sample_results):
    other = with_seed(sample_results, 1)
    other["config"]["sizes"]["pool"] = 2000
    with pytest.raises(UsageError, match="differ in more than their seed: sizes is"):
        summary([sample_results, other])


def test_a_run_without_a_measured_arm_is_left_out_and_named(sample_results):
    found = summary([with_seed(sample_results, 0), with_seed(sample_results, 1, student=None)])
    assert list(found.accuracy) == [0]
    assert found.left_out == (1,)
    assert "Left out, because an arm was not measured: seed 1." in str(found)


def test_runs_of_which_none_was_measured_have_no_mean(sample_results):
    with pytest.raises(UsageError, match="In none of the runs"):
        summary([with_seed(sample_results, 0, student=None)])


def test_the_order_of_the_runs_does_not_matter(sample_results):
    runs = [with_seed(sample_results, seed, 0.6 + seed / 50) for seed in range(4)]
    assert summary(runs) == summary(runs[::-1])


@pytest.mark.parametrize(
    ("students", "reading"),
    [
        ((0.66, 0.67, 0.68), "above zero"),
        ((0.3, 0.5, 0.8), "which includes zero"),
        ((0.4, 0.41, 0.42), "below zero"),
    ],
)
def test_the_sentence_says_where_the_interval_lies(students, reading, sample_results):
    runs = [with_seed(sample_results, seed, student) for seed, student in enumerate(students)]
    assert reading in str(summary(runs))


def test_equal_values_have_an_interval_of_no_width():
    assert mean_with_interval([0.25] * 3) == (0.25, (0.25, 0.25))


def test_the_quantiles_fall_towards_those_of_the_normal_distribution():
    quantiles = [t975(freedom) for freedom in range(1, 400)]
    assert quantiles == sorted(quantiles, reverse=True)
    assert t975(120) == pytest.approx(1.97993, abs=2e-4)
    assert t975(100_000) == pytest.approx(1.95997, abs=1e-4)


@pytest.mark.parametrize("values", [[], [0.1, float("nan")], [float("inf")]])
def test_a_mean_over_what_was_not_measured_is_refused(values):
    with pytest.raises(UsageError, match=r"finite numbers, and these were given: (none|.*nan|inf)"):
        mean_with_interval(values)
