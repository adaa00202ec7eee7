"""Answers that are foreseen: checked in one pass, instead of written a token at a time.

    draft accepted  <=>  argmax_y Pr(y | prompt, draft[:t]) = draft[t]  at every t, the end mark included

Greedy decoding takes the likeliest token after what it has written, so an accepted draft is the greedy
answer, and what is not accepted is answered as ever. This is the verifying half of speculative decoding
(Leviathan et al. 2023, 2211.17192) with greedy choices, all or nothing. A draft saves time and decides
nothing, so any text may be one: here the gold sentence, which a good student would have written. Rounding in
half precision differs between the two ways, so where two tokens are all but equally likely they may part.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from w2s_course.models.answers import Answer, evaluating
from w2s_course.training.batches import Example, collate
from w2s_course.training.finetune import label_logits, label_rows
from w2s_course.training.lower import ROWS, LowerStates

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


@dataclass(frozen=True)
class Drafts:
    """One draft a prompt; lower: what the frozen layers make of all of them, if it is known."""

    examples: Sequence[Example]
    lower: LowerStates | None = None


def accepted(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, drafts: Drafts) -> dict[int, Answer]:
    """The drafts that are the model's greedy answers: by their number, with the model's confidence."""
    examples, lower = drafts.examples, drafts.lower
    by_length = sorted(range(len(examples)), key=lambda i: len(examples[i]))
    found: dict[int, Answer] = {}
    with evaluating(model), lower.upper() if lower else nullcontext():
        for start in range(0, len(by_length), ROWS):
            chosen = by_length[start : start + ROWS]
            for i, log_prob in zip(chosen, _log_probs(model, drafts, chosen), strict=True):
                if log_prob is not None:
                    text = tokenizer.decode(examples[i].label, skip_special_tokens=True).strip()
                    found[i] = Answer(text, math.exp(min(0.0, log_prob)))
    return found


def _log_probs(model: PreTrainedModel, drafts: Drafts, chosen: Sequence[int]) -> list[float | None]:
    """log Pr(draft | prompt) of each chosen draft, None of one that is not accepted."""
    examples = [drafts.examples[i] for i in chosen]
    batch = collate(examples, pad_id=0).to(model.device)
    if drafts.lower:
        batch = replace(batch, hidden=drafts.lower.batch(examples))
    logits, labels = label_logits(model, batch)  # (label tokens, vocabulary), (label tokens,)
    best, tokens = logits.float().log_softmax(-1).max(-1)
    rows = label_rows(batch)
    sums = best.new_zeros(len(chosen)).index_add(0, rows, best).tolist()
    refused = set(rows[tokens != labels].tolist())
    return [None if row in refused else log_prob for row, log_prob in enumerate(sums)]
