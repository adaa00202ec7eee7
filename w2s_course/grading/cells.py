"""A notebook's cell as code that Python can run, as a notebook would: whole, or only what it defines.

Runs inside the sandbox: a stranger's text can crash the parser.
"""

from __future__ import annotations
import __future__

import ast
import re
from collections.abc import Iterator, Mapping
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


def inherited(namespace: Mapping[str, Any]) -> int:
    """Flags for the next cell: in a notebook `from __future__ import annotations` holds from then on."""
    held = namespace.get("annotations") is __future__.annotations
    return __future__.annotations.compiler_flag if held else 0


def compiled(source: str, name: str, flags: int = 0) -> Any:
    """A cell as code for `run`, its magics taken out where it is no Python with them."""
    flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    with suppress(SyntaxError):
        return compile(source, name, "exec", flags, dont_inherit=True)
    with suppress(Exception):
        source = without_magics(source)
    return compile(source, name, "exec", flags, dont_inherit=True)


def run(code: Any, namespace: dict[str, Any]) -> None:
    """Run a cell; one that awaits outside of functions, as a notebook lets it, in a loop of its own."""
    awaited = eval(code, namespace)
    if awaited is not None:
        import asyncio

        asyncio.run(awaited)


def definitions(source: str, name: str, flags: int = 0) -> Any:
    """What others may need of a cell that ended a sandbox, and what takes no time: its imports, functions,
    classes, and names for values that are written out."""
    tree = compiled(source, name, ast.PyCF_ONLY_AST)
    tree.body = [statement for statement in tree.body if _defines(statement)]
    return compile(tree, name, "exec", flags, dont_inherit=True)


def definitions_below(source: str, name: str, line: int, flags: int = 0) -> Iterator[Any]:
    """The same of a cell that stopped at a line, for what stands below: one statement after the other."""
    for statement in compiled(source, name, ast.PyCF_ONLY_AST).body:
        if statement.lineno > line and _defines(statement):
            yield compile(ast.Module([statement], []), name, "exec", flags, dont_inherit=True)


def _defines(statement: ast.stmt) -> bool:
    match statement:
        case ast.AnnAssign(target=ast.Name(), value=ast.expr() as value):
            return _quick(value)
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
            return len(names) == len(values) and all(map(_is_name, names)) and all(map(_quick, values))
        case ast.Assign(targets=targets, value=value):
            return all(map(_is_name, targets)) and _quick(value)
    kinds = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return isinstance(statement, kinds)


def _is_name(target: ast.expr) -> bool:
    return isinstance(target, ast.Name)


def _quick(value: ast.expr) -> bool:
    """Whether a value takes no time and raises nothing."""
    if isinstance(value, ast.Lambda) or _is_arithmetic(value):
        return True
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def _is_arithmetic(value: ast.expr) -> bool:
    """Whether it is a number, or made of few by arithmetic: `10 ** -9`, `1 / 2`."""
    match value:
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=one):
            return _is_arithmetic(one)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult(), right=right):
            return _is_arithmetic(left) and _is_arithmetic(right)
        case ast.BinOp(left=left, op=ast.Div() | ast.FloorDiv() | ast.Mod(), right=ast.Constant() as right):
            return _is_arithmetic(left) and _is_arithmetic(right) and right.value != 0
        case ast.BinOp(left=ast.Constant(value=10), op=ast.Pow(), right=power):
            power = power.operand if isinstance(power, ast.UnaryOp) else power
            return isinstance(power, ast.Constant) and type(power.value) is int and power.value < 100
    return isinstance(value, ast.Constant) and isinstance(value.value, int | float)
