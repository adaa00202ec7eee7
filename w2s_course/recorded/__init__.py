"""Runs that were made once and are shipped, so that the course reads well before anything has run.

Each is the `results.json` of one run as it was written, with its configuration, seed, versions, hardware
and the command that makes it again. None is edited.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from w2s_course.errors import unknown_name


def recorded_runs(preset: str = "cpu") -> list[dict[str, Any]]:
    """The shipped runs of a preset, by seed.

    Raises: UsageError for a preset of which none is shipped.
    """
    import json

    names = sorted(f.name for f in files(__name__).iterdir() if f.name.endswith(".json"))
    runs = [json.loads((files(__name__) / n).read_text("utf-8")) for n in names if n.startswith(f"{preset}-")]
    if not runs:
        raise unknown_name("preset with recorded runs", preset, {name.split("-")[0] for name in names})
    return sorted(runs, key=lambda run: int(run["config"]["seed"]))
