"""What students get back: one page each, complete in itself, that says what every mark rests on.

It is made from the record's texts for learners, which hold nothing of a hidden check; the log of inputs and
answers, and what the submission printed, stay with the instructor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from w2s_course.disk import write_atomically
from w2s_course.grading.records import AGAIN, BY_HAND, EMPTY, TO_REVIEW, Mark, Record
from w2s_course.learn.display import markup
from w2s_course.learn.exercises import Unit

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
STATES: Mapping[str, str] = {
    "graded": "",
    "partly graded": "Some calls got no answer; the rest of the exercise was marked.",
    "timed out": "It took too long, so there was nothing to mark.",
    "crashed": "It ended Python itself, so there was nothing to mark.",
    "out of memory": "It needed too much memory, so there was nothing to mark.",
    "output too large": "It answered or printed far too much, so there was nothing to mark.",
    "invalid": "It could not be run, so there was nothing to mark.",
    "missing": "No answer was found.",
    TO_REVIEW: "A person will mark this.",
    AGAIN: "A person will look at this again.",
    BY_HAND: "",
    EMPTY: "",
}
"""What a state means for a learner."""


@dataclass(frozen=True)
class Row:
    """One exercise on the page. outcome: 'right', 'partly', 'wrong', 'open', 'person'. text: HTML."""

    id: str
    title: str
    points: str
    outcome: str
    text: str
    note: str


def number(value: float | None) -> str:
    """Points as people write them.

    >>> number(2.0), number(1.33), number(None)
    ('2', '1.33', '–')
    """
    return "–" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def _outcome(mark: Mark) -> str:
    if mark.is_open:
        return "open"
    if mark.state == BY_HAND:
        return "person"
    if mark.points >= mark.out_of:
        return "right"
    return "partly" if mark.points > 0 else "wrong"


def rows_of(record: Record, unit: Unit) -> list[Row]:
    """The exercises of a record in the unit's order, then what only people mark."""
    titles = {e.id: e.title for e in unit.exercises} | {e.id: e.title for e in unit.essays}
    ids = [*(key for key in titles if key in record.marks), *(k for k in record.marks if k not in titles)]
    made = []
    for key in ids:
        mark = record.marks[key]
        got = "–" if mark.is_open else number(mark.points)
        shown = f"{got} of {number(mark.out_of)}"
        made.append(
            Row(
                key,
                titles.get(key, ""),
                shown,
                _outcome(mark),
                markup(mark.text[:1].upper() + mark.text[1:]),
                STATES.get(mark.state, ""),
            )
        )
    return made


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    return environment.get_template("feedback.html.j2")


def page(record: Record, unit: Unit, name: str) -> str:
    """The page of one student as HTML."""
    waiting = any(mark.is_open for mark in record.marks.values())
    rendered: str = _template().render(
        unit=unit,
        name=name,
        record=record,
        rows=rows_of(record, unit),
        points=number(record.points),
        out_of=number(record.out_of),
        waiting=waiting,
    )
    return rendered


def write_feedback(
    folder: Path, records: Mapping[str, Record], unit: Unit, names: Mapping[str, str]
) -> list[Path]:
    """Write one page a student into `folder`; the files. names: student -> the name to greet them by."""
    from tqdm.auto import tqdm

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for student, record in tqdm(records.items(), "feedback", unit="page", disable=None):
        target = folder / f"{student}.html"
        text = page(record, unit, names.get(student, student))
        write_atomically(target, text.encode("utf-8", "replace"))  # an answer may hold half a character
        written.append(target)
    return written
