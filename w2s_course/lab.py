"""Opening the course in JupyterLab."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from w2s_course.errors import CourseError, UsageError


def lab_command(notebook: Path, *, browser: bool = True) -> list[str]:
    """The command that opens `notebook` in JupyterLab, with this Python.

    The current folder is what its file browser shows, so that exercises and docs are in reach of the lessons;
    for a notebook elsewhere it is the notebook's own folder.

    Raises: UsageError if there is no such notebook, CourseError if JupyterLab is not installed.
    """
    if not notebook.is_file():
        raise UsageError(
            f"There is no notebook {notebook} here. Run this in the course's folder, or name another."
        )
    if importlib.util.find_spec("jupyterlab") is None:
        raise CourseError('JupyterLab is not installed. Run `make setup`, or `pip install -e ".[lab]"`.')
    path, root = notebook.resolve(), Path.cwd().resolve()
    if not path.is_relative_to(root):
        root = path.parent
    # Given the notebook itself, Jupyter would take its folder for the root, and print an address without it.
    opened = f"/lab/tree/{quote(path.relative_to(root).as_posix())}"
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url={opened}",
    ]
    command += [] if browser else ["--no-browser"]
    # In a container people are root without having asked for it, and Jupyter would refuse to start.
    return [*command, "--allow-root"] if getattr(os, "geteuid", lambda: 1)() == 0 else command


def open_lab(notebook: Path, *, browser: bool = True) -> None:
    """Open JupyterLab and wait until it is closed. Raises as `lab_command` does, and if Jupyter fails."""
    try:
        status = subprocess.run(lab_command(notebook, browser=browser), check=False).returncode
    except KeyboardInterrupt:
        return
    if status:
        raise CourseError(f"JupyterLab ended with status {status}; its own message stands above.")
