"""How long a run should take on this machine: operations of the stages over the speed of a matrix product."""

from __future__ import annotations

import time
from functools import cache

from w2s_course.config import FROM_SCRATCH, Config
from w2s_course.costs import ModelSize, forward_flops, training_flops
from w2s_course.models.catalog import MODELS
from w2s_course.models.device import dtype_of, pick_device

# Mean lengths in the strong model's tokens, counted on 1,000 snippets; the weak model's differ little.
PROMPT_TOKENS, LABEL_TOKENS, EXTRA_FOR_VIEW = 42, 14, 8
# Share of the matrix-product rate that our loops reach in the recorded runs; small models mostly wait.
TRAINING_EFFICIENCY, WEAK_EFFICIENCY, ANSWERING_EFFICIENCY = 0.45, 0.3, 0.2
SECONDS_TO_LOAD = 4.0  # the strong model, once a stage
# Width and depth enter only the attention terms, a few per cent at these lengths, so one pair does for all.
LAYERS, WIDTH, VOCABULARY = 30, 576, 49152


@cache
def matmul_rate(precision: str) -> float:
    """Operations a second of a matrix product in fine-tuning's usual shape. Takes 0.05 s."""
    import torch

    device, dtype = pick_device(), dtype_of(precision)
    a, b = (torch.ones(shape, device=device, dtype=dtype) for shape in ((512, 576), (576, 1536)))
    a @ b  # the first product loads the library, which may take longer than all that is timed
    best, until = float("inf"), time.perf_counter() + 0.05
    for _ in range(1000):
        start = time.perf_counter()
        a @ b
        if device.type == "cuda":
            torch.cuda.synchronize()
        best = min(best, time.perf_counter() - start)
        if time.perf_counter() > until:
            break
    return 2 * 512 * 576 * 1536 / best


def _size(model: str) -> ModelSize:
    parameters = MODELS[model].parameters if model in MODELS else MODELS["smollm2-135m"].parameters
    head = VOCABULARY * WIDTH
    return ModelSize(max(0, parameters - head), head, LAYERS, WIDTH)


def expected_seconds(config: Config) -> dict[str, float]:
    """Seconds that each stage should take here if the machine does nothing else; right to a factor of two."""
    sizes, scratch = config.sizes, config.weak_model == FROM_SCRATCH
    label, prompt = LABEL_TOKENS, PROMPT_TOKENS + EXTRA_FOR_VIEW * config.with_view
    both, context = prompt + label, (prompt + label) / 2
    w = config.weak
    small = ModelSize(12 * w.layers * w.width**2, w.vocabulary * w.width, w.layers, w.width)
    weak, strong = small if scratch else _size(config.weak_model), _size(config.strong_model)
    weak_rate = matmul_rate("float32") * (WEAK_EFFICIENCY if scratch else TRAINING_EFFICIENCY)
    strong_rate = matmul_rate(config.precision)

    def learn_weak() -> float:
        n = config.weak_steps * config.weak_recipe.batch_size
        return training_flops(weak, n * both, n * label, context) / weak_rate

    def answer_with(size: ModelSize, n: int, rate: float) -> float:
        return forward_flops(size, n * both, n * label, context) / rate

    def below(n: int) -> float:
        work = (1 - config.lora.upper) * forward_flops(strong, n * both, 0, context)
        return work / (strong_rate * TRAINING_EFFICIENCY)

    def tune() -> float:
        n = config.strong_steps * config.strong_recipe.batch_size
        learned = config.lora.upper
        work = training_flops(
            *(strong, n * both, n * label, context), learned=learned, frozen=True, forward=learned
        )
        asked = sizes.val * len(config.checkpoints) + sizes.test
        training = work / (strong_rate * TRAINING_EFFICIENCY)
        return SECONDS_TO_LOAD + training + answer_with(strong, asked, strong_rate * ANSWERING_EFFICIENCY)

    return {
        "weak": learn_weak(),
        "labels": 2 + answer_with(weak, sizes.pool + sizes.val + sizes.test, weak_rate),
        "control": learn_weak() + answer_with(weak, sizes.test, weak_rate),
        "strong_prompted": SECONDS_TO_LOAD
        + 2 * answer_with(strong, sizes.test, strong_rate * ANSWERING_EFFICIENCY),
        "lower_layers": SECONDS_TO_LOAD + below(sizes.gold + sizes.pool),
        **{arm: tune() for arm in ("weak_to_strong", "ceiling", "strong_on_gold")},
    }


def in_words(seconds: float) -> str:
    """A duration as a person would say it.

    >>> in_words(12.3), in_words(200), in_words(6000)
    ('12 s', '3 min', '1.7 h')
    """
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
