"""Training and asking, with what they cost: tokens, operations, seconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from w2s_course.arms.drafts import Drafts, accepted
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

    Visits are counted as steps times batch size. The last batch of a pass may be smaller, so this is a little
    more than was computed: 7% for the weak model of the preset cpu, 1% and 2% for a student and the control.

    how: which layers are passed, and how, as in `training_flops`.
    """
    lengths, labels = [len(e) for e in examples], [len(e.label) for e in examples]
    tokens, heads = (round(visits / len(examples) * sum(n)) for n in (lengths, labels))
    cost.add(tokens, training_flops(ModelSize.of(model), tokens, heads, mean_context(lengths), **how))


def mean_context(lengths: Sequence[int]) -> float:
    """How many tokens a token looks at, over all tokens of texts of these lengths.

    >>> mean_context([10]), mean_context([10, 30])
    (5.0, 12.5)
    """
    return sum(n * n for n in lengths) / (2 * max(1, sum(lengths)))


def lengths_of(tokenizer: PreTrainedTokenizerBase, texts: Sequence[str]) -> list[int]:
    """How many tokens each text has."""
    if not texts:
        return []
    return [len(ids) for ids in tokenizer(list(texts), add_special_tokens=False)["input_ids"]]


def room_for(tokenizer: PreTrainedTokenizerBase, explanations: Sequence[str]) -> int:
    """Tokens after which an answer may be cut: the longest of these explanations, its end mark, and two more.

    A model that has not learned to stop would go on until it is cut, and all others of its batch with it.
    """
    return max(lengths_of(tokenizer, explanations)) + 3


def ask(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[str],
    *,
    prefix: str = "",
    drafts: Drafts | None = None,
    **how: Any,
) -> tuple[list[Answer], StageCost]:
    """A model's answers to `prompts`, and what they cost.

    prefix: text before every prompt. It is read once, and every token after it attends to it.
    drafts: what the answers may turn out to be, one a prompt: they change the time and not the answers. So
        one that is longer than an answer may be is none.
    how: further arguments of `models.answers.answer`.
    """
    longest = how.get("longest")
    with timed() as cost:
        found = accepted(model, tokenizer, drafts) if drafts else {}
        if drafts and longest is not None:
            found = {i: said for i, said in found.items() if len(drafts.examples[i].label) <= longest}
        left = [i for i in range(len(prompts)) if i not in found]
        written = answer(model, tokenizer, [prompts[i] for i in left], prefix=prefix, **how)
    if drafts:
        _add_checks(cost, model, drafts)
    _add_answers(cost, model, tokenizer, [prompts[i] for i in left], written, prefix)
    found.update(zip(left, written, strict=True))
    return [found[i] for i in range(len(prompts))], cost


def _add_answers(
    cost: StageCost,
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[str],
    answers: Sequence[Answer],
    prefix: str,
) -> None:
    """Add what it takes to read the prompts after their shared beginning, and to write the answers."""
    size, before = ModelSize.of(model), sum(lengths_of(tokenizer, [prefix])) if prefix else 0
    read = sum(lengths_of(tokenizer, prompts))
    written = sum(lengths_of(tokenizer, [a.text for a in answers])) + len(answers)  # and an end mark each
    own = (read + written) / (2 * max(1, len(prompts)))
    cost.add(before, forward_flops(size, before, 0, before / 2))
    cost.add(read + written, forward_flops(size, read + written, written, before + own))


def _add_checks(cost: StageCost, model: PreTrainedModel, drafts: Drafts) -> None:
    """Add what it takes to pass all drafts through the layers that are not known."""
    size = ModelSize.of(model)
    share = 1 - drafts.lower.first / size.layers if drafts.lower else 1.0
    lengths = [len(e) for e in drafts.examples]
    tokens, heads = sum(lengths), sum(len(e.label) for e in drafts.examples)
    body = share * forward_flops(size, tokens, 0, mean_context(lengths))
    cost.add(tokens, body + forward_flops(size, 0, heads, 0))
