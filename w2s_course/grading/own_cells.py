"""A learner's own cells beside the answers: what they may take, so that no experiment costs a right answer.

They have a time of their own, each and together, and restarts of their own. One that ends a sandbox is run
again without what may take long: an answer may need what it defines. One that ends another is left out.
Where too many do, so are the others, but for those that came to their end at once.
"""

from __future__ import annotations

from collections.abc import Sequence

from w2s_course.grading.limits import Limits
from w2s_course.grading.repair import Piece

MOST_ENDS = 3
"""Own cells that may end a sandbox before only the quick ones are run whole. After twice as many ends only
the quick ones are run, after three times as many none."""

QUICK = 1.0  # seconds

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
    left: seconds for those that are run whole, and for the bare ones. ends: sandboxes that own cells ended.
    """

    def __init__(self, pieces: Sequence[Piece], limits: Limits) -> None:
        self.pieces, self.limits = pieces, limits
        self.left = {False: limits.own_total_seconds, True: limits.own_total_seconds}
        self.numbers = {number for number, piece in enumerate(pieces) if piece.own}
        self.bare: set[int] = set()
        self.skip: set[int] = set()
        self.ends = 0
        self._quick: set[int] = set()
        self._longest: dict[tuple[int, bool], float] = {}
        self._why: dict[int, str] = {}

    def allowed(self, number: int) -> float:
        """Seconds that a cell may take, by the clock."""
        key = (number, number in self.bare)
        left = min(self.limits.own_seconds, self.left[key[1]] + self._longest.get(key, 0.0))
        return max(left, 2 * QUICK) if number in self._quick else left

    def took(self, number: int, seconds: float) -> bool:
        """Note how long a cell took; whether it and those before it kept to their time.

        What it took in an earlier sandbox is not charged again: it may have been an answer that ended that.
        """
        key = (number, number in self.bare)
        before = self._longest.get(key, 0.0)
        self._longest[key] = max(before, seconds)
        self.left[key[1]] -= self._longest[key] - before
        return self.left[key[1]] > 0 or number in self._quick

    def rested(self, number: int, seconds: float) -> bool:
        """Note that a cell came to its end; whether it and those before it kept to their time."""
        in_time = self.took(number, seconds)
        if in_time and seconds < QUICK:
            self._quick.add(number)
        return in_time

    def ended(self, number: int, why: str) -> None:
        """A cell ended the sandbox: decide what of it, and of the others, is run in the next one."""
        self.ends += 1
        (self.skip if number in self.bare else self.bare).add(number)
        self._quick.discard(number)
        self._why[number] = TOO_MUCH.get(why, why)
        if self.left[False] <= 0 or len(self._why) >= MOST_ENDS:
            self.bare |= self.numbers - self._quick
        if self.left[True] <= 0 or self.ends >= 2 * MOST_ENDS:
            self.skip |= self.numbers - self._quick
        if self.ends >= 3 * MOST_ENDS:
            self.skip |= self.numbers

    def notes(self) -> list[str]:
        """What became of the cells that took too much, and of the others, for the learner too."""
        said = [self._note(number) for number in self._why]
        others = self.numbers - self._why.keys()
        if said and others & self.skip:
            said.append("Other own cells that take more than a second were not run.")
        elif said and others & self.bare:
            said.append(
                "Of other own cells that take more than a second, only imports and definitions were run."
            )
        return said

    def _note(self, number: int) -> str:
        return note(self.pieces[number], self._why[number], run=number not in self.skip)


def note(piece: Piece, why: str, run: bool) -> str:
    """What is said of a cell that ended a sandbox. run: whether what it defines could be run."""
    first = next((line for line in piece.source.split("\n") if line.strip()), "")[:50]
    cell = f"cell of {piece.name}" if piece.exercise else f"{piece.name}, {first!r},"
    left = "Only its imports and definitions were run" if run else "It was not run"
    return f"The {cell} {why}. {left}."
