"""docs/evidence.md: for each claim of the course the measured figures with intervals, and the commands.

The page is made from the recorded tables alone. A claim whose rows are not recorded says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from w2s_course import blocks
from w2s_course.costs.prices import SOURCES, prices_of_run
from w2s_course.disk import write_atomically
from w2s_course.evidence import readme
from w2s_course.evidence.claims import CLAIMS
from w2s_course.evidence.finding import Claim
from w2s_course.evidence.measured import Row, Setting, column, difference, settings_in
from w2s_course.evidence.real_code import TITLE as REAL_CODE
from w2s_course.evidence.real_code import real_code_section
from w2s_course.findings import Results, exact
from w2s_course.recorded import recorded_runs, recorded_sweeps
from w2s_course.sweep.table import SweepTable
from w2s_course.wording import money, percent, plural

PAGE = Path("docs") / "evidence.md"
MISSING = "not recorded yet"
RECIPES = (
    "A table's teachers and students follow the recipe in its file in `w2s_course/sweeps/`, which may be "
    "older than the preset's of today, so compare figures within a table."
)

_HEAD = """# Evidence

The measured figures behind the claims of the course. This page is made by `w2s evidence` from the tables in
`w2s_course/recorded/`; don't edit it. Each figure is a mean over seeds with its 95% t-interval: where the
mean would lie if seeds were drawn again. A single next seed varies more, with three seeds twice as much.
*Helped* and *hurt* are said only where all of it lies on one side of zero. With 95% intervals one comparison
in twenty comes out so by chance alone, and the page makes many.
"""


@dataclass(frozen=True)
class Evidence:
    """The page, and the claims for which no rows are recorded."""

    text: str
    missing: tuple[str, ...]


def evidence(tables: Sequence[SweepTable] | None = None) -> Evidence:
    """The page of what is recorded.

    Args: tables: of sweeps; the shipped ones if None.
    """
    found = recorded_sweeps() if tables is None else tables
    settings = [setting for table in found for setting in settings_in(table.name, table.rows)]
    parts, missing = [_HEAD, "\n".join(_runs())], []
    for claim in CLAIMS:
        lines = list(_section(claim, settings))
        if MISSING in lines[-1]:
            missing.append(claim.key)
        parts.append("\n".join(lines))
    on_real_code = real_code_section()
    if on_real_code is None:
        missing.append("real_code")
    parts.append(on_real_code or f"{REAL_CODE}\nThis is {MISSING}: `w2s real-code` makes the table.")
    parts.append("\n".join(_provenance(found)))
    return Evidence("\n\n".join(part.strip() for part in parts) + "\n", tuple(missing))


def refresh_page(page: Path = PAGE, *, only_check: bool = False) -> bool:
    """Whether the page says what the tables say; unless only checked, it does afterwards."""
    wanted = evidence().text
    same = page.is_file() and page.read_text(encoding="utf-8") == wanted
    if not same and not only_check:
        page.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(page, wanted)
    return same


def _section(claim: Claim, settings: Sequence[Setting]) -> Iterator[str]:
    """A claim: its question, then a table and a verdict for each setting that has its rows."""
    yield f"## {claim.asks}"
    yield f"*Unit {claim.unit}.*"
    told = False
    for setting in settings:
        if (found := claim.find(setting)) is None:
            continue
        told = True
        yield ""
        yield blocks.table((setting.title, "mean over seeds (95%)"), found.lines)
        yield ""
        yield f"**{found.verdict}**"
    if not told:
        yield ""
        yield f"This claim is {MISSING}: no table has its rows. `w2s sweep evidence` makes them."


def _runs() -> Iterator[str]:
    """What the recorded runs say of the six arms, and the prices of labels."""
    runs = recorded_runs("cpu")
    yield "## The experiment itself"
    yield "*Units 1 to 4.* " + readme.finding(runs)
    yield ""
    yield readme.table(runs)
    yield ""
    yield from _control(runs)
    commands = ", ".join(f"`{run['command']}`" for run in runs)
    yield f"Made by {commands}."
    yield ""
    yield "## What do labels cost, at the margin and with what they took?"
    yield "*Unit 6.* Prices under the assumptions of each run; `w2s costs` takes others."
    yield ""
    prices = [(prices_of_run(run), run["config"]["sizes"]["pool"]) for run in runs]
    rows = []
    for source, name in SOURCES.items():
        marginal = fmean(price[source].per_1000() for price, _ in prices)
        whole = fmean(price[source].per_1000(pool) for price, pool in prices)
        rows.append((name, money(marginal), money(whole)))
    yield blocks.table(("1,000 labels by", "at the margin", "with the making, over the pool"), rows)
    yield ""
    weak, prompted = (
        percent(fmean(column(_rows(runs, arm), "exact").values())) for arm in ("weak", "strong_prompted")
    )
    yield (
        f"Means of {plural(len(runs), 'run')}. The making counts the weak model's gold at a person's price: "
        "once that is paid, more weak labels are nearly free; whoever has no gold yet pays more for them "
        "than for a prompted model's. The price says nothing about truth: "
        f"{weak} of the weak model's answers are right, and "
        f"{prompted} of those of the recorded strong model, merely "
        "prompted."
    )


def _control(runs: Sequence[Results]) -> Iterator[str]:
    """What the control leaves of the student's lead, and its own, paired by seed."""
    student, control, teacher = (_rows(runs, arm) for arm in ("weak_to_strong", "control", "weak"))
    lead, own = difference(student, control, "exact"), difference(control, teacher, "exact")
    if lead is None or own is None:
        return
    yield (
        f"Paired by seed, the student is {lead.points()} above the control, and the control {own.points()} "
        "above its teacher. In the sweep below the control makes as many steps as its teacher, here twice as "
        "many; so there it may be undertrained, and the difference larger than it should be."
    )
    yield ""


def _rows(runs: Sequence[Results], arm: str) -> list[Row]:
    """An arm of several runs as rows, to be averaged and compared as those of a sweep are."""
    return [{"seed": run["config"]["seed"], "exact": exact(run, arm)} for run in runs]


def _provenance(tables: Sequence[SweepTable]) -> Iterator[str]:
    """Where each table comes from: command, date, versions, and the hardware of its rows."""
    yield "## Where the tables come from"
    if not tables:
        yield ""
        yield f"No sweep is recorded: {MISSING}."
        return
    rows = []
    for table in tables:
        machines = _listed(
            f"{r['device']} ({r['processor']}, {plural(r['threads'], 'thread')})" for r in table.rows
        )
        precision = _listed(r["precision"] for r in table.rows)
        versions = _listed(f"torch {r['torch']}, transformers {r['transformers']}" for r in table.rows)
        done = f"{len(table.rows)} of {table.trials}"
        rows.append((table.name, done, f"`{table.command}`", table.made, machines, precision, versions))
    heads = ("table", "trials", "command", "made", "hardware of the rows", "precision", "libraries")
    yield ""
    yield blocks.table(heads, rows)
    yield ""
    yield RECIPES


def _listed(values: Iterator[str]) -> str:
    return "; ".join(sorted(set(values)))
