"""Each wrong answer names its misconception; attempts are recorded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from w2s_course.errors import UsageError
from w2s_course.learn.progress import Progress
from w2s_course.learn.quiz import Option, Quiz, quiz

BET = [
    Option(
        "It copies its `teacher`", feedback="A copy gains nothing.", misconception="imitation", see="#the-bet"
    ),
    Option("It knows the task", right=True, feedback="Labels only `elicit` it."),
    Option("Labels are cheap", feedback="A cost & no bet."),
]
ARMS = [
    Option("weak to strong", right=True, feedback="On weak labels."),
    Option("ceiling", right=True),
    Option("prompted", feedback="Nothing is trained there.", misconception="a prompt is training"),
]


def bet() -> Quiz:
    return quiz("1.bet", "What is the bet?", BET)


def arms() -> Quiz:
    return quiz("4.arms", "Which arms see the pool?", ARMS)


def find(widget: Any, kind: str) -> list[Any]:
    """The widgets of a class, from the top."""
    found = [widget] if type(widget).__name__ == kind else []
    return found + [each for child in getattr(widget, "children", ()) for each in find(child, kind)]


def test_the_right_answer_says_why(headless: None) -> None:
    result = bet().answer("b")
    assert result.right
    assert str(result) == "Right.\nLabels only elicit it."


def test_a_wrong_answer_shows_its_feedback_its_misconception_and_the_way_back(headless: None) -> None:
    result = bet().answer("a")
    assert not result.right
    assert str(result) == (
        "Not yet.\nA copy gains nothing. This is the misconception: imitation. See #the-bet"
    )
    assert '<a href="#the-bet"' in result._repr_html_()


def test_a_wrong_answer_says_nothing_of_the_right_one(headless: None) -> None:
    assert "elicit" not in bet().answer("c").feedback
    assert "ceiling" not in arms().answer("ac").feedback


@pytest.mark.parametrize("choices", [("a", "b"), ("ab",), ("b, A",)])
def test_several_right_answers_are_right_together(headless: None, choices: tuple[str, ...]) -> None:
    result = arms().answer(*choices)
    assert result.right
    assert result.choices == ("a", "b")
    assert "On weak labels." in result.feedback


def test_a_part_of_the_right_answers_is_not_yet_right(headless: None) -> None:
    result = arms().answer("a")
    assert not result.right
    assert str(result) == "Not yet.\n1 right answer not chosen yet."


def test_one_wrong_among_several_is_named(headless: None) -> None:
    result = arms().answer("abc")
    assert not result.right
    assert "'prompted': Nothing is trained there. This is the misconception: a prompt is training." in str(
        result
    )
    assert "not chosen" not in str(result)


@pytest.mark.parametrize(
    ("make", "given", "message"),
    [
        (bet, "d", "'d' is no answer to 1.bet. Choose one of a, b, c"),
        (bet, "", "Nothing is chosen yet. Choose one of a, b, c"),
        (bet, "ab", "'ab' are 2 answers, and one is right"),
        (arms, "", "Choose all that are right of a, b, c"),
    ],
)
def test_what_is_no_answer_is_refused_and_not_recorded(
    headless: None, make: Any, given: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        make().answer(given)
    assert not Progress.load().sections()["quizzes"]


def test_attempts_are_counted_and_once_right_stays_right(desk: Path) -> None:
    for choice in "acba":
        bet().answer(choice)
    record = Progress.load().get("quizzes", "1.bet")
    assert (record["attempts"], record["right"], record["right_at"]) == (4, True, 3)
    assert record["choices"] == [["a"], ["c"], ["b"], ["a"]]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([Option("only", right=True)], "needs 2 to 26 different options"),
        ([Option("same", right=True), Option("same", feedback="no")], "different options"),
        ([Option("a", feedback="no"), Option("b", feedback="no")], "needs an option with right=True"),
        ([Option("a", right=True), Option("b", right=True)], "and one without"),
        ([Option("a", right=True), Option("b")], "wrong option 'b' needs feedback"),
        ([Option("a", right=True), Option("b", feedback="no", see="javascript:x")], "cannot be linked to"),
    ],
)
def test_options_that_make_no_quiz_are_refused(headless: None, options: list[Option], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        quiz("1.bet", "What?", options)


@pytest.mark.parametrize("see", ["", "#a", "02_weak_labels.ipynb#x", "https://example.org/x?a=b:c"])
def test_links_within_the_course_and_to_the_web_are_taken(headless: None, see: str) -> None:
    quiz("1.bet", "What?", [Option("a", right=True), Option("b", feedback="no", see=see)])


def test_the_static_page_lists_the_lettered_options(
    headless: None, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = bet()
    assert capsys.readouterr().out.splitlines() == [
        "What is the bet?",
        "a) It copies its teacher",
        "b) It knows the task",
        "c) Labels are cheap",
    ]
    as_html, _ = asked.static()
    assert "<li>It copies its <code>teacher</code></li>" in as_html
    assert "elicit" not in as_html


def test_a_saved_page_and_the_widget_hold_no_answer_before_it_is_given(headless: None) -> None:
    parts = [part for kind in ("HTML", "RadioButtons", "Button") for part in find(bet().widget(), kind)]
    shown = str([part.get_state() for part in parts])
    assert "elicit" not in shown
    assert "A copy gains nothing" not in shown


def test_checking_in_the_widget_goes_from_wrong_to_right(desk: Path) -> None:
    widget = bet().widget()
    (radio,), (check,) = find(widget, "RadioButtons"), find(widget, "Button")
    said = find(widget, "HTML")[-1]
    assert radio.index is None
    check.click()
    assert "Nothing is chosen yet" in said.value
    radio.index = 2
    check.click()
    assert "A cost &amp; no bet." in said.value
    radio.index = 1
    check.click()
    assert "<code>elicit</code>" in said.value
    assert Progress.load().get("quizzes", "1.bet")["right_at"] == 2


def test_several_right_answers_get_checkboxes(desk: Path) -> None:
    widget = arms().widget()
    for box in find(widget, "Checkbox")[:2]:
        box.value = True
    find(widget, "Button")[0].click()
    assert "Right." in find(widget, "HTML")[-1].value


def test_the_widget_says_what_was_tried_before(desk: Path) -> None:
    bet().answer("a")
    assert "not right yet (1 attempt)" in find(bet().widget(), "HTML")[-1].value


def test_an_answer_that_cannot_be_saved_is_judged_all_the_same(
    desk: Path, disk_is_full: Callable[[], None]
) -> None:
    disk_is_full()
    widget = bet().widget()
    find(widget, "RadioButtons")[0].index = 1
    find(widget, "Button")[0].click()
    said = find(widget, "HTML")[-1].value
    assert "Right." in said
    assert "could not be saved" in said
