"""What the remedies did: helped, hurt, or nothing that shows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean

from w2s_course.evidence.finding import Finding, line
from w2s_course.evidence.measured import Row, Setting, column, difference, effect, mean_of

REMEDIES = (
    "gold_fraction", "confidence", "kd", "kd_decaying", "select", "vote", "average", "filter_agreement",
    "bootstrap",
)  # fmt: skip
"""Methods that are compared with the plain student of the same labels, in the order of the table."""


NOTES = {
    "filter_agreement": "Filtering leaves fewer labels, which hurts by itself.",
    "bootstrap": "The middle model of *bootstrap* starts from random weights and labels the snippets that it "
    "learned from, so it hands the labels back as they were: no test of going through pre-trained models of "
    "growing size, as Burns et al. did.",
}
"""What a comparison cannot say, by method."""
AS_FEW = "A line that begins with a dash compares a remedy with a student of about as few labels."


def remedies(setting: Setting) -> Finding | None:
    """Each remedy against the same student without it, paired by seed."""
    lines, told, notes = [], dict[str, list[str]](), dict[str, None]()
    for title, rows, reference in compared(setting):
        found = difference(rows, reference, "exact")
        if found is None:
            continue
        said = effect(found)
        lines.append((title, f"{found.points()}: {said}"))
        as_few = _against_as_few(setting, rows, reference)
        lines += as_few
        told.setdefault(said, []).append(title)
        notes |= {note: None for note in (NOTES.get(str(rows[0]["method"])), as_few and AS_FEW) if note}
    if not lines:
        return None
    verdict = " ".join(f"{said[0].upper()}{said[1:]}: {', '.join(names)}." for said, names in told.items())
    return Finding(tuple(lines), " ".join([verdict, *notes]))


def _against_as_few(setting: Setting, rows: Sequence[Row], reference: Sequence[Row]) -> list[tuple[str, str]]:
    """Where a remedy learns from fewer labels than its reference: the same against a plain student of as few.

    Of what is recorded, the number of labels nearest to its own, if neither is more than half as many again.
    """
    learned, usual = (fmean(column(found, "learned").values() or [0.0]) for found in (rows, reference))
    counts = [c for c in setting.values("count") if c != setting.base["pool"] and setting.where(count=c)]
    if not learned or learned > 0.8 * usual or not counts:
        return []
    near = min(counts, key=lambda c: abs(math.log(c / learned)))
    found = difference(rows, setting.where(count=near), "exact")
    if found is None or not 2 / 3 <= near / learned <= 3 / 2:
        return []
    title = f"– its {learned:,.0f} labels against {near:,} that were not chosen"
    return [(title, f"{found.points()}: {effect(found)}")]


def compared(setting: Setting) -> list[tuple[str, list[Row], list[Row]]]:
    """(title, rows, the rows to compare them with) of each remedy and its settings."""
    from w2s_course.trials.methods import METHODS

    found = []
    for method in REMEDIES:
        groups: dict[str, list[Row]] = {}
        for row in setting.where(method=method):
            numbers = ", ".join(f"{name} {row[name]:g}" for name in METHODS[method].settings)
            groups.setdefault(f"{method.replace('_', ' ')} ({numbers})", []).append(row)
        reference = without(method, setting)
        # Of KD one group is the reference of the others.
        found += [(title, rows, reference) for title, rows in groups.items() if rows[0] not in reference]
    return found


def without(method: str, setting: Setting) -> list[Row]:
    """What a remedy is compared with: the plain student; of KD the same training at a weight of 0."""
    if method.startswith("kd"):
        return [row for row in setting.where(method="kd") if row["weight"] == 0]
    return setting.where()


def stopping(setting: Setting) -> Finding | None:
    """What early stopping by the teacher's validation labels gains over the last step, and loses to gold."""
    rows = setting.where(method="stopping")
    worth = mean_of(rows, "stop_worth")
    if worth is None:
        return None
    return Finding(
        (
            *line("best step by weak validation, each seed", mean_of(rows, "stop_by_weak"), "each"),
            *line("best step by gold validation, each seed", mean_of(rows, "stop_by_gold"), "each"),
            *line("gained by stopping where the teacher says, on gold validation", worth, "points"),
            *line("lost against stopping where gold says", mean_of(rows, "stop_lost"), "lost"),
        ),
        f"Stopping by the teacher's labels: {effect(worth)}. The best step by gold is chosen on the snippets "
        "that measure it, so what is lost against it is too large rather than too small; and where the "
        "teacher is right its labels are gold, so what is gained is too large as well.",
    )


def cascading(setting: Setting) -> Finding | None:
    """Teacher and student together, against the student alone."""
    rows = setting.where(method="cascade")
    apart = difference(rows, rows, "cascade_exact", "exact")
    if apart is None:
        return None
    return Finding(
        (
            *line("answered by the small model", mean_of(rows, "cascade_small_share"), "percent"),
            *line(
                "operations, as a share of the student alone", mean_of(rows, "cascade_cost_share"), "percent"
            ),
            *line("accuracy against the student alone", apart, "points"),
        ),
        f"The threshold was chosen on validation snippets. On accuracy: {effect(apart)}.",
    )
