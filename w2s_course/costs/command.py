"""The command `w2s costs`: what a run cost, and what labels cost, under whatever prices one believes in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

RUNS = Path("runs")


def costs(
    run_folder: Annotated[
        Path | None, typer.Argument(help="A folder with a results.json; default: the newest below runs/.")
    ] = None,
    assume: Annotated[
        list[str] | None, typer.Option(help="A price of yours, name=number; give it again for more.")
    ] = None,
    assumptions: Annotated[
        Path | None, typer.Option(help="A TOML or JSON file of prices, such as `expert_hour = 80`.")
    ] = None,
    labels: Annotated[
        int | None, typer.Option(min=1, help="Spread what comes before the first label over so many.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print prices and assumptions as JSON.")] = False,
) -> None:
    """What the stages of a run cost, and what 1,000 labels cost from each source.

    Examples: [bold]w2s costs[/bold], [bold]w2s costs runs/cpu-seed0 --assume expert_hour=80[/bold],
    [bold]w2s costs --labels 100000[/bold]
    """
    from w2s_course.costs.assumptions import assume as assuming
    from w2s_course.costs.assumptions import parse_assumptions, read_assumptions, recorded_assumptions
    from w2s_course.costs.prices import prices_of_run
    from w2s_course.costs.tables import as_data

    where, results = _results(run_folder)
    prices = recorded_assumptions(results)
    if assumptions is not None:
        prices = read_assumptions(assumptions, prices)
    prices = assuming(parse_assumptions(assume or []), prices, source="the command line")
    if as_json:
        print(json.dumps(as_data(prices_of_run(results, prices), prices), indent=1))
    else:
        _print(where, results, prices, labels or results["config"]["sizes"]["pool"])


def _results(run_folder: Path | None) -> tuple[str, dict[str, Any]]:
    """A run and how to call it: the one that was named, the newest, or a recorded one."""
    from w2s_course.costs.tables import newest_run
    from w2s_course.recorded import recorded_runs
    from w2s_course.report import load_results

    path = run_folder or newest_run(RUNS)
    if path is None:
        return "a recorded run of the cpu preset; none was found below runs/", recorded_runs()[0]
    return str(path), load_results(path)


def _print(where: str, results: dict[str, Any], prices: Any, labels: int) -> None:
    from w2s_course.costs.tables import (
        STAGE_COLUMNS,
        assumed_text,
        price_columns,
        price_table,
        stage_table,
    )

    console = Console()
    _table(console, f"What was computed: {where}", STAGE_COLUMNS, stage_table(results, prices))
    rows = price_table(results, labels, prices)
    _table(console, "What 1,000 labels cost", price_columns(labels), rows)
    console.print(
        f"Every label counts, right or wrong. Assumed, not measured:\n{assumed_text(prices)}",
        markup=False,
        highlight=False,
    )


def _table(console: Console, title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    numbers = {"tokens", "FLOPs", "time", "computer", "1,000 more", head[-1]}
    table = Table(title=escape(title))  # a folder's name may hold brackets
    for column in head:
        table.add_column(column, justify="right" if column in numbers else "left")
    for row in rows:
        table.add_row(*row)
    console.print(table)
