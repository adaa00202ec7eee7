"""Recorded students by the gold and the weak labels that they learned from, and what weak ones are worth.

One recording at a time: another recording has other programs, other teachers and perhaps other code, so its
mixes are not set beside these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from w2s_course.costs import Series, Worth, gold_curve, label_mix, run_mixes, worth_in_gold
from w2s_course.costs.rows import number
from w2s_course.errors import UsageError, unknown_name
from w2s_course.evidence.measured import Setting, settings_in
from w2s_course.learn.lesson import RECORDED_PRESET
from w2s_course.learn.plain_errors import friendly_errors
from w2s_course.recorded import recorded_runs, recorded_sweeps
from w2s_course.wording import plural

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Recording:
    """Trained students of one pair of models, a row each, with what their labels were.

    about: where they come from, in words. rows: as `costs.label_mix` gives them, with `seed` and `exact`.
    """

    about: str
    rows: tuple[Row, ...]

    @property
    def mixes(self) -> list[tuple[int, int]]:
        """The different (gold, weak) numbers of labels."""
        return sorted({(row["gold_labels"], row["weak_labels"]) for row in self.rows})

    def only(self, *, gold: bool) -> list[Row]:
        """The students on gold labels alone, or on weak labels alone."""
        other = "weak_labels" if gold else "gold_labels"
        return [row for row in self.rows if row[other] == 0]


def _runs() -> Recording:
    runs = recorded_runs(RECORDED_PRESET)
    rows = [row for run in runs for row in run_mixes(run)]
    return Recording(f"{plural(len(runs), 'recorded run')} of the preset {RECORDED_PRESET}", tuple(rows))


def _of_setting(setting: Setting) -> Recording:
    """The plain students of a sweep's setting, and those on weak labels with some gold among them."""
    rows = [
        label_mix(row)
        for count in setting.values("count")
        for labels in ("weak", "gold")
        for row in setting.where(count=count, labels=labels)
    ]
    rows += [label_mix(row) for row in setting.where(method="gold_fraction")]
    return Recording(f"the recorded sweep '{setting.title}'", tuple(rows))


def recordings() -> dict[str, Recording]:
    """What is shipped, by name: 'runs', and 'sweep' where a sweep of this preset was recorded."""
    found = {"runs": _runs()}
    settings = [s for t in recorded_sweeps() for s in settings_in(t.name, t.rows)]
    swept = [_of_setting(s) for s in settings if s.base.get("preset") == RECORDED_PRESET]
    if any(one.rows for one in swept):
        found["sweep"] = max(swept, key=lambda one: (len(one.mixes), len(one.rows)))
    return found


def recording(name: str | None = None) -> Recording:
    """A recording by its name; the one with the most mixes if none is given.

    Raises: UsageError for a name that is not there.
    """
    known = recordings()
    if name is None:
        return max(known.values(), key=lambda one: len(one.mixes))
    if name not in known:
        raise unknown_name("recording", name, known)
    return known[name]


@dataclass(frozen=True)
class GoldWorth:
    """What the weak labels of a recording are worth in gold, with all that the plot of it needs.

    about: the recording. weak: seed -> accuracy of the student on them; curves: seed -> that on gold;
    teacher_gold: gold pairs from which their teacher learned.
    """

    about: str
    worth: Worth
    weak: Mapping[int, float]
    curves: Mapping[int, Series]
    teacher_gold: int


@friendly_errors()
def recorded_worth(labels: int = 1000) -> GoldWorth:
    """How many gold labels so many weak ones are worth, in the recording that has the smallest gold set.

    Raises: Friendly where no recording has students on so many weak labels and on two sizes of gold.

    >>> found = recorded_worth()
    >>> found.weak.keys() <= found.curves.keys()
    True
    """
    found = [worth for one in recordings().values() if (worth := _worth_of(one, labels)) is not None]
    if not found:
        raise UsageError(f"What {labels:,} weak labels are worth in gold was not recorded. Try 1000.")
    return min(found, key=lambda one: one.worth.recorded[0])


def _worth_of(source: Recording, labels: int) -> GoldWorth | None:
    """From the seeds with the most sizes of gold; None where none has students on so many weak labels and on
    two sizes of gold."""
    gold, students = source.only(gold=True), source.only(gold=False)
    on_labels = [row for row in students if row["weak_labels"] == labels]
    sizes = {row["seed"]: {r["gold_labels"] for r in gold if r["seed"] == row["seed"]} for row in on_labels}
    most = max(map(len, sizes.values()), default=0)
    # Seeds with fewer sizes, as in a sweep that is not finished, have a coarser curve: left out.
    rows = [row for row in on_labels if len(sizes[row["seed"]]) == most]
    if most < 2:
        return None
    weak = {int(row["seed"]): number(row, "exact") for row in rows}
    curves = gold_curve([row for row in gold if row["seed"] in weak])
    teacher = max(int(row["teacher_gold"]) for row in rows)
    return GoldWorth(source.about, worth_in_gold(weak, curves), weak, curves, teacher)
