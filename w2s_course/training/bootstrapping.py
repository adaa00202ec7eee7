"""Bootstrapping (Burns et al. 2023, 2312.09390): from weak to strong in several small steps.

    weak labels -> a model of middle size, trained on them -> its labels -> ... -> the student

The hope: each step is a gap that generalisation bridges. The fear: each step adds errors of its own, and a
model that has memorised its labels only repeats them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from w2s_course.errors import UsageError
from w2s_course.labeling import relabelled
from w2s_course.models.answers import Answer, answer
from w2s_course.models.weak import WeakArchitecture, train_tokenizer
from w2s_course.training.batches import encode, prompt_of
from w2s_course.training.from_scratch import train_from_scratch
from w2s_course.training.recipe import Recipe

if TYPE_CHECKING:
    from datasets import Dataset

Labeller = Callable[[Sequence[str]], list[Answer]]
"""Codes -> one answer each: a trained model, as the next step sees it."""

MIDDLE = WeakArchitecture(width=256, layers=6, heads=8)  # 5 to 6 times the weak model's parameters


@dataclass(frozen=True)
class Step:
    """One model of the chain: its name, and how it is trained on labels. `train` gives a labeller."""

    name: str
    train: Callable[[Dataset], Labeller]


def bootstrap(labels: Dataset, steps: Sequence[Step], *, folds: int = 1, seed: int = 0) -> list[Dataset]:
    """The weak labels, then the labels that each step's model makes in its turn; the student takes the last.

    Every step labels the very snippets of the first labels: same rows, same order, the columns
    `explanation`, `confidence` and `labeller` replaced, all others as they were (`planted` goes on telling
    where the first labels were altered).

    folds: 1 lets a model label the snippets that it was trained on, and a model that has memorised their
        labels gives them back unchanged. With 2 or more, each part of the rows is labelled by a model
        trained on the other parts only, at as many times the cost. seed: of the parts.
    Raises: UsageError for fewer folds than 1 or more than rows.
    """
    if not 1 <= folds <= len(labels):
        raise UsageError(
            f"{folds} folds of {len(labels)} labels: there must be at least 1, and one label each."
        )
    chain = [labels]
    for step in steps:
        chain.append(relabelled(chain[-1], _labelled(step, chain[-1], folds, seed), step.name))
    return chain


def _labelled(step: Step, labels: Dataset, folds: int, seed: int) -> list[Answer]:
    """A step's answers about all rows, by one model or by one a fold."""
    codes = list(labels["code"])
    if folds == 1:
        return step.train(labels)(codes)
    order = random.Random(seed).sample(range(len(codes)), len(codes))
    answers: dict[int, Answer] = {}
    for fold in range(folds):
        held_out = sorted(order[fold::folds])
        others = sorted(set(range(len(codes))) - set(held_out))
        labeller = step.train(labels.select(others))
        answers.update(zip(held_out, labeller([codes[i] for i in held_out]), strict=True))
    return [answers[i] for i in range(len(codes))]


def middle_step(
    name: str,
    recipe: Recipe,
    epochs: int,
    seed: int,
    architecture: WeakArchitecture = MIDDLE,
) -> Step:
    """A step whose model starts from random weights, with a tokenizer learned from its labels.

    epochs: passes over the labels, the last batch of each smaller. A model without pre-training gains
    from size alone; compare with the control, the same idea at the weak model's own size.
    """

    def train(labels: Dataset) -> Labeller:
        codes, explanations = list(labels["code"]), list(labels["explanation"])
        texts = (prompt_of(code) + said for code, said in zip(codes, explanations, strict=True))
        tokenizer = train_tokenizer(texts, architecture.vocabulary)
        steps = epochs * -(-len(codes) // recipe.batch_size)
        examples = encode(tokenizer, codes, explanations)
        model = train_from_scratch(architecture, tokenizer, examples, recipe, steps, seed, name)
        return lambda codes: answer(model, tokenizer, [prompt_of(c) for c in codes], batch_size=128)

    return Step(name, train)
