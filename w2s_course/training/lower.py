"""The frozen lower layers, run once an example instead of once a step.

Where only upper layers learn, what enters them never changes: it depends on the example's tokens and on
frozen weights. So it is computed once, kept, and shared by all arms that learn from the same example.

    hidden = lower layers(prompt + label)     once an example, when it is first visited, without gradients;
                                              the labels of one prompt share its pass (`Row`)
    logits = head(upper layers(hidden))       every step

The numbers are the same as when the whole model is run every step; `tests/training/test_lower.py` holds the
two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from w2s_course.models.answers import evaluating
from w2s_course.training.batches import Example
from w2s_course.training.fast import products_in, short_attention

if TYPE_CHECKING:
    import torch
    from torch import Tensor
    from transformers import PreTrainedModel

Tokens = tuple[int, ...]
FILE = "lower.safetensors"
ROWS = 16  # prompts a forward pass: as many as fill the processor, few enough to be of similar lengths


def first_learning_layer(model: PreTrainedModel) -> int:
    """The lowest decoder block with a weight that learns; 0 where nothing below could be left out.

    Only for decoders of Llama's layout, in which positions enter inside the blocks and nowhere else.
    """
    decoder = model.base_model
    if not all(hasattr(decoder, part) for part in ("embed_tokens", "layers", "norm", "rotary_emb")):
        return 0
    if any(p.requires_grad for p in decoder.embed_tokens.parameters()):
        return 0
    learning = (any(p.requires_grad for p in block.parameters()) for block in decoder.layers)
    return next((number for number, learns in enumerate(learning) if learns), 0)


@contextmanager
def only_layers(model: PreTrainedModel, part: slice, *, norm: bool = True) -> Iterator[None]:
    """The model without its other decoder blocks, and without the last norm if not `norm`, in the block."""
    import torch

    decoder = model.base_model
    layers, last = decoder.layers, decoder.norm
    decoder.layers = layers[part]
    if not norm:
        decoder.norm = torch.nn.Identity()
    try:
        yield
    finally:
        decoder.layers, decoder.norm = layers, last


@dataclass(frozen=True)
class Row:
    """One prompt, and every label that it has, behind each other: the prompt is passed once for all of them.

    A label's tokens look at the prompt and at their own label, and take the positions that they would have
    without the others.
    """

    prompt: Tokens
    labels: tuple[Tokens, ...]

    def __len__(self) -> int:
        return len(self.prompt) + sum(map(len, self.labels))

    @property
    def attended(self) -> float:
        """The tokens that each token looks at, added up: half of its square for a row of one label."""
        p = len(self.prompt)
        return p * p / 2 + sum(len(label) * (p + len(label) / 2) for label in self.labels)

    @property
    def texts(self) -> list[Tokens]:
        return [self.prompt + label for label in self.labels]

    def parts(self) -> list[int]:
        """Of each token, 0 in the prompt and the number of its label after it."""
        parts = [0] * len(self.prompt)
        return parts + [number for number, label in enumerate(self.labels, start=1) for _ in label]

    def positions(self) -> list[int]:
        p = len(self.prompt)
        return [*range(p), *(p + i for label in self.labels for i in range(len(label)))]


def rows_of(examples: Iterable[Example]) -> list[Row]:
    """The examples as rows, one a prompt, none of them twice; short rows first."""
    labels: dict[Tokens, dict[Tokens, None]] = {}
    for example in examples:
        labels.setdefault(example.prompt, {})[example.label] = None
    return sorted((Row(prompt, tuple(of_it)) for prompt, of_it in labels.items()), key=len)


def _looks_at(parts: Tensor, dtype: torch.dtype) -> Tensor:
    """What is added to attention's scores, (rows, 1, length, length): 0 where a token may look.

    parts: (rows, length), as of `Row.parts`; padding on the right is looked at by nothing that is kept.
    """
    import torch

    own_or_prompt = (parts[:, None, :] == parts[:, :, None]) | (parts[:, None, :] == 0)
    earlier = torch.ones_like(own_or_prompt).tril()
    return torch.zeros(earlier.shape, dtype=dtype, device=parts.device).masked_fill(
        ~(own_or_prompt & earlier), torch.finfo(dtype).min
    )[:, None]


def lower_states(
    model: PreTrainedModel, rows: Sequence[Row], upto: int, precision: str, progress: str = ""
) -> dict[Tokens, Tensor]:
    """What enters decoder block number `upto`, for each text of the rows: (length, width), on the CPU."""
    import torch
    from torch.nn.utils.rnn import pad_sequence
    from tqdm.auto import tqdm

    found: dict[Tokens, Tensor] = {}
    with (
        evaluating(model),  # what is kept for every step must not hold the dropout of one
        short_attention(model),
        only_layers(model, slice(upto), norm=False),
        tqdm(total=len(rows), desc=progress, disable=not progress, unit="prompt") as bar,
    ):
        for start in range(0, len(rows), ROWS):
            batch = rows[start : start + ROWS]
            tokens = [[*row.prompt, *(t for label in row.labels for t in label)] for row in batch]
            ids, positions, parts = (
                pad_sequence([torch.tensor(one) for one in each], batch_first=True).to(model.device)
                for each in (tokens, [row.positions() for row in batch], [row.parts() for row in batch])
            )
            given = {
                "input_ids": ids,
                "position_ids": positions,
                "attention_mask": _looks_at(parts, model.dtype),
            }
            with products_in(model, precision):
                states = model.base_model(**given, use_cache=False)[0].cpu()
            for row, of_row in zip(batch, states, strict=True):
                prompt, *labels = of_row[: len(row)].split([len(row.prompt), *map(len, row.labels)])
                found |= {t: torch.cat([prompt, own]) for t, own in zip(row.texts, labels, strict=True)}
            bar.update(len(batch))
    return found


def save_states(states: Mapping[Tokens, Tensor], folder: Path) -> None:
    """Write them as one file of three tensors: all tokens, the length of each text, all states."""
    import torch
    from safetensors.torch import save_file

    tokens = torch.tensor([token for text in states for token in text])
    lengths = torch.tensor([len(text) for text in states])
    every = torch.cat(list(states.values())) if states else torch.zeros(0)
    save_file({"tokens": tokens, "lengths": lengths, "states": every}, folder / FILE)


def load_states(folder: Path) -> dict[Tokens, Tensor]:
    """What `save_states` wrote, mapped into memory; nothing where it wrote nothing."""
    from safetensors.torch import load_file

    if not (folder / FILE).is_file():
        return {}
    read = load_file(folder / FILE)
    lengths = read["lengths"].tolist()
    texts = (tuple(t.tolist()) for t in read["tokens"].split(lengths))
    return dict(zip(texts, read["states"].split(lengths), strict=True))


class LowerStates:
    """The states of the examples of one training: known ones are looked up, the others computed when one of
    their pass is first asked for. So the first step waits for some passes and not for all of them.

    first: the number of the lowest block that learns; states: of the texts that are known by now;
    computed: the rows that had to be passed so far.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        examples: Sequence[Example],
        precision: str,
        known: Mapping[Tokens, Tensor] | None = None,
    ) -> None:
        """Raises: ValueError for a model whose every layer learns: nothing can be left out."""
        self.first = first_learning_layer(model)
        if not self.first:
            raise ValueError("No lower layer of this model is frozen, so there is nothing to compute once.")
        self.model, self.precision, self.blocks = model, precision, len(model.base_model.layers)
        self.states = dict(known or {})
        self.computed: list[Row] = []
        missing = rows_of(e for e in examples if e.prompt + e.label not in self.states)
        # The passes are settled here, of rows of similar lengths, whichever is asked for first.
        starts = range(0, len(missing), ROWS)
        self.passes = {start: missing[start : start + ROWS] for start in starts}
        self.pass_of = {text: at for at, rows in self.passes.items() for row in rows for text in row.texts}

    def batch(self, examples: Sequence[Example]) -> Tensor:
        """The states of some of them, padded with zeros on the right: (batch, length, width).

        Raises: KeyError for an example that was not among those given at first; RuntimeError inside `upper`
            for one whose states are not known yet.
        """
        from torch.nn.utils.rnn import pad_sequence

        texts = [example.prompt + example.label for example in examples]
        for text in texts:
            if text not in self.states:
                self._compute(self.pass_of[text])
        return pad_sequence([self.states[text] for text in texts], batch_first=True).to(self.model.device)

    def complete(self, progress: str = "") -> None:
        """Compute all that is not known yet. progress: what to write beside the bar; none if empty."""
        from tqdm.auto import tqdm

        bar = tqdm(list(self.passes), desc=progress, disable=not (progress and self.passes), unit="pass")
        for at in bar:
            self._compute(at)

    def _compute(self, at: int) -> None:
        if len(self.model.base_model.layers) != self.blocks:
            raise RuntimeError("Inside `upper` the lower layers are gone: call `batch` or `complete` before.")
        self.states |= lower_states(self.model, self.passes[at], self.first, self.precision)
        self.computed += self.passes.pop(at)

    @contextmanager
    def upper(self) -> Iterator[None]:
        """The model without the layers below, inside the block."""
        with only_layers(self.model, slice(self.first, None)):
            yield
