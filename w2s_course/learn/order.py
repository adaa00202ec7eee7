"""Steps to be put in order, judged as a partial order: every order that respects the dependencies is right.

Some of the steps do not belong, and are to be left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from itertools import count
from typing import Any

from w2s_course.errors import CourseError, unknown_name
from w2s_course.learn.display import (
    Displayed,
    button,
    checked_id,
    heading,
    label,
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

Pair = tuple[str, str] | tuple[str, str, str]

HOW = "Move the steps with the buttons, and leave out what does not belong. More than one order may be right."


@dataclass(frozen=True)
class Distractor:
    """A step that does not belong. why: what a learner reads who keeps it. `code` in backticks is allowed."""

    text: str
    why: str


@dataclass(frozen=True)
class Judgement:
    """What is wrong with an order, or that it is right.

    violated: the first step from the top that stands before one that it needs, and that one; None if none.
    kept: the distractors that were kept. left_out: the needed steps that are missing.
    """

    right: bool
    violated: tuple[str, str] | None
    kept: tuple[str, ...]
    left_out: tuple[str, ...]
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(map(label, self.lines))

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        body = "".join(f"<p>{markup(line)}</p>" for line in self.lines)
        return note("right" if self.right else "wrong", body)


class Order(Displayed):
    """One ordering task; made by `order`.

    start: all keys, distractors among them, in the order in which they are first shown. It is made from the
        id, so that it is the same for everyone and every time, and is never right.
    """

    def __init__(
        self,
        id: str,
        question: str,
        steps: Mapping[str, str],
        before: Sequence[Pair],
        distractors: Mapping[str, Distractor],
    ) -> None:
        self.id = checked_id("order", id)
        self.question = question
        self.steps = dict(steps)
        self.distractors = dict(distractors)
        self.reasons = {(pair[0], pair[1]): pair[2] if len(pair) == 3 else "" for pair in before}
        self.texts = {**self.steps, **{key: each.text for key, each in self.distractors.items()}}
        self._check()
        self.start = self._shuffled()

    def judge(self, keys: Iterable[str]) -> Judgement:
        """Judge an order and record the attempt.

        keys: from first to last; what is left out is not in it.
        Raises: Mistake for a key that is unknown or stands twice, and for what is no list.
        """
        checked = self._checked(keys)
        result = self._judged(checked)
        record_attempt("orders", self.id, self.question, checked, result.right)
        return result

    def static(self) -> tuple[str, str]:
        listed = "".join(f"<li>{markup(self.texts[key])}</li>" for key in self.start)
        lines = [f"- {key}: {label(self.texts[key])}" for key in self.start]
        as_html = f"{heading(self.question)}<ul>{listed}</ul><p>{HOW}</p>"
        return as_html, "\n".join([label(self.question), *lines])

    def widget(self) -> Any:
        return _Rows(self).panel

    def _judged(self, keys: Sequence[str]) -> Judgement:
        violated = self._first_violation(keys)
        kept = tuple(key for key in keys if key in self.distractors)
        left_out = tuple(key for key in self.steps if key not in keys)
        lines = []
        if violated is not None:
            early, needed = violated
            reason = self.reasons[(needed, early)] or "it needs that first"
            lines.append(f"'{self.texts[early]}' stands before '{self.texts[needed]}': {reason}.")
        lines += [f"'{self.texts[key]}' does not belong: {self.distractors[key].why}" for key in kept]
        lines += [f"'{self.texts[key]}' is left out, and the plan needs it." for key in left_out]
        right = not lines
        lines.insert(0, "Right: every step stands after all that it needs." if right else "Not yet.")
        return Judgement(right, violated, kept, left_out, tuple(lines))

    def _first_violation(self, keys: Sequence[str]) -> tuple[str, str] | None:
        """The first step from the top with one that it needs further down, and the nearest such one."""
        place = {key: index for index, key in enumerate(keys)}
        for early in keys:
            needed = [
                first for first, then in self.reasons if then == early and place.get(first, -1) > place[early]
            ]
            if needed:
                return early, min(needed, key=place.__getitem__)
        return None

    def _shuffled(self) -> tuple[str, ...]:
        for salt in count():
            keys = sorted(self.texts, key=lambda key: sha256(f"{self.id}/{salt}/{key}".encode()).digest())
            if self._first_violation(keys) is not None:
                break
        return tuple(keys)

    def _checked(self, given: Any) -> tuple[str, ...]:
        if isinstance(given, str) or not isinstance(given, Iterable):
            example = ", ".join(f'"{key}"' for key in self.start[:2])
            raise Mistake(
                f"An order of {self.id} is a list of keys, such as [{example}, ...]; {short(given)} is "
                f"{a_kind(given)}."
            )
        keys = tuple(given)
        for key in keys:
            if not isinstance(key, str) or key not in self.texts:
                raise Mistake(str(unknown_name(f"step of {self.id}", str(key), self.texts)))
        twice = [key for key in keys if keys.count(key) > 1]
        if twice:
            raise Mistake(
                f"The step '{twice[0]}' of {self.id} stands twice. Give each step once, or leave it out."
            )
        return keys

    def _check(self) -> None:
        """That the author's task is one."""
        if len(self.texts) != len(self.steps) + len(self.distractors):
            both = sorted(self.steps.keys() & self.distractors.keys())
            raise Mistake(f"The order {self.id} has steps that are also distractors: {', '.join(both)}.")
        if len(set(self.texts.values())) < len(self.texts):
            raise Mistake(
                f"The order {self.id} has two steps of the same text; no learner could tell them apart."
            )
        if not self.reasons:
            raise Mistake(f"The order {self.id} needs pairs in `before`: without one, every order is right.")
        for key in {key for pair in self.reasons for key in pair}:
            if key not in self.steps:
                raise Mistake(str(unknown_name(f"step in `before` of {self.id}", key, self.steps)))
        needs: dict[str, set[str]] = {}
        for first, then in self.reasons:
            needs.setdefault(then, set()).add(first)
        try:
            TopologicalSorter(needs).prepare()
        except CycleError as error:
            circle = " before ".join(error.args[1])
            raise Mistake(f"No order of {self.id} can be right: {circle}. Take one of these out.") from None

    def __repr__(self) -> str:
        return f"<order {self.id}: {plural(len(self.texts), 'step')}>"


