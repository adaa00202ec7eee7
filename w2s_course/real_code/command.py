"""The command `w2s real-code`: thin, as `cli` is, and registered there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table


def real_code(
    seed: Annotated[list[int] | None, typer.Option(help="Seed; give it again for more. Default: 0.")] = None,
    steps: Annotated[int | None, typer.Option(help="Of each fine-tuned arm.")] = None,
    limit: Annotated[
        int | None, typer.Option(help="Questions of each split, for a quick look that means nothing.")
    ] = None,
    strong: Annotated[str | None, typer.Option(help="A model of the catalog, or a local folder.")] = None,
    out: Annotated[Path, typer.Option(help="File of the table.")] = Path("runs/real-code.json"),
) -> None:
    """Weak, weak-to-strong and ceiling on code that people wrote: choose the true sentence among four.

    Examples: [bold]w2s real-code[/bold], [bold]w2s real-code --seed 0 --seed 1 --seed 2[/bold]
    """
    from w2s_course.real_code.config import RealCodeConfig
    from w2s_course.real_code.run import make_place, table_of, write_table

    asked: dict[str, Any] = {"steps": steps, "limit": limit, "strong_model": strong}
    config = replace(RealCodeConfig(), **{k: v for k, v in asked.items() if v is not None})
    seeds = seed or [0]
    config.for_seeds(seeds)  # refuses what is senseless, before a folder is made
    make_place(out)
    table = table_of(seeds, config)
    write_table(table, out)
    console = Console()
    console.print(_shown(table))
    console.print(f"Table: {escape(str(out))}", soft_wrap=True)


def _shown(table: dict[str, Any]) -> Table:
    shown = Table(title="Real code: the true sentence of four (chance 25%)")
    for heading in ("seed", "arm", "right", "95% interval", "questions"):
        shown.add_column(heading, justify="left" if heading == "arm" else "right")
    for row in table["rows"]:
        interval = "" if row["low"] is None else f"{row['low']:.0%} to {row['high']:.0%}"
        arm = row["arm"].replace("_", " ")
        shown.add_row(str(row["seed"]), arm, f"{row['accuracy']:.1%}", interval, str(row["n"]))
    return shown
