"""What `w2s build --check` finds: each fault with its file and cell, in words that say what to do.

A fault is one function from what was committed to a list of sentences; a new kind of fault is a new row of
`_ON_NOTEBOOKS` or `_ON_UNITS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator
from pathlib import Path
from typing import Any

from w2s_course.authoring import facts, speed_facts
from w2s_course.authoring.notebooks import Notebook, drift, is_lesson, wanted_notebooks
from w2s_course.authoring.sources import (
    BEGIN,
    UnitSource,
    misplaced_cases,
    read_cells,
    solution_lines,
    unit_sources,
    without_solution,
)
from w2s_course.learn.exercises import HINTS, Exercise, all_units, find_exercise
from w2s_course.repository import colab_badge

LONGEST_CELL = 25
LEAST_WRONG, LEAST_RIGHT, LEAST_EXERCISES = 5, 2, 5
TELLING = 24
"""Characters from which a line of a solution is its own, not one that any text could hold."""

_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\([^)]*\)")
_HTML_IMAGE = re.compile(r"<img\b(?![^>]*\balt=\"[^\"]+\")[^>]*>", re.IGNORECASE)
_LINK = re.compile(r"(?<!\!)\[(?:[^\[\]]|!\[[^\]]*\]\([^)]*\))*\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
# How an answer key looks in code that shows a quiz or an ordering task.
_KEY = re.compile(r"\bright\s*=\s*True|\bbefore\s*=\s*\[|\bcorrect\s*=\s*")
_CODE = re.compile(r"```.*?```|`[^`]*`|\$\$.*?\$\$", re.DOTALL)
_FORMULA = re.compile(r"\$([^$]+)\$(\d?)")
_PICTURES = ("image/png", "image/svg+xml", "image/jpeg")
WIDGET = "application/vnd.jupyter.widget-view+json"


def _cells(notebook: Notebook, kind: str) -> Iterator[Any]:
    return (cell for cell in notebook.cells if cell.cell_type == kind)


def long_cells(notebook: Notebook, target: Path, root: Path) -> Iterator[str]:
    """Code that does not fit a learner's screen."""
    for cell in _cells(notebook, "code"):
        lines = len([line for line in cell.source.split("\n") if line.strip()])
        if lines > LONGEST_CELL:
            yield f"cell {cell.id} has {lines} lines of code, at most {LONGEST_CELL} are allowed; split it"


def uninterpreted(notebook: Notebook, target: Path, root: Path) -> Iterator[str]:
    """Lessons only: an output that no text interprets."""
    if not is_lesson(root, target):
        return
    following = [*notebook.cells[1:], None]
    for cell, after in zip(notebook.cells, following, strict=True):
        shown = cell.cell_type == "code" and cell.get("outputs")
        if shown and (after is None or after.cell_type != "markdown"):
            yield f"cell {cell.id} prints or draws, and no text after it says what to see; write one"


def images(notebook: Notebook, target: Path, root: Path) -> Iterator[str]:
    """Images without alt text: in texts, and in outputs, where the words must stand beside the picture."""
    for cell in _cells(notebook, "markdown"):
        blank = [m for m in _IMAGE.finditer(cell.source) if not m["alt"].strip()]
        if blank or _HTML_IMAGE.search(cell.source):
            yield f"cell {cell.id} has an image without alt text; say in words what it shows"
    for cell in _cells(notebook, "code"):
        outputs = cell.get("outputs", [])
        drawn = any(kind in o.get("data", {}) for o in outputs for kind in _PICTURES)
        if drawn and not any(o.output_type == "stream" or _words(o) for o in outputs):
            yield f"cell {cell.id} draws without words; print the plot's alt text in the same cell"


def _words(output: Any) -> bool:
    data = output.get("data", {})
    return bool(data) and not any(kind in data for kind in _PICTURES)


def prices(notebook: Notebook, target: Path, root: Path) -> Iterator[str]:
    """Two prices in one text, which are shown as a formula; in JupyterLab a backslash does not help."""
    for cell in _cells(notebook, "markdown"):
        for found in _FORMULA.finditer(_CODE.sub("", cell.source)):
            if found[2]:  # no formula is meant where a number follows its end
                yield f"cell {cell.id} is shown with a formula from '${found[1][:12]}' on; write 'dollars'"
                break


