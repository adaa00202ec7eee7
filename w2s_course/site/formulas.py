r"""Formulas as MathML: browsers draw it and screen readers read it, without a script or a font of ours.

Docutils converts; Sphinx has no such renderer of its own.
"""

from __future__ import annotations

import re
from typing import Any

_NUMBER = re.compile(r"\\tag\{([^}]*)\}")
_OPERATORS = re.compile(r"\\log\s*(?=\\Pr)")


def mathml(tex: str, *, block: bool) -> str:
    r"""TeX as MathML. A \tag becomes a number at the right of the line, which docutils does not know.

    Between two operators TeX puts a thin space and docutils does not: here it is said.
    Raises: docutils' MathError for TeX that it cannot read.
    """
    from docutils.utils.math.latex2mathml import tex2mathml

    number = _NUMBER.search(tex)
    formula: str = tex2mathml(_OPERATORS.sub(r"\\log\\,", _NUMBER.sub("", tex)), as_block=block)
    if not block:
        return formula
    said = f'<span class="eqno">({number[1]})</span>' if number else ""
    return f'<div class="math">{formula}{said}</div>\n'


def inline(writer: Any, node: Any) -> None:
    """What Sphinx calls for a formula in a line."""
    _write(writer, node, block=False)


def block(writer: Any, node: Any) -> None:
    """What Sphinx calls for a formula of its own line."""
    _write(writer, node, block=True)


def _write(writer: Any, node: Any, *, block: bool) -> None:
    from docutils import nodes

    writer.body.append(mathml(node.astext(), block=block))
    raise nodes.SkipNode
