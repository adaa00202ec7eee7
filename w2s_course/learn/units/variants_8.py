"""Unit 8 for cohorts: other words in 8.4 and 8.5, other categories in 8.6. What is counted stays the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from w2s_course.learn.exercises import Case, Exercise
from w2s_course.learn.units.unit_8 import HARD_DISTRACTORS, KAPPA, WITHOUT_TWINS
from w2s_course.learn.variants import draw

_QUOTED = re.compile(r'"([^"]*)"')
Renaming = Mapping[str, str]
"""Word -> the word that stands in its place; other words stay."""


def _renamed(value: Any, names: Renaming) -> Any:
    """The words of a text, or of the texts in a list, by their other names."""
    if isinstance(value, str):
        return " ".join(names.get(word, word) for word in value.split(" "))
    if isinstance(value, list):
        return [_renamed(each, names) for each in value]
    return value


def _in_quotes(code: str, names: Renaming) -> str:
    return _QUOTED.sub(lambda found: f'"{_renamed(found[1], names)}"', code)


def renamed_cases(cases: Sequence[Case], names: Renaming) -> tuple[Case, ...]:
    """The cases with other words. A renaming that is one to one changes no overlap and no agreement."""
    return tuple(
        replace(
            case,
            call=_in_quotes(case.call, names),
            expected=_renamed(case.expected, names),
            wrong={name: _renamed(value, names) for name, value in case.wrong.items()},
        )
        for case in cases
    )


def subjects(r: Random) -> Renaming:
    """8.4: what the sentences are about; no new word is an old one."""
    nouns = ("list", "string", "files", "heap", "keys", "text", "words", "item")
    new = ("table", "record", "folders", "tree", "rows", "essay", "lines", "entry")
    return dict(zip(nouns, new, strict=True)) if r.random() < 0.5 else {"sort": "order", "count": "number"}


def letters(r: Random) -> Renaming:
    """8.5: the letters that stand for words, all of them others."""
    new = list("hijklmnopqrs")
    r.shuffle(new)
    return dict(zip("abcdegxy", new[:8], strict=True))


def categories(r: Random) -> Renaming:
    """8.6: what the raters say."""
    sets = (("yes", "no", "unsure"), ("good", "bad", "fair"), ("keep", "drop", "mend"))
    return dict(zip(("true", "false", "vague"), r.choice(sets), strict=True))


def _variant(exercise: Exercise, renaming: Callable[[Random], Renaming]) -> Callable[[int], Exercise]:
    def made(cohort: int) -> Exercise:
        names = renaming(draw(cohort, exercise.id))
        example = _in_quotes(exercise.example, names)
        return replace(exercise, example=example, cases=renamed_cases(exercise.cases, names))

    return made


def hidden_variant(
    exercise_id: str, cases: Sequence[Case], renaming: Callable[[Random], Renaming]
) -> Callable[[int], tuple[Case, ...]]:
    """A cohort's hidden cases: the words drawn anew."""
    return lambda cohort: renamed_cases(cases, renaming(draw(cohort, f"{exercise_id} hidden")))


VARIANTS = {
    "8.4": _variant(HARD_DISTRACTORS, subjects),
    "8.5": _variant(WITHOUT_TWINS, letters),
    "8.6": _variant(KAPPA, categories),
}