def anchors(cells: Iterable[Any]) -> set[str]:
    """What `#...` can lead to within some cells: each heading, as JupyterLab makes an address of it."""
    headings = [h for cell in cells if cell.cell_type == "markdown" for h in _HEADING.findall(cell.source)]
    return {heading.strip().replace(" ", "-") for heading in headings}


def links(notebook: Notebook, target: Path, root: Path) -> Iterator[str]:
    """Relative links that lead nowhere, and badges that open another notebook."""
    own_badge = colab_badge(target.relative_to(root).as_posix())
    for cell in _cells(notebook, "markdown"):
        for link in (m["target"] for m in _LINK.finditer(cell.source)):
            if "colab.research.google.com" in link:
                if f"]({link})" not in own_badge:
                    yield f"cell {cell.id} has a badge that opens {link}, not this notebook; run `w2s build`"
            elif link.startswith("#"):
                if link[1:] not in anchors(notebook.cells):
                    yield f"cell {cell.id} links to {link}, and no heading has that name"
            elif "://" not in link and not (target.parent / link.split("#")[0]).exists():
                yield f"cell {cell.id} links to {link}, which does not exist"


def widget_state(notebook: Notebook, target: Path, root: Path) -> Iterator[str]:
    """What GitHub calls an invalid notebook: widgets without their state."""
    widgets = notebook.metadata.get("widgets")
    if widgets is not None and any("state" not in part for part in widgets.values()):
        yield "the notebook's widget metadata has no state, so GitHub shows 'Invalid Notebook'; clear it"
    for cell in _cells(notebook, "code"):
        if widgets is None and any(WIDGET in o.get("data", {}) for o in cell.get("outputs", [])):
            yield f"cell {cell.id} holds a widget whose state is not in the file; clear the output"


def keys(notebook: Notebook, target: Path, root: Path) -> Iterator[str]:
    """Answer keys in what learners open: they belong into the unit's module."""
    if target.parent.parent.name == "solutions":
        return
    for cell in _cells(notebook, "code"):
        if _KEY.search(cell.source):
            yield f"cell {cell.id} holds an answer key; move it into w2s_course/learn/units/"


Fault = Callable[[Notebook, Path, Path], Iterator[str]]
_ON_NOTEBOOKS: tuple[Fault, ...] = (long_cells, uninterpreted, images, prices, links, widget_state, keys)


# --- faults of a unit -------------------------------------------------------------------------------


def _answers(unit: UnitSource) -> Iterator[tuple[Exercise, Any]]:
    """Each exercise of the unit's text with the cell of its solution."""
    if unit.exercises is not None:
        for cell in read_cells(unit.exercises):
            if cell.cell_type == "code" and "exercise" in cell.metadata:
                yield find_exercise(str(cell.metadata["exercise"])), cell


def secrets(unit: UnitSource) -> dict[str, str]:
    """Texts that must stand in no notebook for learners, and what each is."""
    found: dict[str, str] = {BEGIN: "the mark of a solution"}
    for exercise, cell in _answers(unit):
        given = without_solution(cell.source, exercise.id)
        for line in solution_lines(cell.source):
            own = len(line) >= TELLING or re.match(rf"{re.escape(exercise.name)}\s*=", line)
            if own and line not in given and not line.startswith(("import ", "from ")):
                found[line] = f"the solution of {exercise.id}"
    visible = {case.call for exercise, _ in _answers(unit) for case in exercise.cases}
    for exercise_id, cases in unit.hidden.items():
        for call in (case.call for case in cases if case.call not in visible):
            found[call] = f"a hidden check of {exercise_id}"
    return found


def leaks(root: Path, units: list[UnitSource], notebooks: dict[Path, Notebook]) -> Iterator[str]:
    """Solutions, hidden checks and keys of values in exercises/ and notebooks/."""
    hidden = {text: what for unit in units for text, what in secrets(unit).items()}
    for target, notebook in notebooks.items():
        if target.parent.parent.name == "solutions":
            continue
        for cell in notebook.cells:
            for text, what in hidden.items():
                if text in cell.source or any(text in str(o) for o in cell.get("outputs", [])):
                    yield f"{target.relative_to(root).as_posix()}: cell {cell.id} holds {what}: {text}"


