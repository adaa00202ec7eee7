"""Ways to fine-tune the strong model on the same gold pairs, each run in a process of its own.

trainer_peft     transformers.Trainer and peft: LoRA on all blocks, batches of 16, float32 (`trainers`)
sft_trainer      TRL's SFTTrainer: the same adapters, batch and rate, otherwise its defaults (`trainers`)
reference_2023   all weights learn, Adam, cosine: after openai/weak-to-strong; every example padded to the
                 whole context, logits at every position
ours             w2s_course.training with the recipe of the cpu preset
cached_prompts   the same recipe, adapters in the upper half, on explanations alone, after prompts that the
                 frozen model has read; only where it is asked for
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from benchmarks.cached_prompts import cached_prompts
from benchmarks.curves import Point, seconds_to
from benchmarks.task import BATCH, OnStep, Pairs, Ready, Task, Watch, exact_share, load, useful_flops
from benchmarks.trainers import sft_trainer, trainer_peft
from w2s_course.errors import UsageError
from w2s_course.training.batches import IGNORED, Batch, Example, collate
from w2s_course.training.finetune import finetune, label_logits

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel

# The reference's own default for its two smallest models (GPT-2 of 124 and 355 million parameters), which
# enclose this one. Its authors call their rates untuned, and fit for batches of 32.
REFERENCE_RATE = 5e-5

Row = dict[str, Any]
"""What a process hands back of one way and seed: plain numbers, ready for JSON."""


def ours(task: Task, watch: Watch) -> tuple[Ready, Pairs]:
    from w2s_course.models.strong import add_lora
    from w2s_course.training.lower import LowerStates, first_learning_layer

    config = task.config()
    model, _, pairs = load(task, config.precision)
    watch.start()
    add_lora(model, config.lora, task.seed)
    lower = None
    if model.device.type == "cpu" and first_learning_layer(model):
        lower = LowerStates(model, pairs.learned, config.precision)
    size = config.strong_recipe.batch_size
    steps = -(-task.examples // size)

    def one_pass(number: int, on_step: OnStep) -> None:
        finetune(
            *(model, pairs.learned, config.strong_recipe, steps, task.seed + 1000 * number),
            precision=config.precision,
            lower=lower,
            on_step=lambda step, loss: on_step(min(step * size, task.examples), loss),
        )

    # The lower layers run once an example, so within a pass the forward operations are those of all layers.
    flops = useful_flops(model, pairs.learned, learned=config.lora.upper, frozen=True)
    return Ready(model, config.precision, one_pass, flops), pairs


def reference_2023(task: Task, watch: Watch) -> tuple[Ready, Pairs]:
    """The short curve is the padded one's: `tests/benchmarks/test_ways.py` holds their losses together."""
    import torch

    model, _, pairs = load(task, "float32")
    model.requires_grad_(True)
    faithful = task.reference_curve == "faithful"
    watch.start()

    def one_pass(number: int, on_step: OnStep) -> None:
        steps = full_steps(
            model, pairs.learned, task.context if faithful else None, task.seed + 1000 * number
        )
        seen = 0
        for size, loss in steps:
            seen += size
            on_step(seen, loss)

    def afterwards() -> float:
        optimizer = torch.optim.Adam(model.parameters(), lr=REFERENCE_RATE)
        full_step(model, optimizer, pairs.learned[:4], task.context)  # a small one, to warm up
        start = time.perf_counter()
        for number in range(task.reference_steps):
            chosen = [pairs.learned[(number * BATCH + i) % task.examples] for i in range(BATCH)]
            full_step(model, optimizer, chosen, task.context)
        return (time.perf_counter() - start) / (task.reference_steps * BATCH)

    flops = useful_flops(model, pairs.learned)
    return Ready(model, "float32", one_pass, flops, None if faithful else afterwards), pairs


