"""What a cohort's variant asks is the same question: right answers pass, wrong ones are named."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest
from school import ROOT, course_space

from w2s_course.authoring.sources import read_cells, unit_sources
from w2s_course.grading.collect import collect
from w2s_course.grading.release import cohort_unit, release, release_notebook
from w2s_course.grading.run import jobs_of, said_cohorts
from w2s_course.grading.workspace import find_source, find_unit
from w2s_course.learn.answers import ask
from w2s_course.learn.checking import judge
from w2s_course.learn.exercises import all_units, find_exercise
from w2s_course.learn.units import variants_1
from w2s_course.learn.variants import (
    KEYED,
    LETTERED,
    Cohort,
    cohort_exercise,
    cohort_statement,
    letters_of_keys,
    permutation,
)

COHORTS = (*range(12), 2026, 2**40)
SOURCES = {source.number: source for source in unit_sources(ROOT)}
VARIED = [e for unit in all_units() for e in unit.exercises if cohort_exercise(e, 1) != e]
OF_CHOICES = [e for e in VARIED if e.id in ("1.1", "1.2", "1.4", "4.8", "6.8", "9.2", "9.3", "9.6")]
"""Exercises whose answer is a literal that everybody of a cohort shares."""


def in_the_cohorts_words(exercise_id, cohort, answer):
    """An answer in the course's letters and keys as somebody of the cohort would write it."""
    if exercise_id in KEYED:
        letters = letters_of_keys(exercise_id, cohort)
        return [letters[key] for key in answer]
    if exercise_id not in LETTERED:
        return answer
    orders = {k: permutation(exercise_id, k, letters, cohort) for k, letters in LETTERED[exercise_id].items()}
    if isinstance(answer, dict):
        return {key: orders[key][letter.strip().lower()] for key, letter in answer.items()}
    return [orders[""].get(letter, letter) for letter in answer]


@cache
def released(number, cohort):
    """Cell id -> text of a released notebook."""
    unit = find_unit(number)
    return {cell.id: cell.source for cell in release_notebook(find_source(ROOT, unit), unit, cohort).cells}


@cache
def hidden_of(number, cohort):
    return cohort_unit(ROOT, find_unit(str(number)), cohort).hidden


def answers_of(exercise, cohort):
    """Right answers, and pairs of misconception and wrong answer, for a cohort."""
    if exercise.id == "1.4":  # other projects: what is right there stands in the variant alone
        cases = cohort_exercise(exercise, cohort).cases
        right = {case.part: case.expected for case in cases}
        wrong = [(name, {**right, c.part: value}) for c in cases for name, value in c.wrong.items()]
        return [right], wrong
    source = SOURCES[exercise.unit]
    right = [in_the_cohorts_words(exercise.id, cohort, a) for a in source.right[exercise.id]]
    return right, [
        (name, in_the_cohorts_words(exercise.id, cohort, a)) for name, a in source.wrong[exercise.id]
    ]


def finding(exercise, cases, answer):
    names = {exercise.name: answer}
    exec(exercise.imports, names)
    return judge(exercise, cases, [ask(case.call, names) for case in cases])


def test_a_unit_with_variants_has_at_least_two_exercises_that_vary():
    assert min(Counter(exercise.unit for exercise in VARIED).values()) >= 2


@pytest.mark.parametrize("exercise", VARIED, ids=lambda e: e.id)
def test_a_cohorts_visible_check_has_no_fewer_cases_than_the_courses(exercise):
    assert len(cohort_exercise(exercise, 7).cases) >= len(exercise.cases)


@pytest.mark.parametrize("exercise", VARIED, ids=lambda e: e.id)
def test_every_cohort_accepts_right_answers_and_names_wrong_ones(exercise):
    for cohort in COHORTS:
        varied = cohort_exercise(exercise, cohort)
        hidden = hidden_of(exercise.unit, cohort)[exercise.id]
        right, wrong = answers_of(exercise, cohort)
        assert right, "nothing was tried"
        assert wrong, "nothing was tried"
        for answer in right:
            for cases in (varied.cases, hidden):
                made = finding(varied, cases, answer)
                assert (made.state, made.share) == ("right", 1), (cohort, made.text)
        for name, answer in wrong:
            made = finding(varied, varied.cases, answer)
            assert (made.state, made.misconception) == ("wrong", name), (cohort, made.text)
            assert varied.misconceptions[name] in made.text
            assert finding(varied, hidden, answer).share < 1, (cohort, name)
        for case in (*varied.cases, *hidden):
            assert set(case.wrong) <= set(varied.misconceptions), case.call


