"""The registry of methods: what may be asked of each, one row a method; `remedies.TEACH` holds what it does.

A new method is a new row here and a function there. Its settings and their defaults stand in the row, so that
they are part of every trial's identity.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from w2s_course.config import Config
from w2s_course.errors import UsageError, refuse_other_type, unknown_name

if TYPE_CHECKING:
    from w2s_course.models.weak import WeakArchitecture


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
    """A way to train a student: what it is in a few words, its settings with their defaults.

    curve: how many points of the student's curve it needs at least; 0 if it reads none.
    ignores: what it would not heed, so that a trial must not ask for it: a 'control' as student, 'gold'
        labels, a 'plan' of errors, a 'count' of labels.
    check: refuses settings that do not fit the configuration.
    """

    what: str
    settings: Mapping[str, Setting] = field(default_factory=dict)
    curve: int = 0
    ignores: tuple[str, ...] = ()
    check: Callable[[Config, Mapping[str, float]], object] = lambda config, settings: None


def middle_architecture(config: Config, settings: Mapping[str, float]) -> WeakArchitecture:
    """Of the model between teacher and student. Raises: UsageError for a width that no heads can share."""
    from w2s_course.models.weak import WeakArchitecture

    width, weak = int(settings["width"]), config.weak
    heads = max(1, width * weak.heads // weak.width)
    return WeakArchitecture(width, int(settings["layers"]), heads, weak.vocabulary, weak.context)


def enough_snippets(config: Config, settings: Mapping[str, float]) -> None:
    """Raises: UsageError where the pool is too small for a part for each generation."""
    if settings["generations"] > config.sizes.pool:
        raise UsageError(
            f"{settings['generations']} generations were asked for, and each labels a part of the pool of "
            f"{config.sizes.pool:,} snippets. Ask for fewer, or for a larger pool."
        )


METHODS: dict[str, Method] = {
    "plain": Method("fine-tuning on the labels as they are (eq. 4.10)"),
    "confidence": Method(
        "auxiliary confidence loss (Burns et al. 2023)",
        {"trust": Setting(0.5), "warmup": Setting(0.2, most=1, above=True)},
        ignores=("control",),
    ),
    "kd": Method(
        "KD loss, constant lambda (eq. 4.13)",
        {"weight": Setting(1.0)},
        ignores=("control", "gold", "plan"),
    ),
    "kd_decaying": Method(
        "KD loss, lambda falling to 0 (eq. 4.13)",
        {"weight": Setting(1.0)},
        ignores=("control", "gold", "plan"),
    ),
    "select": Method(
        "the labels that the weak model finds likeliest",
        {"share": Setting(0.5, most=1, above=True)},
    ),
    "vote": Method(
        "majority vote of several weak models, claim by claim",
        {"members": Setting(3, least=1)},
        ignores=("plan",),
    ),
    "average": Method(
        "mean distribution of several weak models",
        {"members": Setting(3, least=1)},
        ignores=("gold", "plan"),
    ),
    "bootstrap": Method(
        "through a model of middle size",
        {"width": Setting(256, least=1), "layers": Setting(6, least=1)},
        ignores=("plan",),
        check=middle_architecture,
    ),
    "gold_fraction": Method("a share of the labels replaced by gold", {"share": Setting(0.1, most=1)}),
    "filter_agreement": Method(
        "the labels with which an early student agrees",
        {"early": Setting(0.25, most=1, above=True)},
        ignores=("control",),
    ),
    "cascade": Method(
        "the teacher answers what it is sure of, the student the rest",
        ignores=("control",),
        curve=2,
    ),
    "stopping": Method(
        "the best step by weak and by gold validation labels",
        ignores=("control",),
        curve=2,
    ),
    "generations_replace": Method(
        "small models, each taught by the one before",
        {"generations": Setting(3)},
        check=enough_snippets,
        ignores=("control", "gold", "plan", "count"),
    ),
    "generations_accumulate": Method(
        "small models, each taught by all before and by gold",
        {"generations": Setting(3)},
        check=enough_snippets,
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