def full_steps(
    model: PreTrainedModel, examples: Sequence[Example], context: int | None, seed: int
) -> Iterator[tuple[int, float]]:
    """Steps of a full fine-tune over all examples: after each the number of its examples and its loss.

    context: tokens that every example is padded to, with logits at every position; None for no more than
        the batch needs, and logits at label tokens alone. The losses are the same.
    """
    import torch

    order = random.Random(seed).sample(range(len(examples)), len(examples))
    batches = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
    optimizer = torch.optim.Adam(model.parameters(), lr=REFERENCE_RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, len(batches))
    model.eval()  # the reference turns dropout off, too
    for chosen in batches:
        loss = full_step(model, optimizer, [examples[i] for i in chosen], context)
        schedule.step()
        yield len(chosen), loss


def full_step(
    model: PreTrainedModel, optimizer: Any, examples: Sequence[Example], context: int | None
) -> float:
    """One step of all weights; its loss."""
    batch = collate(examples, pad_id=0).to(model.device)
    loss = padded_loss(model, batch, context) if context else short_loss(model, batch)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return float(loss.item())


def short_loss(model: PreTrainedModel, batch: Batch) -> Tensor:
    """Mean negative log-likelihood of the label tokens, logits computed there alone."""
    import torch.nn.functional as F

    logits, labels = label_logits(model, batch)
    return F.cross_entropy(logits, labels)


def padded_loss(model: PreTrainedModel, batch: Batch, context: int) -> Tensor:
    """The same from a batch padded to `context` tokens, with logits at every position.

    Raises: UsageError for an example that is longer.
    """
    import torch.nn.functional as F

    more = context - batch.input_ids.shape[1]
    if more < 0:
        raise UsageError(f"An example has {context - more} tokens, --context is {context}: raise it.")
    ids, attention = F.pad(batch.input_ids, (0, more)), F.pad(batch.attention, (0, more))
    labels = F.pad(batch.labels, (0, more), value=IGNORED)
    logits = model(input_ids=ids, attention_mask=attention, use_cache=False).logits
    return F.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten(), ignore_index=IGNORED)


# --- one process --------------------------------------------------------------------------------------

WAYS: dict[str, Callable[[Task, Watch], tuple[Ready, Pairs]]] = {
    "trainer_peft": trainer_peft,
    "sft_trainer": sft_trainer,
    "reference_2023": reference_2023,
    "ours": ours,
    "cached_prompts": cached_prompts,
}
USUAL = tuple(way for way in WAYS if way != "cached_prompts")  # a question of its own, asked by name


def run_way(way: str, task: Task) -> Row:
    """Train in one way; to be called in a new process, whose peak memory is this way's alone."""
    import torch

    from w2s_course.speed import matmul_rate

    watch = Watch()
    ready, pairs = WAYS[way](task, watch)
    for number in range(task.passes):
        _train_pass(number, task, watch, ready, pairs)
        if ready.stops or task.target is None or seconds_to(task.target, watch.curve) is not None:
            break
    watch.stop()
    peak = peak_bytes()
    throughput = ready.afterwards() if ready.afterwards else watch.throughput() if ready.stops else None
    return {
        "curve": watch.curve,
        "losses": watch.losses,
        "seconds_per_example": throughput,
        "peak_bytes": peak_bytes(),
        "peak_bytes_of_curve": peak,
        "flops": ready.flops,
        "matmul_rate": matmul_rate(ready.precision),
        "precision": ready.precision,
        "threads": torch.get_num_threads(),
    }


def _train_pass(number: int, task: Task, watch: Watch, ready: Ready, pairs: Pairs) -> None:
    """One pass, with accuracy after every so many examples and after the last."""
    seen_before = 0

    def on_step(seen: int, loss: float) -> None:
        nonlocal seen_before
        watch.stop()
        watch.losses.append(loss)
        total = number * task.examples + seen
        watch.steps.append((total, watch.seconds))
        due = seen // task.every > seen_before // task.every or seen == task.examples
        if due and not ready.stops:
            share = (
                ready.share(pairs.held_out)
                if ready.share
                else exact_share(ready.model, pairs.held_out, ready.precision)
            )
            watch.curve.append(Point(total, watch.seconds, share))
        seen_before = seen
        watch.start()

    ready.one_pass(number, on_step)


def peak_bytes() -> int:
    """The most memory that this process has held. macOS counts bytes, Linux kibibytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
