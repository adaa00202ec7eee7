"""The five arms on real code: one data set, one way to choose; what differs is what each has learned from.

weak              the word table, learned from the gold functions
strong_untrained  nothing
strong_on_gold    the weak model's own gold
weak_to_strong    the pool, each code with the sentence that the weak model chose (eq. 4.10)
ceiling           the same codes of the pool, with their true sentences
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from w2s_course.judging.choices import Likelihood, Question, make_questions
from w2s_course.models.device import pick_device
from w2s_course.models.strong import add_lora, load_strong
from w2s_course.real_code.config import RealCodeConfig
from w2s_course.real_code.likelihood import judge_options
from w2s_course.real_code.splits import split_by_module
from w2s_course.real_code.teacher import WordTable, learn_words, weak_choices
from w2s_course.snippets.harvest import harvest
from w2s_course.training.batches import encode
from w2s_course.training.finetune import finetune

LIKELIHOODS, COST = "likelihoods.json", "cost.json"


@dataclass(frozen=True)
class Material:
    """What a seed's arms share: questions of the pool and of the test, and the gold pairs."""

    gold: tuple[Question, ...]
    pool: tuple[Question, ...]
    test: tuple[Question, ...]


@cache
def material(config: RealCodeConfig) -> Material:
    """The questions of each split; a function that fits into no question is in no arm.

    Raises: CourseError where a package is missing, or there are too few functions.
    """
    splits = split_by_module(harvest(), config.shares, config.seed)
    made = {name: make_questions(splits[name], config.seed) for name in config.shares}
    return Material(**{name: tuple(qs[: config.limit or None]) for name, qs in made.items()})


@cache
def weak_model(config: RealCodeConfig) -> WordTable:
    """The weak model of this run; learned once a process, which takes a second."""
    return learn_words([q.function for q in material(config).gold], config.own)


def pairs_for(arm: str, config: RealCodeConfig) -> tuple[list[str], list[str]]:
    """The codes and sentences that an arm is fine-tuned on; none for an arm that is not."""
    data = material(config)
    if arm == "weak_to_strong":
        choices = weak_choices(weak_model(config), data.pool)
        sentences = [q.options[c.option] for q, c in zip(data.pool, choices, strict=True)]
        return [q.function.code for q in data.pool], sentences
    learned: Sequence[Question] = {"strong_on_gold": data.gold, "ceiling": data.pool}.get(arm, ())
    return [q.function.code for q in learned], [q.function.sentence for q in learned]


def all_that_it_reads(arm: str, config: RealCodeConfig) -> dict[str, Any]:
    """The texts that a strong arm learns from and is asked, in their order: two other ones are another arm.

    They are more than the packages' versions say: what `ast.unparse` writes, and how `sum` rounds where the
    weak model counts, depends on the version of Python.
    """
    codes, sentences = pairs_for(arm, config)
    asked = [[q.function.code, q.options] for q in material(config).test]
    return {"codes": codes, "sentences": sentences, "asked": asked}


def compute_arm(arm: str, config: RealCodeConfig, folder: Path) -> None:
    """Train a strong arm if it learns from anything, ask it the test questions, and write what it found."""
    codes, sentences = pairs_for(arm, config)
    model, tokenizer = load_strong(config.strong_model, config.precision, pick_device())
    started, tokens = time.perf_counter(), 0
    if codes:
        add_lora(model, config.lora, config.seed)
        examples = encode(tokenizer, codes, sentences)
        finetune(model, examples, config.recipe, config.steps, config.seed, progress=arm)
        tokens = round(sum(map(len, examples)) / len(examples) * config.steps * config.recipe.batch_size)
    trained = time.perf_counter()
    found = judge_options(model, tokenizer, material(config).test, progress=f"{arm}: test")
    rows = [[asdict(option) for option in question] for question in found]
    (folder / LIKELIHOODS).write_text(json.dumps(rows), "utf-8")
    seconds = {
        "seconds_training": trained - started if codes else 0.0,
        "seconds_answering": time.perf_counter() - trained,
        "tokens_training": tokens,
    }
    (folder / COST).write_text(json.dumps(seconds), "utf-8")


def read_arm(folder: Path) -> tuple[list[list[Likelihood]], dict[str, Any]]:
    """What `compute_arm` found and what it cost."""
    rows = json.loads((folder / LIKELIHOODS).read_text("utf-8"))
    cost: dict[str, Any] = json.loads((folder / COST).read_text("utf-8"))
    return [[Likelihood(**option) for option in question] for question in rows], cost
