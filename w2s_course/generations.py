"""Models that learn from models, generation after generation: does it end badly, and what prevents it?

Shumailov et al. 2024 (Nature 631): trained on the data of the generation before, models lose the tails of
the distribution. Gerstgrasser et al. 2024 (arXiv 2404.01413): not if the data accumulate, the real ones too.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from w2s_course.errors import UsageError, unknown_name
from w2s_course.judging.claims import Unreadable, parse
from w2s_course.judging.execution import Verdict
from w2s_course.labeling.labels import snippets_of
from w2s_course.metrics import Estimate, share
from w2s_course.snippets.concepts import Claim, Slot
from w2s_course.snippets.grammar import Snippet

if TYPE_CHECKING:
    from datasets import Dataset

Model = TypeVar("Model")
Mode = Literal["replace", "accumulate"]
MODES: tuple[Mode, ...] = ("replace", "accumulate")


@dataclass(frozen=True)
class Generation(Generic[Model]):
    """One generation: its number from 0, the model, and the labels that it learned from."""

    number: int
    model: Model
    learned_from: Dataset


def generations(
    gold: Dataset,
    train: Callable[[Dataset, int], Model],
    label: Callable[[Model, int], Dataset],
    mode: Mode,
    count: int,
) -> Iterator[Generation[Model]]:
    """`count` generations after the one that learns from gold, each taught by the one before it.

        replace      generation g learns from the labels of generation g - 1 alone
        accumulate   ... from gold and the labels of all generations before it

    Accumulating also means more rows: train by a number of steps, not of passes, to compare the two.
    Generations come one by one, so that a model can be measured and let go before the next is made.

    Args: gold: a label set. train: (label set, generation) -> model. label: (model, generation) -> the label
        set that it writes, with the columns of `gold`; of the same snippets each time, or of others.
    Raises: UsageError for an unknown mode or a negative count.
    """
    from datasets import concatenate_datasets

    if mode not in MODES:
        raise unknown_name("mode of generations", mode, MODES)
    if count < 0:
        raise UsageError(f"{count} generations were asked for; it must be 0 or more.")
    learned_from, written = gold, [gold]
    for number in range(count + 1):
        model = train(learned_from, number)
        yield Generation(number, model, learned_from)
        if number == count:
            return
        labels = label(model, number)
        written.append(labels)
        learned_from = labels if mode == "replace" else concatenate_datasets(written)


def distinct_claims(explanations: Sequence[str]) -> int:
    """How many different things are said: distinct combinations of claims; unreadable sentences say none.

    Other words for the same claims are no diversity here. Compare only as many sentences about the same
    snippets, and with the count of the gold ones: what is lost is what nobody says any more.

    >>> distinct_claims(["Returns the sum of the even numbers.", "The total of all even numbers.", "Hm."])
    1
    """
    return len({claims for claims in map(parse, explanations) if not isinstance(claims, Unreadable)})


Concept = tuple[Slot, str]
"""A slot and the name of a concept in it."""


def rare_concepts(gold: Dataset, slot: Slot = "condition", most: float = 0.1) -> set[Concept]:
    """The tail: the rarest concepts of a slot, as many as together make up at most this share of the rows.

    Ties in alphabetical order. Empty where even the rarest is more common: balanced sets have no tail; make
    one by `with_tail`.
    """
    counts = Counter(snippet.claims[slot].name for snippet in snippets_of(gold))
    room, tail = most * len(gold), set[Concept]()
    for name, count in sorted(counts.items(), key=lambda item: (item[1], item[0])):
        room -= count
        if room < -1e-9:
            break
        tail.add((slot, name))
    return tail


def with_tail(labels: Dataset, concepts: Collection[Concept], keep: float, seed: int) -> Dataset:
    """The label set with only a share `keep` of the rows about programs that have any of these concepts.

    Rows and order are otherwise as they were. At least one row of each stays, if there was one: a tail that
    the first generation never saw cannot be lost by the later ones.
    Raises: UsageError for a share out of [0, 1].
    """
    if not 0 <= keep <= 1:
        raise UsageError(f"The share to keep is {keep}; it must be from 0 to 1.")
    snippets, rng, dropped = snippets_of(labels), random.Random(seed), set[int]()
    for slot, name in sorted(concepts):
        rows = [i for i, snippet in enumerate(snippets) if snippet.claims[slot].name == name]
        stays = min(len(rows), max(1, round(keep * len(rows))))
        dropped.update(rng.sample(rows, len(rows) - stays))
    return labels.select([i for i in range(len(snippets)) if i not in dropped])


def tail_accuracy(
    verdicts: Sequence[Verdict], snippets: Sequence[Snippet], concepts: Collection[Concept], seed: int = 0
) -> dict[str, Estimate]:
    """Accuracy on test programs with a rare concept ('tail') and on all others ('head').

    A 'tail' claim is judged by itself: the share of programs whose claim in the rare concept's slot is true,
    so that errors elsewhere in the sentence don't hide what became of the tail.
    Raises: ValueError where verdicts and snippets differ in number.
    """
    slots = sorted({slot for slot, _ in concepts})
    tail: list[bool] = []
    head: list[bool] = []
    for verdict, snippet in zip(verdicts, snippets, strict=True):
        for slot in slots:
            rare = (slot, snippet.claims[slot].name) in concepts
            (tail if rare else head).append(verdict.claims[slot])
    return {"tail": share(tail, seed), "head": share(head, seed)}


def claims_said(explanations: Sequence[str], slot: Slot) -> Counter[str]:
    """How often each concept of a slot is said: the distribution whose tail may be lost."""
    read = [claims for claims in map(parse, explanations) if not isinstance(claims, Unreadable)]
    said: list[Claim] = [claims[slot] for claims in read]
    return Counter(claim.name for claim in said)
