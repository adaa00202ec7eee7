"""Unit 9 for cohorts: other numbers of labels in 9.4, other gains and bars in 9.5.

(9.2 and 9.6 get other letters, the steps of 9.3 letters for keys: `learn/variants.py`.)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from w2s_course.learn.exercises import Case, Exercise
from w2s_course.learn.units.unit_9 import DECISION, REVERSES
from w2s_course.learn.variants import draw

_LABELS = re.compile(r"(?<=\()\d+(?=,)")
_NUMBER = re.compile(r"-?\d+\.\d+")
_COUNT = re.compile(r"\b\d{2,}\b(?!\.)")


def _times(value: Any, factor: int) -> Any:
    return value * factor if isinstance(value, int | float) else value


def turning_cases(cases: Sequence[Case], factor: int) -> tuple[Case, ...]:
    """The cases with all numbers of labels times `factor`; so is each place at which the verdict turns."""
    return tuple(
        replace(
            case,
            call=_LABELS.sub(lambda found: str(int(found[0]) * factor), case.call),
            expected=_times(case.expected, factor),
            wrong={name: _times(value, factor) for name, value in case.wrong.items()},
            why=_COUNT.sub(lambda found: str(int(found[0]) * factor), case.why),
        )
        for case in cases
    )


def decision_cases(cases: Sequence[Case], factor: float) -> tuple[Case, ...]:
    """The cases with gains and bar times `factor`: what follows from them stays the same."""

    def scaled(text: str) -> str:
        return _NUMBER.sub(lambda found: f"{round(float(found[0]) * factor, 4):g}", text)

    return tuple(replace(case, call=scaled(case.call), why=scaled(case.why)) for case in cases)


def reverses_at(cohort: int) -> Exercise:
    """9.4 with other numbers of labels."""
    cases = turning_cases(REVERSES.cases, draw(cohort, "9.4").choice((2, 3, 4, 5)))
    return replace(REVERSES, example=f"{cases[1].call} == {cases[1].expected}", cases=cases)


def decision(cohort: int) -> Exercise:
    """9.5 with other gains and another bar."""
    cases = decision_cases(DECISION.cases, draw(cohort, "9.5").choice((0.4, 0.6, 0.8, 1.2, 1.6)))
    return replace(DECISION, example=f"{cases[0].call} == {cases[0].expected!r}", cases=cases)


VARIANTS = {"9.4": reverses_at, "9.5": decision}
