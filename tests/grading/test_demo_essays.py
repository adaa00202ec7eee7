"""Claims about the essays of a demonstration class."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from w2s_course.grading.demo_essays import essays_of, write_essays
from w2s_course.grading.essays import essay_in
from w2s_course.grading.master import given_lines
from w2s_course.grading.release import release_notebook
from w2s_course.grading.review import filled_essay
from w2s_course.grading.submission import read_submission
from w2s_course.grading.workspace import find_source, find_unit
from w2s_course.learn.anchors import NAMES, anchor

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def unit():
    return find_unit("9")


def test_no_two_writers_hand_in_the_same_essay_and_each_is_an_anchor_with_gaps(unit):
    written = [essays_of(unit, random.Random(f"writer {n}")) for n in range(60)]
    first, second = zip(*(essays.values() for essays in written), strict=True)
    assert len(set(first)) == len(set(second)) == 60
    wholes = [anchor(name).text for name in NAMES]
    for text in first:
        (whole,) = (whole for whole in wholes if whole.startswith(text[:40]))
        assert 0.6 < len(text) / len(whole) < 1
        assert set(text.split()) <= set(whole.split())
    assert sum(map(len, first)) < sum(map(len, second))


def test_a_marker_finds_the_essay_and_the_numbers_that_its_notebook_filled_in(unit, tmp_path):
    from nbformat import writes

    notebook = release_notebook(find_source(ROOT, unit), unit)
    given, essays = given_lines(notebook), essays_of(unit, random.Random(0))
    write_essays(notebook, essays)
    (tmp_path / "w.ipynb").write_text(writes(notebook))
    submission = read_submission(tmp_path / "w.ipynb")
    for essay_id, text in essays.items():
        found = essay_in(submission, essay_id, given)
        assert found is not None
        assert found.endswith(text)
        filled = filled_essay(submission, essay_id, found)
        assert filled is not None, "the notebook shows it"
        assert "{{" not in filled
        assert "recorded run" in filled


def test_a_unit_without_essays_has_none():
    assert essays_of(find_unit("4"), random.Random(0)) == {}
