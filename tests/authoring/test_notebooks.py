"""Claims about the notebooks: lessons are committed with outputs of a run, stubs say one friendly thing."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest

from w2s_course.authoring import notebooks
from w2s_course.authoring.notebooks import executed, is_lesson, lesson_notebook, wanted_notebooks
from w2s_course.authoring.sources import BEGIN, END, UnitSource, read_cells, without_solution
from w2s_course.errors import CourseError
from w2s_course.learn.check import CheckFailed, NotAttempted

ROOT = Path(__file__).resolve().parents[2]
STUBS = sorted((ROOT / "exercises").rglob("*.ipynb"))


@pytest.fixture
def unit(tmp_path):
    folder = tmp_path / "course" / "01_a_lesson"
    folder.mkdir(parents=True)
    (folder / "lesson.py").write_text("# %% [markdown]\n# # Title\n\n# %%\nprint(6 * 7)\n")
    return UnitSource(tmp_path, "01_a_lesson")


def test_committed_lessons_have_outputs_and_no_errors():
    for target in wanted_notebooks(ROOT):
        if is_lesson(ROOT, target):
            notebook = json.loads(target.read_text())
            outputs = [o for cell in notebook["cells"] for o in cell.get("outputs", [])]
            assert outputs, f"{target.name} was committed without a run"
            assert not [o for o in outputs if o["output_type"] == "error"]


def test_the_set_up_cell_has_at_most_twelve_lines_everywhere():
    cells = [
        cell.source
        for notebook in wanted_notebooks(ROOT).values()
        for cell in notebook.cells
        if "lesson = setup(" in cell.source
    ]
    assert len(cells) == len(wanted_notebooks(ROOT))
    assert max(len(source.splitlines()) for source in cells) <= 12


def test_cell_ids_come_from_the_units_name(unit):
    assert [cell.id for cell in lesson_notebook(unit).cells] == ["01-a-lesson-00", "01-a-lesson-01"]


def test_the_title_carries_the_badge_of_its_own_notebook(unit):
    assert "notebooks/01_a_lesson.ipynb" in lesson_notebook(unit).cells[0].source


def test_a_run_fills_in_the_outputs_without_a_person(unit, tmp_path):
    unit.lesson.write_text("# %% [markdown]\n# # Title\n\n# %%\nimport os\nos.environ['W2S_HEADLESS']\n")
    assert executed(lesson_notebook(unit), tmp_path).cells[1].outputs[0].data["text/plain"] == "'1'"


@pytest.fixture
def lesson(unit, tmp_path, monkeypatch) -> tuple[Path, Path]:
    """The text of a lesson that was built, and its notebook; from now on running it is a failure."""
    source, target = unit.lesson, tmp_path / "notebooks" / "01_a_lesson.ipynb"
    source.write_text("# %% [markdown]\n# # Counting\n\n# %%\nlen('one')\n")
    monkeypatch.setattr(notebooks, "wanted_notebooks", lambda root: {target: lesson_notebook(unit)})
    runs = []
    live = notebooks.executed
    monkeypatch.setattr(notebooks, "executed", lambda *given: runs.append(1) or live(*given))
    assert notebooks.build(tmp_path) == [target]
    assert len(runs) == 1
    monkeypatch.setattr(notebooks, "executed", lambda *given: pytest.fail("the lesson was run"))
    return source, target


def test_a_lesson_whose_code_is_the_same_keeps_its_outputs(lesson, tmp_path):
    source, target = lesson
    new = "# %% [markdown]\n# # Counting letters\n\n# %% [markdown]\n# Look:\n\n# %%\nlen('one')\n"
    source.write_text(new)
    assert notebooks.build(tmp_path) == [target]
    title, said, counted = nbformat.read(target, 4).cells
    assert ("Counting letters" in title.source, said.source) == (True, "Look:")
    assert (counted.outputs[0].data["text/plain"], counted.execution_count) == ("3", 1)
    assert notebooks.build(tmp_path) == [], "nothing is left to do"


@pytest.mark.parametrize("change", ["other code", "no notebook"])
def test_a_lesson_runs_where_its_code_is_another_or_its_notebook_is_gone(lesson, tmp_path, change):
    source, target = lesson
    if change == "other code":
        source.write_text(source.read_text().replace("one", "three"))
    else:
        target.unlink()
    with pytest.raises(pytest.fail.Exception, match="the lesson was run"):
        notebooks.build(tmp_path)


def test_a_missing_text_is_an_error(tmp_path):
    with pytest.raises(CourseError, match=r"no course text .*absent\.py"):
        read_cells(tmp_path / "absent.py")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (f"{BEGIN}\nx = 1", "is not closed"),
        ("x = 1", "is missing"),
        (f"{END}", "ends that did not begin"),
        (f"{BEGIN}\n{BEGIN}\n{END}", "begins within a solution"),
    ],
)
def test_a_solution_must_be_marked_from_begin_to_end(code, said):
    with pytest.raises(CourseError, match=rf"Exercise 4\.2: .*{said}"):
        without_solution(code, "4.2")


@pytest.mark.parametrize("path", STUBS, ids=lambda path: path.stem)
def test_every_stub_says_not_attempted_yet_and_nothing_else(path, tmp_path, monkeypatch):
    """The answer cells run as they are given out: a stub stops at once or where it is called, kindly."""
    from w2s_course.learn import check, hint, not_attempted

    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"check": check, "hint": hint, "not_attempted": not_attempted}
    for cell in nbformat.read(path, as_version=4).cells:
        answer = cell.id.startswith("answer-") and cell.cell_type == "code"  # an essay is text
        if answer:
            with suppress(NotAttempted):  # that of a function comes when it is called
                exec(cell.source, names)
        elif cell.id.startswith("check-"):
            with pytest.raises(CheckFailed, match=r"Not attempted yet") as caught:
                exec(cell.source, names)
            assert caught.value._render_traceback_() == [str(caught.value)]
