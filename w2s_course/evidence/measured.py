"""Recorded rows as figures: means over seeds, differences paired by seed, and what may be said of them.

An interval here is the t-interval over seeds: where the mean would lie if seeds were drawn again. A single
next seed varies more. One seed alone has no interval, and then nothing is concluded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from w2s_course import wording
from w2s_course.seeds import Z975, mean_with_interval
from w2s_course.wording import no_minus_zero, percent, plural

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Measured:
    """A mean over seeds, its 95% t-interval (None for a single seed), and each seed's value."""

    mean: float
    ci95: tuple[float, float] | None
    by_seed: Mapping[int, float]

    def percent(self) -> str:
        """As a share: its interval ends at 0 and 100%.

        >>> measured({0: 0.5, 1: 0.6}).percent()
        '55.0% (0.0% to 100.0%; 2 seeds)'
        """
        return self._text(percent, lambda x: min(1.0, max(0.0, x)))

    def points(self) -> str:
        """As a difference in percentage points, with its sign.

        >>> measured({0: 0.02, 1: 0.04, 2: 0.03}).points()
        '+3.0 points (+0.5 to +5.5; 3 seeds)'
        """
        return self._text(lambda x: f"{no_minus_zero(100 * x, 1):+.1f}", lambda x: x, " points")

    def lost(self) -> str:
        """As a loss in percentage points, which is never below 0.

        >>> measured({0: 0.0, 1: 0.125}).lost()
        '6.2 points (0.0 to 85.7; 2 seeds)'
        """
        return self._text(lambda x: f"{100 * x:.1f}", lambda x: max(0.0, x), " points")

    def each(self) -> str:
        """Every seed's value as a whole number, where a mean of few would say less."""
        return ", ".join(f"{x:,.0f}" for x in self.by_seed.values())

    def decimal(self) -> str:
        """As a plain number of two decimals.

        >>> measured({0: 0.0, 1: 0.002, 2: -0.002}).decimal()
        '0.00 (0.00 to 0.00; 3 seeds)'
        """
        return self._text(wording.decimal, lambda x: x)

    def _text(self, said: Callable[[float], str], bounded: Callable[[float], float], unit: str = "") -> str:
        seeds = plural(len(self.by_seed), "seed")
        if self.ci95 is None:
            return f"{said(self.mean)}{unit} ({seeds}, no interval)"
        low, high = (said(bounded(end)) for end in self.ci95)
        return f"{said(self.mean)}{unit} ({low} to {high}; {seeds})"

    @property
    def above(self) -> bool:
        """Whether the whole interval lies above 0."""
        return self.ci95 is not None and self.ci95[0] > 0

    @property
    def below(self) -> bool:
        """Whether the whole interval lies below 0."""
        return self.ci95 is not None and self.ci95[1] < 0


def measured(by_seed: Mapping[int, float], least_spread: float = 0.0, noise: float = 0.0) -> Measured | None:
    """The mean over seeds; None where there is no seed. least_spread, noise: as in `mean_with_interval`."""
    if not by_seed:
        return None
    mean, ci95 = mean_with_interval(list(by_seed.values()), least_spread, noise)
    return Measured(mean, ci95, dict(by_seed))


def column(rows: Sequence[Row], name: str) -> dict[int, float]:
    """Seed -> the value of a column; the mean where a seed has several rows, nothing where it has none."""
    values: dict[int, list[float]] = {}
    for row in rows:
        if row.get(name) is not None:
            values.setdefault(int(row["seed"]), []).append(float(row[name]))
    return {seed: fmean(found) for seed, found in sorted(values.items())}


def mean_of(rows: Sequence[Row], name: str) -> Measured | None:
    """The mean over seeds of a column, no surer of it than its test snippets let one be (`noise`).

    >>> always = [{"seed": s, "exact": 1.0, "exact_low": 0.95, "exact_high": 1.0} for s in (0, 1, 2)]
    >>> mean_of(always, "exact").percent()
    '100.0% (98.6% to 100.0%; 3 seeds)'
    """
    by_seed = column(rows, name)
    least = floor_of(rows, name, by_seed) if name == "gain" else 0.0  # a difference, as in `difference`
    return measured(by_seed, least, noise(rows, name))


