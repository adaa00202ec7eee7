"""Asking one submission everything, in as many sandboxes as it takes; one, where nothing goes wrong.

First every exercise is asked its visible calls. Only when all those answers have come, and can no longer be
changed, are the hidden calls sent: the visible ones again among them, in the opposite order, in fresh
processes. So no text of a hidden call can find its way into what learners are told, and an answer that
depends on what was asked before shows itself.

When a sandbox ends too early, a new one is started for the rest. It leaves out the exercise that was asked,
or of the cell that ran all but what it defines; `own_cells` says what becomes of a learner's own cells.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from w2s_course.errors import CourseError
from w2s_course.grading.bubblewrap import own_process_count, refuse_if_visible
from w2s_course.grading.host import WAITING
from w2s_course.grading.limits import Limits
from w2s_course.grading.messages import Fate, fate_of, index_of, outcome_of, text_of
from w2s_course.grading.own_cells import TOO_MUCH, OwnCells, note
from w2s_course.grading.repair import Piece
from w2s_course.grading.sandbox import START_SECONDS, Ended, Session
from w2s_course.learn.answers import Outcome

Phase = Literal["visible", "hidden"]
PHASES: tuple[Phase, ...] = ("visible", "hidden")
SPARE_PROCESSES = 8
"""What a cell must leave of the processes that a submission may have, for the next cells and the calls."""


@dataclass(frozen=True)
class Question:
    """What one exercise is asked. imports: run before its calls, and ready before the cells run."""

    exercise: str
    imports: str
    visible: tuple[str, ...]
    hidden: tuple[str, ...]

    def calls(self, phase: Phase) -> list[tuple[int, str]]:
        """Number and text of each call, in the order of asking.

        The second time begins with a call whose answer nobody looks at: with the number after all others.
        """
        numbered = list(enumerate([*self.visible, *self.hidden]))
        if phase == "visible":
            return numbered[: len(self.visible)]
        return [(len(numbered), self.visible[0]), *numbered[::-1]]


@dataclass
class Answers:
    """What came of the calls of one exercise in one phase, by number: an outcome, or why there is none."""

    outcomes: dict[int, Outcome] = field(default_factory=dict)
    lost: dict[int, str] = field(default_factory=dict)
    done: bool = False

    def lose(self, calls: Iterable[tuple[int, str]], why: str) -> None:
        """Write down for every call without an answer why there is none; nothing more is asked."""
        for number, _ in calls:
            if number not in self.outcomes:
                self.lost.setdefault(number, why)
        self.done = True


@dataclass
class Interview:
    """All that one submission said. fates: number of a piece -> what stopped it. output: what it printed, its
    beginning; for the instructor only. ends: why each sandbox but the last one ended, and while what ran.
    notes: what became of the cells that took too much, for the learner too."""

    answers: dict[Phase, dict[str, Answers]]
    fates: dict[int, Fate] = field(default_factory=dict)
    output: str = ""
    starts: int = 0
    seconds: float = 0.0
    ends: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def interview(
    pieces: Sequence[Piece],
    questions: Sequence[Question],
    limits: Limits,
    *,
    unsafe: bool = False,
    private: Sequence[Path] = (),
) -> Interview:
    """Run the pieces and ask the questions; what came of it.

    Raises: CourseError where a private folder would be visible, or where no sandbox starts.
    """
    if not unsafe:
        refuse_if_visible(private)
    return _Interviewer(pieces, questions, limits, unsafe).run()


class _Interviewer:
    """The state between two sandboxes. began: when the piece that runs did.

    cut, skip: pieces that ended one sandbox, and why, and those that ended two; own ones apart.
    """

    def __init__(
        self, pieces: Sequence[Piece], questions: Sequence[Question], limits: Limits, unsafe: bool
    ) -> None:
        self.pieces, self.limits, self.unsafe = pieces, limits, unsafe
        self.questions = {question.exercise: question for question in questions}
        self.cut: dict[int, str] = {}
        self.skip: set[int] = set()
        self.own, self.began = OwnCells(pieces, limits), 0.0
        self.said = Interview({phase: {key: Answers() for key in self.questions} for phase in PHASES})
        self.started = time.monotonic()

    def run(self) -> Interview:
        """Start sandboxes until all is asked or the limits are used up."""
        while any(self._left(phase) for phase in PHASES):
            if self.said.starts - self.own.ends >= self.limits.starts or self._seconds_left() <= 0:
                self._give_up()
                break
            self._once()
        self.said.seconds = time.monotonic() - self.started
        self.said.notes = [*self._cut_notes(), *self.own.notes()]
        return self.said

    def _cut_notes(self) -> list[str]:
        return [
            note(self.pieces[number], TOO_MUCH.get(why, why), run=number not in self.skip)
            for number, why in self.cut.items()
        ]

    def _seconds_left(self) -> float:
        return self.limits.total_seconds - (time.monotonic() - self.started)

    def _left(self, phase: Phase) -> list[Question]:
        return [each for each in self.questions.values() if not self.said.answers[phase][each.exercise].done]

    def _give_up(self) -> None:
        for phase in PHASES:
            for question in self._left(phase):
                self.said.answers[phase][question.exercise].lose(question.calls(phase), "timed out")

    def _once(self) -> None:
        """One sandbox, until it ends or nothing is left to ask."""
        self.said.starts += 1
        with Session(self.limits, unsafe=self.unsafe) as session:
            try:
                self._begin(session)
                if self._cells(session) and all(self._asked(session, phase) for phase in PHASES):
                    return
            finally:
                self.said.output += session.output

    def _run(self) -> list[int]:
        """The numbers of the pieces that are run."""
        return [n for n in range(len(self.pieces)) if n not in self.skip | self.own.skip]

    def _begin(self, session: Session) -> None:
        bare = self.own.bare | self.cut.keys()
        pieces = [
            {"name": p.name, "source": p.source, "exercise": p.exercise, "own": p.own, "bare": n in bare}
            for n, p in ((n, self.pieces[n]) for n in self._run())
        ]
        preload = list(dict.fromkeys(q.imports for phase in PHASES for q in self._left(phase) if q.imports))
        session.send({"cells": pieces, "preload": preload, "limits": self._told()})
        try:
            session.receive(START_SECONDS)
        except Ended as end:
            said = session.output.strip()[-500:] or end.detail
            raise CourseError(f"The sandbox did not start ({end.why}): {said}") from end

    def _told(self) -> dict[str, Any]:
        """The limits as the host needs them."""
        names = ("memory_mb", "total_seconds", "file_mb", "open_files", "processes", "call_seconds")
        told = {name: getattr(self.limits, name) for name in names}
        counted = own_process_count() and not self.unsafe
        return {**told, "answer_bytes": self.limits.answer_bytes, "own_users": counted}

    def _cells(self, session: Session) -> bool:
        """Follow the cells; False where one of them ended the sandbox."""
        numbers, running, fates = self._run(), 0, {}
        self.began = time.monotonic()
        try:
            while "ready" not in (message := session.receive(self._allowed(running))):
                if (number := index_of(message, "begins", len(numbers))) is not None:
                    running, self.began = numbers[number], time.monotonic()
                elif (number := index_of(message, "ended", len(numbers))) is not None:
                    fates[numbers[number]] = fate_of(message.get("error"))
                    session.printed = 0  # so that no cell takes the room of others
                    if running in self.own.numbers:
                        self._rested(session, running, fates.get(running))
                    elif message.get("full") is True and running not in self.cut:
                        raise Ended("out of memory")
                    self._left_behind(message)
        except Ended as end:
            self._ended(running, end)
            return False
        if self._left("visible"):  # afterwards nothing that learners are told may change
            # Of a piece that was cut it stays said what ended the sandbox.
            fates = {n: fate for n, fate in fates.items() if n not in self.cut}
            self.said.fates.update({n: fate for n, fate in fates.items() if fate is not None})
            for number in [n for n, fate in fates.items() if fate is None]:
                self.said.fates.pop(number, None)
        return True

    def _allowed(self, number: int) -> float:
        """Seconds that a cell may take; none takes more than a third of what is left for all."""
        own = number in self.own.numbers
        seconds = self.own.allowed(number) if own else self.limits.cell_seconds
        return min(seconds, max(0.0, self._seconds_left()) / 3)

    def _rested(self, session: Session, number: int, fate: Fate | None) -> None:
        """An own cell came to its end: what it holds is not taken from the answers.

        Raises: Ended where another sandbox is needed for that.
        """
        seconds, self.began = time.monotonic() - self.began, time.monotonic()
        if not self.own.rested(number, seconds):
            raise Ended("timed out", "with the own cells before it")
        if fate is not None and fate.why == "out of memory" and number not in self.own.bare:
            raise Ended(fate.why)

    def _left_behind(self, message: Mapping[str, Any]) -> None:
        """Raises: Ended where a cell leaves so many processes that whoever comes next would be blamed."""
        count = index_of(message, "processes", 1 << 30) or 0
        if not self.unsafe and count > self.limits.processes - SPARE_PROCESSES:
            raise Ended("too many processes")

    def _ended(self, number: int, end: Ended) -> None:
        """A cell ended the sandbox; of an own one `OwnCells` says what is run of it in the next.

        Of an answer it is what it defines, since an experiment may stand below a right function, and in the
        one after that nothing.
        """
        self.said.ends.append(f"{end.why} in {self.pieces[number].name} {end.detail}".strip())
        if number in self.own.numbers:
            self.own.took(number, time.monotonic() - self.began)
            self.own.ended(number, end.why)
        else:
            if number in self.cut:
                self.skip.add(number)
            self.said.fates[number] = Fate(self.cut.setdefault(number, end.why))

    def _patience(self, seconds: float) -> float:
        return max(0.0, min(seconds, self._seconds_left()))

    def _asked(self, session: Session, phase: Phase) -> bool:
        """Ask all that is left of a phase; False where an exercise ended the sandbox."""
        left = self._left(phase)
        if not left:
            return True
        items = [{"id": q.exercise, "imports": q.imports, "calls": q.calls(phase)} for q in left]
        answers, running = self.said.answers[phase], left[0].exercise
        session.send({"ask": items})
        try:
            # The host minds the calls' time itself; this is for a host that no longer does.
            while "asked" not in (
                message := session.receive(self._patience((WAITING + 1) * self.limits.call_seconds + 5))
            ):
                if (now := text_of(message, "asking")) in answers:
                    running, session.printed = self._next(phase, running, now), 0
                else:
                    self._take(message, phase)
        except Ended as end:
            self._lose(running, phase, end)
            return False
        for question in left:
            answers[question.exercise].lose(question.calls(phase), "crashed")
            self._spare(question)
        return True

    def _spare(self, question: Question) -> None:
        """Without an answer to any visible call the hidden ones are not asked: it would only take time."""
        visible = self.said.answers["visible"][question.exercise]
        if not visible.outcomes:
            why = visible.lost.get(0, "crashed")
            self.said.answers["hidden"][question.exercise].lose(question.calls("hidden"), why)

    def _next(self, phase: Phase, before: str, now: str) -> str:
        """Another exercise is asked: the one before has had its turn."""
        if before != now:
            self.said.answers[phase][before].lose(self.questions[before].calls(phase), "crashed")
        return now

    def _take(self, message: Mapping[str, Any], phase: Phase) -> None:
        """Take an answer, or the news that there is none; whatever else may be said is passed over."""
        key = text_of(message, "answer") or text_of(message, "lost")
        if key not in self.questions:
            return
        answers, question = self.said.answers[phase][key], self.questions[key]
        number = index_of(message, "call", len(question.visible) + len(question.hidden))
        if number is None or answers.done or number in answers.outcomes:
            return
        if "lost" in message:
            answers.lost.setdefault(number, text_of(message, "why")[:40] or "crashed")
        elif (outcome := outcome_of(message.get("outcome"))) is not None:
            answers.outcomes[number] = outcome
            answers.lost.pop(number, None)

    def _lose(self, key: str, phase: Phase, end: Ended) -> None:
        """An exercise ended the sandbox: no more of it is asked, in this phase and the next."""
        for each in PHASES[PHASES.index(phase) :]:
            self.said.answers[each][key].lose(self.questions[key].calls(each), end.why)
        self.said.ends.append(f"{end.why} in the {phase} calls of exercise {key} {end.detail}".strip())
