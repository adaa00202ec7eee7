"""The weak teacher on real code: it counts which words of a sentence it has met beside which words of a code.

IBM's model 1 (Brown et al. 1993), the simplest model of translation, from code to English: every word of a
sentence comes from one word of the code, each equally likely. It is learned from the weak model's small gold
set in a second, knows nothing else, and asks no order of either. Which teacher was taken, and why not a
stronger one, is in docs/real-code.md.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from w2s_course.errors import UsageError
from w2s_course.judging.choices import Question, chosen
from w2s_course.snippets.harvest import RealFunction, words

ROUNDS = 10  # of expectation and maximisation; the choices no longer change after about five
NOWHERE = "<nothing>"  # the word of every code from which words of no particular code come


def code_words(code: str) -> frozenset[str]:
    """The words that names, keywords and numbers of a code are made of, and one that all codes have.

    >>> sorted(code_words("maxCount = len(seen_items)"))
    ['<nothing>', 'count', 'item', 'len', 'max', 'seen']
    """
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", code)
    return words(apart) | {NOWHERE}


@dataclass(frozen=True)
class WordTable:
    """The weak model: translation[c][s], the probability that code word c says s; frequency[s], of s at all.

    own: the probability, given to every code word beforehand, that it says itself.
    """

    translation: Mapping[str, Mapping[str, float]]
    frequency: Mapping[str, float]
    unseen: float
    own: float

    def log_ratio(self, code: str, sentence: str) -> float:
        """How much likelier the code makes the sentence, in nats a word: log Pr(s|code) - log Pr(s), mean."""
        of_code, said = sorted(code_words(code)), sorted(words(sentence))
        total = 0.0
        for s in said:
            base = self.frequency.get(s, self.unseen)
            told = sum(
                (self.own if c == s else 0.0) + (1 - self.own) * self.translation.get(c, {}).get(s, 0.0)
                for c in of_code
            ) / len(of_code)
            total += math.log((told + base) / 2 / base)  # half of it background: nothing is impossible
        return total / max(1, len(said))


def learn_words(gold: Sequence[RealFunction], own: float) -> WordTable:
    """Model 1 from pairs of code and sentence, by expectation and maximisation.

    t(s|c) = the expected count of s coming from c, over that of anything coming from c;
    s comes from c with the probability t(s|c) / sum over the code's words c' of t(s|c').

    Args: own: 0 for a model that knows only the gold; above 0 it also believes that a word says itself.
    Raises: UsageError for no pairs, or own outside [0, 1).
    """
    if not gold or not 0 <= own < 1:
        raise UsageError(f"The word table needs gold pairs ({len(gold)} given) and own in [0, 1), got {own}.")
    pairs = [(sorted(code_words(f.code)), sorted(words(f.sentence))) for f in gold]
    table: dict[str, dict[str, float]] = {}
    for _ in range(ROUNDS):
        expected: dict[str, Counter[str]] = defaultdict(Counter)
        for of_code, said in pairs:
            for s in said:
                shares = {c: table[c][s] if table else 1.0 for c in of_code}
                whole = sum(shares.values())
                for c, share in shares.items():
                    expected[c][s] += share / whole  # type: ignore[assignment]
        table = {c: {s: n / sum(row.values()) for s, n in row.items()} for c, row in expected.items()}
    seen = Counter(s for _, said in pairs for s in said)
    whole_seen = sum(seen.values()) + len(seen) + 1  # one more of each, and one for all that was not seen
    return WordTable(table, {s: (n + 1) / whole_seen for s, n in seen.items()}, 1 / whole_seen, own)


@dataclass(frozen=True)
class WeakChoice:
    """The option that the weak model takes, and the probability that it gives to it among the four."""

    option: int
    confidence: float


def weak_choices(weak: WordTable, questions: Sequence[Question]) -> list[WeakChoice]:
    """The weak model's choice for each question: the labels from which the student learns.

    confidence: a softmax over the four scores; it orders the choices and is not calibrated.
    """
    choices = []
    for question in questions:
        scores = [weak.log_ratio(question.function.code, option) for option in question.options]
        at = chosen(scores)
        choices.append(WeakChoice(at, 1 / sum(math.exp(s - scores[at]) for s in scores)))
    return choices
