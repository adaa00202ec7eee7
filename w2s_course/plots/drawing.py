"""What all plots share: the palette, what a plot returns, and the few marks that they are made of.

One colour an arm, the same in every plot, from Okabe and Ito's palette, which people with any of the common
kinds of colour blindness can tell apart. Names stand beside the marks, so that no plot needs a legend.
Nothing here knows what is measured, and nothing touches pyplot or the reader's backend.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from textwrap import fill
from typing import Any

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from w2s_course.plots.placing import Spot, free_places
from w2s_course.wording import wrapped

ARM_COLOURS: Mapping[str, str] = {
    "weak": "#e69f00",  # orange
    "strong_prompted": "#56b4e9",  # sky blue
    "strong_on_gold": "#cc79a7",  # reddish purple
    "weak_to_strong": "#0072b2",  # blue
    "ceiling": "#009e73",  # bluish green
    "control": "#d55e00",  # vermillion
}
INK = "#24292f"
MUTED = "#656d76"
MIDDLE = "#a3abb4"
FAINT = "#dde1e6"
PAPER = "#ffffff"
"""The neutral colours; a report swaps them in the dark."""

ON_COLOUR = "#101418"
PALE = "#eef0f2"
GREY = "#b9c0c7"
YELLOW = "#f0e442"
"""Neutral colours that stay: dark text, and bars that it can be read on. Yellow is no arm's."""

SMALL = 9.5
"""Points. The smallest text in a plot: still readable when a phone shows the plot at its own width."""

NOT_YET = "Not recorded yet"
"""The title of a plot in which nothing is drawn."""

INTERVALS = "Lines across the ends are 95% intervals."
"""For captions."""

# Applied over matplotlib's defaults, never over the reader's own settings, so that a figure of the same
# results has the same bytes on each machine with these versions.
_STYLE: dict[str, Any] = {
    "font.size": 11,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": MIDDLE,
    "xtick.color": MIDDLE,
    "ytick.color": MIDDLE,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "svg.fonttype": "none",  # text stays text: it can be searched, read aloud, and edited
    "svg.hashsalt": "w2s-course",
}


@dataclass(frozen=True)
class Plot:
    """What every plot returns. Printed, it is its alt text.

    axes: the axes that were given, drawn on, neither saved nor shown.
    alt: the finding and its numbers in words, for whoever cannot see the plot.
    caption: how to read it, or what it assumes, for everybody.
    """

    axes: Axes
    alt: str
    caption: str = ""

    def __str__(self) -> str:
        return wrapped(self.alt)


@contextmanager
def style() -> Iterator[None]:
    """The course's look for figures that are made inside the block."""
    with matplotlib.style.context(["default", _STYLE]):
        yield


def frame(ax: Axes, title: str, *, left: bool = False) -> None:
    """A title that states the finding, and only those spines that carry an axis."""
    ax.set_title(fill(title, 38), loc="left", fontsize=12, fontweight="bold", color=INK, pad=12)
    for side, shown in (("top", False), ("right", False), ("left", left)):
        ax.spines[side].set_visible(shown)
    ax.tick_params(length=3, labelsize=10)
    if not left:
        ax.set_yticks([])


def percent_axis(ax: Axes, which: str = "x", label: str = "") -> None:
    """0% to 100%, in quarters, with a little air for labels."""
    axis, limits = (ax.xaxis, ax.set_xlim) if which == "x" else (ax.yaxis, ax.set_ylim)
    axis.set_ticks([0, 0.25, 0.5, 0.75, 1])
    axis.set_major_formatter(PercentFormatter(1, decimals=0))
    axis.set_label_text(label)
    limits(0, 1.03)


def interval(
    ax: Axes, at: float, ci95: Sequence[float] | None, *, horizontal: bool, colour: str = INK
) -> None:
    """A 95% interval as a line with caps; nothing where there is none."""
    if ci95 is None:
        return
    middle, half = (ci95[0] + ci95[1]) / 2, (ci95[1] - ci95[0]) / 2
    x, y, xerr, yerr = (middle, at, half, None) if horizontal else (at, middle, None, half)
    ax.errorbar(x, y, xerr=xerr, yerr=yerr, fmt="none", ecolor=colour, elinewidth=1.4, capsize=3, zorder=4)


def note(
    ax: Axes, text: str, at: tuple[float, float], offset: tuple[float, float] = (0, 0), **looks: Any
) -> None:
    """Text at a point of the data, moved by points of the page, on paper so that no line strikes it out."""
    looks = {"va": "center", "ha": "left", "fontsize": 10, **looks}
    box = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.0}
    ax.annotate(text, at, offset, textcoords="offset points", bbox=box, zorder=6, **looks)


def in_shares(ax: Axes, x: float, y: float) -> Spot:
    """A point of the data as shares of the axes' width and height; its limits and scales must stand."""
    across, up = (ax.transScale + ax.transLimits).transform((x, y))
    return float(across), float(up)


def in_free_places(ax: Axes, names: Sequence[tuple[str, Spot]], taken: Sequence[Spot], **looks: Any) -> None:
    """Names beside their marks where they cover nothing that is `taken`, each led to its own mark.

    Places are `in_shares`, as in `placing`.
    """
    looks = {"ha": "center", "va": "center", "fontsize": SMALL, "zorder": 6, **looks}
    room, dpi = ax.get_window_extent(), ax.figure.dpi
    boxes = free_places(names, taken, (room.width / dpi, room.height / dpi))
    for (name, mark), box in zip(names, boxes, strict=True):
        (x, y), (to_x, to_y) = mark, box.edge(mark)
        ax.plot([x, to_x], [y, to_y], color=MIDDLE, lw=0.8, zorder=1, transform=ax.transAxes)
        ax.text(box.x, box.y, name, transform=ax.transAxes, **looks)


def at_line_end(ax: Axes, names: Sequence[tuple[str, float, str]], x: float, gap: float) -> None:
    """Names beside the ends of lines, moved apart where they would overlap, each led to its own end.

    Args:
        names: (name, y of the line's end, colour of the line).
        x: where the lines end.
        gap: the least vertical distance between names, in the units of y.
    """
    low, high = ax.get_ylim()
    for (name, y, colour), place in zip(names, spread([y for _, y, _ in names], gap, low, high), strict=True):
        arrow: dict[str, Any] = {"arrowstyle": "-", "color": colour, "lw": 1, "shrinkA": 0, "shrinkB": 2}
        arrow["relpos"] = (0, 0.5)  # to where the name begins: towards its middle, leads pass under names
        ax.annotate(
            fill(name, 17),
            (x, y),
            (x + 0.05 * (ax.get_xlim()[1] - ax.get_xlim()[0]), place),
            va="center",
            fontsize=SMALL,
            arrowprops=arrow,
            annotation_clip=False,
        )


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """The places, moved apart to at least `gap` where there is room, in the same order and within limits.

    >>> spread([0.5, 0.5, 0.9], gap=0.1, low=0.0, high=1.0)
    [0.5, 0.6, 0.9]
    >>> spread([0.95, 0.98], gap=0.1, low=0.0, high=1.0)
    [0.9, 1.0]
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = list(places)
    for before, here in pairwise(order):
        moved[here] = max(moved[here], moved[before] + gap)
    ceiling = high
    for here in reversed(order):
        moved[here] = min(moved[here], ceiling)
        ceiling = moved[here] - gap
    return [round(max(place, low), 9) for place in moved]
