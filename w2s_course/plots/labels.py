"""What the weak labels carry: errors that the student inherits, and confidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes

from w2s_course import findings
from w2s_course.findings import Results
from w2s_course.plots.drawing import (
    ARM_COLOURS,
    GREY,
    INTERVALS,
    MIDDLE,
    MUTED,
    ON_COLOUR,
    PALE,
    SMALL,
    YELLOW,
    Plot,
    frame,
    interval,
    note,
    percent_axis,
)
from w2s_course.wording import percent, plural, points, with_interval, words


def errors(results: Results, ax: Axes) -> Plot:
    """Slot by slot: what became of the teacher's wrong claims, and of its right ones."""
    ledger = {"all claims": results["errors"], **results["errors"]["by_slot"]}
    said = []
    for group, (slot, entry) in enumerate(ledger.items()):
        top = 3 * group
        note(ax, words(slot), (0, top - 0.75), fontweight="bold")
        _claims_bar(
            ax, top, ARM_COLOURS["weak"], (entry["inherited"], "inherited"), (entry["corrected"], "corrected")
        )
        _claims_bar(
            ax,
            top + 1,
            YELLOW,
            (entry["invented"], "invented"),
            (_complement(entry["invented"]), "kept right"),
        )
        said.append(
            f"{words(slot)}: of {plural(entry['inherited']['n'], 'wrong claim')} "
            f"{with_interval(entry['inherited'])} inherited, {with_interval(entry['corrected'])} corrected, "
            f"{percent(_otherwise(entry))} otherwise wrong; of "
            f"{plural(entry['invented']['n'], 'right claim')} {with_interval(entry['invented'])} newly wrong"
        )
    percent_axis(ax, "x", "of the teacher's claims of that kind")
    inherited = results["errors"]["inherited"]["value"]
    title = "What became of the teacher's claims"
    frame(ax, title if inherited is None else f"{percent(inherited, 0)} of the errors are inherited")
    ax.set_ylim(3 * len(ledger) - 0.9, -1.6)
    rows = [3 * group + row for group in range(len(ledger)) for row in (0, 1)]
    counts = [(f"wrong: {e['inherited']['n']:,}", f"right: {e['invented']['n']:,}") for e in ledger.values()]
    ax.set_yticks(rows, [label for pair in counts for label in pair])
    ax.tick_params(axis="y", length=0)
    return Plot(
        ax,
        f"Bars: what the student made of its teacher's claims, with 95% intervals. {'. '.join(said)}.",
        "Upper bar of a pair: the claims that the teacher has wrong. The student inherits the error, "
        "corrects it, or (grey, in between) is wrong in a way of its own. Lower bar: the claims that the "
        "teacher has right. The student invents an error or keeps them right. Lines are 95% intervals: of "
        "the wrong part below, of the corrected part above.",
    )


Part = tuple[Mapping[str, Any], str]
"""An estimated share and its name."""


def _claims_bar(ax: Axes, y: float, colour: str, wrong: Part, right: Part) -> None:
    """One bar of claims: the wrong part from the left, the right one from the right, grey what is neither."""
    (bad, bad_name), (good, good_name) = wrong, right
    if bad["value"] is None or good["value"] is None:
        note(ax, "none", (0, y), (4, 0), color=MUTED)
        return
    ax.barh(y, 1, height=0.9, color=GREY, zorder=1)
    ax.barh(y, good["value"], left=1 - good["value"], height=0.9, color=PALE, zorder=2)
    ax.barh(y, bad["value"], height=0.9, color=colour, zorder=2)
    interval(ax, y + 0.34, bad["ci95"], horizontal=True, colour=ON_COLOUR)
    if bad_name == "inherited" and good["ci95"] is not None:
        low, high = good["ci95"]
        interval(ax, y - 0.34, [1 - high, 1 - low], horizontal=True, colour=ON_COLOUR)
    looks: dict[str, Any] = {"va": "center", "color": ON_COLOUR, "fontsize": SMALL, "zorder": 5}
    ax.text(0.01, y, f"{percent(bad['value'], 0)} {bad_name}", ha="left", **looks)
    ax.text(0.99, y, f"{percent(good['value'], 0)} {good_name}", ha="right", **looks)


def _complement(share: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a share leaves of the whole. Its interval is the same one, seen from the other side."""
    value = None if share["value"] is None else 1 - share["value"]
    return {**share, "value": value, "ci95": None}


def _otherwise(entry: Mapping[str, Any]) -> float | None:
    inherited, corrected = entry["inherited"]["value"], entry["corrected"]["value"]
    return None if inherited is None or corrected is None else max(0.0, 1 - inherited - corrected)


def reliability(results: Results, ax: Axes) -> Plot:
    """Whether the weak model knows when it is wrong: the confidence of its labels against their truth."""
    bins = [b for b in results["labels"]["reliability"] if b["exact"]["value"] is not None]
    colour = ARM_COLOURS["weak"]
    ax.plot([0, 1], [0, 1], color=MIDDLE, lw=1, ls=(0, (4, 3)))
    for b in bins:
        interval(ax, b["confidence"], b["exact"]["ci95"], horizontal=False)
    ax.plot(
        [b["confidence"] for b in bins],
        [b["exact"]["value"] for b in bins],
        color=colour,
        lw=1.5,
        marker="o",
        ms=8,
    )
    percent_axis(ax, "x", "how sure the weak model was of its label")
    percent_axis(ax, "y", "labels fully right")
    sure = findings.overconfidence(results)
    below = sum(b["exact"]["value"] < b["confidence"] for b in bins)
    side, away = (
        ("right", (-10, 10)) if 2 * below >= len(bins) else ("left", (10, -10))
    )  # where no points are
    note(ax, "exactly as sure as right", (0.7, 0.7), away, color=MUTED, fontsize=SMALL, ha=side)
    frame(ax, _reliability_title(sure), left=True)
    said = [f"{percent(b['confidence'], 0)} sure, {with_interval(b['exact'])} right" for b in bins]
    return Plot(
        ax,
        f"Points: labels grouped by the weak model's confidence. "
        f"{'; '.join(said) or 'No group was measured'}. {findings.calibration_text(results)}",
        f"Below the dashed line the teacher is surer than it is right. {INTERVALS}",
    )


def _reliability_title(sure: float | None) -> str:
    if sure is None:
        return "What the teacher's confidence is worth"
    if sure == 0:
        return "The teacher is as sure as it deserves to be"
    return f"The teacher is {points(abs(sure))} too {'sure' if sure > 0 else 'unsure'}"
