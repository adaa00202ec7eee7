"""The recorded figures as they stand in the README: computed from the recorded runs, never typed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from w2s_course import blocks as marked
from w2s_course.findings import ARMS, Results
from w2s_course.recorded import recorded_runs
from w2s_course.seeds import mean_with_interval, summary
from w2s_course.wording import decimal, percent, plural

KIND = "recorded"


def _interval(values: list[float]) -> str:
    mean, ci95 = mean_with_interval(values)
    return (
        percent(mean)
        if ci95 is None
        else f"{percent(mean)} ({percent(max(0, ci95[0]))} to {percent(min(1, ci95[1]))})"
    )


def table(runs: Sequence[Results]) -> str:
    """The six arms: the mean over the seeds with its 95% t-interval, and the range over single runs."""
    rows = []
    for arm, text in ARMS.items():
        values = [run["arms"][arm]["exact"]["value"] for run in runs]
        spread = f"{percent(min(values))} to {percent(max(values))}"
        rows.append((text.name, _interval(values), spread))
    heads = ("arm", f"fully right, mean of {len(runs)} seeds (95%)", "lowest to highest")
    return marked.table(heads, rows)


def finding(runs: Sequence[Results]) -> str:
    """The gain over the teacher, PGR, and what became of the teacher's errors."""
    errors = {
        kind: fmean(run["errors"][kind]["value"] for run in runs)
        for kind in ("corrected", "inherited", "invented")
    }
    pgr = [f"{decimal(run['pgr']['raw'])} ({run['pgr']['status']})" for run in runs]
    machine = runs[0]["environment"]
    threads = plural(machine["threads"], "thread")
    return (
        f"{summary(runs)} PGR by seed: {', '.join(pgr)}. Of the teacher's wrong claims the student corrected "
        f"{percent(errors['corrected'])} and repeated {percent(errors['inherited'])}; of its right ones it "
        f"broke {percent(errors['invented'])}. Made with {threads} ({machine['processor']}) in "
        f"{runs[0]['config']['precision']}, with torch {machine['torch']} and transformers "
        f"{machine['transformers']}."
    )


def blocks() -> dict[str, str]:
    """The text of each recorded block, by its name."""
    runs = recorded_runs("cpu")
    return {"table": table(runs), "finding": finding(runs)}


def refresh(page: Path, *, only_check: bool = False) -> bool:
    """Whether `page` says what the recorded runs say; unless only checked, it does afterwards."""
    writers = {name: lambda argument, text=text: text for name, text in blocks().items()}
    return marked.refresh(page, KIND, writers, only_check=only_check)
