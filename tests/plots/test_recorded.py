"""Plots of recorded rows: what is measured is drawn, what is missing is left out and said."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import matplotlib.colors
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from w2s_course import plots
from w2s_course.evidence.measured import Setting, measured
from w2s_course.learn.frontier import explore, recorded_worth
from w2s_course.learn.recorded_rows import Told, told
from w2s_course.plots.drawing import ARM_COLOURS, NOT_YET
from w2s_course.plots.frontier import gold_equivalent, pareto
from w2s_course.plots.recorded import NOTHING, gain_against_misfit_of, line_of, side_by_side
from w2s_course.plots.risk import curves_against
from w2s_course.recorded import recorded_runs
from w2s_course.wording import WIDTH


@pytest.fixture
def ax() -> Axes:
    return Figure(figsize=(6.5, 4), layout="constrained").subplots()


def test_groups_stand_beside_each_other_and_missing_ones_are_left_out(ax):
    found = {"labels right": {"by rule": measured({0: 0.5, 1: 0.7}), "at random": None}}
    drawn = side_by_side(found, ax, "One group")
    assert drawn.axes is ax
    assert drawn.alt == "Marks: labels right: by rule 60.0% (0.0% to 100.0%; 2 seeds)."


def test_an_arm_has_its_own_colour_and_name(ax):
    drawn = side_by_side({"right": {"weak": measured({0: 0.4}), "x": measured({0: 0.2})}}, ax, "Arms")
    assert "weak teacher 40.0%" in drawn.alt
    assert ax.lines[-2].get_markerfacecolor() == ARM_COLOURS["weak"]


def test_nothing_recorded_is_said(ax):
    assert side_by_side({}, ax, "Nothing").alt == NOTHING
    assert gain_against_misfit_of({}, ax).alt == NOTHING


def test_one_departure_that_is_no_correction_puts_a_student_below_its_misfit(ax):
    rows = [
        {"misfit": 0.5, "gain": 0.2, "gain_low": 0.1, "gain_high": 0.3},
        {"misfit": 0.5, "gain": 0.495, "gain_low": 0.4, "gain_high": 0.55},
        {"misfit": 0.3, "gain": 0.1 + 0.2, "gain_low": 0.2, "gain_high": 0.4},
    ]
    drawn = gain_against_misfit_of({"weak_to_strong": rows}, ax)
    assert "2 of 3 lie below" in drawn.alt
    points = [line for line in ax.lines if line.get_marker() == "o"]
    assert {matplotlib.colors.to_hex(p.get_color()) for p in points} == {ARM_COLOURS["weak_to_strong"]}


def test_a_line_goes_by_x_and_leaves_out_what_is_missing():
    line = line_of({500: measured({0: 0.6}), 125: measured({0: 0.4}), 250: None})
    assert [(x, estimate.value) for x, estimate in line] == [(125, 0.4), (500, 0.6)]


def title_of(ax: Axes) -> str:
    return ax._left_title.get_text().replace("\n", " ")


def drawn_with(plot: str, found: dict, title: str) -> str:
    ax = Figure(figsize=(6.5, 4), layout="constrained").subplots()
    if plot == "curves":
        curves_against({"weak": line_of(found)}, ax, x="gold pairs", title=title)
    else:
        side_by_side({"right": {"weak": found.get(300), "by rule": found.get(300)}}, ax, title)
    return title_of(ax)


@pytest.mark.parametrize(
    ("plot", "without_finding"),
    [("curves", "Accuracy against gold pairs"), ("side by side", "Side by side: weak teacher and by rule")],
)
def test_a_title_is_the_finding_or_what_is_drawn_and_not_recorded_only_where_nothing_is(
    plot, without_finding
):
    some = {300: measured({0: 0.4, 1: 0.5})}
    assert drawn_with(plot, some, "A finding") == "A finding"
    assert drawn_with(plot, some, "") == without_finding
    assert drawn_with(plot, {300: None}, "A finding") == drawn_with(plot, {}, "") == NOT_YET


def test_no_students_are_no_finding_about_them(ax):
    gain_against_misfit_of({}, ax)
    assert title_of(ax) == NOT_YET


def test_a_claim_that_lacks_rows_gives_no_title_to_a_plot_of_those_that_are_there():
    row = {"preset": "cpu", "pool": 1000, "labels": "weak", "student": "strong", "method": None}
    assert told(Setting("one", "one row", (row,)), "strength").title == ""


def test_what_a_plot_and_a_claim_print_breaks_between_words_alone(ax):
    found = {f"measure {n}": {"weak": measured({0: 0.4, 1: 0.5})} for n in range(6)}
    drawn = side_by_side(found, ax, "Arms")
    said = Told("t", ("A figure",), "A verdict of many words. " * 9)
    for printed, whole in ((str(drawn), drawn.alt), (str(said), f"A figure {said.verdict}")):
        assert max(map(len, printed.splitlines())) <= WIDTH < len(whole)
        assert printed.split() == whole.split()


def test_no_lesson_prints_the_words_of_a_plot_in_one_long_line():
    for path in (Path(__file__).parents[2] / "course").glob("*/lesson.py"):
        raw = re.findall(r"print\((?!wrapped\().*\.(?:alt|caption)\b.*", path.read_text("utf-8"))
        assert raw == [], f"{path.parent.name}: print the plot itself, or wrapped(...)"


def worth(ax: Axes) -> None:
    found = recorded_worth(1000)
    gold_equivalent(found.worth, found.weak, found.curves, ax)


NAMED = {
    "seeds": lambda ax: plots.seeds(recorded_runs("cpu"), ax),
    "bought": lambda ax: pareto(explore(teacher_is_bought=True).placed, ax),
    "already there": lambda ax: pareto(explore(teacher_is_bought=False).placed, ax),
    "worth": worth,
}


def lines_of(ax: Axes) -> dict[str, np.ndarray]:
    """Every line that is drawn, as close points of the page; what leads to a name, under the name."""
    found = {}
    for i, one in enumerate(ax.lines):
        corners = one.get_transform().transform(one.get_xydata())
        along = np.linspace(0, len(corners) - 1, 300)
        found[str(i)] = np.stack([np.interp(along, range(len(corners)), c) for c in corners.T], axis=1)
    for text in ax.texts:
        if getattr(text, "arrow_patch", None) is not None:
            start, end = text.arrow_patch.get_path().vertices[[0, -1]]
            found[text.get_text()] = np.linspace(
                *text.arrow_patch.get_transform().transform([start, end]), 50
            )
    return found


@pytest.mark.parametrize("name", NAMED)
def test_no_name_of_recorded_data_lies_on_a_line_a_mark_or_another_name(name):
    with plots.style():
        figure = Figure((6.5, 4.2), layout="constrained")
        NAMED[name](ax := figure.subplots())
        figure.draw_without_rendering()
    boxes = {text.get_text(): Text.get_window_extent(text).padded(-1.5) for text in ax.texts}
    assert boxes
    for one, box in boxes.items():
        assert not [other for other in boxes if other != one and box.overlaps(boxes[other])]
        for lead, spots in lines_of(ax).items():
            assert lead == one or not any(box.contains(*spot) for spot in spots), (one, lead)


@pytest.mark.parametrize("bought", [True, False])
def test_what_leads_to_names_does_not_cross(bought):
    ax = Figure((6.5, 4.2)).subplots()
    pareto(explore(teacher_is_bought=bought).placed, ax)
    leads = [one.get_xydata() for one in ax.lines if one.get_transform() == ax.transAxes]
    assert len(leads) == len(ax.texts)
    for one, other in combinations(np.linspace(*np.swapaxes(leads, 0, 1), 200, axis=1), 2):
        assert np.hypot(*(one[:, None] - other[None]).T).min() > 0.002
