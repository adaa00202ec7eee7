"""Notebooks are built from py:percent texts: the same text gives the same cells, with the same ids.

A lesson is committed with the outputs of a run, so that it reads well without one. Outputs are not compared
by the check, since times and versions stand in them; nbval runs the cells.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from w2s_course.cache import write_atomically
from w2s_course.errors import CourseError

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
Notebook = Any  # nbformat's own type has no annotations


def from_text(source: Path) -> Notebook:
    """The notebook of a py:percent text, without outputs; cell ids are the text's name and the cell's number.

    Raises: CourseError if there is no such text.
    """
    import jupytext

    if not source.is_file():
        raise CourseError(f"There is no course text {source}. Run this in the course's folder.")
    made = jupytext.reads(source.read_text(encoding="utf-8"), fmt="py:percent")
    for number, cell in enumerate(made.cells):
        cell["id"] = f"{source.stem.replace('_', '-')}-{number:02d}"  # jupytext makes random ones
        cell["metadata"] = {}
    made["metadata"] = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    made["nbformat"], made["nbformat_minor"] = 4, 5
    return made


def executed(notebook: Notebook, folder: Path) -> Notebook:
    """The notebook with the outputs of a run in `folder`.

    Progress on stderr is dropped, and so is the state of widgets, which GitHub refuses to show.
    Raises: nbclient's CellExecutionError, which quotes the cell that failed.
    """
    from nbclient import NotebookClient

    live = copy.deepcopy(notebook)
    NotebookClient(live, timeout=1800, resources={"metadata": {"path": str(folder)}}).execute()
    live.metadata.pop("widgets", None)
    for cell in live.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [o for o in cell.outputs if o.get("name") != "stderr" and not _is_widget(o)]
    return live


def _is_widget(output: Mapping[str, Any]) -> bool:
    return "application/vnd.jupyter.widget-view+json" in output.get("data", {})


def write(notebook: Notebook, target: Path) -> None:
    """Write the file, in the one form that Jupyter itself would write."""
    import nbformat

    write_atomically(target, nbformat.writes(notebook) + "\n")


def drift(source: Path, target: Path) -> list[str]:
    """In what a committed notebook differs from its text, cell by cell; empty where it does not."""
    import nbformat

    if not target.is_file():
        return [f"{target}: missing; run `w2s build`"]
    wanted, found = from_text(source).cells, nbformat.read(target, as_version=4).cells
    problems = []
    if len(wanted) != len(found):
        problems.append(f"{target}: {len(found)} cells, its text has {len(wanted)}; run `w2s build`")
    for want, have in zip(wanted, found, strict=False):
        if any(want[key] != have.get(key) for key in ("id", "cell_type", "source")):
            problems.append(f"{target}: cell {want['id']} is not that of its text; run `w2s build`")
    return problems


def lessons(root: Path) -> Sequence[tuple[Path, Path]]:
    """Each lesson's text and notebook, below the course's folder."""
    texts = sorted((root / "course").glob("*.py"))
    return [(text, root / "notebooks" / f"{text.stem}.ipynb") for text in texts]


def build(root: Path) -> list[Path]:
    """Build and run every lesson whose notebook differs from its text; the notebooks that were written."""
    written = []
    for text, target in lessons(root):
        if drift(text, target):
            target.parent.mkdir(exist_ok=True)
            write(executed(from_text(text), target.parent), target)
            written.append(target)
    return written


def check(root: Path) -> list[str]:
    """All differences between the texts and the notebooks below `root`."""
    return [problem for text, target in lessons(root) for problem in drift(text, target)]
