"""Consistent errors, one row a rule: what a teacher always gets wrong, and how.

A rule makes a false claim about every program that it touches. Where its claim would only be the truth in
other words ('less than 10' for 'at most 9') it touches nothing: what the judge calls right is no error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from w2s_course.errors import UsageError, unknown_name
from w2s_course.judging.execution import wrong_claims
from w2s_course.snippets.concepts import CONCEPTS, Claim, Concept, Slot
from w2s_course.snippets.grammar import STYLES, Snippet


def _concept(slot: Slot, name: str) -> Concept:
    concepts = {concept.name: concept for concept in CONCEPTS[slot]}
    if name not in concepts:
        raise unknown_name(f"concept of the slot {slot}", name, concepts)
    return concepts[name]


@dataclass(frozen=True)
class Rule:
    """One consistent error: in `slot` the teacher `says` this concept, whatever the program does there.

    of: only where the truth is this concept; style: only in programs of this coding style (a blind spot).
    At least one of them. A number stays as it is: 'at most 7' becomes 'at least 7'.
    Raises: UsageError for unknown names, for a rule without `of` and `style`, and where `says` needs a
    number that `of` has none of.
    """

    slot: Slot
    says: str
    of: str = ""
    style: str = ""

    def __post_init__(self) -> None:
        says = _concept(self.slot, self.says)
        numbered = bool(self.of) and bool(_concept(self.slot, self.of).numbers)
        if self.style and self.style not in STYLES:
            raise unknown_name("coding style", self.style, STYLES)
        if not self.of and not self.style:
            raise UsageError(f"A rule that says '{self.says}' of everything touches no kind of program.")
        if says.numbers and not numbered:
            raise UsageError(
                f"'{self.says}' needs a number, but '{self.of or self.style}' has none. Say another concept."
            )

    @property
    def name(self) -> str:
        """How plans and tables call it.

        >>> Rule("condition", says="at_least", of="at_most").name
        'at-most-as-at-least'
        """
        return "-as-".join((self.of or self.style, self.says)).replace("_", "-")

    def claim(self, snippet: Snippet) -> Claim | None:
        """What the rule says about a program; None where it does not apply, or would be no error."""
        truth = snippet.claims
        if self.of not in ("", truth[self.slot].name) or self.style not in ("", snippet.style):
            return None
        k = truth[self.slot].k if _concept(self.slot, self.says).numbers else 0
        said = Claim(self.slot, self.says, k)
        return said if wrong_claims(truth.with_claim(said), truth) else None


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        # A comparison turned, or its end mistaken.
        Rule("condition", says="at_least", of="at_most"),
        Rule("condition", says="at_most", of="at_least"),
        Rule("condition", says="at_most", of="less_than"),
        Rule("condition", says="at_least", of="greater_than"),
        Rule("condition", says="positive", of="negative"),
        # A concept that is always misnamed.
        Rule("condition", says="odd", of="even"),
        Rule("condition", says="divisible_by", of="not_divisible_by"),
        Rule("aggregate", says="smallest", of="largest"),
        Rule("aggregate", says="count", of="distinct"),
        Rule("transform", says="double", of="half"),
        # A coding style that is never understood: `i += 1` taken for counting, `filter` for dropping zeros.
        Rule("aggregate", says="count", style="while"),
        Rule("condition", says="nonzero", style="map_filter"),
    )
}
"""One row a rule. To plant another error, add a row."""


def planted_claims(snippet: Snippet, rules: Sequence[str]) -> dict[Slot, Claim]:
    """The false claims that these rules make about a program, by slot; empty where none touches it.

    >>> from w2s_course.snippets.concepts import Claims
    >>> negative = Claims(Claim("aggregate", "sum"), condition=Claim("condition", "negative"))
    >>> str(planted_claims(Snippet("...", negative, "loop"), ["negative-as-positive"])["condition"])
    'positive numbers'
    """
    found: dict[Slot, Claim] = {}
    for rule in (RULES[name] for name in rules):
        claim = rule.claim(snippet)
        if claim is not None:
            found.setdefault(rule.slot, claim)
    return found
