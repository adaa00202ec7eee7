"""Every hostile and every broken submission ends in its state, earns nothing undeserved and harms nothing."""

from __future__ import annotations

import json
import os
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from cases import ROWS, Row
from tiny import POINTS, graded_tiny, saved

from w2s_course.grading.own_cells import MOST_ENDS
from w2s_course.grading.score import Grade, grade_submission, refused
from w2s_course.grading.submission import Refused, read_submission

COURSE = Path(__file__).resolve().parents[2]
AT_ONCE = 4
pytestmark = pytest.mark.usefixtures("sandbox")


class World:
    """A host with things that a submission must not reach: files, a variable, a port. CANARY is in all."""

    def __init__(self, folder: Path) -> None:
        self.root, self.files = folder / "host", []
        for name in ("solutions/09_tiny/09_tiny.ipynb", "course/09_tiny/hidden.py", "grading/gradebook.db"):
            self.files.append(saved_text(self.root / name))
        self.files.append(saved_text(self.root / "grading/submitted/other/09_tiny.ipynb"))
        os.environ["W2S_CANARY"] = "CANARY"
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setblocking(False)

    def fill(self, handed: Any) -> Any:
        """A row's submission with this host's places in it."""
        port = str(self.listener.getsockname()[1])
        if not isinstance(handed, list):
            return handed
        places = {"ROOT": str(self.root), "COURSE": str(COURSE), "PORT": port, "HOUSE": str(Path.home())}
        places["PYTHON"] = f"('{sys.prefix}', '{sys.base_prefix}')"
        text = json.dumps(handed)
        for name, place in places.items():
            text = text.replace(name, place)
        return json.loads(text)

    def untouched(self) -> bool:
        here = sorted(path for path in self.root.rglob("*") if path.is_file())
        return here == sorted(self.files) and all(path.read_text() == "CANARY" for path in here)

    def called(self) -> bool:
        try:
            self.listener.accept()
        except BlockingIOError:
            return False
        return True


def saved_text(path: Path) -> Path:
    path.parent.mkdir(parents=True)
    path.write_text("CANARY")
    return path


def _grade(row: Row, folder: Path, world: World) -> Grade:
    folder.mkdir()
    path = saved(folder, world.fill(row.handed))
    before, unit = path.read_bytes(), graded_tiny((world.root,))
    try:
        grade = grade_submission(read_submission(path), unit, limits=row.limits)
    except Refused as refusal:
        grade = refused(unit, str(refusal))
    assert path.read_bytes() == before
    return grade


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    made = World(tmp_path_factory.mktemp("world"))
    yield made
    made.listener.close()
    del os.environ["W2S_CANARY"]


@pytest.fixture(scope="module")
def grades(world, tmp_path_factory, request):
    """Name -> the grade to come, of the rows whose tests are to run; a few are graded at a time."""
    folder = tmp_path_factory.mktemp("submissions")
    chosen = {item.callspec.params["row"].name for item in request.session.items if _has_row(item)}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        numbered = [(n, row) for n, row in enumerate(ROWS) if row.name in chosen]
        yield {row.name: pool.submit(_grade, row, folder / str(n), world) for n, row in numbered}


def _has_row(item: Any) -> bool:
    return isinstance(getattr(getattr(item, "callspec", None), "params", {}).get("row"), Row)


def _line(row: Row, grade: Grade) -> str:
    """A line of the table that conftest.py prints."""
    first = grade.exercises[0].state if grade.exercises else "-"
    mark = "no mark" if grade.points is None else f"{grade.points:g} of {grade.out_of}"
    return f"{row.name:42} {grade.state:14} {first:17} {mark:8} {grade.seconds:6.1f} s"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_case(row, grades, world, record_property):
    grade = grades[row.name].result()
    record_property("case", _line(row, grade))
    found = {each.exercise: each for each in grade.exercises}
    told = [grade.reason, *grade.repairs, *(each.text for each in grade.exercises)]
    where = f"{grade.ends} {grade.output[:400]} {told}"
    assert grade.state in row.state.split("|"), where
    if row.points is None:
        assert (grade.points, row.said in grade.reason) == (None, True), where
        return
    assert grade.starts <= row.limits.starts + 3 * MOST_ENDS
    assert found["9.1"].state in row.first.split("|"), where
    others = {key: each for key, each in found.items() if key != "9.1"}
    if row.name not in ("nothing attempted", "check cell only"):
        assert all((e.state, e.points) == ("graded", POINTS[k]) for k, e in others.items()), where
        assert grade.points == row.points, where
    assert found["9.1"].points <= row.points
    assert any(row.said in text for text in told), where
    record = json.dumps(grade.as_dict())
    assert "CANARY" not in record
    assert len(record) < 300_000, "many records are read and backed up at once"
    assert (world.untouched(), world.called()) == (True, False)


def test_no_case_is_listed_twice_and_there_are_enough():
    assert len({row.name for row in ROWS}) == len(ROWS) >= 40
