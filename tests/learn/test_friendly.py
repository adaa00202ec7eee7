"""Calls that anybody may get wrong end in one line that says what to write instead, and in no traceback."""

from __future__ import annotations

import pytest

from w2s_course.learn import activity, audit, check, export_progress, hint, what_if, what_if_panel
from w2s_course.learn.friendly import Friendly, short
from w2s_course.learn.frontier import explore, frontier_explorer
from w2s_course.learn.order import order
from w2s_course.learn.prices import price_sheet
from w2s_course.learn.progress import Progress
from w2s_course.learn.quiz import Option, quiz
from w2s_course.learn.rating import Rated, rate
from w2s_course.learn.rows import Row
from w2s_course.learn.variants import Cohort
from w2s_course.recorded import recorded_runs

ROW = Row(0, "def f(a): return a", "plain", "Returns a.", "Returns a.", ())
pytestmark = pytest.mark.usefixtures("headless")


class Hostile:
    def __repr__(self):
        raise RuntimeError


def bet():
    return quiz("1.bet", "Which?", [Option("a bet", right=True), Option("a game", feedback="No.")])


def steps():
    return order("1.steps", "How?", {"teach": "Teach.", "label": "Label."}, [("teach", "label")])


def rating():
    return rate([Rated("def f(a): return a", "Says.", "true", "Because.", "p 1", "Theirs.")])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: check("1.77"), r"Unknown exercise '1\.77'\. Known: 1\.1, 1\.2"),
        (lambda: check(1.1), r'exercise is text, in quotes: "1\.1"\. What was given is 1\.1, a number'),
        (lambda: check(7.77), r'exercise is text, in quotes: "1\.1"\. What was given is 7\.77'),
        (lambda: check(["1.1"]), r"What was given is \['1\.1'\], a list"),
        (lambda: check(None), "What was given is None, no value"),
        (lambda: check(Hostile()), "What was given is <Hostile>"),
        (
            lambda: check("1.1", ["split"]),
            r'`check\("1\.1"\)` finds `schedule` by itself: leave \[\'split',
        ),
        (lambda: Cohort(3).check(1.1), "exercise is text, in quotes"),
        (lambda: Cohort(3).hint(1.1), "exercise is text, in quotes"),
        (lambda: hint("9.9"), r"Unknown exercise '9\.9'\. Did you mean '9\.\d'\?"),
        (lambda: hint("1.1", 4), r'Exercise 1\.1 has hints 1 to 3; 4 was asked for\. .*hint\("1\.1", 3\)'),
        (lambda: hint("1.1", 0), "hints 1 to 3; 0 was asked for"),
        (lambda: hint("1.1", "2"), "hints 1 to 3; '2' was asked for"),
        (lambda: hint("1.1", True), "hints 1 to 3; True was asked for"),
        (lambda: hint("1.1", 1.5), r"hints 1 to 3; 1\.5 was asked for"),
        (lambda: activity("1.foo"), r"Unknown activity '1\.foo'\."),
        (lambda: activity(1.5), "activity is text, in quotes"),
        (
            lambda: bet().answer(["a", "b"]),
            r"\['a', 'b'\] is a list, .* in quotes, as in answer\(\"a\"\)\. Choose one of a",
        ),
        (lambda: bet().answer(1), "1 is a number, and an answer is a letter in quotes"),
        (lambda: bet().answer(None), "None is no value, and an answer is a letter"),
        (lambda: rating().answer(True), r'True is no rating\. Give one of these, in quotes: "true", "vague"'),
        (lambda: rating().answer([["true"]]), r"\['true'\] is no rating"),
        (
            lambda: steps().judge(None),
            r'a list of keys, such as \["label", "teach", \.\.\.\]; None is no value',
        ),
        (lambda: steps().judge("teach"), "'teach' is text"),
        (lambda: steps().judge([["teach"]]), "Unknown step of 1.steps"),
        (lambda: export_progress(5), r'5 is a number, .*: export_progress\("w2s_progress_export\.json"\)'),
        (lambda: what_if("a", 0.5, 0.6), r"weak is 'a', which is text\. Give a number, as in weak=0\.67"),
        (lambda: what_if(0.5, None, 0.6), "w2s is None, which is no value"),
        (
            lambda: what_if(0.5, 0.5, 0.6, "200"),
            r"n is '200', which is text\. Give a whole number, as in n=200",
        ),
        (lambda: what_if(0.5, 0.5, 0.6, 20.5), r"n is 20\.5, which is a number\. Give a whole number"),
        (lambda: what_if_panel().choose([9]), "Choose seeds among 0, 1"),
        (lambda: audit([ROW]).answer(1), r"True \(right\) or False \(wrong\), not 1"),
        (lambda: audit([ROW]).answer("yes"), r"True \(right\) or False \(wrong\), not 'yes'"),
        (lambda: what_if_panel().choose(9), r"Choose seeds among .*; got 9"),
        (lambda: what_if_panel().change(control=0.5), "no arm 'control'"),
        (lambda: what_if_panel().change(weak="0.5"), "weak is '0.5', which is text"),
        (lambda: explore(budget="700"), r"budget is '700', which is text\. Give a number, as in budget=700"),
        (lambda: explore(gold_share="all"), "gold_share is 'all'"),
        (lambda: explore(labels=[1000]), r"labels is \[1000\], which is a list"),
        (lambda: explore(expert_hour="80"), r"expert_hour is '80', .* as in expert_hour="),
        (lambda: frontier_explorer().change(bugdet=700), "Unknown setting of the explorer 'bugdet'"),
        (lambda: price_sheet(recorded_runs("cpu")[0], expert_hour="80"), "expert_hour is '80'"),
    ],
)
def test_a_call_that_cannot_be_meant_so_is_one_friendly_line(call, said):
    with pytest.raises(Friendly, match=said) as stopped:
        call()
    (shown,) = stopped.value._render_traceback_()
    assert "\n" not in shown
    assert Progress.load().sections() == {name: {} for name in Progress.load().sections()}, "nothing is kept"


def test_a_folder_in_the_place_of_a_file_is_said_with_a_file_in_it(tmp_path):
    with pytest.raises(
        Friendly, match=r"is a folder\. Give the name of a file in it, such as .*export\.json"
    ):
        export_progress(tmp_path)


def test_an_order_is_judged_whatever_holds_its_keys():
    for keys in (["teach", "label"], ("teach", "label"), iter(["teach", "label"]), {"teach": 1, "label": 2}):
        assert steps().judge(keys).right
    record = Progress.load().get("orders", "1.steps")
    assert record["choices"] == [["teach", "label"]] * 4


def test_what_is_quoted_stays_on_one_short_line():
    assert short("a\nb") == r"'a\nb'"
    assert len(short("x" * 10_000)) == len(short([1] * 999)) == 60
    assert short(10**5000) == "<int>"
