"""The one table of concepts: how each is said, how it is coded, and what it means.

A program filters, transforms and aggregates a list of integers, optionally after looking at a part of it.
It has one concept for each slot. To add a concept, add a row: the grammar, the parser, the judge, the
ledger of errors and the tests pick it up from here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal, get_args

Slot = Literal["aggregate", "transform", "condition", "view"]
SLOTS: tuple[Slot, ...] = get_args(Slot)


@dataclass(frozen=True)
class Concept:
    """One row. `{k}` stands for the concept's number, `{x}` for the element, `{r}` for the result so far.

    phrases: how a sentence says it, the one used in gold explanations first.
    code: equivalent Python expressions; for aggregates, the call that consumes an iterable `{it}`.
    meaning: the semantics; (x, k) -> bool or int for elements, (xs, k) -> list or value for whole lists.
    numbers: the values that `{k}` takes in generated programs; empty for concepts without a number.
    smallest: the least `{k}` for which the concept means something ('divisible by 0' does not).
    start, step, finish: for aggregates only, the accumulator's first value, update and result.
    """

    slot: Slot
    name: str
    phrases: tuple[str, ...]
    code: tuple[str, ...]
    meaning: Callable[[Any, int], Any]
    numbers: tuple[int, ...] = ()
    smallest: int | None = None
    start: str = ""
    step: str = ""
    finish: str = "{r}"


THRESHOLDS = tuple(range(2, 10))
DIVISORS = (3, 4, 5, 6, 7)

CONDITIONS = (
    Concept("condition", "even", ("even numbers",), ("{x} % 2 == 0", "not {x} % 2"), lambda x, k: x % 2 == 0),
    Concept("condition", "odd", ("odd numbers",), ("{x} % 2 == 1", "{x} % 2 != 0"), lambda x, k: x % 2 == 1),
    Concept("condition", "negative", ("negative numbers",), ("{x} < 0",), lambda x, k: x < 0),
    Concept("condition", "positive", ("positive numbers",), ("{x} > 0",), lambda x, k: x > 0),
    Concept(
        "condition",
        "nonzero",
        ("nonzero numbers",),
        ("{x} != 0", "not {x} == 0"),
        lambda x, k: x != 0,
    ),
    Concept(
        "condition",
        "less_than",
        (
            "numbers less than {k}",
            "numbers smaller than {k}",
            "numbers below {k}",
            "numbers under {k}",
            "numbers < {k}",
        ),
        ("{x} < {k}",),
        lambda x, k: x < k,
        THRESHOLDS,
    ),
    Concept(
        "condition",
        "greater_than",
        (
            "numbers greater than {k}",
            "numbers larger than {k}",
            "numbers more than {k}",
            "numbers above {k}",
            "numbers over {k}",
            "numbers bigger than {k}",
            "numbers > {k}",
        ),
        ("{x} > {k}",),
        lambda x, k: x > k,
        THRESHOLDS,
    ),
    Concept(
        "condition",
        "at_most",
        (
            "numbers at most {k}",
            "numbers no more than {k}",
            "numbers not more than {k}",
            "numbers up to {k}",
            "numbers no greater than {k}",
            "numbers not greater than {k}",
            "numbers no larger than {k}",
            "numbers less than or equal to {k}",
            "numbers <= {k}",
        ),
        ("{x} <= {k}",),
        lambda x, k: x <= k,
        THRESHOLDS,
    ),
    Concept(
        "condition",
        "at_least",
        (
            "numbers at least {k}",
            "numbers no less than {k}",
            "numbers not less than {k}",
            "numbers no smaller than {k}",
            "numbers greater than or equal to {k}",
            "numbers >= {k}",
        ),
        ("{x} >= {k}",),
        lambda x, k: x >= k,
        THRESHOLDS,
    ),
    Concept(
        "condition",
        "divisible_by",
        ("numbers divisible by {k}", "multiples of {k}", "numbers evenly divisible by {k}"),
        ("{x} % {k} == 0", "not {x} % {k}"),
        lambda x, k: x % k == 0,
        DIVISORS,
        smallest=1,
    ),
    Concept(
        "condition",
        "not_divisible_by",
        ("numbers not divisible by {k}", "numbers indivisible by {k}"),
        ("{x} % {k} != 0", "{x} % {k} > 0"),
        lambda x, k: x % k != 0,
        DIVISORS,
        smallest=1,
    ),
    Concept(
        "condition",
        "different_from",
        (
            "numbers different from {k}",
            "numbers not equal to {k}",
            "numbers other than {k}",
            "numbers != {k}",
        ),
        ("{x} != {k}", "not {x} == {k}"),
        lambda x, k: x != k,
        THRESHOLDS,
    ),
)

TRANSFORMS = (
    Concept("transform", "identity", ("", "values of"), ("{x}",), lambda x, k: x),
    Concept(
        "transform",
        "square",
        ("squares of", "squared values of"),
        ("{x} * {x}", "{x} ** 2"),
        lambda x, k: x * x,
    ),
    Concept(
        "transform",
        "cube",
        ("cubes of", "cubed values of"),
        ("{x} ** 3", "{x} * {x} * {x}"),
        lambda x, k: x**3,
    ),
    Concept(
        "transform",
        "absolute",
        ("absolute values of", "magnitudes of"),
        ("abs({x})", "max({x}, -{x})"),
        lambda x, k: abs(x),
    ),
    Concept(
        "transform",
        "double",
        ("doubles of", "doubled values of"),
        ("2 * {x}", "{x} + {x}"),
        lambda x, k: 2 * x,
    ),
    Concept(
        "transform", "triple", ("triples of", "tripled values of"), ("3 * {x}", "{x} * 3"), lambda x, k: 3 * x
    ),
    Concept(
        "transform",
        "negation",
        ("negations of", "opposites of", "negated values of"),
        ("-{x}", "0 - {x}"),
        lambda x, k: -x,
    ),
    Concept(
        "transform",
        "half",
        ("halves rounded down of", "halves of", "halved values of"),
        ("{x} // 2", "{x} >> 1"),
        lambda x, k: x // 2,
    ),
    Concept("transform", "successor", ("successors of",), ("{x} + 1", "1 + {x}"), lambda x, k: x + 1),
    Concept(
        "transform",
        "last_digit",
        ("last digits of", "final digits of"),
        ("abs({x}) % 10", "int(str({x})[-1])"),
        lambda x, k: abs(x) % 10,
    ),
)

AGGREGATES = (
    Concept(
        "aggregate",
        "sum",
        ("sum of", "total of"),
        ("sum({it})",),
        lambda xs, k: sum(xs),
        start="0",
        step="{r} += {v}",
    ),
    Concept(
        "aggregate",
        "product",
        ("product of",),
        ("math.prod({it})",),
        lambda xs, k: math.prod(xs),
        start="1",
        step="{r} *= {v}",
    ),
    Concept(
        "aggregate",
        "largest",
        ("largest of", "maximum of", "greatest of", "biggest of"),
        ("max({it}, default=None)",),
        lambda xs, k: max(xs, default=None),
        start="None",
        step="if {r} is None or {v} > {r}:\n    {r} = {v}",
    ),
    Concept(
        "aggregate",
        "smallest",
        ("smallest of", "minimum of", "least of"),
        ("min({it}, default=None)",),
        lambda xs, k: min(xs, default=None),
        start="None",
        step="if {r} is None or {v} < {r}:\n    {r} = {v}",
    ),
    Concept(
        "aggregate",
        "count",
        ("count of", "number of"),
        ("len(list({it}))",),
        lambda xs, k: len(xs),
        start="0",
        step="{r} += 1",
    ),
    Concept(
        "aggregate",
        "distinct",
        (
            "number of distinct values among",
            "count of distinct values among",
            "number of different values among",
        ),
        ("len(set({it}))",),
        lambda xs, k: len(set(xs)),
        start="set()",
        step="{r}.add({v})",
        finish="len({r})",
    ),
    Concept(
        "aggregate",
        "list",
        ("list of",),
        ("list({it})",),
        lambda xs, k: list(xs),
        start="[]",
        step="{r}.append({v})",
    ),
    Concept(
        "aggregate",
        "last",
        ("last of", "final of"),
        ("([None] + list({it}))[-1]",),
        lambda xs, k: xs[-1] if xs else None,
        start="None",
        step="{r} = {v}",
    ),
)

VIEWS = (
    Concept("view", "all", ("",), ("{a}",), lambda xs, k: xs),
    Concept(
        "view",
        "first",
        ("among the first {k}",),
        ("{a}[:{k}]",),
        lambda xs, k: xs[:k],
        (2, 3, 4, 5),
        smallest=1,
    ),
    Concept(
        "view",
        "last",
        ("among the last {k}",),
        ("{a}[-{k}:]",),
        lambda xs, k: xs[-k:],
        (2, 3, 4, 5),
        smallest=1,
    ),
    Concept(
        "view", "after", ("after the first {k}",), ("{a}[{k}:]",), lambda xs, k: xs[k:], (1, 2, 3), smallest=0
    ),
    Concept(
        "view", "reversed", ("in reverse order", "in reversed order"), ("{a}[::-1]",), lambda xs, k: xs[::-1]
    ),
)

CONCEPTS: dict[Slot, tuple[Concept, ...]] = {
    "aggregate": AGGREGATES,
    "transform": TRANSFORMS,
    "condition": CONDITIONS,
    "view": VIEWS,
}
_ROWS = {(concept.slot, concept.name): concept for rows in CONCEPTS.values() for concept in rows}


@dataclass(frozen=True)
class Claim:
    """A concept and its number: 'at most 9' is Claim('condition', 'at_most', 9)."""

    slot: Slot
    name: str
    k: int = 0

    @property
    def concept(self) -> Concept:
        return _ROWS[self.slot, self.name]

    def __str__(self) -> str:
        return self.concept.phrases[0].format(k=self.k) or f"({self.name})"


@dataclass(frozen=True)
class Claims:
    """Everything that one explanation says, one claim a slot; also the truth about one program."""

    aggregate: Claim
    transform: Claim = Claim("transform", "identity")
    condition: Claim = Claim("condition", "even")
    view: Claim = Claim("view", "all")

    def __getitem__(self, slot: Slot) -> Claim:
        claim: Claim = getattr(self, slot)
        return claim

    def with_claim(self, claim: Claim) -> Claims:
        """The same claims but for one slot."""
        return replace(self, **{claim.slot: claim})

    def run(self, xs: list[int]) -> Any:
        """What the described function returns for `xs`.

        >>> said = Claims(Claim("aggregate", "sum"), Claim("transform", "square"), Claim("condition", "even"))
        >>> said.run([1, 2, 3, 4])
        20
        """
        seen = self.view.concept.meaning(xs, self.view.k)
        keep, change = self.condition.concept.meaning, self.transform.concept.meaning
        values = [change(x, self.transform.k) for x in seen if keep(x, self.condition.k)]
        return self.aggregate.concept.meaning(values, self.aggregate.k)


def sentence(claims: Claims) -> str:
    """The gold explanation: one sentence in the canonical words.

    >>> sentence(Claims(Claim("aggregate", "sum"), condition=Claim("condition", "at_most", 9)))
    'Returns the sum of the numbers at most 9.'
    """
    article = "a" if claims.aggregate.name == "list" else "the"
    words = [f"Returns {article}"]
    for slot in SLOTS:
        phrase = claims[slot].concept.phrases[0].format(k=claims[slot].k)
        words += (
            [phrase if slot == "view" else f"{phrase} the" if slot != "condition" else phrase]
            if phrase
            else []
        )
    return " ".join(words) + "."


@cache
def all_claims(slot: Slot) -> tuple[Claim, ...]:
    """Every claim of a slot that generated programs use: one for each concept and number."""
    return tuple(Claim(slot, c.name, k) for c in CONCEPTS[slot] for k in (c.numbers or (0,)))
