"""The recorded sweep as lessons read it: the rows at the sizes of the preset cpu, and what they say.

A lesson must be true before a sweep is recorded, and after one that went against expectation. So it asks for
sentences here, which are chosen by the intervals, and says so where nothing is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass

from w2s_course.errors import unknown_name
from w2s_course.evidence.claims import CLAIMS
from w2s_course.evidence.measured import Row, Setting, settings_in
from w2s_course.recorded import recorded_sweeps
from w2s_course.wording import wrapped

PRESET = "cpu"
NOT_RECORDED = "This is not recorded yet: no table that is shipped with the course has its rows."

_NOTHING: Row = {"preset": PRESET, "pool": 1000, "labels": None, "student": None, "method": None}
"""In the place of the first row where there is none; it is like nothing that anybody asks for."""


def recorded_setting() -> Setting:
    """The first recorded setting of the preset cpu; one without rows to find where nothing is recorded."""
    for table in recorded_sweeps():
        for setting in settings_in(table.name, table.rows):
            if setting.base["preset"] == PRESET:
                return setting
    return Setting("none", "nothing is recorded", (_NOTHING,))


@dataclass(frozen=True)
class Told:
    """What the rows say of one claim of the course.

    title: the verdict's first sentence, '' where there is none yet; figures: a line each; verdict: the whole.
    """

    title: str
    figures: tuple[str, ...]
    verdict: str

    def __str__(self) -> str:
        return wrapped("\n".join((*self.figures, self.verdict)))


def told(setting: Setting, key: str) -> Told:
    """The figures and the verdict of a claim of `evidence.claims`, or that they are not recorded yet.

    Raises: UsageError for an unknown claim.
    """
    by_key = {claim.key: claim for claim in CLAIMS}
    if key not in by_key:
        raise unknown_name("claim", key, by_key)
    found = by_key[key].find(setting)
    if found is None:
        return Told("", (), NOT_RECORDED)
    lines = tuple(f"{what}: {figure}" for what, figure in found.lines)
    first = found.verdict.split(". ")[0].rstrip(".")
    return Told(first, lines, found.verdict)
