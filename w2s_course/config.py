"""One frozen configuration is one run: its JSON is the run's identity, and nothing else changes a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from math import ceil
from pathlib import Path
from typing import Any, get_type_hints

from w2s_course.errors import UsageError, refuse_other_type, refuse_seed, unknown_name
from w2s_course.models.catalog import EMBEDDED, MODELS
from w2s_course.models.device import PRECISIONS, fast_precision
from w2s_course.models.strong import Lora
from w2s_course.models.weak import WeakArchitecture
from w2s_course.models.weights import local_files
from w2s_course.training.recipe import Recipe

FROM_SCRATCH = "scratch"


@dataclass(frozen=True)
class Sizes:
    """Numbers of snippets: gold pairs of the weak model, the unlabelled pool, validation, test, and the
    gold examples in the prompt of the arm that is not trained."""

    gold: int
    pool: int
    val: int
    test: int
    shots: int = 8

    def __post_init__(self) -> None:
        for name, size in asdict(self).items():
            if size < 1:
                raise UsageError(f"The size of '{name}' is {size}; it must be at least 1.")
        if self.shots > self.gold:
            raise UsageError(
                f"{self.shots} examples for the prompt were asked for, but there are {self.gold} gold pairs."
            )


@dataclass(frozen=True)
class Config:
    """Everything that a result depends on.

    seed: of the snippets, of the weights that start at random, and of the order of examples.
    with_view: whether programs have the fourth slot, which makes the task harder.
    weak_model: 'scratch' for a `weak` architecture trained from nothing, or a pre-trained model's name.
    weak_epochs: passes over the gold pairs.
    control_times: how many times as many steps the control makes on the weak labels, of which there are more.
    strong_model: a name of the catalog, or a folder with a model in the layout of the hub.
    precision: of the strong model's frozen weights, and of the matrix products while a model learns.
    points: at how many evenly spaced steps the curves are drawn, the last step included.
    """

    preset: str
    seed: int
    sizes: Sizes
    precision: str = "float32"
    with_view: bool = False
    weak_model: str = FROM_SCRATCH
    weak: WeakArchitecture = field(default_factory=WeakArchitecture)
    weak_recipe: Recipe = field(
        default_factory=lambda: Recipe(2e-3, batch_size=32, weight_decay=0.1, muon=0.02)
    )
    weak_epochs: int = 12
    control_times: int = 2  # with 1 it stops half-way, with 3 it is no better (docs/negative-results.md)
    strong_model: str = EMBEDDED
    lora: Lora = field(default_factory=lambda: Lora(upper=0.4))
    strong_recipe: Recipe = field(default_factory=lambda: Recipe(2e-3, batch_size=8, plus=4.0))
    points: int = 4

    def __post_init__(self) -> None:
        refuse_seed(self.seed)
        if self.precision not in PRECISIONS:
            raise unknown_name("precision", self.precision, PRECISIONS)
        for name in ("weak_epochs", "control_times", "points"):
            if getattr(self, name) < 1:
                raise UsageError(
                    f"The configuration's {name} is {getattr(self, name)}; it must be at least 1."
                )
        for name in (self.weak_model, self.strong_model):
            if name == FROM_SCRATCH or name in MODELS:  # whatever lies in the folder of the moment
                continue
            if not Path(name).is_dir():
                raise unknown_name("model", name, MODELS)
            local_files(Path(name))  # refuses a broken one before any work
        if self.strong_model == FROM_SCRATCH:
            raise UsageError(
                "The strong model must be pre-trained: that is the point. Name one of the catalog."
            )

    @property
    def strong_steps(self) -> int:
        """Optimisation steps of every fine-tuned strong arm: one pass over the pool."""
        return ceil(self.sizes.pool / self.strong_recipe.batch_size)

    @property
    def weak_steps(self) -> int:
        """Optimisation steps of the weak model."""
        return self.weak_epochs * ceil(self.sizes.gold / self.weak_recipe.batch_size)

    @property
    def control_steps(self) -> int:
        """Optimisation steps of the control."""
        return self.control_times * self.weak_steps

    @property
    def checkpoints(self) -> tuple[int, ...]:
        """The steps at which the curves are drawn."""
        return tuple(
            sorted({max(1, self.strong_steps * p // self.points) for p in range(1, self.points + 1)})
        )

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Config:
        """The configuration of that JSON. Raises: UsageError for a field that it does not have, or misses."""
        config: Config = _built(cls, data)
        return config


def _built(cls: Any, data: Mapping[str, Any]) -> Any:
    """A dataclass from plain data, its own dataclasses included."""
    known, types = {f.name for f in fields(cls)}, get_type_hints(cls)
    if not isinstance(data, Mapping):
        raise UsageError(f"A {cls.__name__} was given as {data!r}; it must be a table of {', '.join(types)}.")
    unknown = sorted(set(data) - known)
    if unknown:
        raise unknown_name(f"field of {cls.__name__}", unknown[0], known)
    for name, value in data.items():
        if not is_dataclass(types[name]):
            refuse_other_type(f"The configuration's {name}", value, types[name])
    try:
        return cls(**{k: _built(types[k], v) if is_dataclass(types[k]) else v for k, v in data.items()})
    except TypeError as err:
        raise UsageError(f"This is no complete {cls.__name__}: {err}.") from err


@dataclass(frozen=True)
class Preset:
    """A configuration by name, what it is for, and the seeds that it runs by default."""

    purpose: str
    config: Config
    seeds: tuple[int, ...] = (0,)


PRESETS: dict[str, Preset] = {
    "smoke": Preset(
        "the same models and code on a handful of examples; its numbers mean nothing",
        Config("smoke", 0, Sizes(gold=16, pool=8, val=2, test=4, shots=2), weak_epochs=4, points=1),
    ),
    "cpu": Preset(
        "the default: the effect on a laptop without a GPU",
        # 12 epochs: about half of the weak model's sentences are right; with 10 it would stop in the middle
        # of a steep rise (docs/negative-results.md).
        Config("cpu", 0, Sizes(gold=300, pool=1000, val=32, test=200)),
    ),
    "gpu": Preset(
        "pre-trained weak and strong models from the hub, the fourth slot, three seeds; wants a GPU",
        Config(
            "gpu",
            0,
            Sizes(gold=1000, pool=8000, val=200, test=1000),
            precision="bfloat16",
            with_view=True,
            weak_model="distilgpt2",
            weak_recipe=Recipe(3e-4, batch_size=32, weight_decay=0.01),
            weak_epochs=5,
            lora=Lora(),
            strong_model="smollm2-360m",
            strong_recipe=Recipe(1e-3, batch_size=32),
            points=8,
        ),
        seeds=(0, 1, 2),
    ),
}


def preset_config(preset: str, seed: int | None = None, **changes: Any) -> Config:
    """The configuration of a preset, with the precision that is fast here, or with `changes` to it.

    Raises: UsageError for an unknown preset, with the nearest name, and for values that make no sense.
    """
    if preset not in PRESETS:
        raise unknown_name("preset", preset, PRESETS)
    config = PRESETS[preset].config
    changes.setdefault("precision", fast_precision())
    return replace(config, seed=config.seed if seed is None else seed, **changes)
