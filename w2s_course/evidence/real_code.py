"""The arms on functions that people wrote, as a section of the page of evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from w2s_course.blocks import table as table_of
from w2s_course.evidence.measured import Measured, difference, mean_of
from w2s_course.recorded import recorded_real_code
from w2s_course.wording import plural

TITLE = "## The method on functions that people wrote"
ARMS = {
    "weak": "weak teacher (a table of words)",
    "strong_untrained": "strong model, untrained",
    "strong_on_gold": "strong on the teacher's gold",
    "weak_to_strong": "weak-to-strong student",
    "ceiling": "ceiling",
}


def real_code_section(table: Mapping[str, Any] | None = None) -> str | None:
    """The section as Markdown, or None where no table is recorded.

    Args: table: as `w2s real-code` writes it; the shipped one if None.
    """
    found = recorded_real_code() if table is None else table
    if found is None:
        return None
    # Named as the columns of a sweep, so that the same rules say how much a figure may vary at least.
    named = [
        {**row, "test": row["n"], "accuracy_low": row.get("low"), "accuracy_high": row.get("high")}
        for row in found["rows"]
    ]
    rows = {arm: [row for row in named if row["arm"] == arm] for arm in ARMS}
    lines = [
        TITLE,
        "*Unit 8.* The true sentence is to be chosen among four; chance is 25%. A seed has another split and "
        f"other first weights; its test has about {rows['weak'][0]['n']} functions.",
        "",
    ]
    means = {name: mean_of(rows[arm], "accuracy") for arm, name in ARMS.items()}
    shown = [(name, mean.percent() if mean else "not measured") for name, mean in means.items()]
    lines.append(table_of(("arm", "right, mean over seeds (95%)"), shown))
    return "\n".join([*lines, "", f"**{_verdict(rows)}**", "", _made(found)])


def _verdict(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """The student against its teacher, and against the same model without any training."""
    said = [
        _compared(difference(rows["weak_to_strong"], rows["weak"], "accuracy"), "its teacher"),
        _compared(
            difference(rows["weak_to_strong"], rows["strong_untrained"], "accuracy"),
            "the strong model before any training",
        ),
        _compared(difference(rows["ceiling"], rows["weak_to_strong"], "accuracy"), "", ceiling=True),
    ]
    return " ".join(said)


def _compared(found: Measured | None, other: str, ceiling: bool = False) -> str:
    if found is None:
        return "A comparison lacks its rows."
    whom, against = ("The ceiling", "the student") if ceiling else ("The student", other)
    if found.ci95 is None:
        return f"{whom} against {against}: {found.points()}."
    word = "better than" if found.above else "worse than" if found.below else "not shown to differ from"
    return f"{whom} is {word} {against}: {found.points()}."


def _made(table: Mapping[str, Any]) -> str:
    machine = table["environment"]
    return (
        f"Made by `{table['command']}` with {plural(machine['threads'], 'thread')} ({machine['processor']}), "
        f"torch {machine['torch']}, from "
        + ", ".join(f"{name} {version}" for name, version in table["packages"].items())
        + "."
    )
