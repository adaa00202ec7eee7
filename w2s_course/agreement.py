"""Do teacher and student err together? Agreement beyond chance, and misfit against gain.

Two good models agree because both are right, and two models may share mistakes by chance. What is left when
both are taken away says whether the student took its errors from the teacher.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from w2s_course.judging.execution import Verdict
from w2s_course.metrics import LEAST_SNIPPETS, RESAMPLES, Estimate, share
from w2s_course.snippets.concepts import SLOTS, Claims, Slot, all_claims

if TYPE_CHECKING:
    import numpy as np


def beyond_chance(observed: float, expected: float) -> float:
    """(observed - expected) / (1 - expected): agreement on a scale where chance is 0 and identity is 1.

    Returns: at most 1; below 0 for less agreement than chance; 0 where chance alone makes it certain.

    >>> beyond_chance(observed=0.8, expected=0.5)
    0.6
    """
    return round((observed - expected) / (1 - expected), 12) if expected < 1 else 0.0


def cohen_kappa(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    """Cohen's kappa (1960): chance is two raters who draw from their own marginal distributions.

    p_e = sum over categories c of p_one(c) p_other(c),    kappa = (p_o - p_e) / (1 - p_e)

    Args: one category an item. Returns: in [-1, 1]; 0 where both always say the same one thing.
    Raises: ValueError for no items, or for raters with different numbers of them.

    >>> cohen_kappa("yynn", "ynnn")   # p_o = 3/4, p_e = 1/2 * 1/4 + 1/2 * 3/4
    0.5
    """
    same = [a == b for a, b in zip(one, other, strict=True)]
    if not same:
        raise ValueError("There is nothing to agree about: no items.")
    counts, others = Counter(one), Counter(other)
    expected = sum(counts[c] * others[c] for c in counts) / len(same) ** 2
    return beyond_chance(sum(same) / len(same), expected)


def expected_agreement(acc_one: float, acc_other: float, options: int) -> float:
    """How often two *independent* models of these accuracies say the same of `options` things.

    c_exp = a_1 a_2 + (1 - a_1) (1 - a_2) / (options - 1)

    In the spirit of Goel et al. 2025 (arXiv 2502.04313), whose measure reads the models' probabilities;
    derived here for answers without them. Both are right, or both are wrong and hit on the same one of the
    wrong options, taken to be equally likely. Real errors are not: those that both models find tempting
    count as agreement beyond chance, as they should.
    Raises: ValueError for fewer than 2 options.

    >>> round(expected_agreement(0.9, 0.5, options=6), 12)   # 0.45 + 0.05 / 5
    0.46
    """
    if options < 2:
        raise ValueError(f"With {options} options there is nothing to be wrong about; at least 2 are needed.")
    return acc_one * acc_other + (1 - acc_one) * (1 - acc_other) / (options - 1)


def _category(verdict: Verdict, truth: Claims, slot: Slot) -> Hashable | None:
    """What an answer says in a slot, in whichever true words; None where it could not be read."""
    if verdict.claimed is None:
        return None
    return truth[slot] if verdict.claims[slot] else verdict.claimed[slot]


@dataclass(frozen=True)
class _Paired:
    """One slot of teacher and student, an entry a snippet. Categories: (snippets, categories) of 0 and 1."""

    same: np.ndarray
    teacher_right: np.ndarray
    student_right: np.ndarray
    teacher_says: np.ndarray
    student_says: np.ndarray
    options: int


def _paired(
    teacher: Sequence[Verdict], student: Sequence[Verdict], truths: Sequence[Claims], slot: Slot
) -> _Paired:
    import numpy as np

    rows = list(zip(teacher, student, truths, strict=True))
    said = [(_category(t, truth, slot), _category(s, truth, slot)) for t, s, truth in rows]
    columns = {c: i for i, c in enumerate(dict.fromkeys(c for pair in said for c in pair if c is not None))}
    says = np.zeros((2, len(rows), len(columns)))
    for i, pair in enumerate(said):
        for who, category in enumerate(pair):
            if category is not None:
                says[who, i, columns[category]] = 1
    return _Paired(
        np.array([a is not None and a == b for a, b in said], dtype=float),
        np.array([t.claims[slot] for t, _, _ in rows], dtype=float),
        np.array([s.claims[slot] for _, s, _ in rows], dtype=float),
        teacher_says=says[0],
        student_says=says[1],
        options=len(all_claims(slot)),
    )


Chance = Callable[["_Paired", "np.ndarray"], "np.ndarray"]
"""The agreement to expect by chance in a slot, for each row of weights, (draws, snippets) -> (draws,)."""


def _by_marginals(slot: _Paired, weights: np.ndarray) -> np.ndarray:
    expected: np.ndarray = ((weights @ slot.teacher_says) * (weights @ slot.student_says)).sum(1)
    return expected


def _by_accuracy(slot: _Paired, weights: np.ndarray) -> np.ndarray:
    one, other = weights @ slot.teacher_right, weights @ slot.student_right
    expected: np.ndarray = one * other + (1 - one) * (1 - other) / (slot.options - 1)
    return expected


def _kappa(
    teacher: Sequence[Verdict],
    student: Sequence[Verdict],
    truths: Sequence[Claims],
    slots: Sequence[Slot],
    chance: Chance,
    seed: int,
) -> Estimate:
    """Mean observed and mean expected agreement over the slots, made into one kappa; drawn by snippet."""
    import numpy as np

    pairs, n = [_paired(teacher, student, truths, slot) for slot in slots], len(teacher)
    if not n:
        return Estimate(None, None, 0)

    def kappas(weights: np.ndarray) -> np.ndarray:
        observed = np.mean([weights @ slot.same for slot in pairs], axis=0)
        expected = np.mean([chance(slot, weights) for slot in pairs], axis=0)
        certain = expected > 1 - 1e-9  # chance alone makes it certain, but for rounding
        found = (observed - expected) / np.where(certain, 1.0, 1 - expected)
        return np.where(certain, 0.0, np.round(found, 12))

    value = float(kappas(np.full((1, n), 1 / n))[0])
    if n < LEAST_SNIPPETS:
        return Estimate(value, None, n * len(slots))
    weights = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=RESAMPLES) / n
    low, high = np.percentile(kappas(weights), [2.5, 97.5], method="inverted_cdf")
    return Estimate(value, (float(low), float(high)), n * len(slots))


def claim_kappa(
    teacher: Sequence[Verdict],
    student: Sequence[Verdict],
    truths: Sequence[Claims],
    slots: Sequence[Slot] = SLOTS,
    seed: int = 0,
) -> Estimate:
    """Cohen's kappa of what teacher and student claim, over the claims in `slots`.

    True claims are one category whatever their words ('less than 0' is 'negative'); an answer that cannot be
    read agrees with nothing. Chance is reckoned slot by slot, since a sum is never mistaken for a square.
    High for any two good models: most of what they share is the truth. See `error_agreement`.
    Returns: kappa in [-1, 1], its bootstrap interval by snippet, and the number of claims.
    Raises: ValueError where the three differ in length.
    """
    return _kappa(teacher, student, truths, slots, _by_marginals, seed)


def error_agreement(
    teacher: Sequence[Verdict],
    student: Sequence[Verdict],
    truths: Sequence[Claims],
    slots: Sequence[Slot] = SLOTS,
    seed: int = 0,
) -> Estimate:
    """Agreement of teacher and student beyond what their accuracies explain, over the claims in `slots`.

    kappa_p of Goel et al. 2025 (CAPA, arXiv 2502.04313) with answers for probabilities: `beyond_chance` of
    the share of equal claims, by `expected_agreement`. Options are the claims that a slot can hold. Two right
    models agree no more than expected; sharing an error where there are dozens counts in full.
    Returns: 1 = always the same claim, 0 = as independent models, below 0 = complementary errors.
    Raises: ValueError where the three differ in length.
    """
    return _kappa(teacher, student, truths, slots, _by_accuracy, seed)


@dataclass(frozen=True)
class Misfit:
    """Student against teacher, sentence by sentence; shares of all snippets, so that they add up.

    misfit: the student says something else: corrected + broken + otherwise. It needs no gold.
    gain: the student's accuracy minus the teacher's: corrected - broken. It is never above misfit.
    corrected: the teacher is wrong, the student right. broken: the other way round.
    otherwise: both are wrong, differently.
    """

    misfit: Estimate
    gain: Estimate
    corrected: Estimate
    broken: Estimate
    otherwise: Estimate


def gain_and_misfit(teacher: Sequence[Verdict], student: Sequence[Verdict], seed: int = 0) -> Misfit:
    """How far the student departs from its teacher, and how much of that is gain.

    Charikar et al. 2024 (arXiv 2405.15116): for squared loss, a convex class of students and a truth within
    its reach, gain is at least the misfit. With sentences that are right or wrong nothing guarantees it:
    gain <= misfit always, and the distance between the two is harm (twice the broken share) plus errors
    exchanged for other errors. Points near the diagonal are students whose every departure is a correction.
    Two right sentences are the same, in whatever words; an unreadable one is like no other.
    Raises: ValueError where the two differ in length.
    """
    pairs = list(zip(teacher, student, strict=True))
    corrected = [not t.exact and s.exact for t, s in pairs]
    broken = [t.exact and not s.exact for t, s in pairs]
    otherwise = [
        not t.exact and not s.exact and (t.claimed is None or t.claimed != s.claimed) for t, s in pairs
    ]
    departs = [any(kinds) for kinds in zip(corrected, broken, otherwise, strict=True)]
    gain = [int(c) - int(b) for c, b in zip(corrected, broken, strict=True)]
    return Misfit(
        misfit=share(departs, seed),
        gain=share(gain, seed, least=-1.0),
        corrected=share(corrected, seed),
        broken=share(broken, seed),
        otherwise=share(otherwise, seed),
    )
