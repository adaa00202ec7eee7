"""Real code: functions that people wrote, with the first sentence that their maintainers wrote about them.

Sources of installed packages are parsed, never imported: nothing of theirs runs. The names that a function
gives are hidden, its own and those of its parameters and variables, since they say what the sentence says: by
shared letters alone the true sentence of four was found 72% of the time while they stood there
(docs/real-code.md). Each row names its package, version, file, line and licence, so that it can be credited.

Limits: functions at the top level of a module only (a method means little without its class); names of what
is called, strings and annotations stay, and some of them help.
"""

from __future__ import annotations

import ast
import importlib.metadata
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from keyword import kwlist
from pathlib import Path, PurePosixPath
from string import ascii_lowercase
from typing import Any

from w2s_course.errors import CourseError
from w2s_course.snippets.grammar import normalised_ast
from w2s_course.snippets.sentences import first_sentence, vague_because

HIDDEN = "f"
SHORTEST, LONGEST = 60, 700  # characters of code: below there is nothing to tell, above two cores take long
SAME_SENTENCE = 0.7
"""Word overlap (Jaccard) from which two sentences count as the same; read off pairs of the four packages."""
_NOT_SHIPPED_CODE = re.compile(r"(^|/)(tests?|sandbox)/|(^|/)(test_|conftest)|(^|/)_signatures\.py$")


@dataclass(frozen=True)
class SourcePackage:
    """A package to harvest: its name on a package index, its folder, and its licence (SPDX identifier)."""

    distribution: str
    module: str
    licence: str


# How a thing is done, where packages hold the same thing done in several ways.
_METHOD = re.compile(r"\s*(\([^)]*\)|\b(using|via|with memoization)\b.*$|\b(iter|recurs|na)ively\b)")

PACKAGES = (
    SourcePackage("algorithms", "algorithms", "MIT"),
    SourcePackage("more-itertools", "more_itertools", "MIT"),
    SourcePackage("toolz", "toolz", "BSD-3-Clause"),
    SourcePackage("boltons", "boltons", "BSD-3-Clause"),
)


@dataclass(frozen=True)
class RealFunction:
    """One function of somebody's, and the true sentence about it.

    code: with the function's name hidden, without docstring and comments; name: what was hidden.
    file: inside the package, with slashes; line: of its `def`, from 1.
    """

    code: str
    sentence: str
    name: str
    package: str
    version: str
    file: str
    line: int
    licence: str

    @property
    def module(self) -> str:
        """What splits keep together: functions of one file are often variants of each other."""
        return f"{self.package}/{self.file}"


def _given_name(node: ast.AST) -> str | None:
    """The name that this node of a syntax tree gives to something, None if it gives none."""
    match node:
        case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.ExceptHandler(name=name):
            return name
        case ast.Name(id=name, ctx=ast.Store()) | ast.MatchAs(name=name):
            return name
        case _:
            return None


def _own_names(function: ast.FunctionDef) -> list[str]:
    """The names that the function gives, in their order in the text: its own, parameters, variables."""
    outer = {name for node in ast.walk(function) if isinstance(node, ast.Global) for name in node.names}
    given = [(node, name) for node in ast.walk(function) if (name := _given_name(node))]
    placed = sorted((n.lineno, n.col_offset, name) for n, name in given)  # type: ignore[attr-defined]
    return [name for *_, name in placed if name not in {*outer, "self", "cls", "_"}]


