"""What stands in the essay cells of a notebook: a Markdown cell has no name that code could ask.

The notebook is read as it was last saved; on Colab, as it is. Nothing is ever written to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from w2s_course.learn.setup import is_colab

_HEAD = "### Exercise {id}: your essay"
_PLACEHOLDER = "*Write here. Keep the heading: your essay is found by it.*"
COLAB_SECONDS = 10


def written(essay_id: str, folder: Path | str = ".") -> str:
    """The text of an essay's cell, without its heading; '' where nothing is written, after saying why.

    Looks into the notebooks of `folder`, the one that was saved last first; on Colab into the open one.
    """
    notebooks = [*_on_colab(), *_saved(Path(folder))]
    for cells in notebooks:
        found = essay_in(cells, essay_id)
        if found is not None:
            if not found:
                print(f"The cell of essay {essay_id} is empty. Written just now? Save the notebook (Ctrl-S).")
            return found
    print(f"No notebook here holds the heading '{_HEAD.format(id=essay_id)}'. Save yours, or give the text.")
    return ""


def essay_in(cells: Sequence[Any], essay_id: str) -> str | None:
    """The text below the essay's heading; None where no cell has the heading.

    >>> essay_in([{"cell_type": "markdown", "source": "### Exercise 9.8: your essay\\n\\nSound."}], "9.8")
    'Sound.'
    """
    head = re.compile(rf"^{re.escape(_HEAD.format(id=essay_id))}[ \\t]*$", re.MULTILINE)
    texts = []
    for cell in cells:
        source = cell.get("source", "") if isinstance(cell, dict) else ""
        source = "".join(map(str, source)) if isinstance(source, list) else str(source)
        match = head.search(source)
        if isinstance(cell, dict) and cell.get("cell_type") == "markdown" and match:
            texts.append(source[match.end() :].replace(_PLACEHOLDER, "").strip())
    return None if not texts else max(texts, key=len)


def _saved(folder: Path) -> list[list[Any]]:
    """The cells of each notebook in the folder, the one saved last first; what cannot be read is left out."""
    found = []
    for path in sorted(folder.glob("*.ipynb"), key=lambda p: p.stat().st_mtime, reverse=True):
        try:
            content = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            continue
        cells = content.get("cells") if isinstance(content, dict) else None
        found.append(cells if isinstance(cells, list) else [])
    return found


def _on_colab() -> list[list[Any]]:
    """The cells of the open notebook, where this is Colab and it answers."""
    if not is_colab():
        return []
    colab = import_module("google.colab._message")
    answer = colab.blocking_request("get_ipynb", timeout_sec=COLAB_SECONDS)
    return [answer["ipynb"]["cells"]] if answer else []
