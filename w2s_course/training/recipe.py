"""How to optimise: one frozen row of numbers, the part of a configuration that an arm is trained by."""

from __future__ import annotations

from dataclasses import dataclass

from w2s_course.errors import UsageError


@dataclass(frozen=True)
class Recipe:
    """Learning rates and batches of one training.

    learning_rate: falls linearly to 0 over all steps, and rises linearly over `warmup`, a share of the steps.
        Both at once: so the highest rate, at the end of the warm-up, is below this one by about that share.
    batch_size: examples a step; weight_decay: of the optimiser; clip: the largest norm of a gradient.
    plus: how many times as fast the B of an adapter learns as its A (LoRA+, Hayou et al. 2024, 2402.12354).
    muon: the peak learning rate of matrices whose steps Muon makes orthogonal (Jordan et al. 2024): all but
        embeddings and output; 0 leaves them to AdamW, which takes the rest in any case.
    """

    learning_rate: float
    batch_size: int
    weight_decay: float = 0.0
    warmup: float = 0.06
    clip: float = 1.0
    plus: float = 1.0
    muon: float = 0.0

    def __post_init__(self) -> None:
        if self.batch_size < 1:
            raise UsageError(f"The batch size is {self.batch_size}; it must be at least 1.")
        if not self.learning_rate > 0 or not self.clip > 0 or self.weight_decay < 0:
            raise UsageError(f"Learning rate and clip must be above 0 and weight decay not below: {self}.")
        if not self.plus > 0 or self.muon < 0:
            raise UsageError(f"LoRA+'s ratio must be above 0 and Muon's learning rate not below: {self}.")
        if not 0 <= self.warmup < 1:
            raise UsageError(f"Warm-up is {self.warmup} of the steps; it must be at least 0 and below 1.")

    def share_of_peak(self, step: int, steps: int) -> float:
        """What step number `step` (from 0) of `steps` takes of every peak learning rate."""
        rising = (step + 1) / max(1.0, self.warmup * steps)
        return min(1.0, rising) * (1 - step / steps)
