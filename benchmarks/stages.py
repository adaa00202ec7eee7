"""Where the seconds of one or more runs went: a bar a run, a piece a stage, and the same as text.

python -m benchmarks.stages                                        runs/cpu-seed0
python -m benchmarks.stages before/results.json after/results.json --figure stages.svg
BENCH_JSON=bench.json python -m benchmarks.stages                  leaves the seconds there
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from benchmarks.record import add_results, results_file
from w2s_course.errors import CourseError, UsageError
from w2s_course.findings import arm_name
from w2s_course.plots.drawing import ARM_COLOURS, MIDDLE, ON_COLOUR, PAPER, SMALL, Plot, frame
from w2s_course.wording import duration

USUAL = Path("runs/cpu-seed0/results.json")
LEAST = 0.1  # of the width: a narrower piece has no room for its name
Seconds = dict[str, dict[str, float]]
"""arm -> part of its stage ('training', 'answers') -> seconds."""


def seconds_by_stage(results: Mapping[str, Any]) -> Seconds:
    """The seconds of a run's stages, in the order in which they ran.

    >>> seconds_by_stage({"cost": {"stages": {"weak training": {"seconds": 2.0}, "lower": {"seconds": 1.0}}}})
    {'weak': {'training': 2.0}, 'lower': {'all of it': 1.0}}
    """
    found: Seconds = {}
    for name, stage in results["cost"]["stages"].items():
        arm, _, part = name.partition(" ")
        found.setdefault(arm, {})[part or "all of it"] = stage["seconds"]
    return found


def stage_bars(runs: Mapping[str, Mapping[str, Any]], ax: Axes) -> Plot:
    """One stacked bar a run, so that before and after stand below each other.

    Args: runs: a name -> the content of its `results.json`.
    """
    spent = {name: seconds_by_stage(results) for name, results in runs.items()}
    widest = max((_total(stages) for stages in spent.values()), default=0.0)
    for y, (name, stages) in enumerate(spent.items()):
        start = 0.0
        for arm, parts in stages.items():
            seconds = sum(parts.values())
            colour = ARM_COLOURS.get(arm, MIDDLE)
            ax.barh(y, seconds, left=start, height=0.5, color=colour, edgecolor=PAPER, linewidth=0.8)
            if seconds > LEAST * widest:
                look = {"ha": "center", "va": "center", "fontsize": SMALL, "color": _readable_on(colour)}
                ax.text(start + seconds / 2, y, _two_lines(arm_name(arm)), **look)
            start += seconds
        ax.text(0, y - 0.32, f"{name}, {duration(start)}", ha="left", va="bottom", fontsize=SMALL)
    ax.set_xlim(0, (widest or 1) * 1.02)
    ax.set_ylim(len(spent) - 0.5, -0.75)
    ax.set_xlabel("seconds of computing, one stage after the other")
    frame(ax, "Where the time went")
    return Plot(ax, text_of(runs), "Stages without a name are too short for one; the text has them all.")


def text_of(runs: Mapping[str, Mapping[str, Any]]) -> str:
    """The same in words: each run's seconds, its stages, and their parts."""
    lines = []
    for name, results in runs.items():
        stages = seconds_by_stage(results)
        total = _total(stages)
        lines.append(f"{name}: {total:.0f} s in all.")
        for arm, parts in stages.items():
            seconds = sum(parts.values())
            told = ", ".join(f"{part} {each:.1f}" for part, each in parts.items())
            share = seconds / total if total else 0.0
            lines.append(f"  {arm_name(arm)}: {seconds:.1f} s, {share:.0%} ({told}).")
    return "\n".join(lines)


def _total(stages: Seconds) -> float:
    return sum(seconds for parts in stages.values() for seconds in parts.values())


def _readable_on(colour: str) -> str:
    """Dark or white text, whichever stands out more; luminance as WCAG defines it."""
    light = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour))
    luminance = sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), light, strict=True))
    return ON_COLOUR if luminance > 0.18 else PAPER


def _two_lines(name: str) -> str:
    """A name broken at the blank nearest to its middle."""
    blanks = [i for i, sign in enumerate(name) if sign == " "]
    if not blanks:
        return name
    at = min(blanks, key=lambda i: abs(i - len(name) / 2))
    return f"{name[:at]}\n{name[at + 1 :]}"


def read_run(path: Path) -> dict[str, Any]:
    """A run's results. Raises: UsageError where there is no such file, or it holds none."""
    if not path.is_file():
        raise UsageError(f"There is no {path}. `make run` makes {USUAL}; or name the results.json of a run.")
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        seconds_by_stage(found)
    except (ValueError, KeyError, TypeError, AttributeError) as err:
        raise UsageError(f"{path} holds no results of a run ({err!r}). Name a run's results.json.") from err
    return found


def record_of(results: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a run: how it was made, with how many threads a stage, and its seconds."""
    made = {"command": results["command"], "threads": results["environment"].get("threads")}
    return {**made, "seconds": seconds_by_stage(results)}


def name_of(path: Path) -> str:
    """What a run is called: its folder, or its file where that says more."""
    return path.absolute().parent.name if path.name == "results.json" else path.stem


def save_figure(runs: Mapping[str, Mapping[str, Any]], path: Path) -> None:
    """Write the bars to a file whose ending says the format."""
    from matplotlib.figure import Figure

    from w2s_course.plots import style

    with style():
        figure = Figure((8.0, 1.3 + 0.9 * len(runs)), layout="constrained")
        stage_bars(runs, figure.subplots())
        try:
            figure.savefig(path)
        except (OSError, ValueError) as err:
            raise UsageError(f"The figure cannot be written to {path}: {err}.") from err


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("results", nargs="*", type=Path, default=[USUAL], help="results.json of runs")
    parser.add_argument("--figure", type=Path, help="where to draw the bars (.svg, .png)")
    given = parser.parse_args()
    try:
        runs: dict[str, Any] = {}
        for path in given.results:
            name = name_of(path)
            runs[str(path) if name in runs else name] = read_run(path)
        print(text_of(runs))
        if file := results_file():
            add_results(file, {"stages": {name: record_of(results) for name, results in runs.items()}})
        if given.figure:
            save_figure(runs, given.figure)
    except CourseError as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(error.exit_status)


if __name__ == "__main__":
    main()
