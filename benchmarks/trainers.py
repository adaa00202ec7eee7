"""Fine-tuning as a practitioner writes it: `transformers.Trainer` with peft, and TRL's `SFTTrainer`."""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from benchmarks.task import BATCH, WARM_UP, OnStep, Pairs, Ready, Task, Watch, load, useful_flops
from w2s_course.errors import CourseError
from w2s_course.models.device import fast_precision
from w2s_course.training.batches import IGNORED, Example

if TYPE_CHECKING:
    from datasets import Dataset

RANK, ALPHA, RATE = 16, 32, 1e-3


def require_trl() -> None:
    """Raises: CourseError where trl is not installed."""
    if importlib.util.find_spec("trl") is None:
        raise CourseError(
            "TRL is not installed: `make bench` installs it, as does pip install -e '.[bench]'. "
            "Without it: --ways trainer_peft reference_2023 ours."
        )


def trainer_peft(task: Task, watch: Watch) -> tuple[Ready, Pairs]:
    """`transformers.Trainer` as its documentation shows it; padding to the longest of the batch."""
    from transformers import DataCollatorForSeq2Seq, Trainer, TrainingArguments

    model, tokenizer, pairs = _adapted(task, watch)
    collator = DataCollatorForSeq2Seq(tokenizer, label_pad_token_id=IGNORED)
    data = as_rows(pairs.learned, labels=True)

    def trainer(folder: str, number: int) -> Trainer:
        arguments = TrainingArguments(folder, **_settings(task, number))
        return Trainer(model, arguments, data_collator=collator, train_dataset=data)

    return _ready(task, model, pairs, trainer, "float32"), pairs


def sft_trainer(task: Task, watch: Watch) -> tuple[Ready, Pairs]:
    """TRL's trainer with its own defaults: bfloat16 products, activations computed again going backward.

    Where the machine has no instructions for bfloat16 its default would crawl, so it gets float32 there.
    The pairs come tokenised, because TRL joins prompt and completion before it splits them into tokens, and
    the blank between the two would then be another token than everybody else's.
    """
    from trl import SFTConfig, SFTTrainer

    model, tokenizer, pairs = _adapted(task, watch)
    data = as_rows(pairs.learned, labels=False)
    precision = fast_precision()
    settings = {"completion_only_loss": True, "bf16": precision == "bfloat16"}

    def trainer(folder: str, number: int) -> SFTTrainer:
        arguments = SFTConfig(folder, **_settings(task, number), **settings)
        return SFTTrainer(model, arguments, train_dataset=data, processing_class=tokenizer)

    stop = WARM_UP + task.sft_steps if task.sft_steps else None
    return _ready(task, model, pairs, trainer, precision, stop), pairs


def as_rows(examples: Sequence[Example], labels: bool) -> Dataset:
    """The examples as a table: with labels for transformers, with a mask of the completion for TRL."""
    from datasets import Dataset

    rows = []
    for e in examples:
        row: dict[str, Any] = {"input_ids": [*e.prompt, *e.label]}
        if labels:
            row |= {"attention_mask": [1] * len(e), "labels": [IGNORED] * len(e.prompt) + list(e.label)}
        else:
            row["completion_mask"] = [0] * len(e.prompt) + [1] * len(e.label)
        rows.append(row)
    return Dataset.from_list(rows)


def _adapted(task: Task, watch: Watch) -> tuple[Any, Any, Pairs]:
    """The model with adapters in every linear layer of every block; the clock starts before they are made."""
    import torch
    from peft import LoraConfig, get_peft_model

    model, tokenizer, pairs = load(task, "float32")
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    watch.start()
    torch.manual_seed(task.seed)
    lora = LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules="all-linear", task_type="CAUSAL_LM")
    return get_peft_model(model, lora), tokenizer, pairs


def _settings(task: Task, number: int) -> dict[str, Any]:
    """What both trainers are told; all else is their default. Losses are logged to be compared."""
    import torch

    return {
        "use_cpu": not torch.cuda.is_available(),  # TRL's bfloat16 asks for it to be said
        "per_device_train_batch_size": BATCH,
        "learning_rate": RATE,
        "num_train_epochs": 1,
        "seed": task.seed + 1000 * number,
        "logging_steps": 1,
        "save_strategy": "no",
        "report_to": "none",
        "disable_tqdm": True,
        "dataloader_pin_memory": False,
    }


def _ready(
    task: Task,
    model: Any,
    pairs: Pairs,
    trainer: Callable[[str, int], Any],
    precision: str,
    stop: int | None = None,
) -> Ready:
    """A way that makes a trainer a pass. stop: the step after which a pass ends early."""
    from transformers import TrainerCallback

    class Told(TrainerCallback):
        """Hands each step's loss on, and ends the pass where it is to end."""

        def __init__(self, on_step: OnStep) -> None:
            self.on_step = on_step

        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
            if logs and "loss" in logs:
                self.on_step(min(state.global_step * BATCH, task.examples), float(logs["loss"]))

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            control.should_training_stop |= stop is not None and state.global_step >= stop

    def one_pass(number: int, on_step: OnStep) -> None:
        from transformers.trainer_callback import PrinterCallback

        with tempfile.TemporaryDirectory(prefix="w2s-bench-") as folder:
            made = trainer(folder, number)
            made.remove_callback(PrinterCallback)  # a line a step
            made.add_callback(Told(on_step))
            made.train()

    base = model.get_base_model()
    flops = useful_flops(base, pairs.learned, frozen=True)
    return Ready(base, precision, one_pass, flops, stops=stop is not None)
