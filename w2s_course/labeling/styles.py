"""The same claims in other words: fluent and long, or terse. How it is said is no evidence of what is so.

Imitation takes over a teacher's style before its substance, and raters are fooled by it (Gudibande et al.
2023, arXiv 2305.15717). Set a *fluent but wrong* label beside a *terse but right* one to see whether you are.

Both voices stay within the language that the judge reads, so what they claim is judged as ever. That bounds
how far they can go: no adjectives of praise, no second sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from w2s_course.errors import unknown_name
from w2s_course.judging.claims import NUMBER_WORDS, Unreadable, parse
from w2s_course.snippets.concepts import Claim, Claims, sentence

if TYPE_CHECKING:
    from datasets import Dataset

_WORD_OF = {int(digits): word for word, digits in NUMBER_WORDS.items()}


def _longest(claim: Claim) -> str:
    """The longest way to say a claim, its number in words where there is one for it."""
    phrase = max(claim.concept.phrases, key=len)
    return phrase.format(k=_WORD_OF.get(claim.k, str(claim.k)))


def fluent(claims: Claims) -> str:
    """The claims in a long, assured sentence: full words, no symbols, nothing left to be understood.

    >>> print(fluent(Claims(Claim("aggregate", "sum"), condition=Claim("condition", "at_most", 9))))
    This function computes the total of all the values of all the given integers that are less than or equal to nine.
    """  # noqa: E501
    condition = _longest(claims.condition).removeprefix("numbers ").removesuffix(" numbers")
    view = _longest(claims.view)
    return (
        f"This function computes the {_longest(claims.aggregate)} all the {_longest(claims.transform)} all "
        f"the given integers that are {condition}{f', {view}' if view else ''}."
    )


def terse(claims: Claims) -> str:
    """The claims in as few characters as the language has: no verb, no articles, symbols for words.

    >>> terse(Claims(Claim("aggregate", "sum"), condition=Claim("condition", "at_most", 9)))
    'sum of numbers <= 9'
    """
    slots = (claims.aggregate, claims.transform, claims.condition, claims.view)
    said = (min(claim.concept.phrases, key=len).format(k=claim.k) for claim in slots)
    return " ".join(phrase for phrase in said if phrase)


VOICES: dict[str, Callable[[Claims], str]] = {"plain": sentence, "fluent": fluent, "terse": terse}
"""Ways to say claims; 'plain' is that of the gold explanations. To add one, add a row."""


def reworded(labels: Dataset, voice: str, planted: str = "") -> Dataset:
    """The label set in another voice; what each label claims, and all other columns, stay as they are.

    Args: voice: a name of `VOICES`; planted: another one for the rows whose explanation was altered, so that
        `reworded(plant(labels, plan, seed), "terse", planted="fluent")` is wrong where it is fluent, and
        terse where it is right. Labels that cannot be read stay as they are.
    Raises: UsageError for a voice that there is not.
    """
    from datasets import Dataset

    for name in (voice, planted or voice):
        if name not in VOICES:
            raise unknown_name("voice", name, VOICES)
    columns = {name: list(labels[name]) for name in labels.column_names}
    altered = columns.get("planted", [False] * len(labels))
    said = []
    for text, wrong in zip(columns["explanation"], altered, strict=True):
        claims = parse(text)
        speak = VOICES[planted if wrong and planted else voice]
        said.append(text if isinstance(claims, Unreadable) else speak(claims))
    columns["explanation"] = said
    return Dataset.from_dict(columns)
