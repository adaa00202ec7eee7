"""JupyterLab in a temporary folder, and a headless Chromium that has a notebook of ours open in it."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import expect

WAIT_MS = 90_000
"""For one thing to appear: nothing waits so long, unless the machine is busy with something else."""

CELLS = {
    "quiz": """
from w2s_course.learn.quiz import Option, quiz
quiz("9.bet", "What does the plan bet on? Think of `labels` and of a < b & c.", [
    Option("That the student copies its teacher, with everything that the teacher gets wrong; if it "
           "does that perfectly, then it is exactly as good as the teacher and no better: nothing is gained",
           feedback="A perfect copy would gain nothing: see `gap`.", misconception="imitation is the aim",
           see="#the-bet"),
    Option("That the student already knows the task", right=True, feedback="Labels only `elicit` it."),
    Option("That labels are cheap", feedback="True, but a cost and not a bet.", see="https://example.org/x"),
])
""",
    "several": """
from w2s_course.learn.quiz import Option, quiz
quiz("9.arms", "Which arms are trained on the pool?", [
    Option("weak to strong", right=True, feedback="On weak labels."),
    Option("ceiling", right=True, feedback="On gold labels of the same inputs."),
    Option("strong, prompted", feedback="Nothing is trained there: it sees a few examples in its prompt."),
])
""",
    "order": """
from w2s_course.learn.order import Distractor, order
order("9.steps", "Put the steps of the plan in order.",
    steps={
        "teach": "Train the weak model on its small gold set",
        "label": "Let the weak model write an explanation of every snippet of the pool",
        "tune": "Fine-tune the strong model on the pairs",
        "test": "Measure the student on the test set",
    },
    before=[("teach", "label"), ("label", "tune", "the student learns from these labels"), ("tune", "test")],
    distractors={"buy": Distractor("Buy gold labels for the pool", "nobody has them, which is the point.")})
""",
    "choice": """
from w2s_course.learn.predict import predict
bet = predict("9.run", "Who will be better?", options=["the teacher", "the student", "neither"])
""",
    "number": """
how_much = predict("9.accuracy", "How often will the student be right?", unit="%")
""",
    "run": """
bet.required()
print("the run has started")
bet.compare("the student", "It corrected `66%` of its teacher's errors.")
how_much.compare(67)
""",
    "progress": """
from w2s_course.learn.progress import progress
progress()
""",
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a notebook of `CELLS` in a JupyterLab with settings of its own."""
    home = tmp_path_factory.mktemp("lab")
    folder = home / "course"
    folder.mkdir()
    _write_notebook(folder / "cells.ipynb")
    _write_settings(home / "settings")
    port, token = _free_port(), secrets.token_hex(16)
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", "--allow-root"]
    command += [f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}"]
    command += ["--LabApp.expose_app_in_browser=True", "--ServerApp.port_retries=0"]
    own = {"JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}
    own |= {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime"}
    environment = os.environ | {name: str(home / place) for name, place in own.items()}
    environment |= {"IPYTHONDIR": str(home / "ipython"), "OMP_NUM_THREADS": "1"}
    environment.pop("W2S_HEADLESS", None)
    with (home / "lab.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=folder)
    try:
        _wait_for(port, server, home / "lab.log")
        yield f"http://127.0.0.1:{port}/lab/tree/cells.ipynb?token={token}"
    finally:
        server.terminate()
        try:
            server.wait(timeout=60)
        except subprocess.TimeoutExpired:
            server.kill()


class OpenNotebook:
    """The notebook of `CELLS` in a browser, run once up to the cell that waits for a prediction."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def run_all(self) -> None:
        """Run the notebook from the top; it stops at the first cell that fails."""
        self.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")

    def cell(self, name: str) -> Any:
        """The output area of one of `CELLS`."""
        cells = self.page.locator(".jp-Notebook .jp-CodeCell")
        return cells.nth(list(CELLS).index(name)).locator(".jp-OutputArea")

    def theme(self, theme: str) -> None:
        """Change JupyterLab's theme: 'Light' or 'Dark'."""
        change = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
        self.page.evaluate(change, f"JupyterLab {theme}")
        self.page.wait_for_selector(f'body[data-jp-theme-name="JupyterLab {theme}"]', state="attached")


@pytest.fixture(scope="module")
def notebook(browser: Any, lab: str) -> Iterator[OpenNotebook]:
    """The notebook at the width of a laptop."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page.set_default_timeout(WAIT_MS)
    expect.set_options(timeout=WAIT_MS)
    page.goto(lab)
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    page.wait_for_function("window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel")
    opened = OpenNotebook(page)
    opened.run_all()
    opened.cell("run").get_by_text("predict first").wait_for()
    yield opened
    page.close()


def _write_notebook(path: Path) -> None:
    cells = [nbformat.v4.new_code_cell(source.strip(), id=name) for name, source in CELLS.items()]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)


def _write_settings(folder: Path) -> None:
    """No question about news, and every cell in the page even where it is not seen."""
    settings = {
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
        "notebook-extension/tracker": {"windowingMode": "none"},
    }
    for name, values in settings.items():
        path = folder / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + WAIT_MS / 1000
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")
