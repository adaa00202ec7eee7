"""The student version of a unit's exercises, as a notebook and a zip, with checksums and a manifest.

The same course and cohort give the same bytes. The zip holds the notebook alone; the manifest is the
instructor's, and says which version of each exercise the students had.
"""

from __future__ import annotations

import inspect
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from w2s_course import __version__
from w2s_course.authoring.notebooks import HELPERS, Notebook, exercise_notebook, statement
from w2s_course.authoring.sources import UnitSource, read_cells
from w2s_course.cache import digest, file_sha256
from w2s_course.disk import write_atomically
from w2s_course.grading.master import GradedUnit, given_lines, graded_unit, master_cells
from w2s_course.grading.workspace import Workspace, find_source
from w2s_course.learn.exercises import Case, Exercise, Raises, Unit, find_exercise
from w2s_course.learn.variants import cohort_cases, cohort_exercise, cohort_statement
from w2s_course.repository import colab_badge

MANIFEST, SUMS = "release.json", "SHA256SUMS"
METADATA = "w2s_course"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest moment that a zip can name


def _plain(value: Any) -> Any:
    """An expected value with a JSON form that tells `Raises("X")` from 'X' and keeps NaN."""
    if isinstance(value, Raises):
        return {"raises": value.kind}
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value if isinstance(value, str | int | bool | None) else repr(value)


def _case(case: Case) -> dict[str, Any]:
    return {key: _plain(value) for key, value in asdict(case).items()} | {"expected": _plain(case.expected)}


def contract_version(exercise: Exercise) -> str:
    """The identity of what an exercise asks: 16 characters. A better check or hint leaves it as it is."""
    asked = (exercise.id, exercise.name, exercise.points, exercise.contract, exercise.example)
    return digest(asked)[:16]


def check_version(exercise: Exercise, hidden: Sequence[Case], cohort: int | None = None) -> str:
    """The identity of how an exercise is marked: 16 characters. exercise, hidden: as the cohort has them.

    Of an exercise with a judge the whole module counts: its tables decide too.
    """
    judge = find_exercise(exercise.id).judge or exercise.judge
    module = inspect.getmodule(judge) if judge else None
    parts = {
        "asked": contract_version(exercise),
        "cohort": cohort,
        "imports": exercise.imports,
        "tolerance": exercise.tolerance,
        "misconceptions": dict(exercise.misconceptions),
        "verified": exercise.verified,
        "cases": [_case(case) for case in exercise.cases],
        "hidden": [_case(case) for case in hidden],
        "judge": inspect.getsource(module) if module else "",
    }
    return digest(parts)[:16]


def versions(graded: GradedUnit, cohort: int | None = None) -> dict[str, str]:
    """Exercise id -> `check_version`."""
    return {e.id: check_version(e, graded.hidden.get(e.id, ()), cohort) for e in graded.exercises}


def cohort_unit(root: Path, unit: Unit, cohort: int | None = None) -> GradedUnit:
    """What the submissions of a cohort are graded against.

    Raises: CourseError where there is no course in `root`, or the unit has no exercises.
    """
    common = graded_unit(root, unit.number)
    if cohort is None:
        return common
    source = find_source(root, unit)
    own = {exercise_id: make(cohort) for exercise_id, make in source.hidden_variants.items()}
    hidden = {
        exercise_id: cohort_cases(exercise_id, own.get(exercise_id, cases), cohort)
        for exercise_id, cases in common.hidden.items()
    }
    exercises = tuple(cohort_exercise(exercise, cohort) for exercise in unit.exercises)
    notebook = release_notebook(source, unit, cohort)
    cells, given = master_cells(notebook), given_lines(notebook)
    return replace(common, unit=replace(unit, exercises=exercises), cells=cells, hidden=hidden, given=given)


def release_notebook(source: UnitSource, unit: Unit, cohort: int | None = None) -> Notebook:
    """The student version, with the cohort's statements and check, and with what it is in its metadata."""
    notebook = exercise_notebook(source, solved=False)
    exercises = {exercise.id: cohort_exercise(exercise, cohort) for exercise in unit.exercises}
    if cohort is not None:
        _vary(notebook, source, exercises, cohort)
    notebook.metadata[METADATA] = {
        "unit": unit.slug,
        "cohort": cohort,
        "course": __version__,
        "exercises": {key: contract_version(exercise) for key, exercise in exercises.items()},
    }
    return notebook


def _vary(notebook: Notebook, source: UnitSource, exercises: dict[str, Exercise], cohort: int) -> None:
    assert source.exercises is not None
    texts = {
        str(cell.metadata["exercise"]): cell.source
        for cell in read_cells(source.exercises)
        if "exercise" in cell.metadata and cell.cell_type == "markdown"
    }
    told = {
        f"statement-{key.replace('.', '-')}": statement(exercises[key], cohort_statement(key, text, cohort))
        for key, text in texts.items()
    }
    helpers = (
        f"{HELPERS}\nfrom w2s_course.learn.variants import Cohort\n\n"
        f"# This release has its own options and numbers.\n"
        f"check, hint = Cohort({cohort}).check, Cohort({cohort}).hint"
    )
    badge = f"{colab_badge(f'exercises/{source.slug}/{source.slug}.ipynb')}\n\n"
    for cell in notebook.cells:
        # The badge opens the course's own notebook, which is not this cohort's.
        cell.source = told.get(cell.id, cell.source).replace(badge, "")
        if cell.cell_type == "code":
            cell.source = cell.source.replace(HELPERS, helpers)


def release(space: Workspace, unit: Unit, cohort: int | None = None) -> Path:
    """Write the release of a unit; its folder. The same again changes no byte.

    Raises: CourseError where there is no course, or the unit has no exercises.
    """
    import nbformat

    source = find_source(space.root, unit)
    notebook = release_notebook(source, unit, cohort)
    folder = space.release(unit.slug, cohort)
    folder.mkdir(parents=True, exist_ok=True)
    text = nbformat.writes(notebook) + "\n"
    write_atomically(folder / f"{unit.slug}.ipynb", text)
    write_atomically(folder / f"{unit.slug}.zip", zipped({f"{unit.slug}/{unit.slug}.ipynb": text.encode()}))
    manifest = notebook.metadata[METADATA] | {
        "points": unit.points,
        "checks": versions(cohort_unit(space.root, unit, cohort), cohort),
    }
    write_atomically(folder / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    names = (f"{unit.slug}.ipynb", f"{unit.slug}.zip")
    sums = "".join(f"{file_sha256(folder / name)}  {name}\n" for name in names)
    write_atomically(folder / SUMS, sums)  # last: with it the release is complete
    return folder


def zipped(files: dict[str, bytes], executable: Sequence[str] = ()) -> bytes:
    """A zip of these files whose bytes depend on nothing else: no clock, no user, no compression."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3
            entry.external_attr = (0o100755 if name in executable else 0o100644) << 16
            archive.writestr(entry, files[name])
    return buffer.getvalue()
