"""What is said of a graded exercise is of a length that we choose, and not the submission."""

from __future__ import annotations

from dataclasses import replace

from tiny import CHOICE

from w2s_course.grading.rounds import Round
from w2s_course.grading.wording import LONGEST_TEXT, feedback, log_lines
from w2s_course.learn.answers import Outcome
from w2s_course.learn.checking import judge_any
from w2s_course.learn.exercises import Verdict


def rounds(value: object) -> list[Round]:
    """Of an exercise whose judge repeats the answer."""
    echo = replace(CHOICE, judge=lambda outcomes: Verdict(False, "", f"'{outcomes[0].value}' is no choice."))
    outcomes = (Outcome(value=value),)
    finding = judge_any(echo, echo.cases, outcomes)
    return [Round(name, echo.cases, outcomes, ("",), finding) for name in ("visible", "again")]


def test_a_judge_that_repeats_an_answer_makes_no_page_long():
    text, _ = feedback(CHOICE, "graded", rounds("y" * 900_000), None)
    assert text.startswith("'yyy")
    assert len(text) == LONGEST_TEXT


def test_the_log_keeps_short_answers_whole_and_of_long_ones_the_beginning():
    (short,) = log_lines(rounds(["a", 1.5])[0])
    (long,) = log_lines(rounds(["y" * 900_000])[0])
    assert short["answer"]["value"] == ["a", 1.5]
    assert long["answer"]["value"].startswith('["yyy')
    assert len(str(long)) < 10_000
