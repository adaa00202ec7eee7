"""Prompts read once by the frozen model, adapters on the explanation alone: cheaper steps, at what price?

    keys, values = model(prompt)                               once a prompt; no adapter takes part
    logits       = head(blocks with adapters(cue and label))   every step, attending to these keys and values

A step passes a quarter of the tokens, and whoever shares the prompts shares all that is done to them: other
arms, other labels, every evaluation. But what a token of the code means to the blocks above stays what
pre-training left it. The benchmark says what that does to the time until an accuracy; the figures are in
docs/negative-results.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.task import OnStep, Pairs, Ready, Task, Watch, load, share_right
from w2s_course.arms.counted import mean_context
from w2s_course.costs import ModelSize, forward_flops, training_flops
from w2s_course.errors import UsageError
from w2s_course.models.answers import evaluating
from w2s_course.models.strong import Lora, add_lora
from w2s_course.training.batches import CUE, IGNORED, Example, collate
from w2s_course.training.fast import products_in, short_attention
from w2s_course.training.finetune import batches_of, following_labels, label_rows
from w2s_course.training.lower import ROWS, first_learning_layer, only_layers
from w2s_course.training.objectives import Moment, negative_log_likelihood
from w2s_course.training.optimizers import optimizers_of, step_all

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

CUE_TOKENS = 3  # the last tokens of every prompt, which adapters see: what follows the code
UPPER = 0.5  # of the blocks learn


@dataclass(frozen=True)
class Read:
    """Of one example: the prompt's keys and values in the blocks that learn, and what enters these after it.

    past: (blocks, 2, groups, prompt, width of a head); hidden: (cue and label, width).
    """

    past: Tensor
    hidden: Tensor


def tail(example: Example) -> Example:
    """The part that adapters see, as an example of its own."""
    return Example(example.prompt[-CUE_TOKENS:], example.label)


def _head(example: Example) -> Example:
    """The part that no adapter sees."""
    return Example(example.prompt[:-CUE_TOKENS], ())


def _given(model: PreTrainedModel, examples: Sequence[Example], past: Mapping[int, Any]) -> dict[str, Any]:
    """What a pass over the tails is told about what stands before them.

    past: the keys and values of each block, (rows, groups, longest prompt, width), padded on the right.
    """
    import torch
    from transformers import DynamicCache

    before = torch.tensor([len(_head(e)) for e in examples])
    most, length = int(before.max()), max(len(tail(e)) for e in examples)
    prompt = (torch.arange(most) < before[:, None])[:, None].expand(-1, length, -1)
    own = torch.ones(length, length, dtype=torch.bool).tril().expand(len(examples), -1, -1)
    mask = torch.zeros(len(examples), 1, length, most + length, dtype=model.dtype)
    mask.masked_fill_(~torch.cat([prompt, own], -1)[:, None], torch.finfo(model.dtype).min)
    cache = DynamicCache(config=model.config)
    for block, (keys, values) in past.items():
        cache.update(keys, values, block)
    positions = before[:, None] + torch.arange(length)
    found = {"attention_mask": mask, "position_ids": positions}
    return {name: t.to(model.device) for name, t in found.items()} | {"past_key_values": cache}


def read(
    model: PreTrainedModel, examples: Sequence[Example], first: int, precision: str
) -> dict[Example, Read]:
    """Pass the prompts through the model, and the tails through its blocks below number `first`.

    To be done before there are adapters, so that all is as pre-training left it.
    """
    import torch

    found: dict[Example, Read] = {}
    by_length = sorted(set(examples), key=len)
    with torch.inference_mode(), short_attention(model), products_in(model, precision):
        for start in range(0, len(by_length), ROWS):
            chosen = by_length[start : start + ROWS]
            heads = collate([_head(e) for e in chosen], 0).to(model.device)
            layers = model.base_model(heads.input_ids, heads.attention, use_cache=True).past_key_values.layers
            ids = collate([tail(e) for e in chosen], 0).to(model.device).input_ids
            below = {block: (layers[block].keys, layers[block].values) for block in range(first)}
            with only_layers(model, slice(first), norm=False):
                hidden = model.base_model(ids, **_given(model, chosen, below), use_cache=True)[0]
            both = torch.stack([torch.stack([one.keys, one.values], 1) for one in layers[first:]], 1)
            for example, past, states in zip(chosen, both, hidden, strict=True):
                kept = past[..., : len(_head(example)), :], states[: len(tail(example))]
                found[example] = Read(*(t.clone() for t in kept))
    return found


@contextmanager
def _upper(model: PreTrainedModel, first: int, precision: str) -> Iterator[None]:
    with short_attention(model), products_in(model, precision), only_layers(model, slice(first, None)):
        yield


def tail_logits(
    model: PreTrainedModel, examples: Sequence[Example], known: Mapping[Example, Read], first: int
) -> tuple[Tensor, Tensor, Tensor]:
    """As `label_logits`, from what was read: logits, the label tokens, and the row that each stands in."""
    from torch.nn.utils.rnn import pad_sequence

    reads = [known[example] for example in examples]
    joined = pad_sequence([one.past.movedim(-2, 0) for one in reads], batch_first=True).movedim(1, -2)
    past = {first + n: (joined[:, n, 0], joined[:, n, 1]) for n in range(joined.shape[1])}
    hidden = pad_sequence([one.hidden for one in reads], batch_first=True)
    states = model.base_model(inputs_embeds=hidden, **_given(model, examples, past), use_cache=True)[0]
    batch = collate([tail(e) for e in examples], 0).to(model.device)
    following = following_labels(batch)
    predicts = following != IGNORED
    return model.get_output_embeddings()(states[predicts]), following[predicts], label_rows(batch)


def _refuse_without_cue(tokenizer: PreTrainedTokenizerBase, examples: Sequence[Example]) -> None:
    """Raises: UsageError where the tokenizer does not cut the cue off as tokens of its own."""
    for example in examples:
        end = tokenizer.decode(tail(example).prompt)
        if end != CUE:
            raise UsageError(
                f"A prompt of this model ends in {end!r}, not the {CUE_TOKENS} tokens of the cue {CUE!r}. "
                "Give a --model with SmolLM2's tokenizer."
            )


def cached_prompts(task: Task, watch: Watch) -> tuple[Ready, Pairs]:
    import torch

    config = task.config()
    model, tokenizer, pairs = load(task, config.precision)
    _refuse_without_cue(tokenizer, [*pairs.learned, *pairs.held_out])
    watch.start()
    recipe, lora = config.strong_recipe, Lora(config.lora.rank, config.lora.alpha, UPPER)
    first = round(int(model.config.num_hidden_layers) * (1 - UPPER))
    known = read(model, pairs.learned, first, config.precision)
    watch.stop()
    asked = read(model, pairs.held_out, first, config.precision)
    watch.start()
    add_lora(model, lora, task.seed)
    assert first_learning_layer(model) == first
    steps = -(-task.examples // recipe.batch_size)

    def one_pass(number: int, on_step: OnStep) -> None:
        weights = [p for p in model.parameters() if p.requires_grad]
        optimizers = optimizers_of(model, recipe, config.precision)
        model.train()
        for done, chosen in enumerate(batches_of(pairs.learned, recipe, steps, task.seed + 1000 * number)):
            with _upper(model, first, config.precision):
                logits, labels, rows = tail_logits(model, [pairs.learned[i] for i in chosen], known, first)
                loss = negative_log_likelihood(logits, labels, Moment(done / steps, tuple(chosen), rows))
            loss.backward()
            torch.nn.utils.clip_grad_norm_(weights, recipe.clip)
            step_all(optimizers, recipe.share_of_peak(done, steps))
            on_step(min((done + 1) * recipe.batch_size, task.examples), loss.item())

    def share(held_out: Sequence[Example]) -> float:
        """A student answers as it learned, after prompts that no adapter has seen."""
        with evaluating(model), _upper(model, first, config.precision):
            return share_right(held_out, lambda chosen: tail_logits(model, chosen, asked, first))

    return Ready(model, config.precision, one_pass, _flops(model, pairs.learned), share=share), pairs


def _flops(model: PreTrainedModel, examples: Sequence[Example]) -> float:
    """Operations of a pass: prompts through the frozen model, tails through its lower blocks, and steps."""
    size = ModelSize.of(model)
    prompts, tails = ([len(of(e)) for e in examples] for of in (_head, tail))
    context = sum(map(len, examples)) / len(examples)
    read_once = forward_flops(size, sum(prompts), 0, mean_context(prompts))
    below = (1 - UPPER) * forward_flops(size, sum(tails), 0, context)
    heads = sum(len(e.label) for e in examples)
    how = {"learned": UPPER, "frozen": True, "forward": UPPER}
    return read_once + below + training_flops(size, sum(tails), heads, context, **how)
