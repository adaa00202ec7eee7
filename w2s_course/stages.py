"""Stages of a run, each computed at most once per recipe and kept in the cache."""

from __future__ import annotations

import importlib.metadata
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import w2s_course
from w2s_course.cache import NAME_CHARS, digest, file_sha256, known_sha256, publish_once
from w2s_course.config import FROM_SCRATCH, Config
from w2s_course.disk import cache_root
from w2s_course.models.strong import folder_of_model
from w2s_course.models.weights import local_files

log = logging.getLogger(__name__)

LIBRARIES = ("torch", "transformers", "peft", "tokenizers")
Inputs = Mapping[str, Path]


@dataclass(frozen=True)
class Stage:
    """One step of the experiment.

    compute: given the configuration, the folders of the stages that it `needs` and an empty folder, fills it.
    reads: the fields of the configuration that it depends on, and numbers that the configuration derives.
    code: the modules and sub-packages whose source it depends on, below this package.
    models: the fields that name a model; the weights found under the name are part of the recipe.
    settings: plain values that it depends on and that no field of the configuration holds.
    """

    name: str
    compute: Callable[..., None]
    reads: tuple[str, ...]
    code: tuple[str, ...]
    needs: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


@cache
def source_digest(parts: tuple[str, ...]) -> str:
    """A digest of the source files of these modules and sub-packages: other code is another recipe."""
    root = Path(w2s_course.__file__).parent
    files = [p for part in parts for p in (sorted((root / part).rglob("*.py")) or [root / f"{part}.py"])]
    return digest([[p.relative_to(root).as_posix(), file_sha256(p)] for p in files])


def weights_digest(model: str) -> str:
    """A digest of a model's weights: two sources of one model may differ (one rounded to 4 bits, say).

    Of a local folder it covers all that loading reads, its config and tokenizer too. What stands beside the
    weights of a catalog's model follows from its source, and the cache makes it again where it was changed.

    Args: model: 'scratch', a name of the catalog (fetched if need be), or a local folder.
    Raises: UsageError for a folder from which no model can be loaded.
    """
    if model == FROM_SCRATCH:
        return ""
    if (folder := Path(model)).is_dir():
        files = local_files(folder)
        return _digest_of(tuple((file, file.stat().st_mtime_ns, file.stat().st_size) for file in files))
    return _digest_of_catalog(model)


@cache
def _digest_of_catalog(model: str) -> str:
    return digest([known_sha256(file) for file in sorted(folder_of_model(model).glob("*.safetensors"))])


@cache
def _digest_of(stamped: tuple[tuple[Path, int, int], ...]) -> str:
    """Of the names and contents of these files, each read again when it changed: a notebook may train on."""
    return digest([[file.name, known_sha256(file)] for file, *_ in stamped])


@cache
def _library_versions() -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in LIBRARIES}


def recipe_name(stage: Stage, config: Config, inputs: Inputs) -> str:
    """The folder's name: the stage and a digest of all that its content depends on."""
    values = config.as_dict()
    recipe = {
        "stage": stage.name,
        # What is derived, such as a number of steps, is computed by code that is not the stage's.
        "config": {name: values[name] if name in values else getattr(config, name) for name in stage.reads},
        "code": source_digest(stage.code),
        "libraries": _library_versions(),
        "weights": {field: weights_digest(str(values[field])) for field in stage.models},
        "inputs": {name: folder.name for name, folder in sorted(inputs.items())},
        **({"settings": dict(stage.settings)} if stage.settings else {}),
    }
    return f"{stage.name}-{digest(recipe)[:NAME_CHARS]}"


def folder_of(stage: Stage, config: Config, inputs: Inputs) -> Path:
    """Where the stage's folder is, or will be. Computes nothing."""
    return cache_root() / "stages" / recipe_name(stage, config, inputs)


def run_stage(stage: Stage, config: Config, inputs: Inputs) -> Path:
    """The folder that `stage` filled, computed at most once per recipe.

    The recipe is the stage's source, the part of the configuration that it reads, the versions of the
    libraries and the recipes of its inputs; a change in any of them is another folder. Nothing half
    done is ever seen: a stage that was stopped starts again and ends with the same result.
    """
    folder = folder_of(stage, config, inputs)
    return publish_once(folder, lambda partial: stage.compute(config, inputs, partial), what=stage.name)
