"""Claims about checks: they recognise misconceptions, say where an answer fails, are fooled by no type."""

from __future__ import annotations

import json
from dataclasses import replace
from enum import Enum, StrEnum
from fractions import Fraction
from statistics import StatisticsError

import numpy as np
import pytest
import torch

from w2s_course.learn.answers import ask, plain, same
from w2s_course.learn.check import CheckFailed, check_exercise
from w2s_course.learn.checking import judge
from w2s_course.learn.exercises import Case, Exercise, Raises, Verdict
from w2s_course.learn.variants import Cohort

EXERCISE = Exercise(
    id="4.1",
    name="pgr",
    title="Three accuracies",
    points=2,
    minutes=5,
    difficulty=1,
    contract="takes accuracies",
    example="pgr(0.5, 0.75, 1.0) == 0.5",
    verified="gains and harm are both right.",
    cases=(
        Case("pgr(0, 1, 1)", 1.0, part="gain"),
        Case("pgr(0.5, 0.75, 1.0)", 0.5, {"ceiling": 0.25, "upside down": 2.0}, "half came back", "gain"),
        Case("pgr(0.5, 0.4, 1.0)", -0.2, {"clamps": 0.0, "ceiling": -0.1}, part="harm"),
        Case("pgr(1, 1, 1)", Raises("ValueError"), {"ceiling": 0.0}, part="no gap"),
    ),
    misconceptions={
        "ceiling": "Which gap?",
        "upside down": "Which way?",
        "clamps": "Harm must stay visible.",
    },
    hints=("a", "b", "c"),
)


def right(weak, w2s, ceiling):
    if ceiling <= weak:
        raise ValueError("no gap")
    return (w2s - weak) / (ceiling - weak)


def finding(answer, exercise=EXERCISE, name="pgr"):
    names = {name: answer}
    return judge(exercise, exercise.cases, [ask(case.call, names) for case in exercise.cases])


def test_a_right_answer_is_right_in_all_parts():
    found = finding(right)
    assert (found.state, found.text, found.share) == ("right", EXERCISE.verified, 1.0)


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (lambda w, s, c: (s - w) / c, "ceiling"),
        (lambda w, s, c: max(0.0, right(w, s, c)), "clamps"),
    ],
)
def test_a_misconception_is_recognised_by_its_answers(answer, name):
    found = finding(answer)
    assert found.misconception == name
    assert found.text.startswith(EXERCISE.misconceptions[name])
    assert "should" in found.text


def test_an_unknown_error_is_shown_at_its_smallest_input_with_the_reason():
    found = finding(lambda w, s, c: s)
    assert found.misconception == ""
    assert "`pgr(0.5, 0.75, 1.0)` gave 0.75; it should give 0.5, because half came back." in found.text


LONG = {"arms": [f"arm number {n}" for n in range(12)], "labels": "helped", "already": True}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({**LONG, "labels": "hurt"}, "gave 'hurt' at ['labels']; it should give 'helped' there."),
        (
            {**LONG, "arms": LONG["arms"][:11]},
            "gave nothing at ['arms'][11]; it should give 'arm number 11' ",
        ),
        ({**LONG, "new": 1}, "gave 1 at ['new']; it should give nothing there."),
        (iter([]), "gave a list_iterator object; it should give {'arms': ['arm number 0',"),
        ([1, 2], "gave [1, 2]; it should give {'arms': ['arm number 0', 'arm number 1',"),
    ],
)
def test_of_values_too_long_to_show_the_first_difference_is_shown(given, said):
    exercise = replace(EXERCISE, cases=(Case("pgr()", LONG),))
    assert said in finding(lambda: given, exercise).text


def test_a_difference_within_the_exercise_s_tolerance_is_none():
    exercise = replace(EXERCISE, cases=(Case("pgr()", [0.5, *range(80)]),), tolerance=0.1)
    assert "gave 7 at [80]; it should give 79 there." in finding(lambda: [0.51, *range(79), 7], exercise).text


