"""Each check, tested by answers that learners write: wrong ones get their message, right ones pass."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from w2s_course.authoring.sources import UnitSource, unit_sources
from w2s_course.learn.answers import ask
from w2s_course.learn.checking import Finding, judge
from w2s_course.learn.exercises import Case, Exercise, all_units, find_exercise
from w2s_course.learn.variants import KEYED, LETTERED, cohort_exercise

ROOT = Path(__file__).resolve().parents[2]
INF, NAN = float("inf"), float("nan")
SOURCES = {unit.number: unit for unit in unit_sources(ROOT)}
EXERCISES = [exercise for unit in all_units() for exercise in unit.exercises]


def source_of(exercise: Exercise) -> UnitSource:
    return SOURCES[exercise.unit]


def found(exercise: Exercise, answer: object, hidden: bool = False) -> Finding:
    cases = source_of(exercise).hidden[exercise.id] if hidden else exercise.cases
    names: dict[str, object] = {exercise.name: answer}
    exec(exercise.imports, names)
    return judge(exercise, cases, [ask(case.call, names) for case in cases])


def answers(kind: str) -> list:
    made = []
    for exercise in EXERCISES:
        for number, given in enumerate(getattr(source_of(exercise), kind).get(exercise.id, ())):
            name = given[0] if kind == "wrong" else number
            made.append(pytest.param(exercise, given, id=f"{exercise.id} {name} {number}"))
    return made


@pytest.mark.parametrize(("exercise", "given"), answers("wrong"))
def test_a_wrong_answer_is_rejected_with_the_message_meant_for_it(exercise, given):
    misconception, answer = given
    finding = found(exercise, answer)
    assert finding.state == "wrong", "the visible check accepts it"
    assert finding.misconception == misconception, finding.text
    assert exercise.misconceptions[misconception] in finding.text
    hidden = found(exercise, answer, hidden=True)
    assert hidden.state == "wrong", "the hidden check accepts it"
    assert hidden.share < 1


@pytest.mark.parametrize(("exercise", "answer"), answers("right"))
def test_a_right_answer_written_differently_is_accepted(exercise, answer):
    assert found(exercise, answer).state == "right", found(exercise, answer).text
    hidden = found(exercise, answer, hidden=True)
    assert hidden.state == "right", hidden.text
    assert hidden.share == 1


WITH_OTHER_NUMBERS = [
    e for e in EXERCISES if callable(source_of(e).right[e.id][0]) and cohort_exercise(e, 1) is not e
]
"""Functions whose cases vary; of a value that varies, such as letters, other answers are right."""


@pytest.mark.parametrize("cohort", [1, 7, 25])
@pytest.mark.parametrize("exercise", WITH_OTHER_NUMBERS, ids=lambda e: e.id)
def test_the_numbers_of_a_cohort_tell_the_same_answers_apart(exercise, cohort):
    source, varied = source_of(exercise), cohort_exercise(exercise, cohort)
    hidden = source.hidden_variants.get(exercise.id, lambda _: source.hidden[exercise.id])(cohort)

    def of_cohort(answer: object, cases: Sequence[Case]) -> Finding:
        names: dict[str, object] = {varied.name: answer}
        exec(varied.imports, names)
        return judge(varied, cases, [ask(case.call, names) for case in cases])

    for answer in source.right[exercise.id]:
        assert of_cohort(answer, varied.cases).state == of_cohort(answer, hidden).state == "right"
    for misconception, answer in source.wrong[exercise.id]:
        assert of_cohort(answer, varied.cases).misconception == misconception
        assert of_cohort(answer, hidden).state == "wrong", misconception


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.id)
def test_each_misconception_has_a_wrong_answer_that_shows_it(exercise):
    shown = {name for name, _ in source_of(exercise).wrong[exercise.id]}
    assert shown == set(exercise.misconceptions)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.id)
def test_cases_speak_only_of_declared_misconceptions(exercise):
    for case in (*exercise.cases, *source_of(exercise).hidden[exercise.id]):
        assert set(case.wrong) <= set(exercise.misconceptions), case.call


def asked(exercise: Exercise, answer: object) -> Finding:
    names = {exercise.name: answer}
    return judge(exercise, exercise.cases, [ask(case.call, names) for case in exercise.cases])


LITERAL = re.compile(r"\[[^\[\]{}]*\]|\{[^{}]*\}")
"""A list or a dict as it is printed within an example or a message."""


@pytest.mark.parametrize("exercise_id", [*LETTERED, *KEYED])
def test_no_printed_example_is_the_key_of_any_cohort(exercise_id):
    for cohort in (None, *range(1, 201)):
        exercise = cohort_exercise(find_exercise(exercise_id), cohort)
        printed = [exercise.example]
        # What those are told who answer in no form at all.
        printed += [asked(exercise, strange).text for strange in ("?", ["?"], {"?": "?"}, [])]
        found = [literal for text in printed for literal in LITERAL.findall(text)]
        assert LITERAL.search(exercise.example), "the example shows no form"
        for literal in found:
            finding = asked(exercise, ast.literal_eval(literal))
            assert finding.state != "right", (cohort, literal)
            # Of several letters asked for none is given away either.
            assert not any(finding.parts.values()), (cohort, literal)


@pytest.mark.parametrize(
    ("exercise_id", "answer", "said"),
    [
        ("2.6", {"low": INF}, "`low`, `high` and `pool_right` are numbers between 0 and 1"),
        ("2.6", {"pool_right": NAN}, "`low`, `high` and `pool_right` are numbers between 0 and 1"),
        ("3.6", {"n": INF}, "`n` must be the number of validation snippets"),
        ("3.6", {"gold": [0.5, INF]}, "`gold` must be a list of numbers"),
        ("5.8", {"suspect": ["loop"]}, "`suspect` must be one of the styles"),
        ("5.8", {"suspect": {}}, "`suspect` must be one of the styles"),
        ("7.8", {"known": [40, INF]}, "`known` must be a list of two finite numbers"),
        ("7.8", {"hard": [NAN, 50]}, "`hard` must be a list of two finite numbers"),
    ],
)
def test_a_strange_value_is_named_and_is_no_error_of_the_check(exercise_id, answer, said):
    exercise = find_exercise(exercise_id)
    whole = {**source_of(exercise).right[exercise_id][0], **answer}
    for hidden in (False, True):
        finding = found(exercise, whole, hidden)
        assert finding.state == "wrong"
        assert said in finding.text


def test_ids_and_names_are_unique():
    assert len({e.id for e in EXERCISES}) == len(EXERCISES)
    assert find_exercise(EXERCISES[0].id) is EXERCISES[0]


def test_the_counts_of_tried_answers(capsys):
    """Printed with -s, and by `make test ARGS=-s`."""
    wrong, right = len(answers("wrong")), len(answers("right"))
    with capsys.disabled():
        print(f"\n{len(EXERCISES)} exercises: {wrong} wrong answers rejected, {right} alternatives accepted")
    assert wrong >= 5 * len(EXERCISES)
    assert right >= 2 * len(EXERCISES)


@pytest.mark.parametrize("name", ["check", "predict", "progress", "setup", "what_if"])
def test_the_package_gives_the_function_though_a_module_has_its_name(name):
    import importlib

    import w2s_course.learn as learn

    importlib.import_module(f"w2s_course.learn.{name}")
    assert callable(getattr(learn, name))


def test_every_name_that_the_package_lists_is_there():
    import w2s_course.learn as learn

    assert all(callable(getattr(learn, name)) for name in dir(learn))
