"""Explanations beside the truth, as plain rows: what the error browser and the audit show.

A row is one snippet with what the teacher said, and the student if there is one. What became of each claim is
a *fate*; the fates have the meaning that they have in the ledger of `metrics`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from w2s_course.errors import unknown_name
from w2s_course.judging.claims import Unreadable, parse
from w2s_course.judging.execution import Verdict, judge
from w2s_course.learn.plain_errors import friendly_errors
from w2s_course.metrics import keep_ledger
from w2s_course.snippets.concepts import SLOTS, Slot
from w2s_course.snippets.grammar import Snippet

if TYPE_CHECKING:
    from w2s_course.learn.lesson import Lesson

ALL = "all"
PAIR_KINDS: Mapping[str, str] = {
    "inherited": "the student repeats a wrong claim of its teacher",
    "still wrong": "the teacher was wrong, and the student is wrong in another way",
    "invented": "the student is wrong where its teacher was right",
    "corrected": "the student is right where its teacher was wrong",
    "both right": "nothing is wrong",
}
LABEL_KINDS: Mapping[str, str] = {"wrong": "the label is wrong", "right": "the label is right"}
KINDS: Mapping[str, str] = {**PAIR_KINDS, **LABEL_KINDS}


@dataclass(frozen=True)
class Row:
    """One snippet and what was said about it.

    number: from 0, in its split. truth: the gold sentence.
    teacher_wrong, student_wrong: the slots whose claim is wrong, all of them for an unreadable sentence.
    student: None where no student has answered. confidence: the teacher's, where it is known.
    fates: slot -> a kind, for each claim that one of the two has wrong. kinds: all that apply to this row.
    """

    number: int
    code: str
    style: str
    truth: str
    teacher: str
    teacher_wrong: tuple[Slot, ...]
    student: str | None = None
    student_wrong: tuple[Slot, ...] = ()
    confidence: float | None = None
    fates: Mapping[Slot, str] = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[str, ...]:
        if self.student is None:
            return ("wrong",) if self.teacher_wrong else ("right",)
        return tuple(kind for kind in PAIR_KINDS if kind in self.fates.values()) or ("both right",)

    @property
    def right(self) -> bool:
        """Whether the teacher's whole sentence is true: the judge's answer in an audit."""
        return not self.teacher_wrong


@friendly_errors()
def error_rows(lesson: Lesson) -> list[Row]:
    """The test snippets with the weak teacher's and its student's explanations, judged.

    Computes the stage weak_to_strong if the cache does not hold it.
    """
    from w2s_course.results import answers_of, confidences_of, slots_of

    folders = lesson.stages("weak_to_strong")
    teacher, student = (answers_of(arm, folders) for arm in ("weak", "weak_to_strong"))
    said = zip(lesson.splits["test"], teacher, student, confidences_of("weak", folders), strict=True)
    slots = slots_of(lesson.config)
    return [
        pair_row(number, snippet, weak, strong, slots, confidence)
        for number, (snippet, weak, strong, confidence) in enumerate(said)
    ]


@friendly_errors()
def label_rows(lesson: Lesson) -> list[Row]:
    """The pool with its weak labels and their confidences, judged; there is no student yet.

    Computes the stage labels if the cache does not hold it.
    """
    from w2s_course.labeling import load_labels
    from w2s_course.results import slots_of

    labels, slots = load_labels(lesson.stage("labels")), slots_of(lesson.config)
    said = zip(lesson.splits["pool"], labels["explanation"], labels["confidence"], strict=True)
    return [label_row(number, *each, slots) for number, each in enumerate(said)]


def label_row(
    number: int,
    snippet: Snippet,
    text: str,
    confidence: float | None = None,
    slots: Sequence[Slot] = SLOTS,
) -> Row:
    """The row of one label, judged.

    >>> from w2s_course.snippets.grammar import make_splits
    >>> snippet = make_splits({"test": 1}, seed=0)["test"][0]
    >>> label_row(0, snippet, snippet.explanation).right
    True
    """
    wrong = _wrong(judge(text, snippet.code, snippet.claims), slots)
    facts = (number, snippet.code, snippet.style, snippet.explanation)
    return Row(*facts, teacher=text, teacher_wrong=wrong, confidence=confidence)


def pair_row(
    number: int,
    snippet: Snippet,
    teacher: str,
    student: str,
    slots: Sequence[Slot] = SLOTS,
    confidence: float | None = None,
) -> Row:
    """The row of one snippet that teacher and student explained.

    >>> from w2s_course.snippets.grammar import make_splits
    >>> snippet = make_splits({"test": 1}, seed=0)["test"][0]
    >>> pair_row(0, snippet, snippet.explanation, snippet.explanation).kinds
    ('both right',)
    """
    one, other = (judge(text, snippet.code, snippet.claims) for text in (teacher, student))
    fates = {slot: fate for slot in slots if (fate := _fate(one, other, slot))}
    return Row(
        *(number, snippet.code, snippet.style, snippet.explanation),
        teacher=teacher,
        teacher_wrong=_wrong(one, slots),
        student=student,
        student_wrong=_wrong(other, slots),
        confidence=confidence,
        fates=fates,
    )


def _wrong(verdict: Verdict, slots: Sequence[Slot]) -> tuple[Slot, ...]:
    return tuple(slot for slot in slots if not verdict.claims[slot])


def _fate(teacher: Verdict, student: Verdict, slot: Slot) -> str:
    """What became of one claim; '' where both have it right."""
    entry = keep_ledger(teacher, student, [slot])
    if entry.wrong:
        return "corrected" if entry.corrected else "inherited" if entry.inherited else "still wrong"
    return "invented" if entry.invented else ""


@friendly_errors()
def filter_rows(rows: Sequence[Row], kind: str = ALL, slot: str = ALL) -> list[Row]:
    """The rows of a kind, with an error in a slot, or with an error of that kind in that slot.

    kind: of `KINDS`, or 'all'. slot: aggregate, transform, condition or view, or 'all'.
    Raises: Friendly for any other name.
    """
    if kind != ALL and kind not in KINDS:
        raise unknown_name("kind of row", kind, [ALL, *KINDS])
    if slot != ALL and slot not in SLOTS:
        raise unknown_name("slot", slot, [ALL, *SLOTS])

    def wanted(row: Row) -> bool:
        if slot == ALL:
            return kind in (ALL, *row.kinds)
        if kind in (ALL, *LABEL_KINDS):
            touched = slot in {*row.teacher_wrong, *row.student_wrong}
            return touched and kind in (ALL, *row.kinds)
        return row.fates.get(slot) == kind  # type: ignore[call-overload, no-any-return]

    return [row for row in rows if wanted(row)]


# --- one row, in words and as HTML


def show_row(row: Row, truth: bool = True) -> str:
    """A row as plain text, wrong claims in [[double brackets]] and named.

    truth: False hides the truth and all that gives it away, as an audit must.
    """
    lines = [f"Snippet {row.number} ({row.style})", row.code, ""]
    lines += [f"{name + ':':9}{text}" for name, text in _sentences(row, truth, as_html=False)]
    if truth:
        lines.append(f"{'kind:':9}{kind_text(row)}")
    return "\n".join(lines)


# A tint that lets the page's own text and background through, so that it reads in light and in dark.
_TINTED = '<strong style="text-decoration: underline wavy; background: rgba(213, 94, 0, 0.22)">'
_CODE = (
    "margin: 4px 0; padding: 6px 10px; border-left: 3px solid; overflow-x: auto; background: transparent; "
    "color: inherit"
)


def row_html(row: Row, truth: bool = True) -> str:
    """As `show_row`, as HTML in the page's own colours; wrong claims are underlined and named."""
    sentences = _sentences(row, truth, as_html=True)
    listed = "".join(
        f'<tr><th scope="row" style="text-align: left; padding-right: 1em; vertical-align: top">{name}</th>'
        f'<td style="text-align: left">{text}</td></tr>'
        for name, text in [*sentences, *([("kind", html.escape(kind_text(row)))] if truth else [])]
    )
    return (
        f'<div style="margin-top: 10px">Snippet {row.number} ({html.escape(row.style)})</div>'
        f"{code_html(row.code, f'Code of snippet {row.number}')}<table>{listed}</table>"
    )


