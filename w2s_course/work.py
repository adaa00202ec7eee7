"""The work of each stage on paper: operations, and bytes that must be read; and the least time it implies.

A stage cannot end before its operations are done, nor before the weights have been read once for every pass
over them. Which of the two is the limit, and how far from it a run is, docs/speed.md shows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

from w2s_course.arms.strong import FINE_TUNED
from w2s_course.config import FROM_SCRATCH, Config
from w2s_course.costs import ModelSize, forward_flops, training_flops
from w2s_course.labeling import LABEL_BATCH
from w2s_course.models.answers import ANSWER_BATCH, READ_BATCH
from w2s_course.models.catalog import EMBEDDED, MODELS
from w2s_course.training.lower import ROWS

# Mean lengths in the strong model's tokens, counted on 1,000 snippets; the weak model's differ little.
PROMPT_TOKENS, LABEL_TOKENS, EXTRA_FOR_VIEW = 42, 14, 8
LONGEST_LABEL = 19  # a batch of answers goes on until its longest one ends
# Width and depth enter only the attention terms, a few per cent at these lengths, so one pair does for all.
WIDTH = 576  # of the default strong model
KEYS = 2 * 192  # numbers kept a token and layer: a key and a value for each of the strong model's 3 groups
BYTES = {"float32": 4, "bfloat16": 2}
WRONG = 0.5  # of the teacher's labels, by and large: those differ from the gold ones, and are passed besides
ADAM_BYTES = 28  # a learned weight a step: it, its gradient and two moments read; it and the moments written


@dataclass(frozen=True)
class Work:
    """operations: multiplications and additions, each one; read: bytes of weights, and of the keys and values
    of earlier tokens, that cross the memory bus. Activations, which mostly stay in caches, are left out."""

    operations: float
    read: float

    def __add__(self, other: Work) -> Work:
        return Work(self.operations + other.operations, self.read + other.read)


NOTHING = Work(0, 0)


@dataclass(frozen=True)
class StageWork:
    """What a stage does at least, by what it takes: learning, passing the frozen layers, answering, and
    checking answers that are foreseen (`arms.drafts`)."""

    learning: Work = NOTHING
    passing: Work = NOTHING
    answering: Work = NOTHING
    checking: Work = NOTHING

    @property
    def whole(self) -> Work:
        return self.learning + self.passing + self.answering + self.checking


@dataclass(frozen=True)
class Machine:
    """operations: of matrix products, a second; bandwidth: bytes a second; source: where both are from."""

    name: str
    operations: float
    bandwidth: float
    source: str

    def floor(self, work: Work) -> float:
        """The least seconds that `work` takes here: of its operations or its bytes, whichever takes longer.

        >>> Machine("slow", operations=10, bandwidth=2, source="").floor(Work(operations=20, read=6))
        3.0
        """
        return max(work.operations / self.operations, work.read / self.bandwidth)


COLAB_T4 = Machine("Colab's T4", 65e12, 320e9, "NVIDIA T4 data sheet: 65 TFLOPS in half precision, 320 GB/s")
H100 = Machine(
    "H100", 989e12, 3.35e12, "NVIDIA H100 SXM data sheet: 989 TFLOPS in bfloat16, dense; 3.35 TB/s"
)


def size_of(model: str) -> ModelSize:
    """The size of a catalog's model without loading it; of another one, that of the default strong model."""
    entry = MODELS.get(model, MODELS[EMBEDDED])
    head = entry.vocabulary * entry.width  # tied: the embedding is the head, and is counted once
    return ModelSize(entry.parameters - head, head, entry.layers, entry.width)


def weak_size(config: Config) -> ModelSize:
    """The size of the weak model: of its architecture, or of the pre-trained one that is named."""
    if config.weak_model != FROM_SCRATCH:
        return size_of(config.weak_model)
    w = config.weak
    return ModelSize(12 * w.layers * w.width**2, w.vocabulary * w.width, w.layers, w.width)


@dataclass(frozen=True)
class Lengths:
    """Mean tokens of a prompt and of its label."""

    prompt: int
    label: int

    @classmethod
    def of(cls, config: Config) -> Lengths:
        return cls(PROMPT_TOKENS + EXTRA_FOR_VIEW * config.with_view, LABEL_TOKENS)

    @property
    def both(self) -> int:
        return self.prompt + self.label