class _Rows:
    """The widget: a row of buttons for each place.

    The rows stay and their texts move, so that the order on the screen is the order in which a screen reader
    reads and Tab walks. The keyboard's focus follows the step that was moved where ipywidgets has a call for
    that (8); in 7.7 it stays in its place. No button is ever disabled: it would lose the focus.
    """

    def __init__(self, task: Order) -> None:
        import ipywidgets

        self.task = task
        self.keys = list(task.start)
        self.out: set[str] = set()
        self.texts = [text_widget(flex="1 1 0%", min_width="12em") for _ in self.keys]
        self.ups = [button("Up") for _ in self.keys]
        self.downs = [button("Down") for _ in self.keys]
        self.outs = [button("Leave out", width="7em") for _ in self.keys]
        row = {"width": "auto", "max_width": "60em", "align_items": "center"}
        rows = [
            ipywidgets.HBox(list(parts), layout={**row, "border": "0"})
            for parts in zip(self.texts, self.ups, self.downs, self.outs, strict=True)
        ]
        check = button("Check")
        record = Progress.load().get("orders", task.id)
        before = "" if record is None else note("plain", f"Your attempts so far: {attempts_so_far(record)}.")
        self.said = text_widget(before)
        for place in range(len(self.keys)):
            self.ups[place].on_click(lambda _, place=place: self.move(place, -1))
            self.downs[place].on_click(lambda _, place=place: self.move(place, 1))
            self.outs[place].on_click(lambda _, place=place: self.toggle(place))
        check.on_click(lambda _: self.check())
        self.panel = panel(
            [question_widget(task.question), text_widget(f"<p>{HOW}</p>"), *rows, check, self.said]
        )
        self.draw()

    def move(self, place: int, by: int) -> None:
        """Exchange the step at `place` with its neighbour; the focus follows it."""
        other = place + by
        text = label(self.task.texts[self.keys[place]])
        if not 0 <= other < len(self.keys):
            self.say(f"'{text}' is already {'first' if by < 0 else 'last'}.")
            return
        self.keys[place], self.keys[other] = self.keys[other], self.keys[place]
        self.draw()
        follow = getattr((self.ups if by < 0 else self.downs)[other], "focus", None)
        if follow is not None:
            follow()
        self.say(f"'{text}' is now number {other + 1} from the top.")

    def toggle(self, place: int) -> None:
        """Leave a step out, or put it back. It stays in its place, and the focus on its button."""
        self.out ^= {self.keys[place]}
        self.draw()

    def check(self) -> None:
        keys = [key for key in self.keys if key not in self.out]
        try:
            self.said.value = self.task.judge(keys)._repr_html_()
        except CourseError as error:  # judged all the same, though not recorded
            self.said.value = self.task._judged(keys)._repr_html_() + trouble(error)

    def say(self, text: str) -> None:
        self.said.value = note("plain", markup(text))

    def draw(self) -> None:
        """Bring each row up to date."""
        number = count(1)
        for place, key in enumerate(self.keys):
            text, is_out = self.task.texts[key], key in self.out
            shown = (
                f"<s>{markup(text)}</s> (left out)" if is_out else f"<b>{next(number)}.</b> {markup(text)}"
            )
            self.texts[place].value = f'<div style="padding: 3px 0">{shown}</div>'
            self.ups[place].tooltip = f"Move up: {label(text)}"
            self.downs[place].tooltip = f"Move down: {label(text)}"
            self.outs[place].description = "Put back" if is_out else "Leave out"
            self.outs[place].tooltip = f"{'Put back' if is_out else 'Leave out'}: {label(text)}"


def order(
    id: str,
    question: str,
    steps: Mapping[str, str],
    before: Sequence[Pair],
    distractors: Mapping[str, Distractor] | None = None,
) -> Order:
    """Ask for the steps of a plan in order. Without a browser: `order(...).judge(["key", ...])`.

    Args:
        id: stays the same for ever; the attempts are recorded under it, and it shuffles the steps.
        steps: key -> text of what is needed.
        before: (first, then) or (first, then, reason): `first` must stand before `then`. The reason finishes
            the sentence "'then' stands before 'first': ..."; "the student needs the labels".
        distractors: key -> what does not belong, and why.

    Raises: Mistake (a UsageError) for a task that no order, or every order, would solve.
    """
    asked = Order(id, question, steps, before, distractors or {})
    asked.show()
    return asked
