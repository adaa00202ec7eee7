"""The answers of a demonstration class: solutions, alternatives and wrong answers as learners' source text.

`course/*/answers.py` holds them as Python objects beside their helpers. A submission needs the text of one
answer and of what it uses, no more.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from w2s_course.authoring.notebooks import MARKER
from w2s_course.authoring.sources import BEGIN, END, UnitSource, read_cells
from w2s_course.learn.exercises import Exercise, Unit


@dataclass(frozen=True)
class Answers:
    """The answers to one exercise, each as the source of a cell.

    wrong: pairs of misconception and source.
    """

    solution: str
    right: tuple[str, ...]
    wrong: tuple[tuple[str, str], ...]


def answers_of(source: UnitSource, unit: Unit) -> dict[str, Answers]:
    """All answers of a unit, by exercise id."""
    text = (source.folder / "answers.py").read_text(encoding="utf-8")
    module, solutions = ast.parse(text), solutions_of(source)
    tables = {name: _table(module, name) for name in ("RIGHT", "WRONG")}
    made = {}
    for exercise in unit.exercises:
        right = [
            _cell(exercise, value, node, module)
            for value, node in zip(source.right[exercise.id], tables["RIGHT"][exercise.id], strict=True)
        ]
        wrong = [
            (name, _cell(exercise, value, _second(node), module))
            for (name, value), node in zip(
                source.wrong[exercise.id], tables["WRONG"][exercise.id], strict=True
            )
        ]
        made[exercise.id] = Answers(solutions[exercise.id], tuple(right), tuple(wrong))
    return made


def solutions_of(source: UnitSource) -> dict[str, str]:
    """The published solutions, as cells, by exercise id."""
    assert source.exercises is not None
    found = {}
    for cell in read_cells(source.exercises):
        if "exercise" in cell.metadata and cell.cell_type == "code":
            lines = [line for line in cell.source.split("\n") if line.strip() not in (BEGIN, END)]
            exercise_id = str(cell.metadata["exercise"])
            found[exercise_id] = marked(exercise_id, "\n".join(lines))
    return found


def marked(exercise_id: str, code: str) -> str:
    """Code as the answer cell of an exercise."""
    return f"{MARKER.format(id=exercise_id)}\n{code}"


def _second(node: ast.expr) -> ast.expr:
    assert isinstance(node, ast.Tuple)
    return node.elts[1]


def _table(module: ast.Module, name: str) -> dict[str, Sequence[ast.expr]]:
    """A dict of lists, written out in the text, with the expressions in them."""
    for statement in module.body:
        if isinstance(statement, ast.Assign) and name in _assigned(statement):
            table = statement.value
            assert isinstance(table, ast.Dict)
            keys = [ast.literal_eval(key) for key in table.keys if key is not None]
            return {k: list(getattr(v, "elts", ())) for k, v in zip(keys, table.values, strict=True)}
    return {}


def _assigned(statement: ast.stmt) -> set[str]:
    """The names that a statement of a module defines."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    return {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}


def _names(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _needed(node: ast.AST, module: ast.Module) -> Iterator[ast.stmt]:
    """The statements of the module that an expression uses, directly or not, in the module's order."""
    wanted, before = _names(node), set[str]()
    while wanted != before:
        before = set(wanted)
        for statement in module.body:
            if _assigned(statement) & wanted:
                wanted |= _names(statement)
    return (s for s in module.body if _assigned(s) & wanted)


def _cell(exercise: Exercise, value: Any, node: ast.expr, module: ast.Module) -> str:
    """One answer as the source of a cell, under the name that the exercise asks for."""
    if not callable(value):
        return marked(exercise.id, f"{exercise.name} = {value!r}")
    code = "\n\n".join(ast.unparse(statement) for statement in _needed(node, module))
    if isinstance(node, ast.Name):
        return marked(exercise.id, re.sub(rf"\b{node.id}\b", exercise.name, code))
    return marked(exercise.id, f"{code}\n\n{exercise.name} = {ast.unparse(node)}")
