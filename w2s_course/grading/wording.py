"""What is said of a graded exercise: to the learner, and in the instructor's log.

Learners are told what the visible round showed, word by word; of the hidden cases only how many were not
right, in which parts, and which misconception they show. Its sentence stands in the course's own text, so
that nothing of a hidden call, nor of what a submission answered to it, is repeated.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from w2s_course.grading.messages import Fate
from w2s_course.grading.rounds import Round, changing
from w2s_course.learn.exercises import Exercise, Raises
from w2s_course.wording import plural

LONGEST_TEXT, LONGEST_LOGGED = 2_000, 5_000
"""Characters of what is said of one exercise, and of one answer in the log. Submissions choose how much they
answer, and a class's records are read and backed up as a whole."""

NO_ANSWER = {
    "timed out": "took too long. Is there a loop that does not end?",
    "crashed": "ended Python itself. Look for sys.exit or os._exit, and for recursion without an end.",
    "out of memory": "needed more memory than there is.",
    "output too large": "answered or printed far too much.",
    "too many processes": "started too many processes.",
    "invalid": "is not Python.",
}


def feedback(exercise: Exercise, state: str, rounds: Sequence[Round], fate: Fate | None) -> tuple[str, str]:
    """The text for the learner, and the misconception that it names ('' if none)."""
    text, misconception = _feedback(exercise, state, rounds, fate)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…", misconception


def _feedback(exercise: Exercise, state: str, rounds: Sequence[Round], fate: Fate | None) -> tuple[str, str]:
    if state == "missing":
        if fate is None and any(o.missing == exercise.name for each in rounds for o in each.outcomes):
            name = f"Exercise {exercise.id} asks for the name `{exercise.name}`"
            return f"{name}, and nothing that was run defines it.", ""
        return f"Not attempted: no answer to exercise {exercise.id} was found.", ""
    if fate is not None and state not in ("graded", "partly graded"):
        return _of_cell(exercise, fate), ""
    lost = next((why for each in rounds for why in each.lost if why), "")
    if state not in ("graded", "partly graded"):
        return f"`{exercise.name}` {NO_ANSWER.get(lost, NO_ANSWER['crashed'])}", ""
    if lost:
        return _of_lost(exercise, rounds), ""
    text, misconception = _of_answers(exercise, rounds)
    if fate is not None and text != exercise.verified:
        rest = "Of the rest only" if fate.kind else "Only"
        text = f"{_of_cell(exercise, fate)} {rest} what it defines was run. {text}"
    return text, misconception


def _of_lost(exercise: Exercise, rounds: Sequence[Round]) -> str:
    """Of an exercise some of whose calls got no answer: the first shown one, or that there are others."""
    for case, why in zip(rounds[0].cases, rounds[0].lost, strict=True):
        if why:
            return f"`{case.call}` {NO_ANSWER.get(why, 'got no answer.')}"
    why = next(why for each in rounds for why in each.lost if why)
    return f"In a further case `{exercise.name}` {NO_ANSWER.get(why, 'gave no answer.')}"


def _of_cell(exercise: Exercise, fate: Fate) -> str:
    """Of an answer's cell that did not run to its end."""
    if not fate.kind:
        return f"The cell of exercise {exercise.id} {NO_ANSWER.get(fate.why, NO_ANSWER['crashed'])}"
    where = f" in line {fate.line}" if fate.line is not None else ""
    return f"The cell of exercise {exercise.id} stopped{where} with {fate.kind}: {fate.message}"


def _of_answers(exercise: Exercise, rounds: Sequence[Round]) -> tuple[str, str]:
    """Of what was answered: the first round that was not right decides."""
    visible, _, *hidden = rounds
    if changing(exercise, rounds):
        return (
            f"`{exercise.name}` gives other answers when the same calls are made again in another order. An "
            "answer may depend on its arguments only: look for outer names that it changes, and for chance.",
            "",
        )
    if visible.finding.state != "right":
        return visible.finding.text, visible.finding.misconception
    for each in hidden:
        if each.finding.state != "right":
            return _of_hidden(exercise, each)
    return exercise.verified, ""


def _of_hidden(exercise: Exercise, hidden: Round) -> tuple[str, str]:
    parts = [name for name, right in hidden.finding.parts.items() if not right and name]
    where = f" ({', '.join(parts)})" if parts else ""
    failed = len(hidden.finding.failed) or len(hidden.cases)
    name = hidden.finding.misconception
    said = exercise.misconceptions.get(name, "Read the contract again: which inputs does it allow?")
    counted = plural(len(hidden.cases), "further case")
    return f"All shown cases are right; {failed} of {counted} not{where}. {said}", name


def log_lines(each: Round) -> Iterator[dict[str, Any]]:
    """For every call of a round: what was asked and answered, what was expected, and the verdict."""
    for case, outcome, why in zip(each.cases, each.outcomes, each.lost, strict=True):
        judged = case.call not in each.finding.failed and each.finding.state != "not attempted"
        yield {
            "round": each.name,
            "call": case.call,
            "part": case.part,
            "answer": _logged(outcome.as_dict()),
            "lost": why,
            "expected": {"raises": case.expected.kind}
            if isinstance(case.expected, Raises)
            else case.expected,
            "right": judged and not why,
        }


def _logged(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer as the log keeps it: of a long one the beginning, as text."""
    text = json.dumps(answer["value"])
    return answer if len(text) <= LONGEST_LOGGED else {**answer, "value": text[:LONGEST_LOGGED] + "…"}
