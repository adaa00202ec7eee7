"""The verdict as a text: its template, its parts, and its numbers, filled in by key."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from w2s_course.errors import UsageError
from w2s_course.learn.evidence import Evidence, Value

LONGEST_VALUE = 600
"""Letters that may stand in the place of a key: the value and its source, or why there is none."""


class Section(NamedTuple):
    """One part of the template. word: what its heading must hold; asks: guidance, which is never counted;
    evidence: whether it needs a key."""

    title: str
    word: str
    asks: str
    evidence: bool = False


SECTIONS: tuple[Section, ...] = (
    Section("Claim", "claim", "Sound, not sound or undecided: of which decision, for whom, on what "
    "conditions?"),
    Section(
        "Main advantage", "advantage",
        "One advantage. How large, with which interval, and beside which rival of the same cost?", True,
    ),
    Section(
        "Most significant risk", "risk",
        "One risk. Shown by what, who would be hurt, and who would notice?", True,
    ),
    Section("Ceiling", "ceiling", "How far can this go? What do more labels, or a better teacher, change?"),
    Section("Remedies", "remed", "What was tried, what did it change here, what was not shown?"),
    Section("What would reverse the verdict", "revers", "Which measurement, and from which value on?"),
    Section(
        "Limits of my own experiment", "limit",
        "What can this design not show? Which of your predictions failed, and what does that tell?",
    ),
)  # fmt: skip

TEMPLATE = "\n\n".join(f"#### {s.title}\n<!-- {s.asks} -->" for s in SECTIONS) + "\n"
"""To be copied into the essay's cell. The comments are not shown when the cell is rendered, and not
counted."""

KEY = re.compile(r"\{\{([^{}]*)\}\}")  # with its spaces: to match them apart takes cubic time
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_WORD = re.compile(r"\w(?:[\w'’.-]*\w)?")
_PRICE = re.compile(r"\$(?=\d)")


@dataclass(frozen=True)
class Filled:
    """An essay with its numbers. text: Markdown; used: key -> value, each once, in the order of the text;
    unknown: what stands in braces and is no key; missing: keys that have no value."""

    text: str
    used: dict[str, Value] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(name for name, value in self.used.items() if value.missing)

    def _repr_markdown_(self) -> str:
        return with_prices(self.text)

    def __repr__(self) -> str:
        return self.text


def fill(text: str, evidence: Evidence) -> Filled:
    """The essay with each `{{key}}` replaced by its value and, in brackets, its source. Never raises.

    What is no key, or has no value, is named in its place: a gap that a reader sees. A reason is given once.

    >>> fill("PGR was {{pgr}}; {{pgrr}}.", Evidence(None, [])).unknown
    ('pgrr',)
    """
    used: dict[str, Value] = {}
    unknown: list[str] = []
    told: set[str] = set()

    def replaced(match: re.Match[str]) -> str:
        name = match[1].strip()
        try:
            used[name] = evidence.value(name)
        except UsageError as problem:
            unknown.append(name)
            return f"[{str(problem).partition(' Known:')[0].rstrip('.')}]"  # not the whole list, amid a text
        found = used[name]
        if found.missing in told:
            return f"[{name} not measured, as above]"
        if found.missing:
            told.add(found.missing)
        return f"[{name} {found}]" if found.missing else str(found)

    return Filled(KEY.sub(replaced, without_guidance(text)), used, tuple(dict.fromkeys(unknown)))


def is_filled(shown: str, text: str) -> bool:
    """Whether `shown` is this very essay with something in the place of each key, as a notebook shows it.

    Never raises, and takes no longer for a text that was made to be slow.

    >>> is_filled("PGR was 0.38 [own run].", "PGR was {{pgr}}."), is_filled("Another.", "PGR was {{pgr}}.")
    (True, False)
    """
    first, *others = (with_prices(part) for part in KEY.split(without_guidance(text))[::2])
    if not others or not shown.startswith(first):
        return False
    place = len(first)
    for part in others[:-1]:
        place = shown.find(part, place, place + LONGEST_VALUE + len(part))
        if place < 0:
            return False
        place += len(part)
    return shown.endswith(others[-1]) and 0 <= len(shown) - len(others[-1]) - place <= LONGEST_VALUE


def without_guidance(text: str) -> str:
    """The text without its comments, closed or not."""
    return _COMMENT.sub("", text)


def keys_in(text: str) -> set[str]:
    """The keys that the argument cites.

    >>> keys_in("{{pgr}} <!-- {{gain}} -->")
    {'pgr'}
    """
    return {key.strip() for key in KEY.findall(without_guidance(text))}


def word_count(text: str) -> int:
    """Words of the argument: headings and guidance left out, a key is one word.

    >>> word_count("#### Claim\\n<!-- What? -->It is **not** sound: {{gain}}.")
    5
    """
    body = _HEADING.sub("", without_guidance(text))
    return len(_WORD.findall(KEY.sub(" key ", body)))


def with_prices(text: str) -> str:
    """Markdown in which a price stays a price: between two dollar signs a notebook would set a formula.

    A backslash before the sign helps on most sites, but not in JupyterLab.

    >>> with_prices("For $2.")
    'For <span>&#36;</span>2.'
    """
    return _PRICE.sub("<span>&#36;</span>", text)


def sections_of(text: str) -> dict[str, str]:
    """Title of a section of the template -> what stands below its heading, for those that are there.

    A heading counts by the first word in it that is a section's, whatever its level and case; below a second
    one of a kind the text is added.

    >>> sections_of("# CLAIM\\nSound.\\n# Limits of my claim\\nOne task.")
    {'Claim': 'Sound.', 'Limits of my own experiment': 'One task.'}
    """
    found: dict[str, str] = {}
    text = without_guidance(text)
    heads = list(_HEADING.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    for head, end in zip(heads, ends, strict=False):  # without any heading there is one end and no head
        title = _section_named(head[1])
        if title:
            body = text[head.end() : end].strip()
            found[title] = f"{found.get(title, '')}\n{body}".strip()
    return found


def _section_named(heading: str) -> str:
    """The title of the section that a heading means; '' if it names none."""
    said = heading.lower()
    places = [(said.find(s.word), s.title) for s in SECTIONS if s.word in said]
    return min(places, default=(0, ""))[1]


def other_headings(text: str) -> list[str]:
    """Headings that name no section of the template."""
    heads = [head[1] for head in _HEADING.finditer(without_guidance(text))]
    return [head for head in heads if not _section_named(head)]
