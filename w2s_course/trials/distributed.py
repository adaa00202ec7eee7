"""One strong student over several devices, started by accelerate:

    accelerate launch --multi_gpu --num_processes 4 -m w2s_course.trials.distributed evidence --out runs/one

and, for processes without GPUs (`accelerate launch --cpu` starts a single one unless there is MPI):

    ACCELERATE_USE_CPU=true accelerate launch --multi_gpu --num_processes 2 \\
        -m w2s_course.trials.distributed quick

It trains the plain student of one trial of a grid (the first unless told otherwise) and writes its adapters
and a report: the number of processes, the loss of every step. `w2s sweep` is for many trainings at once, this
is for a single large one.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from w2s_course.errors import UsageError
from w2s_course.sweep.grid import read_grid
from w2s_course.trials.bench import Bench
from w2s_course.trials.trial import Trial

ADAPTERS, REPORT = "adapters.safetensors", "training.json"


def train(trial: Trial, out: Path) -> list[float]:
    """Train the trial's student on all processes; the first one makes the labels and writes the result.

    Returns: the loss of each step. Raises: UsageError for a student that is not the strong model.
    """
    from accelerate import Accelerator
    from safetensors.torch import save_file

    from w2s_course.labeling import load_labels
    from w2s_course.models.strong import add_lora, load_strong
    from w2s_course.training.batches import encode
    from w2s_course.training.distributed import finetune_on_devices

    if trial.student != "strong" or trial.method != "plain":
        raise UsageError(f"Only a plain strong student is trained over several devices, not: {trial}.")
    accelerator = Accelerator()
    with accelerator.main_process_first():  # the others find the teacher and its labels in the cache
        labels = load_labels(Bench(trial).pairs)
    config = trial.config
    model, tokenizer = load_strong(config.strong_model, config.precision, accelerator.device)
    add_lora(model, config.lora, config.seed)
    examples = encode(tokenizer, list(labels["code"]), list(labels["explanation"]))
    how = (config.strong_recipe, config.strong_steps, config.seed)
    losses = finetune_on_devices(model, examples, *how, accelerator)
    if accelerator.is_main_process:
        out.mkdir(parents=True, exist_ok=True)
        adapters = {n: p.detach().contiguous() for n, p in model.named_parameters() if p.requires_grad}
        save_file(adapters, out / ADAPTERS)
        (out / REPORT).write_text(json.dumps({"processes": accelerator.num_processes, "losses": losses}))
    accelerator.end_training()
    return losses


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(prog="accelerate launch -m w2s_course.trials.distributed")
    parser.add_argument("grid", help="a TOML file, or a grid of the course")
    parser.add_argument("--trial", type=int, default=0, help="number of the trial in the grid, from 0")
    parser.add_argument("--out", type=Path, default=Path("runs") / "student", help="folder of the result")
    given = parser.parse_args()
    trials = read_grid(given.grid).trials
    if not 0 <= given.trial < len(trials):
        raise UsageError(f"Trial {given.trial} was asked for; the grid has 0 to {len(trials) - 1}.")
    train(trials[given.trial], given.out)


if __name__ == "__main__":
    main()
