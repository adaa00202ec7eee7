"""Notebooks are built from py:percent texts: the same text gives the same cells, with the same ids.

    course/NN_name/lesson.py     -> notebooks/NN_name.ipynb, executed, committed with its outputs
    course/NN_name/exercises.py  -> exercises/NN_name/NN_name.ipynb and solutions/NN_name/NN_name.ipynb

Statement heads, contracts, check cells, setup cells and badges are written here, from the one place where
each stands. Outputs are not compared by the check, since times and versions stand in them; nbval runs them.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from w2s_course.authoring.sources import Cell, UnitSource, read_cells, unit_sources, without_solution
from w2s_course.disk import write_atomically
from w2s_course.errors import CourseError, unknown_name
from w2s_course.learn.exercises import Exercise, all_units, find_exercise
from w2s_course.learn.setup import setup_cell
from w2s_course.repository import colab_badge

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
MARKER = "# exercise {id}: keep this line, your answer is found by it"
ESSAY = "### Exercise {id}: your essay\n\n*Write here. Keep the heading: your essay is found by it.*"
CHECK = '# For a hint, run: hint("{id}")\ncheck("{id}")'
HELPERS = "from w2s_course.learn import check, hint, not_attempted"
Notebook = Any  # nbformat's own type has no annotations


def _new(kind: str, source: str, cell_id: str, metadata: Mapping[str, Any] | None = None) -> Cell:
    from nbformat import v4

    made = v4.new_code_cell() if kind == "code" else v4.new_markdown_cell()
    made.update(source=source, id=cell_id, metadata=dict(metadata or {}))
    return made


def _notebook(cells: list[Cell]) -> Notebook:
    from nbformat import v4

    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    made = v4.new_notebook(cells=cells, metadata=metadata)
    made["nbformat_minor"] = 5
    return made


def _nbgrader(kind: str, grade_id: str, **flags: Any) -> dict[str, Any]:
    """The metadata by which nbgrader knows a cell. Source: nbgrader's schema, version 3."""
    usual = {"grade": False, "locked": True, "solution": False, "task": False, "schema_version": 3}
    return {"nbgrader": {"cell_type": kind, "grade_id": grade_id, **usual, **flags}}


def _with_badge(text: str, path: str) -> str:
    """The title cell with the badge that opens this very notebook."""
    title, _, rest = text.partition("\n")
    return f"{title}\n\n{colab_badge(path)}\n\n{rest.strip()}".rstrip()


def lesson_notebook(unit: UnitSource) -> Notebook:
    """The lesson, without outputs; cell ids are the unit's name and the cell's number."""
    name = unit.slug.replace("_", "-")
    cells = []
    for number, cell in enumerate(read_cells(unit.lesson)):
        source = cell.source
        if number == 0:
            source = _with_badge(source, f"notebooks/{unit.slug}.ipynb")
        if cell.metadata.get("setup"):
            source = setup_cell(unit.number)
        cells.append(_new(cell.cell_type, source, f"{name}-{number:02d}"))
    return _notebook(cells)


def statement(exercise: Exercise, text: str) -> str:
    """An exercise's statement: head and contract from the exercise, the text between them."""
    return (
        f"## {exercise.id} {exercise.title}\n"
        f"*{exercise.minutes} minutes · {exercise.points} point{'s' * (exercise.points != 1)} · "
        f"difficulty {exercise.difficulty}/5*\n\n{text.strip()}\n\n"
        f"**Contract.** {exercise.contract}\n\n**Example.** `{exercise.example}`"
    )


def _exercise_cells(cell: Cell, solved: bool) -> list[Cell]:
    """What one marked cell of exercises.py becomes."""
    exercise_id = str(cell.metadata["exercise"])
    exercise, key = find_exercise(exercise_id), exercise_id.replace(".", "-")
    if cell.cell_type == "markdown":
        grade_id = f"statement-{key}"
        told = statement(exercise, cell.source)
        return [_new("markdown", told, grade_id, _nbgrader("markdown", grade_id))]
    code = cell.source if solved else without_solution(cell.source, exercise_id)
    answer = f"{MARKER.format(id=exercise_id)}\n{code}"
    flags = {"grade": True, "points": exercise.points}
    check_id = f"check-{key}"
    return [
        _new(
            "code", answer, f"answer-{key}", _nbgrader("code", f"answer-{key}", locked=False, solution=True)
        ),
        _new("code", CHECK.format(id=exercise_id), check_id, _nbgrader("code", check_id, **flags)),
    ]


def _essay_cells(cell: Cell, unit: UnitSource) -> list[Cell]:
    """What a cell `# %% [markdown] essay="9.7"` becomes: its text as a task, and the cell to write in."""
    essay_id = str(cell.metadata["essay"])
    known = {essay.id: essay for u in all_units() if u.number == unit.number for essay in u.essays}
    if essay_id not in known:
        raise unknown_name("essay", essay_id, known)
    essay, key = known[essay_id], essay_id.replace(".", "-")
    told = (
        f"## {essay.id} {essay.title}\n*{essay.minutes} minutes · {essay.points} points · marked by a "
        f"person, by the rubric*\n\n{cell.source.strip()}"
    )
    statement_id, answer_id = f"statement-{key}", f"answer-{key}"
    # A manually graded answer, as nbgrader calls it: it carries the points, and is the learner's to edit.
    flags = {"grade": True, "solution": True, "locked": False, "points": essay.points}
    return [
        _new("markdown", told, statement_id, _nbgrader("markdown", statement_id)),
        _new("markdown", ESSAY.format(id=essay_id), answer_id, _nbgrader("markdown", answer_id, **flags)),
    ]


