"""What is read and what is refused, without running anything."""

from __future__ import annotations

import os

import pytest
from tiny import ALL, RIGHT, answer, cells, code, graded_tiny, notebook, saved, setup

from w2s_course.errors import UsageError
from w2s_course.grading.limits import Limits
from w2s_course.grading.master import master_cells, portable_imports
from w2s_course.grading.repair import repair
from w2s_course.grading.submission import Refused, read_submission


def repaired(folder, found):
    return repair(read_submission(saved(folder, found)), graded_tiny())


OWN = "own cell behind exercise {}"


def names(pieces):
    return [piece.exercise or piece.name for piece in pieces]


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "link.ipynb").symlink_to("/etc/hostname")
    with pytest.raises(Refused, match="is a link"):
        read_submission(tmp_path / "link.ipynb")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.ipynb")
    with pytest.raises(Refused, match="is not a file"):
        read_submission(tmp_path / "pipe.ipynb")


def test_a_folder_and_a_missing_file_are_refused(tmp_path):
    with pytest.raises(Refused, match=r"cannot be read|is not a file"):
        read_submission(tmp_path)
    with pytest.raises(Refused, match="No such file"):
        read_submission(tmp_path / "absent.ipynb")


def test_the_master_is_told_apart_by_its_sources_alone():
    kinds = [cell.kind for cell in master_cells(notebook([*cells({}), code("import math")]))]
    assert kinds == ["setup", *["answer", "check"] * 4, "given"]


def test_answers_run_in_the_masters_order_and_own_cells_behind_what_they_stood_behind(tmp_path):
    found = [
        setup(),
        answer("9.3", RIGHT["9.3"]),
        code("behind_3 = 1"),
        answer("9.1", RIGHT["9.1"]),
        code("b = 1"),
    ]
    pieces, report = repaired(tmp_path, found)
    assert names(pieces) == ["setup cell", "9.1", OWN.format("9.1"), "9.2", "9.3", OWN.format("9.3"), "9.4"]
    assert [piece.source for piece in pieces if piece.own] == ["b = 1", "behind_3 = 1"]
    assert [each.kind for each in report.repairs] == ["reordered", "restored", "restored"]
    assert report.untouched == {"9.2", "9.4"}


def test_a_perfect_notebook_needs_no_repair(tmp_path):
    assert repaired(tmp_path, cells(RIGHT))[1].lines() == []


def test_the_last_answer_that_differs_from_the_stub_counts(tmp_path):
    found = [
        *cells({}),
        answer("9.1", "one = 1"),
        answer("9.1", "two = 2"),
        answer("9.1", 'def double(x):\n\n    not_attempted("9.1")'),
    ]
    pieces, report = repaired(tmp_path, found)
    assert [piece.source.split("\n")[1] for piece in pieces if piece.exercise == "9.1"] == ["two = 2"]
    assert "stood there 4 times; the last one that differs from the stub counts" in report.lines()[0]


def test_a_trial_under_a_marker_of_its_own_does_not_take_the_answers_place(tmp_path):
    trial = "# Exercise 9.1: try it\nprint(double(3))"
    before, behind = code("# exercise 9.1 is easy\nfactor = 2"), code(trial)
    found = cells({"9.1": RIGHT["9.1"]})
    pieces, report = repaired(tmp_path, [found[0], found[1], before, *found[2:], behind])
    assert names(pieces)[:4] == ["setup cell", "own cell before exercise 9.1", "9.1", OWN.format("9.1")]
    assert [piece.source for piece in pieces[1:4]][::2] == [before["source"], trial]
    assert pieces[2].source.endswith(RIGHT["9.1"])
    assert "stood there 3 times; the last one that defines `double` counts" in report.lines()[0]


def test_an_earlier_try_is_not_run(tmp_path):
    tried = answer("9.1", "def double(x):\n    return x ** 2")
    pieces, _ = repaired(tmp_path, [setup(), tried, *cells(RIGHT)[1:]])
    assert not [piece for piece in pieces if "x ** 2" in piece.source]


