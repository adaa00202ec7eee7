"""A teacher on the strong model's token ids, as a stage: what the KD loss needs (training/distillation)."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from w2s_course.arms.counted import add_training, ask
from w2s_course.arms.files import splits
from w2s_course.config import Config
from w2s_course.costs import StageCost, timed
from w2s_course.experiment import SMALL
from w2s_course.labeling import LABEL_BATCH, label_set
from w2s_course.models.strong import folder_of_model
from w2s_course.stages import Inputs
from w2s_course.training.batches import encode, prompt_of
from w2s_course.training.objectives import Objective, constant, decaying, with_distillation
from w2s_course.trials.bench import TRAINING, Bench
from w2s_course.trials.pairs import save
from w2s_course.trials.student import publish

LOG_PROBS, LENGTHS = "log_probs.safetensors", "lengths.json"
SCHEDULES = {"constant": constant, "decaying": decaying}


def teacher_on_shared_ids(bench: Bench) -> Path:
    """The folder of a weak model on restricted ids: its labels of the pool, distributions and answers."""
    count = bench.trial.count or 0
    return bench.run(
        "kd_teacher",
        partial(write_teacher, count=count),
        (*TRAINING, "training/distillation", "training/from_scratch", "trials/pairs"),
        {},
        {"count": count},
        (*SMALL, "strong_model"),
    )


def write_teacher(config: Config, inputs: Inputs, out: Path, *, count: int) -> None:
    """Train it on the teacher's gold, let it label and answer, and keep its distributions over its labels."""
    import torch
    from safetensors.torch import save_file
    from transformers import AutoTokenizer

    from w2s_course.training.distillation import Narrowed, teacher_log_probs, tokens_in_use
    from w2s_course.training.from_scratch import train_from_scratch

    data, costs = splits(config), dict[str, StageCost]()
    tokenizer = AutoTokenizer.from_pretrained(folder_of_model(config.strong_model))
    codes, explanations = [s.code for s in data["gold"]], [s.explanation for s in data["gold"]]
    examples = encode(tokenizer, codes, explanations)
    narrow = Narrowed(tokenizer, tokens_in_use(examples))
    with timed() as costs["training"]:
        narrowed = encode(narrow, codes, explanations)
        how = (config.weak_recipe, config.weak_steps, config.seed, "teacher on shared ids", config.precision)
        model = train_from_scratch(config.weak, narrow, narrowed, *how)
    add_training(costs["training"], model, examples, config.weak_steps * config.weak_recipe.batch_size)
    pool = data["pool"][:count]
    labels, costs["labels"] = ask(model, narrow, [prompt_of(s.code) for s in pool], batch_size=LABEL_BATCH)
    answers, costs["answers"] = ask(
        model, narrow, [prompt_of(s.code) for s in data["test"]], batch_size=LABEL_BATCH
    )
    save("Labels of a teacher on shared ids", label_set(pool, labels, "weak model on shared ids"), out)
    said = encode(tokenizer, [s.code for s in pool], [a.text for a in labels])
    log_probs = teacher_log_probs(model, narrow, said)
    in_use = torch.tensor(narrow.in_use)
    save_file({"log_probs": torch.cat(log_probs).contiguous(), "in_use": in_use}, out / LOG_PROBS)
    (out / LENGTHS).write_text(json.dumps([len(rows) for rows in log_probs]))
    publish(out, answers, costs)


def kd_objective(config: Config, inputs: Inputs, *, schedule: str, weight: float) -> Objective:
    """Equation 4.13 with the distributions in `inputs['teacher']`."""
    from safetensors.torch import load_file

    found = load_file(inputs["teacher"] / LOG_PROBS)
    lengths = json.loads((inputs["teacher"] / LENGTHS).read_text())
    rows = list(found["log_probs"].split(lengths))
    return with_distillation(rows, found["in_use"], SCHEDULES[schedule](weight))
