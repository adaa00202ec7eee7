"""Is this machine ready? What was found, and what to do about each problem."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from w2s_course.disk import cache_root, why_read_only
from w2s_course.errors import CourseError

NEEDED_MEMORY, NEEDED_DISK = 4 * 2**30, 3 * 2**30
LIBRARIES = ("torch", "transformers", "peft", "datasets", "tokenizers", "gguf", "matplotlib", "ipywidgets")


@dataclass(frozen=True)
class Finding:
    """One line of the table; `remedy` is empty where all is well."""

    what: str
    ok: bool
    found: str
    remedy: str = ""


def _python() -> Finding:
    ok = (3, 11) <= sys.version_info[:2] <= (3, 13)
    return Finding(
        "Python", ok, platform.python_version(), "" if ok else "Install Python 3.11, 3.12 or 3.13."
    )


def _libraries() -> Finding:
    found, missing = [], []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    remedy = (
        f"Missing: {', '.join(missing)}. Run `make setup`, or `pip install -e .` in this folder."
        if missing
        else ""
    )
    return Finding("libraries", not missing, ", ".join(found), remedy)


def _device() -> Finding:
    import torch

    from w2s_course.models.device import fast_precision

    where = torch.cuda.get_device_name(0) if torch.cuda.is_available() else "processor, no GPU needed"
    return Finding("device", True, f"{where}; fine-tunes in {fast_precision()}")


def _memory() -> Finding:
    import psutil

    memory = psutil.virtual_memory()
    ok = memory.available >= NEEDED_MEMORY
    found = f"{os.cpu_count()} cores, {memory.available / 2**30:.1f} of {memory.total / 2**30:.1f} GiB free"
    return Finding("cores, memory", ok, found, "" if ok else "Close other programs: a run wants 4 GiB.")


def _disk() -> Finding:
    root = cache_root()
    shown = str(root).replace(str(Path.home()), "~", 1)  # a table that is sent to somebody names nobody
    if (reason := why_read_only(root)) is not None:
        found = f"{shown} can only be read ({reason}), which does while it holds all that is needed"
        return Finding("cache", True, found, "For more, set W2S_CACHE to a folder that you may write to.")
    free = shutil.disk_usage(root).free
    remedy = "" if free >= NEEDED_DISK else "Free 3 GiB, or set W2S_CACHE to a folder on a larger disk."
    return Finding("cache", not remedy, f"{shown} ({free / 2**30:.0f} GiB free)", remedy)


def _model() -> Finding:
    from w2s_course.models.catalog import EMBEDDED, find
    from w2s_course.models.weights import is_present

    entry = find(EMBEDDED)
    ok = is_present(entry.name)
    found = f"{entry.name}, {entry.licence}" if ok else f"{entry.name} is not in the cache yet"
    return Finding("strong model", ok, found, "" if ok else "Run `w2s fetch` (20 s).")


def _times() -> Finding:
    from w2s_course.config import PRESETS, preset_config
    from w2s_course.speed import expected_seconds, in_words

    said = [
        f"{name}: about {in_words(len(preset.seeds) * sum(expected_seconds(preset_config(name)).values()))}"
        for name, preset in PRESETS.items()
    ]
    return Finding("time of a run here", True, "; ".join(said))


CHECKS: tuple[Callable[[], Finding], ...] = (_python, _libraries, _device, _memory, _disk, _model, _times)


def examine() -> list[Finding]:
    """Every check's finding; a check that cannot be made is a finding too."""
    findings = []
    for check in CHECKS:
        try:
            findings.append(check())
        except (CourseError, ImportError, OSError) as err:
            name = check.__name__.strip("_").replace("_", " ")
            findings.append(Finding(name, False, f"could not be checked ({type(err).__name__})", str(err)))
    return findings
