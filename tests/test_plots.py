"""The plots: one colour an arm, intervals drawn, numbers computed, nothing undefined drawn as zero."""

import copy
import re
import subprocess
import sys
from itertools import combinations

import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.figure import Figure

from w2s_course import plots
from w2s_course.errors import UsageError
from w2s_course.findings import ARMS
from w2s_course.plots import drawing
from w2s_course.seeds import summary

UNMEASURED = {"value": None, "ci95": None, "n": 0}


@pytest.fixture
def ax():
    return Figure((plots.WIDTH, 4.5), layout="constrained").subplots()


def texts(ax: Axes) -> str:
    return "\n".join(text.get_text() for text in [*ax.texts, ax.title, ax._left_title])


def bars(ax: Axes) -> list[tuple[str, float, float]]:
    """(colour, left, width) of each horizontal bar."""
    boxes = [box for group in ax.containers if isinstance(group, BarContainer) for box in group]
    return [(to_hex(box.get_facecolor()), box.get_x(), box.get_width()) for box in boxes]


def intervals(ax: Axes) -> list[tuple[float, float, float, float]]:
    """(x0, y0, x1, y1) of each interval."""
    found = []
    for group in ax.containers:
        if isinstance(group, ErrorbarContainer):
            (x0, y0), (x1, y1) = group.lines[2][0].get_segments()[0]
            found.append((x0, y0, x1, y1))
    return found


def line(ax: Axes, colour: str, style: str = "-") -> list[float]:
    lines = [one for one in ax.lines if to_hex(one.get_color()) == colour and one.get_linestyle() == style]
    return list(lines[0].get_ydata())


def walk(value):
    """Every estimate in a results dictionary."""
    if isinstance(value, dict):
        if set(value) == {"value", "ci95", "n"}:
            yield value
        else:
            for item in value.values():
                yield from walk(item)
    elif isinstance(value, list):
        for item in value:
            yield from walk(item)


@pytest.fixture
def unmeasured_results(sample_results):
    for estimate in list(walk(sample_results)):
        estimate.update(UNMEASURED)
    sample_results["pgr"] |= {"raw": None, "clamped": None, "ci95": None, "status": "no gap"}
    return sample_results


@pytest.fixture
def five_runs(sample_results):
    runs = []
    for seed, shift in enumerate((0.0, 0.02, -0.03, 0.01, 0.03)):
        run = copy.deepcopy(sample_results)
        run["config"]["seed"] = seed
        run["arms"]["weak_to_strong"]["exact"]["value"] += shift
        runs.append(run)
    return runs


# --- all of them


def test_importing_the_plots_leaves_pyplot_and_the_users_backend_alone():
    check = (
        "import sys, matplotlib\n"
        "import w2s_course\n"
        "assert 'w2s_course.plots' not in sys.modules\n"
        "import w2s_course.plots, w2s_course.report\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
        "assert matplotlib.get_backend(auto_select=False) is None\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", check], check=True)


@pytest.mark.parametrize("name", plots.FIGURES)
def test_a_plot_draws_on_the_given_axes_and_describes_its_finding(name, sample_results, ax):
    plot = plots.FIGURES[name].draw(sample_results, ax)
    assert plot.axes is ax
    assert ax.has_data()
    assert re.search(r"\d", plot.alt), "an alt text states the finding with its numbers"
    assert plot.alt.endswith(".")
    assert "None" not in plot.alt + plot.caption + texts(ax)
    assert ax.get_legend() is None, "direct labels instead of a legend"


@pytest.mark.parametrize("name", plots.FIGURES)
def test_a_plot_does_not_change_the_results(name, sample_results, ax):
    before = copy.deepcopy(sample_results)
    plots.FIGURES[name].draw(sample_results, ax)
    assert sample_results == before


@pytest.mark.parametrize("name", plots.FIGURES)
def test_values_that_were_not_measured_are_called_undefined_or_left_out(name, unmeasured_results, ax):
    plot = plots.FIGURES[name].draw(unmeasured_results, ax)
    ax.figure.draw_without_rendering()
    assert "None" not in plot.alt + plot.caption + texts(ax)
    if name in {"arms", "errors"}:
        assert "undefined" in plot.alt
        assert all(width == 0 for _, _, width in bars(ax))


