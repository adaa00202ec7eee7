"""What is measured: accuracy, the gap recovered (4.11), intervals, and the ledger of errors."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from w2s_course.judging.execution import Verdict
from w2s_course.snippets.concepts import SLOTS, Claim, Claims, Slot

if TYPE_CHECKING:
    import numpy as np

RESAMPLES = 2000  # enough for the second digit of a 95% interval
LEAST_SNIPPETS = 2
Z95 = 1.959964


class NoGap(ValueError):
    """The ceiling does not beat the weak model: there is no gap, and no share of it to recover."""


@dataclass(frozen=True)
class Estimate:
    """A share in [0, 1] (or a difference of two), its 95% interval, and the number of things counted.

    value and ci95 are None where nothing was there to count; ci95 also where one snippet is all there is.
    """

    value: float | None
    ci95: tuple[float, float] | None
    n: int


@dataclass(frozen=True)
class Recovered:
    """PGR as a report needs it.

    clamped: eq. 4.11; raw: the same before clamping, which also shows harm; status: whether either means
    anything; ci95: of the raw ratio, where the status is 'ok'.
    """

    raw: float | None
    clamped: float | None
    ci95: tuple[float, float] | None
    status: Literal["ok", "no gap", "gap within noise"]
    meaning: str


def performance_gap_recovered(weak_acc: float, w2s_acc: float, ceiling_acc: float) -> float:
    """Share of the weak-to-ceiling accuracy gap that weak supervision recovers.

    PGR = (w2s - weak) / (ceiling - weak)        Burns et al. 2023; the book's 4.11 before clamping

    Args: accuracies on the *same* held-out snippets, as fractions in [0, 1].
    Returns: 0 = no better than the weak model, 1 = the ceiling; below 0 = harm. Never clamped here.
    Raises: NoGap if the ceiling does not beat the weak model; ValueError for an accuracy that is no number.

    >>> performance_gap_recovered(weak_acc=0.50, w2s_acc=0.75, ceiling_acc=1.0)
    0.5
    >>> performance_gap_recovered(weak_acc=0.50, w2s_acc=0.40, ceiling_acc=1.0)
    -0.2
    """
    for name, accuracy in (("weak", weak_acc), ("weak-to-strong", w2s_acc), ("ceiling", ceiling_acc)):
        if not math.isfinite(accuracy):
            raise ValueError(f"The {name} accuracy is {accuracy}; PGR needs three measured accuracies.")
    gap = ceiling_acc - weak_acc
    if not gap > 0:
        raise NoGap(f"the ceiling ({ceiling_acc:.3f}) does not beat the weak model ({weak_acc:.3f})")
    return round((w2s_acc - weak_acc) / gap, 12)


def clamped_pgr(pgr: float) -> float:
    """max{0, PGR}, eq. 4.11 as the book prints it: harm and no effect both become 0.

    >>> clamped_pgr(-0.2)
    0.0
    """
    return max(0.0, pgr)


def _numbers(what: str, given: Sequence[float], n: int | None = None) -> np.ndarray:
    """One finite number for each of `n` snippets, however many if None. Raises: ValueError naming the first
    that is none, or the shape."""
    import numpy as np

    found = np.asarray(given, dtype=float)
    if found.ndim != 1 or (n is not None and len(found) != n):
        wanted = "one number a snippet is needed" if n is None else f"{n} are needed, one a snippet"
        raise ValueError(f"The {what} have the shape {found.shape}; {wanted}.")
    if not np.isfinite(found).all():
        (i, *_) = np.flatnonzero(~np.isfinite(found))
        raise ValueError(f"The {what} hold {found[i]} at position {i}. Leave out what was not measured.")
    return found


def _resamples(n: int, seed: int) -> np.ndarray:
    """(RESAMPLES, n) indices drawn with replacement."""
    import numpy as np

    return np.random.default_rng(seed).integers(0, n, size=(RESAMPLES, n))


def _interval(draws: np.ndarray) -> tuple[float, float]:
    """The middle 95% of the draws, finite or not."""
    import numpy as np

    low, high = np.percentile(draws, [2.5, 97.5], method="inverted_cdf")
    return float(low), float(high)


def _reach(n: int) -> float:
    """How far Wilson's 95% interval of 0 of n reaches (1927)."""
    return Z95**2 / (n + Z95**2)