def answering(size: ModelSize, n: int, at: Lengths, batch: int, width: int, before: int = 0) -> Work:
    """`n` answers: every weight is read once for the prompts that are read together and once for each further
    token of a batch, and so are the keys and values of all tokens before it.

    width: bytes a weight; before: tokens of a shared beginning, which all others attend to and whose keys and
        values are read once for all rows.
    """
    passes = ceil(n / min(batch, READ_BATCH)) + ceil(n / batch) * (LONGEST_LABEL - 1)
    operations = forward_flops(size, n * at.both, n * at.label, before + at.both / 2)
    tokens = n * LONGEST_LABEL * at.both + passes * before
    kept = tokens * size.layers * KEYS * size.width / WIDTH
    return Work(operations, (passes * (size.computed + size.head) + kept) * width)


def learning_small(config: Config, steps: int) -> Work:
    """The weak model's training, or the control's: three passes a step, and the optimiser."""
    size, at = weak_size(config), Lengths.of(config)
    n = steps * config.weak_recipe.batch_size
    operations = training_flops(size, n * at.both, n * at.label, at.both / 2)
    return Work(operations, steps * (size.computed + size.head) * (3 * BYTES["float32"] + ADAM_BYTES))


def passing_below(config: Config, n: int, more: int = 0) -> Work:
    """The frozen lower layers, once for each of `n` snippets with a label; `more` labels beside the first."""
    size, at, share = size_of(config.strong_model), Lengths.of(config), 1 - config.lora.upper
    operations = share * forward_flops(size, n * at.both + more * at.label, 0, at.both / 2)
    return Work(operations, ceil(n / ROWS) * share * size.computed * BYTES[config.precision])


def learning_strong(config: Config) -> Work:
    """A student's training: its upper layers and the head, forward and back."""
    size, at, steps = size_of(config.strong_model), Lengths.of(config), config.strong_steps
    n, upper = steps * config.strong_recipe.batch_size, config.lora.upper
    lengths = (n * at.both, n * at.label, at.both / 2)
    operations = training_flops(size, *lengths, learned=upper, frozen=True, forward=upper)
    read = steps * 2 * (upper * size.computed + size.head) * BYTES[config.precision]
    return Work(operations, read)


def answering_strong(config: Config, n: int, before: int = 0) -> Work:
    """`n` answers of the strong model; `before` as in `answering`."""
    size, width = size_of(config.strong_model), BYTES[config.precision]
    return answering(size, n, Lengths.of(config), ANSWER_BATCH, width, before)


def checking_strong(config: Config, n: int) -> Work:
    """`n` drafts through a student's upper layers. Each that is not its answer is answered besides."""
    size, at, upper = size_of(config.strong_model), Lengths.of(config), config.lora.upper
    body = upper * forward_flops(size, n * at.both, 0, at.both / 2)
    operations = body + forward_flops(size, 0, n * at.label, 0)
    read = ceil(n / ROWS) * (upper * size.computed + size.head) * BYTES[config.precision]
    return Work(operations, read)


def answers_of_a_student(config: Config) -> int:
    """How often a fine-tuned arm is asked: the validation snippets at every checkpoint, and the test."""
    return config.sizes.val * len(config.checkpoints) + config.sizes.test


def labels_written(config: Config, n: int) -> Work:
    """`n` answers of a weak model."""
    return answering(weak_size(config), n, Lengths.of(config), LABEL_BATCH, BYTES["float32"])


def work_of(config: Config) -> dict[str, StageWork]:
    """What each stage does."""
    sizes = config.sizes
    shown = sizes.shots * Lengths.of(config).both
    checks = checking_strong(config, answers_of_a_student(config))
    tuned = StageWork(learning=learning_strong(config), checking=checks)
    everything = sizes.pool + sizes.val + sizes.test
    learned = min(sizes.gold, config.strong_steps * config.strong_recipe.batch_size)
    return {
        "weak": StageWork(learning=learning_small(config, config.weak_steps)),
        "labels": StageWork(answering=labels_written(config, everything)),
        "control": StageWork(
            learning=learning_small(config, config.control_steps),
            answering=labels_written(config, sizes.test),
        ),
        "strong_prompted": StageWork(answering=answering_strong(config, sizes.test, shown)),
        "lower_layers": StageWork(passing=passing_below(config, everything, round(WRONG * sizes.pool))),
        **dict.fromkeys(FINE_TUNED, tuned),
        "strong_on_gold": replace(tuned, passing=passing_below(config, learned + sizes.val + sizes.test)),
    }