@pytest.mark.parametrize("name", plots.FIGURES)
def test_a_run_that_recorded_nothing_still_draws(name, sample_results, ax):
    sample_results["curves"] = {}
    sample_results["cost"] |= {"stages": {}, "assumptions": {}}
    sample_results["cost"]["per_1000_labels"] = {"weak": 0, "strong": 0, "human": 0}
    sample_results["errors"]["by_slot"] = {}
    sample_results["labels"]["reliability"] = []
    plots.FIGURES[name].draw(sample_results, ax)
    ax.figure.draw_without_rendering()


@pytest.mark.parametrize("name", plots.FIGURES)
def test_no_text_of_a_report_figure_overlaps_another_or_is_cut_off(name, sample_results):
    with plots.style():
        figure = Figure((plots.WIDTH, plots.FIGURES[name].height), layout="constrained")
        ax = plots.FIGURES[name].draw(sample_results, figure.subplots()).axes
        figure.draw_without_rendering()
    ticks = [
        text
        for axis in (ax.xaxis, ax.yaxis)
        for tick in axis.get_major_ticks()
        if (text := tick.label1).get_visible()
    ]
    shown = [*ax.texts, *ticks, ax._left_title, ax.xaxis.label, ax.yaxis.label]
    boxes = [(text.get_text(), text.get_window_extent()) for text in shown if text.get_text()]
    for text, box in boxes:
        assert figure.bbox.x0 <= box.x0 + 1, text
        assert box.x1 - 1 <= figure.bbox.x1, text
    for (one, a), (other, b) in combinations(boxes, 2):
        assert not a.padded(-1).overlaps(b.padded(-1)), (one, other)


def test_every_text_is_large_enough_to_read(sample_results):
    for spec in plots.FIGURES.values():
        with plots.style():
            ax = spec.draw(sample_results, Figure((plots.WIDTH, spec.height)).subplots()).axes
        sizes = [text.get_fontsize() for text in [*ax.texts, *ax.get_xticklabels(), *ax.get_yticklabels()]]
        assert min(sizes) >= drawing.SMALL


# --- colours


def test_every_arm_has_one_colour_and_no_two_share_it():
    assert set(plots.ARM_COLOURS) == set(ARMS)
    assert len(set(plots.ARM_COLOURS.values())) == len(ARMS)
    assert drawing.YELLOW not in plots.ARM_COLOURS.values()


def test_an_arm_has_the_same_colour_in_every_plot(sample_results):
    blue = plots.ARM_COLOURS["weak_to_strong"]
    bar_axes = plots.arms(sample_results, Figure().subplots()).axes
    assert (blue, 0, 0.67) in bars(bar_axes)
    curve_axes = plots.curves(sample_results, Figure().subplots()).axes
    assert line(curve_axes, blue)[-1] == 0.67
    stage_axes = plots.stages(sample_results, Figure().subplots()).axes
    assert {width for colour, _, width in bars(stage_axes) if colour == blue} == {158, 24, 25}


def test_text_on_coloured_bars_has_enough_contrast():
    def luminance(colour: str) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for ground in (plots.ARM_COLOURS["weak"], drawing.YELLOW, drawing.GREY, drawing.PALE):
        contrast = (luminance(ground) + 0.05) / (luminance(drawing.ON_COLOUR) + 0.05)
        assert contrast >= 4.5  # WCAG 2.2, level AA


# --- the arms


def test_the_arms_are_drawn_as_long_as_their_accuracy_with_their_intervals(sample_results, ax):
    plots.arms(sample_results, ax)
    drawn = {colour: width for colour, left, width in bars(ax) if left == 0}
    spans = [(round(x0, 4), round(x1, 4)) for x0, _, x1, _ in intervals(ax)]
    for arm, colour in plots.ARM_COLOURS.items():
        estimate = sample_results["arms"][arm]["exact"]
        assert drawn[colour] == estimate["value"]
        assert tuple(estimate["ci95"]) in spans


def test_the_gap_that_pgr_divides_is_visible(sample_results, ax):
    plot = plots.arms(sample_results, ax)
    assert any(left == 0.5 and width == pytest.approx(0.45) for _, left, width in bars(ax))
    assert any(left == 0.5 and width == pytest.approx(0.17) for _, left, width in bars(ax))
    assert {tuple(one.get_xdata()) for one in ax.lines} >= {(0.5, 0.5), (0.95, 0.95)}
    assert "Gap 45.0 points, of which 17.0 points came back.\nPGR 0.38" in texts(ax)
    assert "PGR 0.38 (95% interval 0.25 to 0.51)" in plot.alt


