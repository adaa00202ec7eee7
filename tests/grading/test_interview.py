"""What a sandbox says is a stranger's word: no type and no value of it stops the grader."""

from __future__ import annotations

import pytest

from w2s_course.grading import interview as under_test
from w2s_course.grading.interview import Question, interview
from w2s_course.grading.limits import Limits
from w2s_course.grading.repair import Piece

ODD = ([], {}, [[1]], None, 1.5, True, -1, 10**30, "", "9.9")
"""Values that JSON can hold and no message should."""

QUESTION = Question("9.1", "", ("double(2)", "double(3)"), ())
VISIBLE = [{"answer": "9.1", "call": n, "outcome": {"value": value}} for n, value in ((0, 4), (1, 6))]
HIDDEN = [{"answer": "9.1", "call": n, "outcome": {"value": value}} for n, value in ((1, 6), (0, 4))]


def said(between):
    """What comes of a conversation in which a submission puts these messages wherever it can."""
    asking, asked = {"asking": "9.1"}, {"asked": 1}
    cells = [{"hello": 1}, {"begins": 0}, *between, {"ended": 0, "error": None}, {"ready": 1}]
    messages = [*cells, asking, *between, *VISIBLE, asked, asking, *between, *HIDDEN, asked]

    class Scripted:
        output = ""

        def __init__(self, *_, **__):
            self.left = iter(messages)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def send(self, message):
            pass

        def receive(self, seconds):
            return next(self.left)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(under_test, "Session", Scripted)
        return interview([Piece("exercise 9.1", "", "9.1")], [QUESTION], Limits(), unsafe=True)


@pytest.mark.parametrize("key", ["asking", "answer", "lost", "begins", "ended"])
@pytest.mark.parametrize("value", ODD, ids=repr)
def test_a_message_of_any_type_is_passed_over(key, value):
    made = said([{key: value}, {key: value, "call": 0, "why": value, "outcome": value, "error": value}])
    for answers in (made.answers["visible"]["9.1"], made.answers["hidden"]["9.1"]):
        assert {n: outcome.value for n, outcome in answers.outcomes.items()} == {0: 4, 1: 6}
        assert answers.done
    assert made.fates == {}


def test_the_ancestors_of_an_exception_are_taken_from_the_sandbox():
    kinds = ["ValueError", "Exception"]
    outcome = {"value": None, "raised": "Taught", "kinds": kinds}
    made = said([{"asking": "9.1"}, {"answer": "9.1", "call": 0, "outcome": outcome}])
    assert made.answers["visible"]["9.1"].outcomes[0].kinds == tuple(kinds)


@pytest.mark.parametrize(
    "kinds", [*(odd for odd in ODD if odd != []), [1], [None], ["x" * 61], ["ValueError"] * 17], ids=repr
)
def test_ancestors_that_are_no_list_of_a_few_names_are_passed_over(kinds):
    outcome = {"value": None, "raised": "Taught", "kinds": kinds}
    made = said([{"asking": "9.1"}, {"answer": "9.1", "call": 0, "outcome": outcome}])
    assert made.answers["visible"]["9.1"].outcomes[0].value == 4


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_a_field_of_any_type_is_no_error_of_ours(value):
    error = {"kind": value, "message": value, "line": value}
    made = said(
        [
            {"ended": 0, "error": error},
            {"lost": "9.1", "call": 0, "why": value},
            {"answer": "9.1", "call": value, "outcome": value},
            {
                "answer": "9.1",
                "call": 0,
                "outcome": {"value": 4, "raised": value, "message": [], "missing": 1},
            },
        ]
    )
    assert {n: o.value for n, o in made.answers["visible"]["9.1"].outcomes.items()} == {0: 4, 1: 6}
