"""Programs with checkable truth, drawn from the table of concepts in several coding styles.

Covered: balanced, reproducible sets of snippets, disjoint by their normalised AST. Not covered: code that
people wrote. A snippet knows its true claims, so that an explanation can be judged without any judge model.
"""

from __future__ import annotations

import ast
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

from w2s_course.errors import UsageError
from w2s_course.snippets.concepts import (
    AGGREGATES,
    CONCEPTS,
    CONDITIONS,
    TRANSFORMS,
    VIEWS,
    Claim,
    Claims,
    Concept,
    Slot,
    all_claims,
    sentence,
)

FUNCTION_NAMES = tuple("fghpqs")
LOCAL_NAMES = tuple("abcdemnrtuvwxyz")
# Lists on which a program is compared with itself less one slot, to reject those that say nothing.
# A list of one repeated number is enough to see most transforms, but not that the number of distinct values
# depends on one: such programs are left out, although they would be fine (docs/negative-results.md).
REPEATED = tuple([random.Random(i).randint(-12, 12)] * 9 for i in range(12))
MIXED = tuple([rng.randint(-12, 12) for _ in range(9)] for rng in map(random.Random, range(12)))


@dataclass(frozen=True)
class Snippet:
    """One function, its style, and the truth about it."""

    code: str
    claims: Claims
    style: str

    @property
    def explanation(self) -> str:
        """The gold explanation."""
        return sentence(self.claims)

    @property
    def key(self) -> str:
        """Equal for two snippets that differ in names alone."""
        return normalised_ast(self.code)


