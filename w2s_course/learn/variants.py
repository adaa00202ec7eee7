"""Variants of exercises for cohorts: the same question with other letters, other numbers, other snippets.

A cohort is a seed. Three things vary, and nothing else:

* the letters of the options, for the exercises in `LETTERED`;
* the keys of a table of choices, for those in `KEYED`: letters take their place;
* whatever `units/variants_N.py` declares for unit N: `VARIANTS`, exercise id -> a function from the seed to
  the Exercise, and `STATEMENTS`, exercise id -> a function from the course's statement and the seed to the
  cohort's. `course/NN_name/hidden.py` has `HIDDEN_VARIANTS`, exercise id -> a function from the seed to the
  hidden cases. Contract and example are part of the Exercise, so numbers that stand in them vary with it.

A variant is an ordinary Exercise, so checks, hints and the grader need to know nothing of cohorts. What this
is not: a secret. The course is public, and who reads this module can undo it; it makes copied letters and
values wrong, no more. A function that is right is right for every cohort.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from w2s_course.learn.answers import Outcome
from w2s_course.learn.exercises import Case, Exercise, Verdict, find_exercise

LETTERED: Mapping[str, Mapping[str, str]] = {
    "1.2": {"advantage": "abcd", "risk": "abcd", "against": "abcd"},
    "4.8": {"": "abcdefg"},
    "6.8": {"": "abcdefg"},
    "9.2": {"": "abcdefgh"},
    "9.6": {"chosen": "abcd", "planted": "abcd", "standin": "abcd"},
}
"""Exercises whose statements list options: the key of each list, in the statement's order, and its letters.

