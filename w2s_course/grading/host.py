"""The program inside the sandbox: runs a notebook's cells, then asks the calls that it is given.

    python host.py FD    reads JSON lines on standard input, writes JSON lines to the open file FD
    python host.py FD --end-with-parent    the same without a sandbox around it, which would see to that

    in   {"cells": [{"name", "source", "exercise", "own", "bare"}], "preload": [imports], "limits": {...}}
    out  {"hello": 1}, then for each cell {"begins": n} and
         {"ended": n, "error": null or {...}, "full": whether it took half of the memory that was free,
         "processes": how many there are now}, then {"ready": 1}
    in   {"ask": [{"id", "imports", "calls": [[n, call], ...]}]}            any number of times
    out  {"asking": id}, then for each call {"answer": id, "call": n, "outcome": {...}}
         or {"lost": id, "call": n, "why"}; in the end {"asked": 1}

Each exercise is asked in a fork of the process that ran the cells, so that a crash or an endless loop costs
one call and not the rest, and no exercise sees what another one's calls left behind.

What this defends against: mistakes. It does not defend itself against a submission, which lives in the same
process from its first cell on: that is the work of the sandbox around it, and of a grader that takes nothing
but answers from here. No expected answer ever comes here.
"""

from __future__ import annotations

import builtins
import json
import linecache
import os
import select
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import nullcontext, suppress
from types import ModuleType
from typing import Any

from w2s_course.grading.cells import compiled, definitions, definitions_below, inherited, run
from w2s_course.grading.kernel import at_most, data_in_use, half_of_memory, processes, set_limits
from w2s_course.grading.standins import install
from w2s_course.learn.answers import ask

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
LONGEST_MESSAGE = 300
MOST_LOSSES = 3
"""Calls of one exercise that may end a process before the rest of them is given up."""

WAITING = 4
"""By how much a call may take longer by the clock than its limit in processor time."""

_encode = json.JSONEncoder(ensure_ascii=True).encode
_decode = json.JSONDecoder().decode


def _write(fd: int, message: Mapping[str, Any]) -> None:
    _write_bytes(fd, _encode(message).encode("ascii") + b"\n")


def _write_bytes(fd: int, data: bytes, write: Any = os.write) -> None:
    while data:
        data = data[write(fd, data) :]


def _error(error: BaseException, name: str) -> dict[str, Any]:
    """What is said of a cell that stopped: the kind, the message, and the last line of the cell reached."""
    line = error.lineno if isinstance(error, SyntaxError) else None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == name:
            line = trace.tb_lineno
        trace = trace.tb_next
    return {"kind": type(error).__name__, "message": _text_of(error), "line": line}


def _text_of(error: BaseException) -> str:
    try:
        return str(error.msg if isinstance(error, SyntaxError) else error)[:LONGEST_MESSAGE]
    except BaseException:
        return ""


def run_cell(cell: Mapping[str, Any], number: int, namespace: dict[str, Any]) -> dict[str, Any] | None:
    """Run one cell; what stopped it, or None.

    Below the line at which it stopped its definitions are run: a file, a package or a person that is missing
    here (`input()`) costs no function.
    """
    name, source = f"<{cell['name']}, cell {number + 1}>", cell["source"]
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    flags = inherited(namespace)
    try:
        code = (definitions if cell.get("bare") else compiled)(source, name, flags)
    except BaseException as error:  # a hostile text may raise anything
        return _error(error, name)
    try:
        run(code, namespace)
    except BaseException as error:  # SystemExit too: nothing that a cell raises stops the others
        said = _error(error, name)
        with suppress(BaseException):
            for each in definitions_below(source, name, said["line"], flags):
                with suppress(BaseException):
                    exec(each, namespace)
        return said
    return None


def run_cells(cells: list[dict[str, Any]], namespace: dict[str, Any], out: int) -> dict[str, dict[str, Any]]:
    """Run all cells, then once more those that missed a name that a later cell defines.

    Returns: exercise -> the names behind its cell, those of functions with the function, others with None.
    """
    left, here, first_half = list(range(len(cells))), os.getpid(), half_of_memory()
    behind: dict[str, dict[str, Any]] = {}
    for _ in range(2):
        again = []
        for number in left:
            _write(out, {"begins": number})
            half = half_of_memory()
            with at_most(first_half) if cells[number].get("own") else nullcontext():
                error = run_cell(cells[number], number, namespace)
            if os.getpid() != here:  # a process that the cell forked must not go on in our place
                _exit(0)
            if exercise := cells[number].get("exercise"):
                behind[exercise] = {n: v if callable(v) else None for n, v in namespace.items()}
            # An own cell could not take more; an answer that stopped may hold what the others need. What was
            # held before it is not its fault.
            full = error is not None and 0 < half < data_in_use()
            _write(out, {"ended": number, "error": error, "full": full, "processes": processes()})
            if error is not None and error["kind"] == "NameError":
                again.append(number)
        left = again if len(again) < len(cells) else []
    return behind


def functions_again(namespace: dict[str, Any], behind: Mapping[str, Any]) -> None:
    """Give back what was a function for the check below the answer and is none since: `mean = mean(scores)`,
    `sum = 0`. behind: the names behind the answer's cell, as `run_cells` returns them."""
    for name, was in {**vars(builtins), **behind}.items():
        if callable(was) and (name in behind or name in namespace) and not callable(namespace.get(name)):
            namespace[name] = was


def _outcome(call: str, names: Mapping[str, Any]) -> dict[str, Any]:
    """The outcome of one call as plain data. `ask` lets SystemExit and its kind through."""
    try:
        return ask(call, names).as_dict()
    except BaseException as error:
        return {"raised": type(error).__name__, "message": _text_of(error)}


