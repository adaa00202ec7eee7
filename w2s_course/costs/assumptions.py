"""Prices that nobody measured here: named, with a unit and a source, and made to be replaced by your own."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from w2s_course.errors import UsageError, unknown_name


@dataclass(frozen=True)
class Assumption:
    """A number that is not measured here, its unit, and where it comes from."""

    value: float
    unit: str
    source: str

    def __post_init__(self) -> None:
        if not 0 <= self.value < float("inf"):
            raise UsageError(
                f"An assumed cost of {self.value} {self.unit} makes no sense; it must be 0 or more."
            )


Assumptions = Mapping[str, Assumption]

# Prices are conventions to be edited, not facts about anyone's bill; the report prints them beside the sums.
# What stands near each was looked up once (second-hand for the wage and the rent) and will have changed.
ASSUMPTIONS: dict[str, Assumption] = {
    "computer_hour": Assumption(
        0.10,
        "US dollars an hour",
        "assumed: a rented computer with two cores (a cloud's t3.large, two threads: near 0.10 in 2021, and "
        "slower than what the recorded seconds are of); put in your own",
    ),
    "hosted_input": Assumption(
        2.50,
        "US dollars a million tokens",
        "assumed: a hosted large model, text that it reads (list price of GPT-4o in March 2025); put in your "
        "own",
    ),
    "hosted_output": Assumption(
        10.00,
        "US dollars a million tokens",
        "assumed: a hosted large model, text that it writes (list price of GPT-4o in March 2025); "
        "put in your own",
    ),
    "expert_hour": Assumption(
        60.0,
        "US dollars an hour",
        "assumed: a developer who can read the code (mean US wage of software developers in 2024: 144,570 a "
        "year, about 70 an hour); put in your own",
    ),
    "expert_minutes": Assumption(
        2.0,
        "minutes an explanation",
        "assumed: read, run in the head, write one sentence; time yourself in unit 2",
    ),
}


def assume(changes: Mapping[str, Any], base: Assumptions = ASSUMPTIONS, source: str = "yours") -> Assumptions:
    """The assumptions of `base`, some of them replaced: whoever doubts a price puts in another.

    Args:
        changes: name -> a number in the unit that the assumption has, or a mapping with a `value` and, if
            they are to be other ones, `unit` and `source`. A unit is kept for the reader, never converted.
        source: of the numbers that come without one.

    Raises:
        UsageError: a name that is not in `base`, a field that an assumption does not have, or a value that
            is no number from 0 up.

    >>> assume({"expert_hour": 80})["expert_hour"]
    Assumption(value=80.0, unit='US dollars an hour', source='yours')
    >>> assume({"expert_houre": 80})
    Traceback (most recent call last):
    ...
    w2s_course.errors.UsageError: Unknown assumption 'expert_houre'. Did you mean 'expert_hour'? ...
    """
    changed = dict(base)
    for name, change in changes.items():
        if name not in base:
            raise unknown_name("assumption", name, base)
        changed[name] = _changed(name, base[name], change, source)
    return changed


def _changed(name: str, old: Assumption, change: Any, source: str) -> Assumption:
    fields = dict(change) if isinstance(change, Mapping) else {"value": change}
    for field in fields:
        if field not in asdict(old):
            raise unknown_name(f"field of the assumption {name}", field, asdict(old))
    try:
        fields["value"] = float(fields["value"])
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(
            f"The assumption {name} was given as {change!r}; it needs a number of {old.unit}, such as "
            f"{old.value:g}."
        ) from error
    return replace(old, **{"source": source, **fields})


def parse_assumptions(settings: Iterable[str]) -> dict[str, float]:
    """What a command line gives as `name=number`, for `assume`.

    Raises: UsageError where a setting has another form.

    >>> parse_assumptions(["expert_hour=80", "expert_minutes=1.5"])
    {'expert_hour': 80.0, 'expert_minutes': 1.5}
    """
    parsed = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        try:
            parsed[name.strip()] = float(value)
        except ValueError as error:
            what = "its value is no number" if equals else "there is no '='"
            raise UsageError(f"'{setting}': {what}. Give name=number, such as expert_hour=80.") from error
    return parsed


def read_assumptions(path: Path, base: Assumptions = ASSUMPTIONS) -> Assumptions:
    """The assumptions of `base` with those of a small TOML or JSON file put over them.

    In TOML a line is enough, or a table where unit and source matter:

        expert_hour = 80
        hosted_input = { value = 3.0, source = "our provider's price list of May" }

    Raises:
        UsageError: there is no such file, or it cannot be read as TOML (or as JSON, if named .json); and as
            `assume` does.
    """
    try:
        text = path.read_text("utf-8-sig")  # some editors begin a file with a mark
        changes = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read ({error.strerror}). Give a TOML or JSON file of assumptions."
        ) from error
    except ValueError as error:
        form = "JSON" if path.suffix == ".json" else "TOML"
        raise UsageError(
            f"{path} is not {form} ({error}). A line like `expert_hour = 80` is TOML."
        ) from error
    if not isinstance(changes, dict):
        raise UsageError(f"{path} holds a {type(changes).__name__}; it must map names to numbers.")
    return assume(changes, base, source=path.name)


def assumptions_as_dict(assumptions: Assumptions = ASSUMPTIONS) -> dict[str, Any]:
    """The assumptions as plain data, to stand beside the sums that rest on them."""
    return {name: asdict(assumption) for name, assumption in assumptions.items()}


def recorded_assumptions(results: Mapping[str, Any]) -> Assumptions:
    """The assumptions under which the `results.json` of a run was written; today's, where it names none."""
    recorded = {name: Assumption(**fields) for name, fields in results["cost"]["assumptions"].items()}
    return {**ASSUMPTIONS, **recorded}
