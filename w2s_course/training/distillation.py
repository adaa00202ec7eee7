"""A weak model that speaks the strong model's language: what the KD loss of eqs. 4.12 and 4.13 needs.

Forward KL compares two distributions over the same tokens. The course's weak model has a tokenizer of its
own, so here another is trained, on the strong model's token ids. A small model can't afford rows for 49,000
tokens of which the task uses about a hundred: its vocabulary is restricted to the ids that occur.

    in_use  = tokens_in_use(strong_tokenizer, gold_codes, gold_explanations)
    narrow  = Narrowed(strong_tokenizer, in_use)     a tokenizer: texts to 0..K-1 and back
    teacher = train_teacher(architecture, narrow, gold_codes, gold_explanations, recipe, steps, seed)
    answers = answer(teacher, narrow, prompts)       the weak labels y^, as of any weak model
    examples, objective = distil(teacher, narrow, codes, explanations, decaying(1.0))
    finetune(student, examples, ..., objective=objective)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from w2s_course.errors import UsageError
from w2s_course.models.weak import WeakArchitecture
from w2s_course.training.batches import Example, collate, encode
from w2s_course.training.finetune import label_logits, label_rows
from w2s_course.training.from_scratch import train_from_scratch
from w2s_course.training.objectives import Objective, Schedule, with_distillation
from w2s_course.training.recipe import Recipe

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


def tokens_in_use(examples: Iterable[Example]) -> tuple[int, ...]:
    """The strong model's ids that occur in these examples, ascending: the restricted vocabulary.

    Take the examples that the weak model learns from. An id that comes later can't be learned anyway.

    >>> tokens_in_use([Example((7, 3), (5, 2)), Example((7,), (2,))])
    (2, 3, 5, 7)
    """
    return tuple(sorted({token for example in examples for token in (*example.prompt, *example.label)}))


class Narrowed:
    """The strong model's tokenizer with its ids renumbered: those in use 0 to K-1, every other one K.

    It does what `encode` and `answer` ask of a tokenizer, so a model on restricted ids is trained and asked
    like any other. The token K, 'other', is read where a text holds an id that is not in use; it is
    never a label, so it is hardly ever written, and it decodes to nothing.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase, in_use: Sequence[int]) -> None:
        self.tokenizer, self.in_use = tokenizer, tuple(in_use)
        self._number = {token: number for number, token in enumerate(self.in_use)}
        if tokenizer.eos_token_id not in self._number:
            raise UsageError(
                f"The end mark {tokenizer.eos_token_id} is not among the {len(self.in_use)} ids in use. "
                "Collect them from whole examples: every label ends with it."
            )
        self.eos_token_id = self._number[tokenizer.eos_token_id]
        self.pad_token_id = len(self.in_use)  # 'other' too: padding is never looked up, see `batches`

    def __len__(self) -> int:
        return len(self.in_use) + 1

    def narrow(self, ids: Iterable[int]) -> tuple[int, ...]:
        """The strong model's ids, renumbered."""
        other = len(self.in_use)
        return tuple(self._number.get(token, other) for token in ids)

    def __call__(self, texts: str | Sequence[str], add_special_tokens: bool = False) -> dict[str, Any]:
        """The renumbered ids of a text or of several, as a tokenizer gives them."""
        ids = self.tokenizer(texts, add_special_tokens=add_special_tokens)["input_ids"]
        return {
            "input_ids": self.narrow(ids) if isinstance(texts, str) else [self.narrow(row) for row in ids]
        }

    def decode(self, ids: Iterable[int], skip_special_tokens: bool = False) -> str:
        """The text of renumbered ids."""
        known = [self.in_use[i] for i in map(int, ids) if i < len(self.in_use)]
        return str(self.tokenizer.decode(known, skip_special_tokens=skip_special_tokens))

    def batch_decode(self, rows: Iterable[Iterable[int]], skip_special_tokens: bool = False) -> list[str]:
        """The texts of several rows of renumbered ids."""
        return [self.decode(row, skip_special_tokens) for row in rows]


def train_teacher(
    architecture: WeakArchitecture,
    narrow: Narrowed,
    codes: Sequence[str],
    explanations: Sequence[str],
    recipe: Recipe,
    steps: int,
    seed: int,
) -> PreTrainedModel:
    """A weak model of `architecture` on restricted ids, trained from nothing on gold pairs.

    Its vocabulary is `len(narrow)`, whatever the architecture says of a vocabulary of its own.
    """
    examples = encode(narrow, codes, explanations)
    return train_from_scratch(architecture, narrow, examples, recipe, steps, seed, "teacher on shared ids")


def teacher_log_probs(
    teacher: PreTrainedModel, narrow: Narrowed, examples: Sequence[Example], batch_size: int = 64
) -> list[Tensor]:
    """For each example log Pr^w(v | x, y_<t) over the ids v in use, at each of its label tokens.

    examples: in the strong model's own ids. Each label token is predicted after the words before it, as
    the student predicts it. 'Other' is left out and the rest renormalised, because it is no token of the
    strong model. Probabilities of ids not in use are 0: the model has no row for them.
    Returns: tensors (label tokens of the example, K), float32, on the CPU. The teacher is left in evaluation
        mode.
    """
    import torch

    rows: list[Tensor] = []
    narrowed = [Example(narrow.narrow(e.prompt), narrow.narrow(e.label)) for e in examples]
    teacher.eval()
    with torch.no_grad():
        for start in range(0, len(narrowed), batch_size):
            batch = collate(narrowed[start : start + batch_size], pad_id=0).to(teacher.device)
            logits, _ = label_logits(teacher, batch)
            log_probs = logits[:, : len(narrow.in_use)].float().log_softmax(-1).cpu()
            rows += log_probs.split(torch.bincount(label_rows(batch)).tolist())
    return rows


def distil(
    teacher: PreTrainedModel,
    narrow: Narrowed,
    codes: Sequence[str],
    explanations: Sequence[str],
    weight: Schedule,
) -> tuple[list[Example], Objective]:
    """What `finetune` needs for eq. 4.13: the examples, and the objective that knows the teacher's doubts.

    explanations: the labels y of D, the teacher's own greedy answers say; weight: lambda over training.
    The two belong together: the objective finds the teacher's distributions by the examples' index.
    """
    import torch

    examples = encode(narrow.tokenizer, codes, explanations)
    log_probs = teacher_log_probs(teacher, narrow, examples)
    return examples, with_distillation(log_probs, torch.tensor(narrow.in_use), weight)
