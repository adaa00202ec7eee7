"""The ledger of errors in parts: inherited, corrected and invented, by slot, by coding style, by confidence.

`metrics.keep_ledger` says what became of one snippet's claims; here the entries are added up by kind. The
second half follows errors that were planted: how many of them the student repeats.
"""

from __future__ import annotations

from collections.abc import Sequence

from w2s_course.errors import UsageError
from w2s_course.judging.execution import Verdict, same_behaviour
from w2s_course.labeling.rules import planted_claims
from w2s_course.metrics import RESAMPLES, Estimate, inheritance, share
from w2s_course.snippets.concepts import Claim, Slot
from w2s_course.snippets.grammar import Snippet

Ledgers = dict[str, dict[str, Estimate]]
"""By group: 'inherited' and 'corrected', of the teacher's wrong claims, 'invented', of its right ones."""


def ledger_by(
    teacher: Sequence[Verdict],
    student: Sequence[Verdict],
    slots: Sequence[Slot],
    groups: Sequence[str],
    seed: int = 0,
) -> Ledgers:
    """The ledger of each group of snippets, in the order in which groups first appear.

    Args: groups: one name a snippet: its coding style, its source, ...
    Raises: ValueError where verdicts and groups differ in number.
    """
    members: dict[str, list[int]] = {}
    for i, (name, _, _) in enumerate(zip(groups, teacher, student, strict=True)):
        members.setdefault(name, []).append(i)
    return {
        name: inheritance([teacher[i] for i in rows], [student[i] for i in rows], slots, seed)
        for name, rows in members.items()
    }


def ledger_by_slot(
    teacher: Sequence[Verdict], student: Sequence[Verdict], slots: Sequence[Slot], seed: int = 0
) -> Ledgers:
    """The ledger of each kind of claim."""
    return {slot: inheritance(teacher, student, [slot], seed) for slot in slots}


def ledger_by_style(
    teacher: Sequence[Verdict],
    student: Sequence[Verdict],
    slots: Sequence[Slot],
    snippets: Sequence[Snippet],
    seed: int = 0,
) -> Ledgers:
    """The ledger of each coding style, in alphabetical order."""
    found = ledger_by(teacher, student, slots, [s.style for s in snippets], seed)
    return dict(sorted(found.items()))


def confidence_groups(confidence: Sequence[float], bins: int = 3) -> list[str]:
    """For each label its group, of `bins` that hold equally many labels; '0.20 to 0.57' is a group's name.

    Equal confidences may fall into two groups where a cut goes between them; groups with one name are one.
    Raises: UsageError for fewer than one bin.

    >>> confidence_groups([0.9, 0.2, 0.5, 0.99], bins=2)
    ['0.90 to 0.99', '0.20 to 0.50', '0.20 to 0.50', '0.90 to 0.99']
    """
    if bins < 1:
        raise UsageError(f"{bins} groups of confidence were asked for; there must be at least 1.")
    order = sorted(range(len(confidence)), key=lambda i: confidence[i])
    names = [""] * len(order)
    for b in range(bins):
        cut = order[len(order) * b // bins : len(order) * (b + 1) // bins]
        for i in cut:
            names[i] = f"{confidence[cut[0]]:.2f} to {confidence[cut[-1]]:.2f}"
    return names


def ledger_by_confidence(
    teacher: Sequence[Verdict],
    student: Sequence[Verdict],
    slots: Sequence[Slot],
    confidence: Sequence[float],
    bins: int = 3,
    seed: int = 0,
) -> Ledgers:
    """The ledger by how sure the teacher was of its own answer to each snippet, the least sure first."""
    found = ledger_by(teacher, student, slots, confidence_groups(confidence, bins), seed)
    return dict(sorted(found.items()))


def _states(verdict: Verdict, claim: Claim, snippet: Snippet) -> bool:
    """Whether an answer makes this false claim, in these words or in others that mean the same here."""
    if verdict.claimed is None or verdict.claims[claim.slot]:
        return False
    said = snippet.claims.with_claim(verdict.claimed[claim.slot])
    return same_behaviour(said, snippet.claims.with_claim(claim))


def planted_ledger(
    verdicts: Sequence[Verdict], snippets: Sequence[Snippet], rules: Sequence[str], seed: int = 0
) -> dict[str, Estimate]:
    """What a student makes of planted errors, on test programs.

    A rule touches a test program if it would make a false claim about it; that claim is the planted one.

        repeated     of the planted claims, the share that the student states, exactly or in equal words
        wrong_there  of the same claims' slots, the share that it has wrong in any way
        touched      share of the touched programs that it explains fully right
        elsewhere    share of the other programs that it explains fully right

    A student of *random* errors is measured by the same `rules` on the same programs: its `repeated` is how
    often it happens on the very claim that a systematic teacher would have planted, its `wrong_there` counts
    any error in that place. Compare both with a student of gold: some of it is not inherited at all.
    A program that two rules touch in two slots counts as two claims; intervals are drawn by program.
    Raises: ValueError where verdicts and snippets differ in number.
    """
    planted = [planted_claims(snippet, rules) for snippet in snippets]
    rows = list(zip(verdicts, snippets, planted, strict=True))
    counts = [len(claims) for claims in planted]
    repeated = [sum(_states(v, c, s) for c in p.values()) / max(1, len(p)) for v, s, p in rows]
    wrong = [sum(not v.claims[slot] for slot in p) / max(1, len(p)) for v, _, p in rows]
    return {
        "repeated": share(repeated, seed, weights=counts),
        "wrong_there": share(wrong, seed, weights=counts),
        "touched": share([v.exact for v, _, p in rows if p], seed),
        "elsewhere": share([v.exact for v, _, p in rows if not p], seed),
    }


def passed_on(label_right: Sequence[bool], student_right: Sequence[bool], seed: int = 0) -> Estimate:
    """The student's error rate on test programs as a multiple of its labels' error rate.

    The one measure in which errors of any kind compare: 1 = the labels' errors are passed on in full, 0 =
    the student makes none, above 1 = more than it was taught. It counts errors of the student's own too;
    the ceiling's shows how many those are. n: the test programs.
    Returns: undefined (None) where there is no wrong label. The interval draws labels and test programs
    again, each on their own; it has no upper end of 1.

    >>> passed_on([True, True, True, False], [True] * 7 + [False]).value
    0.5
    """
    import numpy as np

    taught, made = (1 - np.asarray(right, dtype=float) for right in (label_right, student_right))
    if not len(made) or not taught.sum():
        return Estimate(None, None, 0)
    rng = np.random.default_rng(seed)
    # A binomial draw is the mean of a resample of zeros and ones, without the resample.
    drawn, drawn_made = (rng.binomial(len(x), x.mean(), RESAMPLES) / len(x) for x in (taught, made))
    low, high = np.percentile((drawn_made / np.fmax(drawn, 1 / len(taught))), [2.5, 97.5])
    if made.min() == made.max():  # every resample is the same: reach as far as `share` does there
        ends = share([float(x) for x in made], seed).ci95
        low, high = (end / taught.mean() for end in ends) if ends else (low, high)
    return Estimate(float(made.mean() / taught.mean()), (float(low), float(high)), len(made))
