"""The quiz bank as rows: an item is a question with its options, and an option is one row.

The banks stand in `units/quizzes_N.py`. A row has a place for all that a learner needs who chose it, so none
can be forgotten. The letters follow the order of the rows; `tests/learn/test_quiz_bank.py` sees to it that
neither place nor length nor wording gives a key away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from w2s_course.learn.quiz import Option, Quiz, quiz


@dataclass(frozen=True)
class Item:
    """A question of the bank. id: 'unit.name'; it stays the same for ever, attempts are recorded under it."""

    id: str
    question: str
    options: tuple[Option, ...]

    def ask(self) -> Quiz:
        """Show the question."""
        return quiz(self.id, self.question, self.options)


def right(text: str, feedback: str) -> Option:
    """The key. feedback: why it is right, and what follows.

    >>> right("22%", "e to the power of -1.5").right
    True
    """
    return Option(text, right=True, feedback=feedback)


def wrong(text: str, feedback: str, misconception: str, see: str) -> Option:
    """A distractor. feedback: what is wrong with it, without the key; misconception: what those believe who
    choose it, in a few words; see: '#heading' of the same lesson, where to read again.

    >>> wrong("90%", "So likely is one token.", "a sentence is as likely as a token", "#3.3-The-loss").see
    '#3.3-The-loss'
    """
    return Option(text, feedback=feedback, misconception=misconception, see=see)


def activities_of(bank: Iterable[Item]) -> dict[str, Callable[[], Quiz]]:
    """What a unit lists in its `activities`: id -> the function that shows the item.

    >>> sorted(activities_of([Item("3.nats", "How likely?", (right("22%", "so"), wrong("90%", "", "", "")))]))
    ['3.nats']
    """
    return {item.id: item.ask for item in bank}
