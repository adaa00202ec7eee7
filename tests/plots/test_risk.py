"""The plots of the risk: what is drawn is what was measured, and the words say the same."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure

from w2s_course import plots
from w2s_course.agreement import Misfit
from w2s_course.errors import UsageError
from w2s_course.metrics import Estimate
from w2s_course.plots import drawing, risk

NOTHING = Estimate(None, None, 0)


def about(value: float, half: float = 0.05) -> Estimate:
    return Estimate(value, (value - half, value + half), 200)


def student(corrected: float, broken: float, otherwise: float) -> Misfit:
    parts = [about(x) for x in (corrected, broken, otherwise)]
    return Misfit(about(corrected + broken + otherwise), about(corrected - broken), *parts)


SIZES = (250, 500, 1000, 2000)
LINES = {
    "weak_to_strong": [(x, about(y)) for x, y in zip(SIZES, (0.40, 0.55, 0.62, 0.63), strict=True)],
    "ceiling": [(x, about(y)) for x, y in zip(SIZES, (0.60, 0.80, 0.92, 0.94), strict=True)],
    "random errors": [(x, about(y)) for x, y in zip(SIZES, (0.30, 0.50, 0.70, 0.80), strict=True)],
}
STUDENTS = {
    "naive": student(0.25, 0.05, 0.10),
    "confidence loss": student(0.30, 0.02, 0.05),
    "control": student(0.04, 0.12, 0.20),
}
PARTS = {"inherited": about(0.3), "corrected": about(0.5), "invented": about(0.06)}


def curve() -> list[dict[str, object]]:
    def plain(value: float) -> dict[str, object]:
        return {"value": value, "ci95": [value - 0.08, value + 0.08], "n": 48}

    rows = ((31, 0.42, 0.33), (62, 0.60, 0.50), (94, 0.71, 0.56), (125, 0.67, 0.62))
    return [{"step": s, "loss": 0.3, "gold": plain(g), "weak": plain(w)} for s, g, w in rows]


DRAWN = {
    "curves": lambda ax: risk.curves_against(LINES, ax, x="weak labels", title="A plateau", log=True),
    "linear": lambda ax: risk.curves_against(LINES, ax, x="weak labels", title="A plateau"),
    "ledger": lambda ax: risk.ledger({"while": PARTS, "loop": PARTS}, PARTS, ax),
    "misfit": lambda ax: risk.gain_against_misfit(STUDENTS, ax),
    "stopping": lambda ax: risk.stopping(curve(), ax),
}


@pytest.fixture
def ax() -> Axes:
    return Figure((plots.WIDTH, 5.5), layout="constrained").subplots()


def intervals(ax: Axes) -> int:
    return sum(isinstance(group, ErrorbarContainer) for group in ax.containers)


@pytest.mark.parametrize("name", DRAWN)
def test_each_plot_takes_axes_and_returns_them_with_words(name, ax):
    plot = DRAWN[name](ax)
    assert plot.axes is ax
    assert len(plot.alt) > 80
    assert "None" not in plot.alt + plot.caption
    assert intervals(ax) >= 3


@pytest.mark.parametrize("name", DRAWN)
def test_no_text_overlaps_another_or_is_too_small(name):
    with plots.style():
        figure = Figure((plots.WIDTH, 5.5), layout="constrained")
        ax = DRAWN[name](figure.subplots()).axes
        figure.draw_without_rendering()
    ticks = [
        t.label1 for axis in (ax.xaxis, ax.yaxis) for t in axis.get_major_ticks() if t.label1.get_visible()
    ]
    shown = [t for t in (*ax.texts, *ticks, ax._left_title, ax.xaxis.label) if t.get_text()]
    assert min(t.get_fontsize() for t in shown) >= drawing.SMALL
    boxes = [(t.get_text(), t.get_window_extent()) for t in shown]
    for (one, a), (other, b) in combinations(boxes, 2):
        assert not a.padded(-1).overlaps(b.padded(-1)), (one, other)


def test_curves_are_what_was_measured_with_an_interval_a_point(ax):
    plot = DRAWN["curves"](ax)
    blue = [one for one in ax.lines if to_hex(one.get_color()) == plots.ARM_COLOURS["weak_to_strong"]]
    assert any(list(one.get_ydata()) == [0.40, 0.55, 0.62, 0.63] for one in blue)
    assert intervals(ax) == 12
    assert "62.0% (57.0% to 67.0%) at 1000" in plot.alt
    assert ax.get_xscale() == "log"


def test_only_arms_have_the_colours_of_arms(ax):
    DRAWN["curves"](ax)
    colours = {to_hex(one.get_color()) for one in ax.lines if list(one.get_ydata())[:1] == [0.30]}
    assert colours == {drawing.INK}


def bars(ax: Axes) -> list[float]:
    """Where the intervals stand, in points of the page."""
    found = [group for group in ax.containers if isinstance(group, ErrorbarContainer)]
    places = [group.lines[2][0].get_segments()[0][0] for group in found]
    return sorted(float(ax.transData.transform(place)[0]) * 72 / ax.figure.dpi for place in places)


@pytest.mark.parametrize("log", [False, True])
def test_intervals_of_two_lines_at_one_place_stand_apart(log):
    ax = Figure((6.5, 4), layout="constrained").subplots()  # as in the lessons
    two = {mode: [(x, about(y)) for x in (1, 2, 3)] for mode, y in (("replace", 0.3), ("accumulate", 0.32))}
    plot = risk.curves_against(two, ax, x="generation", title="t", log=log)
    ax.figure.draw_without_rendering()
    caps = 6  # points, as wide as an interval's ends
    assert all(right - left > caps for left, right in pairwise(bars(ax)))
    assert plot.alt.count(" at 2") == 2
    assert "side by side" in plot.caption


def test_a_single_line_stands_where_it_was_measured(ax):
    risk.curves_against({"a": [(1, about(0.3)), (3, about(0.4))]}, ax, x="k", title="t")
    assert [list(one.get_xdata()) for one in ax.lines if one.get_marker() == "o"] == [[1, 3]]


def test_lines_that_are_no_arms_differ_in_more_than_a_shade_of_grey(ax):
    risk.curves_against(dict.fromkeys("abcd", LINES["ceiling"]), ax, x="k", title="t")
    drawn = [one for one in ax.lines if len(one.get_xdata()) == len(SIZES)]
    assert len({one.get_linestyle() for one in drawn}) == len({one.get_marker() for one in drawn}) == 4
    assert to_hex(drawn[0].get_markerfacecolor()) == drawing.INK
    assert to_hex(drawn[1].get_markerfacecolor()) == drawing.PAPER


def test_points_that_were_not_measured_are_left_out_and_never_zero(ax):
    plot = risk.curves_against(
        {"a": [(1, NOTHING), (2, about(0.5))], "b": [(1, NOTHING)]}, ax, x="k", title="t"
    )
    assert "at 1" not in plot.alt
    assert [list(one.get_ydata()) for one in ax.lines if one.get_marker() == "o"] == [[0.5]]
    empty = risk.curves_against({}, Figure().subplots(), x="k", title="t")
    assert "Nothing was measured" in empty.alt


def test_the_ledger_shows_each_group_beside_the_whole(ax):
    plot = DRAWN["ledger"](ax)
    assert [text.get_text() for text in ax.texts if text.get_text() in ("all claims", "while", "loop")] == [
        "all claims",
        "while",
        "loop",
    ]
    assert "while: of 200 wrong claims 30.0% (25.0% to 35.0%) inherited" in plot.alt


def test_gain_stands_against_misfit_and_only_clear_gains_are_counted(ax):
    plot = DRAWN["misfit"](ax)
    places = {
        (round(one.get_xdata()[0], 2), round(one.get_ydata()[0], 2))
        for one in ax.lines
        if one.get_marker() == "o"
    }
    assert {(0.40, 0.20), (0.37, 0.28), (0.36, -0.08)} <= places
    assert "2 of 3 students" in ax._left_title.get_text()
    assert "gain -8.0 points (-13.0 to -3.0)" in plot.alt
    unclear = Figure().subplots()
    risk.gain_against_misfit({"naive": student(0.10, 0.08, 0.1)}, unclear)
    assert "0 of 1 student" in unclear._left_title.get_text()


def test_both_stopping_points_are_marked_and_their_cost_is_said(ax):
    plot = DRAWN["stopping"](ax)
    circled = {one.get_xdata()[0] for one in ax.lines if one.get_markersize() == 13}
    assert len(circled) == 2
    assert "step 125) instead of the truth (step 94) loses 4.0 points" in plot.alt
    with pytest.raises(UsageError, match="no stopping points"):
        risk.stopping([], ax)