@pytest.mark.parametrize("exercise", VARIED, ids=lambda e: e.id)
def test_cohorts_are_asked_different_things(exercise):
    """By the notebook's words and the visible calls: cohorts with the same of both were given no variant."""
    asked = {cohort: (asked_of(exercise.id, cohort), calls_of(exercise, cohort)) for cohort in COHORTS}
    assert len(set(asked.values())) >= 2
    assert (asked_of(exercise.id, None), calls_of(exercise, None)) not in asked.values()


def calls_of(exercise, cohort):
    return tuple(case.call for case in cohort_exercise(exercise, cohort).cases)


def asked_of(exercise_id, cohort):
    """What an exercise's statement in a released notebook says."""
    return released(exercise_id[0], cohort)[f"statement-{exercise_id.replace('.', '-')}"]


@pytest.mark.parametrize("exercise", OF_CHOICES, ids=lambda e: e.id)
def test_an_answer_copied_from_the_course_is_wrong_in_every_cohort(exercise):
    assert {e.id for e in OF_CHOICES} >= {*LETTERED, *KEYED}
    for cohort in COHORTS:
        varied = cohort_exercise(exercise, cohort)
        for copied in SOURCES[exercise.unit].right[exercise.id]:
            made = finding(varied, varied.cases, copied)
            assert made.state == "wrong", cohort
            assert made.share < 1


def test_the_table_of_keys_has_letters_in_order_and_the_same_steps():
    source = find_source(ROOT, find_unit("1"))
    text = next(
        c.source
        for c in read_cells(source.exercises)
        if c.metadata.get("exercise") == "1.1" and c.cell_type == "markdown"
    )
    row = re.compile(r"\| `(\w+)` \| (.*) \|")
    steps, letters = dict(row.findall(text)), letters_of_keys("1.1", 7)
    moved = row.findall(cohort_statement("1.1", text, 7))
    assert [letter for letter, _ in moved] == list("abcdefghijk")
    assert dict(moved) == {letters[key]: step for key, step in steps.items()}
    assert not re.search(r"`(ceiling|split|labels)`", cohort_statement("1.1", text, 7))
    with pytest.raises(ValueError, match="other keys"):
        cohort_statement("1.1", text.replace("`pick`", "`take`"), 7)


def test_messages_and_hints_of_a_cohort_speak_of_its_letters(monkeypatch):
    monkeypatch.setenv("W2S_HEADLESS", "1")
    letters = letters_of_keys("1.1", 7)
    assert f"Begin with `{letters['split']}`" in repr(Cohort(7).hint("1.1", 3))
    varied = cohort_exercise(find_exercise("1.1"), 7)
    early = [letters[k] for k in ("split", "teacher", "student", "labels", "ceiling", "answers", "gap")]
    text = finding(varied, varied.cases, early).text
    assert f"`{letters['teacher']}`, `{letters['labels']}` and `{letters['student']}`" in text
    assert "no key" in finding(varied, varied.cases, ["split"]).text


def test_the_last_hint_of_the_projects_counts_them():
    for cohort in COHORTS:
        varied = variants_1.roles(cohort)
        ups = sum(case.expected == variants_1.UP for case in varied.cases)
        assert f"fits {ups} of the five" in varied.hints[2]


def test_a_statement_without_the_project_is_refused():
    with pytest.raises(ValueError, match="has 0 projects"):
        variants_1.roles_statement("- **other**: nothing.", 7)


def test_a_cohorts_notebook_has_no_badge_that_opens_another_one():
    for number in "1234":
        assert any("colab.research" in text for text in released(number, None).values())
        assert not any("colab.research" in text for text in released(number, 7).values())


def test_a_notebook_of_another_cohort_is_noticed_before_it_is_graded(tmp_path):
    unit, space = find_unit("1"), course_space(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "s1.ipynb").write_bytes((release(space, unit, 7) / f"{unit.slug}.ipynb").read_bytes())
    collect(space, tmp_path / "in", unit, tmp_path / "roster.csv")
    assert said_cohorts(jobs_of(space, unit)) == {7: 1}
    assert said_cohorts(jobs_of(space, unit, 7)) == {}
