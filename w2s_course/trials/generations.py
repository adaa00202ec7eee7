"""Generations of small models as one stage, each taught by the one before it, or by all before it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from w2s_course import metrics
from w2s_course.arms.counted import total
from w2s_course.arms.files import splits
from w2s_course.arms.small import learn_small, load_weak
from w2s_course.config import Config
from w2s_course.costs import StageCost
from w2s_course.generations import Concept, distinct_claims, generations, tail_accuracy, with_tail
from w2s_course.labeling import gold_answers, label_set, weak_answers
from w2s_course.models.answers import Answer
from w2s_course.models.device import pick_device
from w2s_course.models.weak import new_weak_model
from w2s_course.results import judge_all
from w2s_course.snippets.grammar import Snippet
from w2s_course.stages import Inputs
from w2s_course.trials.pairs import save
from w2s_course.trials.student import publish

if TYPE_CHECKING:
    from datasets import Dataset

FOUND = "generations.json"
KEPT, RARE = 0.2, 3
"""The tail: this share is kept of the gold rows about this many conditions, the first by name."""


def rare_conditions(gold: list[Snippet]) -> set[Concept]:
    """Which conditions are made rare in the gold."""
    return {("condition", name) for name in sorted({s.claims.condition.name for s in gold})[:RARE]}


def write_generations(config: Config, inputs: Inputs, out: Path, *, mode: Any, count: int) -> None:
    """Train `count` generations after the one on gold, and measure each on the test snippets.

    The gold lacks most of its rows about a few conditions: a tail that can be lost. Each generation labels
    snippets of the pool that no other has labelled, as many as there are gold pairs, and all make the same
    number of steps. The last generation's answers are the trial's.
    """
    data, costs = splits(config), {"training": StageCost(), "answers": StageCost()}
    _, tokenizer = load_weak(inputs["weak"])
    gold, pool = list(data["gold"]), data["pool"]
    rare = rare_conditions(gold)
    start = with_tail(label_set(gold, gold_answers(gold), "gold"), rare, KEPT, config.seed)
    each = min(len(gold), len(pool) // max(1, count))

    def train(labels: Dataset, number: int) -> Any:
        model = new_weak_model(config.weak, tokenizer, config.seed + 10 + number).to(pick_device())
        pairs, progress = (list(labels["code"]), list(labels["explanation"])), f"generation {number}"
        cost = learn_small(
            *(config, model, tokenizer, *pairs), steps=config.weak_steps, seed=config.seed, progress=progress
        )
        costs["training"] = total([costs["training"], cost])
        return model

    def label(model: Any, number: int) -> Dataset:
        part = pool[number * each : (number + 1) * each]
        return label_set(part, weak_answers(model, tokenizer, part), f"generation {number}")

    found: dict[str, Any] = {}
    said: list[Answer] = []
    for generation in generations(start, train, label, mode, count):
        said = weak_answers(generation.model, tokenizer, data["test"])
        found |= _measured(generation.number, said, data["test"], rare, config.seed)
        learned = generation.learned_from
    (out / FOUND).write_text(json.dumps(found))
    save("What the last generation learned from", learned, out)
    publish(out, said, costs)


def _measured(
    number: int, said: list[Answer], test: tuple[Snippet, ...], rare: set[Concept], seed: int
) -> dict[str, Any]:
    """The figures of one generation, by its number."""
    texts = [a.text for a in said]
    verdicts = judge_all(texts, test)
    parts = tail_accuracy(verdicts, test, rare, seed)
    return {
        f"generation_{number}_exact": metrics.share([v.exact for v in verdicts], seed).value,
        f"generation_{number}_distinct": distinct_claims(texts),
        f"generation_{number}_tail": parts["tail"].value,
        f"generation_{number}_head": parts["head"].value,
    }