The key is '' where the whole answer is letters, else that of a dict. A new such exercise is a new row.
"""

KEYED: Mapping[str, Sequence[str]] = {
    "1.1": (
        "answers",
        "ceiling",
        "correct",
        "experts",
        "gap",
        "labels",
        "pick",
        "reverse",
        "split",
        "student",
        "teacher",
    ),
    "9.3": (
        "against",
        "bar",
        "claim",
        "drop",
        "fit",
        "limits",
        "predict",
        "question",
        "read",
        "verdict",
        "weigh",
    ),
}
"""Exercises whose answer is made of the keys of a table, key | what it stands for, in its order."""

_ROW = re.compile(r"\| `(?P<key>\w+)` \| (?P<text>.*) \|")
_QUOTED = re.compile(r"(?P<left>[`\"'])(?P<key>\w+)(?P=left)")
_OPTION = re.compile(r"(?P<mark>- )?(?P<letter>[a-z])(?P<sign>[:)]) (?P<text>.*?)(?P<end>\\?)$")
_CASE_KEY = re.compile(r"""\[["'](?P<key>\w+)["']\]""")
_SENTENCE = re.compile(r"\b(sentence|option|letter) ([a-z])\b")
Permutation = Mapping[str, str]
"""Letter in the course's text -> letter in the variant."""


def permutation(exercise_id: str, key: str, letters: Sequence[str], cohort: int) -> dict[str, str]:
    """The order of the options of one list for a cohort: no letter, and no set of letters, means the same.

    For that it is one cycle through all letters: any part of them that is not everything moves elsewhere.

    >>> permutation("4.8", "", "abc", 1) == permutation("4.8", "", "abc", 1) != dict(zip("abc", "abc"))
    True
    """
    cycle = list(letters)
    random.Random(f"w2s {cohort} {exercise_id} {key}").shuffle(cycle)
    return dict(zip(cycle, [*cycle[1:], *cycle[:1]], strict=True))


def draw(cohort: int, exercise_id: str) -> random.Random:
    """Where the numbers of a variant come from: always the same ones for a cohort and an exercise.

    >>> draw(7, "1.5").random() == draw(7, "1.5").random() != draw(8, "1.5").random()
    True
    """
    return random.Random(f"w2s {cohort} {exercise_id}")


def letters_of_keys(exercise_id: str, cohort: int) -> dict[str, str]:
    """Key in the course's table -> its letter in the cohort's.

    >>> sorted(letters_of_keys("1.1", 7).values()) == list("abcdefghijk")
    True
    """
    keys = KEYED[exercise_id]
    letters = list("abcdefghijklmnopqrstuvwxyz"[: len(keys)])
    draw(cohort, exercise_id).shuffle(letters)
    return dict(zip(keys, letters, strict=True))


def _declared(unit: int, name: str) -> Mapping[str, Callable[..., Any]]:
    """What `units/variants_N.py` declares; nothing where a unit has no such module."""
    module = f"w2s_course.learn.units.variants_{unit}"
    return getattr(import_module(module), name, {}) if find_spec(module) else {}


def _orders(exercise_id: str, cohort: int) -> dict[str, dict[str, str]]:
    lists = LETTERED.get(exercise_id, {})
    return {key: permutation(exercise_id, key, letters, cohort) for key, letters in lists.items()}


def cohort_statement(exercise_id: str, text: str, cohort: int | None) -> str:
    """The statement of an exercise as a cohort has it.

    Raises: ValueError where the text has not the lists that `LETTERED`, or the keys that `KEYED` says it has.
    """
    if cohort is None:
        return text
    declared = _declared(int(exercise_id.split(".")[0]), "STATEMENTS")
    if exercise_id in declared:
        text = declared[exercise_id](text, cohort)
    if exercise_id in KEYED:
        text = _rekeyed(exercise_id, text, cohort)
    return _relettered(exercise_id, text, cohort) if exercise_id in LETTERED else text


def _rekeyed(exercise_id: str, text: str, cohort: int) -> str:
    """A statement with letters for the keys of its table, whose rows stand in the order of the letters."""
    order = letters_of_keys(exercise_id, cohort)
    rows = [row for row in _ROW.finditer(text) if row["key"] in order]
    if [row["key"] for row in rows] != list(order):
        raise ValueError(f"Exercise {exercise_id} has other keys in its table than KEYED says.")
    table = sorted(f"| `{order[row['key']]}` | {row['text']} |" for row in rows)
    lines = iter(table)
    moved = _ROW.sub(lambda row: next(lines) if row["key"] in order else row[0], text)
    return _named(moved, order)


def _named(text: str, order: Permutation) -> str:
    """A text with the quoted keys in it by their letters; a letter is no key, so nothing is named twice."""
    return _QUOTED.sub(lambda m: f"{m['left']}{order.get(m['key'], m['key'])}{m['left']}", text)


def _relettered(exercise_id: str, text: str, cohort: int) -> str:
    """A statement with the options of each list in the cohort's order."""
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


def _rekeyed_exercise(exercise: Exercise, cohort: int) -> Exercise:
    """An exercise whose texts, and whose judge, speak of letters in the place of keys."""
    order = letters_of_keys(exercise.id, cohort)
    back = {letter: key for key, letter in order.items()}
    own = exercise.judge
    assert own is not None
    first, second, third = exercise.hints

    def judge(outcomes: Sequence[Outcome]) -> Verdict:
        given = outcomes[0].value
        listed = given if isinstance(given, list) else []
        strange = [key for key in listed if not isinstance(key, str) or key not in back]
        if strange:
            return Verdict(False, text=f"`{strange[0]}` is no key of the table.")
        verdict = own([replace(outcome, value=_renamed(outcome.value, back)) for outcome in outcomes])
        return replace(verdict, text=_named(verdict.text, order))

    return replace(
        exercise,
        contract=_named(exercise.contract, order),
        example=_named(exercise.example, order),
        verified=_named(exercise.verified, order),
        misconceptions={name: _named(text, order) for name, text in exercise.misconceptions.items()},
        hints=(_named(first, order), _named(second, order), _named(third, order)),
        judge=judge,
    )


def cohort_exercise(exercise: Exercise, cohort: int | None) -> Exercise:
    """An exercise as a cohort has it; itself where nothing varies."""
    if cohort is None:
        return exercise
    declared = _declared(exercise.unit, "VARIANTS")
    made = declared[exercise.id](cohort) if exercise.id in declared else exercise
    if exercise.id in KEYED:
        return _rekeyed_exercise(made, cohort)
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
    """What a released notebook has in place of `check` and `hint`: those of the cohort's variants."""

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

    def hint(self, exercise_id: str, number: int | None = None) -> Any:
        """As `w2s_course.learn.hint`, for the cohort's variant of the exercise.

        Raises: as that does.
        """
        from w2s_course.learn.check import hint_of

        return hint_of(cohort_exercise(find_exercise(exercise_id), self.seed), number)