def _answer_all(item: Mapping[str, Any], calls: list[list[Any]], namespace: Any, out: int, most: int) -> None:
    """In the fork: ask every call and write a line for each."""
    functions_again(namespace, item["behind"])
    names = dict(namespace)
    exec(item["imports"], names)
    for number, call in calls:
        message: dict[str, Any] = {"answer": item["id"], "call": number, "outcome": _outcome(call, names)}
        try:
            line = _encode(message).encode("ascii") + b"\n"
        except BaseException:  # a number of absurd length, an object that only looks like plain data
            message["outcome"] = {"raised": "NoPlainAnswer", "message": "the answer is no plain data"}
            line = _encode(message).encode("ascii") + b"\n"
        if len(line) > most:
            line = _encode({"lost": item["id"], "call": number, "why": "output too large"}).encode() + b"\n"
        _write_bytes(out, line)


class _Fork:
    """One process that answers calls, and the end of the pipe on which its lines come."""

    def __init__(self, item: Mapping[str, Any], calls: list[list[Any]], namespace: Any, most: int) -> None:
        self.read, write = os.pipe()
        self.buffer, self.most = b"", most
        self.pid = _fork()
        if self.pid == 0:
            with suppress(BaseException):
                _setsid()
                _answer_all(item, calls, namespace, write, most)
            _exit(0)
        os.close(write)

    def line(self, seconds: float) -> tuple[bytes, str]:
        """The next line, or why there is none.

        seconds: of processor time, so that a busy machine fails nobody; by the clock WAITING times as much.
        """
        used, deadline = self._used(), _clock() + WAITING * seconds
        while b"\n" not in self.buffer:
            if len(self.buffer) > self.most + 200:
                return b"", "output too large"
            if not _select([self.read], [], [], min(0.2, seconds))[0]:
                if self._used() - used > seconds or _clock() > deadline:
                    return b"", "timed out"
                continue
            data = _read(self.read, 65536)
            if not data:
                return b"", "crashed"
            self.buffer += data
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line, ""

    def _used(self) -> float:
        """Seconds of processor time so far; 0 where nobody knows, and then the clock decides."""
        try:
            with open(f"/proc/{self.pid}/stat", "rb") as file:  # noqa: PTH123 - several times a second
                ticks = file.read().rpartition(b")")[2].split()[11:13]
            return sum(map(int, ticks)) / _TICKS
        except (OSError, ValueError):
            return 0.0

    def end(self) -> str:
        """Kill it and all of its group; how it ended."""
        for kill in (_killpg, _kill):
            with suppress(OSError):
                kill(self.pid, signal.SIGKILL)
        os.close(self.read)
        status = _waitpid(self.pid, 0)[1]
        return f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"status {status >> 8}"


_fork, _exit, _setsid, _read, _select = os.fork, os._exit, os.setsid, os.read, select.select
_kill, _killpg, _waitpid = os.kill, os.killpg, os.waitpid
_clock, _TICKS = time.monotonic, os.sysconf("SC_CLK_TCK")


def ask_exercise(item: Mapping[str, Any], namespace: Any, out: int, limits: Mapping[str, Any]) -> None:
    """Ask all calls of one exercise; after a loss go on with the next call in a fresh fork."""
    _write(out, {"asking": item["id"]})
    calls, losses = item["calls"], 0
    while calls and losses < MOST_LOSSES:
        fork, why = _Fork(item, calls, namespace, limits["answer_bytes"]), ""
        while calls and not why:
            line, why = fork.line(limits["call_seconds"])
            if not why:
                _write_bytes(out, line + b"\n")
                calls = calls[1:]
        ended = fork.end()
        if why:
            losses += 1
            _write(out, {"lost": item["id"], "call": calls[0][0], "why": why, "detail": ended})
            calls = calls[1:]
    for number, _ in calls:
        _write(out, {"lost": item["id"], "call": number, "why": "not asked"})


def _lines(fd: int) -> Any:
    """JSON lines, read when asked for: later ones must not be in memory before."""
    buffer = b""
    while True:
        line, newline, rest = buffer.partition(b"\n")
        if newline:
            buffer = rest
            yield _decode(line.decode("utf-8"))
        else:
            data = _read(fd, 65536)
            if not data:
                return
            buffer += data


def end_with_parent() -> None:
    """From now on the kernel ends this process when its parent has ended; on Linux only."""
    import ctypes

    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def main(fd: int) -> None:
    """The conversation; returns when the other side closes it."""
    import fcntl

    inside, out = (fcntl.fcntl(each, fcntl.F_DUPFD_CLOEXEC, 100) for each in (0, fd))
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)  # `input()` in a cell finds the end of a file, not our messages
    os.close(fd)
    lines = _lines(inside)
    first = next(lines)
    limits = first["limits"]
    set_limits(limits)
    notebook = ModuleType("__main__")
    sys.modules["__main__"] = notebook
    notebook.__dict__.update(install(), __builtins__=__builtins__)
    _write(out, {"hello": 1})
    for imports in first["preload"]:
        with suppress(BaseException):  # said again where the exercise is asked
            exec(imports, {})
    behind = run_cells(first["cells"], notebook.__dict__, out)
    _write(out, {"ready": 1})
    for message in lines:
        for item in message["ask"]:
            ask_exercise({**item, "behind": behind.get(item["id"], {})}, notebook.__dict__, out, limits)
        _write(out, {"asked": 1})


if __name__ == "__main__":
    if sys.argv[2:]:
        end_with_parent()
    main(int(sys.argv[1]))
