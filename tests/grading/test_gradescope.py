"""The autograder's zip, unpacked and run as Gradescope does: root of a container, without network."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from school import ROOT, course_space, notebook

from w2s_course.grading.gradescope import build_zip
from w2s_course.grading.workspace import find_unit

UNIT = find_unit("1")
PLAN = '["split", "teacher", "labels", "student", "ceiling", "answers", "gap"]'
CURIOUS = (
    "# exercise 1.5\nimport socket\ntry:\n    socket.create_connection(('1.1.1.1', 53), 2)\n"
    "except OSError:\n    pass\ndef affordable(budget, price, fixed, pool):\n    return 3"
)
HANDED_IN = notebook(f"# exercise 1.1\nschedule = {PLAN}", CURIOUS)


def container(base: Path) -> list[str]:
    """The command up to what runs in the container: /usr, a Python in /opt/course, and /autograder."""
    command = ["bwrap", "--unshare-all", "--uid", "0", "--gid", "0", "--die-with-parent", "--clearenv"]
    command += ["--ro-bind", "/usr", "/usr", "--tmpfs", "/tmp", "--proc", "/proc", "--dev", "/dev"]
    for name in ("bin", "lib", "lib64", "sbin"):
        if (Path("/") / name).is_symlink():
            command += ["--symlink", f"usr/{name}", f"/{name}"]
        elif (Path("/") / name).is_dir():
            command += ["--ro-bind", f"/{name}", f"/{name}"]
    command += ["--ro-bind", "/dev/null", str(shutil.which("bwrap"))]
    # The environment's own Python, and the environment in the place where setup.sh makes one.
    command += ["--ro-bind", sys.base_prefix, sys.base_prefix, "--ro-bind", sys.prefix, "/opt/course"]
    command += ["--bind", str(base), "/autograder", "--setenv", "PATH", "/usr/bin:/bin"]
    return [*command, "--setenv", "OMP_NUM_THREADS", "1", "--chdir", "/autograder"]


def unpacked(tmp_path: Path, unsafe: bool = False) -> Path:
    base = tmp_path / "autograder"
    with zipfile.ZipFile(build_zip(course_space(tmp_path), UNIT, unsafe=unsafe)) as archive:
        archive.extractall(base / "source")
    for name in ("submission", "results"):
        (base / name).mkdir()
    # Gradescope copies it to where it calls it; unpacking here loses the permission to run it.
    shutil.copy(base / "source" / "run_autograder", base / "run_autograder")
    (base / "run_autograder").chmod(0o755)
    (base / "submission" / "work.ipynb").write_text(HANDED_IN)
    return base


def graded(base: Path) -> dict:
    command = [*container(base), "/autograder/run_autograder"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads((base / "results" / "results.json").read_text())


@pytest.mark.parametrize("unit", ["1", "9"])
def test_the_zip_holds_whatever_the_package_is_installed_from(unit, tmp_path):
    """Hatch refuses to install where something is missing that it is to take in from outside the package."""
    with zipfile.ZipFile(build_zip(course_space(tmp_path), find_unit(unit))) as archive:
        names = archive.namelist()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert wanted
    for source in [*wanted, "w2s_course", f"course/{find_unit(unit).slug}"]:
        assert any(name.startswith(f"{source}/") for name in names), source
    assert len(names) == len(set(names))
    assert not any("/recorded/" in name or "__pycache__" in name for name in names)


@pytest.fixture
def in_a_virtual_environment(sandbox):
    if sys.prefix == sys.base_prefix:
        pytest.skip("NOT TESTED: Gradescope's container; the tests' Python is no virtual environment")


@pytest.mark.usefixtures("in_a_virtual_environment")
def test_the_autograder_grades_in_a_bare_container(tmp_path):
    """With --unsafe: a container inside this machine's may make no sandbox of its own, as in Gradescope's."""
    said = graded(unpacked(tmp_path, unsafe=True))
    assert said["score"] == 2
    marks = {test["number"]: test["score"] for test in said["tests"]}
    assert marks == {"1.1": 2, "1.2": 0, "1.3": 0, "1.4": 0, "1.5": 0, "1.6": 0}
    assert {test["max_score"] for test in said["tests"]} == {2, 3}
    assert "not attempted" in said["tests"][1]["output"].lower()
    assert {test["visibility"] for test in said["tests"]} == {"visible"}


@pytest.mark.usefixtures("in_a_virtual_environment")
def test_where_no_sandbox_can_be_had_nothing_is_graded_and_the_student_is_told(tmp_path):
    said = graded(unpacked(tmp_path))
    assert said["output"].startswith("Not graded: Submissions cannot be graded safely here")
    assert "Tell your instructor" in said["output"]
    assert "score" not in said
