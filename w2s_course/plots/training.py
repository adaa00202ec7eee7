"""How accuracy grows with training steps, and where to stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from w2s_course.findings import ARMS, Results, arm_name
from w2s_course.plots.drawing import (
    ARM_COLOURS,
    INK,
    INTERVALS,
    Plot,
    at_line_end,
    frame,
    interval,
    percent_axis,
)
from w2s_course.wording import percent, with_interval


def curves(results: Results, ax: Axes) -> Plot:
    """How each fine-tuned arm's accuracy on gold validation snippets grows with optimisation steps."""
    ends: list[tuple[str, float, str]] = []
    said = []
    last = _last_step(results["curves"])
    for i, (key, curve) in enumerate(_in_order(results["curves"]).items()):
        line = _series(curve, "gold")
        if not line:
            continue
        name, colour = arm_name(key), ARM_COLOURS.get(key, INK)
        _draw(ax, line, colour, shift=0.008 * i * last, marker="o", ls="-")
        ends.append((name, line[-1][1]["value"], colour))
        said.append(f"{name} {percent(line[0][1]['value'])} at step {line[0][0]}, {_last(line)}")
    percent_axis(ax, "y", "validation snippets fully right")
    _step_axis(ax, last)
    at_line_end(ax, ends, 1.03 * last, 0.12)
    frame(ax, "What another step of training is worth", left=True)
    return Plot(
        ax,
        f"Lines: accuracy on validation snippets, judged against the truth, over training steps. "
        f"{'; '.join(said) or 'No curve was recorded'}.",
        f"One step is one update of the weights. {INTERVALS}",
    )


def early_stopping(results: Results, ax: Axes, arm: str = "weak_to_strong") -> Plot:
    """One arm judged by the truth and by the teacher's own answers, and where each would stop the training.

    Without gold one can only watch agreement with the teacher. If that still rises where the truth falls,
    the student is learning its teacher's errors.
    """
    curve = results["curves"].get(arm, [])
    kinds = (("gold", "true", "-", "o"), ("weak", "the same as the teacher's", "--", "s"))
    last = _last_step({arm: curve})
    ends: list[tuple[str, float, str]] = []
    said = []
    best: dict[str, int] = {}
    for kind, name, dashes, marker in kinds:
        line, colour = _series(curve, kind), ARM_COLOURS[arm if kind == "gold" else "weak"]
        if not line:
            continue
        shift = 0.008 * last * len(ends)
        _draw(ax, line, colour, shift=shift, marker=marker, ls=dashes)
        step, height = max(((step, e["value"]) for step, e in line), key=lambda point: point[1])
        if len(line) > 1:  # one point is no choice of when to stop
            circle: dict[str, Any] = {
                "marker": "o",
                "ms": 13,
                "mfc": "none",
                "mec": INK,
                "mew": 1.4,
                "ls": "none",
            }
            ax.plot([step + shift], [height], clip_on=False, **circle)
            best[kind] = step
        ends.append((name, line[-1][1]["value"], colour))
        said.append(f"{name}: best {percent(height)} at step {step}, {_last(line)}")
    percent_axis(ax, "y", "answers on validation snippets")
    _step_axis(ax, last)
    at_line_end(ax, ends, 1.03 * last, 0.15)
    frame(ax, _stopping_title(best), left=True)
    return Plot(
        ax,
        f"Lines: the {arm_name(arm)}'s answers on validation snippets over training steps. "
        f"{'; '.join(said) or 'No curve was recorded'}.",
        "Circles mark the first step with the best value: where each measure would stop the training. "
        f"{INTERVALS}",
    )


def _stopping_title(best: Mapping[str, int]) -> str:
    if set(best) != {"gold", "weak"}:
        return "Where to stop the training"
    if best["gold"] == best["weak"]:
        return f"Best step by truth and teacher: {best['gold']}"
    return f"Best step: {best['gold']} by truth, {best['weak']} by teacher"


def _in_order(by_arm: Mapping[str, Any]) -> dict[str, Any]:
    """Arms in their usual order, whatever else there is after them."""
    return {key: by_arm[key] for key in (*ARMS, *sorted(set(by_arm) - set(ARMS))) if key in by_arm}


def _series(curve: Sequence[Mapping[str, Any]], kind: str) -> list[tuple[int, Mapping[str, Any]]]:
    return [(point["step"], point[kind]) for point in curve if point[kind]["value"] is not None]


def _last(line: Sequence[tuple[int, Mapping[str, Any]]]) -> str:
    return f"{with_interval(line[-1][1])} at the last step, {line[-1][0]}"


def _last_step(by_arm: Mapping[str, Sequence[Mapping[str, Any]]]) -> int:
    return max((point["step"] for curve in by_arm.values() for point in curve), default=1)


def _draw(
    ax: Axes, line: Sequence[tuple[int, Mapping[str, Any]]], colour: str, *, shift: float, **looks: Any
) -> None:
    """A line with intervals, shifted by a little so that those of several lines stand side by side."""
    xs = [step + shift for step, _ in line]
    ax.plot(xs, [estimate["value"] for _, estimate in line], color=colour, lw=2, ms=5, zorder=5, **looks)
    for x, (_, estimate) in zip(xs, line, strict=True):
        interval(ax, x, estimate["ci95"], horizontal=False, colour=colour)


def _step_axis(ax: Axes, last: int) -> None:
    """Steps from 0 to the last one measured; the room to the right of it is for the lines' names."""
    ax.set_xticks([step for step in MaxNLocator(5, integer=True).tick_values(0, last) if 0 <= step <= last])
    ax.set_xlim(0, 1.5 * last)
    ax.spines["bottom"].set_bounds(0, last)
    ax.set_xlabel("training steps", loc="left")
