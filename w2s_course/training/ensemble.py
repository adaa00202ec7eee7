"""Several weak models instead of one, the book's (d): `majority_vote` over what they claim, or the average of
what they would write next. Members differ in their seeds alone: same gold, same architecture.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from w2s_course.errors import UsageError
from w2s_course.judging.claims import Unreadable, parse
from w2s_course.models.answers import Answer, answer_together
from w2s_course.models.weak import WeakArchitecture
from w2s_course.snippets.concepts import SLOTS, Claim, Claims, Slot, sentence
from w2s_course.training.batches import Example
from w2s_course.training.from_scratch import train_from_scratch
from w2s_course.training.recipe import Recipe

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


def train_members(
    architecture: WeakArchitecture,
    tokenizer: PreTrainedTokenizerBase,
    examples: Sequence[Example],
    recipe: Recipe,
    steps: int,
    seeds: Sequence[int],
) -> list[PreTrainedModel]:
    """One model a seed, all trained on the same examples, which `tokenizer` has encoded.

    Other seeds give other first weights and another order of the examples. What the gold itself misses, or
    has wrong, all members miss: a vote averages out chance, not a systematic error.
    """
    how = (architecture, tokenizer, examples, recipe, steps)
    return [train_from_scratch(*how, seed, progress=f"member, seed {seed}") for seed in seeds]


# --- by vote ----------------------------------------------------------------------------------------


def majority_vote(members: Sequence[Sequence[Answer]]) -> list[Answer]:
    """For each snippet the sentence whose every claim has the most votes, slot by slot.

    A member votes for the claims of its sentence; an unreadable sentence does not vote. Where two claims
    have as many votes, those whose voters are more confident in total win, then the claim voted for first.
    The result may be a sentence that no member wrote, right where each of them has another claim wrong.
    Claims count as the same if they are worded alike: 'less than 0' and 'negative' are two.

    Args: members: each member's answers, about the same snippets in the same order.
    Returns: one answer a snippet. Its confidence is the share of all members that voted for the claim with
        the fewest votes: no probability, but in (0, 1] and in the same order from sure to unsure. Where no
        sentence could be read it is the most confident member's sentence, backed by one member.
    Raises: UsageError without members, or where they have not answered equally many snippets.

    >>> said = [("sum", "even", 0.9), ("sum", "odd", 0.5), ("product", "odd", 0.5)]
    >>> [vote] = majority_vote([[Answer(f"Returns the {a} of the {c} numbers.", p)] for a, c, p in said])
    >>> vote.text, round(vote.confidence, 2)
    ('Returns the sum of the odd numbers.', 0.67)
    """
    if not members or len({len(answers) for answers in members}) != 1:
        counts = [len(answers) for answers in members]
        raise UsageError(f"A vote needs members that have answered the same snippets, got answers: {counts}.")
    return [_vote(answers) for answers in zip(*members, strict=True)]


def _vote(answers: Sequence[Answer]) -> Answer:
    """The vote on one snippet."""
    read = [(parse(answer.text), answer.confidence) for answer in answers]
    ballots = [(claims, sure) for claims, sure in read if not isinstance(claims, Unreadable)]
    if not ballots:
        return Answer(max(answers, key=lambda answer: answer.confidence).text, 1 / len(answers))
    won = {slot: _winner(slot, ballots) for slot in SLOTS}
    claims = Claims(**{slot: claim for slot, (claim, _) in won.items()})
    return Answer(sentence(claims), min(votes for _, votes in won.values()) / len(answers))


def _winner(slot: Slot, ballots: Sequence[tuple[Claims, float]]) -> tuple[Claim, int]:
    """The claim of a slot with the most votes, and how many it has."""
    backers: dict[Claim, list[float]] = defaultdict(list)
    for claims, sure in ballots:
        backers[claims[slot]].append(sure)
    # Rounded, so that 0.1 + 0.2 and 0.3 tie. max() keeps the first of equals.
    winner = max(backers, key=lambda claim: (len(backers[claim]), round(math.fsum(backers[claim]), 12)))
    return winner, len(backers[winner])


# --- by average -------------------------------------------------------------------------------------


def average_distributions(
    models: Sequence[PreTrainedModel],
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[str],
    *,
    weights: Sequence[float] | None = None,
    batch_size: int = 64,
    longest: int = 40,
    progress: str = "",
) -> list[Answer]:
    """Greedy answers of the members' weighted average: at each token all are asked, then one is written.

    Pr(v | x, y_<t) = sum_m w_m Pr_m(v | x, y_<t),  sum_m w_m = 1     section 4.2.5 (d), weighted average

    The mean is over probabilities. All members go on from the same words, so a member is asked about
    sentences that it would not have begun.

    Args: models: members that share `tokenizer`; weights: each one's share, equal by default; they are
        divided by their sum. batch_size, longest, progress: as in `models.answers.answer`.
    Returns: one answer a prompt; confidence is the average's probability of the whole sentence and its end.
    Raises: UsageError for weights that make no average, or sizes below 1.
    """
    members = list(zip(models, _shares(len(models), weights), strict=True))
    return answer_together(
        *(members, tokenizer, prompts), batch_size=batch_size, longest=longest, progress=progress
    )


def _shares(members: int, weights: Sequence[float] | None) -> list[float]:
    given = [1.0] * members if weights is None else list(weights)
    if not members or len(given) != members or min(given) < 0 or not sum(given) > 0:
        raise UsageError(
            f"{members} members and the weights {given}: give each member one, 0 or more, not all 0."
        )
    return [weight / sum(given) for weight in given]
