"""A prediction is kept once, before the run, and stands beside its outcome afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from w2s_course.errors import UsageError
from w2s_course.learn.predict import Bet, PredictFirst, predict
from w2s_course.learn.progress import Progress

ARMS = ["the `teacher`", "the student", "neither"]


def ask(**how: Any) -> Bet:
    return predict("2.accuracy", "How often will it be right?", unit="%", **how)


def choose(**how: Any) -> Bet:
    return predict("2.arm", "Who is better?", options=ARMS, **how)


def find(widget: Any, kind: str) -> list[Any]:
    """The widgets of a class, from the top."""
    found = [widget] if type(widget).__name__ == kind else []
    return found + [each for child in getattr(widget, "children", ()) for each in find(child, kind)]


def test_a_prediction_outlives_the_notebook(desk: Path) -> None:
    ask(answer=60)
    assert ask().prediction == 60
    record = Progress.load().get("predictions", "2.accuracy")
    assert (record["question"], record["answer"], record["shown"]) == (
        "How often will it be right?",
        60,
        "60%",
    )


def test_running_the_cell_again_shows_what_was_predicted(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    choose(answer="the student")
    capsys.readouterr()
    choose()
    assert "You predicted the student." in capsys.readouterr().out


def test_a_prediction_cannot_be_bent_afterwards(desk: Path) -> None:
    ask(answer=60)
    with pytest.raises(UsageError, match=r"You predicted 60% for 2.accuracy.*kept once.*67%.*again=True"):
        ask(answer=67)
    assert ask().prediction == 60


def test_a_change_is_recorded_with_what_came_before(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask(answer=60)
    ask(answer=70, again=True)
    ask(answer=67, again=True)
    record = Progress.load().get("predictions", "2.accuracy")
    assert record["answer"] == 67
    assert [each["answer"] for each in record["earlier"]] == [60, 70]
    assert "67% (changed; at first 60%)" in capsys.readouterr().out


def test_the_same_answer_again_is_no_change_and_keeps_its_first_time(desk: Path) -> None:
    ask(answer=60)
    first = Progress.load().change("predictions", "2.accuracy", lambda old: {**old})
    ask(answer=60.0, again=True)
    assert Progress.load().get("predictions", "2.accuracy") == first


@pytest.mark.parametrize("given", ["b", "the student"])
def test_an_option_can_be_given_by_its_letter_or_its_text(desk: Path, given: str) -> None:
    assert choose(answer=given).prediction == "the student"


def test_an_option_with_code_can_be_given_as_it_is_shown(desk: Path) -> None:
    assert choose(answer="the teacher").prediction == "the `teacher`"


@pytest.mark.parametrize("given", [60, "60", "60%", " 60 % ", 60.0])
def test_a_number_may_come_with_its_unit(desk: Path, given: Any) -> None:
    assert ask(answer=given).prediction == 60


def test_a_number_with_a_decimal_comma_is_understood(desk: Path) -> None:
    assert ask(answer="60,5").prediction == 60.5


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("1,500", 1500),
        ("1,000 labels", 1000),
        ("1,234.5", 1234.5),
        ("1234,5", 1234.5),
        ("1,5", 1.5),
        ("1,500,000", 1_500_000),
        ("0,125", 0.125),
    ],
)
def test_a_comma_before_three_digits_marks_thousands(desk: Path, given: str, kept: float) -> None:
    bet = predict("6.flops", "How many labels?", low=0, high=2_000_000, unit="labels", answer=given)
    assert bet.prediction == kept


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("12,345", r"12,345 is out of range \(read as 12345\)\. Give a number from 0% to 100%\. Write it in"),
        ("1.500,5", r"'1\.500,5' is not a number\..* with a point for decimals: 1500 or 1\.5"),
        ("1,2,3", r"'1,2,3' is not a number\..* with a point for decimals: 1500 or 1\.5"),
    ],
)
def test_commas_that_can_be_read_in_two_ways_are_refused_with_how_to_write_it(
    desk: Path, given: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        ask(answer=given)
    assert Progress.load().get("predictions", "2.accuracy") is None


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (101, "101 is out of range. Give a number from 0% to 100%"),
        (-1, "-1 is out of range"),
        ("many", "'many' is not a number. Give a number from 0% to 100%"),
        ("nan", "nan is out of range"),
        ("", "Nothing is predicted yet"),
    ],
)
def test_what_is_no_possible_number_is_refused_with_the_range(desk: Path, given: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        ask(answer=given)
    assert Progress.load().get("predictions", "2.accuracy") is None


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("d", r"'d' is none of the answers to 2.arm. Choose one of: a\) the"),
        (["a"], r"'\['a'\]' is none of the answers to 2.arm. Choose one of: a\) the"),
        (1, "'1' is none of the answers"),
        ("", "Nothing is chosen yet"),
    ],
)
def test_what_is_no_option_is_refused_with_the_options(desk: Path, given: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        choose(answer=given)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"options": ["one"]}, "at least two options"),
        ({"options": ["one", "one"]}, "each only once"),
        ({"low": 5, "high": 5}, "low must be below high"),
    ],
)
def test_a_question_that_is_none_is_refused(desk: Path, how: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        predict("2.arm", "Who?", **how)


def test_an_id_with_a_space_is_refused(desk: Path) -> None:
    with pytest.raises(UsageError, match=r"'2 arm' cannot be the id of a prediction"):
        predict("2 arm", "Who?")


def test_a_run_waits_for_its_prediction_without_a_traceback(desk: Path) -> None:
    bet = choose()
    with pytest.raises(PredictFirst) as stopped:
        bet.required()
    (shown,) = stopped.value._render_traceback_()
    assert shown.startswith("Not yet: predict first")
    assert "Who is better?" in shown
    assert "Traceback" not in shown


def test_a_prediction_unlocks_the_run(desk: Path) -> None:
    bet = choose()
    bet.keep("b")
    bet.required()
    choose().required()


def test_a_headless_run_goes_on_and_prints_nothing_that_a_lesson_would_keep(
    headless: None, capsys: pytest.CaptureFixture[str]
) -> None:
    bet = choose()
    capsys.readouterr()
    bet.required()
    bet.compare("the student")
    out = capsys.readouterr().out
    assert "The outcome" in out
    assert "predict" not in out


def test_a_number_stands_beside_its_outcome_with_the_distance(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bet = ask(answer=60)
    capsys.readouterr()
    bet.compare(67, "One in `three` is wrong.")
    assert capsys.readouterr().out.splitlines() == [
        "How often will it be right?",
        "You predicted: 60%",
        "The outcome:   67%",
        "Off by 7 points.",
        "One in three is wrong.",
    ]


@pytest.mark.parametrize(
    ("outcome", "verdict"), [("the student", "As you predicted."), ("neither", "Not as you predicted.")]
)
def test_a_choice_stands_beside_its_outcome(
    desk: Path, capsys: pytest.CaptureFixture[str], outcome: str, verdict: str
) -> None:
    choose(answer="b").compare(outcome)
    assert verdict in capsys.readouterr().out


def test_a_changed_prediction_is_compared_as_changed(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask(answer=60)
    bet = ask(answer=67, again=True)
    capsys.readouterr()
    bet.compare(67)
    assert "You predicted: 67% (changed; at first 60%)" in capsys.readouterr().out


def test_an_outcome_is_shown_without_a_prediction_too(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask().compare(67)
    out = capsys.readouterr().out
    assert "You predicted: nothing" in out
    assert "The outcome:   67%" in out
    assert "Off by" not in out


def test_the_static_page_shows_question_and_options_escaped_with_code(headless: None) -> None:
    as_html, as_text = predict("2.x", "Is `a < b` & c?", options=["<b>yes</b>", "no"]).static()
    assert "Is <code>a &lt; b</code> &amp; c?" in as_html
    assert "&lt;b&gt;yes" in as_html
    assert as_text.splitlines() == ["Predict: Is a < b & c?", "a) <b>yes</b>", "b) no"]


def test_the_button_keeps_the_choice_and_closes_the_question(desk: Path) -> None:
    widget = choose().widget()
    (radio,), (keep,) = find(widget, "RadioButtons"), find(widget, "Button")
    radio.index = 1
    keep.click()
    assert choose().prediction == "the student"
    assert radio.disabled
    assert keep.disabled
    assert "Kept: <strong>the student</strong>" in find(widget, "HTML")[-1].value


def test_the_button_without_a_choice_says_so_and_stays_open(desk: Path) -> None:
    widget = choose().widget()
    (keep,) = find(widget, "Button")
    keep.click()
    assert "Nothing is chosen yet" in find(widget, "HTML")[-1].value
    assert not keep.disabled
    assert choose().prediction is None


def test_a_number_out_of_range_in_the_field_is_answered_there(desk: Path) -> None:
    widget = ask().widget()
    (field,), (keep,) = find(widget, "Text"), find(widget, "Button")
    field.value = "150"
    keep.click()
    assert "150 is out of range" in find(widget, "HTML")[-1].value
    field.value = "55 %"
    keep.click()
    assert ask().prediction == 55


def test_the_widget_of_a_kept_prediction_is_closed_unless_again(desk: Path) -> None:
    choose(answer="c")
    assert [radio.disabled for radio in find(choose().widget(), "RadioButtons")] == [True]
    again = choose(again=True).widget()
    assert [radio.disabled for radio in find(again, "RadioButtons")] == [False]
    assert find(again, "RadioButtons")[0].index == 2


def test_a_prediction_that_cannot_be_saved_still_unlocks_the_run(
    desk: Path, disk_is_full: Callable[[], None]
) -> None:
    disk_is_full()
    bet = choose()
    widget = bet.widget()
    find(widget, "RadioButtons")[0].index = 0
    find(widget, "Button")[0].click()
    assert "could not be saved" in find(widget, "HTML")[-1].value
    bet.required()
    assert bet.prediction == "the `teacher`"


def test_a_range_names_its_unit_once(headless: None) -> None:
    for unit, wanted in (
        ("labels", "from 1 to 2000 labels."),
        ("%", "from 1% to 2000%."),
        ("", "from 1 to 2000."),
    ):
        with pytest.raises(
            UsageError, match=rf"many is not a number. Give a number {wanted}".replace("many", "'many'")
        ):
            predict("6.flops", "How many?", low=1, high=2000, unit=unit, answer="many")


def test_a_kept_sentence_ends_with_one_full_stop(headless: None) -> None:
    bet = predict("8.first", "Which?", options=["It counts.", "It sums."])
    bet.keep("a")
    assert "Kept: <strong>It counts.</strong></div>" in find(bet.widget(), "HTML")[-1].value


def test_a_demand_stands_beside_its_outcome_and_is_not_off(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bet = ask(answer=60)
    capsys.readouterr()
    bet.compare(67, "The interval reaches it.", forecast=False)
    out = capsys.readouterr().out
    assert "You said:" in out
    assert "60%" in out
    assert "67%" in out
    assert "The interval reaches it." in out
    assert "Off by" not in out
    record = Progress.load().get("predictions", "2.accuracy")
    assert record is not None
    assert record["outcome"] == "67%"


DECISIONS = {"1.verdict", "6.decision", "6.reason"}
"""What a learner decides: nothing that is measured is its outcome."""


def test_every_prediction_of_a_lesson_is_set_beside_an_outcome() -> None:
    """In the lesson that asks, or in a later one that shows it again."""
    asked, compared = set(), set()
    for path in (Path(__file__).parents[2] / "course").glob("*/lesson.py"):
        text = path.read_text("utf-8")
        for name, how, id in re.findall(
            r"^ *(\w+) = (predict|activity)\(\s*\"([\w.]+)\"", text, re.MULTILINE
        ):
            asked |= {id} if how == "predict" else set()
            compared |= {id} if re.search(rf"^ *{name}\.compare\(", text, re.MULTILINE) else set()
    assert "9.bar" in asked
    assert asked - compared == DECISIONS
    assert {"1.gain", "1.errors"} <= compared
