"""The same grader as an autograder of Gradescope: the zip that it is given, and the program inside.

Gradescope runs one container a submission, as root, without a network and mostly without the right to make
the sandbox. Where the sandbox works there it is used. Where it does not, nothing is graded unless the zip was
made with `unsafe`, which says what it means: a submission then runs beside the hidden checks and could write
its own results.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from w2s_course.disk import write_atomically
from w2s_course.errors import CourseError
from w2s_course.grading.feedback import STATES
from w2s_course.grading.libraries import require_libraries
from w2s_course.grading.records import EMPTY
from w2s_course.grading.release import cohort_unit, zipped
from w2s_course.grading.score import Grade, grade_submission, refused
from w2s_course.grading.submission import Refused, read_submission
from w2s_course.grading.workspace import Workspace, find_unit
from w2s_course.learn.exercises import Unit

SETTINGS = "settings.json"
RUN = """\
#!/usr/bin/env bash
# Called by Gradescope for each submission.
set -euo pipefail
cd /autograder/source
mkdir -p /autograder/results
/opt/course/bin/python -m w2s_course.grading.gradescope
"""
SETUP = """\
#!/usr/bin/env bash
# Called by Gradescope once, when the image is built.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends bubblewrap python3 python3-venv
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "This image has an older Python than 3.11. Choose another base image: Ubuntu 24.04 has 3.12." >&2
    exit 1
}
python3 -m venv /opt/course
cd /autograder/source
/opt/course/bin/python -m pip install --no-cache-dir -c constraints.txt torch \\
    --index-url https://download.pytorch.org/whl/cpu
/opt/course/bin/python -m pip install --no-cache-dir -c constraints.txt -e . nbformat jupytext
"""
ESSAYS = "course/09_the_verdict/anchors"
"""What `pyproject.toml` takes into the package from outside of it."""
_SKIPPED = {"__pycache__", "recorded"}


def build_zip(space: Workspace, unit: Unit, cohort: int | None = None, unsafe: bool = False) -> Path:
    """Write the autograder of a unit as a zip to upload; its path. The same again changes no byte."""
    root = space.root
    files = {
        "run_autograder": RUN.encode(),
        "setup.sh": SETUP.encode(),
        SETTINGS: json.dumps({"unit": unit.slug, "cohort": cohort, "unsafe": unsafe}).encode(),
    }
    for name in ("pyproject.toml", "constraints.txt", "README.md", "LICENSE", "LICENSE-CC-BY-4.0"):
        if (root / name).is_file():
            files[name] = (root / name).read_bytes()
    package = Path(__file__).resolve().parents[1]
    folders = {package: "w2s_course", root / "course" / unit.slug: f"course/{unit.slug}"}
    folders[root / ESSAYS] = ESSAYS  # of whatever unit: without it the package cannot be installed
    for folder, name in folders.items():
        for path in sorted(folder.rglob("*")):
            within = path.relative_to(folder)
            if path.is_file() and not _SKIPPED & set(within.parts):
                files[f"{name}/{within.as_posix()}"] = path.read_bytes()
    target = space.exports / f"{unit.slug}-gradescope.zip"
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(target, zipped(files, executable=("run_autograder", "setup.sh")))
    return target


def results(grade: Grade, titles: Mapping[str, str]) -> dict[str, Any]:
    """A grade in Gradescope's format. Source: its autograder specification, 'output format'.

    Without a mark there is no score at all, and Gradescope shows that the autograder gave none.
    """
    tests = [
        {
            "number": e.exercise,
            "name": f"{e.exercise} {titles.get(e.exercise, '')}".strip(),
            "score": e.points,
            "max_score": e.out_of,
            "output": " ".join(text for text in (STATES.get(e.state, e.state), e.text) if text),
            "output_format": "text",
            "visibility": "visible",
        }
        for e in grade.exercises
        if e.state != EMPTY  # essays are not handed in there
    ]
    said = [grade.reason or grade.state, *grade.repairs]
    made: dict[str, Any] = {
        "output": "\n".join(said),
        "output_format": "text",
        "stdout_visibility": "hidden",
        "visibility": "visible",
        "tests": tests,
    }
    if grade.points is not None:
        made["score"] = grade.points
    return made


def only_notebook(folder: Path) -> Path:
    """The notebook that was handed in.

    Raises: Refused where there is none, or more than one.
    """
    found = [path for path in sorted(folder.rglob("*.ipynb")) if ".ipynb_checkpoints" not in path.parts]
    if len(found) != 1:
        raise Refused(
            f"There must be one notebook; {len(found)} were handed in. Hand in the one of this unit."
        )
    return found[0]


def main(base: Path = Path("/autograder")) -> None:
    """Grade what is in submission/ and write results/results.json; called in Gradescope's container."""
    settings = json.loads((base / "source" / SETTINGS).read_text(encoding="utf-8"))
    unit = find_unit(settings["unit"])
    graded = cohort_unit(base / "source", unit, settings["cohort"])
    titles = {exercise.id: exercise.title for exercise in graded.exercises}
    try:
        submission = read_submission(only_notebook(base / "submission"))
        require_libraries(graded, settings["unsafe"])
        made = results(grade_submission(submission, graded, unsafe=settings["unsafe"]), titles)
    except Refused as refusal:
        made = results(refused(graded, str(refusal)), titles)
    except CourseError as error:
        made = {"output": f"Not graded: {error} Tell your instructor.", "visibility": "visible"}
    target = base / "results" / "results.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(target, json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    main()
