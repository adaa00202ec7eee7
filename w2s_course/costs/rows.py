"""From recorded rows to curves: one number against another, a curve a seed, nothing extrapolated."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from w2s_course.errors import UsageError, unknown_name

Row = Mapping[str, Any]
"""One training: its settings and figures, such as a row of a sweep's table."""


def number(row: Row, column: str) -> float:
    """A row's number, or the value of its estimate (`{"value": ..., "ci95": ..., "n": ...}`).

    Raises: UsageError for a column that the row does not have, or in which nothing was measured.

    >>> number({"exact": {"value": 0.7, "ci95": [0.6, 0.8], "n": 200}}, "exact")
    0.7
    """
    if column not in row:
        raise unknown_name("column of the rows", column, map(str, row))
    value = row[column]["value"] if isinstance(row[column], Mapping) else row[column]
    if isinstance(value, (int, float)) and math.isfinite(value):
        return float(value)
    raise UsageError(f"The column '{column}' holds {value!r} where a number is needed. Leave such rows out.")


def own_interval(row: Row, column: str) -> tuple[float, float] | None:
    """The 95% interval that a row itself gives for a column: in its estimate, or beside it.

    >>> own_interval({"exact": 0.7, "exact_low": 0.6, "exact_high": 0.8}, "exact")
    (0.6, 0.8)
    """
    found = row[column]
    ends = found.get("ci95") if isinstance(found, Mapping) else None
    low, high = ends or (row.get(f"{column}_low"), row.get(f"{column}_high"))
    return None if low is None or high is None else (float(low), float(high))


def label_mix(row: Row) -> dict[str, Any]:
    """A row of a trial with what its labels were: the columns that frontiers and curves are drawn over.

    gold_labels, weak_labels: how many of each the student learned from; 'gold_fraction' has some of both.
    teacher_gold: gold pairs that made the weak model, 0 where no weak label was used. flops: of the student's
    training and of all that was made for it; a student on gold alone needed no teacher.

    Raises: UsageError where a column that it needs is missing, or errors were planted into the labels.

    >>> row = {"labels": "weak", "count": 1000, "gold": 300, "method": "gold_fraction", "share": 0.1}
    >>> mix = label_mix({**row, "flops_training": 5.0, "flops_preparing": 2.0})
    >>> mix["gold_labels"], mix["weak_labels"], mix["teacher_gold"], mix["flops"]
    (100, 900, 300, 7.0)
    """
    if row.get("plan"):
        raise UsageError("A row with planted errors has no price: nobody sells such labels. Leave it out.")
    count, gold_only = int(number(row, "count")), row.get("labels") == "gold"
    share = 1.0 if gold_only else number(row, "share") if row.get("method") == "gold_fraction" else 0.0
    gold = round(share * count)
    return {
        **row,
        "gold_labels": gold,
        "weak_labels": count - gold,
        "teacher_gold": int(number(row, "gold")) if count > gold else 0,
        "flops": number(row, "flops_training") + (number(row, "flops_preparing") if count > gold else 0.0),
    }


def run_mixes(results: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The three fine-tuned arms of a run's `results.json` as rows of the same form.

    Those that learn from the pool share a stage that passes the frozen layers. Each is charged for its own
    pairs, as the third is, which passes its pairs itself.
    """
    stages, sizes = results["cost"]["stages"], results["config"]["sizes"]
    shared = stages.get("lower layers", {"flops": 0.0, "tokens": 0})

    def passing(arm: str) -> float:
        if arm == "strong_on_gold" or not shared["tokens"]:
            return 0.0
        batch = results["config"]["strong_recipe"]["batch_size"]
        visits = int(batch) * math.ceil(sizes["pool"] / batch)
        tokens = float(stages[f"{arm} training"]["tokens"]) * sizes["pool"] / visits  # of each pair once
        return float(shared["flops"] / shared["tokens"] * tokens)

    teacher = stages["weak training"]["flops"] + stages["weak labels"]["flops"]
    mixes = {
        "strong_on_gold": (sizes["gold"], 0),
        "weak_to_strong": (0, sizes["pool"]),
        "ceiling": (sizes["pool"], 0),
    }
    return [
        {
            "seed": results["config"]["seed"],
            "arm": arm,
            "exact": results["arms"][arm]["exact"],
            "gold_labels": gold,
            "weak_labels": weak,
            "teacher_gold": sizes["gold"] if weak else 0,
            "flops": stages[f"{arm} training"]["flops"] + passing(arm) + (teacher if weak else 0.0),
        }
        for arm, (gold, weak) in mixes.items()
    ]


@dataclass(frozen=True)
class Series:
    """Points of a curve by rising x, all above 0; between two of them y runs straight along log x.

    Along the logarithm, because labels and compute are recorded at sizes that double.
    """

    x: tuple[float, ...]
    y: tuple[float, ...]

    def at(self, x: float) -> float:
        """y at an x of the recorded range.

        Raises: UsageError outside of it.

        >>> round(Series((10, 1000), (0.5, 0.7)).at(100), 6)
        0.6
        """
        if not self.x[0] <= x <= self.x[-1]:
            raise UsageError(f"{x:g} is not among what was recorded, {self.x[0]:g} to {self.x[-1]:g}.")
        import numpy as np

        return float(np.interp(math.log(x), np.log(self.x), self.y))

    def rising(self) -> Series:
        """The nearest curve that never falls: neighbours that do are pooled (isotonic least squares).

        More labels do not harm on average; where a recorded curve falls, that is taken for noise.

        >>> Series((1, 2, 4), (0.5, 0.9, 0.7)).rising().y
        (0.5, 0.8, 0.8)
        """
        pools: list[list[float]] = []
        for y in self.y:
            pools.append([y])
            while len(pools) > 1 and fmean(pools[-2]) > fmean(pools[-1]):
                pools[-2:] = [pools[-2] + pools[-1]]
        # Rounded: the mean of 0.025 and 0.005 is 0.015, and not a last digit above what a student scored.
        return Series(self.x, tuple(round(fmean(pool), 12) for pool in pools for _ in pool))


def series_by_seed(rows: Sequence[Row], x: str) -> dict[int, Series]:
    """The curve of each seed, the accuracy `exact` against a column x; equal x of one seed are averaged.

    Raises: UsageError where there is no row, a column is missing, or an x is not above 0.
    """
    if not rows:
        raise UsageError("There are no rows to compare; give at least one.")
    found: dict[int, dict[float, list[float]]] = {}
    for row in rows:
        at = number(row, x)
        if at <= 0:
            raise UsageError(f"The column '{x}' holds {at:g}; a curve along its logarithm needs more than 0.")
        found.setdefault(int(number(row, "seed")), {}).setdefault(at, []).append(number(row, "exact"))
    return {
        seed: Series(tuple(sorted(points)), tuple(fmean(points[at]) for at in sorted(points)))
        for seed, points in sorted(found.items())
    }
