"""The registry of methods: one row each, a function of the bench that returns what came of it.

A new method is a new function and a new row. Its settings and their defaults stand in the row, so that
they are part of every trial's identity. `remedies` holds the functions of more than a few lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from w2s_course.errors import unknown_name
from w2s_course.trials import remedies

if TYPE_CHECKING:
    from w2s_course.trials.bench import Bench, Taught


@dataclass(frozen=True)
class Method:
    """A way to train a student: the function, what it is in a few words, its settings with their defaults.

    curve: how many points of the student's curve it needs at least; 0 if it reads none.
    ignores: what it would not heed, so that a trial must not ask for it: a 'control' as student, 'gold'
        labels, a 'plan' of errors, a 'count' of labels.
    """

    teach: Callable[[Bench], Taught]
    what: str
    settings: Mapping[str, float] = field(default_factory=dict)
    curve: int = 0
    ignores: tuple[str, ...] = ()


METHODS: dict[str, Method] = {
    "plain": Method(remedies.plain, "fine-tuning on the labels as they are (eq. 4.10)"),
    "confidence": Method(
        remedies.confidence,
        "auxiliary confidence loss (Burns et al. 2023)",
        {"trust": 0.5, "warmup": 0.2},
        ignores=("control",),
    ),
    "kd": Method(
        partial(remedies.kd, schedule="constant"),
        "KD loss, constant lambda (eq. 4.13)",
        {"weight": 1.0},
        ignores=("control", "gold", "plan"),
    ),
    "kd_decaying": Method(
        partial(remedies.kd, schedule="decaying"),
        "KD loss, lambda falling to 0 (eq. 4.13)",
        {"weight": 1.0},
        ignores=("control", "gold", "plan"),
    ),
    "select": Method(remedies.select, "the labels that the weak model finds likeliest", {"share": 0.5}),
    "vote": Method(
        remedies.vote,
        "majority vote of several weak models, claim by claim",
        {"members": 3},
        ignores=("plan",),
    ),
    "average": Method(
        remedies.average, "mean distribution of several weak models", {"members": 3}, ignores=("gold", "plan")
    ),
    "bootstrap": Method(
        remedies.bootstrap, "through a model of middle size", {"width": 256, "layers": 6}, ignores=("plan",)
    ),
    "gold_fraction": Method(remedies.gold_fraction, "a share of the labels replaced by gold", {"share": 0.1}),
    "filter_agreement": Method(
        remedies.filter_agreement,
        "the labels with which an early student agrees",
        {"early": 0.25},
        ignores=("control",),
    ),
    "cascade": Method(
        remedies.cascade,
        "the teacher answers what it is sure of, the student the rest",
        ignores=("control",),
        curve=2,
    ),
    "stopping": Method(
        remedies.stopping,
        "the best step by weak and by gold validation labels",
        ignores=("control",),
        curve=2,
    ),
    "generations_replace": Method(
        partial(remedies.generations, mode="replace"),
        "small models, each taught by the one before",
        {"generations": 3},
        ignores=("control", "gold", "plan", "count"),
    ),
    "generations_accumulate": Method(
        partial(remedies.generations, mode="accumulate"),
        "small models, each taught by all before and by gold",
        {"generations": 3},
        ignores=("control", "gold", "plan", "count"),
    ),
}


def settings_of(method: str, given: Mapping[str, float]) -> dict[str, float]:
    """The settings of a method: what was given, defaults for the rest.

    Raises: UsageError for an unknown method or setting, with the nearest name.

    >>> settings_of("gold_fraction", {})
    {'share': 0.1}
    """
    if method not in METHODS:
        raise unknown_name("method", method, METHODS)
    known = METHODS[method].settings
    for name in given:
        if name not in known:
            raise unknown_name(f"setting of the method {method}", name, known)
    return {**known, **given}
