"""A notebook's cell as code that Python can run: whole, or only what it defines.

Runs inside the sandbox: a stranger's text can crash the parser.
"""

from __future__ import annotations

import ast
import re
from contextlib import suppress
from typing import Any

from w2s_course.grading.standins import STAND_IN

_CELL_MAGIC = re.compile(r"\A\s*%%(\w+)[^\n]*\n?")


def without_magics(source: str) -> str:
    """A cell as Python: `%magics`, `!commands` and `help?` become calls of a stand-in, which do nothing.

    What such a line is, IPython knows: `% 2` in brackets, or a remark that ends in '?', is none.

    >>> without_magics("%%time\\nfiles = !ls\\nshare = (1\\n    % 2)  # right?\\n")
    "files = __ipython__.getoutput('ls')\\nshare = (1\\n    % 2)  # right?\\n"
    """
    magic = _CELL_MAGIC.match(source)
    if magic:
        if magic[1] not in ("time", "timeit", "capture", "prun"):
            return "pass\n"
        source = source[magic.end() :]
    # Imported here, since few cells need it and it takes longer than most cells.
    from IPython.core.inputtransformer2 import TransformerManager

    text = str(TransformerManager().transform_cell(source))  # type: ignore[no-untyped-call]
    return text.replace("get_ipython()", STAND_IN)  # a learner may have imported the real one: None


def compiled(source: str, name: str, flags: int = 0) -> Any:
    """A cell as code, its magics taken out where it is no Python with them."""
    with suppress(SyntaxError):
        return compile(source, name, "exec", flags, dont_inherit=True)
    with suppress(Exception):
        source = without_magics(source)
    return compile(source, name, "exec", flags, dont_inherit=True)


def definitions(source: str, name: str) -> Any:
    """What others may need of a cell that ended a sandbox, and what takes no time: its imports, functions,
    classes, and names for values that are written out."""
    tree = compiled(source, name, ast.PyCF_ONLY_AST)
    tree.body = [statement for statement in tree.body if _defines(statement)]
    return compile(tree, name, "exec", dont_inherit=True)


def _defines(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Assign):
        return all(isinstance(target, ast.Name) for target in statement.targets) and _quick(statement.value)
    kinds = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return isinstance(statement, kinds)


def _quick(value: ast.expr) -> bool:
    if isinstance(value, ast.Lambda):
        return True
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True
