"""What may be predicted: how an answer is asked for, what counts as one, and how it is written out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from w2s_course.learn.display import checked_id, label, letter
from w2s_course.learn.friendly import Mistake

Answer = str | float
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+")
WRITTEN = "Write it in digits, with a point for decimals: 1500 or 1.5."
"""What to do with a number whose commas or points can be read in two ways."""


@dataclass(frozen=True)
class Scale:
    """One of some options, or, without them, a number in a range.

    id: of the prediction, for messages. unit: of the number, such as '%'.
    Raises: Mistake for an id of another form, a single option, one that is there twice, or an empty range.
    """

    id: str
    options: tuple[str, ...] = ()
    low: float = 0
    high: float = 100
    unit: str = ""

    def __post_init__(self) -> None:
        checked_id("prediction", self.id)
        if self.options and (len(self.options) < 2 or len(set(self.options)) < len(self.options)):
            raise Mistake(
                f"The prediction {self.id} needs at least two options, each only once: {self.options}."
            )
        if not self.low < self.high:
            raise Mistake(
                f"The prediction {self.id} goes from {self.low} to {self.high}: low must be below high."
            )

    def checked(self, answer: Answer) -> Answer:
        """The answer in the form in which it is kept. Raises: Mistake for one that is none."""
        return self._checked_option(answer) if self.options else self._checked_number(answer)

    def _checked_option(self, answer: Answer) -> str:
        letters = {letter(i): option for i, option in enumerate(self.options)}
        given = answer if isinstance(answer, str) else None  # whatever else it is may not even be comparable
        for known in self.options:
            if given in (known, label(known)):
                return known
        if given is not None and given in letters:
            return letters[given]
        if given == "":
            raise Mistake("Nothing is chosen yet. Choose one of the answers, then keep it.")
        choices = "; ".join(f"{key}) {option}" for key, option in letters.items())
        raise Mistake(f"'{answer}' is none of the answers to {self.id}. Choose one of: {choices}.")

    def _checked_number(self, answer: Answer) -> float:
        wanted, text = f"Give a number from {self.range}.", str(answer).strip()
        if not text:
            raise Mistake(f"Nothing is predicted yet. {wanted}")
        number = _number(text.replace(self.unit, "").strip() if self.unit else text)
        if number is None:
            raise Mistake(f"'{answer}' is not a number. {wanted} {WRITTEN if ',' in text else ''}".strip())
        if not self.low <= number <= self.high:
            read = f" (read as {number:.10g})" if "," in text else ""
            raise Mistake(
                f"{answer} is out of range{read}. {wanted} {WRITTEN if ',' in text else ''}".strip()
            )
        return int(number) if number == int(number) else number

    @property
    def range(self) -> str:
        """'0% to 100%', '1 to 2000 labels'."""
        low = self.amount(self.low) if self.unit == "%" else f"{self.low:.6g}"
        return f"{low} to {self.amount(self.high)}"

    def amount(self, value: Answer) -> str:
        """An answer as it is shown.

        >>> Scale("1.gain", unit="%").amount(12.5), Scale("1.count", unit="labels").amount(12)
        ('12.5%', '12 labels')
        """
        if isinstance(value, str):
            return value
        return f"{value:.6g}" + ("%" if self.unit == "%" else f" {self.unit}" if self.unit else "")

    def compared(self, predicted: Answer, outcome: Answer) -> str:
        """How far a prediction is from the outcome.

        >>> Scale("1.gain", unit="%").compared(10, 12.5)
        'Off by 2.5 points.'
        """
        if isinstance(predicted, str) or isinstance(outcome, str):
            return "As you predicted." if predicted == outcome else "Not as you predicted."
        unit = "points" if self.unit == "%" else self.unit
        return f"Off by {abs(outcome - predicted):.3g} {unit}".rstrip() + "."

    def field(self, present: Answer | None) -> tuple[Any, Callable[[], Answer]]:
        """The widget that takes the answer, beginning at the present one, and a function that reads it."""
        import ipywidgets

        if self.options:
            labels = [label(option) for option in self.options]
            chosen = self.options.index(present) if present in self.options else None
            radio = ipywidgets.RadioButtons(
                options=labels, index=chosen, layout={"width": "auto"}, style={"description_width": "initial"}
            )
            return radio, lambda: "" if radio.index is None else self.options[radio.index]
        # A field and not a slider: a slider's starting place suggests an answer, and in both lines of
        # ipywidgets its handle has no name that a screen reader could say.
        field = ipywidgets.Text(
            value="" if present is None else f"{present}",
            description=f"Your prediction ({self.unit})" if self.unit else "Your prediction",
            placeholder=f"{self.low:g} to {self.high:g}",
            layout={"width": "20em"},
            style={"description_width": "initial"},
        )
        return field, lambda: field.value


def _number(text: str) -> float | None:
    """The number that a learner wrote, or None where it is none, or could be two.

    A comma before each three digits marks thousands; a single one elsewhere is a decimal comma.

    >>> _number("1,500"), _number("1,234,567.5"), _number("60,5"), _number("0,125")
    (1500.0, 1234567.5, 60.5, 0.125)
    >>> _number("1.500,5"), _number("1,2,3"), _number("many")
    (None, None, None)
    """
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    elif _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    try:
        return float(text)
    except ValueError:
        return None
