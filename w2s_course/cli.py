"""The command `w2s`. Thin: it reads options, calls the package, and prints.

Exit status: 0 done, 1 the run failed, 2 the request was wrong.
"""

from __future__ import annotations

import json
import logging
import os
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.logging import RichHandler
from rich.markup import escape
from rich.table import Table

from w2s_course import __version__
from w2s_course.costs.command import costs
from w2s_course.disk import errors_explained
from w2s_course.errors import CourseError, UsageError, refuse_repeated
from w2s_course.grading.cli import app as grading
from w2s_course.real_code.command import real_code
from w2s_course.wording import for_terminal

app = typer.Typer(
    name="w2s",
    help="Weak-to-strong generalization, by hand: can a weak teacher train a strong student?",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
app.add_typer(grading)
console = Console()
errors = Console(stderr=True)

INTERRUPTED = 130  # what the parser makes of Ctrl-C
WIDE, NARROW_COLUMNS = 120, 4  # characters in which the whole table fits; what is shown where it does not
FIRST_NOTEBOOK = Path("notebooks/00_start_here.ipynb")

Seed = Annotated[
    list[int] | None, typer.Option(help="Seed; give it again for more runs. Default: the preset's.")
]
Size = Annotated[
    int | None, typer.Option(help="Number of snippets; default: the preset's.", show_default=False)
]


def _version(wanted: bool) -> None:
    if wanted:
        console.print(f"w2s-course {__version__}")
        raise typer.Exit


@app.callback()
def options(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more, with times.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")
    ] = False,
) -> None:
    """Set up what every command shares."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(message)s",
        handlers=[RichHandler(console=errors, show_path=False, show_level=False, show_time=verbose)],
        force=True,
    )
    logging.getLogger("w2s_course").setLevel(logging.DEBUG if verbose else logging.INFO)
    # Transformers' own bars and advice are for its developers; ours say what is happening.
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")


@app.command()
def doctor() -> None:
    """Check this machine: versions, memory, model, and how long each preset should take here.

    Example: [bold]w2s doctor[/bold]
    """
    from w2s_course.doctor import examine

    findings = examine()
    table = Table(title="Is this machine ready?", show_lines=False)
    for heading in ("", "what", "found", "what to do"):
        table.add_column(heading, overflow="fold")
    for finding in findings:
        said = map(escape, (finding.what, finding.found, finding.remedy))
        table.add_row("[green]ok[/]" if finding.ok else "[red]no[/]", *said)
    console.print(table)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


@app.command()
def fetch(
    models: Annotated[
        list[str] | None, typer.Argument(help="Names of models; default: the embedded one.")
    ] = None,
) -> None:
    """Fetch models into the cache and convert them, once.

    Examples: [bold]w2s fetch[/bold], [bold]w2s fetch distilgpt2 smollm2-360m[/bold]
    """
    from w2s_course.models.catalog import EMBEDDED
    from w2s_course.models.weights import fetch as fetch_weights

    for name in models or [EMBEDDED]:
        _say(f"{name}: ready in {fetch_weights(name)}")


@app.command()
def run(
    preset: Annotated[str, typer.Option(help="smoke, cpu or gpu.")] = "cpu",
    seed: Seed = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the results; default runs/PRESET-seedN.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print results.json instead of the table.")] = False,
    weak: Annotated[str | None, typer.Option(help="'scratch', or a pre-trained model's name.")] = None,
    strong: Annotated[str | None, typer.Option(help="A model of the catalog, or a local folder.")] = None,
    precision: Annotated[
        str | None, typer.Option(help="float32 or bfloat16; default: what is fast here.")
    ] = None,
    with_view: Annotated[
        bool | None, typer.Option("--with-view", help="Add the fourth slot: harder.")
    ] = None,
    gold: Size = None,
    pool: Size = None,
    val: Size = None,
    test: Size = None,
    shots: Size = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Stages at once; default: 2 if cores and memory allow.")
    ] = None,
) -> None:
    """Run the whole experiment; what is in the cache is not computed again.

    Examples: [bold]w2s run --preset smoke[/bold], [bold]w2s run --seed 0 --seed 1 --out runs/mine[/bold],
    [bold]w2s run --pool 2000 --json[/bold]
    """
    from w2s_course.config import PRESETS, preset_config
    from w2s_course.processes import jobs_here
    from w2s_course.run import run as run_experiment

    changes: dict[str, Any] = {
        "weak_model": weak,
        "strong_model": strong,
        "precision": precision,
        "with_view": with_view,
    }
    changes = {name: value for name, value in changes.items() if value is not None}
    base = preset_config(preset, **changes)
    sizes = {"gold": gold, "pool": pool, "val": val, "test": test, "shots": shots}
    base = replace(base, sizes=replace(base.sizes, **{k: v for k, v in sizes.items() if v is not None}))
    seeds = seed or list(PRESETS[preset].seeds)
    refuse_repeated(seeds)
    configs = [replace(base, seed=s) for s in seeds]
    several = len(configs) > 1
    jobs = jobs or jobs_here()
    found = [run_experiment(c, out / f"seed{c.seed}" if out and several else out, jobs) for c in configs]
    if as_json:
        print(json.dumps(found if several else found[0], indent=1))
        return
    for results in found:
        _print_results(results)
    if several:
        _print_seeds(found)


@app.command()
def report(
    run_folder: Annotated[Path, typer.Argument(help="A folder with a results.json, or the file.")],
) -> None:
    """Make the figures and report.html of a finished run again, and print its table.

    Example: [bold]w2s report runs/cpu-seed0[/bold]
    """
    from w2s_course.report import load_results, write_report

    path = run_folder / "results.json" if run_folder.is_dir() else run_folder
    results = load_results(path)
    try:
        page = write_report(results, path.parent)  # first: who reads the table may close it after a line
    finally:
        _print_results(results)  # also of a folder that can only be read
    _say(f"Report: {page}")


app.command()(costs)
app.command()(real_code)


@app.command()
def sweep(
    grid: Annotated[str, typer.Argument(help="A TOML file, or a grid of the course: quick, evidence.")],
    engine: Annotated[str, typer.Option(help="local or ray.")] = "local",
    address: Annotated[
        str | None, typer.Option(help="Of a Ray cluster; without it Ray runs on this machine.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="File of the table; default runs/sweep-GRID.json.")] = None,
    jobs: Annotated[int, typer.Option(help="Trials at once on this machine.")] = 1,
    keep: Annotated[
        Path | None, typer.Option(help="A table of this grid whose rows are taken as they are.")
    ] = None,
) -> None:
    """Train one student for every point of a grid; started again, it goes on where it stopped.

    Two jobs of one thread are 1.4 times as fast on two cores as one job of two.

    Examples: [bold]w2s sweep quick[/bold], [bold]OMP_NUM_THREADS=1 w2s sweep evidence --jobs 2[/bold],
    [bold]w2s sweep evidence --keep w2s_course/recorded/sweep-evidence.json[/bold]
    """
    from w2s_course.sweep import default_file, run_sweep
    from w2s_course.sweep.grid import read_grid
    from w2s_course.sweep.table import load_table

    found = read_grid(grid)
    run_sweep(
        *(found, out),
        engine=engine,
        jobs=jobs,
        address=address,
        command=shlex.join(["w2s", "sweep", grid]),
        keep=load_table(keep) if keep else None,
        say=_say,
    )
    _say(f"Table: {out or default_file(found)}")


@app.command()
def evidence(
    page: Annotated[Path, typer.Argument(help="A Markdown page with recorded blocks.")] = Path("README.md"),
    only_check: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail where they differ.")
    ] = False,
) -> None:
    """Print the recorded figures; write them into the blocks of a page, and into docs/evidence.md.

    Examples: [bold]w2s evidence[/bold], [bold]w2s evidence --check[/bold]
    """
    from w2s_course.evidence.page import PAGE, refresh_page
    from w2s_course.evidence.page import evidence as evidence_page
    from w2s_course.evidence.readme import KIND, blocks, refresh

    if not page.is_file():
        raise UsageError(
            f"There is no page {page} here. Give the command in the course's folder, or name a Markdown page."
        )
    if f"<!-- {KIND}:" not in page.read_text(encoding="utf-8", errors="replace"):
        raise UsageError(
            f"{page} has no block to fill in: a line <!-- {KIND}:NAME --> and a line <!-- /{KIND}:NAME -->, "
            f"where NAME is {' or '.join(blocks())}. Add one, or name another page."
        )
    found = evidence_page()
    print("\n\n".join([*blocks().values(), found.text]))
    if found.missing:
        errors.print(f"Not recorded yet: {', '.join(found.missing)}. `w2s sweep evidence` makes them.")
    beside = page.resolve().parent / PAGE
    same = {page: refresh(page, only_check=only_check), PAGE: refresh_page(beside, only_check=only_check)}
    if only_check and (differ := [str(name) for name, fits in same.items() if not fits]):
        raise CourseError(f"{' and '.join(differ)} differ from what is recorded. Run `w2s evidence {page}`.")


@app.command()
def lab(
    notebook: Annotated[Path, typer.Argument(help="The notebook to open.")] = FIRST_NOTEBOOK,
    browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,
) -> None:
    """Open the course in JupyterLab.

    Example: [bold]w2s lab[/bold]
    """
    from w2s_course.lab import open_lab

    open_lab(notebook, browser=browser)


@app.command()
def build(
    only_check: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail where a notebook drifted.")
    ] = False,
) -> None:
    """For authors: build notebooks/ from course/, and fill in the facts of docs/. A lesson is run where its
    code changed; to run it in any case, delete its notebook first.

    Examples: [bold]w2s build[/bold], [bold]w2s build --check[/bold]
    """
    from w2s_course.authoring import faults, notebooks

    if not only_check:
        for path in notebooks.build(Path.cwd()):
            _say(f"built {path.relative_to(Path.cwd())}")
        for of in faults.FILLED:
            if not of.refresh(Path.cwd()):
                _say(f"filled in {of.PAGE.as_posix()}")
    elif problems := faults.check(Path.cwd()):
        raise CourseError("\n".join(problems))


@app.command()
def site() -> None:
    """For authors: build lessons, exercises and docs as web pages, in build/site, and check them.

    Example: [bold]w2s site[/bold]
    """
    from w2s_course.site.build import build_site

    out = Path.cwd() / "build" / "site"
    build_site(Path.cwd(), out)
    _say(f"Built. Open {out.relative_to(Path.cwd()) / 'index.html'} in a browser.")


def _say(line: str) -> None:
    """A line as it is: what stands in a path's brackets is no style."""
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def _print_results(results: dict[str, Any]) -> None:
    from w2s_course.findings import arms_table, verdict

    config = results["config"]
    table = Table(title=f"{escape(config['preset'])}, seed {config['seed']}: fully right on the test set")
    head, *rows = arms_table(results)
    columns = len(head) if console.width >= WIDE else NARROW_COLUMNS
    for i in range(columns):
        table.add_column(head[i], justify="right" if 0 < i < len(head) - 1 else "left", no_wrap=i < 2)
    for row in rows:
        table.add_row(*row[:columns])
    console.print(table)
    console.print(verdict(results))


def _print_seeds(found: list[dict[str, Any]]) -> None:
    from w2s_course.seeds import summary

    console.print(summary(found))


def main() -> None:
    """Run the command line; a mistake of the user's is a message, not a traceback."""
    try:
        with errors_explained("what the command writes", Path()):
            status = app(standalone_mode=False)
    except CourseError as err:
        said = escape(for_terminal(str(err)))
        errors.print(f"[bold red]Error:[/] {said}", highlight=False, soft_wrap=True)
        sys.exit(err.exit_status)
    except typer.Abort:
        status = INTERRUPTED
    except Exception as err:
        show = getattr(err, "show", None)  # the parser's own: wrong use of the command
        if show is None:
            raise
        show()
        sys.exit(UsageError.exit_status)
    if status == INTERRUPTED:
        errors.print("Stopped. What is finished is kept; the same command goes on from there.")
        sys.exit(CourseError.exit_status)
    sys.exit(status or 0)