def exercise_notebook(unit: UnitSource, solved: bool) -> Notebook:
    """The exercises of a unit, with their solutions or with stubs in their place.

    Raises: CourseError for a unit without exercises, and for a solution that is not marked.
    """
    if unit.exercises is None:
        raise CourseError(f"Unit {unit.slug} has no exercises.py.")
    name, cells = f"{unit.slug}-exercises".replace("_", "-"), []
    for number, cell in enumerate(read_cells(unit.exercises)):
        cell_id = f"{name}-{number:02d}"
        if "exercise" in cell.metadata:
            cells += _exercise_cells(cell, solved)
        elif "essay" in cell.metadata:
            cells += _essay_cells(cell, unit)
        elif "solution" in cell.metadata:
            cells += [_new(cell.cell_type, cell.source, cell_id)] if solved else []
        elif cell.metadata.get("setup"):
            locked = _nbgrader("code", cell_id)
            head, last = setup_cell(unit.number).rsplit("\n\n", 1)
            cells.append(_new("code", f"{head}\n{HELPERS}\n{last}", cell_id, locked))
        else:
            source = cell.source
            if number == 0 and not solved:
                source = _with_badge(source, f"exercises/{unit.slug}/{unit.slug}.ipynb")
            cells.append(_new(cell.cell_type, source, cell_id))
    return _notebook(cells)


def executed(notebook: Notebook, folder: Path) -> Notebook:
    """The notebook with the outputs of a run in `folder`, without a person at the widgets.

    Progress on stderr is dropped, and so is the state of widgets, which GitHub refuses to show.
    Raises: nbclient's CellExecutionError, which quotes the cell that failed.
    """
    from nbclient import NotebookClient

    live = copy.deepcopy(notebook)
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(live, timeout=1800, resources=resources).execute(env={**os.environ, "W2S_HEADLESS": "1"})
    live.metadata.pop("widgets", None)
    live.metadata["language_info"] = notebook.metadata["language_info"]
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

    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(target, nbformat.writes(notebook) + "\n")


def wanted_notebooks(root: Path) -> dict[Path, Notebook]:
    """Every notebook that the course's texts make, by its file, without outputs."""
    made: dict[Path, Notebook] = {}
    for unit in unit_sources(root):
        made[root / "notebooks" / f"{unit.slug}.ipynb"] = lesson_notebook(unit)
        if unit.exercises is not None:
            for folder, solved in (("exercises", False), ("solutions", True)):
                target = root / folder / unit.slug / f"{unit.slug}.ipynb"
                made[target] = exercise_notebook(unit, solved)
    return made


def is_lesson(root: Path, target: Path) -> bool:
    """Whether a notebook is executed and committed with outputs."""
    return target.parent == root / "notebooks"


def drift(wanted: Notebook, target: Path, root: Path) -> list[str]:
    """In what a committed notebook differs from its text, cell by cell; empty where it does not."""
    import nbformat

    name = target.relative_to(root).as_posix()
    if not target.is_file():
        return [f"{name}: missing; run `w2s build`"]
    found = nbformat.read(target, as_version=4)
    problems = []
    if len(wanted.cells) != len(found.cells):
        problems.append(
            f"{name}: {len(found.cells)} cells, its text has {len(wanted.cells)}; run `w2s build`"
        )
    for want, have in zip(wanted.cells, found.cells, strict=False):
        if any(want[key] != have.get(key) for key in ("id", "cell_type", "source", "metadata")):
            problems.append(f"{name}: cell {want['id']} is not that of its text; run `w2s build`")
    if not problems and not is_lesson(root, target):
        outputs = [c["id"] for c in found.cells if c.get("outputs")]
        problems += [f"{name}: cell {cell_id} has outputs; run `w2s build`" for cell_id in outputs]
    return problems


def with_kept_outputs(notebook: Notebook, target: Path) -> Notebook | None:
    """The notebook with the outputs that its file holds, if the code of both is the same, cell by cell: who
    mends a sentence need not wait for a training. None where some code differs, or there is no such file."""
    import nbformat

    if not target.is_file():
        return None
    found = nbformat.read(target, as_version=4)
    ours, theirs = ([c for c in one.cells if c.cell_type == "code"] for one in (notebook, found))
    if [cell.source for cell in ours] != [cell.source for cell in theirs]:
        return None
    kept = copy.deepcopy(notebook)
    for cell, old in zip((c for c in kept.cells if c.cell_type == "code"), theirs, strict=True):
        cell.outputs, cell.execution_count = old.outputs, old.execution_count
    return kept


def build(root: Path) -> list[Path]:
    """Write every notebook that differs from its text; the files that were written. A lesson is executed if
    its code differs, or its file was deleted."""
    written = []
    for target, notebook in wanted_notebooks(root).items():
        if drift(notebook, target, root):
            target.parent.mkdir(parents=True, exist_ok=True)
            if is_lesson(root, target):
                notebook = with_kept_outputs(notebook, target) or executed(notebook, target.parent)
            write(notebook, target)
            written.append(target)
    return written