def test_an_undefined_pgr_is_not_shown_as_a_number(sample_results, ax):
    sample_results["pgr"] |= {"raw": 0.4, "clamped": 0.4, "ci95": None, "status": "gap within noise"}
    plot = plots.arms(sample_results, ax)
    assert "PGR undefined" in texts(ax)
    assert "PGR is undefined (gap within noise)" in plot.alt
    assert "0.40" not in texts(ax) + plot.alt


def test_a_ceiling_below_the_teacher_is_said_to_leave_no_gap(sample_results, ax):
    sample_results["arms"]["ceiling"]["exact"] |= {"value": 0.4, "ci95": [0.33, 0.47]}
    sample_results["pgr"] |= {"raw": None, "clamped": None, "ci95": None, "status": "no gap"}
    plot = plots.arms(sample_results, ax)
    assert "The ceiling is 10.0 points below the teacher: no gap.\nPGR undefined" in texts(ax)
    assert "no gap" in plot.alt


@pytest.mark.parametrize(
    ("gain", "title"),
    [
        ({"value": 0.17, "ci95": [0.11, 0.23], "n": 200}, "The student leads by 17.0 points"),
        ({"value": 0.02, "ci95": [-0.03, 0.07], "n": 200}, "No clear lead of student over teacher"),
        ({"value": -0.08, "ci95": [-0.14, -0.02], "n": 200}, "The student trails by 8.0 points"),
        (UNMEASURED, "How often each arm is fully right"),
    ],
)
def test_the_title_claims_no_more_than_the_interval_allows(gain, title, sample_results, ax):
    sample_results["gain"] = gain
    plots.arms(sample_results, ax)
    assert title in texts(ax)


# --- the curves


def test_both_stopping_points_are_marked_where_they_are(sample_results, ax):
    plot = plots.early_stopping(sample_results, ax)
    circles = [one for one in ax.lines if one.get_markersize() == 13]
    assert [round(one.get_xdata()[0]) for one in circles] == [
        94,
        126,
    ]  # the second line is shifted by one step
    assert [one.get_ydata()[0] for one in circles] == [0.71, 0.62]
    assert "true: best 71.0% at step 94" in plot.alt
    assert "the same as the teacher's: best 62.0% at step 125" in plot.alt


def test_of_equally_good_steps_the_first_one_is_the_stopping_point(sample_results, ax):
    for point in sample_results["curves"]["weak_to_strong"]:
        point["gold"]["value"] = 0.5
    assert "true: best 50.0% at step 31" in plots.early_stopping(sample_results, ax).alt


def test_a_curve_of_one_point_offers_no_choice_of_when_to_stop(sample_results, ax):
    del sample_results["curves"]["weak_to_strong"][1:]
    plots.early_stopping(sample_results, ax)
    assert "Where to stop the training" in texts(ax)
    assert not [one for one in ax.lines if one.get_markersize() == 13]


def test_a_point_that_was_not_measured_is_left_out_of_its_line(sample_results, ax):
    sample_results["curves"]["ceiling"][1]["gold"] = UNMEASURED
    plots.curves(sample_results, ax)
    assert line(ax, plots.ARM_COLOURS["ceiling"]) == [0.50, 0.92, 0.96]


def test_the_stopping_plot_can_show_another_arm(sample_results, ax):
    assert "the ceiling's answers" in plots.early_stopping(sample_results, ax, arm="ceiling").alt


# --- errors and labels


def test_the_parts_of_the_teachers_wrong_claims_add_up_to_all_of_them(sample_results, ax):
    plot = plots.errors(sample_results, ax)
    first = [(left, width) for _, left, width in bars(ax)][:3]
    (whole_left, whole), (corrected_left, corrected), (inherited_left, inherited) = first
    assert (whole_left, whole) == (0, 1)
    assert (inherited_left, inherited) == (0, 0.25)
    assert corrected_left + corrected == pytest.approx(1)
    assert corrected == pytest.approx(0.66)
    assert "9.0% otherwise wrong" in plot.alt


