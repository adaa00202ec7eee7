"""A peer-review sheet: two essays without names, the rubric, and room for reasons. Markdown and JSON.

The same two essays make the same sheet, in an order that says nothing of who is who.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from w2s_course.blocks import table
from w2s_course.cache import digest
from w2s_course.disk import write_atomically
from w2s_course.learn.friendly import Mistake
from w2s_course.learn.rubric import CRITERIA, checked_scores

SCHEMA = 1
LETTERS = ("A", "B")
QUESTIONS = (
    "Which sentence convinced you most, and by which evidence?",
    "Which sentence says more than its evidence? Quote it.",
    "What speaks against the verdict and is not in the essay?",
)
"""Beside the scores: what a writer can revise by."""
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SIGNED = re.compile(
    r"[ \t>*_#-]*(?:author|name|written by|student (?:name|id))[*_]*[ \t]*:.*", re.IGNORECASE
)
SIGNED_LINES, LONGEST_SIGNATURE = 5, 80
"""A text is signed within its first lines or in its last one, on a short line. A paragraph is a line too."""
_PRICE = re.compile(r"(?<!`)\$\d(?:[\d.,]*\d)?")
"""In the Markdown it stands as code: what is between two dollar signs may be shown as a formula."""
_GONE = "[removed]"


def anonymous(text: str, names: Sequence[str] = ()) -> str:
    """A text without addresses, short lines that sign it at its top or its end, and the names given.

    It knows no other names: a writer who speaks of their employer is still known. Look before you send it.
    Raises: Mistake where `names` is one text.

    >>> anonymous("Author: Ada\\nAda doubts it (ada@example.org).", ["Ada"])
    '[removed]\\n[removed] doubts it ([removed]).'
    """
    if isinstance(names, str):
        raise Mistake(f"The names are a list: names=[{names!r}].")
    text = _unsigned(_MAIL.sub(_GONE, text))
    for name in sorted(filter(str.strip, names), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name.strip())}(?!\w)", _GONE, text, flags=re.IGNORECASE)
    return text


def _unsigned(text: str) -> str:
    lines = text.split("\n")
    written = [i for i, line in enumerate(lines) if line.strip()]
    for i in {*written[:SIGNED_LINES], *written[-1:]}:
        if len(lines[i].strip()) <= LONGEST_SIGNATURE and _SIGNED.fullmatch(lines[i]):
            lines[i] = _GONE
    return "\n".join(lines)


@dataclass
class Sheet:
    """Two essays to be reviewed. essays: letter -> text; scores: letter -> criterion -> level, once given;
    notes: letter -> answers to `QUESTIONS`."""

    essays: Mapping[str, str]
    scores: dict[str, dict[str, int]] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)

    def review(self, letter: str, scores: Mapping[str, int], notes: Sequence[str]) -> None:
        """Put down the levels and reasons for one essay; again, to change them.

        Raises: Mistake for an unknown essay, a missing or wrong level, or an answer without a word: a level
            without a reason helps nobody to revise.
        """
        if letter not in self.essays:
            raise Mistake(f"There is no essay {letter!r}. The sheet has {' and '.join(self.essays)}.")
        if not isinstance(scores, Mapping):
            raise Mistake(f"The levels are a dict, such as {{{CRITERIA[0].key!r}: 3, ...}}, one a criterion.")
        if not isinstance(notes, list | tuple) or len(notes) != len(QUESTIONS) or not all(map(_says, notes)):
            raise Mistake(f"Answer each of the {len(QUESTIONS)} questions, in words: {' '.join(QUESTIONS)}")
        self.scores[letter] = checked_scores(scores)
        self.notes[letter] = [str(note).strip() for note in notes]

    @property
    def complete(self) -> bool:
        """Whether both essays are reviewed."""
        return set(self.scores) == set(self.essays)

    def markdown(self) -> str:
        """The sheet as Markdown: the essays as quotations, what is still open as blanks."""
        parts = ["# Peer review of two verdicts", _HOW]
        for letter, text in self.essays.items():
            parts += [
                f"## Essay {letter}",
                _quoted(_PRICE.sub(r"`\g<0>`", text)),
                f"### Review of essay {letter}",
                self._table(letter),
            ]
            given = self.notes.get(letter, [""] * len(QUESTIONS))
            for question, answer in zip(QUESTIONS, given, strict=True):
                parts += [f"**{question}**", _quoted(answer) if answer else "________"]
        return "\n\n".join(parts) + "\n"

    def _table(self, letter: str) -> str:
        scores = self.scores.get(letter, {})
        rows = [(c.title, c.asks, str(scores.get(c.key, "__"))) for c in CRITERIA]
        return table(("criterion", "it asks", "level, 1 to 4"), rows)

    def as_dict(self) -> dict[str, Any]:
        """The sheet as plain data."""
        return {
            "schema_version": SCHEMA,
            "kind": "w2s peer review",
            "complete": self.complete,
            "criteria": {c.key: {"title": c.title, "levels": list(c.levels)} for c in CRITERIA},
            "questions": list(QUESTIONS),
            "reviews": [
                {
                    "essay": letter,
                    "text": text,
                    "scores": self.scores.get(letter),
                    "notes": self.notes.get(letter),
                }
                for letter, text in self.essays.items()
            ],
        }

    def export(self, folder: Path | str = ".") -> tuple[Path, Path]:
        """Write peer_review.md and peer_review.json into `folder`; their paths.

        Raises: Mistake where there is no such folder.
        """
        target = Path(folder)
        if not target.is_dir():
            raise Mistake(f"There is no folder {target}. Make it first, or give another.")
        written = target / "peer_review.md", target / "peer_review.json"
        write_atomically(written[0], self.markdown())
        write_atomically(written[1], json.dumps(self.as_dict(), indent=1, ensure_ascii=False) + "\n")
        return written


_HOW = (
    "Read both essays before you give a level. Give each criterion its own level: a good verdict may have "
    "weak limits. You judge the argument, not whether you agree: sound, not sound and undecided are equal."
)


def make_sheet(one: str, other: str, names: Sequence[str] = ()) -> Sheet:
    """A sheet of two essays, with names taken out, in an order that follows from the texts alone.

    names: of the writers, to be taken out. Raises: Mistake where an essay is empty, both are the same, or
    the names are no list.
    """
    texts = [anonymous(text, names).strip() for text in (one, other)]
    if not all(texts):
        raise Mistake("An essay is empty. A review needs two texts; take an anchor essay as the second.")
    if texts[0] == texts[1]:
        raise Mistake("Both essays are the same text. Give two different ones.")
    return Sheet(dict(zip(LETTERS, sorted(texts, key=digest), strict=True)))


def read_sheet(path: Path | str) -> Sheet:
    """A sheet from its JSON, with its reviews.

    Raises: Mistake for a file that is none.
    """
    try:
        data = json.loads(Path(path).read_text("utf-8"))
        if data["schema_version"] != SCHEMA:
            raise ValueError(f"schema_version {data['schema_version']}")
        sheet = Sheet({str(each["essay"]): str(each["text"]) for each in data["reviews"]})
        for each in data["reviews"]:
            if each["scores"] is not None:
                sheet.review(str(each["essay"]), each["scores"], each["notes"])
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise Mistake(f"{path} is no peer-review sheet ({problem}). Give a peer_review.json.") from problem
    return sheet


def _says(note: object) -> bool:
    """Whether an answer has a word; dots and blanks are none."""
    return note is not None and re.search(r"[^\W_]", str(note)) is not None


def _quoted(text: str) -> str:
    """As a quotation, in which a heading of the text cannot be mistaken for one of the sheet."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
