"""Sweeps: a grid of trials (`grid`), run by one process, several, or Ray (`engines`), as one `table`."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from w2s_course.errors import CourseError, UsageError, unknown_name
from w2s_course.speed import expected_seconds, in_words
from w2s_course.sweep.engines import ENGINES, Outcome
from w2s_course.sweep.grid import Grid
from w2s_course.sweep.table import SweepTable, load_table
from w2s_course.trials.trial import Trial
from w2s_course.wording import percent, points

log = logging.getLogger(__name__)

Rows = Mapping[int, dict[str, Any]]


def default_file(grid: Grid) -> Path:
    """Where a sweep's table goes unless told otherwise, under the current folder."""
    return Path("runs") / f"sweep-{grid.name}.json"


def run_sweep(
    grid: Grid,
    out: Path | None = None,
    *,
    engine: str = "local",
    jobs: int = 1,
    address: str | None = None,
    command: str = "",
    keep: SweepTable | None = None,
    say: Callable[[str], None] = log.info,
) -> SweepTable:
    """Run every trial of a grid that the cache does not hold, and keep the table up to date while it grows.

    A sweep that is stopped and started again repeats no finished trial: what it trains is in the cache.
    Rows that its file already has stay there until the same trial gives a new one.

    Args: out: the table's file, written with what is kept and after every trial; jobs: trials at once on
        this machine; address: of a Ray cluster; command: what makes the table again, for its reader; keep: a
        table whose rows are taken as they are, each with the hardware that made it; say: told a line a trial.
    Returns: the table, its rows in the order of the grid.
    Raises: UsageError for an unknown engine, fewer than one job, a file that is no table of this grid, or a
        table to keep that has none of its rows; CourseError where trials failed, after all others are done,
        with the reason for each.
    """
    from w2s_course.run import make_folder

    _refuse_wrong_use(engine, jobs, address)
    out = out or default_file(grid)
    there = _table_there(grid, out)
    earlier, rows = _rows_of(grid, there), _kept(grid, keep)
    make_folder(out.parent)
    wanted = [i for i in range(len(grid.trials)) if i not in rows]
    expected = [expected_trial(grid.trials[i]) for i in wanted]
    done = f", {len(rows)} of them kept" if rows else ""
    wait = in_words(sum(expected) / jobs)
    say(f"{grid.name}: {len(grid.trials)} trials{done}, about {wait} if nothing is cached")
    if rows:  # also where nothing is left to train
        _table(grid, command, rows, earlier, there).write(out)
    failed: dict[int, str] = {}
    clock = _Clock(expected, jobs)
    for outcome in ENGINES[engine]([grid.trials[i].as_dict() for i in wanted], jobs, address):
        index = wanted[outcome.index]
        trial = grid.trials[index]
        clock.done(outcome)
        if outcome.row is None:
            failed[index] = f"{trial}: {outcome.error}"
            earlier.pop(index, None)  # what an older version found is not what this one would
        else:
            rows[index] = outcome.row
        if rows or earlier:
            _table(grid, command, rows, earlier, there).write(out)
        say(f"[{len(rows) + len(failed)}/{len(grid.trials)}] {trial}: {_came_of(outcome)}; {clock}")
    if failed:
        raise CourseError(_report(failed, len(grid.trials), out))
    return _table(grid, command, rows)


def expected_trial(trial: Trial) -> float:
    """Seconds that a trial should take here with nothing cached but the teacher; right to a factor of two."""
    stages = expected_seconds(trial.config)
    return stages["weak_to_strong" if trial.student == "strong" else "control"]


def _refuse_wrong_use(engine: str, jobs: int, address: str | None) -> None:
    if engine not in ENGINES:
        raise unknown_name("engine", engine, ENGINES)
    if jobs < 1:
        raise UsageError(f"{jobs} jobs were asked for; it must be at least 1.")
    if address is not None and engine != "ray":
        raise UsageError(f"An address is for --engine ray; the engine is {engine}.")


def _table_there(grid: Grid, out: Path) -> SweepTable | None:
    """The table of this grid that the file holds from an earlier sweep, None where there is no file."""
    if not out.exists():
        return None
    if out.is_dir():
        raise UsageError(f"{out} is a folder. Name a file with --out, such as {out / 'sweep.json'}.")
    try:
        table = load_table(out)
    except CourseError as err:
        raise UsageError(
            f"{out} is in the way: it is no table of a sweep that this course reads. Move it, or name "
            "another file with --out."
        ) from err
    if table.name != grid.name:
        raise UsageError(
            f"{out} holds the table of the grid {table.name}, not of {grid.name}. Move it, or name another "
            "file with --out."
        )
    return table


def _rows_of(grid: Grid, table: SweepTable | None) -> dict[int, dict[str, Any]]:
    """Of a table, the rows that belong to trials of this grid, by the trial's number."""
    found = table.by_trial() if table else {}
    return {i: found[trial.identity] for i, trial in enumerate(grid.trials) if trial.identity in found}


def _kept(grid: Grid, keep: SweepTable | None) -> dict[int, dict[str, Any]]:
    """The rows that are taken as they are. Raises: UsageError for a table that has none of this grid."""
    rows = _rows_of(grid, keep)
    if keep and not rows:
        raise UsageError(
            f"The table of {keep.name} that is to be kept has no row of a trial of {grid.name}, so nothing "
            "would be kept. Name another table, or none."
        )
    return rows


def _table(
    grid: Grid, command: str, rows: Rows, earlier: Rows | None = None, there: SweepTable | None = None
) -> SweepTable:
    """The table of these rows, by the number of their trial, and of earlier ones that have no successor yet.

    As long as it holds such it keeps the date, the command and the environment of the table `there`.
    """
    from w2s_course.results import environment

    made = datetime.now(UTC).date().isoformat()
    both = {**(earlier or {}), **rows}
    found = [both[i] for i in sorted(both)]
    table = SweepTable(grid.name, grid.about, command, made, len(grid.trials), environment(), found)
    if there is None or len(both) == len(rows):
        return table
    return replace(table, made=there.made, command=there.command, environment=there.environment)


def _came_of(outcome: Outcome) -> str:
    if outcome.row is None:
        return f"FAILED ({outcome.error.splitlines()[0]})"
    return f"{percent(outcome.row['exact'])} right, gain {points(outcome.row['gain'])}"


def _report(failed: dict[int, str], trials: int, out: Path) -> str:
    reasons = "\n".join(f"  {reason}" for _, reason in sorted(failed.items()))
    return (
        f"{len(failed)} of {trials} trials failed; the others are in {out}.\n{reasons}\n"
        "Mend what they name and give the same command again: what is finished is not repeated."
    )


class _Clock:
    """How long the rest should take: the estimate, times how wrong it was where something was computed."""

    def __init__(self, expected: Sequence[float], jobs: int) -> None:
        self.left = dict(enumerate(expected))
        self.jobs = jobs
        self.computed = self.took = 0.0
        self.start = time.perf_counter()

    def done(self, outcome: Outcome) -> None:
        expected = self.left.pop(outcome.index)
        if outcome.seconds > expected / 10:  # less: it was in the cache, and says nothing about the rest
            self.computed += expected
            self.took += outcome.seconds

    def __str__(self) -> str:
        wrong = self.took / self.computed if self.computed else 1.0
        passed = in_words(time.perf_counter() - self.start)
        return f"{passed} passed, about {in_words(sum(self.left.values()) * wrong / self.jobs)} left"
