"""The weak model: a small Llama-style decoder with a tokenizer of its own, trained from nothing on the spot.

It stands for a cheap model that has seen a little of the task. About 0.9 million parameters, 150 times
fewer than the strong model's 135 million.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from w2s_course.errors import UsageError

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

END, PAD = "<end>", "<pad>"


@dataclass(frozen=True)
class WeakArchitecture:
    """Sizes of the weak model.

    width: of the hidden states; layers, heads: of the decoder; vocabulary: tokens of its own BPE;
    context: the longest text in tokens.
    """

    width: int = 128
    layers: int = 4
    heads: int = 4
    vocabulary: int = 512
    context: int = 512

    def __post_init__(self) -> None:
        for field in ("width", "layers", "heads", "context"):
            if getattr(self, field) < 1:
                raise UsageError(
                    f"The weak model's {field} is {getattr(self, field)}; it must be at least 1."
                )
        if self.width % self.heads or (self.width // self.heads) % 2:
            raise UsageError(
                f"A width of {self.width} does not divide into {self.heads} heads of even width."
            )
        if self.vocabulary < 258:
            raise UsageError(
                f"A vocabulary of {self.vocabulary} is too small: 256 bytes and 2 marks need 258."
            )


def train_tokenizer(texts: Iterable[str], vocabulary: int) -> PreTrainedTokenizerFast:
    """A byte-level BPE learned from `texts`; every text can be encoded, and decodes to itself."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=[PAD, END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token=PAD, eos_token=END)


def new_weak_model(
    architecture: WeakArchitecture, tokenizer: PreTrainedTokenizerFast, seed: int
) -> PreTrainedModel:
    """A model with random weights drawn from `seed`; PyTorch's global generator is left as it was."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=architecture.width,
        intermediate_size=architecture.width * 8 // 3,
        num_hidden_layers=architecture.layers,
        num_attention_heads=architecture.heads,
        max_position_embeddings=architecture.context,
        tie_word_embeddings=True,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=tokenizer.eos_token_id,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return LlamaForCausalLM(config)


def untrained_twin(model: PreTrainedModel, seed: int) -> PreTrainedModel:
    """A model of the same architecture with random weights drawn from `seed`."""
    import torch
    from transformers import AutoModelForCausalLM

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        twin: PreTrainedModel = AutoModelForCausalLM.from_config(model.config)
    return twin
