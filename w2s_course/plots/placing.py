"""Where a name can stand beside its mark without lying on other marks: the nearest free place.

Places are shares of the width and of the height of the axes. What a name must not cover is a cloud of points:
intervals, lines and names that already stand are all drawn as dense rows of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from math import hypot
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Spot = tuple[float, float]

LETTER, HEIGHT, AIR = 0.069, 0.19, 0.06
"""Inches: a letter's width, a name's height and the air on both sides, for small text."""
NEAR = 0.025
"""Of the axes: what is so close to a mark is the mark itself."""
STEP = 0.008
"""Between the points of a line: less than a letter is wide, so that no line slips through."""


class Box(NamedTuple):
    """A name's room: its middle, and half its sides."""

    x: float
    y: float
    half_width: float
    half_height: float

    def covered(self, places: NDArray[np.float64]) -> int:
        """How many of the points, (points, 2), lie in it.

        >>> Box(0.5, 0.5, 0.1, 0.1).covered(np.array([(0.55, 0.45), (0.7, 0.5)]))
        1
        """
        near = np.abs(places - (self.x, self.y)) < (self.half_width, self.half_height)
        return int(near.all(axis=1).sum())

    def edge(self, spot: Spot) -> Spot:
        """The point of it that is nearest to another."""
        x = min(max(spot[0], self.x - self.half_width), self.x + self.half_width)
        return x, min(max(spot[1], self.y - self.half_height), self.y + self.half_height)

    def spots(self) -> list[Spot]:
        """Its sides and its middle line, as points."""
        left, right = self.x - self.half_width, self.x + self.half_width
        heights = (self.y - self.half_height, self.y, self.y + self.half_height)
        return [spot for y in heights for spot in line((left, y), (right, y))]


def line(start: Spot, end: Spot) -> list[Spot]:
    """The points of a straight line, close enough together that no name fits between them.

    >>> len(line((0, 0), (0, 0.08))), line((0, 0), (0, 0.08))[-1]
    (11, (0.0, 0.08))
    """
    n = max(1, round(hypot(end[0] - start[0], end[1] - start[1]) / STEP))
    return [
        (start[0] + (end[0] - start[0]) * i / n, start[1] + (end[1] - start[1]) * i / n) for i in range(n + 1)
    ]


def free_places(
    names: Sequence[tuple[str, Spot]], taken: Sequence[Spot], inches: tuple[float, float]
) -> list[Box]:
    """For each (name, its mark) the nearest place in the axes that covers nothing: no point, no other name,
    and no line that leads to one. Where all is full, the place that covers least.

    The names take their places in the given order or in the opposite one, whichever leaves them nearer.

    inches: width and height of the axes.

    >>> box = free_places([("a", (0.5, 0.5))], [(0.5, 0.5)], (5, 3))[0]
    >>> round(box.x, 2), round(box.y, 2)
    (0.53, 0.46)
    """
    there, back = _in_turn(names, taken, inches), _in_turn(names[::-1], taken, inches)
    return there[0] if there[1] <= back[1] else back[0][::-1]


def _in_turn(
    names: Sequence[tuple[str, Spot]], taken: Sequence[Spot], inches: tuple[float, float]
) -> tuple[list[Box], float]:
    """A place for each name, each the cheapest after those before it; and what all of them cost."""
    spots, placed, total = list(taken), [], 0.0
    for name, mark in names:
        cells = {_cell(spot) for spot in spots if not _is_its_own(spot, mark)}
        places = np.array(spots, dtype=float).reshape(-1, 2)
        costs = {box: _cost(box, mark, places, cells) for box in _around(len(name), mark, inches)}
        best = min(costs, key=costs.__getitem__)
        placed.append(best)
        total += costs[best]
        spots += [*best.spots(), *line(mark, best.edge(mark))]
    return placed, total


def _around(letters: int, mark: Spot, inches: tuple[float, float]) -> list[Box]:
    """Places below and above the mark, on its right and on its left, ever further away, all in the axes."""
    half_width, half_height = (LETTER * letters / 2 + AIR) / inches[0], HEIGHT / inches[1] / 2
    boxes = []
    for aside in (0.01, 0.05, 0.1, 0.15):
        for x in (mark[0] + aside + half_width, mark[0] - aside - half_width):
            for up in (sign * 0.04 * n for n in range(1, 11) for sign in (-1, 1)):
                inside = min(max(x, half_width), 1 - half_width)
                y = min(max(mark[1] + up, half_height), 1 - half_height)
                boxes.append(Box(inside, y, half_width, half_height))
    return boxes


def _cost(box: Box, mark: Spot, places: NDArray[np.float64], cells: AbstractSet[tuple[int, int]]) -> float:
    """Its distance; more than any distance for what its lead crosses, and far more for what it covers."""
    edge = box.edge(mark)
    crossed = sum(_cell(spot) in cells for spot in line(mark, edge))
    return hypot(edge[0] - mark[0], edge[1] - mark[1]) + 1.5 * crossed + 100 * box.covered(places)


def _is_its_own(spot: Spot, mark: Spot) -> bool:
    """Whether the point is of the mark itself: close to it, or on the interval that goes through it."""
    return hypot(spot[0] - mark[0], spot[1] - mark[1]) < NEAR or abs(spot[0] - mark[0]) < STEP / 4


def _cell(spot: Spot) -> tuple[int, int]:
    return round(spot[0] / STEP), round(spot[1] / STEP)
