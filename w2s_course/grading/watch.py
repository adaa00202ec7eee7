"""What the kernel's limits don't catch: processes of root, and the memory of all processes together.

Looked at from outside, some fifty times a second. A fork bomb can therefore be larger than its limit for a
moment; then all of it is killed at once, since killing the first process of a namespace kills every other.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from w2s_course.errors import CourseError
from w2s_course.grading.limits import MB, Limits

LEAST_FREE = 256 * MB
"""What must stay free of the machine's memory: the last resort against memory that no process maps."""

BLAMED = 0.5
"""Share of its limit from which a sandbox is to blame where the machine is short of memory."""


AFTER_A_KILL = 2.0
"""Seconds within which the memory of a killed sandbox is the machine's again."""


class Shortage(CourseError):
    """The machine is short of memory, and the sandbox that was looked at shows little of its own."""


class Watch:
    """The processes of one sandbox. pid: of the first one in its namespace, as the host counts.

    own: False where there is no namespace (unsafe grading): then the children of `pid` are looked at.
    """

    def __init__(self, pid: int, limits: Limits, *, own: bool) -> None:
        self.pid, self.limits, self.own = pid, limits, own

    def breach(self) -> str:
        """Which limit is broken now: 'too many processes', 'out of memory' or ''.

        Raises: Shortage where the machine is short of memory and this sandbox has little of it: a mark must
            not depend on what else runs here.
        """
        pids = self._pids()
        if len(pids) > self.limits.processes:
            return "too many processes"
        limit = self.limits.memory_mb * MB
        if (free := _free()) < LEAST_FREE:
            if self._used(pids) > BLAMED * limit:
                return "out of memory"
            raise Shortage(
                f"This machine is short of memory: {free // MB} MB are free, and grading stops below "
                f"{LEAST_FREE // MB} MB. What is graded is kept. Close programs, or use fewer --jobs, and "
                "run the same again."
            )
        if sum(map(self._resident, pids)) > limit and sum(map(self._proportional, pids)) > limit:
            return "out of memory"
        return ""

    @property
    def _proc(self) -> str:
        # The sandbox's own /proc, which shows its processes and no other.
        return "/".join(("/proc", str(self.pid), "root", "proc")) if self.own else "/proc"

    def _pids(self) -> list[str]:
        if not self.own:
            return _family(self.pid)
        with suppress(OSError):
            return [name for name in os.listdir(self._proc) if name.isdigit()]  # noqa: PTH208 - 50 times a second
        return []

    def _resident(self, pid: str) -> int:
        """Bytes of memory that belongs to no file; shared by forks it is counted for each."""
        return _sum_of(f"{self._proc}/{pid}/status", ("RssAnon:", "RssShmem:"))

    def _proportional(self, pid: str) -> int:
        """The same, shared memory divided among those that share it. Slower: asked only in doubt."""
        return _sum_of(f"{self._proc}/{pid}/smaps_rollup", ("Pss_Anon:", "Pss_Shmem:"))

    def _used(self, pids: Sequence[str]) -> int:
        """Bytes that they have together, nothing twice; less than the truth where files are mapped in part,
        or memory is held that neither a process nor a file shows. Slow: asked only in need.
        """
        files, mapped = self._files(pids), self._mapped(pids)
        unmapped = sum(size for inode, size in files.items() if inode not in mapped)
        return max(sum(map(self._proportional, pids)) + unmapped, sum(files.values()))

    def _files(self, pids: Iterable[str]) -> dict[int, int]:
        """Inode -> bytes of the open files in memory."""
        sizes = {}
        for pid in pids:
            with suppress(OSError):
                for entry in Path(self._proc, pid, "fd").iterdir():
                    with suppress(OSError):  # closed meanwhile
                        if str(entry.readlink()).startswith("/memfd:"):
                            file = entry.stat()
                            sizes[file.st_ino] = file.st_blocks * 512
        return sizes

    def _mapped(self, pids: Iterable[str]) -> set[int]:
        """The inodes of the files in memory that a process maps, whose share of it is known already."""
        found = set()
        for pid in pids:
            with suppress(OSError), Path(self._proc, pid, "maps").open(errors="replace") as file:
                found |= {int(line.split()[4]) for line in file if "/memfd:" in line}
        return found


def _family(pid: int) -> list[str]:
    import psutil

    try:
        return [str(pid), *(str(child.pid) for child in psutil.Process(pid).children(recursive=True))]
    except psutil.Error:
        return []


def _sum_of(path: str, keys: tuple[str, ...]) -> int:
    """The sum of some lines of a file of /proc, in bytes; 0 if the process is gone."""
    try:
        with open(path, encoding="ascii", errors="replace") as file:  # noqa: PTH123 - 50 times a second
            return sum(int(line.split()[1]) * 1024 for line in file if line.startswith(keys))
    except (OSError, ValueError, IndexError):
        return 0


def _free() -> int:
    """What is left of the machine's memory, in bytes; much, where nobody knows."""
    return _sum_of("/proc/meminfo", ("MemAvailable:",)) or 1 << 60


def memory_is_back() -> bool:
    """Whether enough of the machine's memory is free again, soon after a sandbox was killed."""
    deadline = time.monotonic() + AFTER_A_KILL
    while (short := _free() < LEAST_FREE) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not short
