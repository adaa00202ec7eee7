"""What a submission is graded against: a unit's exercises, its master notebook, and its hidden cases."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from w2s_course.authoring.notebooks import exercise_notebook
from w2s_course.authoring.sources import misplaced_cases, unit_sources
from w2s_course.errors import CourseError, unknown_name
from w2s_course.grading.markers import MARKED
from w2s_course.learn.exercises import Case, Exercise, Unit, all_units

_ASKED = re.compile(r"^(check|hint)\(.*\)$")
_FROM_UNIT = re.compile(r"^from (w2s_course\.learn\.units\.\w+) import (.+)$", re.MULTILINE)

Kind = Literal["setup", "given", "answer", "check"]


@dataclass(frozen=True)
class MasterCell:
    """A code cell of the notebook that was given out. exercise: of an answer's cell, else ''."""

    kind: Kind
    source: str
    exercise: str = ""


@dataclass(frozen=True)
class GradedUnit:
    """All that grading one unit needs. Variants of a unit (other numbers, other cases) are other objects.

    cells: of the master notebook. hidden: exercise id -> the cases that only the grader sees.
    private: folders that no sandbox may see; it is refused to grade where one would be visible.
    given: the lines of all cells of the master notebook, its texts too: those that nobody wrote.
    Raises: CourseError for a hidden case of no exercise here, or of a part that looks mistyped.
    """

    unit: Unit
    cells: tuple[MasterCell, ...]
    hidden: Mapping[str, Sequence[Case]] = field(default_factory=dict)
    private: tuple[Path, ...] = ()
    given: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if found := "; ".join(misplaced_cases(self.exercises, self.hidden)):
            raise CourseError(f"Nothing can be graded by course/{self.unit.slug}/hidden.py: {found}.")

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        return self.unit.exercises


def graded_unit(root: Path, number: int) -> GradedUnit:
    """Unit `number` of the course in the folder `root`, from its texts.

    Raises: UsageError for a unit that has no exercises there.
    """
    units = {unit.number: unit for unit in all_units()}
    sources = {each.number: each for each in unit_sources(root) if each.exercises and each.number in units}
    if number not in sources:
        raise unknown_name("unit with exercises", str(number), map(str, sources))
    source = sources[number]
    notebook = exercise_notebook(source, solved=False)
    private = tuple(root.resolve() / name for name in ("course", "solutions", "grading"))
    cells, given = master_cells(notebook), given_lines(notebook)
    return GradedUnit(units[number], cells, source.hidden, private, given)


def master_cells(notebook: Any) -> tuple[MasterCell, ...]:
    """The code cells of the notebook that is given out, by what each is for."""
    return tuple(
        _classified(str(cell["source"])) for cell in notebook["cells"] if cell["cell_type"] == "code"
    )


def given_lines(notebook: Any) -> frozenset[str]:
    """The lines of a notebook, without spaces at their ends."""
    return frozenset(line.rstrip() for cell in notebook["cells"] for line in str(cell["source"]).split("\n"))


def _classified(source: str) -> MasterCell:
    marked = MARKED.search(source)
    if marked:
        return MasterCell("answer", source, marked[1])
    if "w2s_course.learn.setup" in source:
        return MasterCell("setup", source)
    return MasterCell("check" if only_checks(source) else "given", source)


def only_checks(source: str) -> bool:
    """Whether a cell does nothing but ask for checks and hints.

    >>> only_checks('# For a hint, run: hint("4.2")\\ncheck("4.2")'), only_checks('check("4.2"); x = 1')
    (True, False)
    """
    lines = [line.strip() for line in source.split("\n")]
    said = [line for line in lines if line and not line.startswith("#")]
    return bool(said) and all(_ASKED.match(line) and ";" not in line for line in said)


def portable_imports(imports: str) -> str:
    """`imports` of an exercise, with functions of the units' modules as source text instead.

    Those modules hold expected answers, so a sandbox has none of them. A function that calls need beside the
    learner's must therefore stand alone: built-in names and `Any` are all it may use.

    >>> portable_imports("import torch")
    'import torch'
    """

    def written(found: re.Match[str]) -> str:
        module = sys.modules.get(found[1]) or import_module(found[1])
        sources = [inspect.getsource(getattr(module, name.strip())) for name in found[2].split(",")]
        return "\n".join(sources)

    text = _FROM_UNIT.sub(written, imports)
    if text == imports:
        return imports
    return f"from __future__ import annotations\nfrom typing import Any\n{text}"
