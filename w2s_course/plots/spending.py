"""What it cost: the price of labels, and where the time went."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, NullLocator

from w2s_course import findings
from w2s_course.findings import Results, arm_name
from w2s_course.plots.drawing import ARM_COLOURS, FAINT, MIDDLE, MUTED, PAPER, Plot, frame, note
from w2s_course.wording import duration, money, words


def cost(results: Results, ax: Axes) -> Plot:
    """The price of a thousand labels from each source, on a scale where a step is a factor of ten."""
    prices: Mapping[str, float] = results["cost"]["per_1000_labels"]
    rows = (
        ("weak", "weak model, on this machine", ARM_COLOURS["weak"]),
        ("strong", "strong model, hosted", ARM_COLOURS["strong_prompted"]),
        ("human", "people", MUTED),
    )
    decades = _decades([prices[key] for key, _, _ in rows])
    low, high = decades[0], decades[-1]
    ax.set_xscale("log")
    for y, (key, name, colour) in enumerate(rows):
        price = max(prices[key], low)  # a scale of factors has no zero: a free label stands at the left edge
        note(ax, name, (low, y), (1, 9))
        ax.plot([low, price], [y + 0.3, y + 0.3], color=FAINT, lw=2, zorder=2)
        ax.plot([price], [y + 0.3], color=colour, marker="o", ms=11, ls="none", zorder=3, clip_on=False)
        note(ax, money(prices[key]), (price, y + 0.3), (9, 0), fontweight="bold")
    ax.set_xlim(low, high * (high / low) ** 0.2)
    ax.set_ylim(len(rows) - 0.2, -0.45)
    ax.set_xticks(decades, [f"${dollars:,.{max(0, -round(math.log10(dollars)))}f}" for dollars in decades])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.spines["bottom"].set_bounds(low, high)
    ax.set_xlabel(f"US dollars for 1,000 labels; marks are {decades[1] / decades[0]:,.0f} times apart")
    frame(ax, "What a thousand labels cost")
    assumed = results["cost"]["assumptions"]
    terms = [f"{words(name)} {a['value']:g} {a['unit']}" for name, a in assumed.items()]
    return Plot(
        ax, findings.cost_text(results), f"Under assumptions, not bills: {'; '.join(terms)}." if terms else ""
    )


def _decades(prices: Sequence[float]) -> list[float]:
    """Powers of ten around the prices, at most six of them, evenly spaced."""
    exponents = [math.log10(price) for price in prices if price > 0] or [0.0]
    first, last = math.floor(min(exponents)), math.floor(max(exponents)) + 1
    step = math.ceil((last - first) / 5)
    return [10.0**exponent for exponent in range(first, last + step, step)]


def stages(results: Results, ax: Axes) -> Plot:
    """Where the time of the run went: the arms end to end, a row each, with the parts of each arm."""
    rows: dict[str, dict[str, float]] = {}
    for name, stage in results["cost"]["stages"].items():
        # Named like 'weak_to_strong training'; what several arms share has a name of its own.
        arm, _, part = name.partition(" ") if name.partition(" ")[0] in ARM_COLOURS else (name, "", "")
        rows.setdefault(arm, {})[part or "all of it"] = stage["seconds"]
    edge: dict[str, Any] = {"edgecolor": PAPER, "linewidth": 0.8, "zorder": 2}
    total = sum(sum(parts.values()) for parts in rows.values())
    start = 0.0
    for y, (arm, parts) in enumerate(rows.items()):
        spent = sum(parts.values())
        late = start > 0.5 * total  # then the name would not fit to the right of where the bar begins
        at, side = (start + spent, "right") if late else (start, "left")
        note(ax, f"{arm_name(arm)}, {duration(spent)}", (at, y - 0.33), ha=side)
        for seconds in parts.values():
            ax.barh(y + 0.1, seconds, left=start, height=0.36, color=ARM_COLOURS.get(arm, MIDDLE), **edge)
            start += seconds
    unit, name_of_unit = (60, "minutes") if total >= 180 else (1, "seconds")
    ticks = [t for t in MaxNLocator(6).tick_values(0, total / unit) if 0 <= t * unit <= total]
    ax.set_xticks([t * unit for t in ticks], [f"{t:g}" for t in ticks])
    ax.set_xlim(0, (total or 1) * 1.04)
    ax.set_ylim(len(rows) - 0.5, -0.8)
    ax.set_xlabel(f"{name_of_unit} of computing, one after the other")
    frame(ax, f"Where {duration(total)} of computing went")
    said = "; ".join(
        f"{arm_name(arm)} {duration(sum(parts.values()))} ("
        + ", ".join(f"{part} {duration(seconds)}" for part, seconds in parts.items())
        + ")"
        for arm, parts in rows.items()
    )
    return Plot(
        ax,
        f"Bars end to end: {duration(total)} in all. {said or 'No stage was recorded'}.",
        "Seconds on this machine, thin lines between the parts (training, answers). Stages may run side by "
        "side, and then less time passes on the clock. What was already in the cache counts with the time "
        "that it took when it was made.",
    )
