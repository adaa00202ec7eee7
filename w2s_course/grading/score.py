"""From a submission to a grade: repaired, interviewed, judged, and each mark explained.

The rules:

* Points of an exercise = its points x the share of its parts that are right, rounded to 0.01. The parts are
  those of the visible and the hidden cases together, and count equally.
* A part is right if every case of it is right each time that it is asked: the visible ones twice, in opposite
  orders and in processes of their own, the hidden ones once.
* Where a visible case is right one time and wrong the other, the answers depend on what was asked before:
  then nothing is earned, since nobody can say which calls would be right the next time.
* A call without an answer (too slow, too large, the end of the process) is not right; the exercise is then
  *partly graded* and keeps the points of its other parts.
* An exercise with a `judge` of its own is judged by it in each round; its points need all rounds.

A mark of 0 always comes with a state that says why. A submission that is refused has no mark at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from w2s_course.grading.bubblewrap import UNSAFE, require_sandbox
from w2s_course.grading.essays import essay_in
from w2s_course.grading.interview import Interview, Question, interview
from w2s_course.grading.limits import Limits
from w2s_course.grading.master import GradedUnit, portable_imports
from w2s_course.grading.messages import Fate
from w2s_course.grading.records import EMPTY
from w2s_course.grading.repair import Piece, RepairReport, repair
from w2s_course.grading.rounds import Round, changing, rounds_of
from w2s_course.grading.submission import Refused, Submission
from w2s_course.grading.wording import feedback, log_lines
from w2s_course.learn.checking import Finding
from w2s_course.learn.exercises import Exercise

State = Literal[
    "graded",
    "partly graded",
    "timed out",
    "crashed",
    "out of memory",
    "output too large",
    "invalid",
    "missing",
    "nothing written",
]
KNOWN: Mapping[str, State] = {
    "timed out": "timed out",
    "crashed": "crashed",
    "too many processes": "crashed",
    "out of memory": "out of memory",
    "output too large": "output too large",
    "invalid": "invalid",
}
"""Why there is no answer -> the state that it makes."""


@dataclass(frozen=True)
class ExerciseGrade:
    """One exercise of one submission.

    points: earned, of `out_of`. text: for the learner; it holds nothing of a hidden case.
    log: for the instructor, one entry a call: round, call, answer, what was expected, whether it was right.
    """

    exercise: str
    state: State
    points: float
    out_of: int
    text: str
    misconception: str = ""
    parts: Mapping[str, bool] = field(default_factory=dict)
    log: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Grade:
    """One submission. points: None where it was refused; then `reason` says why.

    repairs: what was mended before. output: the beginning of what it printed, never for learners: it may hold
    what the hidden calls were. warning: set where it was graded without a sandbox.
    """

    unit: int
    state: State
    points: float | None
    out_of: int
    exercises: tuple[ExerciseGrade, ...] = ()
    repairs: tuple[str, ...] = ()
    reason: str = ""
    output: str = ""
    ends: tuple[str, ...] = ()
    seconds: float = 0.0
    starts: int = 0
    warning: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        return asdict(self)


def grade_submission(
    submission: Submission, unit: GradedUnit, *, limits: Limits | None = None, unsafe: bool = False
) -> Grade:
    """Grade one submission that `read_submission` has read.

    Raises: CourseError where there is no sandbox and `unsafe` does not say that none is wanted. Whatever is
    wrong with the submission itself is a state of the grade.
    """
    require_sandbox(unsafe)
    try:
        pieces, report = repair(submission, unit)
    except Refused as refusal:
        return refused(unit, str(refusal))
    asked = [exercise for exercise in unit.exercises if exercise.id not in report.untouched]
    questions = [_question(exercise, unit) for exercise in asked]
    said = interview(pieces, questions, limits or Limits(), unsafe=unsafe, private=unit.private)
    grades = tuple(_grade(exercise, unit, said, pieces, report) for exercise in unit.exercises)
    state = overall([grade.state for grade in grades])
    empty = _empty_essays(submission, unit)
    return Grade(
        unit=unit.unit.number,
        state="graded" if state == "missing" and len(empty) < len(unit.unit.essays) else state,
        points=round(sum(grade.points for grade in grades), 2),
        out_of=unit.unit.points,
        exercises=(*grades, *empty),
        repairs=(*report.lines(), *said.notes),
        output=said.output,
        ends=tuple(said.ends),
        seconds=round(said.seconds, 2),
        starts=said.starts,
        warning=UNSAFE if unsafe else "",
    )


def refused(unit: GradedUnit, reason: str) -> Grade:
    """The grade of what cannot be graded: no mark, and the reason."""
    return Grade(unit.unit.number, "invalid", None, unit.unit.points, reason=reason)


def _empty_essays(submission: Submission, unit: GradedUnit) -> list[ExerciseGrade]:
    """The essays in whose place nothing was written: their 0 needs no reader, and a person may change it."""
    said = "Nothing was written in its cell, so there was nothing to read."
    return [
        ExerciseGrade(essay.id, EMPTY, 0.0, essay.points, said)
        for essay in unit.unit.essays
        if essay_in(submission, essay.id, unit.given) is None
    ]


def _question(exercise: Exercise, unit: GradedUnit) -> Question:
    visible = tuple(case.call for case in exercise.cases)
    hidden = tuple(case.call for case in unit.hidden.get(exercise.id, ()))
    return Question(exercise.id, portable_imports(exercise.imports), visible, hidden)


def overall(states: Sequence[State]) -> State:
    """The state of a submission: graded where every exercise was graded or not attempted; partly graded where
    others were not; without any graded one, the state of the first that was attempted."""
    attempted = [state for state in states if state not in ("missing", EMPTY)]
    if not attempted:
        return "missing"
    if set(attempted) == {"graded"}:
        return "graded"
    return "partly graded" if {"graded", "partly graded"} & set(attempted) else attempted[0]


def _grade(
    exercise: Exercise, unit: GradedUnit, said: Interview, pieces: Sequence[Piece], report: RepairReport
) -> ExerciseGrade:
    """Judge what one exercise's calls gave."""
    if exercise.id in report.untouched:
        text = f"Not attempted: the cell of exercise {exercise.id} is as it was given out."
        return ExerciseGrade(exercise.id, "missing", 0.0, exercise.points, text)
    first, second = (said.answers[phase][exercise.id] for phase in ("visible", "hidden"))
    rounds = rounds_of(exercise, unit, first, second)
    fate = _fate_of(exercise, said, pieces)
    state = _state(exercise, rounds, fate)
    parts = _parts([each.finding for each in rounds])
    if changing(exercise, rounds):
        parts = dict.fromkeys(parts, False)
    share = sum(parts.values()) / len(parts) if parts else 0.0
    text, misconception = feedback(exercise, state, rounds, fate)
    return ExerciseGrade(
        exercise=exercise.id,
        state=state,
        points=round(exercise.points * share, 2),
        out_of=exercise.points,
        text=text,
        misconception=misconception,
        parts=parts,
        log=tuple(entry for each in rounds for entry in log_lines(each)),
    )


def _parts(findings: Sequence[Finding]) -> dict[str, bool]:
    """Part -> whether it is right in every finding that has it."""
    names = list(dict.fromkeys(name for finding in findings for name in finding.parts))
    return {name: all(finding.parts.get(name, True) for finding in findings) for name in names}


def _fate_of(exercise: Exercise, said: Interview, pieces: Sequence[Piece]) -> Fate | None:
    """What stopped the cell of an exercise, if something did."""
    found = [
        said.fates[n] for n, piece in enumerate(pieces) if piece.exercise == exercise.id and n in said.fates
    ]
    return found[0] if found else None


def _state(exercise: Exercise, rounds: Sequence[Round], fate: Fate | None) -> State:
    whys = [why for each in rounds for why in each.lost]
    outcomes = [outcome for each in rounds for outcome in each.outcomes]
    nameless = any(outcome.missing == exercise.name for outcome in outcomes)
    if fate is not None and (nameless or all(whys)) and fate.kind != "NotAttempted":
        return KNOWN.get(fate.why, "crashed")
    if nameless or any(outcome.raised == "NotAttempted" for outcome in outcomes):
        return "missing"
    if not any(whys):
        return "graded"
    return "partly graded" if not all(whys) else KNOWN.get(whys[0], "crashed")