def test_parts_that_are_right_earn_their_share():
    found = finding(lambda w, s, c: max(0.0, right(w, s, c)))
    assert found.parts == {"gain": True, "harm": False, "no gap": True}
    assert found.share == pytest.approx(2 / 3)


def test_a_function_without_return_is_told_so():
    assert "Is there a `return`?" in finding(lambda w, s, c: None).text


def test_a_function_that_prints_instead_of_returning_is_told_so_where_it_also_raises():
    assert "Is there a `return`?" in finding(lambda w, s, c: print(right(w, s, c))).text


def test_a_function_that_only_raises_is_not_told_that_it_gives_none():
    assert "return" not in finding(lambda w, s, c: {}["weak"]).text


def test_an_exception_of_the_learners_is_quoted_not_raised():
    found = finding(lambda w, s, c: 1 / 0)
    assert "raised ZeroDivisionError: division by zero" in found.text


def test_a_missing_name_is_not_attempted_and_a_name_missing_inside_is_an_error():
    found = judge(EXERCISE, EXERCISE.cases, [ask(case.call, {}) for case in EXERCISE.cases])
    assert found.state == "not attempted"
    assert found.share == 0
    assert "raised NameError" in finding(lambda w, s, c: undefined_name).text  # noqa: F821


class Taught(ValueError):
    """An exception of a learner's own."""


@pytest.mark.parametrize("error", [ValueError, Taught, StatisticsError, UnicodeError])
def test_an_exception_derived_from_the_one_asked_for_is_right(error):
    def raising(weak, w2s, ceiling):
        if ceiling <= weak:
            raise error("no gap")
        return right(weak, w2s, ceiling)

    assert finding(raising).state == "right"


@pytest.mark.parametrize("error", [Exception, ArithmeticError, ZeroDivisionError])
def test_an_exception_that_the_one_asked_for_is_derived_from_or_none_is_wrong(error):
    def raising(weak, w2s, ceiling):
        if ceiling <= weak:
            raise error("no gap")
        return right(weak, w2s, ceiling)

    assert finding(raising).parts == {"gain": True, "harm": True, "no gap": False}


def test_the_ancestors_of_an_exception_are_python_s_own_and_plain_data():
    def fail():
        raise Taught

    told = json.loads(json.dumps(ask("fail()", {"fail": fail}).as_dict()))
    assert (told["raised"], told["kinds"]) == ("Taught", ["ValueError", "Exception"])


def test_a_judge_may_decide_from_the_answers_own_numbers():
    def consistent(outcomes):
        answer = outcomes[0].value
        return Verdict(answer["reading"] == ("gain" if answer["gain"] > 0 else "none"), "clamps")

    own = Exercise(**{**vars(EXERCISE), "name": "mine", "cases": (Case("mine", None),), "judge": consistent})
    assert finding({"gain": 0.1, "reading": "gain"}, own, "mine").state == "right"
    wrong = finding({"gain": 0.1, "reading": "none"}, own, "mine")
    assert (wrong.state, wrong.misconception) == ("wrong", "clamps")


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1, 1.0, True),
        (True, 1, False),
        (0.1 + 0.2, 0.3, True),
        ([1, [2]], [1, [2]], True),
        ([1], [1, 2], False),
        (float("nan"), float("nan"), True),
        (float("nan"), 0.0, False),
        ("b", ["b"], False),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        (None, 0, False),
    ],
)
def test_equality_is_of_values_and_types_that_matter(one, other, equal):
    assert same(one, other) is equal
    assert same(other, one) is equal


def test_arrays_and_tensors_become_lists():
    assert plain(np.arange(3)) == [0, 1, 2]
    assert plain(torch.tensor([[1.5]])) == [[1.5]]
    assert plain(torch.tensor(2.0, requires_grad=True)) == 2.0
    assert plain({1: (np.float64(2),)}) == {"1": [2.0]}


