"""Several runs of one configuration as one finding: is the effect there, or was it one seed's luck?

The bootstrap interval of a run asks what other test snippets would have given. The t-interval here asks where
the *mean over seeds* would lie if seeds were drawn again: other programs, another teacher, another order of
training. A single next seed varies more: its interval is sqrt(1 + number of seeds) times as wide.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Any

from w2s_course.errors import UsageError
from w2s_course.findings import Results, exact
from w2s_course.wording import percent, plural, points

COMPARED = ("weak", "weak_to_strong", "ceiling")
"""The arms that PGR is made of."""

Z975 = 1.959964  # the 97.5% quantile of the normal distribution

# The 97.5% quantiles of Student's t for 1 to 30 degrees of freedom (any statistics textbook).
_T975 = (
    12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
    2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860,
    2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423,
)  # fmt: skip


def mean_with_interval(
    values: Sequence[float], least_spread: float = 0.0, noise: float = 0.0
) -> tuple[float, tuple[float, float] | None]:
    """The mean over seeds and its 95% t-interval; no interval for a single value.

    least_spread: a standard deviation that the values have at least, whatever the few of them show. Three
        seeds may agree by chance, and an interval without width would make a certainty of it.
    noise: the standard error that each value has by itself, known from its test snippets: the mean's interval
        is at least as wide as these alone make it.
    Raises: UsageError where there is no value, or one that is no finite number.

    >>> mean, (low, high) = mean_with_interval([0.1, 0.2, 0.3])
    >>> print(f"{mean:.3f} {low:.3f} {high:.3f}")
    0.200 -0.048 0.448
    """
    if len(values) == 0 or not all(map(math.isfinite, values)):
        raise UsageError(
            f"A mean needs finite numbers, and these were given: {_listed(values) or 'none'}. Leave out what "
            "was not measured."
        )
    mean = fmean(values)
    if len(values) < 2:
        return mean, None
    wide = max(t975(len(values) - 1) * max(stdev(values), least_spread), Z975 * noise)
    half = wide / math.sqrt(len(values))
    return mean, (mean - half, mean + half)


def t975(freedom: int) -> float:
    """The 97.5% quantile of Student's t, from a table up to 30 degrees of freedom, then by expansion.

    >>> t975(4), round(t975(60), 3)
    (2.7764, 2.0)
    """
    if freedom <= len(_T975):
        return _T975[freedom - 1]
    z = Z975  # Abramowitz & Stegun 26.7.5, the first two terms: good to 0.0002 here
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


@dataclass(frozen=True)
class SeedSummary:
    """What several runs say together.

    accuracy: seed -> arm -> share of test snippets fully right, for each arm of `COMPARED`.
    gain, gain_ci95: mean over seeds of weak-to-strong minus weak, and its 95% t-interval, None for one seed.
    left_out: seeds in which one of the arms was not measured.
    """

    accuracy: Mapping[int, Mapping[str, float]]
    gain: float
    gain_ci95: tuple[float, float] | None
    left_out: tuple[int, ...]

    def of(self, arm: str) -> list[float]:
        """The accuracies of an arm, in the order of the seeds."""
        return [accuracy[arm] for accuracy in self.accuracy.values()]

    def mean(self, arm: str) -> float:
        """The mean accuracy of an arm over the seeds."""
        return fmean(self.of(arm))

    def __str__(self) -> str:
        """The finding in a sentence or two."""
        counted = plural(len(self.accuracy), "seed")
        teacher, student = percent(self.mean("weak")), percent(self.mean("weak_to_strong"))
        means = f"{teacher} for the teacher, {student} for its student"
        left_out = (
            f" Left out, because an arm was not measured: seed {_listed(self.left_out)}."
            if self.left_out
            else ""
        )
        if self.gain_ci95 is None:
            return f"{counted}: {means}, a gain of {points(self.gain)}; one seed has no interval.{left_out}"
        low, high = self.gain_ci95
        reading = "above zero" if low > 0 else "below zero" if high < 0 else "which includes zero"
        interval = f"95% interval {points(low).removesuffix(' points')} to {points(high)}, {reading}"
        return f"Mean over {counted}: {means}, a gain of {points(self.gain)} ({interval}).{left_out}"

    __rich__ = __str__  # so that a rich console prints the sentence, not the fields


def summary(runs: Sequence[Results]) -> SeedSummary:
    """Runs that differ in nothing but their seed, as one finding.

    Raises:
        UsageError: there is no run, or none in which all arms were measured; two runs have the same seed; or
            they differ in something else, so that a mean over them would mean nothing.
    """
    if not runs:
        raise UsageError("A summary over seeds needs at least one run, and none was given.")
    _refuse_mixed([run["config"] for run in runs])
    accuracy: dict[int, dict[str, float]] = {}
    left_out = []
    for run in sorted(runs, key=lambda run: run["config"]["seed"]):
        measured = {arm: value for arm in COMPARED if (value := exact(run, arm)) is not None}
        if len(measured) < len(COMPARED):
            left_out.append(run["config"]["seed"])
        else:
            accuracy[run["config"]["seed"]] = measured
    if not accuracy:
        raise UsageError(
            f"In none of the runs was each of {_listed(COMPARED)} measured; there is no mean to take."
        )
    gains = [measured["weak_to_strong"] - measured["weak"] for measured in accuracy.values()]
    mean, ci95 = mean_with_interval(gains)
    return SeedSummary(accuracy, mean, ci95, tuple(left_out))


def _refuse_mixed(configs: Sequence[Mapping[str, Any]]) -> None:
    seeds = [config.get("seed") for config in configs]
    twice = sorted({seed for seed in seeds if seeds.count(seed) > 1}, key=str)
    if twice:
        raise UsageError(f"Seed {_listed(twice)} is there more than once; give each run once.")
    for config in configs[1:]:
        for key in sorted({*config, *configs[0]} - {"seed"}):
            one, other = configs[0].get(key), config.get(key)
            if one != other:
                raise UsageError(
                    f"These runs differ in more than their seed: {key} is {one!r} in one, {other!r} in "
                    "another. A mean over them would mean nothing; give runs of one configuration."
                )


def _listed(items: Sequence[object]) -> str:
    return ", ".join(map(str, items))
