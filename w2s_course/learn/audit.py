"""Auditing labels by hand: is each right? Then the same question to the judge, who ran the code.

The truth stays hidden until the last answer is given. The answers stand in the object that `audit` returns,
and in the progress file, so that a restarted notebook goes on where it stopped.
"""

from __future__ import annotations

import html
import random
from collections.abc import Iterable, Sequence
from typing import Any

from w2s_course.cache import digest
from w2s_course.errors import CourseError
from w2s_course.learn.display import Displayed, button, note, one_by_one
from w2s_course.learn.friendly import Friendly, Mistake, short
from w2s_course.learn.judged import keep_judgements, kept_judgements
from w2s_course.learn.plain_errors import friendly_errors
from w2s_course.learn.rows import Row, row_html, show_row
from w2s_course.metrics import share
from w2s_course.wording import plural, with_interval


class Audit(Displayed):
    """Labels to be judged by hand.

    rows: the labels drawn, in the order in which they are shown.
    answers: what the learner said so far, True for right; at most one a row.
    """

    def __init__(self, rows: Sequence[Row], n: int, seed: int) -> None:
        self.rows = random.Random(seed).sample(list(rows), min(n, len(rows)))
        said = [[row.code, row.teacher] for row in self.rows]
        self.id = f"audit-{digest(said)[:12]}"
        self.answers: list[bool] = kept_judgements(self.id)[: len(self.rows)]

    @property
    def done(self) -> bool:
        """Whether every label has an answer."""
        return len(self.answers) == len(self.rows)

    @property
    def judged(self) -> list[bool]:
        """The judge's answers to the same labels. Raises: Friendly before the learner's last one."""
        self._refuse_early()
        return [row.right for row in self.rows]

    @property
    def agreement(self) -> float:
        """Share of labels on which learner and judge agree, in [0, 1]."""
        return sum(a == b for a, b in zip(self.answers, self.judged, strict=True)) / len(self.rows)

    @property
    def missed(self) -> list[Row]:
        """The wrong labels that the learner took for right."""
        return [row for row, said, is_right in self._answered() if said and not is_right]

    @property
    def false_alarms(self) -> list[Row]:
        """The right labels that the learner took for wrong."""
        return [row for row, said, is_right in self._answered() if not said and is_right]

    def answer(self, answers: bool | Sequence[bool]) -> Audit:
        """Answer the next label, or, with a list, the first labels anew: True for right, False for wrong.

        Raises: Friendly for more answers than labels, and for what is neither True nor False.
        """
        given = list(answers) if isinstance(answers, Iterable) else [*self.answers, answers]
        if not all(isinstance(each, bool) for each in given):
            raise Mistake(f"An answer is True (right) or False (wrong), not {short(answers)}.")
        if len(given) > len(self.rows):
            raise Mistake(
                f"{plural(len(given), 'answer')} for {plural(len(self.rows), 'label')}: give one each."
            )
        key = [row.right for row in self.rows]
        task = "Labels judged by hand: is each right?"
        keep_judgements(self.id, task, given, key, item="label", done="judged", judge="the judge")
        self.answers = given
        return self

    def restart(self) -> Audit:
        """Forget all answers, and begin again with the same labels."""
        return self.answer([])

    def text(self) -> str:
        """The next label without the truth; after the last one, the comparison with the judge."""
        if self.done:
            return self.report()
        return f"Label {len(self.answers) + 1} of {len(self.rows)}. Right or wrong?\n" + self.show_next()

    def show_next(self) -> str:
        """The next label, without the truth. Raises: Friendly after the last one."""
        if self.done:
            raise Friendly("All labels have an answer: see .report().")
        return show_row(self.rows[len(self.answers)], truth=False)

    def report(self) -> str:
        """How often learner and judge agree, and what the learner missed, truth included.

        Raises: Friendly before the last answer.
        """
        parts = [*self._summary()]
        for title, rows in self._disagreements():
            parts += [f"\n{title}", *(f"\n{show_row(row)}" for row in rows)]
        return "\n".join(parts)

    def html(self) -> str:
        """As `text`, as HTML."""
        if not self.done:
            place = f"Label {len(self.answers) + 1} of {len(self.rows)}. Right or wrong?"
            return f'<div role="status"><strong>{place}</strong></div>' + row_html(
                self.rows[len(self.answers)], truth=False
            )
        parts = [note("plain", "<br>".join(map(html.escape, self._summary())))]
        for title, rows in self._disagreements():
            parts += [
                f'<p style="margin-top: 14px"><strong>{html.escape(title)}</strong></p>',
                *map(row_html, rows),
            ]
        return "".join(parts)

    def static(self) -> tuple[str, str]:
        """The next label, or the comparison."""
        return f"<div>{self.html()}</div>", self.text()

    def widget(self) -> Any:
        """The label, and two buttons that go away after the last one."""
        right, wrong = button("Right", "This label is true"), button("Wrong", "This label is not true")
        return one_by_one(self, {True: right, False: wrong})

    def _refuse_early(self) -> None:
        if not self.done:
            left = len(self.rows) - len(self.answers)
            raise Friendly(f"{plural(left, 'label')} left to judge. The judge answers after you have.")

    def _answered(self) -> list[tuple[Row, bool, bool]]:
        return list(zip(self.rows, self.answers, self.judged, strict=True))

    def _summary(self) -> list[str]:
        agreed = [said == is_right for _, said, is_right in self._answered()]
        estimate = share(agreed)
        wrong, mine = self.judged.count(False), self.answers.count(False)
        return [
            f"You and the judge agree on {sum(agreed)} of {plural(len(agreed), 'label')}: "
            f"{with_interval({'value': estimate.value, 'ci95': estimate.ci95})} with its 95% interval.",
            f"The judge, who runs the code, finds {wrong} wrong, you {mine}. Wrong labels that you took for "
            f"right: {len(self.missed)}. Right labels that you took for wrong: {len(self.false_alarms)}.",
        ]

    def _disagreements(self) -> list[tuple[str, list[Row]]]:
        found = [("You took for right:", self.missed), ("You took for wrong:", self.false_alarms)]
        return [(title, rows) for title, rows in found if rows]


@friendly_errors()
def audit(rows: Sequence[Row], n: int = 20, seed: int = 0) -> Audit:
    """Draw `n` labels and show them one by one, without the truth, to be judged by hand.

    Headless: `audit(rows).answer([True, False, ...]).report()`.

    Args:
        rows: from `label_rows`. Fewer than `n` are all taken.
        seed: of the draw.
    Raises: Friendly for no rows, or n below 1.
    """
    if not rows or n < 1:
        raise CourseError(f"An audit needs labels: there are {len(rows)} rows, and {n} of them are wanted.")
    made = Audit(rows, n, seed)
    made.show()
    return made
