"""A grid of trials in a small TOML file: what is a list there becomes a product.

    about = "one line"
    [defaults]                   # hold for every block
    preset = "cpu"
    seed = [0, 1, 2]
    [plans.turned]               # errors to plant, by name
    kind = "systematic"
    [[trials]]                   # a block: 2 counts x 2 kinds of labels x 3 seeds = 12 trials
    count = [250, 500]
    labels = ["weak", "gold"]

A key is a field of a trial, a size, a field of the configuration (a table, such as `strong_recipe`, changes
only what it names), or a setting of the block's method. Blocks run in the order of the file and the seed
varies fastest, so that a sweep that is stopped early leaves whole comparisons over all seeds.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any

from w2s_course.config import PRESETS, Config, Sizes
from w2s_course.errors import CourseError, UsageError, refuse_other_type, unknown_name
from w2s_course.models.device import fast_precision
from w2s_course.trials.methods import METHODS
from w2s_course.trials.trial import Trial

SIZES = tuple(f.name for f in fields(Sizes))
CONFIG = tuple(f.name for f in fields(Config) if f.name not in ("preset", "sizes"))
TRIAL = ("labels", "count", "plan", "method", "student")
NAMES = {"preset", "labels", "plan", "method", "student"}
FAST = "fast"
PARTS = ("about", "defaults", "plans", "trials")


@dataclass(frozen=True)
class Grid:
    """The trials of a sweep in their order, none twice; its name and what it is for."""

    name: str
    about: str
    trials: tuple[Trial, ...]


def shipped_grids() -> dict[str, Path]:
    """The grids that come with the course, by name."""
    folder = Path(str(files("w2s_course") / "sweeps"))
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def read_grid(which: str | Path) -> Grid:
    """The grid of a TOML file, or one of the shipped ones by its name.

    Raises: UsageError for a file that is not there, is no TOML, or holds a key or a value that means nothing.

    >>> read_grid("quick").trials[0].seed
    0
    """
    path = shipped_grids().get(str(which), Path(which))
    if not path.is_file():
        raise unknown_name("grid, and no such file,", str(which), shipped_grids())
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # some editors begin a file with a mark
    except OSError as err:
        raise UsageError(f"{path} cannot be read ({err.strerror}). Check its permissions.") from err
    except ValueError as err:  # also a file that is not text
        raise UsageError(f"{path} is no TOML: {err}.") from err
    try:
        return grid_of(data, path.stem)
    except UsageError as err:
        raise UsageError(f"{path}: {err}") from err


def grid_of(data: Mapping[str, Any], name: str) -> Grid:
    """The grid of what a TOML file holds.

    >>> grid = grid_of({"trials": [{"preset": "cpu", "count": [250, 500], "seed": [0, 1]}]}, "example")
    >>> [(t.count, t.seed) for t in grid.trials]
    [(250, 0), (250, 1), (500, 0), (500, 1)]
    """
    for key in data:
        if key not in PARTS:
            raise unknown_name("part of a grid", key, PARTS)
    plans, blocks, defaults = data.get("plans", {}), data.get("trials", []), data.get("defaults", {})
    if not blocks:
        raise UsageError("There is no [[trials]] block, so there is nothing to do. Add one.")
    _refuse_other_forms(plans, blocks, defaults)
    found: dict[str, Trial] = {}
    for block in blocks:
        for values in _expanded({**defaults, **block}):
            trial = _trial(values, plans)
            found.setdefault(trial.identity, trial)
    _refuse_twins(found.values())
    return Grid(name, str(data.get("about", "")), tuple(found.values()))


def _refuse_other_forms(plans: Any, blocks: Any, defaults: Any) -> None:
    """Raises: UsageError for a part that is no table, with how it is written."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise UsageError("`trials` is no list of tables. Begin each block of trials with a line [[trials]].")
    if not isinstance(defaults, dict):
        raise UsageError(f"`defaults` is {defaults!r}. Write a table: a line [defaults], and its keys below.")
    if not isinstance(plans, dict) or not all(isinstance(plan, dict) for plan in plans.values()):
        raise UsageError(
            f"`plans` is {plans!r}. Write a table a plan: a line [plans.NAME], and its keys below."
        )


def _refuse_twins(trials: Iterable[Trial]) -> None:
    """A row tells its trial by some columns; trials that differ in nothing else would be one to its readers.

    Raises: UsageError naming the field in which two trials differ and their rows would not.
    """
    from w2s_course.trials.row import described

    told: dict[tuple[Any, ...], Trial] = {}
    for trial in trials:
        row = tuple(value for name, value in described(trial).items() if name != "trial")
        other = told.setdefault(row, trial)
        if other is not trial:
            one, two = ({**each.as_dict(), **each.config.as_dict()} for each in (trial, other))
            names = [name for name in one if name != "config" and one[name] != two[name]]
            raise UsageError(
                f"Two trials differ in {', '.join(names)} alone, which no column of a table tells: their "
                "rows would be taken for one trial made twice. Give it one value, and write a grid for each."
            )


def _expanded(block: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every combination of the block's lists, the seed varying fastest."""
    keys = sorted(block, key=lambda key: key == "seed")  # a stable sort: the rest as written
    choices = [block[key] if isinstance(block[key], list) else [block[key]] for key in keys]
    if empty := [key for key, choice in zip(keys, choices, strict=True) if not choice]:
        raise UsageError(
            f"{empty[0]} is an empty list, so its block asks for no trial. Name a value, or drop it."
        )
    for values in product(*choices):
        yield dict(zip(keys, values, strict=True))


def _trial(values: dict[str, Any], plans: Mapping[str, Any]) -> Trial:
    for key in NAMES & values.keys():
        refuse_other_type(key, values[key], str)
    method = values.get("method", "plain")
    if method not in METHODS:
        raise unknown_name("method", method, METHODS)
    settings = METHODS[method].settings
    for key in values:
        if key not in (known := ("preset", *SIZES, *CONFIG, *TRIAL, *settings)):
            raise unknown_name(f"key for a trial of method {method}", key, known)
    if (plan := values.get("plan")) is not None and plan not in plans:
        raise unknown_name("plan", str(plan), plans)
    given = {key: values[key] for key in TRIAL if key in values and key != "plan"}
    return Trial(
        _config(values),
        **given,
        plan=plans[plan] if plan is not None else None,
        settings={key: values[key] for key in settings if key in values},
    )


def _config(values: Mapping[str, Any]) -> Config:
    """The preset with the changes of the block. A precision of 'fast' is whatever is fast on this machine."""
    preset = values.get("preset", "cpu")
    if preset not in PRESETS:
        raise unknown_name("preset", preset, PRESETS)
    plain = PRESETS[preset].config.as_dict()
    plain["sizes"] |= {key: values[key] for key in SIZES if key in values}
    for key in CONFIG:
        if values.get(key) == FAST and key == "precision":
            plain[key] = fast_precision()
        elif key in values:
            changed = values[key]
            table = isinstance(changed, dict) and isinstance(plain[key], dict)
            plain[key] = plain[key] | changed if table else changed
    try:
        return Config.from_dict(plain)
    except CourseError as err:
        raise UsageError(str(err)) from err
