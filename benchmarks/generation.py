"""Answers a second of the course's models: ours beside `generate()` as it is called without further thought.

    python -m benchmarks.generation                           a few minutes: both models learn a little first
    python -m benchmarks.generation --models weak --prompts 8

Three ways answer the same prompts with the same model and take turns: `w2s_course.models.answers.answer`,
`model.generate` one prompt at a time, and `model.generate` on one batch, padded on the left. The models are
trained for a moment, so that their answers end where answers end. The share of equal texts stands beside the
times: in bfloat16 a batch is rounded otherwise than a row, and near ties may fall otherwise.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.curves import estimate
from benchmarks.record import add_results, machine, one_thread, read_results, results_file
from w2s_course.errors import CourseError

LONGEST = 40  # tokens of an answer, as in the course
OURS = "ours"
Answering = Callable[[Any, Any, Sequence[str]], list[str]]
"""(model, tokenizer, prompts) -> texts, in the prompts' order."""


def ours(model: Any, tokenizer: Any, prompts: Sequence[str]) -> list[str]:
    from w2s_course.models.answers import answer

    return [said.text for said in answer(model, tokenizer, prompts, longest=LONGEST)]


def one_at_a_time(model: Any, tokenizer: Any, prompts: Sequence[str]) -> list[str]:
    return [text for prompt in prompts for text in one_batch(model, tokenizer, [prompt])]


def one_batch(model: Any, tokenizer: Any, prompts: Sequence[str]) -> list[str]:
    """All prompts in one call of `generate`, padded on the left."""
    tokenizer.padding_side = "left"
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    given = tokenizer(list(prompts), return_tensors="pt", padding=True, add_special_tokens=False)
    out = model.generate(
        input_ids=given["input_ids"].to(model.device),
        attention_mask=given["attention_mask"].to(model.device),
        max_new_tokens=LONGEST,
        do_sample=False,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )
    texts = tokenizer.batch_decode(out[:, given["input_ids"].shape[1] :], skip_special_tokens=True)
    return [text.strip() for text in texts]


WAYS: dict[str, Answering] = {
    OURS: ours,
    "generate, one prompt": one_at_a_time,
    "generate, one batch": one_batch,
}


# --- the models ---------------------------------------------------------------------------------------


def strong(name: str, examples: int, prompts: int) -> tuple[Any, Any, list[str]]:
    """The strong model after a short fine-tuning, and prompts that it has not seen."""
    from transformers import AutoTokenizer

    from benchmarks.task import Task, Watch
    from benchmarks.ways import ours as fine_tuning
    from w2s_course.models.strong import folder_of_model

    task = Task(0, model=name, examples=examples)
    ready, _ = fine_tuning(task, Watch())
    ready.one_pass(0, lambda seen, loss: None)
    return ready.model, AutoTokenizer.from_pretrained(folder_of_model(name)), _prompts(task, prompts)


def weak(name: str, examples: int, prompts: int) -> tuple[Any, Any, list[str]]:
    """The weak model after a part of its training, and prompts that it has not seen."""
    from benchmarks.task import Task
    from w2s_course.arms.files import splits
    from w2s_course.models.weak import train_tokenizer
    from w2s_course.training.batches import encode, prompt_of
    from w2s_course.training.from_scratch import train_from_scratch

    task = Task(0, model=name)
    config = task.config()
    gold = splits(config)["gold"]
    tokenizer = train_tokenizer((prompt_of(s.code) + s.explanation for s in gold), config.weak.vocabulary)
    pairs = encode(tokenizer, [s.code for s in gold], [s.explanation for s in gold])
    steps = max(1, examples // 2)
    how = (config.weak, tokenizer, pairs, config.weak_recipe, steps, task.seed)
    model = train_from_scratch(*how, precision=config.precision)
    return model.eval(), tokenizer, _prompts(task, prompts)


MODELS = {"weak": weak, "strong": strong}


def _prompts(task: Any, count: int) -> list[str]:
    from w2s_course.arms.files import splits
    from w2s_course.training.batches import prompt_of

    return [prompt_of(s.code) for s in splits(task.config())["test"][:count]]


# --- measuring ----------------------------------------------------------------------------------------


def measure(model: Any, tokenizer: Any, prompts: Sequence[str], rounds: int) -> dict[str, dict[str, Any]]:
    """Each way's answers a second, seconds, and share of texts equal to ours; ways take turns.

    A first call of each way on two prompts warms up and is not timed.
    """
    for way in WAYS.values():
        way(model, tokenizer, prompts[:2])
    wall: dict[str, list[float]] = {way: [] for way in WAYS}
    cpu: dict[str, list[float]] = {way: [] for way in WAYS}
    said: dict[str, list[str]] = {}
    for _ in range(rounds):
        for name, way in WAYS.items():
            start, start_cpu = time.perf_counter(), time.process_time()
            said[name] = way(model, tokenizer, prompts)
            wall[name].append(time.perf_counter() - start)
            cpu[name].append(time.process_time() - start_cpu)
    return {
        name: {
            "answers_per_second": estimate([len(prompts) / seconds for seconds in wall[name]]),
            "wall_seconds": estimate(wall[name]),
            "cpu_seconds": estimate(cpu[name]),
            "same_answers": same_share(said[name], said[OURS]),
        }
        for name in WAYS
    }


def same_share(one: Sequence[str], other: Sequence[str]) -> float:
    """The share of places at which both say the same.

    >>> same_share(["Returns 1.", "Returns 2."], ["Returns 1.", "Returns 3."])
    0.5
    """
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def table(name: str, found: dict[str, dict[str, Any]]) -> str:
    """One model's ways, a line each, with how many times ours each takes."""
    lines = [f"{name:24}{'answers/s':>12}{'x ours':>8}{'wall s':>9}{'cpu s':>9}{'same as ours':>14}"]
    ours_takes = found[OURS]["wall_seconds"]["value"]
    for way, measures in found.items():
        wall, cpu = measures["wall_seconds"]["value"], measures["cpu_seconds"]["value"]
        lines.append(
            f"  {way:22}{measures['answers_per_second']['value']:12.2f}{wall / ours_takes:8.1f}"
            f"{wall:9.2f}{cpu:9.2f}{measures['same_answers']:14.0%}"
        )
    return "\n".join(lines)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS))
    parser.add_argument("--model", default="smollm2-135m", help="the strong one: of the catalog, or a folder")
    parser.add_argument("--prompts", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--train", type=int, default=160, help="examples that the strong model learns from")
    given = parser.parse_args()
    if min(given.prompts, given.rounds, given.train) < 1:
        parser.error("--prompts, --rounds and --train must be at least 1")
    return given


def main() -> None:
    given = arguments()
    try:
        path = results_file()
        before = read_results(path) if path else {}
        import torch

        found: dict[str, Any] = {}
        for name in given.models:
            built = MODELS[name](given.model, given.train, given.prompts)
            found[name] = measure(*built, given.rounds)
            print(table(name, found[name]), flush=True)
        if path:
            settings = {"prompts": given.prompts, "rounds": given.rounds, "longest": LONGEST}
            here = {**machine(torch.get_num_threads()), "one_thread": one_thread()}
            new = {"generation": {**found, "settings": settings}}
            add_results(path, new if before.get("machine") else {**new, "machine": here})
    except CourseError as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(error.exit_status)


if __name__ == "__main__":
    main()
