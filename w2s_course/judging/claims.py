"""What an explanation claims: from a sentence to one claim a slot.

Tolerant of harmless paraphrase (case, articles, 'no more than 9' for 'at most 9', a missing full stop),
strict on everything else: a word that it does not know makes the sentence unreadable, because a word that
is skipped may be a 'not'.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from w2s_course.snippets.concepts import CONCEPTS, Claim, Claims, Slot

LARGEST_NUMBER = 10_000
LONGEST_SENTENCE = 400
NUMBER_WORDS = dict(
    zip(
        "zero one two three four five six seven eight nine ten eleven twelve".split(),
        map(str, range(13)),
        strict=True,
    )
)
# The sentence means the same without these, wherever they stand.
_FILLERS = re.compile(r"\b(?:the|an|a|all|every|each|that are|which are|those|given)\b")
_SYNONYMS = {"elements": "numbers", "integers": "numbers", "items": "numbers", "non-zero": "nonzero"}
_OPENINGS = (
    "(?:(?:it |function |this function )?(?:returns|return|computes|calculates|gives|finds|produces) )?"
)
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?![\w.])")


@dataclass(frozen=True)
class Unreadable:
    """A sentence that claims nothing we can check, and why."""

    reason: str


def normalised(text: str) -> str:
    """`text` in lower case, without articles and closing stops, number words as digits.

    >>> normalised("Returns  THE sum of all the integers that are no more than Nine.")
    'returns sum of numbers no more than 9'
    """
    text = re.sub(r"([<>]=?|!=)", r" \1 ", text.lower().replace("≤", "<=").replace("≥", ">="))
    text = _FILLERS.sub(" ", text.strip().rstrip(".!").replace(",", " "))
    return " ".join(NUMBER_WORDS.get(word, _SYNONYMS.get(word, word)) for word in text.split())


@cache
def _phrases(slot: Slot) -> dict[str, str]:
    """Every way to say a concept of `slot`, normalised and with '#' for its number, to the concept's name."""
    said: dict[str, str] = {}
    for concept in CONCEPTS[slot]:
        for phrase in concept.phrases:
            plain = normalised(phrase.format(k="#"))
            said[plain] = concept.name
            adjective = re.fullmatch(r"(\S+) numbers", plain)
            if adjective:  # 'even numbers' is also 'numbers that are even'
                said[f"numbers {adjective[1]}"] = concept.name
    return said


@cache
def _pattern() -> re.Pattern[str]:
    """The whole language: an opening, then one phrase a slot in the order in which English puts them."""

    def one_of(slot: Slot) -> str:
        phrases = sorted(_phrases(slot), key=len, reverse=True)
        return f"(?P<{slot}>{'|'.join(re.escape(p) for p in phrases)})"

    spaced = " ?".join(one_of(slot) for slot in CONCEPTS)
    return re.compile(_OPENINGS + spaced)


def parse(explanation: str) -> Claims | Unreadable:
    """The claims of a sentence, or why it could not be read. Never raises for any text.

    >>> parse("Returns the sum of the numbers no more than 9.").condition
    Claim(slot='condition', name='at_most', k=9)
    >>> parse("Returns something nice.").reason
    "the words are not of the explanation language: 'Returns something nice.'"
    """
    if len(explanation) > LONGEST_SENTENCE:
        return Unreadable(f"longer than {LONGEST_SENTENCE} characters")
    plain = normalised(explanation)
    # A sign that stands for a number below must not stand in the text itself.
    match = None if "#" in plain else _pattern().fullmatch(_NUMBER.sub("#", plain))
    if match is None:
        return Unreadable(f"the words are not of the explanation language: {explanation!r}")
    numbers = iter(int(n) for n in _NUMBER.findall(plain))
    claims = {}
    for slot in CONCEPTS:  # in the order of the sentence, so that the numbers come in order too
        phrase = match[slot]
        claim = Claim(slot, _phrases(slot)[phrase], next(numbers) if "#" in phrase else 0)
        least = claim.concept.smallest
        if abs(claim.k) > LARGEST_NUMBER or (least is not None and claim.k < least):
            return Unreadable(f"'{claim}' means nothing here")
        claims[slot] = claim
    return Claims(**claims)
