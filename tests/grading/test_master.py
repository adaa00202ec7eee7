"""What grades a unit is looked at before anything is graded by it."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from essay_unit import MODULE, known_unit
from tiny import HIDDEN, graded_tiny

from w2s_course.errors import CourseError
from w2s_course.learn.exercises import Case, all_units


@pytest.mark.parametrize(
    ("hidden", "said"),
    [
        ({"9.3": (Case("mean([4])", 4, part="nubmers"),)}, "of the part 'nubmers'; is 'numbers' meant?"),
        (
            {"9.3": (Case("mean([4])", 4, part="odd"), Case("mean([5])", 5, part="ood"))},
            "of the part 'odd'; is 'ood' meant?",
        ),
        ({"9.3": (Case("mean([4])", 4),)}, "without a part; the parts of others are empty, numbers"),
        ({"9.33": HIDDEN["9.3"]}, "exercise 9.33 has cases in hidden.py and does not exist"),
    ],
)
def test_a_slip_of_the_pen_in_a_hidden_case_changes_no_mark(hidden, said):
    with pytest.raises(CourseError, match="Nothing can be graded by course/09_tiny/hidden.py.*" + said):
        replace(graded_tiny(), hidden=hidden)


@pytest.mark.parametrize("part", ["whole", "odd", "number of texts"])
def test_a_part_that_only_hidden_cases_have_is_no_slip(part):
    assert replace(graded_tiny(), hidden={"9.3": (Case("mean([4])", 4, part=part),)}).hidden


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("points=10, minutes=30)", "points=10, minutes=30", r"unit_99\.py, line 9: SyntaxError: "),
        ("UNIT = Unit(", "UNIT = Unti(", r"unit_99\.py, line 10: NameError: name 'Unti' is not defined"),
    ],
)
def test_a_unit_that_python_cannot_run_is_named_with_its_line(tmp_path, monkeypatch, old, new, said):
    assert old in MODULE
    monkeypatch.setattr("essay_unit.MODULE", MODULE.replace(old, new))
    with known_unit(tmp_path), pytest.raises(CourseError, match=said):
        all_units()
    assert "w2s_course.learn.units.unit_99" not in sys.modules
