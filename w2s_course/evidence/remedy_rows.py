"""The remedies as rows to be plotted and compared: what each changed, what it cost, what it needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from w2s_course.evidence.measured import Measured, Row, Setting, column, difference, mean_of, settings_in
from w2s_course.evidence.remedies import compared
from w2s_course.recorded import recorded_sweeps

NEEDS = {
    "gold_fraction": "gold labels, bought",
    "confidence": "nothing more",
    "kd": "a teacher on the student's token ids",
    "kd_decaying": "a teacher on the student's token ids",
    "select": "the teacher's confidence",
    "vote": "more weak models",
    "average": "more weak models, all asked at each token",
    "filter_agreement": "a second training, short",
    "bootstrap": "a model of middle size",
    "stopping": "validation labels by the teacher",
    "cascade": "both models in use",
}
"""What a remedy asks for beyond the plain student's."""


@dataclass(frozen=True)
class Remedy:
    """One remedy in one setting.

    change: of the accuracy, remedy minus the student that it is compared with, paired by seed. work:
    operations of preparing and training as a multiple of that student's, None where nothing is trained anew.
    """

    method: str
    title: str
    change: Measured
    work: float | None

    @property
    def needs(self) -> str:
        """What it asks for beyond the plain student's."""
        return NEEDS.get(self.method, "")


def remedy_setting() -> Setting | None:
    """The recorded setting with the most methods; None where no sweep is recorded."""
    settings = [s for table in recorded_sweeps() for s in settings_in(table.name, table.rows)]
    return max(settings, key=lambda s: len(s.values("method")), default=None)


def recorded_remedies(setting: Setting | None) -> list[Remedy]:
    """Every remedy that is recorded, best mean first; empty where none is.

    Stopping is measured on validation snippets, all others on test snippets.
    """
    if setting is None:
        return []
    found = []
    for title, rows, reference in compared(setting):
        change = difference(rows, reference, "exact")
        if change is not None:
            method = str(rows[0]["method"])
            found.append(Remedy(method, title, change, _work(rows, reference)))
    worth = mean_of(setting.where(method="stopping"), "stop_worth")
    if worth is not None:
        found.append(Remedy("stopping", "stopping by weak validation", worth, None))
    both = setting.where(method="cascade")
    change = difference(both, both, "cascade_exact", "exact")
    if change is not None:
        found.append(Remedy("cascade", "cascade (threshold by validation)", change, None))
    return sorted(found, key=lambda remedy: -remedy.change.mean)


def _work(rows: Sequence[Row], reference: Sequence[Row]) -> float | None:
    """Operations of making the student, as a multiple of the reference's, mean over common seeds."""

    def operations(some: Sequence[Row]) -> dict[int, float]:
        training, preparing = (column(some, f"flops_{what}") for what in ("training", "preparing"))
        return {seed: training[seed] + preparing[seed] for seed in training if seed in preparing}

    mine, base = operations(rows), operations(reference)
    ratios = [mine[seed] / base[seed] for seed in mine if base.get(seed)]
    return fmean(ratios) if ratios else None
