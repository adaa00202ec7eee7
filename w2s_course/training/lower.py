"""The frozen lower layers, run once an example instead of once a step.

Where only upper layers learn, what enters them never changes: it depends on the example's tokens and on
frozen weights. So it is computed once, kept, and shared by all arms that learn from the same example.

    hidden = lower layers(prompt + label)     once an example, without gradients, kept
    logits = head(upper layers(hidden))       every step

The numbers are the same as when the whole model is run every step; `tests/training/test_lower.py` holds the
two together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from w2s_course.training.batches import Example
from w2s_course.training.fast import products_in, short_attention

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel

Tokens = tuple[int, ...]
FILE = "lower.safetensors"
ROWS = 32  # examples a forward pass: as many as fill the processor, few enough for a small memory


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


def lower_states(
    model: PreTrainedModel, texts: Sequence[Tokens], upto: int, precision: str, progress: str = ""
) -> dict[Tokens, Tensor]:
    """What enters decoder block number `upto`, for each text: (length, width), on the processor."""
    import torch
    from tqdm.auto import tqdm

    found: dict[Tokens, Tensor] = {}
    unique = sorted(set(texts), key=len)
    with (
        torch.inference_mode(),
        short_attention(model),
        only_layers(model, slice(upto), norm=False),
        tqdm(total=len(unique), desc=progress, disable=not progress, unit="text") as bar,
    ):
        for start in range(0, len(unique), ROWS):
            rows = unique[start : start + ROWS]
            ids = torch.zeros((len(rows), len(rows[-1])), dtype=torch.long)
            for i, row in enumerate(rows):
                ids[i, : len(row)] = torch.tensor(row)
            with products_in(model, precision):  # padded on the right, so a causal model needs no mask
                states = model.base_model(input_ids=ids.to(model.device), use_cache=False)[0]
            found |= {row: states[i, : len(row)].cpu().clone() for i, row in enumerate(rows)}
            bar.update(len(rows))
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
    """The states of the examples of one training: known ones looked up, the others computed now.

    first: the number of the lowest block that learns; computed: the texts that were not known.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        examples: Sequence[Example],
        precision: str,
        known: Mapping[Tokens, Tensor] | None = None,
        progress: str = "",
    ) -> None:
        """Raises: ValueError for a model whose every layer learns: nothing can be left out."""
        self.first = first_learning_layer(model)
        if not self.first:
            raise ValueError("No lower layer of this model is frozen, so there is nothing to compute once.")
        self.texts = [example.prompt + example.label for example in examples]
        known = known or {}
        self.computed = sorted({text for text in self.texts if text not in known})
        new = lower_states(model, self.computed, self.first, precision, progress if self.computed else "")
        self.states = {**known, **new}
        self.model = model

    def batch(self, chosen: Sequence[int]) -> Tensor:
        """The states of these examples, padded with zeros on the right: (batch, length, width)."""
        from torch.nn.utils.rnn import pad_sequence

        rows = [self.states[self.texts[i]] for i in chosen]
        return pad_sequence(rows, batch_first=True).to(self.model.device)

    @contextmanager
    def upper(self) -> Iterator[None]:
        """The model without the layers below, inside the block."""
        with only_layers(self.model, slice(self.first, None)):
            yield
