"""The verdict's feedback: what can be counted of an essay, and what a revision changed.

Nothing here judges an argument. The feedback counts what can be counted, and says so; people mark the rest,
by `rubric.CRITERIA`. What an essay is made of says `essay_text`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from w2s_course.learn.display import note
from w2s_course.learn.essay_text import (
    KEY,
    SECTIONS,
    TEMPLATE,
    Filled,
    fill,
    is_filled,
    keys_in,
    other_headings,
    sections_of,
    with_prices,
    without_guidance,
    word_count,
)
from w2s_course.learn.evidence import PREDICTION, Evidence
from w2s_course.wording import plural

__all__ = ["TEMPLATE", "compare_versions", "feedback", "fill", "is_filled", "with_prices"]

SHORTEST, LONGEST = 600, 900
"""Words, without headings, guidance and braces; a key counts as one."""
LEAST_KEYS = 5
"""Different evidence keys that have a value, predictions not counted."""
_RECORDED = "run `evidence = gather()`, then this cell again"
"""How the recorded runs are cited in the place of one's own."""
STRUCTURE_ONLY = (
    "This counts structure only. Whether the argument is good is for people to say, by the rubric."
)

_CLOSED = re.compile(r"<!--.*?-->", re.DOTALL)
_UNIT = r"%|(?:percentage )?points?\b|pp\b|per ?cent\b|dollars?\b|cents?\b|(?:out )?of (?:the )?\d+"
_TYPED = re.compile(
    rf"(?<![\w.])[-+]?\$?(?:\d+(?:[.,]\d+)*|\.\d+)[ \xa0-]?(?:{_UNIT})|\$\d|(?<![\w.])0?\.\d+",
    re.IGNORECASE,
)
_LOOKED_FOR = "percent, points, shares such as 0.31, counts such as 139 of 200, money"


class Line(NamedTuple):
    """One thing that was counted: whether it is there, and in words."""

    ok: bool
    text: str


@dataclass(frozen=True)
class Feedback:
    """What can be counted of an essay. refusal: why its evidence cannot be handed in at all, or ''."""

    lines: tuple[Line, ...]
    refusal: str = ""

    @property
    def complete(self) -> bool:
        """Whether everything that was counted is there, and the evidence is some."""
        return not self.refusal and all(line.ok for line in self.lines)

    def _told(self) -> Iterator[tuple[bool, str]]:
        if self.refusal:
            yield False, f"Not to be handed in with this evidence: {self.refusal} ({_RECORDED})."
        yield from self.lines

    def __str__(self) -> str:
        marked = [f"{'✓' if ok else '·'} {text}" for ok, text in self._told()]
        return "\n".join([*marked, STRUCTURE_ONLY])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        items = "".join(
            f"<li>{'✓' if ok else '<strong>to do:</strong>'} {with_prices(escape(text))}</li>"
            for ok, text in self._told()
        )
        body = f'<ul style="list-style: none; padding-left: 0">{items}</ul><p>{STRUCTURE_ONLY}</p>'
        return note("right" if self.complete else "plain", body)


def feedback(text: str, evidence: Evidence) -> Feedback:
    """What can be counted: sections, evidence, predictions, length. Never raises, also for an empty essay."""
    parts, filled = sections_of(text), fill(text, evidence)
    cited = [n for n, v in filled.used.items() if not v.missing and not n.startswith(PREDICTION)]
    lines = [
        _sections(parts, other_headings(text)),
        _citing(parts, set(cited)),
        Line(
            len(cited) >= LEAST_KEYS,
            f"{plural(len(cited), 'evidence key')} with a value, at least {LEAST_KEYS} different ones wanted",
        ),
        _gaps(filled),
        _predictions(filled, evidence),
        _length(word_count(text)),
        _typed(text),
    ]
    if "<!--" in _CLOSED.sub("", text):
        lines.insert(0, Line(False, "a comment begins with <!-- and has no -->: all text after it is hidden"))
    return Feedback(tuple(lines), evidence.refusal)


def _sections(parts: dict[str, str], others: Sequence[str]) -> Line:
    empty = [s.title for s in SECTIONS if not parts.get(s.title)]
    said = (
        f"sections without text: {'; '.join(empty)}" if empty else f"all {len(SECTIONS)} sections have text"
    )
    if others:
        said += f" (headings of no section, whose text counts for none: {'; '.join(others)})"
    return Line(not empty, said)


def _citing(parts: dict[str, str], cited: set[str]) -> Line:
    """cited: the keys that have a value."""
    bare = [s.title for s in SECTIONS if s.evidence and not cited & keys_in(parts.get(s.title, ""))]
    return Line(
        not bare,
        f"no evidence cited in: {'; '.join(bare)} (a key counts if it has a value)"
        if bare
        else "advantage and risk each cite evidence",
    )


def _gaps(filled: Filled) -> Line:
    by_reason: dict[str, list[str]] = {}
    for name in filled.missing:
        by_reason.setdefault(filled.used[name].missing, []).append(f"{{{{{name}}}}}")
    gaps = [f"{{{{{name}}}}} is no key" for name in filled.unknown]
    gaps += [f"not measured: {', '.join(names)} ({reason})" for reason, names in by_reason.items()]
    return Line(not gaps, "; ".join(gaps) if gaps else "every key in braces has a value")


def _predictions(filled: Filled, evidence: Evidence) -> Line:
    revisited = [n for n, v in filled.used.items() if n.startswith(PREDICTION) and not v.missing]
    if revisited:
        return Line(True, f"{plural(len(revisited), 'prediction')} revisited")
    known = [f"{{{{{PREDICTION}{id}}}}}" for id in evidence.predictions][:3]
    how = (
        f"cite one, such as {', '.join(known)}"
        if known
        else "none is kept in this folder; say so in the text"
    )
    return Line(False, f"no prediction revisited: {how}")


def _length(count: int) -> Line:
    return Line(
        SHORTEST <= count <= LONGEST, f"{plural(count, 'word')}; {SHORTEST} to {LONGEST} are asked for"
    )


def _typed(text: str) -> Line:
    numbers = _TYPED.findall(KEY.sub(" ", without_guidance(text)))
    shown = ", ".join(dict.fromkeys(n.strip() for n in numbers[:4]))
    return Line(
        not numbers,
        f"numbers typed by hand ({shown}): is there a key, or a source to name?"
        if numbers
        else f"no number typed by hand was found (looked for: {_LOOKED_FOR})",
    )


def compare_versions(first: str, second: str) -> str:
    """What a revision changed, by sections and counts: for the writer, and for whoever marks the revision.

    >>> compare_versions("# Claim\\nSound.", "# Claim\\nUndecided. {{pgr}}")
    '1 section changed: Claim. Words: 1, then 2. Keys added: pgr; dropped: none.'
    """
    if not word_count(second):
        return "Nothing is written yet in the second version."
    one, two = sections_of(first), sections_of(second)
    changed = [s.title for s in SECTIONS if one.get(s.title, "") != two.get(s.title, "")]
    keys = [keys_in(text) for text in (first, second)]
    added, dropped = keys[1] - keys[0], keys[0] - keys[1]
    where = f": {', '.join(changed)}" if changed else ""
    return (
        f"{plural(len(changed), 'section')} changed{where}. Words: {word_count(first)}, then "
        f"{word_count(second)}. Keys added: {_listed(sorted(added))}; dropped: {_listed(sorted(dropped))}."
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"
