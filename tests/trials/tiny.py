"""Trials of a tiny configuration: the same code, models of a few thousand parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from w2s_course.config import Config, Sizes
from w2s_course.models.weak import WeakArchitecture
from w2s_course.training.recipe import Recipe
from w2s_course.trials import Trial


def tiny_config(strong: Path, **changes: Any) -> Config:
    return Config(
        **{
            "preset": "tiny",
            "seed": 0,
            "sizes": Sizes(gold=24, pool=24, val=4, test=10, shots=2),
            "weak": WeakArchitecture(width=16, layers=1, heads=2, vocabulary=300, context=256),
            "weak_recipe": Recipe(1e-2, batch_size=4),
            "weak_epochs": 2,
            "strong_model": str(strong),
            "strong_recipe": Recipe(1e-3, batch_size=4),
            "points": 2,
            **changes,
        }
    )


def tiny_trial(strong: Path, **changes: Any) -> Trial:
    return Trial(tiny_config(strong), **changes)
