"""Training and asking, with what they cost: tokens, operations, seconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from w2s_course.costs import ModelSize, StageCost, forward_flops, timed, training_flops
from w2s_course.models.answers import Answer, answer
from w2s_course.training.batches import Example

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


def total(costs: Iterable[StageCost]) -> StageCost:
    """The sum of costs; of none, nothing.

    >>> total([StageCost(1, 2, 3), StageCost(10, 20, 30)])
    StageCost(tokens=11, flops=22, seconds=33)
    """
    found = StageCost()
    for cost in costs:
        found = StageCost(found.tokens + cost.tokens, found.flops + cost.flops, found.seconds + cost.seconds)
    return found


def add_training(
    cost: StageCost, model: PreTrainedModel, examples: Sequence[Example], visits: int, **how: Any
) -> None:
    """Add the operations of `visits` visits to examples of this mean length.

    how: which layers are passed, and how, as in `training_flops`.
    """
    lengths, labels = [len(e) for e in examples], [len(e.label) for e in examples]
    tokens, heads = (round(visits / len(examples) * sum(n)) for n in (lengths, labels))
    context = sum(n * n for n in lengths) / (2 * sum(lengths))
    cost.add(tokens, training_flops(ModelSize.of(model), tokens, heads, context, **how))


def ask(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[str],
    *,
    prefix: str = "",
    **how: Any,
) -> tuple[list[Answer], StageCost]:
    """A model's answers to `prompts`, and what they cost.

    prefix: text before every prompt. It is read once, and every token after it attends to it.
    how: further arguments of `models.answers.answer`.
    """
    with timed() as cost:
        answers = answer(model, tokenizer, prompts, prefix=prefix, **how)

    def tokens(texts: Sequence[str]) -> int:
        return sum(len(ids) for ids in tokenizer(list(texts), add_special_tokens=False)["input_ids"])

    size, before = ModelSize.of(model), tokens([prefix]) if prefix else 0
    read, written = tokens(prompts), tokens([a.text for a in answers]) + len(answers)  # and an end mark each
    own = (read + written) / (2 * max(1, len(prompts)))
    cost.add(before, forward_flops(size, before, 0, before / 2))
    cost.add(read + written, forward_flops(size, read + written, written, before + own))
    return answers, cost
