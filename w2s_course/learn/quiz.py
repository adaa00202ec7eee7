"""A question with lettered answers, each wrong one keyed to the misconception that it shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from w2s_course.errors import CourseError
from w2s_course.learn.display import (
    Displayed,
    button,
    checked_id,
    checked_link,
    heading,
    label,
    letter,
    link,
    markup,
    note,
    panel,
    question_widget,
    text_widget,
    trouble,
)
from w2s_course.learn.friendly import Mistake, a_kind, short
from w2s_course.learn.progress import Progress, attempts_so_far, record_attempt
from w2s_course.wording import plural


@dataclass(frozen=True)
class Option:
    """One answer to choose. In all texts, `code` in backticks is allowed.

    feedback: what is wrong with it, or why it is right. A wrong option must have one.
    misconception: what those believe who choose it, in a few words.
    see: where to read again: '#a-heading' of the same page, a file of the course, or https://...
    """

    text: str
    right: bool = False
    feedback: str = ""
    misconception: str = ""
    see: str = ""


@dataclass(frozen=True)
class Answered:
    """What came of one attempt.

    choices: the letters, in order. feedback: for the learner, as text; `as_html` says the same.
    """

    choices: tuple[str, ...]
    right: bool
    feedback: str
    as_html: str

    def __str__(self) -> str:
        return self.feedback

    def __repr__(self) -> str:
        return self.feedback

    def _repr_html_(self) -> str:
        return self.as_html


class Quiz(Displayed):
    """One question with its options; made by `quiz`."""

    def __init__(self, id: str, question: str, options: Sequence[Option]) -> None:
        self.id = checked_id("quiz", id)
        self.question = question
        self.options = tuple(options)
        self.several = sum(option.right for option in self.options) > 1
        _check_options(self.id, self.options)

    def answer(self, *choices: str) -> Answered:
        """Judge an attempt and record it.

        choices: letters, one string each or together: answer("a"), answer("a", "c"), answer("ac").
        Raises: Mistake for no letter, an unknown one, or several where one answer is right.
        """
        self._check_are_text(choices)
        letters = self._checked("".join(choices))
        result = self._judged(letters)
        record_attempt("quizzes", self.id, self.question, letters, result.right)
        return result

    def static(self) -> tuple[str, str]:
        listed = "".join(f"<li>{markup(option.text)}</li>" for option in self.options)
        lines = [f"{letter(i)}) {label(option.text)}" for i, option in enumerate(self.options)]
        how = self._how()
        as_html = f'{heading(self.question)}<ol type="a">{listed}</ol>' + (f"<p>{how}</p>" if how else "")
        return as_html, "\n".join([label(self.question), *lines, *([how] if how else [])])

    def widget(self) -> Any:
        inputs, chosen = self._inputs()
        check = button("Check")
        record = Progress.load().get("quizzes", self.id)
        said = text_widget(
            "" if record is None else note("plain", f"Your attempts so far: {attempts_so_far(record)}.")
        )

        def on_check(_: Any) -> None:
            if not chosen():  # the widget shows no letters to choose from
                said.value = note("wrong", "Nothing is chosen yet. Choose an answer, then check it.")
                return
            try:
                said.value = self.answer(*chosen())._repr_html_()
            except Mistake as mistake:
                said.value = note("wrong", markup(str(mistake)))
            except CourseError as error:  # judged all the same, though not recorded
                said.value = self._judged(chosen())._repr_html_() + trouble(error)

        check.on_click(on_check)
        how = [text_widget(f"<p>{self._how()}</p>")] if self._how() else []
        return panel([question_widget(self.question), *how, *inputs, check, said])

    def _inputs(self) -> tuple[list[Any], Callable[[], tuple[str, ...]]]:
        """The widgets that take the choice, and a function that reads its letters."""
        import ipywidgets

        labels = [label(option.text) for option in self.options]
        form: dict[str, Any] = {"layout": {"width": "auto"}, "style": {"description_width": "initial"}}
        if self.several:
            boxes = [ipywidgets.Checkbox(description=text, indent=False, **form) for text in labels]
            return boxes, lambda: tuple(letter(i) for i, box in enumerate(boxes) if box.value)
        radio = ipywidgets.RadioButtons(options=labels, index=None, **form)
        return [radio], lambda: () if radio.index is None else (letter(radio.index),)

    def _how(self) -> str:
        return "More than one is right: choose all that are." if self.several else ""

    def _check_are_text(self, choices: Sequence[Any]) -> None:
        written = 'answer("a", "b")' if self.several else 'answer("a")'
        for each in choices:
            if not isinstance(each, str):
                raise Mistake(
                    f"{short(each)} is {a_kind(each)}, and an answer is a letter in quotes, as in {written}. "
                    f"{self._choose()}"
                )

    def _choose(self) -> str:
        known = ", ".join(letter(i) for i in range(len(self.options)))
        return f"Choose {'all that are right' if self.several else 'one'} of {known}."

    def _checked(self, given: str) -> tuple[str, ...]:
        known = [letter(i) for i in range(len(self.options))]
        letters = tuple(sorted({each for each in given.lower() if each not in " ,"}))
        choose = self._choose()
        if not letters:
            raise Mistake(f"Nothing is chosen yet. {choose}")
        unknown = [each for each in letters if each not in known]
        if unknown:
            raise Mistake(f"'{given}' is no answer to {self.id}. {choose}")
        if len(letters) > 1 and not self.several:
            raise Mistake(f"'{given}' are {len(letters)} answers, and one is right. {choose}")
        return letters

    def _judged(self, letters: tuple[str, ...]) -> Answered:
        chosen = [self.options[ord(each) - ord("a")] for each in letters]
        wrong = [option for option in chosen if not option.right]
        missed = sum(option.right for option in self.options) - len(chosen) + len(wrong)
        right = not wrong and not missed
        lines = [("Right." if right else "Not yet.", "")]
        lines += [(_why(option, name=self.several), option.see) for option in (chosen if right else wrong)]
        if missed and self.several:
            lines.append((f"{plural(missed, 'right answer')} not chosen yet.", ""))
        lines = [(text, see) for text, see in lines if text]
        body = "".join(f"<p>{markup(text)} {link(see)}</p>" for text, see in lines)
        plain = "\n".join(label(text) + (f" See {see}" if see else "") for text, see in lines)
        return Answered(letters, right, plain, note("right" if right else "wrong", body))

    def __repr__(self) -> str:
        return f"<quiz {self.id}: {plural(len(self.options), 'option')}>"


def quiz(id: str, question: str, options: Sequence[Option]) -> Quiz:
    """Ask a question with lettered answers. Without a browser: `quiz(...).answer("a")`.

    Args:
        id: stays the same for ever; the attempts are recorded under it.
        options: one or more of them right; each wrong one with the feedback that its choice shows.

    Raises: Mistake (a UsageError) for options that make no quiz.
    """
    asked = Quiz(id, question, options)
    asked.show()
    return asked


def _why(option: Option, *, name: bool) -> str:
    """What choosing an option says to the learner. name: say which option is meant."""
    parts = [f"'{option.text}':" if name else "", option.feedback]
    parts.append(f"This is the misconception: {option.misconception}." if option.misconception else "")
    return " ".join(part for part in parts if part) if option.feedback or option.misconception else ""


def _check_options(id: str, options: Sequence[Option]) -> None:
    texts = [option.text for option in options]
    if not 2 <= len(texts) <= 26 or len(set(texts)) < len(texts):
        raise Mistake(f"The quiz {id} needs 2 to 26 different options; it has {len(texts)}: {texts}.")
    if not 0 < sum(option.right for option in options) < len(options):
        raise Mistake(f"The quiz {id} needs an option with right=True and one without.")
    for option in options:
        checked_link(option.see)
        if not option.right and not option.feedback:
            raise Mistake(
                f"The quiz {id}: the wrong option '{option.text}' needs feedback that says why it is."
            )
