"""The course's plots: one idea each, with intervals, direct labels and a description in words.

Every function takes the results of a run (the content of its `results.json`) and `ax`, draws, and returns a
`Plot`: the axes, an alt text that states the finding, and a caption. None saves or shows.

    figure, ax = plt.subplots()          # or matplotlib.figure.Figure().subplots(), without a screen
    print(plots.arms(results, ax).alt)

`FIGURES` lists those that make up a report, in its order. Values that were not measured (null) are left out
of a plot and called undefined in its text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from matplotlib.axes import Axes

from w2s_course.findings import Results
from w2s_course.plots.accuracy import arms, gains, seeds
from w2s_course.plots.drawing import ARM_COLOURS, Plot, style
from w2s_course.plots.labels import errors, reliability
from w2s_course.plots.spending import cost, stages
from w2s_course.plots.training import curves, early_stopping

__all__ = [
    "ARM_COLOURS",
    "FIGURES",
    "WIDTH",
    "FigureSpec",
    "Plot",
    "arms",
    "cost",
    "curves",
    "early_stopping",
    "errors",
    "gains",
    "reliability",
    "seeds",
    "stages",
    "style",
]


class FigureSpec(NamedTuple):
    """A plot of one run as a report shows it. height: inches, at a width of `WIDTH`."""

    draw: Callable[[Results, Axes], Plot]
    height: float


WIDTH = 5.0
"""Inches: narrow, so that text is still readable where a phone shows the figure at its own width."""

FIGURES: Mapping[str, FigureSpec] = {
    "arms": FigureSpec(arms, 5.4),
    "errors": FigureSpec(errors, 6.2),
    "reliability": FigureSpec(reliability, 4.4),
    "cost": FigureSpec(cost, 3.1),
    "stages": FigureSpec(stages, 4.2),
    "curves": FigureSpec(curves, 4.2),
    "early_stopping": FigureSpec(early_stopping, 4.2),
}