def share(
    right: Sequence[float], seed: int = 0, weights: Sequence[float] | None = None, least: float = 0.0
) -> Estimate:
    """The mean over snippets with a percentile bootstrap interval; snippets are what is drawn again.

    Where all snippets agree every resample is the same, and the bootstrap would claim certainty from
    however few there are. There the interval reaches as far as Wilson's for 0 of n does (1927).

    Args:
        right: one number a snippet: 1 or 0, a share of its claims, or a difference of two arms.
        weights: how many things of a snippet each number stands for; 1 each if absent. Claims of one
            snippet are not independent, so a ratio over claims is drawn by snippet too.
        least: the smallest value that the mean could have: -1 for a difference, 0 for a share.
    Raises: ValueError for a value or weight that is not finite, a negative weight, or not one for each value.

    >>> share([1, 1, 0, 1]).value
    0.75
    >>> share([])
    Estimate(value=None, ci95=None, n=0)
    """
    import numpy as np

    values = _numbers("values", right)
    w = np.ones_like(values) if weights is None else _numbers("weights", weights, len(values))
    if (w < 0).any():
        raise ValueError(f"The smallest weight is {w.min()}; a weight counts things and is 0 or more.")
    values, w = values[w > 0], w[w > 0]
    if not w.sum():
        return Estimate(None, None, 0)
    value, n = float((values * w).sum() / w.sum()), int(w.sum())
    if len(values) < LEAST_SNIPPETS:
        return Estimate(value, None, n)
    if (values == values[0]).all():
        reach = _reach(len(values))
        return Estimate(value, (max(least, value - reach), min(1.0, value + reach)), n)
    draws = _resamples(len(values), seed)
    return Estimate(value, _interval((values * w)[draws].sum(1) / w[draws].sum(1)), n)


def unpaired_difference(one: Estimate, other: Estimate) -> Estimate:
    """`one` - `other`, two shares of *different* things, in [-1, 1]; n: the things of both.

        low  = d - sqrt((one - one_low)^2 + (other_high - other)^2)        d = one - other
        high = d + sqrt((one_high - one)^2 + (other - other_low)^2)        Newcombe 1998, "square and add"

    Two intervals may overlap although this one leaves out 0. Two arms on the same snippets are paired: take
    `share` of their differences, which is surer.

    >>> half, tenth = Estimate(0.5, (0.4, 0.6), 100), Estimate(0.1, (0.05, 0.18), 90)
    >>> tuple(round(end, 3) for end in unpaired_difference(half, tenth).ci95)
    (0.272, 0.512)
    """
    if one.value is None or other.value is None:
        return Estimate(None, None, 0)
    apart, n = one.value - other.value, one.n + other.n
    if one.ci95 is None or other.ci95 is None:
        return Estimate(apart, None, n)
    below = math.hypot(one.value - one.ci95[0], other.ci95[1] - other.value)
    above = math.hypot(one.ci95[1] - one.value, other.value - other.ci95[0])
    return Estimate(apart, (max(-1.0, apart - below), min(1.0, apart + above)), n)


def _drawn_again(
    arms: Sequence[np.ndarray], groups: Sequence[int] | None, seed: int
) -> tuple[list[np.ndarray], int]:
    """What each arm has right in every resample, (arms, RESAMPLES), and how many things were drawn from.

    Without groups it is a share; with groups a whole number, so that equal ratios are exactly equal.
    """
    import numpy as np

    if groups is None:
        n = len(arms[0])
        return [arm[_resamples(n, seed)].mean(1) for arm in arms], n
    _, group_of = np.unique(np.asarray(groups), return_inverse=True)
    right = [np.bincount(group_of, arm) for arm in arms]  # of each group's snippets
    return [arm[_resamples(len(arm), seed)].sum(1) for arm in right], len(right[0])


def gap_recovered(
    weak: Sequence[bool],
    w2s: Sequence[bool],
    ceiling: Sequence[bool],
    seed: int = 0,
    groups: Sequence[int] | None = None,
) -> Recovered:
    """PGR with its interval and its status, from the three arms' verdicts on the same snippets.

    The status is 'no gap' where the ceiling does not beat the weak model, and 'gap within noise' where a
    95% interval of the gap, drawn by snippet or group, does not lie above 0: then the ratio is of two noises.
    Where every resample gives the same ratio, as for a student that is right wherever the ceiling is, the
    interval reaches as far as that of `share` does, over the gap.

    Args: groups: the group that each snippet belongs to, where the snippets of a group depend on each other;
        then whole groups are drawn again, and groups are what there must be `LEAST_SNIPPETS` of.
    Raises: ValueError if the arms were not judged on the same number of snippets, not each has a group, or a
        verdict is no finite number.

    >>> gap_recovered([True] * 5 + [False] * 5, [True] * 8 + [False] * 2, [True] * 10).raw
    0.6
    >>> gap_recovered([False] * 4, [True] * 4, [True] * 4, groups=[7, 7, 7, 7]).status
    'gap within noise'
    """
    import numpy as np

    given = {"weak": weak, "weak-to-strong": w2s, "ceiling": ceiling}
    arms = [_numbers(f"{name} verdicts", arm) for name, arm in given.items()]
    if len({len(arm) for arm in arms}) != 1:
        raise ValueError(
            f"The arms were judged on {[len(arm) for arm in arms]} snippets; PGR needs the same ones."
        )
    if groups is not None and len(groups) != len(arms[0]):
        raise ValueError(
            f"{len(groups)} groups are given for {len(arms[0])} snippets; name the group of each."
        )
    try:
        raw = performance_gap_recovered(*(float(arm.mean()) if len(arm) else 0.0 for arm in arms))
    except NoGap as no_gap:
        return Recovered(None, None, None, "no gap", f"PGR is undefined: {no_gap}.")
    drawn, n = _drawn_again(arms, groups, seed)
    gaps = drawn[2] - drawn[0]
    if n < LEAST_SNIPPETS or _interval(gaps)[0] <= 0:
        meaning = "The gap between the weak model and the ceiling may be chance; so may its recovered share."
        return Recovered(raw, clamped_pgr(raw), None, "gap within noise", meaning)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = (drawn[1] - drawn[0]) / gaps
    meaning = (
        f"Weak supervision recovered {raw:.0%} of the gap." if raw >= 0 else "Weak supervision did harm."
    )
    low, high = _interval(ratios[gaps > 0])
    if low == high:
        reach = _reach(n) / float(arms[2].mean() - arms[0].mean())
        low, high = raw - reach, raw + reach
    return Recovered(raw, clamped_pgr(raw), (low, high), "ok", meaning)


