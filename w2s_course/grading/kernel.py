"""The limits that the kernel keeps for a sandbox, set from inside before any cell runs.

Runs inside the sandbox. Imports nothing but the standard library.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

MORE_PROCESSES = 16
"""What the kernel grants beyond the limit, so that the grader sees it broken and knows what to blame."""

SLACK = 0.05
"""Share of the memory that an own cell may take in any case, so that small ones run behind large answers."""


def set_limits(limits: Mapping[str, Any]) -> None:
    """Limits that the kernel keeps from here on, for this process and all that it starts.

    The priority is lowered, so that whoever watches from outside is quicker.

    The address space is not limited but the data in it: libraries map far more than they use. The number of
    processes is counted per user and user namespace, and not at all for root; the grader counts them too.
    """
    import resource

    wanted = {
        "RLIMIT_DATA": limits["memory_mb"] * 1_000_000,
        "RLIMIT_AS": limits["memory_mb"] * 1_000_000 + 16_000_000_000,
        "RLIMIT_CPU": int(limits["total_seconds"]) + 1,
        "RLIMIT_FSIZE": limits["file_mb"] * 1_000_000,
        "RLIMIT_NOFILE": limits["open_files"],
        "RLIMIT_CORE": 0,
        "RLIMIT_NPROC": limits["processes"] + MORE_PROCESSES if limits["own_users"] else None,
    }
    for name, value in wanted.items():
        if value is not None and hasattr(resource, name):
            with suppress(ValueError, OSError):  # macOS refuses some; a lower limit may be set already
                resource.setrlimit(getattr(resource, name), (value, value))
    os.nice(2)


def half_of_memory() -> int:
    """Bytes of data at which half of what is free now will be taken; 0 where there is no limit to know."""
    import resource

    now, most = data_in_use(), resource.getrlimit(resource.RLIMIT_DATA)[1]
    return (now + most) // 2 if now and most != resource.RLIM_INFINITY else 0


@contextmanager
def at_most(half: int) -> Iterator[None]:
    """Leave half of the memory to the answers during an own cell."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    if half:
        wanted = max(half, data_in_use() + int(SLACK * most))
        resource.setrlimit(resource.RLIMIT_DATA, (min(wanted, most), most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def data_in_use() -> int:
    """Bytes of data as the kernel counts them for the limit; 0 where nobody knows."""
    with suppress(OSError), open("/proc/self/status", "rb") as file:  # noqa: PTH123 - a cell may change pathlib
        return sum(int(line.split()[1]) * 1024 for line in file if line.startswith(b"VmData:"))
    return 0


def processes(listdir: Any = os.listdir) -> int:  # a cell may change it
    """How many /proc shows: those of the sandbox, or without one of the machine; 0 where nobody knows."""
    with suppress(OSError):
        return sum(name.isdigit() for name in listdir("/proc"))
    return 0
