"""Remedies in pictures: what each changed, a row each; and what a selection of labels keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, pi, sin, sqrt, tau

from matplotlib.axes import Axes

from w2s_course.evidence.measured import Measured, effect
from w2s_course.plots.drawing import (
    ARM_COLOURS,
    INK,
    MIDDLE,
    MUTED,
    SMALL,
    Plot,
    frame,
    in_free_places,
    in_shares,
    interval,
    percent_axis,
)
from w2s_course.plots.placing import Spot
from w2s_course.wording import percent, words


@dataclass(frozen=True)
class Kept:
    """One concept: its labels, the share of them whose claim about it is right, the share that was kept."""

    labels: int
    right: float
    kept: float


def remedies(changes: Mapping[str, Measured], ax: Axes) -> Plot:
    """The change of accuracy that each remedy made, in percentage points, a row each in the given order.

    changes: by name, remedy minus the same student without it, paired by seed. A small mark is a seed, the
    large one the mean, the line its 95% t-interval over seeds (none for a single seed).
    """
    colour = ARM_COLOURS["weak_to_strong"]
    for y, found in enumerate(changes.values()):
        seeds = [100 * value for value in found.by_seed.values()]
        ax.plot(seeds, [y] * len(seeds), "|", color=MUTED, ms=9, zorder=3)
        if found.ci95 is not None:
            interval(ax, y, [100 * end for end in found.ci95], horizontal=True, colour=INK)
        ax.plot([100 * found.mean], [y], "o", color=colour, ms=8, zorder=5)
    ax.axvline(0, color=MIDDLE, lw=1, ls=(0, (4, 3)))
    told = [effect(found) for found in changes.values()]
    frame(ax, _title(told))
    ax.set_yticks(range(len(changes)), list(changes), fontsize=SMALL, color=INK)
    ax.tick_params(axis="y", length=0)
    ax.invert_yaxis()
    ax.set_xlabel("change in accuracy, percentage points", loc="left")
    said = [
        f"{name} {found.points()}, {word}" for (name, found), word in zip(changes.items(), told, strict=True)
    ]
    return Plot(
        ax,
        f"One row a remedy, its change in accuracy: {'; '.join(said) or 'nothing is recorded yet'}.",
        "Small marks are seeds, the dot is their mean, the line the 95% interval of that mean.",
    )


def _title(told: list[str]) -> str:
    if not told:
        return "No remedy is recorded yet"
    counts = f"{told.count('helped')} helped, {told.count('hurt')} hurt"
    return f"Of {len(told)} remed{'y' if len(told) == 1 else 'ies'} {counts}"


def selection(concepts: Mapping[str, Kept], ax: Axes) -> Plot:
    """For each concept the share of its labels that was kept, against how well the teacher knows it.

    Bubbles grow with the number of labels. A cloud that rises to the right: what the teacher knows is kept.
    """
    rights, kepts = ([getattr(c, what) for c in concepts.values()] for what in ("right", "kept"))
    sizes = [12 + 2 * c.labels for c in concepts.values()]
    ax.scatter(rights, kepts, s=sizes, color=ARM_COLOURS["weak"], edgecolor=INK, linewidth=0.6, zorder=4)
    order = sorted(concepts, key=lambda name: concepts[name].right)
    percent_axis(ax, "x", "labels whose claim about the concept is right")
    percent_axis(ax, "y", "labels kept")
    ax.set_ylim(-0.03, 1.03)
    marks = {name: in_shares(ax, concept.right, concept.kept) for name, concept in concepts.items()}
    named = dict.fromkeys((*order[:2], *order[-2:]))
    rims = [spot for mark, size in zip(marks.values(), sizes, strict=True) for spot in _rim(ax, mark, size)]
    in_free_places(ax, [(words(name), marks[name]) for name in named], rims)
    ends = f"{percent(min(kepts), 0)} to {percent(max(kepts), 0)}" if kepts else "none"
    frame(ax, f"Of a concept's labels {ends} are kept", left=True)
    said = ", ".join(
        f"{words(n)} {percent(concepts[n].right, 0)} right and {percent(concepts[n].kept, 0)} kept"
        for n in order
    )
    return Plot(
        ax, f"One bubble a concept, from least to best known: {said}.", "Bubbles grow with the labels."
    )


def _rim(ax: Axes, middle: Spot, area: float) -> list[Spot]:
    """A bubble's middle and points of its edge, in shares of the axes; area: in square points of the page."""
    room, dpi = ax.get_window_extent(), ax.figure.dpi
    radius = sqrt(area / pi) / 72 * dpi
    around = [tau * n / 12 for n in range(12)]
    x, y = middle
    edge = [(x + radius * cos(a) / room.width, y + radius * sin(a) / room.height) for a in around]
    return [middle, *edge]
