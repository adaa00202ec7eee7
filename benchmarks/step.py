"""Seconds a training step takes, with and without each of the switches that make it fast, in one run.

    python benchmarks/step.py                   the strong model of the cpu preset, then the weak one

The ways take turns, so that what else the machine does falls on all of them alike; seconds are of the
processor, divided by the number of threads. The losses stand beside them: they must agree.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from contextlib import nullcontext
from unittest import mock

import torch

from w2s_course.arms.files import splits
from w2s_course.config import Config, preset_config
from w2s_course.models.device import pick_device
from w2s_course.models.strong import add_lora, load_strong
from w2s_course.models.weak import new_weak_model, train_tokenizer
from w2s_course.training import finetune as loop
from w2s_course.training.batches import Example, encode, prompt_of
from w2s_course.training.lower import LowerStates
from w2s_course.training.recipe import Recipe

SEED = 100  # of no recorded run
Built = tuple[torch.nn.Module, list[Example], Recipe]


def strong(config: Config) -> Built:
    model, tokenizer = load_strong(config.strong_model, config.precision, pick_device())
    add_lora(model, config.lora, config.seed)
    pool = splits(config)["pool"]
    return (
        model,
        encode(tokenizer, [s.code for s in pool], [s.explanation for s in pool]),
        config.strong_recipe,
    )


def weak(config: Config) -> Built:
    gold = splits(config)["gold"]
    tokenizer = train_tokenizer((prompt_of(s.code) + s.explanation for s in gold), config.weak.vocabulary)
    model = new_weak_model(config.weak, tokenizer, config.seed)
    return model, encode(tokenizer, [s.code for s in gold], [s.explanation for s in gold]), config.weak_recipe


def time_steps(build: Callable[[Config], Built], config: Config, steps: int, way: str) -> tuple[float, float]:
    """Seconds a step, and the last loss. What is computed once is computed before the clock starts."""
    model, examples, recipe = build(config)
    examples = examples[: steps * recipe.batch_size]
    precision = "float32" if way == "as it comes" else config.precision
    lower = LowerStates(model, examples, precision) if way == "lower layers once" else None
    if lower:
        lower.complete()
    losses: list[float] = []
    plain = mock.patch.object(loop, "short_attention", return_value=nullcontext())
    with plain if way in ("as it comes", "half precision") else nullcontext():
        start = time.process_time()
        loop.finetune(
            *(model, examples, recipe, steps, config.seed),
            precision=precision,
            lower=lower,
            on_step=lambda step, loss: losses.append(loss),
        )
    return (time.process_time() - start) / steps / torch.get_num_threads(), losses[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    config = preset_config("cpu", SEED)
    print(f"{torch.get_num_threads()} threads, products in {config.precision}")
    for name, build, ways in (
        ("strong", strong, ("as it comes", "half precision", "short attention", "lower layers once")),
        ("weak", weak, ("as it comes", "half precision", "short attention")),
    ):
        found = {way: [] for way in ways}
        for _ in range(arguments.rounds):
            for way in ways:
                found[way].append(time_steps(build, config, arguments.steps, way))
        first = min(seconds for seconds, _ in found[ways[0]])
        for way, rounds in found.items():
            best = min(seconds for seconds, _ in rounds)
            print(
                f"  {name:6} {way:18} {best:6.3f} s a step  {first / best:4.2f} x  loss {rounds[-1][1]:.4f}"
            )


if __name__ == "__main__":
    main()
