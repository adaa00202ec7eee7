"""From snippets and explanations to batches: what is masked, what is padded, in which order.

An example is the prompt (the code and a cue) followed by the label (the explanation and an end mark). The
loss is taken on the label alone. Labels are found by position, never by comparing ids with the padding
id: in SmolLM2 the end mark and the padding are the same token.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from w2s_course.errors import UsageError

if TYPE_CHECKING:
    import torch
    from torch import Tensor
    from transformers import PreTrainedTokenizerBase

CUE = "\n# "
POOL = 10  # batches whose examples are sorted together; with 25 less is padding, and a batch is of one kind
IGNORED = -100  # the label of a position without loss, as in PyTorch and transformers


def prompt_of(code: str) -> str:
    """The text that the model is asked to go on from: the code, then the beginning of a comment.

    >>> prompt_of("def f(a): return sum(a)")
    'def f(a): return sum(a)\\n# '
    """
    return code + CUE


@dataclass(frozen=True)
class Example:
    """Token ids of one prompt and one label; the label ends with the end mark."""

    prompt: tuple[int, ...]
    label: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.prompt) + len(self.label)


def encode(
    tokenizer: PreTrainedTokenizerBase, codes: Sequence[str], explanations: Sequence[str]
) -> list[Example]:
    """One example a pair. Raises: ValueError where the two sequences differ in length."""
    if len(codes) != len(explanations):
        raise ValueError(f"{len(codes)} codes and {len(explanations)} explanations make no pairs.")
    if not codes:
        return []
    prompts = tokenizer([prompt_of(code) for code in codes], add_special_tokens=False)["input_ids"]
    labels = tokenizer(list(explanations), add_special_tokens=False)["input_ids"]
    end = tokenizer.eos_token_id
    return [Example(tuple(p), (*y, end)) for p, y in zip(prompts, labels, strict=True)]


@dataclass(frozen=True)
class Batch:
    """Examples padded on the right to the longest. Shapes: (batch, length), ints.

    labels: the token to predict *at its own position*, `IGNORED` on the prompt and on padding.
    attention: 1 on real tokens. Padding on the right needs no mask in a causal model, but libraries ask.
    hidden: what the frozen lower layers make of it, (batch, length, width), where that is known (`lower`).
    """

    input_ids: Tensor
    attention: Tensor
    labels: Tensor
    hidden: Tensor | None = None

    def to(self, device: torch.device) -> Batch:
        hidden = None if self.hidden is None else self.hidden.to(device)
        return Batch(self.input_ids.to(device), self.attention.to(device), self.labels.to(device), hidden)


def collate(examples: Sequence[Example], pad_id: int) -> Batch:
    """The examples as one batch; any `pad_id` will do, since nothing is looked up by it."""
    import torch

    shape = (len(examples), max(map(len, examples)))
    input_ids = torch.full(shape, pad_id)
    attention = torch.zeros(shape, dtype=torch.long)
    labels = torch.full(shape, IGNORED)
    for row, example in enumerate(examples):
        start, end = len(example.prompt), len(example)
        input_ids[row, :end] = torch.tensor(example.prompt + example.label)
        attention[row, :end] = 1
        labels[row, start:end] = torch.tensor(example.label)
    return Batch(input_ids, attention, labels)


def schedule(lengths: Sequence[int], batch_size: int, steps: int, seed: int) -> list[list[int]]:
    """Which examples make up each of `steps` batches.

    Every example comes once before any comes twice. Within a random pool of some batches examples are
    sorted by length, so that little is padding; batches are then shuffled, so that length orders nothing.

    >>> batches = schedule([5, 9, 5, 9], batch_size=2, steps=3, seed=0)
    >>> sorted(map(sorted, batches[:2]))
    [[0, 2], [1, 3]]
    """
    if not lengths or batch_size < 1 or steps < 0:
        raise UsageError(
            f"Cannot train on {len(lengths)} examples in {steps} steps of {batch_size}: all must be positive."
        )
    rng = random.Random(seed)
    batches: list[list[int]] = []
    while len(batches) < steps:
        shuffled, pool = rng.sample(range(len(lengths)), len(lengths)), POOL * batch_size
        order = [
            i
            for p in range(0, len(shuffled), pool)
            for i in sorted(shuffled[p : p + pool], key=lambda i: lengths[i])
        ]
        epoch = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
        rng.shuffle(epoch)
        batches += epoch
    return batches[:steps]
