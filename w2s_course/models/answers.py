"""Asking a model: batched greedy answers, y^ = argmax_y Pr(y|x) of eq. 4.10, each with its confidence."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from w2s_course.errors import UsageError

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


@dataclass(frozen=True)
class Answer:
    """What a model said, and how sure it was.

    confidence: the probability that it gave to the whole answer, the product over its tokens and the end
    mark, in (0, 1]. For a sentence whose words can hardly vary this is the chance, as the model sees it,
    that the sentence is the right one.
    """

    text: str
    confidence: float


@contextmanager
def evaluating(model: PreTrainedModel) -> Iterator[None]:
    """No dropout and no gradients inside; the model's mode as before outside.

    The last position of each prompt is a slice with gaps between rows. On it the output matrix, 28 million
    numbers, would be copied once a row: a quarter of the time and gigabytes, for want of one small copy.
    """
    import torch

    was_training = model.training
    head = model.get_output_embeddings()
    hook = head.register_forward_pre_hook(lambda _, inputs: tuple(x.contiguous() for x in inputs))
    model.eval()
    try:
        with torch.inference_mode():
            yield
    finally:
        hook.remove()
        model.train(was_training)


def left_padded(rows: Sequence[Sequence[int]], pad_id: int) -> tuple[Tensor, Tensor]:
    """Token ids and attention, (batch, length), padded on the left so that all answers begin together."""
    import torch

    longest = max(map(len, rows))
    ids = torch.full((len(rows), longest), pad_id)
    attention = torch.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, longest - len(row) :] = torch.tensor(list(row))
        attention[i, longest - len(row) :] = 1
    return ids, attention


def _answer_batch(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    rows: Sequence[Sequence[int]],
    longest: int,
    ends: Sequence[int],
    prefix: Any,
) -> list[Answer]:
    """The answers to one batch: all prompts in one pass, then a token at a time without the rows that ended.

    A batch of `generate()` goes on until its longest answer ends, and keeps the scores of the whole
    vocabulary until then. `benchmarks/generation.py` compares.
    """
    import torch

    end = ends[0]
    ids, attention, cache = _before_answering(model, rows, end, prefix)
    positions = attention.cumsum(1)[:, -ids.shape[1] :].sub(1).clamp(min=0)
    said = torch.full((len(rows), longest), end, device=ids.device)
    log_probs = torch.zeros(len(rows), device=ids.device)
    open_rows, stops = torch.arange(len(rows), device=ids.device), torch.tensor(list(ends), device=ids.device)
    for written in range(longest):
        out = model(
            input_ids=ids,
            attention_mask=attention,
            position_ids=positions,
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
        )
        best, tokens = out.logits[:, -1].float().log_softmax(-1).max(-1)
        log_probs[open_rows] += best  # the end mark counts, too
        goes_on = ~torch.isin(tokens, stops)
        said[open_rows, written] = tokens.where(goes_on, end)
        if not goes_on.any():
            break
        if not goes_on.all():
            left = goes_on.nonzero()[:, 0]
            cache.batch_select_indices(left)
            open_rows, tokens, attention, positions = (
                t[left] for t in (open_rows, tokens, attention, positions)
            )
        ids, positions = tokens[:, None], positions[:, -1:] + 1
        attention = torch.nn.functional.pad(attention, (0, 1), value=1)
    texts = tokenizer.batch_decode(said, skip_special_tokens=True)
    return [
        Answer(text.strip(), math.exp(min(0.0, lp)))
        for text, lp in zip(texts, log_probs.tolist(), strict=True)
    ]


def _before_answering(
    model: PreTrainedModel, rows: Sequence[Sequence[int]], pad_id: int, prefix: Any
) -> tuple[Tensor, Tensor, Any]:
    """The prompts' ids (batch, length), the attention to them and to what is before, a cache with that."""
    import copy

    import torch
    from transformers import DynamicCache

    ids, attention = (t.to(model.device) for t in left_padded(rows, pad_id))
    if prefix is None:
        return ids, attention, DynamicCache(config=model.config)
    shared_ids, cache = prefix  # computed once, for all batches
    cache = copy.deepcopy(cache)
    cache.batch_repeat_interleave(len(rows))
    return ids, torch.cat([torch.ones_like(shared_ids.expand(len(rows), -1)), attention], 1), cache


def _shared_prefix(model: PreTrainedModel, ids: Sequence[int]) -> tuple[Tensor, Any]:
    """The keys and values of a beginning that all prompts share: ids (1, length), and the library's cache."""
    import torch

    shared = torch.tensor([list(ids)], device=model.device)
    return shared, model(input_ids=shared, use_cache=True, logits_to_keep=1).past_key_values


def answer(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[str],
    *,
    prefix: str = "",
    stop: str = "",
    batch_size: int = 64,
    longest: int = 40,
    progress: str = "",
) -> list[Answer]:
    """Greedy answers to `prompts`, in their order.

    prefix: text before every prompt, computed once for all of them (a few examples, say).
    stop: a text of one token that ends an answer, as the end mark does; a model that was not tuned to stop
        goes on with a next example otherwise.
    longest: tokens after which an answer is cut.
    progress: what to write beside the bar; no bar if empty.
    Raises: UsageError for a batch size or a length below 1.
    """
    from tqdm.auto import tqdm

    if batch_size < 1 or longest < 1:
        raise UsageError(
            f"Answers need a batch size and a length of at least 1, got {batch_size} and {longest}."
        )
    if not prompts:
        return []
    rows = tokenizer(list(prompts), add_special_tokens=False)["input_ids"]
    ends = [tokenizer.eos_token_id, *(tokenizer(stop, add_special_tokens=False)["input_ids"] if stop else [])]
    by_length = sorted(range(len(rows)), key=lambda i: len(rows[i]))  # little padding within a batch
    answers: dict[int, Answer] = {}
    with evaluating(model), tqdm(total=len(rows), desc=progress, disable=not progress, unit="answer") as bar:
        shared = None
        if prefix:
            shared = _shared_prefix(model, tokenizer(prefix, add_special_tokens=False)["input_ids"])
        for start in range(0, len(rows), batch_size):
            chosen = by_length[start : start + batch_size]
            batch = _answer_batch(model, tokenizer, [rows[i] for i in chosen], longest, ends, shared)
            answers.update(zip(chosen, batch, strict=True))
            bar.update(len(chosen))
    return [answers[i] for i in range(len(rows))]
