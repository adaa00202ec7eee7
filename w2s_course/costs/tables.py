"""What a run cost, as tables of text for a terminal, a notebook or a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from w2s_course.costs.assumptions import Assumptions, assumptions_as_dict, recorded_assumptions
from w2s_course.costs.operations import StageCost
from w2s_course.costs.prices import SOURCES, LabelPrice, prices_of_run
from w2s_course.wording import duration, money, quantity, words


class StageRow(NamedTuple):
    """One stage of a run, ready to print."""

    stage: str
    tokens: str
    flops: str
    seconds: str
    money: str


class PriceRow(NamedTuple):
    """The price of 1,000 labels of one source, ready to print."""

    source: str
    one_more: str
    made_of: str
    before: str
    in_all: str


_MEASURED = ("tokens", "flops", "seconds")
STAGE_COLUMNS = StageRow("stage", "tokens", "FLOPs", "time", "computer")


def price_columns(labels: int) -> PriceRow:
    """The headings of `price_table`, whose last column spreads the making over that many labels."""
    return PriceRow("labels from", "1,000 more", "made of", "before the first", f"all in, of {labels:,}")


def stage_table(results: Mapping[str, Any], assumptions: Assumptions | None = None) -> list[StageRow]:
    """A row for each stage of a run, and their sum.

    Args: results: the content of a `results.json`; assumptions: None for those of the run.
    """
    assumed = recorded_assumptions(results) if assumptions is None else assumptions
    stages = {
        name: StageCost(stage["tokens"], stage["flops"], stage["seconds"])
        for name, stage in results["cost"]["stages"].items()
    }
    total = StageCost(*(sum(getattr(cost, part) for cost in stages.values()) for part in _MEASURED))
    return [
        StageRow(
            words(name),
            quantity(cost.tokens),
            quantity(cost.flops),
            duration(cost.seconds),
            money(cost.money(assumed)),
        )
        for name, cost in {**stages, "all stages": total}.items()
    ]


def price_table(
    results: Mapping[str, Any], labels: int, assumptions: Assumptions | None = None
) -> list[PriceRow]:
    """What 1,000 labels cost from each source: one more, what it is made of, and with the making.

    Args: labels: over how many the making is spread.
    """
    prices = prices_of_run(results, assumptions)
    return [
        PriceRow(
            name,
            money(prices[source].per_1000()),
            _parts(prices[source].each, times=1000),
            _parts(prices[source].once) or "nothing",
            money(prices[source].per_1000(labels)),
        )
        for source, name in SOURCES.items()
    ]


def _parts(parts: Mapping[str, float], times: float = 1) -> str:
    return ", ".join(f"{part} {money(times * dollars)}" for part, dollars in parts.items())


def assumed_text(assumptions: Assumptions) -> str:
    """A line an assumption: its name, value, unit and source."""
    return "\n".join(f"{name} = {a.value:g} {a.unit} ({a.source})" for name, a in assumptions.items())


def as_data(prices: Mapping[str, LabelPrice], assumptions: Assumptions) -> dict[str, Any]:
    """Prices and the assumptions behind them as plain data, in US dollars a label and once."""
    return {
        "assumptions": assumptions_as_dict(assumptions),
        "prices": {source: asdict(price) for source, price in prices.items()},
    }


def newest_run(runs: Path) -> Path | None:
    """The `results.json` below a folder of runs that was written last, None where there is none."""
    found = sorted(runs.rglob("results.json"), key=lambda path: path.stat().st_mtime)
    return found[-1] if found else None
