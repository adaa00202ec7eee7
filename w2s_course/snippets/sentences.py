"""From a docstring to the one sentence that is learned, and the rules by which a sentence is too vague."""

from __future__ import annotations

import re

FEWEST_WORDS, MOST_WORDS = 4, 25

# Why a sentence is left out. Each pattern is searched in the sentence; a rule is a row.
VAGUE: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(pattern, re.IGNORECASE))
    for reason, pattern in (
        ("points elsewhere", r"^see\b|\bsee (also|the)\b|^(like|same as|similar to|just like)\b|https?://"),
        ("unfinished", r"\b(todo|fixme|xxx|deprecated|not implemented)\b"),
        ("another name for something", r"\b(alias|shorthand|shortcut|synonym)\b|^equivalent to\b"),
        ("says what it is, not what it does", r"\b(helper|internal|convenience|wrapper|convenient)\b"),
        ("about something else", r"^(this|the) (function|method|module|class)\b|^(example|note|usage)\b"),
        ("not prose", r"^:|>>>|::|[{}|]|`[^`]*[()\[\]][^`]*`|[^\x00-\x7f]"),
        ("names a variable", r"\w_\w"),  # the code has it no longer
        ("goes on elsewhere", r"[:,]\.?$|\b(following|as follows)\b"),
    )
)

_ROLE = re.compile(r":[\w:]+:`~?([^`<]*?)(?:\s*<[^`]*>)?`")  # :func:`sorted`, :class:`~a.B`, :ref:`text <x>`
_EMPHASIS = re.compile(r"(?<!\w)\*{1,2}(\w(?:[^*]*\w)?)\*{1,2}(?!\w)")  # *x*, but not A*
_MARKUP = re.compile(r"``?|(?<!\w)\*+(?=\w)|(?<=\w)_+(?!\w)")  # ``x``, *args, x_
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z`*\"'(])")
_ABBREVIATION = re.compile(r"\b(e\.g|i\.e|etc|vs|cf|approx)\.$")


def first_sentence(docstring: str) -> str:
    """The first sentence of a docstring as plain text with a full stop: markup and line ends are gone.

    >>> first_sentence("Return the ``n``-th :func:`prime`\\n  of *xs*.  Raises on 0.\\n\\nMore.")
    'Return the n-th prime of xs.'
    """
    paragraph = re.split(r"\n\s*\n|\n\s*(?:>>>|:param|Args:|Parameters\b|\.\. )", docstring.strip())[0]
    plain = _MARKUP.sub("", _EMPHASIS.sub(r"\1", _ROLE.sub(r"\1", " ".join(paragraph.split()))))
    parts = _END.split(plain)
    sentence = parts[0]
    for part in parts[1:]:  # 'e.g. A' is no end
        if not _ABBREVIATION.search(sentence):
            break
        sentence = f"{sentence} {part}"
    return sentence if sentence.endswith((".", "!", "?", ":")) else f"{sentence}."


def vague_because(sentence: str, name: str) -> str:
    """Why a sentence does not say what its function does, '' if it seems to.

    name: of the function. A sentence that names it would be told by the name, which the code does not have;
    a word that is also ordinary English ('unique') is no such name.

    >>> vague_because("See the documentation of the other one.", "f")
    'points elsewhere'
    >>> vague_because("Return the sum of all even numbers.", "sum_even")
    ''
    """
    count = len(sentence.split())
    if not FEWEST_WORDS <= count <= MOST_WORDS:
        return f"{count} words"
    if ("_" in name and name in sentence) or re.search(rf"\b{re.escape(name)}\(", sentence):
        return "names its function"
    return next((reason for reason, pattern in VAGUE if pattern.search(sentence)), "")
