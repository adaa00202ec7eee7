"""Predictions: kept before a run unlocks, and shown beside its outcome.

What one expected is worth most when it is written down first, and cannot be bent afterwards. So a prediction
is kept once; to change it, one has to say `again=True`, and the record says so.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from w2s_course.errors import CourseError
from w2s_course.learn.display import (
    Displayed,
    button,
    heading,
    label,
    letter,
    markup,
    note,
    panel,
    question_widget,
    show,
    text_widget,
    trouble,
)
from w2s_course.learn.friendly import Friendly, Mistake
from w2s_course.learn.headless import is_headless
from w2s_course.learn.progress import Progress, Record, now
from w2s_course.learn.scale import Answer, Scale


class PredictFirst(Friendly):
    """A run waits for its prediction."""

    def __init__(self, question: str) -> None:
        super().__init__(
            f"Not yet: predict first, then run this cell again.\n{label(question)}\n"
            "(Answer above, and press 'Keep this prediction'.)"
        )


class Bet(Displayed):
    """One question and the prediction that was kept for it; made by `predict`."""

    def __init__(self, question: str, scale: Scale, again: bool) -> None:
        self.id = scale.id
        self.question = question
        self.scale = scale
        self.again = again
        self._unsaved: Record | None = None

    @property
    def options(self) -> tuple[str, ...]:
        """The answers to choose from; none where a number is asked for."""
        return self.scale.options

    @property
    def prediction(self) -> Answer | None:
        """What was predicted, or None: one of the options, or a number in the unit of the question."""
        record = self._record()
        return None if record is None else record["answer"]

    def keep(self, answer: Answer) -> Record:
        """Keep a prediction.

        answer: one of the options (or its letter: a, b, c), or a number between `low` and `high`.
        Returns: the record. Raises: Mistake for an answer that is not one of these, or if another one is kept
            and this is not `predict(..., again=True)`.
        """
        wanted, present = self.scale.checked(answer), self._record()
        if present is not None and present["answer"] == wanted:
            return present
        try:
            self._unsaved = Progress.load().change(
                "predictions", self.id, lambda old: self._next(old, wanted)
            )
        except Mistake:
            raise
        except CourseError:
            self._unsaved = self._next(self._unsaved, wanted) | {"time": now()}
            raise
        return self._unsaved

    def required(self) -> None:
        """Stop the cell until a prediction is kept. A headless run goes on without one, in silence: what it
        prints is committed with the lessons.

        Raises: PredictFirst, which a notebook shows as one line.
        """
        if self._record() is None and not is_headless():
            raise PredictFirst(self.question)

    def compare(self, outcome: Answer, text: str = "", *, forecast: bool = True) -> None:
        """Show the prediction beside the outcome of the run.

        outcome: in the form of a prediction: one of the options, or a number in the question's unit.
        text: what to make of it; `code` in backticks is allowed.
        forecast: False for a demand, as a bar is: how far off it was is then not said.

        The outcome is kept with the prediction, for the learner's dossier.
        """
        record = self._record()
        verdict = self.scale.compared(record["answer"], outcome) if forecast and record is not None else ""
        rows = [("The outcome", self.scale.amount(outcome))]
        if record is not None or not is_headless():
            rows.insert(0, ("You predicted" if forecast else "You said", self._said(record)))
        shown = len(rows)
        rows += [("", line) for line in (verdict, text) if line]
        cells = "".join(
            f'<tr><th scope="row" style="text-align: left">{head}</th>'
            f'<td style="text-align: left">{markup(cell)}</td></tr>'
            for head, cell in rows[:shown]
        )
        after = "".join(f"<p>{markup(line)}</p>" for _, line in rows[shown:])
        lines = [f"{head + ':':15}{cell}" if head else cell for head, cell in rows]
        show(
            f"{heading(self.question)}<table><tbody>{cells}</tbody></table>{after}",
            "\n".join([label(self.question), *map(label, lines)]),
        )
        if Progress.load().get("predictions", self.id) is not None:
            Progress.load().change("predictions", self.id, lambda old: self._with_outcome(old, outcome))

    def static(self) -> tuple[str, str]:
        record = self._record()
        kept = "" if record is None else f"You predicted {self._said(record)}."
        choices = [f"{letter(i)}) {option}" for i, option in enumerate(self.scale.options)]
        scale = "" if choices else f"A number from {self.scale.range}."
        listed = "".join(f"<li>{markup(option)}</li>" for option in self.scale.options)
        as_html = heading(self.question)
        as_html += f'<ol type="a">{listed}</ol>' if choices else f"<p>{html.escape(scale)}</p>"
        if kept:
            as_html += note("plain", markup(kept))
        parts = [f"Predict: {label(self.question)}", *map(label, choices), scale, label(kept)]
        return as_html, "\n".join(part for part in parts if part)

    def widget(self) -> Any:
        record = self._record()
        answer, read = self.scale.field(None if record is None else record["answer"])
        keep = button("Keep this prediction")
        said = text_widget("" if record is None else self._kept_note(record))

        def lock() -> None:
            answer.disabled = keep.disabled = True

        def on_keep(_: Any) -> None:
            try:
                said.value = self._kept_note(self.keep(read()))
            except Mistake as mistake:  # nothing is kept: the learner mends it and presses again
                said.value = note("wrong", html.escape(str(mistake)))
                return
            except CourseError as error:  # kept, but not on the disk
                said.value = trouble(error)
            lock()

        keep.on_click(on_keep)
        if record is not None and not self.again:
            lock()
        return panel([question_widget(self.question), answer, keep, said])

    def _record(self) -> Record | None:
        kept = Progress.load().get("predictions", self.id)
        return kept if _is_predicted(kept) else self._unsaved

    def _next(self, old: Record | None, answer: Answer) -> Record:
        """The record that follows `old` when `answer` is predicted."""
        new: Record = {"question": self.question, "answer": answer, "shown": self.scale.amount(answer)}
        if old is None or not _is_predicted(old):
            return new
        if not self.again:
            was, wanted = self.scale.amount(old["answer"]), self.scale.amount(answer)
            raise Mistake(
                f"You predicted {was} for {self.id}, and a prediction is kept once. "
                f"To change it to {wanted}, call predict(..., again=True): the record says so."
            )
        before = {"answer": old["answer"], "time": old.get("time", "")}
        return {**new, "earlier": [*old.get("earlier", []), before]}

    def _with_outcome(self, old: Record | None, outcome: Answer) -> Record:
        """The record with the outcome. `kept` is when it was predicted: `time` is of the last change."""
        record = old or {}
        return {"kept": record.get("time", ""), **record, "outcome": self.scale.amount(outcome)}

    def _kept_note(self, record: Record) -> str:
        hint = " Change it below, or leave it." if self.again else ""
        said = self._said(record)
        end = "" if said.endswith(".") else "."
        return note("plain", f"Kept: <strong>{markup(said)}</strong>{end}{hint}")

    def _said(self, record: Record | None) -> str:
        if record is None:
            return "nothing"
        earlier = [self.scale.amount(each["answer"]) for each in record.get("earlier", [])]
        return self.scale.amount(record["answer"]) + (f" (changed; at first {earlier[0]})" if earlier else "")

    def __repr__(self) -> str:
        return f"<prediction {self.id}: {self._said(self._record())}>"


def _is_predicted(record: Record | None) -> bool:
    """Whether a record of the progress file holds the answer to a question."""
    return record is not None and isinstance(record.get("answer"), str | int | float)


def predict(
    id: str,
    question: str,
    options: Sequence[str] = (),
    *,
    low: float = 0,
    high: float = 100,
    unit: str = "",
    answer: Answer | None = None,
    again: bool = False,
) -> Bet:
    """Ask for a prediction, and show the question, or what was already predicted.

    Args:
        id: stays the same for ever; the prediction is kept under it.
        options: the answers to choose from; without them a number is asked for.
        low, high, unit: the range of the number, and its unit, as in "%".
        answer: the same without a browser: this is the prediction.
        again: the prediction may be changed; the record says that it was.

    Raises: Mistake (a UsageError) for an answer that is no option or out of range.
    """
    bet = Bet(question, Scale(id, tuple(options), low, high, unit), again)
    if answer is None:
        bet.show()
        return bet
    said = f"You predicted {bet._said(bet.keep(answer))} for {bet.id}."
    show(f"<p>{markup(said)}</p>", label(said))
    return bet
