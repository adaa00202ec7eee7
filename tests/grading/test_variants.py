"""Releases are the same bytes each time; cohorts get other letters, and checks that follow."""

from __future__ import annotations

import json
import re
import zipfile
from importlib import import_module

import pytest
from school import ROOT, course_space

from w2s_course.authoring.sources import solution_lines, unit_sources
from w2s_course.errors import UsageError
from w2s_course.grading.release import check_version, cohort_unit, contract_version, release, versions
from w2s_course.grading.workspace import find_unit
from w2s_course.learn.answers import Outcome, ask
from w2s_course.learn.checking import judge
from w2s_course.learn.exercises import all_units, find_exercise
from w2s_course.learn.variants import LETTERED, Cohort, cohort_exercise, cohort_statement, permutation

COHORTS = (0, 1, 7, 2**40)
WITH_EXERCISES = [unit.slug for unit in all_units() if unit.exercises]


def moved(exercise_id: str, cohort: int, value):
    """An answer in the course's letters as somebody of the cohort would write it."""
    orders = {k: permutation(exercise_id, k, letters, cohort) for k, letters in LETTERED[exercise_id].items()}
    if isinstance(value, dict):
        return {key: orders[key][letter.strip().lower()] for key, letter in value.items()}
    return [orders[""].get(letter, letter) for letter in value]


@pytest.mark.parametrize("slug", WITH_EXERCISES)
def test_a_release_is_the_same_bytes_each_time(tmp_path, slug):
    space, unit = course_space(tmp_path), find_unit(slug)
    for cohort in (None, 7):
        folder = release(space, unit, cohort)
        first = {path.name: path.read_bytes() for path in folder.iterdir()}
        release(space, unit, cohort)
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == first
        assert set(first) == {f"{slug}.ipynb", f"{slug}.zip", "release.json", "SHA256SUMS"}
        with zipfile.ZipFile(folder / f"{slug}.zip") as archive:
            assert archive.namelist() == [f"{slug}/{slug}.ipynb"]
            assert archive.read(f"{slug}/{slug}.ipynb") == first[f"{slug}.ipynb"]
        manifest = json.loads(first["release.json"])
        assert manifest["cohort"] == cohort
        assert set(manifest["exercises"]) == set(manifest["checks"]) == {e.id for e in unit.exercises}


@pytest.mark.parametrize("slug", WITH_EXERCISES)
@pytest.mark.parametrize("cohort", [None, 7])
def test_a_release_holds_no_line_of_a_solution(tmp_path, slug, cohort):
    space, unit = course_space(tmp_path), find_unit(slug)
    text = (release(space, unit, cohort) / f"{slug}.ipynb").read_text(encoding="utf-8")
    source = next(s for s in unit_sources(ROOT) if s.slug == slug)
    for line in solution_lines(source.exercises.read_text(encoding="utf-8")):
        assert len(line) < 24 or json.dumps(line, ensure_ascii=False)[1:-1] not in text, line


@pytest.mark.parametrize("cohort", COHORTS)
@pytest.mark.parametrize("exercise_id", LETTERED)
def test_the_check_of_a_cohort_accepts_and_rejects_the_same_answers_in_its_letters(exercise_id, cohort):
    exercise = find_exercise(exercise_id)
    varied = cohort_exercise(exercise, cohort)
    source = next(s for s in unit_sources(ROOT) if s.number == exercise.unit)
    graded = cohort_unit(ROOT, find_unit(str(exercise.unit)), cohort)
    for cases, hidden in ((varied.cases, False), (graded.hidden[exercise_id], True)):
        for answer in source.right[exercise_id]:
            names = {exercise.name: moved(exercise_id, cohort, answer)}
            assert judge(varied, cases, [ask(c.call, names) for c in cases]).state == "right", hidden
            assert (
                judge(varied, cases, [ask(c.call, {exercise.name: answer}) for c in cases]).state == "wrong"
            )
        for misconception, answer in source.wrong[exercise_id]:
            names = {exercise.name: moved(exercise_id, cohort, answer)}
            finding = judge(varied, cases, [ask(c.call, names) for c in cases])
            assert (finding.state, finding.misconception) == ("wrong", misconception)


