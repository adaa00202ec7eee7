"""The verdict as a text: its template, its numbers filled in by key, and feedback on its structure.

Nothing here judges an argument. The feedback counts what can be counted, and says so; people mark the rest,
by `rubric.CRITERIA`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

from w2s_course.errors import UsageError
from w2s_course.learn.display import note
from w2s_course.learn.evidence import PREDICTION, Evidence, Value
from w2s_course.wording import plural

SHORTEST, LONGEST = 600, 900
"""Words, without headings, guidance and braces; a key counts as one."""
LEAST_KEYS = 5
"""Different evidence keys that have a value, predictions not counted."""
LONGEST_VALUE = 600
"""Letters that may stand in the place of a key: the value and its source, or why there is none."""
_RECORDED = "run `evidence = gather()`, then this cell again"
"""How the recorded runs are cited in the place of one's own."""
STRUCTURE_ONLY = (
    "This counts structure only. Whether the argument is good is for people to say, by the rubric."
)


class Section(NamedTuple):
    """One part of the template. words: what its heading must hold; asks: guidance, which is never counted;
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
"""To be copied into the essay's cell. The comments are not shown when the cell is rendered, and not "
"counted."""

_KEY = re.compile(r"\{\{([^{}]*)\}\}")  # with its spaces: to match them apart takes cubic time
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_CLOSED = re.compile(r"<!--.*?-->", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_WORD = re.compile(r"\w(?:[\w'’.-]*\w)?")
_PRICE = re.compile(r"\$(?=\d)")
_UNIT = r"%|(?:percentage )?points?\b|pp\b|per ?cent\b|dollars?\b|cents?\b|(?:out )?of (?:the )?\d+"
_TYPED = re.compile(
    rf"(?<![\w.])[-+]?\$?(?:\d+(?:[.,]\d+)*|\.\d+)[ \xa0-]?(?:{_UNIT})|\$\d|(?<![\w.])0?\.\d+",
    re.IGNORECASE,
)
_LOOKED_FOR = "percent, points, shares such as 0.31, counts such as 139 of 200, money"


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

    return Filled(_KEY.sub(replaced, _COMMENT.sub("", text)), used, tuple(dict.fromkeys(unknown)))


def is_filled(shown: str, text: str) -> bool:
    """Whether `shown` is this very essay with something in the place of each key, as a notebook shows it.

    Never raises, and takes no longer for a text that was made to be slow.

    >>> is_filled("PGR was 0.38 [own run].", "PGR was {{pgr}}."), is_filled("Another.", "PGR was {{pgr}}.")
    (True, False)
    """
    first, *others = (with_prices(part) for part in _KEY.split(_COMMENT.sub("", text))[::2])
    if not others or not shown.startswith(first):
        return False
    place = len(first)
    for part in others[:-1]:
        place = shown.find(part, place, place + LONGEST_VALUE + len(part))
        if place < 0:
            return False
        place += len(part)
    return shown.endswith(others[-1]) and 0 <= len(shown) - len(others[-1]) - place <= LONGEST_VALUE


def _keys(text: str) -> set[str]:
    return {key.strip() for key in _KEY.findall(text)}


def word_count(text: str) -> int:
    """Words of the argument: headings and guidance left out, a key is one word.

    >>> word_count("#### Claim\\n<!-- What? -->It is **not** sound: {{gain}}.")
    5
    """
    body = _HEADING.sub("", _COMMENT.sub("", text))
    return len(_WORD.findall(_KEY.sub(" key ", body)))


def with_prices(text: str) -> str:
    """Markdown in which a price stays a price: between two dollar signs a notebook would set a formula.

    A backslash before the sign helps on most sites, but not in JupyterLab.

    >>> with_prices("For $2.")
    'For <span>&#36;</span>2.'
    """
    return _PRICE.sub("<span>&#36;</span>", text)


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


def sections_of(text: str) -> dict[str, str]:
    """Title of a section of the template -> what stands below its heading, for those that are there.

    A heading counts by the first word in it that is a section's, whatever its level and case; below a second
    one of a kind the text is added.

    >>> sections_of("# CLAIM\\nSound.\\n# Limits of my claim\\nOne task.")
    {'Claim': 'Sound.', 'Limits of my own experiment': 'One task.'}
    """
    found: dict[str, str] = {}
    text = _COMMENT.sub("", text)
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


def _other_headings(text: str) -> list[str]:
    heads = [head[1] for head in _HEADING.finditer(_COMMENT.sub("", text))]
    return [head for head in heads if not _section_named(head)]


def feedback(text: str, evidence: Evidence) -> Feedback:
    """What can be counted: sections, evidence, predictions, length. Never raises, also for an empty essay."""
    parts, filled = sections_of(text), fill(text, evidence)
    cited = [n for n, v in filled.used.items() if not v.missing and not n.startswith(PREDICTION)]
    lines = [
        _sections(parts, _other_headings(text)),
        _keys_in(parts, set(cited)),
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


def _keys_in(parts: dict[str, str], cited: set[str]) -> Line:
    """cited: the keys that have a value."""
    bare = [s.title for s in SECTIONS if s.evidence and not cited & _keys(parts.get(s.title, ""))]
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
    numbers = _TYPED.findall(_KEY.sub(" ", _COMMENT.sub("", text)))
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
    keys = [_keys(_COMMENT.sub("", text)) for text in (first, second)]
    added, dropped = keys[1] - keys[0], keys[0] - keys[1]
    where = f": {', '.join(changed)}" if changed else ""
    return (
        f"{plural(len(changed), 'section')} changed{where}. Words: {word_count(first)}, then "
        f"{word_count(second)}. Keys added: {_listed(sorted(added))}; dropped: {_listed(sorted(dropped))}."
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"
