"""The registry of methods: one row each, a function of the bench that returns what came of it.

A new method is a new function and a new row. Its settings and their defaults stand in the row, so that
they are part of every trial's identity. `remedies` holds the functions of more than a few lines.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from w2s_course.config import Config
from w2s_course.errors import UsageError, refuse_other_type, unknown_name
from w2s_course.trials import remedies

if TYPE_CHECKING:
    from w2s_course.trials.bench import Bench, Taught


@dataclass(frozen=True)
class Setting:
    """A number of a method: its default, a whole number where it must be one, and the range it may lie in.

    above: whether it must be above the least.
    """

    default: float
    least: float = 0.0
    most: float = math.inf
    above: bool = False

    def check(self, what: str, value: Any) -> None:
        """Raises: UsageError for another type, or a value out of range."""
        refuse_other_type(what, value, type(self.default))
        if not self.least <= value <= self.most or (self.above and value == self.least):
            least = f"above {self.least:g}" if self.above else f"at least {self.least:g}"
            most = f" and at most {self.most:g}" if self.most < math.inf else ""
            raise UsageError(f"{what} is {value}; it must be {least}{most}.")


@dataclass(frozen=True)
class Method:
    """A way to train a student: the function, what it is in a few words, its settings with their defaults.

    curve: how many points of the student's curve it needs at least; 0 if it reads none.
    ignores: what it would not heed, so that a trial must not ask for it: a 'control' as student, 'gold'
        labels, a 'plan' of errors, a 'count' of labels.
    check: refuses settings that do not fit the configuration.
    """

    teach: Callable[[Bench], Taught]
    what: str
    settings: Mapping[str, Setting] = field(default_factory=dict)
    curve: int = 0
    ignores: tuple[str, ...] = ()
    check: Callable[[Config, Mapping[str, float]], object] = lambda config, settings: None


METHODS: dict[str, Method] = {
    "plain": Method(remedies.plain, "fine-tuning on the labels as they are (eq. 4.10)"),
    "confidence": Method(
        remedies.confidence,
        "auxiliary confidence loss (Burns et al. 2023)",
        {"trust": Setting(0.5), "warmup": Setting(0.2, most=1, above=True)},
        ignores=("control",),
    ),
    "kd": Method(
        partial(remedies.kd, schedule="constant"),
        "KD loss, constant lambda (eq. 4.13)",
        {"weight": Setting(1.0)},
        ignores=("control", "gold", "plan"),
    ),
    "kd_decaying": Method(
        partial(remedies.kd, schedule="decaying"),
        "KD loss, lambda falling to 0 (eq. 4.13)",
        {"weight": Setting(1.0)},
        ignores=("control", "gold", "plan"),
    ),
    "select": Method(
        remedies.select,
        "the labels that the weak model finds likeliest",
        {"share": Setting(0.5, most=1, above=True)},
    ),
    "vote": Method(
        remedies.vote,
        "majority vote of several weak models, claim by claim",
        {"members": Setting(3, least=1)},
        ignores=("plan",),
    ),
    "average": Method(
        remedies.average,
        "mean distribution of several weak models",
        {"members": Setting(3, least=1)},
        ignores=("gold", "plan"),
    ),
    "bootstrap": Method(
        remedies.bootstrap,
        "through a model of middle size",
        {"width": Setting(256, least=1), "layers": Setting(6, least=1)},
        ignores=("plan",),
        check=remedies.middle_architecture,
    ),
    "gold_fraction": Method(
        remedies.gold_fraction, "a share of the labels replaced by gold", {"share": Setting(0.1, most=1)}
    ),
    "filter_agreement": Method(
        remedies.filter_agreement,
        "the labels with which an early student agrees",
        {"early": Setting(0.25, most=1, above=True)},
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
        {"generations": Setting(3)},
        check=remedies.enough_snippets,
        ignores=("control", "gold", "plan", "count"),
    ),
    "generations_accumulate": Method(
        partial(remedies.generations, mode="accumulate"),
        "small models, each taught by all before and by gold",
        {"generations": Setting(3)},
        check=remedies.enough_snippets,
        ignores=("control", "gold", "plan", "count"),
    ),
}


def settings_of(method: str, given: Mapping[str, float]) -> dict[str, float]:
    """The settings of a method: what was given, defaults for the rest.

    Raises: UsageError for an unknown method or setting, with the nearest name; for another type, or a value
        that the method could not use.

    >>> settings_of("gold_fraction", {})
    {'share': 0.1}
    """
    if method not in METHODS:
        raise unknown_name("method", method, METHODS)
    known = METHODS[method].settings
    for name in given:
        if name not in known:
            raise unknown_name(f"setting of the method {method}", name, known)
        known[name].check(f"The setting {name} of the method {method}", given[name])
    return {**{name: setting.default for name, setting in known.items()}, **given}
