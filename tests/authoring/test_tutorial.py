"""docs/adding-a-unit.md, executed: its files are written into a copy of the repository, its commands given.

A block `python file=PATH` is written to PATH, two empty lines below what earlier blocks put there. A block
`sh` is run; the block `text` after it holds lines that must be printed, in this order. A text that begins
with `Error:` is that of a command which must fail.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from w2s_course.authoring.notebooks import wanted_notebooks, write
from w2s_course.grading.bubblewrap import why_no_sandbox

ROOT = Path(__file__).resolve().parents[2]
PAGE = "docs/adding-a-unit.md"
UNIT = "10_abstain"
NEEDED = ("w2s_course", "course", "docs", "README.md", "pyproject.toml", "conftest.py")
BLOCK = re.compile(r"^```(?P<kind>\w+)(?: file=(?P<file>\S+))?\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """kind: python, sh or text; file: where a python block goes; before: the page up to it."""

    kind: str
    body: str
    file: str = ""
    before: str = ""


def blocks(page: str) -> list[Block]:
    return [Block(m["kind"], m["body"], m["file"] or "", page[: m.start()]) for m in BLOCK.finditer(page)]


def copy_of_the_repository(root: Path) -> Path:
    """What the tutorial needs, with the notebooks of all units built but not executed."""
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, root / name)
    (root / "tests" / "learn").mkdir(parents=True)
    for name in ("conftest.py", "test_exercises.py", "test_quiz_bank.py"):
        shutil.copy(ROOT / "tests" / "learn" / name, root / "tests" / "learn")
    for target, notebook in wanted_notebooks(root).items():
        write(notebook, target)
    return root


def commands_of_the_page(root: Path) -> dict[str, str]:
    """An environment in which `w2s` and `pytest` are those of the copy."""
    folder = root / ".bin"
    folder.mkdir()
    calls = {
        "w2s": "-c 'from w2s_course.cli import main; main()'",
        "pytest": "-m pytest -p no:cacheprovider",
    }
    for name, call in calls.items():
        (folder / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {call} "$@"\n', encoding="utf-8")
        (folder / name).chmod(0o755)
    path = os.pathsep.join([str(folder), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "PYTHONPATH": str(root), "COLUMNS": "200"}


def run(command: str, root: Path, environment: dict[str, str], fails: bool = False) -> str:
    """What the commands print. Where no sandbox is, our own two submissions are graded without one."""
    if why_no_sandbox():
        command = command.replace("w2s grade run 10", "w2s grade run 10 --unsafe")
    done = subprocess.run(
        ["bash", "-euc", command], cwd=root, env=environment, text=True, capture_output=True, check=False
    )
    said = f"{done.stdout}\n{done.stderr}"
    assert (done.returncode != 0) == fails, f"{command}\n{said}"
    return said


def follow(page: str, root: Path) -> None:
    """Do what the page says, and compare what it shows with what happens.

    Raises: AssertionError where a command fails, or prints something else.
    """
    environment, found = commands_of_the_page(root), blocks(page)
    for block, after in zip(found, [*found[1:], Block("", "")], strict=True):
        if block.kind == "python":
            target = root / block.file
            target.parent.mkdir(parents=True, exist_ok=True)
            above = target.read_text(encoding="utf-8") + "\n\n" if target.exists() else ""
            target.write_text(above + block.body, encoding="utf-8")
        elif block.kind == "sh":
            wanted = after.body if after.kind == "text" else ""
            said = run(block.body, root, environment, fails=wanted.startswith("Error:"))
            place = 0
            for line in wanted.splitlines():
                place = said.find(line, place)
                assert place >= 0, f"{block.body} does not print {line!r} here, but:\n{said}"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository in which the tutorial was followed to its end."""
    root = copy_of_the_repository(tmp_path_factory.mktemp("tutorial"))
    follow((ROOT / PAGE).read_text(encoding="utf-8"), root)
    return root


def test_the_tutorial_works_as_it_is_written(course):
    for name in ("lesson.py", "exercises.py", "hidden.py", "answers.py"):
        assert (course / "course" / UNIT / name).is_file()
    lesson = json.loads((course / "notebooks" / f"{UNIT}.ipynb").read_text(encoding="utf-8"))
    assert sum(bool(cell.get("outputs")) for cell in lesson["cells"]) >= 4, "the lesson was not executed"


def test_the_files_of_the_tutorial_are_in_the_style_of_the_course(course):
    files = sorted({block.file for block in blocks((ROOT / PAGE).read_text("utf-8")) if block.file})
    for check in (["check"], ["format", "--check"]):
        ruff = [sys.executable, "-m", "ruff", *check, "--no-cache", *files]
        done = subprocess.run(ruff, cwd=course, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout


def test_each_file_of_the_tutorial_is_named_in_the_sentence_before_it():
    """On a web page the word after `python` is not shown."""
    for block in blocks((ROOT / PAGE).read_text(encoding="utf-8")):
        if block.kind == "python":
            assert f"`{block.file}`" in block.before.rstrip().rsplit("\n\n", 1)[-1], block.file


def test_a_perfect_submission_of_the_new_unit_has_full_marks_and_a_wrong_one_its_message(course):
    records = course / "grading" / "records" / UNIT
    ada, ben = (json.loads((records / f"{student}.json").read_text()) for student in ("s1", "s2"))
    assert (ada["state"], ada["marks"]["10.1"]["points"], ada["marks"]["10.1"]["out_of"]) == ("graded", 2, 2)
    assert (ben["state"], ben["marks"]["10.1"]["points"]) == ("graded", 1)
    page = next((course / "grading" / "feedback" / UNIT).glob("s2*")).read_text(encoding="utf-8")
    assert "What becomes of a label whose confidence equals" in page


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("```sh\necho one\n```\n```text\ntwo\n```\n", "does not print 'two'"),
        ("```sh\necho b; echo a\n```\n```text\na\nb\n```\n", "does not print 'b'"),
        ("```sh\nfalse\n```\n", "false"),
        ("```sh\necho Error: no\n```\n```text\nError: no\n```\n", "echo Error: no"),
        ("```python file=a.py\n1 / 0\n```\n```sh\npython a.py\n```\n", "ZeroDivisionError"),
    ],
    ids=["other output", "other order", "fails", "does not fail", "broken file"],
)
def test_a_page_that_does_not_work_is_noticed(tmp_path, page, said):
    with pytest.raises(AssertionError, match=said):
        follow(page, tmp_path)
