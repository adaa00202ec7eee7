"""Notebooks a minute: our sandboxed grader beside `nbgrader autograde`, on the same 60 submissions.

    python benchmarks/grading.py                        without, then with `import torch`
    python benchmarks/grading.py --unit 4 --count 12 --torch yes

The submissions are the demonstration class, with its damaged notebooks whole and its hostile ones tame:
nbgrader would run the second as you.
The set-up cell and the cells that show a run are taken out for both, so that what is timed is the grading and
not the course. nbgrader grades one after the other, as its command does; ours uses every core. Times are wall
clock: let nothing else run. Needs the extra [instructor] and bubblewrap.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from w2s_course.authoring.notebooks import HELPERS, exercise_notebook, write
from w2s_course.errors import CourseError
from w2s_course.grading.bubblewrap import require_sandbox
from w2s_course.grading.collect import collect
from w2s_course.grading.demo import SUBMISSIONS, make_class
from w2s_course.grading.gradebook import require_nbgrader
from w2s_course.grading.records import read_records
from w2s_course.grading.run import jobs_of, run
from w2s_course.grading.workspace import Workspace, find_source, find_unit
from w2s_course.learn.exercises import Unit

ROOT = Path(__file__).resolve().parents[1]
NBGRADER = """\
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.source_directory = {solutions!r}
c.ExecutePreprocessor.timeout = 60
"""


@dataclass(frozen=True)
class Result:
    """One grader's time on a class."""

    name: str
    notebooks: int
    seconds: float

    @property
    def a_minute(self) -> float:
        return 60 * self.notebooks / self.seconds


def bare_course(folder: Path, unit: Unit, torch: bool) -> None:
    """The unit's course without the cells that need models or runs, and with `import torch` where wanted."""
    shutil.copytree(ROOT / "course", folder / "course")
    target = folder / "course" / unit.slug
    text = (target / "exercises.py").read_text(encoding="utf-8")
    cells = re.split(r"^(?=# %%)", text, flags=re.MULTILINE)
    kept = [cell for cell in cells if not re.match(r"# %%(?: setup=true)?\n", cell)]
    first = f"# %%\n{HELPERS}\n" + ("import torch\n" if torch else "") + "\n"
    (target / "exercises.py").write_text("".join([kept[0], kept[1], first, *kept[2:]]), encoding="utf-8")


def prepared(folder: Path, unit: Unit, torch: bool, count: int) -> Workspace:
    """A class of `count` intact submissions, collected."""
    bare_course(folder, unit, torch)
    space = Workspace(folder)
    make_class(folder, unit, 0, space.base / "demo", intact=True)
    collect(space, space.base / "demo" / "submissions.zip", unit, space.base / "demo" / "roster.csv")
    for path in sorted(space.submitted.iterdir())[count:]:
        shutil.rmtree(path)
    return space


def ours(space: Workspace, unit: Unit) -> Result:
    """`w2s grade run`, on all cores."""
    jobs = jobs_of(space, unit)
    start = time.perf_counter()
    run(jobs, space.records(unit.slug))
    seconds = time.perf_counter() - start
    return Result("w2s grade run (sandboxed)", len(read_records(space.records(unit.slug))), seconds)


def theirs(space: Workspace, unit: Unit) -> Result:
    """`nbgrader autograde`, in a copy of the class."""
    root = space.root / "nbgrader"
    root.mkdir()
    shutil.copytree(space.submitted, root / "submitted")
    solutions = root / "source" / unit.slug / f"{unit.slug}.ipynb"
    write(exercise_notebook(find_source(space.root, unit), solved=True), solutions)
    settings = NBGRADER.format(root=str(root), solutions="source")
    (root / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    # nbgrader calls alembic by its name.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": path, "W2S_HEADLESS": "1"}

    def nbgrader(*arguments: str) -> None:
        command = [sys.executable, "-m", "nbgrader", *arguments]
        subprocess.run(command, cwd=root, env=environment, check=False, capture_output=True)

    nbgrader("generate_assignment", unit.slug, "--force")
    start = time.perf_counter()
    nbgrader("autograde", unit.slug)
    seconds = time.perf_counter() - start
    graded = len(list(root.glob(f"autograded/*/{unit.slug}/{unit.slug}.ipynb")))
    if not graded:
        raise CourseError(f"nbgrader graded nothing. Run it by hand in {root} to see why.")
    return Result("nbgrader autograde", graded, seconds)


def compare(unit: Unit, torch: bool, count: int) -> float:
    """Time both on one class and print it; how many times as many notebooks a minute ours grades."""
    graders: tuple[Callable[[Workspace, Unit], Result], ...] = (ours, theirs)
    with tempfile.TemporaryDirectory(prefix="w2s-bench-") as folder:
        space = prepared(Path(folder), unit, torch, count)
        found = [grader(space, unit) for grader in graders]
    print(f"{unit.slug}, {'with' if torch else 'without'} import torch, {os.cpu_count()} cores")
    for result in found:
        speed = f"{result.seconds:9.1f} s{result.a_minute:9.1f} a minute"
        print(f"  {result.name:28}{result.notebooks:4} notebooks{speed}")
    ratio = found[0].a_minute / found[1].a_minute
    print(f"  ours / nbgrader: {ratio:.2f}")
    return ratio


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--unit", default="4")
    parser.add_argument("--count", type=int, default=SUBMISSIONS)
    parser.add_argument("--torch", choices=("no", "yes", "both"), default="both", help="import it or not")
    given = parser.parse_args()
    try:
        require_nbgrader("The benchmark")
        require_sandbox(unsafe=False)
        for torch in ("no", "yes") if given.torch == "both" else (given.torch,):
            compare(find_unit(given.unit), torch == "yes", given.count)
    except CourseError as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    main()