def test_every_slot_has_its_own_pair_of_bars(sample_results, ax):
    plot = plots.errors(sample_results, ax)
    for slot, ledger in sample_results["errors"]["by_slot"].items():
        assert slot in texts(ax)
        assert f"{slot}: of {ledger['inherited']['n']} wrong claims" in plot.alt
    assert len(ax.get_yticks()) == 2 * (1 + len(sample_results["errors"]["by_slot"]))


@pytest.mark.parametrize(
    ("confidence", "mood"),
    [(0.62, "11.6 points too sure"), (0.35, "15.4 points too unsure"), (0.51, "as sure")],
)
def test_reliability_says_whether_the_teacher_is_too_sure(confidence, mood, sample_results, ax):
    sample_results["labels"]["confidence"] = confidence
    plots.reliability(sample_results, ax)
    assert mood in texts(ax).replace("\n", " ")


def test_reliability_draws_an_interval_for_each_group_of_labels(sample_results, ax):
    plots.reliability(sample_results, ax)
    assert len(intervals(ax)) == len(sample_results["labels"]["reliability"])


# --- cost


def test_prices_stand_on_a_log_scale_with_their_assumptions(sample_results, ax):
    plot = plots.cost(sample_results, ax)
    assert ax.get_xscale() == "log"
    for price in ("$0.00011", "$1.45", "$2,000"):
        assert price in texts(ax)
        assert price in plot.alt
    for assumption in sample_results["cost"]["assumptions"].values():
        assert f"{assumption['value']:g} {assumption['unit']}" in plot.caption


def test_stages_follow_one_another_without_gap(sample_results, ax):
    plots.stages(sample_results, ax)
    end = 0.0
    for _, left, width in bars(ax):
        assert left == pytest.approx(end)
        end = left + width
    assert end == pytest.approx(sum(s["seconds"] for s in sample_results["cost"]["stages"].values()))


def test_a_stage_of_a_name_that_nobody_foresaw_is_drawn_too(sample_results, ax):
    sample_results["cost"]["stages"] = {"warm_up": {"tokens": 0, "flops": 0, "seconds": 5, "money": 0}}
    assert "warm up 5.0 s" in plots.stages(sample_results, ax).alt


# --- seeds


def test_seeds_gives_the_mean_gain_with_its_t_interval(five_runs, ax):
    plot = plots.seeds(five_runs, ax)
    # gains .17 .19 .14 .18 .20: mean .176, s = .023022, t(4) = 2.7764, half-width .028585
    assert "a gain of 17.6 points (95% interval 14.7 to 20.5 points, above zero)" in plot.alt
    assert len([one for one in ax.lines if len(one.get_xdata()) == 3]) == 5
    for seed in range(5):
        assert f"seed {seed}" in texts(ax)


def test_gains_are_drawn_and_told_seed_by_seed_and_the_mean_last(five_runs, ax):
    for run in five_runs:
        weak, student = (run["arms"][arm]["exact"]["value"] for arm in ("weak", "weak_to_strong"))
        run["gain"] = {
            "value": student - weak,
            "ci95": [student - weak - 0.07, student - weak + 0.07],
            "n": 200,
        }
    plot = plots.gains(five_runs, ax)
    drawn = [one.get_xdata()[0] for one in ax.lines if one.get_marker() == "o"]
    gains = [run["gain"]["value"] for run in five_runs]
    assert drawn == pytest.approx([*gains, sum(gains) / 5])
    assert "seed 3 18.0 points (+11.0 to +25.0)" in plot.alt
    assert str(found := summary(five_runs)) in plot.alt
    assert [list(one.get_xdata()) for one in ax.lines if one.get_linewidth() == 4] == [list(found.gain_ci95)]


def test_one_seed_has_a_gain_but_no_interval(sample_results, ax):
    assert "one seed has no interval" in plots.seeds([sample_results], ax).alt
    assert "one seed has no interval" in plots.gains([sample_results], Figure().subplots()).alt


def test_seeds_of_different_configurations_are_not_averaged(five_runs, ax):
    five_runs[3]["config"]["strong_model"] = "smollm2-360m"
    with pytest.raises(UsageError, match=r"strong_model is 'smollm2-135m' in one, 'smollm2-360m' in another"):
        plots.seeds(five_runs, ax)
