"""The risk in pictures: curves, the ledger by group, gain against misfit, both stopping points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from itertools import cycle
from typing import Any

from matplotlib.axes import Axes

from w2s_course.agreement import Misfit
from w2s_course.findings import ARMS, arm_name
from w2s_course.ledger import Ledgers
from w2s_course.metrics import Estimate
from w2s_course.plots.drawing import (
    ARM_COLOURS,
    INK,
    INTERVALS,
    MIDDLE,
    MUTED,
    NOT_YET,
    PAPER,
    SMALL,
    Plot,
    at_line_end,
    frame,
    interval,
    note,
    percent_axis,
)
from w2s_course.plots.labels import errors
from w2s_course.plots.training import early_stopping
from w2s_course.stopping import Curve, stopping_points
from w2s_course.wording import percent, plural, points, points_with_interval, with_interval

Line = Sequence[tuple[float, Estimate]]
"""(x, estimate) in the order of x."""

_LOOKS = ((INK, "-", INK), (MUTED, "--", PAPER), (INK, ":", PAPER), (MUTED, "-.", MUTED))
"""Colour, dashes and filling of lines that are no arm: an arm's colour is the arm's alone, and two greys are
hardly two colours."""
_MARKERS = "osD^vP"
_APART, _WIDEST = 0.03, 0.06
"""Between the intervals of two lines at one x, and of all of them, as shares of the distance from the first x
to the last: caps that touch look like one interval."""


def curves_against(lines: Mapping[str, Line], ax: Axes, *, x: str, title: str, log: bool = False) -> Plot:
    """Accuracy with intervals against anything: numbers of labels, teacher accuracy, generations.

    Args: lines: by name, or by arm (then in the arm's colour); x: what the horizontal axis shows;
        title: the finding, in words of the caller's, who knows it; '' where none is known, and the title says
        what is drawn; log: equal factors at equal distances.
    """
    places = sorted({at for line in lines.values() for at, _ in line})
    others = cycle(_LOOKS)
    shifted = _shifts(places, len(lines), log)
    ends: list[tuple[str, float, str]] = []
    said = []
    if log:
        ax.set_xscale("log")
    for i, (key, line) in enumerate(lines.items()):
        known = [(at, estimate) for at, estimate in line if estimate.value is not None]
        if not known:
            continue
        colour, dashes, fill = (ARM_COLOURS[key], "-", ARM_COLOURS[key]) if key in ARMS else next(others)
        xs, heights = [shifted(at, i) for at, _ in known], [estimate.value or 0.0 for _, estimate in known]
        for at, (_, estimate) in zip(xs, known, strict=True):
            interval(ax, at, estimate.ci95, horizontal=False, colour=colour)
        looks: dict[str, Any] = {"ls": dashes, "marker": _MARKERS[i % len(_MARKERS)], "ms": 6, "mfc": fill}
        ax.plot(xs, heights, color=colour, lw=2, zorder=5, **looks)
        ends.append((arm_name(key), heights[-1], colour))
        told = ", ".join(f"{with_interval(asdict(estimate))} at {at:g}" for at, estimate in known)
        said.append(f"{arm_name(key)}: {told}")
    percent_axis(ax, "y", "test snippets fully right")
    if places:
        _room_for_names(ax, places, log)
        at_line_end(ax, ends, shifted(places[-1], len(lines) - 1), 0.1)
    ax.set_xlabel(x, loc="left")
    frame(ax, (title or f"Accuracy against {x}") if said else NOT_YET, left=True)
    beside = " Those of several lines at one place stand side by side." if len(said) > 1 else ""
    alt = f"Lines: accuracy against {x}. {'; '.join(said) or 'Nothing was measured'}."
    return Plot(ax, alt, INTERVALS + beside)


def _shifts(places: Sequence[float], lines: int, log: bool) -> Callable[[float, int], float]:
    """Where line i draws what was measured at x: beside it, so that intervals of several lines stand apart.

    Every place keeps the middle of what is drawn for it.
    """
    low, high = (places[0], places[-1]) if places else (1.0, 1.0)
    step = min(_APART, _WIDEST / max(1, lines - 1))

    def shifted(at: float, i: int) -> float:
        by = step * (i - (lines - 1) / 2)
        return float(at * (high / low) ** by) if log else at + by * (high - low or 1)

    return shifted


def _room_for_names(ax: Axes, places: Sequence[float], log: bool) -> None:
    """Ticks where something was measured, and a third of the width for the lines' names."""
    low, high = places[0], places[-1]
    if log:
        ax.set_xlim(low / 1.15, high * max(1.5, (high / low) ** 0.5))
    else:
        ax.set_xlim(low - 0.04 * (high - low or 1), high + 0.5 * (high - low or 1))
    ax.set_xticks(places, [f"{place:g}" for place in places])
    ax.set_xticks([], minor=True)


def ledger(groups: Ledgers, overall: Mapping[str, Estimate], ax: Axes) -> Plot:
    """What became of the teacher's claims, in all and by group: slot, coding style, the teacher's confidence.

    Bars as in `plots.errors`, for any grouping that `w2s_course.ledger` makes.
    """

    def plain(entry: Mapping[str, Estimate]) -> dict[str, Any]:
        return {kind: asdict(estimate) for kind, estimate in entry.items()}

    by_group = {name: plain(entry) for name, entry in groups.items()}
    return errors({"errors": {**plain(overall), "by_slot": by_group}}, ax)


def gain_against_misfit(students: Mapping[str, Misfit], ax: Axes) -> Plot:
    """Each student's gain over its teacher against its misfit: how much it departs, and what that is worth.

    On the dashed diagonal every departure is a correction; none can lie above it. Below zero is harm.
    """
    low = min([0.0, *(m.gain.ci95[0] if m.gain.ci95 else 0.0 for m in students.values())])
    high = max([0.2, *(m.misfit.ci95[1] if m.misfit.ci95 else 0.0 for m in students.values())])
    ax.plot([0, high], [0, high], color=MIDDLE, lw=1, ls=(0, (4, 3)))
    ax.axhline(0, color=MIDDLE, lw=1)
    said, gained = [], 0
    for name, student in students.items():
        misfit, gain = student.misfit.value, student.gain.value
        if misfit is None or gain is None:
            continue
        interval(ax, misfit, student.gain.ci95, horizontal=False, colour=MUTED)
        interval(ax, gain, student.misfit.ci95, horizontal=True, colour=MUTED)
        colour = ARM_COLOURS[name if name in ARMS else "weak_to_strong"]
        ax.plot([misfit], [gain], marker="o", ms=8, color=colour, ls="none", zorder=5)
        note(ax, arm_name(name), (misfit, gain), (8, -10), fontsize=SMALL)
        gained += student.gain.ci95 is not None and student.gain.ci95[0] > 0
        said.append(
            f"{arm_name(name)}: misfit {with_interval(asdict(student.misfit))}, "
            f"gain {points_with_interval(asdict(student.gain))}; "
            f"{percent(student.corrected.value)} corrected, {percent(student.broken.value)} broken, "
            f"{percent(student.otherwise.value)} wrong in another way"
        )
    ax.set_xlim(0, 1.25 * high)
    ax.set_ylim(low - 0.05 * high, 1.05 * high)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(lambda value, _: percent(value, 0))
    ax.set_xlabel("misfit: sentences that differ from the teacher's", loc="left")
    ax.set_ylabel("gain over the teacher")
    note(ax, "all departures correct", (0.62 * high, 0.62 * high), (-8, 8), ha="right", color=MUTED)
    frame(ax, f"{gained} of {plural(len(said), 'student')} clearly beat the teacher", left=True)
    return Plot(
        ax,
        f"Points: gain against misfit. {'; '.join(said) or 'Nothing was measured'}.",
        "The further below the dashed line, the more of a student's departures are no corrections. "
        "Lines are 95% intervals.",
    )


def stopping(curve: Curve, ax: Axes, arm: str = "weak_to_strong") -> Plot:
    """One fine-tuning curve judged by truth and by teacher, both stopping points marked, and what they cost.

    Drawn as `plots.early_stopping`; the alt text adds what is lost by stopping where the teacher says.
    Raises: UsageError for a curve without measured points.
    """
    found = stopping_points(curve)
    drawn = early_stopping({"curves": {arm: curve}}, ax, arm)
    cost = (
        f"Stopping by the teacher's labels (step {found.by_weak.step}) instead of the truth (step "
        f"{found.by_gold.step}) loses {points(found.lost)}; against the last step it changes "
        f"{points(found.worth)}."
    )
    return Plot(drawn.axes, f"{drawn.alt} {cost}", drawn.caption)
