"""Submissions whose code is alike, listed for a person to look at. Likeness is no proof of anything.

Code is compared as a tree without names, texts, numbers and comments, by the share of its short runs of nodes
that two answers have in common. Short answers, and answers like the published solution, are alike for good
reasons: the first are left out, the second are marked.

A stranger's code can crash Python's parser, so it is parsed in a process of its own with limits on time and
memory; what ends that process is left out, and named.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

RUN, LEAST_NODES, LEAST_SHARE = 6, 30, 0.9
"""Nodes in a run; nodes below which an answer is too short to compare; share from which a pair is listed."""

SECONDS, MEMORY = 10, 500_000_000
SOLUTION = "(the published solution)"
Shape = frozenset[tuple[str, ...]]


@dataclass(frozen=True)
class Group:
    """Students whose answers are alike, each to at least one other of the group. share: the lowest listed."""

    students: tuple[str, ...]
    share: float
    as_published: bool


@dataclass(frozen=True)
class Pair:
    """Two answers to one exercise. share: of their runs of nodes in common, in [0, 1].

    as_published: whether both are as much like the published solution.
    """

    exercise: str
    one: str
    other: str
    share: float
    as_published: bool


def shape(code: str) -> list[str]:
    """The kinds of the nodes of a program, depth first; docstrings and annotations are left out.

    Raises: SyntaxError, and whatever else a parser does to a hostile text: use `shapes` for those.

    >>> shape("def f(x): return x + 1") == shape("def g(y): return y + 2  # mine")
    True
    """
    kinds: list[str] = []

    def visit(node: ast.AST) -> None:
        kinds.append(type(node).__name__)
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "ctx"):
                continue
            for child in value if isinstance(value, list) else [value]:
                is_text = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
                if isinstance(child, ast.AST) and not is_text:
                    visit(child)

    visit(ast.parse(code))
    return kinds


def runs(kinds: Sequence[str]) -> Shape:
    """All runs of `RUN` nodes."""
    return frozenset(tuple(kinds[i : i + RUN]) for i in range(len(kinds) - RUN + 1))


def alike(one: Shape, other: Shape) -> float:
    """The share of runs in common, of all that either has; 0 where both are empty.

    >>> alike(runs("abcdefgh"), runs("abcdefgh"))
    1.0
    """
    either = one | other
    return len(one & other) / len(either) if either else 0.0


def main() -> None:
    """In the process with limits: a text on standard input, the kinds of its nodes on standard output."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    for line in sys.stdin:
        try:
            said = shape(json.loads(line))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            said = []
        print(json.dumps(said), flush=True)


def shapes(codes: Mapping[str, str]) -> dict[str, list[str]]:
    """The shapes of many programs; [] for what cannot be parsed, or ended the parser."""
    made: dict[str, list[str]] = {}
    left = list(codes)
    while left:
        said = _parsed([codes[key] for key in left])
        made.update(zip(left, said, strict=False))
        if len(said) < len(left):  # the next one ended the parser
            made[left[len(said)]] = []
        left = left[len(said) + 1 :]
    return made


def _parsed(codes: Sequence[str]) -> list[list[str]]:
    """What the process says before it ends."""
    text = "".join(json.dumps(code) + "\n" for code in codes)
    command = [sys.executable, "-c", "from w2s_course.grading.similar import main; main()"]
    try:
        done = subprocess.run(
            command, input=text, capture_output=True, text=True, check=False, timeout=SECONDS * 20
        )
    except subprocess.TimeoutExpired:
        return []
    return [json.loads(line) for line in done.stdout.splitlines() if line.endswith("]")]


def similar(
    exercise: str, answers: Mapping[str, str], solution: str, least: float = LEAST_SHARE
) -> list[Pair]:
    """The pairs of students whose answers to an exercise are alike, the most alike first.

    answers: student -> source. least: the share from which a pair is listed.
    """
    found = shapes({**answers, SOLUTION: solution})
    published = runs(found.pop(SOLUTION))
    compared = {student: runs(kinds) for student, kinds in found.items() if len(kinds) >= LEAST_NODES}
    pairs = []
    for one, other in combinations(sorted(compared), 2):
        share = alike(compared[one], compared[other])
        if share >= least:
            common = min(alike(compared[one], published), alike(compared[other], published)) >= least
            pairs.append(Pair(exercise, one, other, round(share, 3), common))
    return sorted(pairs, key=lambda pair: (pair.as_published, -pair.share, pair.one, pair.other))


def groups(pairs: Sequence[Pair]) -> list[Group]:
    """Pairs of one exercise put together: thirty who are alike are one row and not 435.

    >>> groups([Pair("4.1", "a", "b", 1.0, False), Pair("4.1", "b", "c", 0.9, False)])
    [Group(students=('a', 'b', 'c'), share=0.9, as_published=False)]
    """
    made: list[tuple[set[str], list[Pair]]] = []
    for pair in pairs:
        touched = [group for group in made if {pair.one, pair.other} & group[0]]
        made = [group for group in made if group not in touched]
        students = {pair.one, pair.other}.union(*(group[0] for group in touched))
        made.append((students, [pair, *(old for group in touched for old in group[1])]))
    found = [
        Group(tuple(sorted(s)), min(p.share for p in own), all(p.as_published for p in own))
        for s, own in made
    ]
    return sorted(found, key=lambda group: (group.as_published, -group.share, group.students))
