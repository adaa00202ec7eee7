"""What the commands of `w2s grade` share: options, the class of this folder, tables.

Texts of strangers are printed as they are: no markup of ours, and nothing that commands the terminal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from w2s_course.wording import for_terminal, plural

if TYPE_CHECKING:
    from w2s_course.grading.records import Record
    from w2s_course.grading.workspace import Workspace
    from w2s_course.learn.exercises import Unit

console = Console(emoji=False)
INTERRUPTED = 130  # what shells make of Ctrl-C

UnitName = Annotated[str, typer.Argument(help="The unit: 04_measure, or 4.")]
Cohort = Annotated[int | None, typer.Option(help="Seed of the variant; see docs/grading.md.")]
Jobs = Annotated[int, typer.Option(min=0, help="Submissions at one time; 0: one a core.")]
Engine = Annotated[str, typer.Option(help="local, or ray for a cluster.")]
Unsafe = Annotated[
    bool, typer.Option("--unsafe", help="Without a sandbox: submissions run as you. Only for ones you read.")
]


def here() -> Workspace:
    """The class of the current folder."""
    from w2s_course.grading.workspace import Workspace

    return Workspace(Path.cwd())


def say(text: str) -> None:
    """Print a line of ours or a path, whole."""
    console.print(_harmless(text), soft_wrap=True, highlight=False)


def _harmless(text: str) -> str:
    return escape(for_terminal(text))


def say_left_out(students: list[str], unit: Unit) -> None:
    """Say whose old mark was not used."""
    if students:
        say(
            f"Left out, since what was graded counts no longer: {', '.join(students)}. See `w2s grade status "
            f"{unit.number}`; `w2s grade run {unit.number}` grades what is new."
        )


def table_of(title: str, *heads: str) -> Table:
    """An empty table."""
    table = Table(title=title)
    for head in heads:
        table.add_column(head, overflow="fold")
    return table


def add_row(table: Table, *values: Any) -> None:
    """Add a row of a stranger's texts."""
    table.add_row(*(_harmless(str(value)) for value in values))


def print_counts(title: str, values: Iterable[str]) -> None:
    """How often each value occurs, the most frequent first."""
    table = table_of(title, "state", "submissions")
    for value, count in Counter(values).most_common():
        add_row(table, value, count)
    console.print(table)


def grade_with_bar(left: list[Any], folder: Path, jobs: int, engine: str, keep: bool = False) -> list[Record]:
    """Grade the jobs behind a progress bar; say in the end on which of them the grader itself failed.

    keep: as in `run`.
    Raises: SystemExit after Ctrl-C.
    """
    from tqdm.auto import tqdm

    from w2s_course.grading.run import run

    done: list[Record] = []
    try:
        with tqdm(total=len(left), unit="notebook", disable=not left) as bar:

            def written(record: Record) -> None:
                done.append(record)
                bar.update()

            made = run(left, folder, workers=jobs, engine=engine, progress=written, keep=keep)
    except KeyboardInterrupt:
        of = plural(len(left), "submission")
        say(f"Stopped: {len(done)} of {of} graded and kept. The same command goes on from there.")
        raise SystemExit(INTERRUPTED) from None
    _say_failed([record for record in made if record.is_failed], folder)
    return made


def _say_failed(failed: list[Record], folder: Path) -> None:
    from w2s_course.grading.records import failure
    from w2s_course.grading.run import SHORT

    short = sorted(record.student for record in failed if record.reason == SHORT)
    bugs = sorted(record.student for record in failed if record.reason != SHORT)
    if short:
        say(
            f"Careful: the machine ran short of memory while grading {', '.join(short)}, for a reason that "
            "cannot be seen: other programs, or memory that a submission hides. The others are graded; the "
            "next run grades these again. With --jobs 1 whoever is named again is the cause."
        )
    if bugs:
        say(
            f"Careful: the grader itself failed on {', '.join(bugs)}. That is a bug in the course; the "
            f'others are graded. The traceback stands under "output" in {failure(folder, bugs[0])}: please '
            "report it. What was marked before stays; the next run grades these again."
        )


def fill_gradebook(space: Workspace, unit: Unit) -> None:
    """Write the records of a unit that count into nbgrader's gradebook, or say how to come by it."""
    from w2s_course.grading import gradebook
    from w2s_course.grading.ledger import read_ledger
    from w2s_course.grading.records import read_records
    from w2s_course.grading.standing import class_roster, counting, unit_cells
    from w2s_course.grading.workspace import INSTALL

    if not gradebook.is_installed():
        say(f"nbgrader's gradebook was not written: it is not installed. Install it with: {INSTALL}")
        return
    ledger = read_ledger(space, unit.slug)
    when = {s: chosen.came for s in ledger.students if (chosen := ledger.choose(s)) is not None}
    records = counting(space, read_records(space.records(unit.slug)))
    gradebook.update(space, unit.slug, unit_cells(space, unit), records, class_roster(space), when)
