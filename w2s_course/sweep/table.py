"""The table of a sweep: rows with their provenance, as compact JSON that a person can still read and compare.

    {"about": ..., "command": ..., "made": ..., "environment": {...}, "columns": [...], "rows": [[...], ...]}

One line a row; a column that a row lacks is null. Numbers keep six digits: more than the intervals mean.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from w2s_course.disk import write_atomically
from w2s_course.errors import CourseError, UsageError

SCHEMA_VERSION = 1
DIGITS = 6

Row = Mapping[str, Any]


@dataclass(frozen=True)
class SweepTable:
    """Rows and where they come from.

    name: of the grid; trials: how many it asks for, of which `rows` are done; command: what makes it again;
    made: the date; environment: versions and hardware of the machine that wrote it (each row has its own).
    """

    name: str
    about: str
    command: str
    made: str
    trials: int
    environment: Mapping[str, Any]
    rows: Sequence[Row]

    def as_json(self) -> str:
        """The text of the file."""
        columns = list(dict.fromkeys(key for row in self.rows for key in row))
        head = {
            "schema_version": SCHEMA_VERSION,
            **{k: getattr(self, k) for k in ("name", "about", "command", "made", "trials", "environment")},
            "columns": columns,
        }
        lines = [json.dumps([_rounded(row.get(c)) for c in columns], ensure_ascii=False) for row in self.rows]
        body = ",\n".join(f"  {line}" for line in lines)
        opened = json.dumps(head, indent=1, ensure_ascii=False).removesuffix("\n}")
        return f'{opened},\n "rows": [\n{body}\n ]\n}}\n'

    def by_trial(self) -> dict[str, dict[str, Any]]:
        """A copy of each row, by its trial's identity. Raises: CourseError for a row that names no trial."""
        if any("trial" not in row for row in self.rows):
            raise CourseError(
                f"The table of {self.name} has rows that name no trial, so none can be taken as it is. "
                "Name a table that `w2s sweep` wrote."
            )
        return {row["trial"]: dict(row) for row in self.rows}

    def write(self, path: Path) -> None:
        """Write the file as a whole or not at all."""
        write_atomically(path, self.as_json())


def read_table(text: str, where: str = "the table") -> SweepTable:
    """The table of a file's text. Raises: CourseError where it is none that this version can read."""
    try:
        data = json.loads(text)
        version = data.pop("schema_version")
    except (ValueError, KeyError, AttributeError) as err:
        raise CourseError(f"{where} is no table of a sweep. Make it again with `w2s sweep`.") from err
    if version != SCHEMA_VERSION:
        raise CourseError(
            f"{where} has schema version {version}, this course reads {SCHEMA_VERSION}. Make it again."
        )
    try:
        columns = data.pop("columns")
        rows = [dict(zip(columns, values, strict=True)) for values in data.pop("rows")]
        return SweepTable(**data, rows=rows)
    except (KeyError, TypeError, ValueError) as err:
        raise CourseError(
            f"{where} is a damaged table ({type(err).__name__}: {err}). Make it again with `w2s sweep`."
        ) from err


def load_table(path: Path) -> SweepTable:
    """The table of a file. Raises: UsageError where there is no file, CourseError where it holds no table
    that this version can read."""
    if not path.is_file():
        raise UsageError(f"There is no table at {path}. Name the file that a sweep wrote.")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as err:
        raise CourseError(
            f"{path} cannot be read as a table ({err}). Name the file that a sweep wrote."
        ) from err
    return read_table(text, str(path))


def _rounded(value: Any) -> Any:
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value
