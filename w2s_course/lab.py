"""Opening the course in JupyterLab."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from w2s_course.errors import CourseError, UsageError


def lab_command(notebook: Path, *, browser: bool = True) -> list[str]:
    """The command that opens `notebook` in JupyterLab, with this Python, rooted at the current folder.

    Raises: UsageError if there is no such notebook, CourseError if JupyterLab is not installed.
    """
    if not notebook.is_file():
        raise UsageError(
            f"There is no notebook {notebook} here. Run this in the course's folder, or name another."
        )
    if importlib.util.find_spec("jupyterlab") is None:
        raise CourseError('JupyterLab is not installed. Run `make setup`, or `pip install -e ".[lab]"`.')
    command = [sys.executable, "-m", "jupyterlab", str(notebook)]
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
