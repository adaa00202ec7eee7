"""Anchor essays: verdicts of known quality, written for this course, by which readers calibrate their levels.

Each is a file `course/09_the_verdict/anchors/NAME.md`: the essay with its keys, then, below `## Marks`, a
table of criterion, level and reason. Their numbers are filled from recorded runs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from w2s_course.errors import CourseError
from w2s_course.learn.evidence import Evidence, gather
from w2s_course.learn.friendly import Mistake
from w2s_course.learn.rubric import CRITERIA, LEVELS, checked_scores

NAMES = ("a", "b", "c")
_MARKS = "\n## Marks\n"
_ROW = re.compile(r"^\| (\w+) \| ([1-4]) \| (.+?) \|$", re.MULTILINE)
_FAR = len(LEVELS) - 1


@dataclass(frozen=True)
class Anchor:
    """One anchor. text: with its keys; scores: criterion -> level; reasons: criterion -> why this level."""

    name: str
    text: str
    scores: dict[str, int]
    reasons: dict[str, str]


def _folder() -> Any:
    """Where the anchors are: in the course's folder, or, installed without it, inside the package."""
    here = Path(__file__).resolve().parents[2] / "course" / "09_the_verdict" / "anchors"
    return here if here.is_dir() else files("w2s_course.learn") / "anchor_essays"


def anchor(name: str) -> Anchor:
    """The anchor essay 'a', 'b' or 'c'.

    Raises: Mistake for another name; CourseError where its file lacks marks for each criterion.
    """
    if name not in NAMES:
        raise Mistake(f"There is no anchor essay {name!r}. There are {', '.join(NAMES)}.")
    text, _, marks = (_folder() / f"{name}.md").read_text("utf-8").partition(_MARKS)
    rows = {key: (int(level), reason) for key, level, reason in _ROW.findall(marks)}
    if set(rows) != {c.key for c in CRITERIA}:
        raise CourseError(f"The anchor essay {name}.md needs a level and a reason for each criterion.")
    scores = {key: level for key, (level, _) in rows.items()}
    return Anchor(name, text.strip() + "\n", scores, {key: reason for key, (_, reason) in rows.items()})


def beside_the_marks(name: str, scores: dict[str, int]) -> list[dict[str, str]]:
    """Your levels beside the anchor's, with its reasons; one row a criterion.

    Raises: Mistake for a missing criterion or a level that there is not.
    """
    yours, known = checked_scores(scores), anchor(name)
    rows = []
    for criterion in CRITERIA:
        key = criterion.key
        apart = abs(yours[key] - known.scores[key])
        said = "the same" if apart == 0 else "one level apart" if apart == 1 else f"{apart} of {_FAR} apart"
        rows.append(
            {
                "criterion": criterion.title,
                "you": str(yours[key]),
                "marked": str(known.scores[key]),
                "": said,
                "reason": known.reasons[key],
            }
        )
    return rows


PREDICTIONS: dict[str, dict[str, Any]] = {
    "1.errors": {
        "question": "Of the teacher's wrong claims, which share will the student make in the same way?",
        "answer": 90,
        "shown": "90%",
    },
    "1.gain": {
        "question": "By how many points will the student be right more often than its teacher?",
        "answer": 30,
        "shown": "30 points",
    },
}
"""What the imagined writers of the anchors had predicted."""


def anchor_evidence() -> Evidence:
    """The evidence that the anchors cite: recorded runs and sweeps, and their writers' predictions."""
    found = gather()
    return replace(found, own=None, predictions=PREDICTIONS)
