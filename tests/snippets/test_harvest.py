"""Claims about harvested code: what is hidden, what is left out, what each row says of its source."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import sys
from pathlib import Path

import pytest

from w2s_course.errors import CourseError
from w2s_course.snippets import harvest as module
from w2s_course.snippets.grammar import normalised_ast
from w2s_course.snippets.harvest import (
    PACKAGES,
    SAME_SENTENCE,
    RealFunction,
    SourcePackage,
    documented,
    harvest,
    harvest_package,
    hidden_code,
    overlap,
    subject,
    without_near_duplicates,
    words,
)
from w2s_course.snippets.sentences import first_sentence, vague_because

SOURCE = '''
def power_sum(values, exponent=2, *, start=0):
    """Return the sum of the powers of all ``values``.  See more.

    >>> power_sum([1, 2])
    5
    """
    # a secret comment
    total = start
    for value in values:
        def step(by):
            "inner words"
            nonlocal total
            total += by ** exponent
        step(by=value)
    try:
        return total if len(values) < 9 else power_sum(values[1:], exponent=exponent, start=max(start, 0))
    except ValueError as problem:
        raise TypeError("power_sum wants values") from problem
'''


def function(code: str, sentence: str) -> RealFunction:
    return RealFunction(code, sentence, "g", package="p", version="1", file="p/m.py", line=1, licence="MIT")


@pytest.fixture(scope="module")
def harvested() -> tuple[RealFunction, ...]:
    return harvest()


def hidden(source: str) -> str:
    (node,) = ast.parse(source).body
    assert isinstance(node, ast.FunctionDef)
    return hidden_code(node)


def test_the_names_that_a_function_gives_are_hidden_everywhere():
    code = hidden(SOURCE)
    for name in ("power_sum", "exponent", "start", "total", "value", "step", "problem"):
        assert not re.search(rf"\b{name}\b", code), name
    for gone in ("secret comment", "inner words", "Return the sum", ">>>"):
        assert gone not in code


def test_what_is_called_and_said_stays_and_the_code_still_runs():
    code = hidden(SOURCE)
    assert "max(" in code
    assert "'f wants values'" in code
    space: dict = {}
    exec(code, space)
    assert space["f"]([1, 2, 3]) == 14
    assert space["f"](list(range(10))) == sum(x * x for x in range(2, 10))  # calls itself on the rest, twice


def test_a_letter_that_the_code_already_uses_for_something_else_is_not_taken():
    assert hidden("def pick(xs):\n    return a(xs) + b").splitlines()[0] == "def f(c):"


def test_keywords_of_other_functions_keep_their_names():
    assert "sorted(a, key=b)" in hidden("def order(xs, key):\n    return sorted(xs, key=key)")


def test_hiding_names_changes_nothing_else(harvested):
    by_line = {(f.file, f.line): f for f in harvested if f.package == "algorithms"}
    for file in {file for file, _ in by_line}:
        path = importlib.metadata.distribution("algorithms").locate_file(file)
        for node in ast.parse(Path(str(path)).read_text("utf-8")).body:
            row = by_line.get((file, getattr(node, "lineno", 0)))
            if row is None or any(isinstance(n, ast.ExceptHandler | ast.Nonlocal) for n in ast.walk(node)):
                continue
            for inner in ast.walk(node):
                if isinstance(inner, ast.FunctionDef):
                    inner.body = module._without_docstring(inner.body)
            names = re.compile(rf"\b(f|{row.name})\b")
            assert names.sub("", normalised_ast(row.code)) == names.sub("", normalised_ast(ast.unparse(node)))


def test_a_row_names_the_line_the_version_and_the_licence_of_its_source(harvested):
    for row in harvested[::25]:
        installed = importlib.metadata.distribution(row.package)
        assert row.version == installed.version
        line = Path(str(installed.locate_file(row.file))).read_text("utf-8").splitlines()[row.line - 1]
        # A decorated function's line is its def's.
        assert re.match(rf"def {row.name}\(", line), line


@pytest.mark.parametrize("package", PACKAGES, ids=lambda p: p.distribution)
def test_the_licence_in_the_table_is_the_one_that_the_package_states(package):
    stated = importlib.metadata.metadata(package.distribution)
    licence = stated.get("License-Expression") or " ".join(stated.get_all("Classifier") or ())
    assert {"MIT": "MIT", "BSD-3-Clause": "BSD"}[package.licence] in licence


def test_every_package_gives_rows_and_enough_in_all(harvested):
    assert {row.package for row in harvested} == {p.distribution for p in PACKAGES}
    assert len(harvested) > 400


def test_harvesting_in_another_process_gives_the_same_and_imports_nothing_harvested(harvested):
    names = [p.module for p in PACKAGES]
    code = (
        "import sys; from w2s_course.snippets.harvest import harvest; print(list(harvest())); "
        f"print([n for n in {names} if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [repr(list(harvested)), "[]"]


def test_a_learners_own_module_of_the_same_name_hides_nothing(tmp_path, monkeypatch):
    (tmp_path / "algorithms.py").write_text("raise SystemExit('mine')")
    monkeypatch.syspath_prepend(tmp_path)
    assert harvest_package(PACKAGES[0])


def test_a_package_that_is_not_there_is_an_error_that_says_how_to_get_it():
    with pytest.raises(CourseError, match=r"'no-such-thing' is not installed.*make setup"):
        harvest_package(SourcePackage("no-such-thing", "no_such_thing", "MIT"))


def test_a_package_without_documented_functions_is_an_error_and_not_an_empty_set():
    with pytest.raises(CourseError, match=r"No documented function was found in 'toolz'"):
        harvest_package(SourcePackage("toolz", "no_folder_of_it", "MIT"))


def test_copies_that_differ_in_names_or_hardly_in_words_are_dropped():
    rows = [
        function("def f(a): return a + 1", "Return the successor of a number."),
        function("def f(b): return b + 1", "Add one to the given value, then stop."),  # the same program
        function("def f(a): return a - -1", "Returns the successor of the number."),  # the same sentence
        function("def f(a): return sorted(a)", "Sort an array using bubble sort."),
        function("def f(a): return list(sorted(a))", "Sort an array using a heap (slow)."),  # otherwise done
        function("def f(a): return a * 2", "Double every element of a list."),
    ]
    assert without_near_duplicates(rows) == [rows[0], rows[3], rows[5]]


def test_no_two_harvested_sentences_are_near_duplicates(harvested):
    said = [words(subject(row.sentence)) for row in harvested]
    assert max(overlap(a, b) for i, a in enumerate(said) for b in said[:i]) < SAME_SENTENCE
    assert len({normalised_ast(row.code) for row in harvested}) == len(harvested)


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("See the other function for how.", "points elsewhere"),
        ("TODO describe what this one does.", "unfinished"),
        ("Alias of another function in here.", "another name for something"),
        ("Helper of the search in graphs.", "says what it is, not what it does"),
        ("This function sums all the values.", "about something else"),
        ("Return x >>> such and such.", "not prose"),
        ("Yield pairs of the items, where:", "goes on elsewhere"),
        ("Multiply two matrices.", "3 words"),
        ("Return str_a if it is long.", "names a variable"),
        ("The total() of all the values.", "names its function"),
        ("Return the total of all the values.", ""),
    ],
)
def test_vague_sentences_are_left_out_by_stated_rules(sentence, reason):
    assert vague_because(sentence, "total") == reason


@pytest.mark.parametrize(
    ("docstring", "sentence"),
    [
        ("Sum all :func:`~math.fsum` of *xs*. More here.", "Sum all math.fsum of xs."),
        ("Sum things,\n    e.g. Numbers, of ``xs``.  Then more.", "Sum things, e.g. Numbers, of xs."),
        (
            "Find a path with A* search in *the graph* and *args.",
            "Find a path with A* search in the graph and args.",
        ),
        ("Sum it up\n\nArgs:\n  x: y", "Sum it up."),
        ("Sum it up\n    >>> f(1)\n    1", "Sum it up."),
    ],
)
def test_the_first_sentence_is_plain_and_complete(docstring, sentence):
    assert first_sentence(docstring) == sentence


def test_private_undocumented_and_foreign_functions_give_no_row():
    long = "x = 0\n    " * 9
    assert not list(documented(f'def _p(a):\n    "Return the sum of all things."\n    {long}return a'))
    assert not list(documented(f"def p(a):\n    {long}return a"))
    assert not list(documented('print "python 2"'))
    assert len(list(documented(f'def p(a):\n    "Return the sum of all things."\n    {long}return a'))) == 1
