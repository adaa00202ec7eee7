"""Unit 4 for cohorts: other accuracies in 4.1 and 4.2, other gains in 4.6. (4.8 gets other letters.)"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

from w2s_course.learn.exercises import Case, Exercise, Raises, telling
from w2s_course.learn.units.unit_4 import GAP_RECOVERED, OVER_SEEDS, REPORT
from w2s_course.learn.variants import draw


def _two(*values: float) -> str:
    """Accuracies as they are written in a call, without the noise of their last digits."""
    return ", ".join(repr(round(value, 2)) for value in values)


def _gap_case(weak: float, student: float, ceiling: float, right: float, why: str, part: str) -> Case:
    """One case of 4.1 where there is a gap, with what each misconception gives."""
    gain = student - weak
    wrong = {
        "divides by the ceiling": gain / ceiling,
        "gain relative to the teacher": gain / weak if weak else Raises("ZeroDivisionError"),
        "share of the ceiling": student / ceiling,
        "what is still missing": 1 - right,
        "clamps": max(0.0, right),
        "forces it into 0 to 1": min(1.0, max(0.0, right)),
    }
    return Case(f"gap_recovered({_two(weak, student, ceiling)})", right, telling(wrong, right), why, part)


def _no_gap_case(weak: float, student: float, ceiling: float, unguarded: Any, why: str) -> Case:
    """One case of 4.1 where there is none. unguarded: what comes of dividing all the same."""
    wrong = {"no guard": unguarded, "zero for undefined": 0.0}
    if ceiling < weak:
        wrong["guards equality only"] = unguarded
    return Case(f"gap_recovered({_two(weak, student, ceiling)})", Raises("ValueError"), wrong, why, "no gap")


def gap_cases(r: Random) -> tuple[Case, ...]:
    """A weak model at `weak`; `part` of the gap comes back, or half of it is lost."""
    weak, gap, part = r.choice((0.5, 0.52, 0.55)), r.choice((0.2, 0.4)), r.choice((0.25, 0.75))
    gain, low, top = part * gap, weak - gap / 2, weak + gap
    harm = f"the student is {gap / 2} below its teacher, and the gap is {gap}"
    passed = "nothing keeps a student from passing the arm that is called ceiling"
    minus = "a ceiling below the weak model leaves no gap; two minus signs make a fine-looking number"
    division = Raises("ZeroDivisionError")
    return (
        _gap_case(0.0, gap, 0.8, gap / 0.8, f"{gap} of a gap of 0.8 was recovered", "gain"),
        _gap_case(weak, weak + gain, top, part, f"{gain:.2g} of a gap of {gap} was recovered", "gain"),
        _gap_case(weak, low, top, -0.5, harm, "harm"),
        _gap_case(weak, weak + 0.25, weak + 0.2, 1.25, passed, "gain"),
        _no_gap_case(top, weak, top, division, "a share of no gap does not exist"),
        _no_gap_case(top, top - gain, weak, part, minus),
    )


def gap_recovered(cohort: int) -> Exercise:
    """4.1 with other accuracies."""
    cases = gap_cases(draw(cohort, "4.1"))
    return replace(GAP_RECOVERED, example=f"round({cases[1].call}, 6) == {cases[1].expected}", cases=cases)


def _moved(call: str, by: float) -> str:
    """`report(...)` with `by` added to its accuracies: gaps, and so all that is reported, stay the same."""
    *accuracies, gap_low = ast.literal_eval(call.removeprefix("report"))
    return f"report({_two(*(value + by for value in accuracies))}, {gap_low})"


def report_cases(cases: Sequence[Case], r: Random) -> tuple[Case, ...]:
    """The cases with all accuracies up or down by the same; those that reach to 0 or 1 as they are."""
    by = r.choice((-0.03, -0.02, 0.03, 0.05))
    made = []
    for case in cases:
        accuracies = ast.literal_eval(case.call.removeprefix("report"))[:3]
        inside = all(0.1 <= value <= 0.95 for value in accuracies)
        made.append(replace(case, call=_moved(case.call, by)) if inside else case)
    return tuple(made)


def report(cohort: int) -> Exercise:
    """4.2 with other accuracies."""
    cases = report_cases(REPORT.cases, draw(cohort, "4.2"))
    return replace(REPORT, example=f"{cases[1].call} == {cases[1].expected}", cases=cases)


def _times(value: Any, factor: float) -> Any:
    if isinstance(value, list):
        return [_times(each, factor) for each in value]
    return value if value is None else value * factor


def seeds_cases(cases: Sequence[Case], factor: float) -> tuple[Case, ...]:
    """The cases with all gains times `factor`: mean, interval and every wrong interval grow with them."""
    made = []
    for case in cases:
        gains = ast.literal_eval(case.call.removeprefix("over_seeds"))
        call = f"over_seeds({[round(gain * factor, 4) for gain in gains]})"
        wrong = {name: _times(value, factor) for name, value in case.wrong.items()}
        why = re.sub(r"\b0\.\d+", lambda found: f"{float(found[0]) * factor:.4f}", case.why)
        made.append(replace(case, call=call, expected=_times(case.expected, factor), wrong=wrong, why=why))
    return tuple(made)


def over_seeds(cohort: int) -> Exercise:
    """4.6 with other gains."""
    factor = draw(cohort, "4.6").choice((0.5, 0.75, 1.25, 1.5))
    gain = round(0.1 * factor, 3)
    example = f"over_seeds([{gain}, {gain}]) == [{gain}, {gain}, {gain}]"
    return replace(OVER_SEEDS, example=example, cases=seeds_cases(OVER_SEEDS.cases, factor))


VARIANTS = {"4.1": gap_recovered, "4.2": report, "4.6": over_seeds}
