"""Which labels to learn from: the book's (c), and two remedies of the literature.

    select_by_likelihood   the labels that the weak model finds likeliest
    drop_unlikely          all but those that it finds unlikely
    agreeing               those with which an early student agrees
    mix_gold               all, some of them replaced by gold

Each takes a label set (`labeling.label_set`) and returns one with the same columns, its rows in the same
order. None looks at the gold column but `mix_gold`, which buys what it takes.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from w2s_course.errors import CourseError, UsageError
from w2s_course.judging.claims import Unreadable, parse
from w2s_course.judging.execution import same_behaviour
from w2s_course.models.answers import Answer

if TYPE_CHECKING:
    from datasets import Dataset

GOLD = "gold"


def select_by_likelihood(labels: Dataset, share: float) -> Dataset:
    """The `share` of the labels that the weak model finds likeliest, section 4.2.5 (c) of the book.

    A label's likelihood is Pr^w(y^|x), its column `confidence`: the product over its tokens, so that of
    two sentences equally sure word by word the shorter comes first. Selecting by it favours what the weak
    model already knows: compare the concepts before and after.

    share: in (0, 1]; the number of rows is rounded, and at least 1. Of equally likely rows the first stay.
    Raises: UsageError for another share, or a likelihood that is no number.
    """
    if not 0 < share <= 1:
        raise UsageError(f"The share of labels to keep is {share}; it must be above 0 and at most 1.")
    confidence = _likelihoods(labels)
    likeliest = sorted(range(len(labels)), key=lambda i: -confidence[i])  # a stable sort: ties by order
    return labels.select(sorted(likeliest[: max(1, round(share * len(labels)))]))


def drop_unlikely(labels: Dataset, least: float) -> Dataset:
    """The labels whose likelihood under the weak model is at least `least`, a probability.

    Unlike a share, a bound keeps everything that a sure model wrote, and little of an unsure one.
    Raises: CourseError where nothing is left; UsageError for a bound or a likelihood that is no number.
    """
    if math.isnan(least):
        raise UsageError("The least likelihood is no number; give a probability from 0 to 1.")
    confidence = _likelihoods(labels)
    kept = [i for i, sure in enumerate(confidence) if sure >= least]
    best = f"The likeliest of {len(labels)} has {max(confidence, default=0):.3g}."
    return labels.select(
        _some(kept, f"No label has a likelihood of at least {least}. {best} Lower the bound.")
    )


def agreeing(labels: Dataset, answers: Sequence[Answer]) -> Dataset:
    """The labels that claim the same as `answers`, an early student's answers about the same snippets.

    The bet: a student that has seen each label once, or not yet, errs less like its teacher than it will
    later, so a label on which both agree is likelier right. They agree if the two sentences describe the
    same function, as 'negative' and 'less than 0' do. An unreadable one claims nothing and agrees with none.

    Raises: UsageError where labels and answers differ in number; CourseError where none agree.
    """
    if len(labels) != len(answers):
        raise UsageError(
            f"{len(labels)} labels and {len(answers)} answers: they must be of the same snippets."
        )
    pairs = zip(labels["explanation"], answers, strict=True)
    kept = [i for i, (said, answer) in enumerate(pairs) if _claim_the_same(said, answer.text)]
    nobody = f"The student agrees with none of the {len(labels)} labels. Let it learn for more steps first."
    return labels.select(_some(kept, nobody))


def mix_gold(labels: Dataset, share: float, seed: int) -> Dataset:
    """The labels, a random `share` of them replaced by gold: what a small budget for experts buys.

    Under one seed a larger share holds the rows of a smaller one, so a curve over shares is of one draw.
    Replaced rows get the labeller 'gold' and confidence 1; where there is a column `planted`, it is False
    for them, since nothing of the plant is left.

    share: in [0, 1]; the number of rows is rounded. Raises: UsageError for another share.
    """
    if not 0 <= share <= 1:
        raise UsageError(f"The share of gold is {share}; it must be between 0 and 1.")
    order = random.Random(seed).sample(range(len(labels)), len(labels))
    columns = labels.to_dict()
    for i in order[: round(share * len(labels))]:
        new = {"explanation": columns[GOLD][i], "labeller": GOLD, "confidence": 1.0, "planted": False}
        for name in new.keys() & columns.keys():
            columns[name][i] = new[name]
    return _same_columns(labels, columns)


def _likelihoods(labels: Dataset) -> list[float]:
    """The column `confidence`. Raises: UsageError for a value that has no place in an order."""
    found = list(labels["confidence"])
    for i, sure in enumerate(found):
        if sure is None or math.isnan(sure):
            raise UsageError(f"Label {i} has the likelihood {sure}; give each a probability from 0 to 1.")
    return found


def _claim_the_same(one: str, other: str) -> bool:
    a, b = parse(one), parse(other)
    return not isinstance(a, Unreadable) and not isinstance(b, Unreadable) and same_behaviour(a, b)


def _some(kept: list[int], otherwise: str) -> list[int]:
    if not kept:
        raise CourseError(otherwise)
    return kept


def _same_columns(labels: Dataset, columns: dict[str, list[Any]]) -> Dataset:
    from datasets import Dataset

    return Dataset.from_dict(columns, features=labels.features)