def normalised_ast(code: str) -> str:
    """The program's syntax tree with every name that it binds replaced by a number, in order of appearance.

    Two texts with one key are the same program; splits are kept disjoint by it.

    >>> normalised_ast("def f(a): return max(a)") == normalised_ast("def g(b):\\n    return max(b)")
    True
    >>> normalised_ast("def f(a): return max(a)") == normalised_ast("def f(a): return min(a)")
    False
    """
    tree = ast.parse(code)
    bound = {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    bound |= {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    bound |= {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    numbers: dict[str, str] = {}
    for node in ast.walk(tree):
        for field in ("arg", "id", "name"):
            name = getattr(node, field, None)
            if name in bound:
                setattr(node, field, numbers.setdefault(name, f"_{len(numbers)}"))
    return ast.dump(tree)


@dataclass(frozen=True)
class _Parts:
    """What a style puts together: names, and the code of each slot with the names filled in."""

    fn: str
    xs: str
    x: str
    r: str
    i: str
    viewed: str
    condition: str
    value: str
    aggregate: Concept

    def step(self, indent: int) -> str:
        return _indented(self.aggregate.step.format(r=self.r, v=self.value), indent)

    @property
    def result(self) -> str:
        return self.aggregate.finish.format(r=self.r)

    def call(self, iterable: str) -> str:
        return self.aggregate.code[0].format(it=iterable)


def _indented(text: str, spaces: int) -> str:
    return "\n".join(" " * spaces + line for line in text.split("\n"))


def _loop(p: _Parts) -> str:
    return (
        f"def {p.fn}({p.xs}):\n    {p.r} = {p.aggregate.start}\n    for {p.x} in {p.viewed}:\n"
        f"        if {p.condition}:\n{p.step(12)}\n    return {p.result}"
    )


def _while(p: _Parts) -> str:
    narrowed = "" if p.viewed == p.xs else f"    {p.xs} = {p.viewed}\n"
    return (
        f"def {p.fn}({p.xs}):\n{narrowed}    {p.r} = {p.aggregate.start}\n    {p.i} = 0\n"
        f"    while {p.i} < len({p.xs}):\n        {p.x} = {p.xs}[{p.i}]\n"
        f"        if {p.condition}:\n{p.step(12)}\n"
        f"        {p.i} += 1\n    return {p.result}"
    )


def _comprehension(p: _Parts) -> str:
    inside = f"{p.value} for {p.x} in {p.viewed} if {p.condition}"
    if p.aggregate.name == "list":
        return f"def {p.fn}({p.xs}):\n    return [{inside}]"
    # A lone generator needs no brackets of its own; beside another argument it does.
    iterable = inside if p.aggregate.code[0].endswith("({it})") else f"[{inside}]"
    return f"def {p.fn}({p.xs}):\n    return {p.call(iterable)}"


def _map_filter(p: _Parts) -> str:
    kept = f"filter(lambda {p.x}: {p.condition}, {p.viewed})"
    changed = kept if p.value == p.x else f"map(lambda {p.x}: {p.value}, {kept})"
    return f"def {p.fn}({p.xs}):\n    return {p.call(changed)}"


STYLES: dict[str, Callable[[_Parts], str]] = {
    "loop": _loop,
    "comprehension": _comprehension,
    "while": _while,
    "map_filter": _map_filter,
}


def write_code(
    claims: Claims, style: str, forms: tuple[int, int], names: tuple[str, str, str, str, str]
) -> str:
    """The program for `claims` in `style`.

    forms: which of the equivalent expressions to use, for the condition and the transform.
    names: of the function, its parameter, the element, the result and the index.
    """
    fn, xs, x, r, i = names
    condition, transform = claims.condition, claims.transform
    return STYLES[style](
        _Parts(
            *(fn, xs, x, r, i),
            viewed=claims.view.concept.code[0].format(a=xs, k=claims.view.k),
            condition=condition.concept.code[forms[0] % len(condition.concept.code)].format(
                x=x, k=condition.k
            ),
            value=transform.concept.code[forms[1] % len(transform.concept.code)].format(x=x, k=transform.k),
            aggregate=claims.aggregate.concept,
        )
    )


@cache
def says_something(claims: Claims) -> bool:
    """Whether each slot matters: none could be left out without a change in what the program does.

    Counting squares is counting; the absolute value of positive numbers is the number itself. A wrong
    claim about such a slot would not be wrong.
    """
    empty = ((Claim("transform", "identity"), REPEATED), (Claim("view", "all"), MIXED))
    without = [(claims.with_claim(claim), lists) for claim, lists in empty if claims[claim.slot] != claim]
    return all(any(other.run(xs) != claims.run(xs) for xs in lists) for other, lists in without)


@cache
def meaningful_claims(with_view: bool) -> tuple[Claims, ...]:
    """Every combination of claims that generated programs use, in a fixed order."""
    views = all_claims("view") if with_view else (Claim("view", "all"),)
    slots = (all_claims("aggregate"), all_claims("transform"), all_claims("condition"), views)
    return tuple(c for c in (Claims(*combination) for combination in product(*slots)) if says_something(c))


def capacity(with_view: bool = False) -> int:
    """How many different programs (by normalised AST) the grammar holds."""
    return sum(
        len(STYLES) * len(c.condition.concept.code) * len(c.transform.concept.code)
        for c in meaningful_claims(with_view)
    )


class _Deck:
    """Deals the rows of one slot so that every row has been dealt equally often, give or take one."""

    def __init__(self, rows: tuple[Concept, ...]) -> None:
        self.used: Counter[str] = Counter({row.name: 0 for row in rows})

    def ranked(self, rng: random.Random) -> list[str]:
        """Names, the least used first, ties in random order."""
        return sorted(self.used, key=lambda name: (self.used[name], rng.random()))


def _draw(
    rng: random.Random, decks: dict[Slot, _Deck], by_names: dict[tuple[str, ...], list[Claims]]
) -> Claims:
    """Claims whose concepts have been used least, among the combinations that say something."""
    orders = [decks[slot].ranked(rng) for slot in ("aggregate", "condition", "view", "transform")]
    for aggregate, condition, view, transform in product(*orders):
        choices = by_names.get((aggregate, transform, condition, view))
        if choices:
            for slot, name in zip(decks, (aggregate, transform, condition, view), strict=True):
                decks[slot].used[name] += 1
            return rng.choice(choices)
    raise AssertionError("the grammar is empty")


def _programs(rng: random.Random, with_view: bool) -> Iterator[Snippet]:
    """An endless stream of balanced programs; the same one may come twice."""
    by_names: dict[tuple[str, ...], list[Claims]] = {}
    for claims in meaningful_claims(with_view):
        names = (claims.aggregate.name, claims.transform.name, claims.condition.name, claims.view.name)
        by_names.setdefault(names, []).append(claims)
    views = VIEWS if with_view else VIEWS[:1]
    rows = {"aggregate": AGGREGATES, "transform": TRANSFORMS, "condition": CONDITIONS, "view": views}
    decks: dict[Slot, _Deck] = {slot: _Deck(rows[slot]) for slot in CONCEPTS}
    styles: list[str] = []
    while True:
        styles = styles or rng.sample(sorted(STYLES), len(STYLES))
        claims, style = _draw(rng, decks, by_names), styles.pop()
        names_ = (rng.choice(FUNCTION_NAMES), *rng.sample(LOCAL_NAMES, 4))
        code = write_code(claims, style, (rng.randrange(2), rng.randrange(2)), names_)  # type: ignore[arg-type]
        yield Snippet(code, claims, style)


def make_splits(sizes: dict[str, int], seed: int, with_view: bool = False) -> dict[str, tuple[Snippet, ...]]:
    """Named, balanced sets of snippets; no program stands in two of them, or twice in one.

    sizes: how many snippets each split gets, by its name.
    Raises: UsageError for a negative size, or more snippets in all than the grammar can fill comfortably.

    >>> splits = make_splits({"gold": 8, "test": 4}, seed=0)
    >>> len(splits["gold"]), len(splits["test"])
    (8, 4)
    """
    for name, size in sizes.items():
        if size < 0:
            raise UsageError(f"The size of '{name}' is {size}; it must be 0 or more.")
    total, limit = sum(sizes.values()), capacity(with_view) // 2
    if total > limit:  # beyond half, balance would be lost to rejections
        wanted = ", ".join(f"{name} {size:,}" for name, size in sizes.items())
        advice = (
            "Ask for fewer." if with_view else "Ask for fewer, or add the fourth slot with with_view=True."
        )
        raise UsageError(
            f"{total:,} snippets were asked for ({wanted}), the grammar fills at most {limit:,}. {advice}"
        )
    seen: set[str] = set()
    splits = {}
    for name, size in sizes.items():
        # Each split has its own stream, so that a larger pool leaves the test set as it was.
        stream = _programs(random.Random(f"{seed}/{name}"), with_view)
        chosen: list[Snippet] = []
        while len(chosen) < size:
            snippet = next(stream)
            if snippet.key not in seen:
                seen.add(snippet.key)
                chosen.append(snippet)
        splits[name] = tuple(chosen)
    return splits