def test_a_fraction_is_the_number_that_it_is():
    assert plain([Fraction(1, 4)]) == [0.25]
    assert finding(lambda w, s, c: Fraction(right(w, s, c))).state == "right"


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ((n for n in [1]), "gave a generator;"),
        (zip([1], [2], strict=True), "gave a zip object;"),
        ([1, iter([])], "gave [1, a list_iterator object];"),
        ({"a": (n for n in [1])}, "gave {'a': a generator};"),
        (len, "gave a builtin_function_or_method object;"),
    ],
)
def test_what_is_no_plain_value_is_named(value, named):
    assert named in finding(lambda w, s, c: value).text


def test_true_and_false_where_numbers_are_asked_for_are_named_as_the_only_fault():
    masks = Exercise(
        **{**vars(EXERCISE), "name": "mask", "cases": (Case("mask(3)", [1, 1, 0], why="two are real"),)}
    )
    text = finding(lambda n: [True, True, False], masks, "mask").text
    assert "gave [True, True, False]; it should give [1, 1, 0]. The values are right, but True and" in text
    assert (
        "True and False" not in finding(lambda n: [True, True, True], masks, "mask").text.split("because")[1]
    )


def test_where_a_misconception_is_named_the_failure_shown_is_one_of_its_own():
    def strange_at_the_smallest(w, s, c):
        return 7 if (w, s, c) == (0, 1, 1) else (s - w) / c

    found = finding(strange_at_the_smallest)
    assert found.misconception == "ceiling"
    assert "`pgr(0.5, 0.75, 1.0)` gave 0.25; it should give 0.5" in found.text
    assert found.failed[0] == "pgr(0, 1, 1)"


CHOICES = Exercise(
    **{
        **vars(EXERCISE),
        "name": "chosen",
        "cases": (Case('chosen["risk"]', "b", {"clamps": "c"}), Case('dict(chosen)["gain"]', "a")),
    }
)


def test_a_choice_may_be_a_capital_and_a_wrong_one_shows_its_misconception_all_the_same():
    assert finding({"risk": "B", "gain": " A"}, CHOICES, "chosen").state == "right"
    assert finding({"risk": "C", "gain": "a"}, CHOICES, "chosen").misconception == "clamps"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (["b", "a"], "`chosen` must be a dict with the keys that the contract names."),
        ("ba", "`chosen` must be a dict"),
        (None, "`chosen` must be a dict"),
        ({"gain": "a"}, "`chosen` has no 'risk'."),
        ({"risk": "b"}, "`chosen` has no 'gain'."),
    ],
)
def test_choices_in_another_form_than_a_dict_are_told_so(answer, said):
    text = finding(answer, CHOICES, "chosen").text
    assert said in text
    assert "raised" not in text


def test_an_object_that_claims_to_equal_everything_equals_nothing():
    class Fool:
        def __eq__(self, other):
            return True

        __hash__ = None  # type: ignore[assignment]

    found = finding(lambda w, s, c: Fool())
    assert found.state == "wrong"
    assert found.share == 0


def test_a_number_beyond_every_float_is_wrong_and_no_error_of_ours():
    found = finding(lambda w, s, c: 10**400)
    assert "`pgr(0, 1, 1)` gave 1000" in found.text
    assert same(10**400, 10**400)
    assert not same(1.0, 10**400)


class Untold(Exception):
    def __str__(self):
        raise RuntimeError


class Unshown(str):
    def __repr__(self):
        raise RuntimeError

    __str__ = __repr__


@pytest.mark.parametrize("value", [Unshown("a"), [Unshown("a")], {Unshown("a"): 1}], ids=["", "list", "dict"])
def test_what_cannot_be_shown_is_judged_all_the_same(value):
    found = finding(lambda w, s, c: value)
    assert (found.state, found.share) == ("wrong", 0)
    assert "`pgr(0, 1, 1)` " in found.text


def test_an_exception_without_words_is_named():
    def fail(w, s, c):
        raise Untold

    assert "raised Untold;" in finding(fail).text


class Colour(StrEnum):
    RED = "red"


