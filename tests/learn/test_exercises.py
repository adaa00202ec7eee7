"""Each check, tested by answers that learners write: wrong ones get their message, right ones pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from w2s_course.authoring.sources import UnitSource, unit_sources
from w2s_course.learn.answers import ask
from w2s_course.learn.checking import Finding, judge
from w2s_course.learn.exercises import Exercise, all_units, find_exercise

ROOT = Path(__file__).resolve().parents[2]
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


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.id)
def test_each_misconception_has_a_wrong_answer_that_shows_it(exercise):
    shown = {name for name, _ in source_of(exercise).wrong[exercise.id]}
    assert shown == set(exercise.misconceptions)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.id)
def test_cases_speak_only_of_declared_misconceptions(exercise):
    for case in (*exercise.cases, *source_of(exercise).hidden[exercise.id]):
        assert set(case.wrong) <= set(exercise.misconceptions), case.call


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