def test_a_judges_words_name_the_cohorts_letters():
    varied, order = cohort_exercise(find_exercise("4.8"), 7), permutation("4.8", "", "abcdefg", 7)
    text = judge(varied, varied.cases, [Outcome([order["f"]])]).text
    assert f"about sentence {order['f']}." in text


@pytest.mark.parametrize("cohort", COHORTS)
def test_statement_and_check_agree_on_what_each_letter_means(cohort):
    text = "Story.\n\na) Ape.\\\nb) Bee.\\\nc) Cat.\\\nd) Dog.\\\ne) Eel.\\\nf) Fox.\\\ng) Gnu.\n\nEnd."
    varied, order = cohort_statement("4.8", text, cohort), permutation("4.8", "", "abcdefg", cohort)
    animals = dict(re.findall(r"^([a-g])\) (\w+)\.", text, re.MULTILINE))
    assert dict(re.findall(r"^([a-g])\) (\w+)\.", varied, re.MULTILINE)) == {
        order[letter]: animal for letter, animal in animals.items()
    }
    assert varied.count("\\\n") == 6
    assert varied.startswith("Story.")
    assert varied.endswith("End.")
    assert all(old != new for old, new in order.items())
    with pytest.raises(ValueError, match="has 1 options"):
        cohort_statement("4.8", "a) Ape.", cohort)


def test_every_exercise_whose_statement_lists_options_is_known_here():
    """A new one needs a row in LETTERED, or its letters would not vary."""
    listed = re.compile(r"^# (?:- )?a[:)] ", re.MULTILINE)
    found = set()
    for source in unit_sources(ROOT):
        if source.exercises:
            cells = source.exercises.read_text(encoding="utf-8").split("# %%")
            ids = [re.match(r' \[markdown\] exercise="([\d.]+)"', c) for c in cells if listed.search(c)]
            found |= {match[1] for match in ids if match}
    assert found == set(LETTERED)


def test_declared_numbers_vary(monkeypatch):
    from dataclasses import replace

    from w2s_course.learn.units import variants_1

    made = lambda seed: replace(find_exercise("1.5"), example=f"affordable({seed}, 1, 0, 9)")  # noqa: E731
    monkeypatch.setattr(variants_1, "VARIANTS", {"1.5": made})
    assert "affordable(3," in cohort_exercise(find_exercise("1.5"), 3).example
    graded = cohort_unit(ROOT, find_unit("1"), 3)
    assert any(e.example.startswith("affordable(3,") for e in graded.exercises)


def test_a_cohorts_check_in_a_notebook(headless_progress):
    right = moved("4.8", 7, ["b", "e"])
    assert "4.8" in repr(Cohort(7).check("4.8", {"follows": right}))
    with pytest.raises(Exception, match=r"✗ 4\.8"):
        Cohort(7).check("4.8", {"follows": ["b", "e"]})


@pytest.fixture
def headless_progress(monkeypatch):
    progress = import_module("w2s_course.learn.progress")

    monkeypatch.setenv("W2S_HEADLESS", "1")
    monkeypatch.setattr(progress, "_in_memory", {})


def test_versions_follow_what_marks_depend_on():
    from dataclasses import replace

    one = find_exercise("1.5")
    hidden = cohort_unit(ROOT, find_unit("1")).hidden["1.5"]
    version = check_version(one, hidden)
    assert version == check_version(replace(one, title="Other", hints=("a", "b", "c")), hidden)
    corrected = replace(one.cases[0], expected=6)
    assert check_version(replace(one, cases=(corrected, *one.cases[1:])), hidden) != version
    assert check_version(one, hidden[1:]) != version
    assert contract_version(replace(one, cases=one.cases[1:])) == contract_version(one)
    plain, varied = (versions(cohort_unit(ROOT, find_unit("1"), c), c) for c in (None, 7))
    assert plain.keys() == varied.keys()
    assert all(plain[key] != varied[key] for key in plain)


def test_an_unknown_unit_is_named_with_the_nearest():
    with pytest.raises(UsageError, match=r"Did you mean '04_measure'"):
        find_unit("04_mesure")
