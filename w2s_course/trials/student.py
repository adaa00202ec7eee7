"""The students of a trial: the stages that train one on a label set and let it answer. Slow, so cached.

What a student learns from is a folder with a label set (`labeling.save_labels`); how, is an objective. All
that differs between two trials comes in through these two.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from w2s_course.arms.counted import ask
from w2s_course.arms.files import ANSWERS, CURVE, splits, write_answers, write_costs, write_rows
from w2s_course.arms.small import learn_small, load_weak, untrained
from w2s_course.arms.strong import fine_tuned
from w2s_course.config import Config
from w2s_course.costs import StageCost
from w2s_course.labeling import LABEL_BATCH, load_labels
from w2s_course.models.answers import Answer
from w2s_course.models.weak import WeakArchitecture
from w2s_course.stages import Inputs
from w2s_course.training.batches import prompt_of
from w2s_course.training.objectives import Objective, negative_log_likelihood

HARDWARE = "hardware.json"
MakeObjective = Callable[[Config, Inputs], Objective]


def plain_objective(config: Config, inputs: Inputs) -> Objective:
    """Equation 4.10, whatever the inputs."""
    return negative_log_likelihood


def hardware() -> dict[str, Any]:
    """What computed a stage, for the reader of its row; never an input to anything."""
    from w2s_course.results import environment

    found = environment()
    return {key: found[key] for key in ("device", "processor", "threads", "torch", "transformers")}


def publish(
    out: Path,
    answers: Sequence[Answer],
    costs: Mapping[str, StageCost],
    curve: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Write what a student leaves behind: its answers to the test snippets, its curve, its costs."""
    write_answers(out / ANSWERS, answers)
    write_rows(out / CURVE, curve)
    write_costs(out, costs)
    (out / HARDWARE).write_text(json.dumps(hardware()))


def train_strong(
    config: Config,
    inputs: Inputs,
    out: Path,
    *,
    objective: MakeObjective = plain_objective,
    share_of_steps: float = 1.0,
    also: str = "",
) -> None:
    """The pre-trained model with adapters, on the label set in `inputs['learned']`.

    share_of_steps: 1 but for an early student, which makes fewer and draws no curve; its learning rate falls
        to 0 at its own last step. A curve of one point is none: nothing is asked but the test.
    also: the name of a file of answers to the very snippets that it learned from; none if empty.
    """
    labels = load_labels(inputs["learned"])
    codes = list(labels["code"])
    student = fine_tuned(
        config,
        codes,
        list(labels["explanation"]),
        inputs["lower_layers"],
        steps=max(1, round(share_of_steps * config.strong_steps)),
        checkpoints=config.checkpoints if share_of_steps == 1 and config.points > 1 else (),
        objective=objective(config, inputs),
    )
    answers, student.costs["answers"] = student.ask(
        [s.code for s in splits(config)["test"]], progress="answers"
    )
    if also:
        said, student.costs[f"answers about {also}"] = student.ask(codes, progress=also)
        write_answers(out / f"{also}.jsonl", said)
    publish(out, answers, student.costs, student.curve)


def train_small(
    config: Config,
    inputs: Inputs,
    out: Path,
    *,
    times: int = 1,
    architecture: WeakArchitecture | None = None,
    seed: int = 1,
) -> None:
    """A model from random weights with the teacher's tokenizer, on `inputs['learned']`.

    times: how many times as many steps as the teacher makes.
    architecture: the weak model's own if None.
    seed: is added to the configuration's: from the teacher's own weights it would not be a student.
        Of the first weights and of the order of the examples.
    """
    teacher, tokenizer = load_weak(inputs["weak"])
    labels, seed = load_labels(inputs["learned"]), config.seed + seed
    model = untrained(config, teacher, tokenizer, seed, architecture)
    pairs = (list(labels["code"]), list(labels["explanation"]))
    steps = times * config.weak_steps
    cost = learn_small(*(config, model, tokenizer, *pairs), steps=steps, seed=seed, progress="small model")
    costs = {"training": cost}
    prompts = [prompt_of(s.code) for s in splits(config)["test"]]
    answers, costs["answers"] = ask(model, tokenizer, prompts, batch_size=LABEL_BATCH)
    model.save_pretrained(out / "model")
    tokenizer.save_pretrained(out / "model")
    publish(out, answers, costs)