class Shade(str, Enum):  # noqa: UP042 - what a learner may still write
    """`str()` of it is its name."""

    RED = "red"


@pytest.mark.parametrize("value", [Colour.RED, np.str_("red")])
def test_text_of_a_derived_class_is_the_text_as_it_is_in_the_grader(value):
    assert same(plain(value), "red")
    assert type(plain(value)) is str
    assert type(plain(np.float64(2))) is float
    assert plain({Shade.RED: Shade.RED}) == {"red": "red"}, "as a key, too"


@pytest.mark.parametrize("error", [TypeError, KeyError, OverflowError, RecursionError])
def test_an_answer_that_a_judge_did_not_think_of_is_wrong_in_one_friendly_line(error, headless):
    def careless(outcomes):
        raise error

    own = Exercise(**{**vars(EXERCISE), "name": "mine", "cases": (Case("mine", None),), "judge": careless})
    with pytest.raises(
        CheckFailed, match=r"✗ 4\.1: The answers have another form than the contract asks for"
    ):
        check_exercise(own, {"mine": [["a"], "b"]})


@pytest.mark.parametrize(
    ("exercise_id", "given"),
    [("1.1", {"schedule": [["a"], "b"]}), ("9.3", {"argument": [["a"], "b"]}), ("1.1", {"schedule": [1]})],
)
def test_a_key_that_is_no_text_is_named_in_a_cohort_s_check_too(exercise_id, given, headless):
    with pytest.raises(CheckFailed, match=r"`(\['a'\]|1)` is no key of the table"):
        Cohort(3).check(exercise_id, given)


def test_asking_never_raises():
    def hostile():
        raise KeyboardInterrupt

    assert ask("1 +", {}).raised == "SyntaxError"
    with pytest.raises(KeyboardInterrupt):  # a learner may stop a check
        ask("hostile()", {"hostile": hostile})


# --- a notebook that is run from the top, unanswered --------------------------------------------------------


@pytest.fixture
def shell(monkeypatch):
    """The IPython of a notebook of exercises of unit 9."""
    from IPython.core import getipython
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    from w2s_course.learn.check import explain_unanswered
    from w2s_course.learn.exercises import all_units

    shell = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))
    shell.user_ns["not_attempted"] = None
    monkeypatch.setattr(getipython, "get_ipython", lambda: shell)
    explain_unanswered(next(unit for unit in all_units() if unit.number == 9))
    return shell


def test_a_cell_that_uses_an_answer_which_is_not_there_says_so_in_one_line(shell, capsys):
    assert not shell.run_cell("for key in carries: print(key)").success
    said = capsys.readouterr().out
    assert said.strip() == "Exercise 9.1: not attempted yet. This cell uses `carries`."


def test_an_older_answer_is_not_judged_for_a_cell_that_is_no_python(shell, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    shell.run_cell("from w2s_course.learn.check import check")
    shell.run_cell("# exercise 9.1: keep this line\ncarries = 3")
    shell.run_cell("check('9.1')")
    assert "9.1" in (older := capsys.readouterr().out)
    assert "no Python" not in older
    shell.run_cell("# exercise 9.1: keep this line\ncarries = = 4")
    capsys.readouterr()
    shell.run_cell("check('9.1')")
    said = "Exercise 9.1: line 2 of its cell is no Python (invalid syntax), so the cell was not run"
    assert said in capsys.readouterr().out
    for cell in (
        "# exercise 9.2: keep this line\nx = = 4",
        "# exercise 9.1: keep this line\ncarries = 4 / 0",
    ):
        shell.run_cell(cell)
        capsys.readouterr()
        shell.run_cell("check('9.1')")
        assert "no Python" not in capsys.readouterr().out, cell


def test_another_missing_name_and_a_lesson_s_are_shown_as_ever(shell, capsys):
    shell.run_cell("print(curries)")
    assert "NameError" in capsys.readouterr().out
    del shell.user_ns["not_attempted"]
    shell.run_cell("print(carries)")
    assert "name 'carries' is not defined" in capsys.readouterr().out