@dataclass(frozen=True)
class Ledger:
    """Counts of one snippet's claims in one or all slots: what became of the teacher's errors.

    wrong: claims that the teacher has wrong; of these the student repeats `inherited` and has `corrected`
    right, the rest it has wrong in another way. right: claims that the teacher has right; of these the
    student has `invented` wrong.
    """

    wrong: int
    inherited: int
    corrected: int
    right: int
    invented: int


def _repeats(teacher: Verdict, student: Verdict, slot: Slot) -> bool:
    """Whether two wrong claims are the same one. Two unreadable sentences claim nothing in common."""
    return (
        teacher.claimed is not None
        and student.claimed is not None
        and teacher.claimed[slot] == student.claimed[slot]
    )


def keep_ledger(teacher: Verdict, student: Verdict, slots: Sequence[Slot]) -> Ledger:
    """The ledger of one snippet, over the claims in `slots`."""
    wrong = [slot for slot in slots if not teacher.claims[slot]]
    right = [slot for slot in slots if teacher.claims[slot]]
    return Ledger(
        wrong=len(wrong),
        inherited=sum(not student.claims[s] and _repeats(teacher, student, s) for s in wrong),
        corrected=sum(student.claims[s] for s in wrong),
        right=len(right),
        invented=sum(not student.claims[s] for s in right),
    )


def inheritance(
    teacher: Sequence[Verdict], student: Sequence[Verdict], slots: Sequence[Slot], seed: int = 0
) -> dict[str, Estimate]:
    """Of the teacher's wrong claims the shares inherited and corrected, of its right ones the broken."""
    ledgers = [keep_ledger(t, s, slots) for t, s in zip(teacher, student, strict=True)]

    def ratio(part: Callable[[Ledger], int], whole: Callable[[Ledger], int]) -> Estimate:
        wholes = [whole(entry) for entry in ledgers]
        parts = [part(entry) / max(1, whole(entry)) for entry in ledgers]
        return share(parts, seed, weights=wholes)

    return {
        "inherited": ratio(lambda e: e.inherited, lambda e: e.wrong),
        "corrected": ratio(lambda e: e.corrected, lambda e: e.wrong),
        "invented": ratio(lambda e: e.invented, lambda e: e.right),
    }


def confusions(verdicts: Sequence[Verdict], truths: Sequence[Claims], most: int = 12) -> list[dict[str, Any]]:
    """The most frequent wrong claims by concept: slot, truth, claimed, count; ties in alphabetical order."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for verdict, truth in zip(verdicts, truths, strict=True):
        if verdict.claimed is not None:
            wrong = [slot for slot in SLOTS if not verdict.claims[slot]]
            counts.update((slot, _named(truth[slot]), _named(verdict.claimed[slot])) for slot in wrong)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]
    return [
        {"slot": slot, "truth": truth, "claimed": claimed, "count": n} for (slot, truth, claimed), n in ranked
    ]


def _named(claim: Claim) -> str:
    return claim.name.replace("_", " ")


def agreement(one: Sequence[Verdict], other: Sequence[Verdict], seed: int = 0) -> Estimate:
    """Share of snippets about which two models claim the same in every slot."""
    same = [a.claimed is not None and a.claimed == b.claimed for a, b in zip(one, other, strict=True)]
    return share(same, seed)


def reliability(
    confidence: Sequence[float], right: Sequence[bool], bins: int = 5, seed: int = 0
) -> list[dict[str, Any]]:
    """Mean confidence against accuracy in bins of equally many labels, the least sure first.

    Raises: ValueError for a confidence that is not finite, not one for each verdict, or no bins.
    """
    if bins < 1:
        raise ValueError(f"{bins} bins were asked for; at least 1 is needed.")
    _numbers("confidences", confidence, len(right))
    order = sorted(range(len(right)), key=lambda i: confidence[i])
    cuts = [order[len(order) * b // bins : len(order) * (b + 1) // bins] for b in range(bins)]
    return [
        {
            "confidence": sum(confidence[i] for i in cut) / len(cut),
            "exact": asdict(share([right[i] for i in cut], seed)),
        }
        for cut in cuts
        if cut
    ]
