"""One student trained in one way, on one seed: what it is told, and nothing else.

The JSON of a trial is its identity. Everything that could change its result stands in it, the method's
settings with their defaults included, so that a row of a table can always be made again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from w2s_course.cache import NAME_CHARS, digest
from w2s_course.config import Config
from w2s_course.errors import UsageError, refuse_other_type, unknown_name
from w2s_course.trials.methods import METHODS, Method, settings_of
from w2s_course.trials.pairs import plan_of

LABELS = ("weak", "gold")
STUDENTS = ("strong", "control")


@dataclass(frozen=True)
class Trial:
    """A student and all that it depends on.

    config: sizes, seed, models and recipes; the teacher's strength is the number of its gold pairs. Every
        student of a configuration makes the same number of steps, however many labels it gets.
    labels: 'weak' for the teacher's, 'gold' for the truth.
    count: how many of the pool's snippets, from the first on; the whole pool if None.
    plan: errors to plant into the labels, the fields of `labeling.planted.Plan` as plain values, or None.
    method: a row of `trials.methods.METHODS`; settings: its numbers, such as the share of gold.
    student: 'strong' for the pre-trained model with adapters, 'control' for the weak model's own
        architecture from random weights.
    Raises: UsageError for an unknown name, too many labels, and what the method would ignore.
    """

    config: Config
    labels: str = "weak"
    count: int | None = None
    plan: Mapping[str, Any] | None = None
    method: str = "plain"
    settings: Mapping[str, float] = field(default_factory=dict)
    student: str = "strong"

    def __post_init__(self) -> None:
        for what, given, known in (
            ("kind of labels", self.labels, LABELS),
            ("student", self.student, STUDENTS),
        ):
            if given not in known:
                raise unknown_name(what, given, known)
        pool = self.config.sizes.pool
        count = pool if self.count is None else self.count
        refuse_other_type("The trial's count", count, int)
        if not 1 <= count <= pool:
            raise UsageError(
                f"{count} labels were asked for; the pool has {pool:,} snippets. Give 1 to {pool:,}."
            )
        if self.plan is not None:
            plan_of(self.plan)  # refuses what makes no sense before any work
        object.__setattr__(self, "count", count)
        object.__setattr__(self, "settings", settings_of(self.method, self.settings))
        self._refuse_what_does_not_fit(METHODS[self.method])

    def _refuse_what_does_not_fit(self, method: Method) -> None:
        """Raises: UsageError for settings that fit no such configuration, what the method would ignore, and a
        curve that is too short for it."""
        method.check(self.config, self.settings)
        asked = {
            "control": (self.student != "strong", f"student = '{self.student}'"),
            "gold": (self.labels != "weak", f"labels = '{self.labels}'"),
            "plan": (self.plan is not None, "plan of errors"),
            "count": (self.count != self.config.sizes.pool, f"count = {self.count}"),
        }
        ignored = [said for wanted, said in (asked[what] for what in method.ignores) if wanted]
        if ignored:
            raise UsageError(
                f"The method {self.method} knows no {' and no '.join(ignored)}. Leave that out, or take "
                "another method."
            )
        if self.config.points < method.curve:
            raise UsageError(
                f"The method {self.method} reads the student's curve, and with points = {self.config.points} "
                f"it is too short. Give `points` of {method.curve} or more."
            )

    @property
    def seed(self) -> int:
        """The seed of the configuration."""
        return self.config.seed

    @property
    def identity(self) -> str:
        """A short digest of all that the trial's result depends on."""
        return digest(self.as_dict())[:NAME_CHARS]

    def as_dict(self) -> dict[str, Any]:
        """The trial as plain values."""
        return {**asdict(self), "config": self.config.as_dict()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Trial:
        """The trial of that JSON. Raises: UsageError for a field that it does not have."""
        known = set(cls.__dataclass_fields__)
        if unknown := sorted(set(data) - known):
            raise unknown_name("field of Trial", unknown[0], known)
        return cls(**{**data, "config": Config.from_dict(data["config"])})

    def __str__(self) -> str:
        """What it does in a line: seed 0, plain, 500 weak labels."""
        settings = "".join(f" {name} {value:g}" for name, value in self.settings.items())
        planted = f", planted {self.plan['kind']} errors" if self.plan else ""
        student = "" if self.student == "strong" else f", {self.student} student"
        teacher = f", teacher on {self.config.sizes.gold:,} gold"
        return (
            f"seed {self.seed}, {self.method}{settings}, {self.count:,} {self.labels} labels{teacher}"
            f"{planted}{student}"
        )
