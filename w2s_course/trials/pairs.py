"""What a student learns from, as stages: labels counted, planted with errors, changed, or written anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from w2s_course.arms.files import splits
from w2s_course.arms.small import load_weak
from w2s_course.config import Config
from w2s_course.errors import UsageError, refuse_other_type, unknown_name
from w2s_course.labeling import (
    LabelCard,
    gold_answers,
    label_set,
    load_labels,
    save_labels,
    weak_answers,
)
from w2s_course.models.answers import Answer
from w2s_course.stages import Inputs

if TYPE_CHECKING:
    from datasets import Dataset

    from w2s_course.labeling.planted import Plan

Change = Callable[["Dataset", Inputs], "Dataset"]
"""(labels, folders of further inputs) -> labels."""


def write_pairs(config: Config, inputs: Inputs, out: Path, *, labels: str, count: int) -> None:
    """The first `count` labels of the pool, weak or gold."""
    if labels == "gold":
        pool = splits(config)["pool"][:count]
        pairs = label_set(pool, gold_answers(pool), "gold")
    else:
        pairs = load_labels(inputs["labels"]).select(range(count))
    save("Labels of a trial", pairs, out)


def planted(labels: Dataset, inputs: Inputs, *, plan: Mapping[str, Any], seed: int) -> Dataset:
    """The labels with the errors of a plan in them."""
    from w2s_course.labeling.planted import plant

    return plant(labels, plan_of(plan), seed)


def plan_of(plan: Mapping[str, Any]) -> Plan:
    """The plan of plain values, its tuples as lists. Raises: UsageError for a field that it does not have."""
    from w2s_course.labeling.planted import Plan

    if unknown := sorted(set(plan) - set(Plan.__dataclass_fields__)):
        raise unknown_name("field of a plan", unknown[0], Plan.__dataclass_fields__)
    for key, value in plan.items():
        if key in ("rules", "slots"):
            if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
                raise UsageError(f"The {key} of a plan are {value!r}; they must be a list of names.")
        else:
            refuse_other_type(f"The {key} of a plan", value, float if key == "rate" else str)
    if "kind" not in plan:
        raise UsageError(f"A plan needs a kind, and this one has none: {dict(plan)}.")
    values: Any = {key: tuple(v) if isinstance(v, list) else v for key, v in plan.items()}
    return Plan(**values)


def write_changed(name: str, change: Change, config: Config, inputs: Inputs, out: Path) -> None:
    """The labels in `inputs['labels']` after a change."""
    save(f"Labels after {name}", change(load_labels(inputs["labels"]), inputs), out)


def write_by_model(config: Config, inputs: Inputs, out: Path, *, count: int) -> None:
    """The labels of a small model, in `inputs['model']`, of the pool's first snippets."""
    pool = splits(config)["pool"][:count]
    model, tokenizer = load_weak(inputs["model"])
    answers = weak_answers(model, tokenizer, pool, progress="labels")
    save("Labels of another model", label_set(pool, answers, "another small model"), out)


def answers_in(labels: Dataset) -> list[Answer]:
    """The explanations of a label set as answers."""
    return [Answer(*pair) for pair in zip(labels["explanation"], labels["confidence"], strict=True)]


def save(title: str, labels: Dataset, out: Path) -> None:
    """Write a label set with its card."""
    labeller = ", ".join(sorted(set(labels["labeller"])))
    card = LabelCard(title, labeller, "see the trial that this belongs to")
    save_labels(labels, card, out)
