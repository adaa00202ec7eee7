"""The rounds in which an exercise is asked, each judged: the shown cases twice, and the hidden ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from w2s_course.grading.interview import Answers
from w2s_course.grading.master import GradedUnit
from w2s_course.learn.answers import Outcome
from w2s_course.learn.checking import Finding, judge_any
from w2s_course.learn.exercises import Case, Exercise


@dataclass(frozen=True)
class Round:
    """One time of asking some cases: 'visible', 'again' or 'hidden'. lost: why a call has no answer."""

    name: str
    cases: tuple[Case, ...]
    outcomes: tuple[Outcome, ...]
    lost: tuple[str, ...]
    finding: Finding


def rounds_of(exercise: Exercise, unit: GradedUnit, first: Answers, second: Answers) -> list[Round]:
    """The visible cases, the visible cases again, and the hidden ones, each judged."""
    hidden = tuple(unit.hidden.get(exercise.id, ()))
    count = len(exercise.cases)
    made = [
        _round("visible", exercise, exercise.cases, first, 0),
        _round("again", exercise, exercise.cases, second, 0),
    ]
    return [*made, _round("hidden", exercise, hidden, second, count)] if hidden else made


def _round(name: str, exercise: Exercise, cases: tuple[Case, ...], answers: Answers, start: int) -> Round:
    outcomes, lost = [], []
    for number, _ in enumerate(cases, start):
        outcome = answers.outcomes.get(number)
        why = answers.lost.get(number, "crashed") if outcome is None else ""
        if outcome is not None and outcome.is_a("MemoryError"):
            why = "out of memory"
        lost.append(why)
        outcomes.append(outcome or Outcome(raised="NoAnswer", message=why))
    finding = judge_any(exercise, cases, outcomes)
    return Round(name, cases, tuple(outcomes), tuple(lost), finding)


def changing(exercise: Exercise, rounds: Sequence[Round]) -> bool:
    """Whether a visible case was right one time and wrong the other, with an answer both times."""
    if exercise.judge is not None:
        return rounds[0].finding.state != rounds[1].finding.state and not any(
            [*rounds[0].lost, *rounds[1].lost]
        )
    first, second = rounds[0], rounds[1]
    answered = [
        case.call for case, *why in zip(first.cases, first.lost, second.lost, strict=True) if not any(why)
    ]
    return any((call in first.finding.failed) != (call in second.finding.failed) for call in answered)
