"""How good the arms are: one run in bars, and several runs as lines."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill

from matplotlib.axes import Axes

from w2s_course import findings
from w2s_course.findings import ARMS, Results
from w2s_course.plots.drawing import (
    ARM_COLOURS,
    FAINT,
    INK,
    INTERVALS,
    MIDDLE,
    MUTED,
    PAPER,
    Plot,
    at_line_end,
    frame,
    interval,
    note,
    percent_axis,
)
from w2s_course.seeds import COMPARED, mean_with_interval, summary
from w2s_course.wording import UNDEFINED, decimal, percent, plural, points, with_interval


def arms(results: Results, ax: Axes) -> Plot:
    """How often each arm is fully right, and the gap between teacher and ceiling that PGR divides."""
    said = []
    for y, (key, text) in enumerate(ARMS.items()):
        estimate = results["arms"][key]["exact"]
        said.append(f"{text.name} {with_interval(estimate)}")
        note(ax, text.name, (0, y), (1, 9))
        if estimate["value"] is None:
            note(ax, UNDEFINED, (0, y + 0.2), (4, 0), color=MUTED)
            continue
        ax.barh(y + 0.24, estimate["value"], height=0.34, color=ARM_COLOURS[key], zorder=2)
        interval(ax, y + 0.24, estimate["ci95"], horizontal=True)
        end = max(estimate["value"], *(estimate["ci95"] or [0]))
        note(ax, percent(estimate["value"]), (end, y + 0.24), (7, 0), fontweight="bold")
    percent_axis(ax, "x", "test snippets whose whole sentence is true")
    ax.set_xlim(0, 1.16)
    ax.set_ylim(len(ARMS) + 1.05, -0.45)
    tested = plural(results["arms"]["weak"]["exact"]["n"], "test snippet")
    frame(ax, _arms_title(results))
    return Plot(
        ax,
        f"Bars: share of {tested} explained fully right, with 95% intervals. {'; '.join(said)}. "
        f"{_gap(results, ax)}",
        f"Six arms on the same {tested}. {INTERVALS} Dashed lines mark the weak teacher and the ceiling.",
    )


def _arms_title(results: Results) -> str:
    gain = results["gain"]
    return {
        "gain": f"The student leads by {points(gain['value'])}",
        "unclear": "No clear lead of student over teacher",
        "harm": f"The student trails by {points(-(gain['value'] or 0))}",
        "unmeasured": "How often each arm is fully right",
    }[findings.verdict(results).tone]


def _gap(results: Results, ax: Axes) -> str:
    """Draw the gap below the bars, with the part that came back, and say it."""
    weak, student, ceiling = (findings.exact(results, arm) for arm in ("weak", "weak_to_strong", "ceiling"))
    if weak is None or student is None or ceiling is None:
        return findings.pgr_text(results)
    row = len(ARMS) + 0.62
    for end in (weak, ceiling):
        ax.plot([end, end], [-0.3, row + 0.17], color=MUTED, lw=1, ls=(0, (4, 3)), zorder=1)
    ax.barh(row, ceiling - weak, left=weak, height=0.34, color=FAINT, zorder=2)
    ax.barh(row, student - weak, left=weak, height=0.2, color=ARM_COLOURS["weak_to_strong"], zorder=3)
    if ceiling <= weak:
        told = f"The ceiling is {points(weak - ceiling)} below the teacher: no gap"
    elif student < weak:
        told = f"Gap {points(ceiling - weak)}; student {points(weak - student)} below its teacher"
    else:
        told = f"Gap {points(ceiling - weak)}, of which {points(student - weak)} came back"
    pgr = decimal(results["pgr"]["raw"]) if results["pgr"]["status"] == "ok" else UNDEFINED
    note(ax, f"{told}.\nPGR {pgr}", (0, row), (1, 14), va="bottom")
    return f"{told}. {findings.pgr_text(results)}"


def seeds(runs: Sequence[Results], ax: Axes) -> Plot:
    """Teacher, student and ceiling of several runs of one configuration: a line a seed, bars for the means.

    Raises:
        UsageError: as `seeds.summary`: no runs, a seed twice, or runs that differ in more than the seed.
    """
    found = summary(runs)
    for accuracy in found.accuracy.values():
        ax.plot(range(len(COMPARED)), [accuracy[arm] for arm in COMPARED], color=MIDDLE, lw=1.2, zorder=2)
    percent_axis(ax, "y", "test snippets fully right")
    ax.set_xlim(-0.4, len(COMPARED) - 0.4)
    for x, arm in enumerate(COMPARED):
        heights, mean, colour = found.of(arm), found.mean(arm), ARM_COLOURS[arm]
        ax.plot([x] * len(heights), heights, color=colour, marker="o", ms=6, ls="none", zorder=4)
        ax.plot([x - 0.14, x + 0.14], [mean, mean], color=colour, lw=4, zorder=3)
        interval(ax, x + 0.14, mean_with_interval(heights)[1], horizontal=False)
    if len(found.accuracy) <= 10:  # beyond that the names would be an unreadable pile; the lines stay
        ends = [(f"seed {seed}", accuracy[COMPARED[-1]], MIDDLE) for seed, accuracy in found.accuracy.items()]
        at_line_end(ax, ends, len(COMPARED) - 0.8, 0.055)
    frame(ax, f"{plural(len(found.accuracy), 'seed')}: a mean gain of {points(found.gain)}", left=True)
    # Means stand below: beside their bars they would cover the lines.
    names = [f"{fill(ARMS[arm].name, 15)}\nmean {percent(found.mean(arm))}" for arm in COMPARED]
    ax.set_xticks(range(len(COMPARED)), names)
    listed = "; ".join(
        f"seed {seed}: " + ", ".join(f"{ARMS[arm].name} {percent(accuracy[arm])}" for arm in COMPARED)
        for seed, accuracy in found.accuracy.items()
    )
    return Plot(
        ax,
        f"A line a seed, from teacher over student to ceiling. {found} {listed}.",
        f"{found} Thick bars are means over the seeds, with their 95% intervals beside them.",
    )


def gains(runs: Sequence[Results], ax: Axes) -> Plot:
    """The student's gain in each of several runs with its paired interval, and the mean over their seeds.

    Raises:
        UsageError: as `seeds`.
    """
    found = summary(runs)
    colour, said = ARM_COLOURS["weak_to_strong"], []
    shown = {run["config"]["seed"]: run["gain"] for run in runs if run["config"]["seed"] in found.accuracy}
    for y, (seed, gain) in enumerate(shown.items()):
        interval(ax, y, gain["ci95"], horizontal=True, colour=MUTED)
        ax.plot(gain["value"], y, "o", color=colour, zorder=5)
        ends = gain["ci95"] and f" ({100 * gain['ci95'][0]:+.1f} to {100 * gain['ci95'][1]:+.1f})"
        said.append(f"seed {seed} {points(gain['value'])}{ends or ''}")
    if found.gain_ci95 is not None:
        ax.plot(found.gain_ci95, [len(shown)] * 2, color=INK, lw=4)
    ax.plot(found.gain, len(shown), "o", color=INK if found.gain_ci95 is None else PAPER, ms=4, zorder=5)
    ax.axvline(0, color=MIDDLE, lw=1, ls=(0, (4, 3)))
    frame(ax, f"{plural(len(shown), 'seed')}: a mean gain of {points(found.gain)}")
    ax.set_yticks(range(len(shown) + 1), [*(f"seed {seed}" for seed in shown), "mean over seeds"])
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_formatter(lambda share, _: f"{100 * share:g}")
    ax.set_xlabel("student minus teacher, percentage points", loc="left")
    return Plot(
        ax,
        f"A row a seed, the gain with its interval over test snippets: {'; '.join(said)}. {found}",
        "Thin lines are 95% intervals of single runs, paired by snippet; the thick one is that of the mean.",
    )
