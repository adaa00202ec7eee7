"""Variants of exercises for cohorts: the same question with the options in another order, or other numbers.

A cohort is a seed. Two things vary, and nothing else:

* the letters of the options, for the exercises in `LETTERED`;
* whatever an exercise itself declares: a unit's module may have `VARIANTS`, exercise id -> a function from
  the seed to the Exercise, and `course/NN_name/hidden.py` likewise `HIDDEN_VARIANTS`, exercise id -> a
  function from the seed to the hidden cases. Contract and example are part of the Exercise, so numbers that
  stand in them vary with it.

A variant is an ordinary Exercise, so checks, hints and the grader need to know nothing of cohorts. What this
is not: a secret. The course is public, and who reads this module can undo the permutation; it makes copied
letters wrong, no more.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any

from w2s_course.learn.answers import Outcome
from w2s_course.learn.exercises import Case, Exercise, Verdict, find_exercise

LETTERED: Mapping[str, Mapping[str, str]] = {
    "1.2": {"advantage": "abcd", "risk": "abcd", "against": "abcd"},
    "4.8": {"": "abcdefg"},
}
"""Exercises whose statements list options: the key of each list, in the statement's order, and its letters.

The key is '' where the whole answer is letters, else that of a dict. A new such exercise is a new row.
"""

_OPTION = re.compile(r"(?P<mark>- )?(?P<letter>[a-z])(?P<sign>[:)]) (?P<text>.*?)(?P<end>\\?)$")
_CASE_KEY = re.compile(r"""\[["'](?P<key>\w+)["']\]""")
_SENTENCE = re.compile(r"\b(sentence|option|letter) ([a-z])\b")
Permutation = Mapping[str, str]
"""Letter in the course's text -> letter in the variant."""


def permutation(exercise_id: str, key: str, letters: Sequence[str], cohort: int) -> dict[str, str]:
    """The order of the options of one list for a cohort; none keeps the letter that it has in the course.

    >>> permutation("4.8", "", "abc", 1) == permutation("4.8", "", "abc", 1) != dict(zip("abc", "abc"))
    True
    """
    generator = random.Random(f"w2s {cohort} {exercise_id} {key}")
    mixed = list(letters)
    while len(letters) > 1 and any(old == new for old, new in zip(letters, mixed, strict=True)):
        generator.shuffle(mixed)
    return dict(zip(letters, mixed, strict=True))


def _orders(exercise_id: str, cohort: int) -> dict[str, dict[str, str]]:
    lists = LETTERED.get(exercise_id, {})
    return {key: permutation(exercise_id, key, letters, cohort) for key, letters in lists.items()}


def cohort_statement(exercise_id: str, text: str, cohort: int | None) -> str:
    """A statement with the options of each list in the cohort's order.

    Raises: ValueError where the text has not the lists that `LETTERED` says it has.
    """
    if cohort is None or exercise_id not in LETTERED:
        return text
    orders = iter(_orders(exercise_id, cohort).values())
    lines, block = [], list[re.Match[str]]()
    for line in [*text.split("\n"), ""]:
        option = _OPTION.fullmatch(line)
        if option and option["letter"] == "abcdefghij"[len(block)]:
            block.append(option)
            continue
        if block:
            lines += _reordered(block, next(orders, {}), exercise_id)
            block = []
        lines.append(line)
    if next(orders, None) is not None:
        raise ValueError(f"Exercise {exercise_id} has fewer lists of options than LETTERED says.")
    return "\n".join(lines[:-1])


def _reordered(block: Sequence[re.Match[str]], order: Permutation, exercise_id: str) -> list[str]:
    if len(block) != len(order):
        raise ValueError(f"Exercise {exercise_id} has {len(block)} options where {len(order)} are known.")
    texts = {order[option["letter"]]: option["text"] for option in block}
    # Mark, sign and line end belong to the place, not to the option.
    return [f"{o['mark'] or ''}{o['letter']}{o['sign']} {texts[o['letter']]}{o['end']}" for o in block]


def _renamed(value: Any, order: Permutation) -> Any:
    """A letter, or the letters in a list, by their other names; all else as it is."""
    if isinstance(value, str):
        return order.get(value, value)
    if isinstance(value, list | tuple):
        return [_renamed(each, order) for each in value]
    return value


def _order_of(call: str, orders: Mapping[str, Permutation]) -> Permutation:
    found = _CASE_KEY.search(call)
    return orders.get(found["key"] if found else "", {})


def _case(case: Case, orders: Mapping[str, Permutation]) -> Case:
    order = _order_of(case.call, orders)
    wrong = {name: _renamed(value, order) for name, value in case.wrong.items()}
    return replace(case, expected=_renamed(case.expected, order), wrong=wrong)


def _judge(exercise: Exercise, orders: Mapping[str, Permutation]) -> Callable[[Sequence[Outcome]], Verdict]:
    """The exercise's own judge, which is told the course's letters and whose words get the cohort's."""
    own = exercise.judge
    assert own is not None
    order = {key: value for each in orders.values() for key, value in each.items()}
    back = {value: key for key, value in order.items()}

    def judge(outcomes: Sequence[Outcome]) -> Verdict:
        verdict = own([replace(o, value=_renamed(o.value, back)) for o in outcomes])
        words = _SENTENCE.sub(lambda m: f"{m[1]} {order.get(m[2], m[2])}", verdict.text)
        return replace(verdict, text=words)

    return judge


def cohort_exercise(exercise: Exercise, cohort: int | None) -> Exercise:
    """An exercise as a cohort has it; itself where nothing varies."""
    if cohort is None:
        return exercise
    unit = import_module(f"w2s_course.learn.units.unit_{exercise.unit}")
    declared: Mapping[str, Callable[[int], Exercise]] = getattr(unit, "VARIANTS", {})
    made = declared[exercise.id](cohort) if exercise.id in declared else exercise
    orders = _orders(exercise.id, cohort)
    if not orders:
        return made
    judge = _judge(made, orders) if made.judge is not None else None
    return replace(made, cases=tuple(_case(case, orders) for case in made.cases), judge=judge)


def cohort_cases(exercise_id: str, cases: Sequence[Case], cohort: int | None) -> tuple[Case, ...]:
    """Hidden cases as a cohort has them."""
    if cohort is None:
        return tuple(cases)
    orders = _orders(exercise_id, cohort)
    return tuple(_case(case, orders) for case in cases)


class Cohort:
    """What a released notebook has in place of `check`: the check that follows the cohort's variants."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def check(self, exercise_id: str, namespace: Mapping[str, Any] | None = None) -> Any:
        """As `w2s_course.learn.check`, for the cohort's variant of the exercise.

        Raises: as that does.
        """
        from w2s_course.learn.check import check_exercise

        if namespace is None:
            namespace = sys._getframe(1).f_globals
        return check_exercise(cohort_exercise(find_exercise(exercise_id), self.seed), namespace)
