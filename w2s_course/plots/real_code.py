"""Real code: how often each arm chooses the true sentence among four, and what a name gives away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from matplotlib.axes import Axes

from w2s_course.metrics import Estimate
from w2s_course.plots.drawing import (
    ARM_COLOURS,
    INTERVALS,
    MUTED,
    Plot,
    frame,
    interval,
    note,
    percent_axis,
)
from w2s_course.wording import percent, plural, with_interval, words

# Without training it is the same arm as a prompted model: nothing was learned from the course's data.
COLOURS: Mapping[str, str] = {**ARM_COLOURS, "strong_untrained": ARM_COLOURS["strong_prompted"]}
Row = Mapping[str, Any]


def choices(rows: Sequence[Row], ax: Axes, chance: float) -> Plot:
    """The arms on real code: a bar for the mean over seeds, a point and an interval for each seed.

    rows: as `real_code.run` makes them: seed, arm, accuracy, low, high, n. chance: of guessing.
    """
    said, arms = [], list(dict.fromkeys(row["arm"] for row in rows))
    for y, arm in enumerate(arms):
        own = [row for row in rows if row["arm"] == arm]
        mean = fmean(row["accuracy"] for row in own)
        ax.barh(y, mean, height=0.5, color=COLOURS[arm], zorder=2)
        for i, row in enumerate(own):
            at = y + 0.4 * ((i + 1) / (len(own) + 1) - 0.5)
            ci95 = None if row["low"] is None else (row["low"], row["high"])
            ax.plot(row["accuracy"], at, "o", ms=4, color="white", mec="black", zorder=5)
            interval(ax, at, ci95, horizontal=True)
            said.append(f"{words(arm)}, seed {row['seed']}: {_told(row['accuracy'], ci95, row['n'])}")
        note(ax, words(arm), (0, y - 0.4), (1, 0))
    _chance(ax, chance)
    percent_axis(ax, "x", "questions on which the true sentence was chosen")
    ax.set_ylim(len(arms) - 0.4, -0.75)
    seeds = plural(len({row["seed"] for row in rows}), "seed")
    frame(ax, f"The true sentence of four, {seeds}")
    told = f"Chance is {percent(chance, 0)}. {'; '.join(said)}."
    return Plot(ax, f"Bars: means over {seeds}. {told}", f"Points are single seeds. {INTERVALS}")


def readers(found: Mapping[str, Estimate], ax: Axes, chance: float) -> Plot:
    """Readers of the same questions, a bar each; names that begin with 'shown' are drawn darker."""
    for y, (name, estimate) in enumerate(found.items()):
        shown = name.startswith("shown")
        colour = ARM_COLOURS["strong_prompted"] if "model" in name else MUTED
        ax.barh(y, estimate.value or 0, height=0.6, color=colour, alpha=1 if shown else 0.55, zorder=2)
        interval(ax, y, estimate.ci95, horizontal=True)
    _chance(ax, chance)
    percent_axis(ax, "x", "questions on which the true sentence was chosen")
    frame(ax, "What names give away")
    ax.set_yticks(range(len(found)), list(found))
    ax.invert_yaxis()
    told = "; ".join(f"{name}: {_told(e.value, e.ci95, e.n)}" for name, e in found.items())
    return Plot(ax, f"Bars; chance is {percent(chance, 0)}. {told}.", INTERVALS)


def _told(value: float | None, ci95: Sequence[float] | None, n: int) -> str:
    return f"{with_interval({'value': value, 'ci95': ci95, 'n': n})} of {plural(n, 'question')}"


def _chance(ax: Axes, chance: float) -> None:
    ax.axvline(chance, color="black", lw=1.2, ls="--", zorder=3)
