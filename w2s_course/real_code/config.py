"""What a run on real code depends on: its JSON is the run's identity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from w2s_course.errors import UsageError, refuse_repeated, refuse_seed
from w2s_course.judging.choices import score_named
from w2s_course.models.strong import Lora
from w2s_course.training.recipe import Recipe

ARMS = ("weak", "strong_untrained", "strong_on_gold", "weak_to_strong", "ceiling")


@dataclass(frozen=True)
class RealCodeConfig:
    """Everything that a result on real code depends on, beside the installed packages.

    seed: of the split, the order of options, the adapters and the order of examples.
    gold, pool, test: shares of the functions outside development.
    own: how far the weak model trusts that a word of the code says itself (`teacher.learn_words`).
    score: by which a strong model chooses, a name of `judging.choices.SCORES`.
    steps: of every fine-tuned arm, each of `recipe.batch_size` examples.
    limit: at most so many questions of a split, 0 for all: for a quick look, whose numbers mean nothing.
    """

    seed: int = 0
    gold: float = 0.2
    pool: float = 0.5
    test: float = 0.3
    own: float = 0.5
    score: str = "pmi"
    strong_model: str = "smollm2-135m"
    precision: str = "float32"
    lora: Lora = field(default_factory=Lora)
    recipe: Recipe = field(default_factory=lambda: Recipe(5e-4, batch_size=8))
    steps: int = 25
    limit: int = 0

    def __post_init__(self) -> None:
        score_named(self.score)
        refuse_seed(self.seed)
        if self.steps < 1 or self.limit < 0:
            raise UsageError(
                f"The limit ({self.limit}) must be at least 0, and the steps ({self.steps}) at least 1."
            )

    @property
    def shares(self) -> dict[str, float]:
        return {"gold": self.gold, "pool": self.pool, "test": self.test}

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def for_seeds(self, seeds: Sequence[int]) -> list[RealCodeConfig]:
        """This configuration with each of these seeds.

        Raises: UsageError for a seed that is negative, or named more than once.
        """
        refuse_repeated(seeds)
        return [replace(self, seed=seed) for seed in seeds]
