"""What the kernel's limits don't catch: processes of root, and the memory of all processes together.

Looked at from outside, some fifty times a second. A fork bomb can therefore be larger than its limit for a
moment; then all of it is killed at once, since killing the first process of a namespace kills every other.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from w2s_course.errors import CourseError
from w2s_course.grading.limits import MB, Limits

LEAST_FREE = 256 * MB
"""What must stay free of the machine's memory: the last resort against memory that no process maps."""

BLAMED = 0.5
"""Share of its limit from which a sandbox is to blame where the machine is short of memory."""


class Watch:
    """The processes of one sandbox. pid: of the first one in its namespace, as the host counts.

    own: False where there is no namespace (unsafe grading): then the children of `pid` are looked at.
    """

    def __init__(self, pid: int, limits: Limits, *, own: bool) -> None:
        self.pid, self.limits, self.own = pid, limits, own

    def breach(self) -> str:
        """Which limit is broken now: 'too many processes', 'out of memory' or ''.

        Raises: CourseError where the machine is short of memory and this sandbox has little of it: a mark
            must not depend on what else runs here.
        """
        pids = self._pids()
        if len(pids) > self.limits.processes:
            return "too many processes"
        limit = self.limits.memory_mb * MB
        if (free := _free()) < LEAST_FREE:
            if sum(map(self._resident, pids)) + self._unmapped(pids) > BLAMED * limit:
                return "out of memory"
            raise CourseError(
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

    def _unmapped(self, pids: Iterable[str]) -> int:
        """Bytes of open files in memory, which no process need map. Slow: asked only in need."""
        sizes = {}
        for pid in pids:
            with suppress(OSError):
                for entry in Path(self._proc, pid, "fd").iterdir():
                    with suppress(OSError):  # closed meanwhile
                        if str(entry.readlink()).startswith("/memfd:"):
                            file = entry.stat()
                            sizes[file.st_dev, file.st_ino] = file.st_blocks * 512
        return sum(sizes.values())


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