class _Hide(ast.NodeTransformer):
    """Renames what `names` holds, wherever it is used as a variable, a parameter or a keyword of a call."""

    def __init__(self, names: dict[str, str], function: ast.FunctionDef) -> None:
        self.names, self.itself = names, function.name
        self.functions = {n.name for n in ast.walk(function) if isinstance(n, ast.FunctionDef)}

    def _new(self, name: str | None) -> Any:
        return self.names.get(name, name) if name else name

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._new(node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = self._new(node.arg)
        return self.generic_visit(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        node.name = self._new(node.name)
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id in self.functions:
            for keyword in node.keywords:
                keyword.arg = self._new(keyword.arg)
        return self.generic_visit(node)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> ast.AST:
        node.names = [self._new(name) for name in node.names]
        return node

    def visit_MatchAs(self, node: ast.MatchAs) -> ast.AST:
        node.name = self._new(node.name)
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.body, node.name = _without_docstring(node.body), self._new(node.name)
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, str):
            node.value = re.sub(rf"\b{re.escape(self.itself)}\b", HIDDEN, node.value)
        return node


def _letters() -> Iterator[str]:
    """a, b, ... z without f, then a1, b1, ..."""
    letters = [c for c in ascii_lowercase if c != HIDDEN]
    return (f"{c}{i or ''}" for i in count() for c in letters)


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    has_one = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    return (body[1:] or [ast.Pass()]) if has_one else body


def hidden_code(function: ast.FunctionDef) -> str:
    """The function as text, the names that it gives hidden, without docstrings, comments and their layout.

    It becomes f, its parameters and variables become letters in the order in which they come. What it calls
    and what it says in strings and annotations stays.

    >>> tree = ast.parse('def fact(n):\\n    "n!"\\n    # recursive\\n    return n * fact(n - 1) if n else 1')
    >>> print(hidden_code(tree.body[0]))
    def f(a):
        return a * f(a - 1) if a else 1
    """
    (copy,) = ast.parse(ast.unparse(function)).body
    assert isinstance(copy, ast.FunctionDef)
    others = [name for name in dict.fromkeys(_own_names(copy)) if name != function.name]
    taken = {node.id for node in ast.walk(copy) if isinstance(node, ast.Name)} - set(others) | set(kwlist)
    letters = (letter for letter in _letters() if letter not in taken)
    names = {function.name: HIDDEN, **dict(zip(others, letters, strict=False))}
    return ast.unparse(ast.fix_missing_locations(_Hide(names, copy).visit(copy)))


def words(sentence: str) -> frozenset[str]:
    """The words of a sentence, in lower case and without a plural or third-person s.

    >>> sorted(words("Returns all primes, sorted."))
    ['all', 'prime', 'return', 'sorted']
    """
    found = re.findall(r"[a-z0-9]+", sentence.lower())
    return frozenset(w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w for w in found)


def subject(sentence: str) -> str:
    """The sentence without the method: what is done, not how. Empty of that, the sentence itself.

    >>> subject("Sort an array in ascending order using gnome sort.")
    'Sort an array in ascending order'
    """
    return _METHOD.sub("", sentence).strip(" .") or sentence


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard's index: words in both over words in either, in [0, 1].

    >>> overlap(frozenset("ab"), frozenset("bc"))
    0.3333333333333333
    """
    return len(one & other) / max(1, len(one | other))


def without_near_duplicates(functions: Iterable[RealFunction]) -> list[RealFunction]:
    """The functions in their order, without those whose program or sentence was there before.

    A sentence was there if the words of its `subject` overlap with an earlier one's by `SAME_SENTENCE` or
    more: of twenty ways to sort one stays. So hardly anything stands on both sides of a split.
    """
    kept: list[RealFunction] = []
    programs: set[str] = set()
    sentences: list[frozenset[str]] = []
    for function in functions:
        program, its_words = normalised_ast(function.code), words(subject(function.sentence))
        if program in programs or any(overlap(its_words, w) >= SAME_SENTENCE for w in sentences):
            continue
        programs.add(program)
        sentences.append(its_words)
        kept.append(function)
    return kept


def documented(source: str) -> Iterator[tuple[str, str, str, int]]:
    """The documented functions of a module's text that say enough: hidden code, sentence, name, line.

    Left out: what is not Python for this interpreter, private functions, code outside `SHORTEST` to
    `LONGEST` characters, and sentences that are vague (`sentences.vague_because` has the rules).

    >>> list(documented('def twice(xs):\\n    "Double it."\\n    return [2 * x for x in xs]'))
    []
    """
    try:
        with warnings.catch_warnings(action="ignore"):  # theirs, of escapes in strings
            tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    for node in tree.body:
        text = ast.get_docstring(node) if isinstance(node, ast.FunctionDef) else None
        if not isinstance(node, ast.FunctionDef) or not text or node.name.startswith("_"):
            continue
        code, sentence = hidden_code(node), first_sentence(text)
        if SHORTEST <= len(code) <= LONGEST and not vague_because(sentence, node.name):
            yield code, sentence, node.name, node.lineno


def harvest_package(package: SourcePackage) -> list[RealFunction]:
    """The documented functions of one installed package, in the order of its files and lines.

    Raises: CourseError where the package is not installed, or its files cannot be found.
    """
    try:
        installed = importlib.metadata.distribution(package.distribution)
    except importlib.metadata.PackageNotFoundError as absent:
        raise CourseError(
            f"The package '{package.distribution}' is not installed, and real code is read from it. It comes "
            f"with the course: run `make setup`, or `pip install {package.distribution}`."
        ) from absent
    # By the list of what was installed, not by import name: a learner's own algorithms.py must not hide it.
    files = sorted(PurePosixPath(f) for f in installed.files or () if f.suffix == ".py")
    found = [
        RealFunction(*row[:3], package.distribution, installed.version, str(file), row[3], package.licence)
        for file in files
        if file.parts[0] == package.module and not _NOT_SHIPPED_CODE.search(str(file))
        for row in documented(Path(str(installed.locate_file(file))).read_text("utf-8"))
    ]
    if not found:
        raise CourseError(
            f"No documented function was found in '{package.distribution}' {installed.version}: its list of "
            f"files is missing or has changed. Install it again: "
            f"`pip install --force-reinstall {package.distribution}`."
        )
    return found


@cache
def harvest(packages: tuple[SourcePackage, ...] = PACKAGES) -> tuple[RealFunction, ...]:
    """All functions of the packages, without near-duplicates, in a fixed order; read once a process.

    Raises: CourseError for a package that is not installed; the message says how to get it.
    """
    return tuple(without_near_duplicates(f for package in packages for f in harvest_package(package)))
