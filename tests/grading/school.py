"""A class without a sandbox: for tests of everything around the engine.

Answers of this repository's own course are run in this very process; own cells, maybe hostile, are not.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from w2s_course.grading import gradescope, score
from w2s_course.grading import run as running
from w2s_course.grading.interview import Answers, Interview
from w2s_course.grading.records import Mark, Record
from w2s_course.grading.roster import Roster, Student
from w2s_course.grading.workspace import Workspace
from w2s_course.learn.answers import ask

ROOT = Path(__file__).resolve().parents[2]
ROSTER = Roster(
    (
        Student("s1", "Ana O'Neill", "ana@example.org", "101"),
        Student("s2", "José García", "jose@example.org", "102"),
        Student("s3", "प्रिया शर्मा", "priya@example.org", "103"),
        Student("s4", "Sam Lee", "sam@example.org", "104"),
        Student("s5", "Sam Lee", "lee@example.org", "105"),
        Student("s6", "Ana de la Cruz", "cruz@example.org", "106"),
        Student("s7", "李 明", "liming@example.org", "107"),
    )
)
ROSTER_CSV = "id,name,email,lms_id\n" + "".join(
    f"{s.id},{s.name},{s.email},{s.lms_id}\n" for s in ROSTER.students
)


def course_space(folder: Path) -> Workspace:
    """A class in an empty folder that has this repository's course."""
    (folder / "course").symlink_to(ROOT / "course", target_is_directory=True)
    (folder / "roster.csv").write_text(ROSTER_CSV, encoding="utf-8")
    return Workspace(folder)


class NotAttempted(Exception):
    """As the stand-in of the sandbox."""


def interview_here(pieces: Any, questions: Any, limits: Any, **_: Any) -> Interview:
    """As `interview`, in this process."""

    def not_attempted(exercise_id: str) -> None:
        raise NotAttempted(exercise_id)

    names: dict[str, Any] = {"not_attempted": not_attempted}
    for piece in pieces:
        if piece.exercise:
            with suppress(Exception):
                exec(piece.source, names)
    answers: dict[str, dict[str, Answers]] = {"visible": {}, "hidden": {}}
    for question in questions:
        for phase in ("visible", "hidden"):
            own = dict(names)
            exec(question.imports, own)
            outcomes = {number: ask(call, own) for number, call in question.calls(phase)}
            answers[phase][question.exercise] = Answers(outcomes, {}, True)
    return Interview(answers)  # type: ignore[arg-type]


def without_sandbox(monkeypatch: Any) -> None:
    """Let the real scoring judge answers that are asked here."""
    monkeypatch.setattr(score, "interview", interview_here)
    monkeypatch.setattr(score, "require_sandbox", lambda unsafe: None)
    for module in (running, gradescope):
        monkeypatch.setattr(module, "require_libraries", lambda graded, unsafe: None)
    monkeypatch.setattr(running, "_cores", lambda: 1)


def zipped(files: Mapping[str, str | bytes], **attributes: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, (2026, 3, 6, 12, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = attributes.get("external_attr", 0o100644 << 16)
            archive.writestr(entry, data)
    return buffer.getvalue()


def notebook(*sources: str) -> str:
    cells = [
        {"cell_type": "code", "metadata": {}, "source": s, "outputs": [], "execution_count": None}
        for s in sources
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


def record(student: str = "s1", points: Sequence[float] = (2.0, 1.0), **changed: Any) -> Record:
    """A record of unit 1's first exercises with these points, of 2 and 3."""
    out_of = {"1.1": 2.0, "1.2": 3.0}
    marks = {
        key: Mark(p, out_of[key], "graded", f"text of {key}", log=({"call": f"secret({key})"},))
        for key, p in zip(out_of, points, strict=False)
    }
    given: dict[str, Any] = {
        "student": student,
        "unit": "01_the_strategy",
        "key": "k",
        "sha256": "0" * 64,
        "state": "graded",
        "marks": marks,
        "versions": {"1.1": "a", "1.2": "b"},
    }
    return Record(**{**given, **changed})
