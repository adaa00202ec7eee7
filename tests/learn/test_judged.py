"""What was judged by hand is kept in one form, and the outcome is told only after the last answer."""

from __future__ import annotations

import pytest

from w2s_course.learn.judged import keep_judgements, kept_judgements
from w2s_course.learn.progress import Progress

WORDS = {"item": "label", "done": "judged", "judge": "the judge"}


pytestmark = pytest.mark.usefixtures("desk")


def test_before_the_last_answer_there_is_no_outcome():
    assert kept_judgements("audit-1") == []
    keep_judgements("audit-1", "Right?", [True], [True, False], **WORDS)
    assert kept_judgements("audit-1") == [True]
    record = Progress.load().get("predictions", "audit-1")
    assert (record["task"], record["shown"]) == ("Right?", "1 of 2 labels judged")
    assert "outcome" not in record


def test_after_the_last_answer_it_says_how_many_agree():
    keep_judgements("audit-1", "Right?", [True, True, False], [True, False, False], **WORDS)
    record = Progress.load().get("predictions", "audit-1")
    assert (record["shown"], record["outcome"]) == ("3 of 3 labels judged", "the judge agrees with 2")


def test_answers_that_are_taken_back_take_the_outcome_along():
    keep_judgements("audit-1", "Right?", [True], [True], **WORDS)
    keep_judgements("audit-1", "Right?", [], [True], **WORDS)
    assert kept_judgements("audit-1") == []
    assert "outcome" not in Progress.load().get("predictions", "audit-1")
