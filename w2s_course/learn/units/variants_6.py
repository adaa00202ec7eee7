"""Unit 6 for cohorts: another model in 6.1, other prices in 6.6. (6.8 gets other letters.)"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from w2s_course.learn.exercises import Case, Exercise
from w2s_course.learn.units.unit_6 import BREAK_EVEN, OPERATIONS, break_even_cases
from w2s_course.learn.variants import draw


def operations_cases(cases: Sequence[Case], factor: int) -> tuple[Case, ...]:
    """The cases with `factor` times as many weights: every count, right or wrong, grows with them."""
    made = []
    for case in cases:
        weights, *rest = ast.literal_eval(case.call.removeprefix("training_operations"))
        call = f"training_operations({weights * factor}, {', '.join(map(repr, rest))})"
        wrong = {name: value * factor for name, value in case.wrong.items()}
        made.append(replace(case, call=call, expected=case.expected * factor, wrong=wrong, why=""))
    return tuple(made)


def operations(cohort: int) -> Exercise:
    """6.1 with another model."""
    cases = operations_cases(OPERATIONS.cases, draw(cohort, "6.1").choice((2, 3, 5, 7)))
    return replace(OPERATIONS, example=f"{cases[0].call} == {cases[0].expected}", cases=cases)


def price_factor(cohort: int) -> float:
    """How much dearer all is in 6.6 for a cohort."""
    return draw(cohort, "6.6").choice((0.5, 2.0, 2.5, 5.0))


def break_even(cohort: int) -> Exercise:
    """6.6 with other prices."""
    cases = break_even_cases(price_factor(cohort))
    return replace(BREAK_EVEN, example=f"{cases[0].call} == {cases[0].expected:.6g}", cases=cases)


VARIANTS = {"6.1": operations, "6.6": break_even}
