"""Claims about the splits: no module on two sides, nothing chosen on what is tested."""

from __future__ import annotations

import pytest

from w2s_course.errors import UsageError
from w2s_course.real_code.config import RealCodeConfig
from w2s_course.real_code.splits import DEVELOPMENT, is_development, split_by_module
from w2s_course.snippets.harvest import harvest

SHARES = RealCodeConfig().shares


@pytest.fixture(scope="module")
def functions():
    return harvest()


def test_no_module_stands_in_two_splits_and_nothing_is_lost(functions):
    splits = split_by_module(functions, SHARES, seed=0)
    modules = [{f.module for f in rows} for rows in splits.values()]
    assert sum(map(len, modules)) == len(set().union(*modules))
    assert sorted(f.name for rows in splits.values() for f in rows) == sorted(f.name for f in functions)


def test_development_is_the_same_for_every_seed_and_in_no_other_split(functions):
    splits = [split_by_module(functions, SHARES, seed) for seed in range(5)]
    assert len({frozenset(s[DEVELOPMENT]) for s in splits}) == 1
    assert not any(is_development(f) for s in splits for name in SHARES for f in s[name])


def test_sizes_are_near_their_shares(functions):
    for seed in range(5):
        splits = split_by_module(functions, SHARES, seed)
        whole = sum(len(splits[name]) for name in SHARES)
        assert all(abs(len(splits[name]) / whole - share) < 0.1 for name, share in SHARES.items())


def test_another_seed_is_another_split_and_the_same_the_same(functions):
    assert split_by_module(functions, SHARES, 1) == split_by_module(functions, SHARES, 1)
    assert split_by_module(functions, SHARES, 1) != split_by_module(functions, SHARES, 2)


@pytest.mark.parametrize("shares", [{"gold": 0.5, "test": 0.6}, {"gold": 0.0, "test": 1.0}])
def test_shares_that_make_no_whole_are_refused(functions, shares):
    with pytest.raises(UsageError, match="add up to 1"):
        split_by_module(functions, shares, seed=0)