def test_a_remark_about_another_exercise_does_not_cut_a_cell(tmp_path):
    remark = "# exercise 9.1 gave us the numbers"
    for text in (f"{remark}\n{RIGHT['9.3']}", f"import math\n{remark}\n{RIGHT['9.3']}"):
        pieces, report = repaired(tmp_path, cells({**RIGHT, "9.3": text}))
        assert [piece.source.endswith(text) for piece in pieces if piece.exercise == "9.3"] == [True]
        assert report.lines() == []
    pieces, report = repaired(tmp_path, [*cells(RIGHT), code(f"x = 1\n{remark}\nprint(x)")])
    assert (pieces[-1].name, pieces[-1].source) == (OWN.format("9.4"), f"x = 1\n{remark}\nprint(x)")
    assert report.lines() == []


def test_merged_cells_are_cut_where_an_answer_or_a_marker_as_given_out_stands(tmp_path):
    merged = code("\n".join([answer("9.1", RIGHT["9.1"])["source"], answer("9.2", "")["source"]]))
    shortened = code(f"import math\n# exercise 9.3\n{RIGHT['9.3']}\n# exercise 9.4\n{RIGHT['9.4']}")
    pieces, report = repaired(tmp_path, [setup(), merged, shortened])
    assert names(pieces) == ["setup cell", "9.1", "9.2", OWN.format("9.2"), "9.3", "9.4"]
    assert [each.kind for each in report.repairs] == ["merged", "merged"]


@pytest.mark.parametrize("where", [2, 4, -1])
def test_a_stub_does_not_take_back_an_answer_that_stands_elsewhere(tmp_path, where):
    found = cells({})
    found.insert(where, code(RIGHT["9.1"]))
    pieces, report = repaired(tmp_path, found)
    assert "9.1" not in names(pieces)
    assert report.lines() == [
        "Exercise 9.1 was left as it was given out; a cell that defines its name was taken."
    ]
    assert not any(piece.own for piece in pieces)  # an answer has the time of one
    assert "9.1" not in report.untouched


def test_a_stub_does_not_take_back_an_answer_in_another_exercises_cell(tmp_path):
    both = f"{RIGHT['9.2']}\n{RIGHT['9.4']}"
    pieces, report = repaired(tmp_path, cells({"9.2": both}))
    assert names(pieces) == ["setup cell", "9.1", "9.2", "9.3"]
    assert report.untouched == {"9.1", "9.3"}


def test_an_answer_below_an_untouched_stub_is_asked_for(tmp_path):
    assert "9.1" not in repaired(tmp_path, [*cells({}), code("def double(x): return 2 * x")])[1].untouched


def test_a_given_cell_that_needs_the_lesson_keeps_the_imports_that_are_used(tmp_path):
    given = code("import math\nfrom collections import Counter\nlabels = lesson.stage('labels')")
    unit = graded_tiny()
    unit = type(unit)(unit.unit, (*unit.cells, *master_cells(notebook([given]))), unit.hidden)
    found = [*cells({**RIGHT, "9.1": "def double(x): return math.fsum([x, x])"}), given]
    pieces, _ = repair(read_submission(saved(tmp_path, found)), unit)
    assert pieces[-1].source == "import math"


def test_helpers_of_a_units_module_travel_as_text():
    text = portable_imports("from w2s_course.learn.units.unit_4 import run_like")
    names: dict = {}
    exec(text, names)
    assert "units" not in text
    assert names["run_like"](gain=(0.1, 0.0, 0.2), pgr=(None, "no gap"))["pgr"]["raw"] is None


def test_a_limit_is_above_zero():
    with pytest.raises(UsageError, match="memory_mb must be above 0; got 0"):
        Limits(memory_mb=0)


def test_the_points_of_the_tiny_unit_add_up():
    assert graded_tiny().unit.points == ALL
