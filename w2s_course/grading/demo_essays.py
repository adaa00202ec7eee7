"""Essays of a demonstration class: the course's anchor essays, of which each writer lacks other sentences.

A later essay of a unit is the second version: of the same anchor, with fewer gaps.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from w2s_course.authoring.notebooks import ESSAY
from w2s_course.learn.anchors import NAMES, anchor, anchor_evidence
from w2s_course.learn.essay import fill, with_prices
from w2s_course.learn.exercises import Unit

LEFT_OUT = 0.2  # of the sentences: enough that no two writers agree by chance
_REVISED = "A reader missed the reasons behind some sentences; more of them stand here now.\n\n"
_BETWEEN = re.compile(r"(?<=[.?!]) (?=[A-Z])")


def essays_of(unit: Unit, generator: random.Random) -> dict[str, str]:
    """Essay id -> one writer's text, with its keys; empty for a unit without essays."""
    whole = anchor(generator.choice(NAMES)).text.strip()  # as a notebook finds it below its heading
    first = _shorter(whole, generator, LEFT_OUT)
    second = _REVISED + _shorter(whole, generator, LEFT_OUT / 2)
    return {essay.id: second if n else first for n, essay in enumerate(unit.essays)}


def _shorter(text: str, generator: random.Random, left_out: float) -> str:
    """The text without this share of its sentences, roughly; headings and first sentences stay."""
    lines = []
    for line in text.split("\n"):
        first, *others = _BETWEEN.split(line)
        lines.append(" ".join([first, *(each for each in others if generator.random() > left_out)]))
    return "\n".join(lines)


def write_essays(notebook: Any, essays: Mapping[str, str]) -> None:
    """Put the texts into their cells, and below the cells that fill them what these would show."""
    from nbformat.v4 import new_output

    cells = {cell["id"]: cell for cell in notebook["cells"]}
    for essay_id, text in essays.items():
        heading, _, _ = ESSAY.format(id=essay_id).partition("\n")
        cells[f"answer-{essay_id.replace('.', '-')}"]["source"] = f"{heading}\n\n{text}"
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code" and f'written("{essay_id}")' in cell["source"]:
                data = {"text/markdown": with_prices(fill(text, _evidence()).text)}
                cell["outputs"] = [new_output("display_data", data)]


@cache
def _evidence() -> Any:
    return anchor_evidence()
