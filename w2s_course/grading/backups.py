"""Copies of gradebook and records, made before anything changes them."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from w2s_course.errors import CourseError
from w2s_course.grading.workspace import Workspace

KEPT, KEEP, PARTIAL = 20, "-kept", ".partial"
"""How many backups are kept, and what the names of those end in that always are, and of unfinished ones."""


def back_up(space: Workspace, now: datetime | None = None, keep: bool = False) -> Path | None:
    """Copy gradebook and records as they are; the folder, or None where there is nothing to lose yet.

    The newest `KEPT` are kept, and those that were made with `keep`: of what stands nowhere else.
    Raises: CourseError where the copy cannot be written, on a full disk say. Nothing else was done then.
    """
    if not space.gradebook.exists() and not (space.base / "records").exists():
        return None
    stamp = (now or datetime.now()).strftime("%Y-%m-%dT%H-%M-%S.%f")
    folder = space.backups / (stamp + KEEP * keep)
    partial = folder.with_name(folder.name + PARTIAL)
    try:
        _copy(space, partial)
        partial.rename(folder)  # last: a folder of this name is complete
    except (OSError, shutil.Error, sqlite3.Error) as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise CourseError(
            f"The backup {folder} could not be written ({error}), so nothing was done. Is the disk full? "
            f"Make room, or move old folders of {space.backups} elsewhere, and run the same again."
        ) from error
    passing = [path for path in sorted(space.backups.iterdir()) if not path.name.endswith(KEEP)]
    for path in passing[:-KEPT]:
        shutil.rmtree(path, ignore_errors=True)
    return folder


def _copy(space: Workspace, folder: Path) -> None:
    folder.mkdir(parents=True)
    if space.gradebook.exists():
        # SQLite's own copy: right also while somebody has the form grader open.
        with (
            closing(sqlite3.connect(space.gradebook)) as source,
            closing(sqlite3.connect(folder / space.gradebook.name)) as target,
        ):
            source.backup(target)
    if (space.base / "records").exists():
        shutil.copytree(space.base / "records", folder / "records")