def code_html(code: str, name: str = "Code") -> str:
    """Code as a block that the keyboard can reach and scroll. name: what a screen reader says of it."""
    return f'<pre tabindex="0" role="group" aria-label="{name}" style="{_CODE}">{html.escape(code)}</pre>'


def kind_text(row: Row) -> str:
    """What the row is an example of, with the slots: 'inherited (condition), corrected (transform)'."""
    if not row.fates:
        return ", ".join(row.kinds)
    by_kind = {kind: [slot for slot, fate in row.fates.items() if fate == kind] for kind in row.kinds}
    return ", ".join(f"{kind} ({', '.join(slots)})" for kind, slots in by_kind.items())


def _sentences(row: Row, truth: bool, as_html: bool) -> list[tuple[str, str]]:
    """Who said what, marked up; without the truth, the teacher's bare sentence."""
    if not truth:
        return [("label", marked(row.teacher, (), as_html))]
    sure = "" if row.confidence is None else f" (confidence {row.confidence:.0%})"
    said = [
        ("truth", marked(row.truth, (), as_html)),
        ("teacher", marked(row.teacher, row.teacher_wrong, as_html) + sure),
    ]
    if row.student is not None:
        said.append(("student", marked(row.student, row.student_wrong, as_html)))
    return said


def marked(sentence: str, wrong: Sequence[Slot], as_html: bool = False) -> str:
    """A sentence with its wrong claims marked where they stand, and named at its end.

    >>> marked("Returns the sum of the odd numbers.", ["condition"])
    'Returns the sum of the [[odd numbers]].  <- wrong: condition'
    >>> marked("Nonsense.", ["aggregate", "condition"])
    'Nonsense.  <- unreadable'
    """
    quote = html.escape if as_html else str
    if not wrong:
        return quote(sentence)
    opening, closing = (_TINTED, "</strong>") if as_html else ("[[", "]]")
    spans, readable = _wrong_spans(sentence, wrong)
    parts, at = [], 0
    for start, end in spans:
        parts += [quote(sentence[at:start]), opening, quote(sentence[start:end]), closing]
        at = end
    parts.append(quote(sentence[at:]))
    note = f"wrong: {', '.join(wrong)}" if readable else "unreadable"
    return "".join(parts) + (f" <em>({note})</em>" if as_html else f"  <- {note}")


def _wrong_spans(sentence: str, wrong: Sequence[Slot]) -> tuple[list[tuple[int, int]], bool]:
    """Where the words of the wrong claims stand, in order, and whether the sentence can be read at all.

    A claim that is made by saying nothing ('the numbers' for 'the squares of the numbers') has no words.
    """
    claims = parse(sentence)
    if isinstance(claims, Unreadable):
        return [], False
    spans: list[tuple[int, int]] = []
    for slot in wrong:
        claim = claims[slot]
        phrases = sorted((p.format(k=claim.k) for p in claim.concept.phrases if p), key=len, reverse=True)
        for phrase in phrases:
            found = re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", sentence, re.IGNORECASE)
            if found and not any(start < found.end() and found.start() < end for start, end in spans):
                spans.append(found.span())
                break
    return sorted(spans), True
