"""What happens to notebooks on their way to an instructor, and what a few people try: for the demonstration.

Each damage is a function from a notebook (plain JSON data) to one; each hostile answer is the source of a
cell. A new one is a new row.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

Notebook = dict[str, Any]


def _is_answer(cell: Mapping[str, Any]) -> bool:
    return cell["cell_type"] == "code" and str(cell["source"]).startswith("# exercise")


def without_metadata(notebook: Notebook) -> Notebook:
    """As a tool leaves it that keeps nothing but text."""
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)
    return notebook | {"metadata": {}, "nbformat_minor": 4}


def from_colab(notebook: Notebook) -> Notebook:
    """As Colab saves it: own metadata and ids, sources as lists of lines."""
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"] = {"id": f"c0lab{number:05d}"}
        cell.pop("id", None)
        cell["source"] = cell["source"].splitlines(keepends=True)
    kernel = {"name": "python3", "display_name": "Python 3"}
    metadata = {"colab": {"provenance": []}, "kernelspec": kernel, "language_info": {"name": "python"}}
    return notebook | {"metadata": metadata, "nbformat_minor": 0}


def cells_deleted(notebook: Notebook) -> Notebook:
    """Every check, the set-up and the first answer are gone."""
    first = next(cell for cell in notebook["cells"] if _is_answer(cell))
    kept = [c for c in notebook["cells"] if (c["cell_type"] == "markdown") or _is_answer(c)]
    return notebook | {"cells": [cell for cell in kept if cell is not first]}


def cells_duplicated(notebook: Notebook) -> Notebook:
    """Each answer stands twice, with the same id: an earlier try above."""
    cells = []
    for cell in notebook["cells"]:
        if _is_answer(cell):
            name = re.search(r"^(?:def )?(\w+)", cell["source"].partition("\n")[2], re.MULTILINE)
            tried = f"{cell['source'].partition(chr(10))[0]}\n{name[1] if name else 'x'} = None"
            cells.append({**deepcopy(cell), "source": tried})
        cells.append(cell)
    return notebook | {"cells": cells}


def cells_reordered(notebook: Notebook) -> Notebook:
    """Last first."""
    return notebook | {"cells": notebook["cells"][::-1]}


def cells_merged(notebook: Notebook) -> Notebook:
    """All answers in one cell."""
    answers = [cell for cell in notebook["cells"] if _is_answer(cell)]
    merged = {**answers[0], "source": "\n\n".join(cell["source"] for cell in answers)}
    others = [cell for cell in notebook["cells"] if not _is_answer(cell)]
    return notebook | {"cells": [*others, merged]}


def syntax_error(notebook: Notebook) -> Notebook:
    """A bracket too many in one cell of the learner's own."""
    broken: dict[str, Any] = {
        "cell_type": "code",
        "metadata": {},
        "source": "print(1))",
        "outputs": [],
        "execution_count": None,
    }
    return notebook | {"cells": [*notebook["cells"], broken]}


def windows_lines(notebook: Notebook) -> Notebook:
    """Line ends of Windows."""
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n")
    return notebook


DAMAGES: Mapping[str, Callable[[Notebook], Notebook]] = {
    "metadata stripped": without_metadata,
    "saved by Colab": from_colab,
    "cells deleted": cells_deleted,
    "cells duplicated": cells_duplicated,
    "cells reordered": cells_reordered,
    "cells merged": cells_merged,
    "syntax error": syntax_error,
    "Windows line ends": windows_lines,
}

HOSTILE: Mapping[str, str] = {
    "endless loop": "while True:\n    pass",
    "ends Python": "import os\n\nos._exit(0)",
    "fills memory": "hoard = []\nwhile True:\n    hoard.append(bytearray(50_000_000))",
    "drops assert": (
        "from IPython import get_ipython\nimport ast\n\n\nclass Drop(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node):\n        return ast.Pass()\n\n\n"
        "get_ipython().ast_transformers.append(Drop())"
    ),
    "replaces the check": (
        "import w2s_course.learn.checking as checking\nimport w2s_course.learn.answers as answers\n\n"
        "answers.same = lambda *a, **k: True\nchecking.judge = lambda *a: checking.Finding('right', 'all')"
    ),
    "looks for solutions": (
        "import os\n\nfor place in ('solutions', '../solutions', 'course', '/home', '/root'):\n"
        "    print(place, os.path.exists(place) and os.listdir(place))\nprint(dict(os.environ))\n"
        "print(open('../grading/gradebook.db', 'rb').read())"
    ),
}
"""What stands in a first cell of its own; all answers of these notebooks are wrong."""


def broken_json(text: str) -> str:
    """As an interrupted upload leaves it."""
    return text[: len(text) // 2]


def as_text(notebook: Notebook) -> str:
    """A notebook as it is saved."""
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
