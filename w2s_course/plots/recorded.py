"""Recorded rows in pictures: two students of equally wrong labels, and gain against misfit.

Everything is a mean over seeds with its interval, or a point a seed; what is not recorded is left out, and
said to be missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from w2s_course.evidence.measured import Measured, Row
from w2s_course.findings import arm_name
from w2s_course.metrics import Estimate
from w2s_course.plots.drawing import (
    ARM_COLOURS,
    INK,
    MIDDLE,
    MUTED,
    NOT_YET,
    SMALL,
    Plot,
    frame,
    interval,
    note,
    percent_axis,
    spread,
)
from w2s_course.plots.risk import Line
from w2s_course.wording import percent, plural

NOTHING = "Nothing is recorded for this yet."


def as_estimate(found: Measured | None) -> Estimate:
    """A mean over seeds in the form in which plots take it; its n counts seeds. Shares end at 0 and 1."""
    if found is None:
        return Estimate(None, None, 0)
    ends = found.ci95 and (max(0.0, found.ci95[0]), min(1.0, found.ci95[1]))
    return Estimate(found.mean, ends, len(found.by_seed))


def line_of(found: Mapping[float, Measured | None]) -> Line:
    """Means over seeds as a line for `curves_against`, in the order of x; without what is missing."""
    return [(x, as_estimate(one)) for x, one in sorted(found.items()) if one is not None]


def side_by_side(measures: Mapping[str, Mapping[str, Measured | None]], ax: Axes, title: str) -> Plot:
    """Shares of two or three groups beside each other, a row a measure, a mark a group.

    Args: measures: what is measured -> group (an arm has its own colour) -> its mean over seeds; title:
        the finding, in the caller's words; '' where none is known, and the title says what is drawn.
    """
    looks = (("o", INK, INK), ("s", MUTED, "white"), ("D", MIDDLE, "white"))
    names = list(dict.fromkeys(group for groups in measures.values() for group in groups))
    said = []
    for y, (what, groups) in enumerate(measures.items()):
        told = []
        for i, group in enumerate(names):
            found = groups.get(group)
            if found is None:
                continue
            at, (marker, edge, fill) = y + 0.32 * (i - (len(names) - 1) / 2), looks[i % len(looks)]
            edge, fill = (ARM_COLOURS[group],) * 2 if group in ARM_COLOURS else (edge, fill)
            interval(ax, at, as_estimate(found).ci95, horizontal=True, colour=edge)
            ax.plot(found.mean, at, marker=marker, ms=8, color=fill, markeredgecolor=edge, zorder=5)
            side = -1 if found.mean > 0.6 else 1
            align = "right" if side < 0 else "left"
            name = arm_name(group) if group in ARM_COLOURS else group
            note(ax, name, (found.mean, at), (9 * side, 9), fontsize=SMALL, ha=align)
            told.append(f"{name} {found.percent()}")
        if told:
            said.append(f"{what}: {', '.join(told)}")
    percent_axis(ax, "x", "mean over seeds")
    ax.set_xlim(-0.02, 1.03)  # a mark at 0 is seen whole
    drawn = " and ".join(arm_name(group) if group in ARM_COLOURS else group for group in names)
    frame(ax, (title or f"Side by side: {drawn}") if said else NOT_YET)
    ax.set_yticks(range(len(measures)), list(measures))
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(measures) - 0.4, -0.75)
    text = f"Marks: {'; '.join(said)}." if said else NOTHING
    return Plot(ax, text, "Lines are 95% t-intervals: where the mean over seeds lies.")


def gain_against_misfit_of(students: Mapping[str, Sequence[Row]], ax: Axes) -> Plot:
    """Recorded students: gain over the teacher against misfit with it, a point a seed.

    Args: students: name -> rows; a name that is an arm's key has the arm's colour.
    """
    markers, said, below, count = "osD^vP", [], 0, 0
    ends_of: list[tuple[str, float, float, str]] = []
    top = max([0.2, *(row["misfit"] for rows in students.values() for row in rows)])
    ax.plot([0, top], [0, top], color=MIDDLE, lw=1, ls=(0, (4, 3)))
    ax.axhline(0, color=MIDDLE, lw=1)
    for i, (name, rows) in enumerate(students.items()):
        colour = ARM_COLOURS.get(name, INK)
        for row in rows:
            ends = None if row["gain_low"] is None else (row["gain_low"], row["gain_high"])
            interval(ax, row["misfit"], ends, horizontal=False, colour=MUTED)
            ax.plot(row["misfit"], row["gain"], marker=markers[i % 6], ms=8, color=colour, zorder=5)
            below += row["gain"] < row["misfit"] - 1e-9  # one snippet that was no correction is proof
            count += 1
        if rows:
            mean_at = [sum(row[c] for row in rows) / len(rows) for c in ("misfit", "gain")]
            shown = arm_name(name) if name in ARM_COLOURS else name
            ends_of.append((shown, max(row["misfit"] for row in rows), mean_at[1], colour))
            said.append(
                f"{shown}: misfit {percent(mean_at[0])}, gain {100 * mean_at[1]:.1f} points, "
                f"means of {plural(len(rows), 'seed')}"
            )
    _beside(ax, ends_of, 1.08 * top)
    ax.set_xlim(0, 1.6 * top)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(lambda value, _: percent(value, 0))
    ax.set_xlabel("misfit: sentences that differ from the teacher's", loc="left")
    ax.set_ylabel("gain over the teacher")
    finding = f"{below} of {plural(count, 'student')} gain less than their misfit"
    frame(ax, finding if said else NOT_YET, left=True)
    alt = f"Points: {'; '.join(said)}. {below} of {count} lie below the diagonal."
    return Plot(
        ax,
        alt if said else NOTHING,
        "On the dashed line every departure from the teacher is a correction; one that is none puts a "
        "student below it. Lines are 95% intervals of the gain over test snippets.",
    )


def _beside(ax: Axes, names: Sequence[tuple[str, float, float, str]], x: float) -> None:
    """Names of groups of points in a column at `x`, each led to its group's rightmost end."""
    low, high = ax.get_ylim()
    places = spread([y for _, _, y, _ in names], 0.07 * (high - low), low, high)
    for (name, end, y, colour), place in zip(names, places, strict=True):
        arrow = {"arrowstyle": "-", "color": colour, "lw": 1, "shrinkA": 0, "shrinkB": 6}
        ax.annotate(name, (end, y), (x, place), va="center", fontsize=SMALL, arrowprops=arrow, zorder=3)
