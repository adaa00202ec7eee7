"""What keeping the teacher's likeliest labels keeps: by concept, and by how well the teacher knows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from w2s_course.learn.rows import Row
from w2s_course.plots.remedies import Kept
from w2s_course.snippets.concepts import SLOTS, Slot
from w2s_course.snippets.grammar import Snippet


@dataclass(frozen=True)
class SelectionByConcept:
    """A selection of labels, by the true concept in the slot that is wrong most often.

    concepts: by name. known, hard: (kept, all) counts of labels about concepts that the teacher names rightly
    at least as often as concepts on average, and of the others. right: shares of fully right labels among
    all and among those kept, in [0, 1].
    """

    slot: Slot
    concepts: Mapping[str, Kept]
    known: tuple[int, int]
    hard: tuple[int, int]
    right: tuple[float, float]


def likeliest_rows(rows: Sequence[Row], share: float) -> list[Row]:
    """The share of the labels with the most confidence, at least one, in their order."""
    order = sorted(range(len(rows)), key=lambda i: -(rows[i].confidence or 0.0))
    return [rows[i] for i in sorted(order[: max(1, round(share * len(rows)))])]


def selection_by_concept(rows: Sequence[Row], pool: Sequence[Snippet], share: float) -> SelectionByConcept:
    """Keep a share of the labels by the teacher's likelihood, and count what is left of each concept.

    rows: of `label_rows`; pool: the snippets that their numbers count. Truth is used to measure only.
    """
    kept = {row.number for row in likeliest_rows(rows, share)}
    slot = max(SLOTS, key=lambda s: sum(s in row.teacher_wrong for row in rows))
    about: dict[str, list[Row]] = {}
    for row in rows:
        about.setdefault(pool[row.number].claims[slot].name, []).append(row)
    concepts = {
        name: Kept(
            len(found),
            fmean(slot not in row.teacher_wrong for row in found),
            fmean(row.number in kept for row in found),
        )
        for name, found in sorted(about.items())
    }
    usual = fmean(slot not in row.teacher_wrong for row in rows)
    counts: Counter[tuple[bool, bool]] = Counter()
    for name, found in about.items():
        for row in found:
            counts[concepts[name].right >= usual, row.number in kept] += 1
    return SelectionByConcept(
        slot,
        concepts,
        known=(counts[True, True], counts[True, True] + counts[True, False]),
        hard=(counts[False, True], counts[False, True] + counts[False, False]),
        right=(fmean(row.right for row in rows), fmean(row.right for row in rows if row.number in kept)),
    )
