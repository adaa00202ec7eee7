"""A learner's own cells beside the answers: what they may take, so that no experiment costs a right answer.

They have a time of their own, each and together, and restarts of their own. One that ends a sandbox is run
again without what may take long: an answer may need what it defines. One that ends another is left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from w2s_course.grading.limits import Limits
from w2s_course.grading.repair import Piece

MOST_ENDS = 3
"""Sandboxes that own cells may end before none is run whole any more; after twice as many, none is run."""

TOO_MUCH = {
    "timed out": "took too long",
    "crashed": "ended Python itself",
    "out of memory": "needed more memory than it may have",
    "output too large": "printed far too much",
    "too many processes": "started too many processes",
}


class OwnCells:
    """The own cells among the pieces of one submission, by number.

    bare: those of which only imports and definitions are run. skip: those that are not run.
    left: seconds for those that are run whole. ends: sandboxes that own cells ended.
    notes: number -> what became of the cell and why, for the learner too.
    """

    def __init__(self, pieces: Sequence[Piece], limits: Limits) -> None:
        self.pieces, self.limits, self.left = pieces, limits, limits.own_total_seconds
        self.numbers = {number for number, piece in enumerate(pieces) if piece.own}
        self.bare: set[int] = set()
        self.skip: set[int] = set()
        self.ends = 0
        self.notes: dict[int, str] = {}

    def allowed(self, number: int) -> float:
        """Seconds that a cell may take, by the clock; imports may be slow on a busy machine."""
        return self.limits.cell_seconds if number in self.bare else min(self.limits.own_seconds, self.left)

    def took(self, number: int, seconds: float) -> bool:
        """Note how long a cell took; whether there is time left for own cells."""
        if number not in self.bare:
            self.left -= seconds
        return self.left > 0 or number in self.bare

    def ended(self, number: int, why: str) -> None:
        """A cell ended the sandbox: decide what of it, and of the others, is run in the next one."""
        self.ends += 1
        (self.skip if number in self.bare else self.bare).add(number)
        if self.left <= 0 or self.ends >= MOST_ENDS:
            self.bare |= self.numbers
        if self.ends >= 2 * MOST_ENDS:
            self.skip |= self.numbers
        self.notes[number] = self._note(number, TOO_MUCH.get(why, why))

    def _note(self, number: int, what: str) -> str:
        piece = self.pieces[number]
        first = next((line for line in piece.source.split("\n") if line.strip()), "")[:50]
        left = "It was not run" if number in self.skip else "Only its imports and definitions were run"
        others = ""
        if len(self.numbers) > 1 and self.numbers <= self.bare | self.skip:
            none = self.numbers <= self.skip
            others = "; nor was any other own cell" if none else ", and those of all other own cells"
        return f"The {piece.name}, {first!r}, {what}. {left}{others}."
