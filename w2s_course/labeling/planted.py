"""Errors put into labels on purpose, so that one knows what a student could inherit.

A *systematic* teacher makes the same error wherever a rule of its plan (see `rules`) touches a program; a
*random* one errs anywhere in any way; a *matched* one errs at random in exactly as many labels as the
systematic one of the same plan. Equal label accuracy, different errors: what the student makes of them is
the difference.

Every planted explanation is a sentence of the course's own renderer, and false.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from w2s_course.errors import CourseError, UsageError, unknown_name
from w2s_course.judging.claims import Unreadable, parse
from w2s_course.judging.execution import same_behaviour
from w2s_course.labeling.labels import snippets_of
from w2s_course.labeling.rules import RULES, planted_claims
from w2s_course.snippets.concepts import CONCEPTS, SLOTS, Claim, Claims, Slot, sentence
from w2s_course.snippets.grammar import Snippet

if TYPE_CHECKING:
    from datasets import Dataset


@dataclass(frozen=True)
class Plan:
    """Which errors to plant.

    kind: 'systematic', 'random', or 'matched': random, in as many labels as the systematic plan makes wrong.
    rate: the share altered, in [0, 1], of the labels that could be: for a systematic plan those about
        programs that its rules touch; for a random one those that are right.
    rules: names of `RULES`, for systematic and matched plans; the first that touches a slot decides it.
    slots: where random errors may be; empty for every slot that the programs fill.
    Raises: UsageError for unknown names, a rate out of range, or rules with a kind that has no use for them.
    """

    kind: str
    rate: float = 1.0
    rules: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise unknown_name("kind of planted error", self.kind, KINDS)
        if not 0 <= self.rate <= 1:
            raise UsageError(f"The rate is {self.rate}; it is a share, from 0 to 1.")
        for name, known in ((self.rules, RULES), (self.slots, SLOTS)):
            for one in sorted(set(name) - set(known)):
                raise unknown_name("rule or slot", one, known)
        if (self.kind == "random") == bool(self.rules):
            raise UsageError(
                f"A {self.kind} plan got {len(self.rules)} rules. Systematic and matched plans need rules, a "
                "random one has none."
            )


def touched(rows: Sequence[Snippet] | Dataset, plan: Plan) -> list[bool]:
    """Which programs a plan's rules make a false claim about, of snippets or of a label set.

    A matched plan touches what its systematic twin does, so that the two can be compared there. Random
    plans touch nothing in particular: all False.
    """
    snippets = rows if isinstance(rows, Sequence) else snippets_of(rows)
    return [bool(planted_claims(snippet, plan.rules)) for snippet in snippets]


Said = Sequence[Claims | Unreadable]
"""What each label says now."""


def _systematic(snippets: Sequence[Snippet], said: Said, plan: Plan, rng: random.Random) -> dict[int, Claims]:
    """The new claims of each altered row. Rows that cannot be read, or say it already, are left alone."""
    found: dict[int, Claims] = {}
    for i, (snippet, claims) in enumerate(zip(snippets, said, strict=True)):
        if isinstance(claims, Unreadable):
            continue
        new = claims
        for claim in planted_claims(snippet, plan.rules).values():
            new = new.with_claim(claim)
        if new != claims and not same_behaviour(new, snippet.claims):
            found[i] = new
    chosen = rng.sample(sorted(found), round(plan.rate * len(found)))
    return {i: found[i] for i in sorted(chosen)}


def _right(snippets: Sequence[Snippet], said: Said) -> list[int]:
    pairs = zip(snippets, said, strict=True)
    return [
        i for i, (s, c) in enumerate(pairs) if not isinstance(c, Unreadable) and same_behaviour(c, s.claims)
    ]


def _slots(snippets: Sequence[Snippet], plan: Plan) -> tuple[Slot, ...]:
    with_view = any(snippet.claims.view.name != "all" for snippet in snippets)
    return plan.slots or tuple(slot for slot in SLOTS if slot != "view" or with_view)


def _wrong_somehow(truth: Claims, slots: Sequence[Slot], rng: random.Random) -> Claims | None:
    """The truth but for one claim: a random slot, concept and number. None where no error is possible.

    Concepts are drawn before numbers, because programs have concepts in even shares; a slot where no claim
    would be an error (counting squares is counting) gives way to the next.
    """
    for slot in rng.sample(list(slots), len(slots)):
        for concept in rng.sample(list(CONCEPTS[slot]), len(CONCEPTS[slot])):
            for k in rng.sample(list(concept.numbers or (0,)), len(concept.numbers or (0,))):
                new = truth.with_claim(Claim(slot, concept.name, k))
                if not same_behaviour(new, truth):
                    return new
    return None


def _at_random(
    snippets: Sequence[Snippet], said: Said, count: int, slots: Sequence[Slot], rng: random.Random
) -> dict[int, Claims]:
    """`count` of the right rows with one false claim each. Raises: CourseError if there are too few."""
    right, found = _right(snippets, said), dict[int, Claims]()
    for i in rng.sample(right, len(right)):
        if len(found) == count:
            break
        claims = said[i]
        assert not isinstance(claims, Unreadable)
        new = _wrong_somehow(claims, slots, rng)
        if new is not None:
            found[i] = new
    if len(found) < count:
        raise CourseError(
            f"{count} labels were to be made wrong in the slots {', '.join(slots)}, but only {len(found)} "
            "can be. Lower the rate, or allow more slots."
        )
    return found


def _random(snippets: Sequence[Snippet], said: Said, plan: Plan, rng: random.Random) -> dict[int, Claims]:
    count = round(plan.rate * len(_right(snippets, said)))
    return _at_random(snippets, said, count, _slots(snippets, plan), rng)


def _matched(snippets: Sequence[Snippet], said: Said, plan: Plan, rng: random.Random) -> dict[int, Claims]:
    twin = _systematic(snippets, said, plan, rng)
    newly_wrong = len(twin.keys() & set(_right(snippets, said)))
    return _at_random(snippets, said, newly_wrong, _slots(snippets, plan), rng)


Planting = Callable[[Sequence[Snippet], Said, Plan, random.Random], dict[int, Claims]]
KINDS: dict[str, Planting] = {"systematic": _systematic, "random": _random, "matched": _matched}


def plant(labels: Dataset, plan: Plan, seed: int) -> Dataset:
    """The label set with the errors of `plan` in it; gold labels or weak ones.

    Column `planted` says whether a row's explanation was altered (now, or by an earlier call); rows, their
    order, and the other columns stay. So does `confidence`: the labeller was as sure as it was. A matched
    plan with the same seed leaves exactly as many wrong rows as the systematic one.
    Raises: CourseError where there are not enough right labels to make wrong.
    """
    from datasets import Dataset

    columns = {name: list(labels[name]) for name in labels.column_names}
    snippets, said = snippets_of(labels), [parse(text) for text in columns["explanation"]]
    new = KINDS[plan.kind](snippets, said, plan, random.Random(seed))
    before = columns.get("planted", [False] * len(said))
    columns["explanation"] = [
        sentence(new[i]) if i in new else text for i, text in enumerate(columns["explanation"])
    ]
    columns["planted"] = [already or i in new for i, already in enumerate(before)]
    return Dataset.from_dict(columns)


def matched(labels: Dataset, plan: Plan, seed: int) -> Dataset:
    """Random errors at the label accuracy of a systematic plan: in as many rows as that makes wrong.

    The same as `plant` with the plan's kind set to 'matched'.
    """
    return plant(labels, Plan("matched", plan.rate, plan.rules, plan.slots), seed)