def noise(rows: Sequence[Row], name: str) -> float:
    """The standard error that a column has in one seed, from its test snippets alone.

    From the column's own 95% intervals (`NAME_low`, `NAME_high`); for an accuracy without them, that of a
    share. 0 for a column that has neither. Three seeds may agree by chance, and then the spread between them
    says less than this.
    """
    errors = []
    for row in rows:
        value, low, high = (row.get(key) for key in (name, f"{name}_low", f"{name}_high"))
        if value is None:
            continue
        if low is not None and high is not None:
            errors.append((high - low) / 2 / Z975)
        elif name.endswith("_exact") and row.get("test"):
            errors.append(math.sqrt(value * (1 - value) / row["test"]))
    return math.sqrt(fmean(error**2 for error in errors)) if errors else 0.0


def difference(
    rows: Sequence[Row], other: Sequence[Row], name: str, other_name: str | None = None
) -> Measured | None:
    """The mean over the seeds that both have of `rows` minus `other`: paired, so that a seed's luck cancels.

    name: a column of shares of the test snippets, which sets how much it may vary at least (`least_spread`),
        or of anything else; other_name: that of `other`, if it is another one.

    >>> one, other = [{"seed": 0, "exact": 0.7}], [{"seed": 0, "exact": 0.5}, {"seed": 1, "exact": 0.9}]
    >>> round(difference(one, other, "exact").mean, 12)
    0.2
    """
    a, b = column(rows, name), column(other, other_name or name)
    by_seed = {seed: a[seed] - b[seed] for seed in a if seed in b}
    return measured(by_seed, floor_of(rows, name, by_seed))


def floor_of(rows: Sequence[Row], name: str, differences: Mapping[int, float]) -> float:
    """`least_spread` of differences, by seed, in a column of accuracies or gains; 0 for any other column."""
    of_accuracy = name in ("exact", "gain", "accuracy") or name.endswith("_exact")
    snippets = min((int(row["test"]) for row in rows if of_accuracy and row.get("test")), default=None)
    return least_spread(differences.values(), snippets) if snippets else 0.0


def least_spread(differences: Collection[float], snippets: int) -> float:
    """The standard deviation that differences of two shares have at least, each on so many snippets.

    A difference d between two answers to the same n snippets takes n |d| snippets on which they differ. Were
    these all, and other snippets drawn, d would vary by sqrt((|d| - d^2) / n). In truth more differ, both
    ways, and seeds differ besides: a floor, and no estimate.

    >>> round(least_spread([0.025, 0.025, 0.025], snippets=200), 4)
    0.011
    """
    d = min(1.0, abs(fmean(differences))) if differences else 0.0
    return math.sqrt((d - d * d) / snippets)


def effect(found: Measured | None) -> str:
    """What a paired difference says of a remedy: helped and hurt only where the whole interval says so.

    >>> effect(measured({0: 0.02, 1: 0.04, 2: 0.03})), effect(measured({0: 0.1, 1: -0.1}))
    ('helped', 'no effect shown')
    >>> effect(measured({0: 0.1}))
    'one seed: nothing can be said'
    """
    if found is None:
        return "not recorded yet"
    if found.ci95 is None:
        return "one seed: nothing can be said"
    return "helped" if found.above else "hurt" if found.below else "no effect shown"


@dataclass(frozen=True)
class Setting:
    """The rows of one table that belong to one pair of models, around the sizes of the first of them.

    table: the sweep's name; title: what tells this setting from others.
    """

    table: str
    title: str
    rows: tuple[Row, ...]

    @property
    def base(self) -> Row:
        """The row from which others differ in one thing: the setting's first."""
        return self.rows[0]

    def where(self, **wanted: Any) -> list[Row]:
        """Rows that are like the base but for what is asked: labels, count, method, plan, gold, student.

        A value of None for `plan` means without planted errors; any other key must be equal.
        """
        usual = {
            **{key: self.base[key] for key in ("gold", "pool", "test", "with_view") if key in self.base},
            "labels": "weak",
            "method": "plain",
            "plan": None,
            "student": "strong",
            "count": self.base["pool"],
        }
        return [row for row in self.rows if all(row.get(k) == v for k, v in {**usual, **wanted}.items())]

    def values(self, key: str) -> list[Any]:
        """The different values of a column, ascending."""
        return sorted({row[key] for row in self.rows if row.get(key) is not None})


def settings_in(name: str, rows: Sequence[Row]) -> list[Setting]:
    """The rows of a table by their models and their pool, in the order of the table."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        view = bool(row.get("with_view"))  # older tables have no such column, and no such programs
        key = (row["strong_model"], row["weak_model"], row["precision"], row["pool"], view)
        groups.setdefault(key, []).append({**row, "with_view": view})
    return [
        Setting(
            name,
            f"{name}: {strong}, {precision}, pool of {pool:,}{', with the fourth slot' if view else ''}",
            tuple(found),
        )
        for (strong, _, precision, pool, view), found in groups.items()
    ]
