"""What the sandbox's own program makes of cells: notebook syntax is taken out, Python is left alone."""

from __future__ import annotations

import json
from statistics import fmean

import pytest

from w2s_course.grading import host
from w2s_course.grading.cells import compiled, definitions, without_magics
from w2s_course.grading.messages import outcome_of
from w2s_course.grading.standins import STAND_IN, Nothing


@pytest.mark.parametrize(
    ("magic", "line"),
    [
        ("%matplotlib inline", "    return a + b  # right?"),
        ("!pip install x", "    return a + b  # right?"),
        ("double?", "    what = 'which?'\n    return a + b"),
        ("?double", "    '''\n    %no magic\n    is it?\n    '''\n    return a + b"),
        ("double??", "    c = (a\n    % 10)\n    return c + b"),
        ("files = !ls", "    return (a +\n        b)  # both?"),
        ("found = %time 1", "    rest = [3, 10\n% 4]\n    return a + rest[1]"),
        ("%%time", "    return a + b  # right?"),
        ("!pip install \\\n  x", "    return a + b"),
    ],
)
def test_what_only_a_notebook_understands_costs_no_line_of_python(magic, line):
    names = {"get_ipython": lambda: None, STAND_IN: Nothing()}
    exec(compiled(f"{magic}\ndef double(a, b):\n{line}\n", "<cell>"), names)
    assert names["double"](1, 2) == 3


def test_a_cell_in_another_language_is_left_out():
    assert without_magics("%%bash\nls") == "pass\n"


def test_of_a_cell_that_took_too_much_only_what_takes_no_time_is_run():
    names: dict[str, object] = {}
    cell = (
        "%matplotlib inline\nimport math\nfrom math import sqrt as root\nzero, share = 0, half(1)\n"
        "least: float = 10 ** -9\nfirst, last = 0, 2 * 3\none, two = 1, 2, 3\n"
        "long = 9 ** 9 ** 9\ntext = 'a' * 10 ** 9\n"
        "table = {'a': [1, -2]}\ndef half(x): return x / 2\nhalf = half\ntwice = lambda x: 2 * x\n"
        "class Held: pass\nslow = 1 / 0\nwhile True: half(1 / 0)"
    )
    exec(definitions(cell, "<cell>"), names)
    defined = {name for name in names if not name.startswith("__")}
    assert defined == {"math", "root", "least", "first", "last", "table", "half", "twice", "Held"}


def test_a_cell_that_stops_goes_on_with_what_it_defines_below():
    names: dict[str, object] = {"__name__": "__main__"}
    source = (
        "first = 1\nfirst = sum([first, 1])\n(1\n / 0)\nfirst = 3; second = 4\nthird = sum([5])\nprint(third)"
    )
    error = host.run_cell({"name": "cell", "source": source}, 0, names)
    assert (error["kind"], error["line"]) == ("ZeroDivisionError", 3)
    assert (names["first"], names["second"], "third" in names) == (3, 4, False)


def test_of_a_cell_that_is_no_python_nothing_is_run():
    names: dict[str, object] = {}
    error = host.run_cell({"name": "cell", "source": "first = 1\nreturn first\nsecond = 2"}, 0, names)
    assert (error["kind"], names.keys() & {"first", "second"}) == ("SyntaxError", set())


def test_only_names_that_were_functions_below_the_answer_are_given_back():
    def mean(numbers):
        return sum(numbers) / len(numbers)

    names = {"mean": 1.5, "sum": 0, "max": 2, "half": len, "kept": 3}
    host.functions_again(names, {"mean": mean, "max": None, "half": max, "kept": None, "gone": min})
    assert names == {"mean": mean, "sum": sum, "max": 2, "half": len, "kept": 3, "gone": min}


def test_an_error_is_said_of_its_own_line_and_not_of_the_magics():
    with pytest.raises(SyntaxError) as error:
        compiled("%matplotlib inline\nx = = 1", "<cell>")
    assert error.value.lineno == 2


def test_an_exception_of_a_library_reaches_the_grader_with_the_one_that_it_is_derived_from():
    line = json.dumps(host._outcome("fmean([])", {"fmean": fmean}))
    outcome = outcome_of(json.loads(line))
    assert (outcome.raised, outcome.kinds) == ("StatisticsError", ("ValueError", "Exception"))


def test_an_outcome_without_ancestors_is_read_as_ever():
    outcome = outcome_of({"value": None, "raised": "SystemExit", "message": "0"})
    assert (outcome.raised, outcome.kinds) == ("SystemExit", ())
