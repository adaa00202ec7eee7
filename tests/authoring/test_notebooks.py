"""Claims about the notebooks: they are their texts, and stay so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from w2s_course.authoring.notebooks import check, drift, executed, from_text, lessons, write
from w2s_course.errors import CourseError

ROOT = Path(__file__).resolve().parents[2]
TEXT = "# %% [markdown]\n# # Title\n\n# %%\nprint(6 * 7)\n"


@pytest.fixture
def text(tmp_path):
    source = tmp_path / "course" / "01_a_lesson.py"
    source.parent.mkdir()
    source.write_text(TEXT)
    return source


def test_the_committed_notebooks_are_those_of_their_texts():
    assert lessons(ROOT)
    assert check(ROOT) == []


def test_committed_lessons_have_outputs_and_no_errors_or_widget_state():
    for _, target in lessons(ROOT):
        notebook = json.loads(target.read_text())
        outputs = [o for cell in notebook["cells"] for o in cell.get("outputs", [])]
        assert outputs, f"{target.name} was committed without a run"
        assert not [o for o in outputs if o["output_type"] == "error"]
        assert "widgets" not in notebook["metadata"]


def test_building_twice_gives_the_same_bytes(text, tmp_path):
    for name in ("a", "b"):
        write(from_text(text), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_cell_ids_come_from_the_name_of_the_text(text):
    assert [c["id"] for c in from_text(text)["cells"]] == ["01-a-lesson-00", "01-a-lesson-01"]


def test_a_run_fills_in_the_outputs(text, tmp_path):
    assert executed(from_text(text), tmp_path)["cells"][1]["outputs"][0]["text"] == "42\n"


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda n: n["cells"][1].update(source="print(6)"), "cell 01-a-lesson-01 is not that of its text"),
        (lambda n: n["cells"].pop(), "1 cells, its text has 2"),
        (lambda n: n["cells"][0].update(id="random"), "cell 01-a-lesson-00 is not that of its text"),
    ],
)
def test_an_edit_by_hand_is_reported_with_file_and_cell(text, tmp_path, edit, said):
    target = tmp_path / "01_a_lesson.ipynb"
    notebook = from_text(text)
    write(notebook, target)
    assert drift(text, target) == []
    edit(notebook)
    write(notebook, target)
    assert said in drift(text, target)[0]
    assert "01_a_lesson.ipynb" in drift(text, target)[0]


def test_a_missing_notebook_is_drift_and_a_missing_text_an_error(text, tmp_path):
    assert "missing; run `w2s build`" in drift(text, tmp_path / "no.ipynb")[0]
    with pytest.raises(CourseError, match=r"no course text .*absent\.py"):
        from_text(tmp_path / "absent.py")
