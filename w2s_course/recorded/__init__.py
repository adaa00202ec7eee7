"""Runs that were made once and are shipped, so that the course reads well before anything has run.

A run is its `results.json` as it was written, with its configuration, seed, versions, hardware and the
command that makes it again; a sweep is its table, with the same for every row. None is edited.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

from w2s_course.errors import unknown_name

if TYPE_CHECKING:
    from w2s_course.sweep.table import SweepTable

SWEEP, REAL_CODE = "sweep-", "real-code.json"


def recorded_runs(preset: str = "cpu") -> list[dict[str, Any]]:
    """The shipped runs of a preset, by seed.

    Raises: UsageError for a preset of which none is shipped.
    """
    import json

    found = (f.name for f in files(__name__).iterdir())
    names = sorted(name for name in found if name.endswith(".json") and "-seed" in name)
    runs = [json.loads((files(__name__) / n).read_text("utf-8")) for n in names if n.startswith(f"{preset}-")]
    if not runs:
        raise unknown_name("preset with recorded runs", preset, {name.split("-")[0] for name in names})
    return sorted(runs, key=lambda run: int(run["config"]["seed"]))


def recorded_sweeps() -> list[SweepTable]:
    """The shipped tables of sweeps, by name; empty where none was recorded yet."""
    from w2s_course.sweep.table import read_table

    found = sorted((f for f in files(__name__).iterdir() if f.name.startswith(SWEEP)), key=lambda f: f.name)
    return [read_table(f.read_text("utf-8"), f.name) for f in found if f.name.endswith(".json")]


def recorded_real_code() -> dict[str, Any] | None:
    """The shipped table of `w2s real-code`; None where none was recorded yet."""
    import json

    file = files(__name__) / REAL_CODE
    if not file.is_file():
        return None
    table: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return table
