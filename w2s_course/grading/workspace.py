"""Where an instructor's grading lives: one folder, `grading/`, ignored by git, in the layout of nbgrader.

grading/release/UNIT/        what students get
grading/collected/UNIT/      every copy that came in, by student and digest; never changed afterwards
grading/submitted/STUDENT/UNIT/UNIT.ipynb    the copy that counts
grading/records/UNIT/        one JSON a submission: the explanation of each mark
grading/autograded/STUDENT/UNIT/UNIT.ipynb   for nbgrader's form grader
grading/gradebook.db         nbgrader's gradebook
grading/backups/             copies of gradebook and records, one a run
grading/feedback/UNIT/, grading/export/, grading/peers/ESSAY/
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from w2s_course.authoring.sources import UnitSource, unit_sources
from w2s_course.errors import CourseError, unknown_name
from w2s_course.learn.exercises import Unit, all_units

FOLDER = "grading"
INSTALL = '.venv/bin/python -m pip install -c constraints.txt -e ".[instructor]"'


@dataclass(frozen=True)
class Workspace:
    """The folders of one class. root: the course's folder, which holds course/ and grading/."""

    root: Path

    @property
    def base(self) -> Path:
        return self.root / FOLDER

    @property
    def gradebook(self) -> Path:
        return self.base / "gradebook.db"

    @property
    def roster(self) -> Path:
        """The copy of the roster that `collect` was last given."""
        return self.base / "roster.csv"

    @property
    def submitted(self) -> Path:
        return self.base / "submitted"

    @property
    def autograded(self) -> Path:
        return self.base / "autograded"

    def release(self, unit: str, cohort: int | None = None) -> Path:
        return self.base / "release" / (unit if cohort is None else f"{unit}-cohort{cohort}")

    def collected(self, unit: str) -> Path:
        return self.base / "collected" / unit

    def submission(self, unit: str, student: str) -> Path:
        """The notebook that counts; it need not exist."""
        return self.submitted / student / unit / f"{unit}.ipynb"

    def placed(self, unit: str) -> list[Path]:
        """The notebooks that count, by student."""
        return sorted(self.submitted.glob(f"*/{unit}/{unit}.ipynb"))

    def shown(self, unit: str, student: str) -> Path:
        """The notebook that the form grader shows; it need not exist."""
        return self.autograded / student / unit / f"{unit}.ipynb"

    def records(self, unit: str) -> Path:
        return self.base / "records" / unit

    def feedback(self, unit: str) -> Path:
        return self.base / "feedback" / unit

    def peers(self, essay: str) -> Path:
        return self.base / "peers" / essay

    @property
    def backups(self) -> Path:
        return self.base / "backups"

    @property
    def exports(self) -> Path:
        return self.base / "export"


def find_unit(name: str) -> Unit:
    """The unit of that slug or number: '04_measure', '4', '04'.

    Raises: UsageError with the nearest name.

    >>> find_unit("4").slug
    '04_measure'
    """
    units = {unit.slug: unit for unit in all_units()}
    by_number = {str(unit.number): unit for unit in units.values()}
    found = units.get(name) or by_number.get(name.lstrip("0"))
    if found is None:
        raise unknown_name("unit", name, units)
    return found


def find_source(root: Path, unit: Unit) -> UnitSource:
    """The texts of a unit, hidden checks among them.

    Raises: CourseError where this folder holds no course.
    """
    for source in unit_sources(root):
        if source.slug == unit.slug:
            return source
    raise CourseError(f"course/{unit.slug} is not in {root}. Grade in a copy of the course's repository.")
