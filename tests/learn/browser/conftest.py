"""JupyterLab in a temporary folder, and a headless Chromium that has a notebook of ours open in it."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

WAIT_MS = 90_000
"""For one thing to appear: nothing waits so long, unless the machine is busy with something else."""

SCREEN: Any = {"width": 1280, "height": 900}
"""Of a laptop, in CSS pixels."""


@pytest.fixture(scope="module")
def lab_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the notebook."""
    folder = tmp_path_factory.mktemp("lab") / "course"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def lab(request: pytest.FixtureRequest, lab_folder: Path) -> Iterator[str]:
    """The address of a notebook of the module's `CELLS` in a JupyterLab with settings of its own."""
    home, folder = lab_folder.parent, lab_folder
    _write_notebook(folder / "cells.ipynb", request.module.CELLS)
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
    """A notebook of some cells in a browser. cells: name -> source, in their order."""

    def __init__(self, page: Any, cells: Mapping[str, str]) -> None:
        self.page, self.names = page, list(cells)

    def run_all(self) -> None:
        """Run the notebook from the top; it stops at the first cell that fails."""
        self.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")

    def run(self, name: str) -> Any:
        """Run one cell, again if it has run before, and wait for it; its output area."""
        run = """async index => {
            const notebook = window.jupyterapp.shell.currentWidget.content;
            notebook.deselectAll();
            notebook.activeCellIndex = index;
            await window.jupyterapp.commands.execute('notebook:run-cell');
        }"""
        self.page.evaluate(run, self.names.index(name))
        return self.cell(name)

    def cell(self, name: str) -> Any:
        """The output area of a cell."""
        return (
            self.page.locator(".jp-Notebook .jp-Cell").nth(self.names.index(name)).locator(".jp-OutputArea")
        )

    def tab_to(self, wanted: Any) -> None:
        """Press Tab until the keyboard is where it is wanted."""
        for _ in range(40):
            if wanted.evaluate("it => it === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"Tab never reaches {wanted}")

    def serious(self) -> list[str]:
        """The serious and critical findings of axe in the outputs of the notebook.

        In a window so high that nothing is scrolled away: axe takes that for hidden.
        """
        scrolled = self.page.locator(".jp-Notebook .jp-WindowedPanel-outer")
        high = scrolled.evaluate("it => it.scrollHeight")
        self.page.set_viewport_size({**SCREEN, "height": high + 200})
        scrolled.evaluate("it => { it.scrollTop = 0; }")
        self.page.wait_for_timeout(500)
        found = found_by_axe(self.page, ".jp-Notebook .jp-OutputArea-output")
        self.page.set_viewport_size(SCREEN)
        return found

    def theme(self, theme: str) -> None:
        """Change JupyterLab's theme: 'Light' or 'Dark'."""
        change = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
        self.page.evaluate(change, f"JupyterLab {theme}")
        self.page.wait_for_selector(f'body[data-jp-theme-name="JupyterLab {theme}"]', state="attached")


@pytest.fixture(scope="module")
def page(browser: Any) -> Iterator[Any]:
    """An empty page at the width of a laptop."""
    page = browser.new_page(viewport=SCREEN, reduced_motion="reduce")
    page.set_default_timeout(WAIT_MS)
    expect.set_options(timeout=WAIT_MS)
    yield page
    page.close()


@pytest.fixture(scope="module")
def notebook(page: Any, lab: str, request: pytest.FixtureRequest) -> OpenNotebook:
    """The notebook of the module's `CELLS`, opened, with a kernel, and nothing of it run yet."""
    page.goto(lab)
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    page.wait_for_function("window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel")
    # The body of JupyterLab has no height of its own and hides what overflows it; axe takes all in it for
    # hidden then, and looks at no contrast.
    page.add_style_tag(content="body { height: 100vh; }")
    return OpenNotebook(page, request.module.CELLS)


@pytest.fixture(scope="session")
def screens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the screenshots, for whoever wants to look: pytest --basetemp=... keeps it."""
    return tmp_path_factory.mktemp("screens")


@pytest.fixture(scope="session")
def serious() -> Callable[[Any], list[str]]:
    """Call it with a page: the serious and critical findings of axe."""
    return found_by_axe


def found_by_axe(page: Any, within: str | None = None) -> list[str]:
    """The serious and critical findings of axe in a page, or in what a selector finds of it."""
    found = Axe().run(page, context=within).response["violations"]
    return [
        f"{each['id']}: {node['html'][:200]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def _write_notebook(path: Path, sources: Mapping[str, str]) -> None:
    """A cell for each source; Markdown where the name of it says so."""
    cells = [
        (nbformat.v4.new_markdown_cell if name.startswith("text") else nbformat.v4.new_code_cell)(
            source.strip(), id=name
        )
        for name, source in sources.items()
    ]
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
