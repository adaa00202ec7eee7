"""Asking a model: batched greedy answers, y^ = argmax_y Pr(y|x) of eq. 4.10, each with its confidence."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from w2s_course.errors import UsageError
from w2s_course.models.beginning import attending_to_beginnings, can_share, read_beginning

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


ANSWER_BATCH = 64  # prompts a pass; larger ones are slower on a processor (docs/negative-results.md)
READ_BATCH = 16  # of them, read at once: prompts of similar lengths, so that little is padding

Members = Sequence[tuple["PreTrainedModel", float]]
"""Models that write one answer together, each with its weight; the weights add up to 1."""


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


@dataclass
class _Open:
    """The rows of a batch that have not ended, after a pass.

    number: of each row in the batch; best, tokens: the likeliest next token and its log-probability, (rows,);
    attention: (rows, tokens so far); position: of the last token, (rows, 1); caches: one a member.
    """

    number: Tensor
    best: Tensor
    tokens: Tensor
    attention: Tensor
    position: Tensor
    caches: list[Any]

    def keep(self, left: Tensor) -> None:
        """Go on with the rows at these places."""
        for cache in self.caches:
            cache.batch_select_indices(left)
        self.number, self.best, self.tokens, self.attention, self.position = (
            t[left] for t in (self.number, self.best, self.tokens, self.attention, self.position)
        )


def _read(
    members: Members,
    rows: Sequence[Sequence[int]],
    pad_id: int,
    shared: Sequence[Mapping[str, Any]],
    first: int,
) -> _Open:
    """Pass the prompts, a few of similar lengths at a time; then be where all of them were passed together.

    shared, first: as in `_answer_batch`.
    """
    import torch
    from torch.nn.functional import pad
    from transformers import DynamicCache

    parts: list[_Open] = []
    longest, device = max(map(len, rows)), members[0][0].device
    at_once = READ_BATCH if device.type == "cpu" else len(rows)  # on a GPU padding costs less than a pass
    for start in range(0, len(rows), at_once):
        ids, attention = (t.to(device) for t in left_padded(rows[start : start + at_once], pad_id))
        caches = [DynamicCache(config=model.config) for model, _ in members]
        positions = first + attention.cumsum(1).sub(1).clamp(min=0)  # padding moves no position
        given = {"input_ids": ids, "attention_mask": attention, "position_ids": positions}
        best, tokens = _next_log_probs(members, caches, given, shared).max(-1)
        attention = pad(attention, (longest - ids.shape[1], 0))
        numbers = torch.arange(start, start + len(ids), device=device)
        parts.append(_Open(numbers, best, tokens, attention, positions[:, -1:], caches))
    if len(parts) == 1:
        return parts[0]
    joined = [DynamicCache(config=model.config) for model, _ in members]
    for i, cache in enumerate(joined):
        for layer, same in enumerate(zip(*(part.caches[i].layers for part in parts), strict=True)):
            before = [longest - one.keys.shape[2] for one in same]  # (rows, heads, length, width)
            keys = [pad(one.keys, (0, 0, n, 0)) for one, n in zip(same, before, strict=True)]
            values = [pad(one.values, (0, 0, n, 0)) for one, n in zip(same, before, strict=True)]
            cache.update(torch.cat(keys), torch.cat(values), layer)

    def all_of(field: str) -> Tensor:
        return torch.cat([getattr(part, field) for part in parts])

    best, tokens, attention = all_of("best"), all_of("tokens"), all_of("attention")
    return _Open(all_of("number"), best, tokens, attention, all_of("position"), joined)


def _answer_batch(
    members: Members,
    tokenizer: PreTrainedTokenizerBase,
    rows: Sequence[Sequence[int]],
    longest: int,
    ends: Sequence[int],
    shared: Sequence[Mapping[str, Any]],
    first: int,
) -> list[Answer]:
    """The answers to one batch: all prompts are read, then a token at a time without the rows that ended.

    A batch of `generate()` goes on until its longest answer ends, and keeps the scores of the whole
    vocabulary until then. `benchmarks/generation.py` compares.

    shared: what each member is given besides: the beginning that its rows come after; first: the position of
    a row's first token.
    """
    import torch
    from torch.nn.functional import pad

    now = _read(members, rows, ends[0], shared, first)
    said = torch.full((len(rows), longest), ends[0], device=now.tokens.device)
    stops, log_probs = torch.tensor(list(ends)).to(said), torch.zeros(len(rows), device=said.device)
    for written in range(longest):
        log_probs[now.number] += now.best  # the end mark counts, too
        goes_on = ~torch.isin(now.tokens, stops)
        said[now.number, written] = now.tokens.where(goes_on, ends[0])
        if not goes_on.any() or written + 1 == longest:
            break
        if not goes_on.all():
            now.keep(goes_on.nonzero()[:, 0])
        now.attention, now.position = pad(now.attention, (0, 1), value=1), now.position + 1
        given = {
            "input_ids": now.tokens[:, None],
            "attention_mask": now.attention,
            "position_ids": now.position,
        }
        now.best, now.tokens = _next_log_probs(members, now.caches, given, shared).max(-1)
    texts = tokenizer.batch_decode(said, skip_special_tokens=True)
    return [
        Answer(text.strip(), math.exp(min(0.0, lp)))
        for text, lp in zip(texts, log_probs.tolist(), strict=True)
    ]


def _next_log_probs(
    members: Members,
    caches: Sequence[Any],
    given: Mapping[str, Tensor],
    shared: Sequence[Mapping[str, Any]],
) -> Tensor:
    """log sum_m w_m Pr_m(y | x, y^_<t) of each next token y, (batch, vocabulary).

    The caches grow by what is given.
    """
    import torch

    each: list[Tensor] = [
        model(**given, **after, past_key_values=cache, use_cache=True, logits_to_keep=1)
        .logits[:, -1]
        .float()
        .log_softmax(-1)
        for (model, _), cache, after in zip(members, caches, shared, strict=True)
    ]
    if len(each) == 1:
        return each[0]
    shares = torch.tensor([share for _, share in members], device=each[0].device)
    return (torch.stack(each) + shares.log()[:, None, None]).logsumexp(0)


def answer(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, prompts: Sequence[str], **how: Any
) -> list[Answer]:
    """Greedy answers to `prompts`, in their order; how: as in `answer_together`."""
    return answer_together([(model, 1.0)], tokenizer, prompts, **how)


def answer_together(
    members: Members,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[str],
    *,
    prefix: str = "",
    stop: str = "",
    batch_size: int = ANSWER_BATCH,
    longest: int = 40,
    progress: str = "",
) -> list[Answer]:
    """As `answer`, of several models that share a tokenizer: at each token all are asked, one is written.

    members: models and their weights, which add up to 1; the likeliest token of the weighted mean of their
        probabilities is written.
    prefix: text before every prompt, read once for all of them (a few examples, say).
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
    before = tokenizer(prefix, add_special_tokens=False)["input_ids"] if prefix else []
    ends = [tokenizer.eos_token_id, *(tokenizer(stop, add_special_tokens=False)["input_ids"] if stop else [])]
    by_length = sorted(range(len(rows)), key=lambda i: len(rows[i]))  # little padding within a batch
    answers: dict[int, Answer] = {}
    with (
        ExitStack() as inside,
        tqdm(total=len(rows), desc=progress, disable=not progress, unit="answer") as bar,
    ):
        for model, _ in members:
            inside.enter_context(evaluating(model))
        shared: list[dict[str, Any]] = [{} for _ in members]
        if before and all(can_share(model) for model, _ in members):
            shared = [{"beginning": read_beginning(model, before)} for model, _ in members]
            for model, _ in members:
                inside.enter_context(attending_to_beginnings(model))
        else:
            rows = [[*before, *row] for row in rows]
        first = len(before) if shared[0] else 0
        for start in range(0, len(rows), batch_size):
            chosen = by_length[start : start + batch_size]
            batch = _answer_batch(members, tokenizer, [rows[i] for i in chosen], longest, ends, shared, first)
            answers.update(zip(chosen, batch, strict=True))
            bar.update(len(chosen))
    return [answers[i] for i in range(len(rows))]