def incomplete_exercises(unit: UnitSource) -> Iterator[str]:
    """Exercises that lack what a learner, or the test of their check, needs."""
    for exercise, _ in _answers(unit):
        for field in ("points", "minutes", "contract", "example", "verified", "cases", "difficulty"):
            if not getattr(exercise, field):
                yield f"exercise {exercise.id} has no {field}"
        if len([h for h in exercise.hints if h.strip()]) != HINTS:
            yield f"exercise {exercise.id} needs {HINTS} hints"
        wrong, right = len(unit.wrong.get(exercise.id, ())), len(unit.right.get(exercise.id, ()))
        if wrong < LEAST_WRONG:
            yield f"exercise {exercise.id} has {wrong} wrong answers in answers.py, {LEAST_WRONG} are needed"
        if right < LEAST_RIGHT:
            yield f"exercise {exercise.id} has {right} alternatives in answers.py, {LEAST_RIGHT} are needed"
        if not unit.hidden.get(exercise.id):
            yield f"exercise {exercise.id} has no hidden cases in hidden.py"


def unmatched_exercises(unit: UnitSource) -> Iterator[str]:
    """Exercises that stand in the unit's module and not in its text, or twice; too few of them."""
    declared = [e.id for u in all_units() if u.number == unit.number for e in u.exercises]
    written = [exercise.id for exercise, _ in _answers(unit)]
    for exercise_id in declared:
        if written.count(exercise_id) != 1:
            yield f"exercise {exercise_id} has {written.count(exercise_id)} answer cells, 1 is needed"
    if declared and len(declared) < LEAST_EXERCISES:
        yield f"{len(declared)} exercises, at least {LEAST_EXERCISES} are needed"


SOME_COHORT = 1


def misplaced_hidden(unit: UnitSource) -> Iterator[str]:
    """Hidden cases of exercises that the unit has not, or of parts that look mistyped; also a cohort's."""
    exercises = [e for u in all_units() if u.number == unit.number for e in u.exercises]
    yield from misplaced_cases(exercises, unit.hidden)
    variants = {key: make(SOME_COHORT) for key, make in unit.hidden_variants.items()}
    yield from misplaced_cases(exercises, variants)


_ON_UNITS: tuple[Callable[[UnitSource], Iterator[str]], ...] = (
    incomplete_exercises,
    unmatched_exercises,
    misplaced_hidden,
)


def check(root: Path) -> list[str]:
    """All faults of the notebooks and units below `root`, each with its file and cell; empty if none."""
    import nbformat

    units = unit_sources(root)
    problems = [
        f"course/{unit.slug}/exercises.py: {said}"
        for unit in units
        for fault in _ON_UNITS
        for said in fault(unit)
    ]
    if any("answer cells" in problem for problem in problems):
        return problems  # such a text makes no notebook
    wanted = wanted_notebooks(root)
    for target, notebook in wanted.items():
        problems += drift(notebook, target, root)
    problems += _unknown_notebooks(root, wanted)
    present = {target: nbformat.read(target, as_version=4) for target in wanted if target.is_file()}
    for target, notebook in present.items():
        name = target.relative_to(root).as_posix()
        problems += [f"{name}: {said}" for fault in _ON_NOTEBOOKS for said in fault(notebook, target, root)]
    return [*problems, *leaks(root, units, present), *_stale_facts(root)]


FILLED = (facts, speed_facts)
"""Whose pages hold facts that are filled in."""


def _stale_facts(root: Path) -> Iterator[str]:
    """Pages with facts that are not those of the code."""
    for of in FILLED:
        if not of.refresh(root, only_check=True):
            yield f"{of.PAGE.as_posix()}: a fact in it is not what the code says; run `w2s build`"


def _unknown_notebooks(root: Path, wanted: Container[Path]) -> Iterator[str]:
    for folder in ("notebooks", "exercises", "solutions"):
        for path in sorted((root / folder).rglob("*.ipynb")):
            if path not in wanted and ".ipynb_checkpoints" not in path.parts:
                name = path.relative_to(root).as_posix()
                yield f"{name}: no text in course/ makes this; remove it"
