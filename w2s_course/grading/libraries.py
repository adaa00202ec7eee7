"""Whether a sandbox has the libraries that answers and checks need: else a whole class would be marked wrong.

A sandbox sees this Python's own folders. What reaches a process by another way (PYTHONPATH, a .pth file, the
user's own site-packages) works here and is missing there, and each cell would stop with an ImportError.
"""

from __future__ import annotations

import ast

from w2s_course.errors import CourseError
from w2s_course.grading.bubblewrap import require_sandbox, visible
from w2s_course.grading.cells import compiled
from w2s_course.grading.interview import Question, interview
from w2s_course.grading.limits import Limits
from w2s_course.grading.master import GradedUnit
from w2s_course.grading.messages import Fate
from w2s_course.grading.repair import Piece

EVERYWHERE = ("import numpy", "from IPython.core.inputtransformer2 import TransformerManager")
"""What answers may use in any unit: arrays, and notebook syntax."""

UNITS = "w2s_course.learn.units"


def require_libraries(unit: GradedUnit, unsafe: bool = False) -> None:
    """Try in one sandbox what the exercises of a unit import.

    Raises: CourseError where something is missing there, or where there is no sandbox.
    """
    require_sandbox(unsafe)
    imports = list(dict.fromkeys([*EVERYWHERE, *_imports(unit)]))
    pieces, asked = [Piece("imports", each) for each in imports], [Question("imports", "", ("0",), ())]
    said = interview(pieces, asked, Limits(), unsafe=unsafe, private=unit.private)
    for number, fate in sorted(said.fates.items()):
        raise CourseError(_missing(imports[number], fate))


def _imports(unit: GradedUnit) -> list[str]:
    """The lines that calls import, and that stand in the answers' cells as they were given out.

    What calls import of a unit's own module needs no library: a sandbox gets its source, see `master`.
    """
    texts = [exercise.imports for exercise in unit.exercises]
    texts += [cell.source for cell in unit.cells if cell.kind == "answer"]
    nodes = [node for text in texts for node in ast.walk(compiled(text, "cell", ast.PyCF_ONLY_AST))]
    found = [ast.unparse(node) for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    return [line for line in found if UNITS not in line]


def _missing(imports: str, fate: Fate) -> str:
    why = f"{fate.kind}: {fate.message}" if fate.kind else fate.why
    return (
        f"In a sandbox `{imports}` fails ({why}): answers that need it would be marked wrong, so grading "
        f"stops here. A sandbox sees the libraries in {', '.join(map(str, visible()))}, not what PYTHONPATH, "
        "a .pth file or `pip install --user` add. Install the course with its libraries into this Python "
        "(`make setup` makes one in .venv), and run the same again."
    )
