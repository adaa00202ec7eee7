"""The site, built and checked: what `make site` does."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from w2s_course.errors import CourseError
from w2s_course.site.faults import faults
from w2s_course.site.pages import pages, pictures

CONFIGURATION = Path(__file__).parent
NEEDED = ("sphinx", "myst_nb", "furo")


def build_site(root: Path, out: Path) -> None:
    """Build the pages of the course at `root` into the folder `out`, in place of what was there before.

    A build that fails leaves `out` as it was. Raises: CourseError if the extra is not installed, if Sphinx
    warns of anything, and if a finished page has a fault; with page and reason.
    """
    if missing := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
        raise CourseError(
            f"The site needs {', '.join(missing)}, not installed here. `make site` installs what it needs, "
            'and so does `pip install -c constraints.txt -e ".[site]"`.'
        )
    with TemporaryDirectory() as scratch:
        source, built = Path(scratch, "source"), Path(scratch, "site")
        for name, text in pages(root).items():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_text(text, encoding="utf-8")
        for name in pictures(root):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / name, source / name)
        _run_sphinx(source, built)
        if found := faults(built):
            raise CourseError("\n".join(found))
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(built, out)


def _run_sphinx(source: Path, built: Path) -> None:
    """Raises: CourseError with what Sphinx said; every warning counts."""
    command = [sys.executable, "-m", "sphinx", "-b", "html", "--quiet", "--fail-on-warning"]
    command += ["-c", str(CONFIGURATION), "-d", str(built.with_name("doctrees")), str(source), str(built)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise CourseError(f"Sphinx found:\n{ended.stderr.replace(f'{source}/', '').strip()}")
