"""Labels with something wrong in them on purpose, for learners to find: a blind spot, and two voices.

Nothing is trained here. Rows are those of the audit and of the error browser.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from w2s_course.judging.execution import same_behaviour
from w2s_course.labeling.rules import Rule
from w2s_course.labeling.styles import VOICES
from w2s_course.learn.rows import Row, label_row
from w2s_course.snippets.concepts import Claims, all_claims, sentence
from w2s_course.snippets.grammar import STYLES, Snippet

BACKGROUND = 0.1
"""Share of labels outside the blind spot that are wrong anyway: an audit in which all errors are those
looked for would be no audit."""

MISREADS = (
    Rule("aggregate", says="last", style="loop"),
    Rule("aggregate", says="list", style="comprehension"),
    Rule("aggregate", says="count", style="while"),
    Rule("condition", says="nonzero", style="map_filter"),
)
"""What a teacher might say of a coding style that it never understood, a row a style."""


@dataclass(frozen=True)
class BlindSpot:
    """Labels of a teacher that never understood one coding style, which its `repr` does not tell.

    rows: the labels. style: the answer; look at it last.
    """

    rows: tuple[Row, ...]
    style: str = field(repr=False)

    def __repr__(self) -> str:
        return f"<{len(self.rows):,} labels; in one coding style their teacher is blind>"


def blind_spot(snippets: Sequence[Snippet], seed: int = 0) -> BlindSpot:
    """Gold labels with `BACKGROUND` random errors, and with one misreading throughout one style.

    Which style it is depends on the snippets and the seed. The labels of programs about which the misreading
    happens to be true are left as they are, so the spot may hold right labels.
    """
    rng = random.Random(f"blind spot {seed} {snippets[0].code if snippets else ''}")
    rule = rng.choice(MISREADS)
    said = [_background(snippet, rng) for snippet in snippets]
    for i, snippet in enumerate(snippets):
        claim = rule.claim(snippet)
        if claim is not None:
            said[i] = snippet.claims.with_claim(claim)
    rows = tuple(label_row(i, s, sentence(c)) for i, (s, c) in enumerate(zip(snippets, said, strict=True)))
    return BlindSpot(rows, rule.style)


def _background(snippet: Snippet, rng: random.Random) -> Claims:
    """The truth, or with probability `BACKGROUND` the truth but for one claim."""
    return wrong_claim(snippet.claims, rng) if rng.random() < BACKGROUND else snippet.claims


def wrong_claim(truth: Claims, rng: random.Random) -> Claims:
    """The truth with another condition that changes what the program does: 'even' for 'odd'."""
    claims = all_claims("condition")
    for claim in rng.sample(claims, len(claims)):
        new = truth.with_claim(claim)
        if not same_behaviour(new, truth):
            return new
    return truth


def wrong_by_style(rows: Sequence[Row], said_right: Sequence[bool]) -> dict[str, list[int]]:
    """Style -> [labels found wrong, labels read], for labels and what somebody said of each.

    Raises: ValueError where the two differ in number.
    """
    found = {style: [0, 0] for style in sorted(STYLES)}
    for row, right in zip(rows, said_right, strict=True):
        found[row.style][0] += not right
        found[row.style][1] += 1
    return found


@dataclass(frozen=True)
class Voices:
    """Labels in two voices, right and wrong ones of each, in the order in which they are rated.

    voice: by the number of a row, 'fluent' or 'terse'.
    """

    rows: tuple[Row, ...]
    voice: Mapping[int, str] = field(repr=False)

    def believed(self, rows: Sequence[Row], said_right: Sequence[bool]) -> dict[tuple[str, bool], list[int]]:
        """(voice, whether the label is right) -> [taken for right, rated].

        Raises: ValueError where rows and answers differ in number.
        """
        found = {(voice, right): [0, 0] for voice in ("fluent", "terse") for right in (False, True)}
        for row, said in zip(rows, said_right, strict=True):
            entry = found[self.voice[row.number], row.right]
            entry[0] += said
            entry[1] += 1
        return found


def two_voices(snippets: Sequence[Snippet], seed: int = 0, each: int = 3) -> Voices:
    """`each` labels of each kind, or as many as there are snippets for: fluent or terse, right or with one
    wrong condition; shuffled.

    Balanced, so that how a label is said tells nothing about whether it is true.
    """
    rng = random.Random(f"two voices {seed}")
    four = [(voice, right) for voice in ("fluent", "terse") for right in (False, True)]
    kinds = four * min(each, len(snippets) // len(four))
    rows, voice_of = [], {}
    for number, (voice, right) in zip(rng.sample(range(len(snippets)), len(kinds)), kinds, strict=True):
        snippet = snippets[number]
        claims = snippet.claims if right else wrong_claim(snippet.claims, rng)
        rows.append(label_row(number, snippet, VOICES[voice](claims)))
        voice_of[number] = voice
    rng.shuffle(rows)
    return Voices(tuple(rows), voice_of)
