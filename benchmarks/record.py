"""What benchmarks leave behind: one JSON file of results, and the finished parts of an interrupted run."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from w2s_course.disk import write_atomically
from w2s_course.errors import CourseError, UsageError

VARIABLE = "BENCH_JSON"
LIBRARIES = ("torch", "transformers", "peft", "accelerate", "trl")


def results_file() -> Path | None:
    """The file that BENCH_JSON names; None without. Raises: UsageError where its folder does not exist."""
    named = os.environ.get(VARIABLE)
    if not named:
        return None
    path = Path(named).absolute()
    if not path.parent.is_dir():
        raise UsageError(f"{VARIABLE} is {named}, but there is no folder {path.parent}: make it first.")
    return path


def read_results(path: Path) -> dict[str, Any]:
    """What the file holds; nothing if it is not there. Raises: CourseError for something else than JSON."""
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as err:
        raise CourseError(f"{path} is no JSON file ({err}). Move it away or name another one.") from err
    if not isinstance(found, dict):
        raise CourseError(f"{path} holds no results of a benchmark. Move it away or name another one.")
    return found


def add_results(path: Path, new: Mapping[str, Any]) -> None:
    """Put `new` beside what the file holds already; a crash leaves the old file or the new."""
    write_atomically(path, json.dumps({**read_results(path), **new}, indent=1) + "\n")


def machine(threads: int) -> dict[str, Any]:
    """The processor, threads and versions, for the reader."""
    return {
        "cpu": _processor(),
        "cores": os.cpu_count(),
        "threads": threads,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in LIBRARIES},
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    """The processor's name as Linux gives it, else as Python does."""
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def one_thread() -> dict[str, float]:
    """What one thread can do at most, measured now: the rates that floors are computed with.

    operations_per_second: of a matrix product in the precision that is fast here; bytes_per_second: read and
    written by a copy of 256 MiB, more than any cache holds.
    """
    import torch

    from w2s_course.models.device import fast_precision
    from w2s_course.processes import with_threads
    from w2s_course.speed import measured_rate

    with with_threads(1):
        rate = measured_rate(fast_precision())
        source = torch.ones(2**26)
        target = torch.empty_like(source)
        best = float("inf")
        for _ in range(5):
            start = time.perf_counter()
            target.copy_(source)
            best = min(best, time.perf_counter() - start)
    return {"operations_per_second": rate, "bytes_per_second": 2 * source.nbytes / best}


class Kept:
    """Finished parts of a benchmark as JSON lines, so that an interrupted run goes on where it was.

    A part is found again only under the very same key: the way, all settings, the versions.
    """

    def __init__(self, path: Path | None) -> None:
        """Raises: UsageError where the folder does not exist; CourseError for a line that is no JSON."""
        self.path, self.rows, self.torn = path, [], False
        if path is None:
            return
        if not path.absolute().parent.is_dir():
            raise UsageError(f"--keep is {path}, but its folder does not exist: make it first.")
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        lines = text.splitlines()
        self.torn = bool(text) and not text.endswith("\n")
        for number, line in enumerate(lines[:-1] if self.torn else lines, start=1):
            try:
                self.rows.append(json.loads(line))
            except ValueError as err:
                raise CourseError(f"Line {number} of {path} is no JSON ({err}). Remove the file.") from err

    def find(self, key: Mapping[str, Any]) -> dict[str, Any] | None:
        """The part of that key, or None."""
        plain = json.loads(json.dumps(key))
        return next((row["row"] for row in self.rows if row["key"] == plain), None)

    def add(self, key: Mapping[str, Any], row: Mapping[str, Any]) -> None:
        """Write a part down at once. A last line that was cut off is dropped."""
        kept = json.loads(json.dumps({"key": key, "row": row}))
        self.rows.append(kept)
        if self.path is None:
            return
        if self.torn:
            whole = self.path.read_text(encoding="utf-8").rpartition("\n")
            write_atomically(self.path, whole[0] + whole[1])
            self.torn = False
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(kept) + "\n")
