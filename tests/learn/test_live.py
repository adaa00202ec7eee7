"""Claims about training to watch: what is drawn when, and that the second call shows the same at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from matplotlib.figure import Figure

from w2s_course.arms.files import CURVE, read_rows
from w2s_course.learn import live
from w2s_course.learn.friendly import Friendly
from w2s_course.learn.live import LossCurve, live_finetune, loss_curve


def test_the_curve_has_a_loss_for_each_step_and_ends_with_its_words(lesson, capsys):
    curve = live_finetune(lesson)
    assert isinstance(curve, LossCurve)
    assert len(curve.losses) == lesson.config.strong_steps == 4
    assert [step for step, _ in curve.checkpoints] == list(lesson.config.checkpoints)
    assert curve.checkpoints[-1][1] == pytest.approx(sum(curve.losses[2:]) / 2)
    assert curve.alt in capsys.readouterr().out
    assert repr(curve) == curve.alt


def test_a_second_call_computes_nothing_and_shows_the_same(lesson, capsys, monkeypatch):
    first = live_finetune(lesson, "ceiling")
    capsys.readouterr()
    monkeypatch.setattr("w2s_course.arms.strong.finetune", lambda *a, **k: pytest.fail("trained again"))
    assert live_finetune(lesson, "ceiling") == first
    assert "from the cache" in capsys.readouterr().out


def test_what_was_watched_is_the_stage_that_the_run_uses(lesson):
    curve = live_finetune(lesson, "strong_on_gold")
    assert curve.folder == lesson.stage("strong_on_gold")
    rows = read_rows(curve.folder / CURVE)
    assert [loss for row in rows for loss in row["losses"]] == list(curve.losses)


class Handle:
    def __init__(self, shown: list) -> None:
        self.shown = shown

    def update(self, bundle, raw) -> None:
        self.shown.append(bundle)


@pytest.fixture
def shown(monkeypatch) -> list[dict]:
    """What a notebook would show: one dictionary a picture."""
    import IPython.core.getipython
    import IPython.display

    pictures: list[dict] = []

    def display(bundle, raw, display_id):
        pictures.append(bundle)
        return Handle(pictures)

    monkeypatch.setattr(IPython.core.getipython, "get_ipython", object)
    monkeypatch.setattr(IPython.display, "display", display)
    return pictures


def test_somebody_watching_sees_it_grow_in_one_place(lesson, shown, monkeypatch):
    monkeypatch.setattr(live, "is_interactive", lambda: True)
    monkeypatch.setattr(live, "SLOWDOWN", 1e9)
    fresh = replace(lesson, config=replace(lesson.config, seed=11))
    curve = live_finetune(fresh, "ceiling", every=0.0)
    assert len(shown) == fresh.config.strong_steps + 1
    assert all(picture["image/png"].startswith(b"\x89PNG") for picture in shown)
    assert "1 of 4 training steps" in shown[0]["text/plain"]
    assert shown[-1]["text/plain"] == curve.alt


def test_headless_one_figure_is_drawn_at_the_end(lesson, shown):
    live_finetune(replace(lesson, config=replace(lesson.config, seed=12)), "ceiling")
    assert len(shown) == 1


def test_drawing_takes_a_small_share_of_the_time_only(monkeypatch):
    monkeypatch.setattr(live, "is_interactive", lambda: True)
    now = [0.0]
    monkeypatch.setattr(live.time, "perf_counter", lambda: now[0])
    canvas = live._Canvas("ceiling", 100, every=1.0)
    drawn = []

    def slow(losses):
        drawn.append(len(losses))
        now[0] += 0.5

    monkeypatch.setattr(canvas, "_draw", slow)
    for step in range(1, 101):
        now[0] += 0.25
        canvas.on_step(step, 1.0)
    assert 0.5 * len(drawn) <= 0.07 * now[0]


def test_an_arm_that_is_not_fine_tuned_is_one_friendly_line(lesson):
    with pytest.raises(Friendly, match=r"Unknown fine-tuned arm 'control'. Known: ceiling, strong_on_gold"):
        live_finetune(lesson, "control")


def test_the_plot_keeps_its_axis_while_the_curve_grows_and_says_where_it_stands():
    plot = loss_curve([2.0, 1.0, 0.5], 125, Figure().subplots())
    assert plot.axes.get_xlim() == (0, 126)
    assert plot.axes.get_title(loc="left") == "Loss 1.17 after 3 of 125 steps"
    assert "from 2.00 at the first step to 1.17 (mean of the last 3)" in plot.alt


def test_a_plot_without_steps_and_a_loss_that_rises_are_told_as_such():
    assert "no step has been made yet" in loss_curve([], 5, Figure().subplots()).alt
    assert "does not fall" in loss_curve([0.5, 0.9], 2, Figure().subplots()).alt
