"""A unit of four small exercises, its master notebook and its hidden cases, made here and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from w2s_course.authoring.notebooks import CHECK, HELPERS, MARKER
from w2s_course.grading.limits import Limits
from w2s_course.grading.master import GradedUnit, master_cells
from w2s_course.learn.exercises import Case, Exercise, Raises, Unit
from w2s_course.learn.setup import setup_cell

TIGHT = Limits(
    cell_seconds=30,
    own_seconds=3,
    own_total_seconds=12,
    call_seconds=2,
    total_seconds=240,
    memory_mb=150,
    processes=40,
    file_mb=8,
    open_files=64,
    output_mb=1,
    answer_mb=0.1,
    starts=6,
)
"""For hostile submissions: nothing of them may get large. Cells that never end have less time."""


def _exercise(number: int, name: str, points: int, cases: Sequence[Case], **more: Any) -> Exercise:
    return Exercise(
        id=f"9.{number}",
        name=name,
        title=name.capitalize(),
        points=points,
        minutes=1,
        difficulty=1,
        contract=f"`{name}` does as its name says.",
        example="",
        verified=f"`{name}` is right.",
        cases=tuple(cases),
        misconceptions=more.pop("misconceptions", {}),
        hints=("", "", ""),
        **more,
    )


DOUBLE = _exercise(
    1,
    "double",
    2,
    [
        Case("double(2)", 4, wrong={"squares": 4}, part="numbers"),
        Case("double(3)", 6, wrong={"squares": 9}, part="numbers"),
        Case("double('ab')", "abab", wrong={"squares": Raises("TypeError")}, part="texts"),
    ],
    misconceptions={"squares": "Twice a number is not its square."},
)
CHOICE = _exercise(2, "choice", 1, [Case("choice", "b", wrong={"guesses": "a"})])
MEAN = _exercise(
    3,
    "mean",
    2,
    [
        Case("mean([1.0, 2.0])", 1.5, part="numbers"),
        Case("mean([7.0])", 7.0, part="numbers"),
        Case("mean([])", Raises("ValueError"), part="empty"),
    ],
)
LAST = _exercise(4, "last", 1, [Case("last([1, 2, 3])", 3), Case("last('ab')", "b")])

UNIT = Unit(9, "09_tiny", "Tiny", 1, (DOUBLE, CHOICE, MEAN, LAST))
HIDDEN = {
    "9.1": (
        Case("double(-5)", -10, wrong={"squares": 25}, part="numbers"),
        Case("double('xyz')", "xyzxyz", part="texts"),
    ),
    "9.3": (
        Case("mean([1e3, -1e3, 3.0])", 1.0, part="numbers"),
        Case("mean(())", Raises("ValueError"), part="empty"),
    ),
    "9.4": (Case("last([5, 6, 7, 8])", 8),),
}
STUBS = {
    "9.1": 'def double(x):\n    not_attempted("9.1")',
    "9.2": 'choice = not_attempted("9.2")',
    "9.3": 'def mean(numbers):\n    not_attempted("9.3")',
    "9.4": 'def last(items):\n    not_attempted("9.4")',
}
RIGHT = {
    "9.1": "def double(x):\n    return 2 * x",
    "9.2": 'choice = "b"',
    "9.3": (
        "def mean(numbers):\n    if not len(numbers):\n        raise ValueError('empty')\n"
        "    return sum(numbers) / len(numbers)"
    ),
    "9.4": "def last(items):\n    return items[-1]",
}
POINTS = {"9.1": 2, "9.2": 1, "9.3": 2, "9.4": 1}
ALL = sum(POINTS.values())

Cell = dict[str, Any]


def code(source: str, **more: Any) -> Cell:
    return {
        "cell_type": "code",
        "source": source,
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        **more,
    }


def answer(key: str, source: str) -> Cell:
    """An answer's cell, with the metadata by which nbgrader knows it."""
    name = f"answer-{key.replace('.', '-')}"
    nbgrader = {"grade_id": name, "solution": True, "grade": False, "locked": False, "schema_version": 3}
    return code(f"{MARKER.format(id=key)}\n{source}", id=name, metadata={"nbgrader": nbgrader})


def check_cell(key: str) -> Cell:
    name = f"check-{key.replace('.', '-')}"
    nbgrader = {"grade_id": name, "solution": False, "grade": True, "locked": True, "points": POINTS[key]}
    return code(CHECK.format(id=key), id=name, metadata={"nbgrader": nbgrader})


def setup() -> Cell:
    return code(f"{setup_cell(4).replace('unit=4', 'unit=9')}\n{HELPERS}", id="setup")


def cells(answers: Mapping[str, str]) -> list[Cell]:
    """The cells of a notebook with these answers; the stub where there is none."""
    made = [{"cell_type": "markdown", "source": "# 9 Tiny", "metadata": {}}, setup()]
    for key in STUBS:
        made += [{"cell_type": "markdown", "source": f"## {key}", "metadata": {}}]
        made += [answer(key, answers.get(key, STUBS[key])), check_cell(key)]
    return made


def notebook(found: Sequence[Cell], **metadata: Any) -> dict[str, Any]:
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata or kernel, "cells": list(found)}


def graded_tiny(private: tuple[Path, ...] = ()) -> GradedUnit:
    return GradedUnit(UNIT, master_cells(notebook(cells({}))), HIDDEN, private)


def saved(folder: Path, found: Any, name: str = "09_tiny.ipynb") -> Path:
    """A file with these cells, or with this text or these bytes."""
    path = folder / name
    if isinstance(found, list):
        found = json.dumps(notebook(found))
    path.write_bytes(found if isinstance(found, bytes) else found.encode())
    return path
