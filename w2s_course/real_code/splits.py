"""Which functions are learned from, chosen by, and tested on: split by module, the test never looked at."""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence

from w2s_course.errors import UsageError
from w2s_course.snippets.harvest import RealFunction

DEVELOPMENT = "development"
SHARE_OF_DEVELOPMENT = 0.2


def is_development(function: RealFunction) -> bool:
    """Whether the function's module is for choosing teachers, scores and recipes: the same for every seed.

    By a hash of the module's name. What is chosen on it is therefore chosen on no test function of any seed.
    """
    number = int.from_bytes(hashlib.sha256(function.module.encode()).digest()[:8])
    return number < SHARE_OF_DEVELOPMENT * 2**64


def split_by_module(
    functions: Sequence[RealFunction], shares: Mapping[str, float], seed: int
) -> dict[str, list[RealFunction]]:
    """The functions by split, whole modules each; 'development' is one more split, fixed for all seeds.

    Modules come in random order, each to the split that is furthest behind its share, so sizes are near the
    shares and not exact. Within a split the order is random.

    shares: of the functions outside development, by split; they must add up to 1.
    Raises: UsageError for shares that do not.
    """
    if abs(sum(shares.values()) - 1) > 1e-9 or min(shares.values()) <= 0:
        raise UsageError(
            f"The shares of the splits are {dict(shares)}; they must be above 0 and add up to 1."
        )
    rng = random.Random(seed)
    modules: dict[str, list[RealFunction]] = defaultdict(list)
    splits: dict[str, list[RealFunction]] = {DEVELOPMENT: [], **{name: [] for name in shares}}
    for function in functions:
        if is_development(function):
            splits[DEVELOPMENT].append(function)
        else:
            modules[function.module].append(function)
    whole = sum(map(len, modules.values()))
    for module in rng.sample(sorted(modules), len(modules)):
        behind = {name: share * whole - len(splits[name]) for name, share in shares.items()}
        splits[max(behind, key=behind.__getitem__)] += modules[module]
    return {name: rng.sample(rows, len(rows)) for name, rows in splits.items()}
