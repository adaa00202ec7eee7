"""How likely a model finds each of several sentences after one code, the code being read once for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from w2s_course.judging.choices import Likelihood, Question
from w2s_course.models.answers import evaluating as evaluating
from w2s_course.models.answers import left_padded as left_padded
from w2s_course.training.batches import prompt_of

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


def _sentence_log_probs(
    model: PreTrainedModel, prompts: Sequence[Sequence[int]], options: Sequence[Sequence[Sequence[int]]]
) -> Tensor:
    """log Pr(option|prompt) in nats, (prompts, options): one pass over the prompts, one over the options.

    The keys and values of each prompt are repeated for its options. Prompts are padded on the left, so that
    every option begins at the same place; options are padded on the right, where nothing is counted.
    """
    import torch

    each = len(options[0])
    ids, attention = (t.to(model.device) for t in left_padded(prompts, 0))
    places = (attention.cumsum(1) - 1).clamp(min=0)  # (prompts, length): padding takes no place
    read = model.base_model(input_ids=ids, attention_mask=attention, position_ids=places, use_cache=True)
    cache: Any = read.past_key_values
    cache.batch_repeat_interleave(each)

    rows = [list(option) for several in options for option in several]
    longest = max(map(len, rows))
    said = torch.tensor([row + [0] * (longest - len(row)) for row in rows], device=model.device)
    counted = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows], device=model.device)
    start = attention.sum(1, keepdim=True).repeat_interleave(each, 0)  # the place of an option's first token
    hidden = model.base_model(
        input_ids=said,
        attention_mask=torch.cat([attention.repeat_interleave(each, 0), counted], 1),
        position_ids=start + torch.arange(longest, device=model.device),
        past_key_values=cache,
        use_cache=True,
    )[0]
    before = read[0][:, -1:].repeat_interleave(each, 0)  # predicts the first token of each option
    is_counted = counted.bool()
    predicts = torch.cat([before, hidden[:, :-1]], 1)[is_counted]  # (tokens, width): no logits of padding
    log_probs = model.get_output_embeddings()(predicts).float().log_softmax(-1)
    of_tokens = log_probs.gather(1, said[is_counted][:, None])[:, 0]
    row_of_token = is_counted.nonzero()[:, 0]
    sums = torch.zeros(len(rows), device=model.device).index_add(0, row_of_token, of_tokens)
    return sums.view(len(prompts), each)


def log_likelihoods(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    codes: Sequence[str],
    options: Sequence[Sequence[str]],
    batch_size: int = 8,
    progress: str = "",
) -> list[list[float]]:
    """log Pr(sentence | code) in nats for each of a code's sentences, in their order.

    The prompt is that of training (`prompt_of`); the end mark after the sentence is not counted.

    Args: options: as many sentences for each code, 1 or more, none of them empty.
    Raises: ValueError where codes and options differ in number.
    """
    from tqdm.auto import tqdm

    if len(codes) != len(options):
        raise ValueError(f"{len(codes)} codes and {len(options)} sets of sentences make no questions.")
    if not codes:
        return []
    prompts = tokenizer([prompt_of(code) for code in codes], add_special_tokens=False)["input_ids"]
    sentences = [tokenizer(list(several), add_special_tokens=False)["input_ids"] for several in options]
    by_length = sorted(range(len(prompts)), key=lambda i: (len(prompts[i]), max(map(len, sentences[i]))))
    found: dict[int, list[float]] = {}
    with evaluating(model), tqdm(total=len(codes), desc=progress, disable=not progress) as bar:
        for start in range(0, len(by_length), batch_size):
            batch = by_length[start : start + batch_size]
            values = _sentence_log_probs(model, [prompts[i] for i in batch], [sentences[i] for i in batch])
            found.update(zip(batch, values.tolist(), strict=True))
            bar.update(len(batch))
    return [found[i] for i in range(len(codes))]


def judge_options(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    questions: Sequence[Question],
    progress: str = "",
) -> list[list[Likelihood]]:
    """What the model makes of each option of each question: (questions, 4)."""
    codes, options = [q.function.code for q in questions], [q.options for q in questions]
    given = log_likelihoods(model, tokenizer, codes, options, progress=progress)
    sentences = sorted({y for several in options for y in several})  # each stands in four questions
    ids = tokenizer(sentences, add_special_tokens=False)["input_ids"] if sentences else []
    alone = log_likelihoods(model, tokenizer, [""] * len(sentences), [[y] for y in sentences], batch_size=32)
    known = {y: (value, len(tokens)) for y, (value,), tokens in zip(sentences, alone, ids, strict=True)}
    return [
        [Likelihood(value, *known[y]) for y, value in zip(several, values, strict=True)]
        for several, values in zip(options, given, strict=True)
    ]
