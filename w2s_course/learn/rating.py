"""Rating explanations by hand: true, vague or false; then beside a key, the maintainers, and other raters.

An explanation of real code is seldom simply right or wrong: it may be true and say nothing. Every piece is
shown without its key, and nothing is revealed before the last answer is given. The answers stand in the
object that `rate` returns, and in the progress file, so that a restarted notebook goes on where it stopped.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from w2s_course.agreement import cohen_kappa
from w2s_course.cache import digest
from w2s_course.errors import CourseError
from w2s_course.learn.display import Displayed, button, note, one_by_one
from w2s_course.learn.friendly import Friendly, Mistake, short
from w2s_course.learn.judged import keep_judgements, kept_judgements
from w2s_course.learn.plain_errors import friendly_errors
from w2s_course.learn.rows import code_html
from w2s_course.wording import decimal, plural

RATINGS: Mapping[str, str] = {
    "true": "it says what the code does, and no input shows otherwise",
    "vague": "nothing in it is false, and from it alone nobody could write the function",
    "false": "some input shows otherwise",
}


@dataclass(frozen=True)
class Rated:
    """One explanation to rate, and what is shown after the last answer.

    key: a name of `RATINGS`, and why; source: where the code is from; fluent: whether the style is long and
    assured. maintainers: their own sentence. evidence: a call and what it gave, '' where none is needed.
    """

    code: str
    explanation: str
    key: str
    why: str
    source: str
    maintainers: str
    fluent: bool = False
    evidence: str = ""


class Rating(Displayed):
    """Explanations to rate; made by `rate`.

    answers: names of `RATINGS`, at most one an item, in their order.
    """

    def __init__(self, items: Sequence[Rated]) -> None:
        self.items = tuple(items)
        self.id = f"rating-{digest([[item.code, item.explanation] for item in items])[:12]}"
        self.answers: list[str] = kept_judgements(self.id)[: len(self.items)]

    @property
    def done(self) -> bool:
        """Whether every item has an answer."""
        return len(self.answers) == len(self.items)

    @property
    def key(self) -> list[str]:
        """The key's ratings. Raises: Friendly before the learner's last one."""
        if not self.done:
            left = len(self.items) - len(self.answers)
            raise Friendly(f"{plural(left, 'explanation')} left to rate. The key comes after you have.")
        return [item.key for item in self.items]

    def answer(self, answers: str | Sequence[str]) -> Rating:
        """Rate the next item, or, with a list, the first items anew.

        Raises: Mistake for more answers than items, and for what is no rating.
        """
        one = isinstance(answers, str) or not isinstance(answers, Iterable)
        given: list[Any] = [*self.answers, answers] if one else list(answers)
        strange = [each for each in given if not isinstance(each, str) or each not in RATINGS]
        if strange:
            known = ", ".join(f'"{name}"' for name in RATINGS)
            raise Mistake(f"{short(strange[0])} is no rating. Give one of these, in quotes: {known}.")
        if len(given) > len(self.items):
            raise Mistake(f"{len(given)} ratings for {plural(len(self.items), 'explanation')}: one each.")
        key = [item.key for item in self.items]
        task = "Explanations rated by hand: true, vague or false?"
        keep_judgements(self.id, task, given, key, item="explanation", done="rated", judge="the key")
        self.answers = given
        return self

    def kappas(self, others: Mapping[str, Sequence[str]] | None = None) -> dict[str, float]:
        """Cohen's kappa of the learner's ratings with the key's, and with those of each other rater.

        others: name -> a rating an item, in the order of the items: a colleague's, for one.
        Raises: Friendly before the last answer, and for raters of other items.
        """
        raters = {"the key": self.key, **{name: list(said) for name, said in (others or {}).items()}}
        for name, said in raters.items():
            if len(said) != len(self.items):
                raise Mistake(f"{name} rated {len(said)} explanations; there are {len(self.items)}.")
        return {name: cohen_kappa(self.answers, said) for name, said in raters.items()}

    def by_style(self) -> dict[str, tuple[int, int]]:
        """'fluent' and 'terse' -> how many that the key calls not true the learner called true, of how many.

        Raises: Friendly before the last answer.
        """
        rows = list(zip(self.items, self.answers, self.key, strict=True))
        not_true = [(item.fluent, said) for item, said, key in rows if key != "true"]
        return {
            name: (sum(said == "true" for _, said in chosen), len(chosen))
            for name, chosen in (
                ("fluent", [row for row in not_true if row[0]]),
                ("terse", [row for row in not_true if not row[0]]),
            )
        }

    def text(self) -> str:
        """The next item without its key; after the last one, the comparison with the key."""
        return self.report() if self.done else f"{self._place()}\n{self._item(self.items[len(self.answers)])}"

    def report(self) -> str:
        """Every item with the learner's rating, the key's, its reason, and the maintainers' sentence.

        Raises: Friendly before the last answer.
        """
        return "\n\n".join([self._summary(), *("\n".join(lines) for lines in self._told())])

    def html(self) -> str:
        """As `text`, as HTML."""
        if not self.done:
            item = self.items[len(self.answers)]
            return f'<div role="status"><strong>{self._place()}</strong></div>{_as_html(item)}'
        rows = "".join(
            f'<li style="margin-bottom: 10px"><strong>{first}</strong><br>{"<br>".join(others)}</li>'
            for first, *others in (map(html.escape, lines) for lines in self._told())
        )
        return f"{note('plain', html.escape(self._summary()))}<ol>{rows}</ol>"

    def static(self) -> tuple[str, str]:
        """The next item, or the comparison."""
        return f"<div>{self.html()}</div>", self.text()

    def widget(self) -> Any:
        """The item, and a button for each rating; they go away after the last one."""
        said = {name: f"{name.capitalize()}: {what}" for name, what in RATINGS.items()}
        return one_by_one(self, {name: button(name.capitalize(), said[name]) for name in RATINGS})

    def _place(self) -> str:
        return f"Explanation {len(self.answers) + 1} of {len(self.items)}: true, vague or false?"

    def _item(self, item: Rated) -> str:
        return f"{item.code}\n→ {item.explanation}"

    def _summary(self) -> str:
        agreed = sum(a == b for a, b in zip(self.answers, self.key, strict=True))
        counted = ", ".join(f"{n} {name}" for name, n in Counter(self.answers).most_common())
        kappa = decimal(self.kappas()["the key"])
        return f"You said {counted}. You and the key agree on {agreed} of {len(self.items)}; kappa {kappa}."

    def _told(self) -> list[list[str]]:
        told = []
        for item, said, key in zip(self.items, self.answers, self.key, strict=True):
            lines = [item.explanation, f"You: {said}. Key: {key}. {item.why}"]
            lines += [f"Tried: {item.evidence}"] if item.evidence else []
            told.append([*lines, f"The maintainers: {item.maintainers} ({item.source})"])
        return told

    def __repr__(self) -> str:
        return f"<rating: {len(self.answers)} of {plural(len(self.items), 'explanation')} rated>"


def _as_html(item: Rated) -> str:
    said = html.escape(item.explanation)
    return f'{code_html(item.code)}<p style="max-width: 50em"><strong>→ {said}</strong></p>'


@friendly_errors()
def rate(items: Sequence[Rated]) -> Rating:
    """Show explanations one by one, without the key, to be rated by hand.

    Headless: `rate(items).answer(["true", "vague", ...]).report()`.
    Raises: Friendly for no items.
    """
    if not items:
        raise CourseError("There is nothing to rate: none of the functions was found.")
    made = Rating(items)
    made.show()
    return made
