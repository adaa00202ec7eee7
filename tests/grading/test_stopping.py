"""A run that is stopped ends at once, says what is kept, and leaves no process behind, however that came."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from school import ROOT, course_space, notebook, zipped

from w2s_course.grading.collect import collect
from w2s_course.grading.records import read_records
from w2s_course.grading.sandbox import HOST
from w2s_course.grading.workspace import find_unit

pytestmark = pytest.mark.usefixtures("sandbox")
UNIT = find_unit("1")
SLOW = notebook("# exercise 1.1\nimport time\ntime.sleep(600)\nschedule = []")
COMMAND = [sys.executable, "-c", "from w2s_course.cli import main; main()", "grade", "run", "1", "--jobs"]
SECONDS = 60


@pytest.fixture
def space(tmp_path: Path):
    """A class of which the first two are graded soon, and the others sleep."""
    space = course_space(tmp_path)
    files = {f"s{n}.ipynb": SLOW if n > 2 else "{" for n in range(1, 8)}
    (tmp_path / "d.zip").write_bytes(zipped(files))
    collect(space, tmp_path / "d.zip", UNIT, tmp_path / "roster.csv")
    return space


@pytest.fixture
def run(space, request):
    """The command at work, with so many jobs, and all its processes once submissions are run."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [*COMMAND, *request.param.split()],
        cwd=space.root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=_hear_ctrl_c,
    ) as parent:
        family = _at_work(parent, int(request.param[0]))
        try:
            yield parent, family
        finally:
            for process in family:
                if process.is_running():
                    process.kill()


def _hear_ctrl_c() -> None:
    """What a shell starts in the background is deaf to it, and so would be all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _at_work(parent: subprocess.Popen[str], hosts: int) -> list[psutil.Process]:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        family = psutil.Process(parent.pid).children(recursive=True)
        if sum(map(_is_host, family)) >= hosts:
            time.sleep(1)
            return [psutil.Process(parent.pid), *psutil.Process(parent.pid).children(recursive=True)]
        time.sleep(0.1)
    raise AssertionError("no submission was run")


def _is_host(process: psutil.Process) -> bool:
    try:
        return process.name() != "bwrap" and str(HOST) in process.cmdline()
    except psutil.Error:
        return False


def _name(process: psutil.Process) -> str:
    try:
        return str(process.name())
    except psutil.Error:
        return ""


def _left(family: list[psutil.Process]) -> list[str]:
    """The processes that are still there after some seconds; dead ones that nobody has waited for are not."""
    _, alive = psutil.wait_procs(family, timeout=10)
    return [_name(each) for each in alive if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize(
    ("run", "send"), [("1", os.killpg), ("2", os.kill), ("2", os.killpg)], indirect=["run"]
)
def test_ctrl_c_stops_at_once_and_keeps_what_is_graded(run, space, send):
    parent, family = run
    began = time.monotonic()
    send(parent.pid, signal.SIGINT)
    said = parent.communicate(timeout=SECONDS)[0]
    assert (parent.returncode, time.monotonic() - began < 30) == (130, True)
    assert "Stopped: 2 of 7 submissions graded and kept. The same command goes on from there." in said
    assert "Traceback" not in said
    assert _left(family) == []
    assert list(read_records(space.records(UNIT.slug))) == ["s1", "s2"]


@pytest.mark.parametrize("run", ["2", "2 --unsafe"], indirect=True)
def test_a_killed_run_leaves_no_process_behind(run):
    parent, family = run
    parent.kill()
    parent.wait()
    assert _left(family) == []
