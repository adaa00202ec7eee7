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
from itertools import islice, product

from w2s_course.errors import UsageError
from w2s_course.snippets.concepts import (
    SLOTS,
    Claim,
    Claims,
    Concept,
    all_claims,
    sentence,
)

FUNCTION_NAMES = tuple("fghpqs")
LOCAL_NAMES = tuple("abcdemnrtuvwxyz")
# Lists on which a program is compared with itself less one slot, to reject those that say nothing.
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
            condition=condition.concept.code[forms[0]].format(x=x, k=condition.k),
            value=transform.concept.code[forms[1]].format(x=x, k=transform.k),
            aggregate=claims.aggregate.concept,
        )
    )


@cache
def says_something(claims: Claims) -> bool:
    """Whether each slot matters: none could be left out without a change in what the program does.

    Counting squares is counting; the absolute value of positive numbers is the number itself. A wrong
    claim about such a slot would not be wrong.
    """
    empty = (Claim("transform", "identity"), Claim("view", "all"))
    without = [claims.with_claim(claim) for claim in empty if claims[claim.slot] != claim]
    return all(any(other.run(xs) != claims.run(xs) for xs in MIXED) for other in without)


@cache
def meaningful_claims(with_view: bool) -> tuple[Claims, ...]:
    """Every combination of claims that generated programs use, in a fixed order."""
    views = all_claims("view") if with_view else (Claim("view", "all"),)
    slots = (all_claims("aggregate"), all_claims("transform"), all_claims("condition"), views)
    return tuple(c for c in (Claims(*combination) for combination in product(*slots)) if says_something(c))


def capacity(with_view: bool = False) -> int:
    """How many different programs (by normalised AST) the grammar holds."""
    return sum(len(STYLES) * sum(1 for _ in _variants(claims)) for claims in meaningful_claims(with_view))


def _variants(claims: Claims) -> Iterator[tuple[int, int]]:
    """Which of the equivalent expressions a program may use, for its condition and its transform."""
    return product(range(len(claims.condition.concept.code)), range(len(claims.transform.concept.code)))


def programs(rng: random.Random, with_view: bool = False) -> Iterator[Snippet]:
    """Every program of the grammar once, in random order, concepts and styles as even as they can be.

    Kinds of which there are few run out first: nothing but the condition tells counting programs apart.
    """
    left: dict[tuple[str, ...], list[tuple[Claims, tuple[int, int]]]] = {}
    for claims in meaningful_claims(with_view):
        names = (claims.aggregate.name, claims.condition.name, claims.view.name, claims.transform.name)
        for style in STYLES:
            aggregate, condition, *rest = names
            left.setdefault((aggregate, condition, style, *rest), []).extend(
                (claims, forms) for forms in _variants(claims)
            )
    used = [Counter(dict.fromkeys(sorted(set(column)), 0)) for column in zip(*left, strict=True)]
    while left:
        # The least used first, ties in random order; a combination that the grammar lacks is passed over.
        ranked = [sorted(c, key=lambda name, c=c: (c[name], rng.random())) for c in used]  # type: ignore[misc]
        kind = next(kind for kind in product(*ranked) if kind in left)
        for counter, name in zip(used, kind, strict=True):
            counter[name] += 1
        choices = left[kind]
        claims, forms = choices.pop(rng.randrange(len(choices)))
        if not choices:
            del left[kind]
        names_ = (rng.choice(FUNCTION_NAMES), *rng.sample(LOCAL_NAMES, 4))
        yield Snippet(write_code(claims, kind[2], forms, names_), claims, kind[2])  # type: ignore[arg-type]


def _dealt(snippets: list[Snippet], sizes: dict[str, int]) -> dict[str, list[Snippet]]:
    """The snippets shared out so that each style and each concept comes to each split in proportion.

    Each goes to the split that is furthest behind its share of the like: minimisation, as clinical trials
    balance their arms (Pocock and Simon 1975).
    """
    splits: dict[str, list[Snippet]] = {name: [] for name in sizes}
    dealt: dict[str, Counter[str]] = {name: Counter() for name in sizes}
    seen: Counter[str] = Counter()
    for snippet in snippets:
        kinds = ["any", snippet.style, *(f"{slot} {snippet.claims[slot].name}" for slot in SLOTS)]
        seen.update(kinds)
        behind = {
            name: sum(sizes[name] / len(snippets) * seen[kind] - dealt[name][kind] for kind in kinds)
            for name in sizes
            if len(splits[name]) < sizes[name]
        }
        name = max(behind, key=behind.__getitem__)
        splits[name].append(snippet)
        dealt[name].update(kinds)
    return splits


def make_splits(sizes: dict[str, int], seed: int, with_view: bool = False) -> dict[str, tuple[Snippet, ...]]:
    """Named, balanced sets of snippets; no program stands in two of them, or twice in one.

    All of them are dealt from one draw, so that they have one distribution: a pool that is harder than the
    test set would make a teacher look better than its labels. Within a split the order is random, so its
    first rows are a fair sample of it. Other sizes give other snippets.

    sizes: how many snippets each split gets, by its name.
    Raises: UsageError for a negative size, or more snippets in all than the grammar holds.

    >>> splits = make_splits({"gold": 8, "test": 4}, seed=0)
    >>> len(splits["gold"]), len(splits["test"])
    (8, 4)
    """
    for name, size in sizes.items():
        if size < 0:
            raise UsageError(f"The size of '{name}' is {size}; it must be 0 or more.")
    total, limit = sum(sizes.values()), capacity(with_view)
    if total > limit:
        wanted = ", ".join(f"{name} {size:,}" for name, size in sizes.items())
        advice = "Ask for fewer"
        if not with_view:
            advice += ", or add the fourth slot: --with-view, in Python with_view=True"
        raise UsageError(
            f"{total:,} snippets were asked for ({wanted}), the grammar fills at most {limit:,}. {advice}."
        )
    rng = random.Random(seed)
    drawn = list(islice(programs(rng, with_view), total))
    splits = _dealt(rng.sample(drawn, total), sizes)
    return {name: tuple(rng.sample(splits[name], len(splits[name]))) for name in sizes}
