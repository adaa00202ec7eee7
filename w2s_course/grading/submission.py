"""A submitted notebook, read as what it is: a file from a stranger.

It is never modified, never executed here and never parsed as Python here: a hostile text can crash Python's
own parser. What cannot be graded is refused with a reason that a learner understands.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from w2s_course.errors import CourseError
from w2s_course.grading.limits import MB

LARGEST_BYTES = 20 * MB
MOST_CELLS = 2_000
MOST_CODE = 1_000_000
"""Characters in all code cells. The course's own have some 20,000."""


class Refused(CourseError):
    """A submission that cannot be graded; the message is the reason, for the learner too."""


@dataclass(frozen=True)
class SubmittedCell:
    """One cell. source: with Unix line ends.

    told: what its outputs say in Markdown, as a filled essay does; no other output is kept.
    """

    kind: str
    source: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class Submission:
    """The cells of a submitted notebook, and its metadata as they stand."""

    path: Path
    cells: tuple[SubmittedCell, ...]
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> list[str]:
        """The sources of its code cells, in the order of the document."""
        return [cell.source for cell in self.cells if cell.kind == "code"]


def read_submission(path: Path) -> Submission:
    """The notebook in `path`.

    Raises: Refused for anything but a regular file of up to 20 MB that holds a Python notebook of format 4.
    """
    text = _decoded(_read(path), path.name)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(f"{path.name} is not a notebook: its JSON is broken ({_said(error)}).") from error
    return _from_json(found, path)


def _read(path: Path) -> bytes:
    """The file's bytes; a link, a pipe or a device is not opened, and no more than the limit is read."""
    try:
        # Neither follows a link nor waits for a pipe, even if one is put in the file's place meanwhile.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        if path.is_symlink():
            raise Refused(f"{path.name} is a link, not a file. Hand in the notebook itself.")
        with os.fdopen(os.open(path, flags), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Refused(f"{path.name} is not a file. Hand in the notebook itself.")
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise Refused(f"{path.name} cannot be read ({error.strerror or error}).") from error
    if len(data) > LARGEST_BYTES:
        limit = LARGEST_BYTES // MB
        raise Refused(
            f"{path.name} is larger than {limit} MB. Clear its outputs, save it, and hand it in again."
        )
    if not data.strip():
        raise Refused(f"{path.name} is empty. Save the notebook and hand it in again.")
    return data


def _decoded(data: bytes, name: str) -> str:
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"{name} is not a notebook: it is not text in UTF-8.") from error


def _said(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "a number of absurd length"


def _from_json(found: Any, path: Path) -> Submission:
    if not isinstance(found, dict) or not isinstance(found.get("cells", found.get("worksheets")), list):
        raise Refused(f"{path.name} is not a notebook: it has no list of cells.")
    if "cells" not in found:
        raise Refused(
            f"{path.name} is a notebook of an old format. Open it in JupyterLab, save it, hand it in."
        )
    metadata = _mapping(found.get("metadata"))
    _refuse_other_language(metadata, path.name)
    cells = tuple(made for cell in found["cells"] if (made := _cell(cell)) is not None)
    if not cells:
        raise Refused(f"{path.name} has no cells.")
    if len(cells) > MOST_CELLS:
        raise Refused(f"{path.name} has {len(cells):,} cells; at most {MOST_CELLS:,} are read.")
    submission = Submission(path, cells, metadata)
    if (size := sum(map(len, submission.code))) > MOST_CODE:
        raise Refused(
            f"{path.name} has {size:,} characters of code; at most {MOST_CODE:,} are read. Take out what is "
            "data, and hand it in again."
        )
    return submission


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _cell(cell: Any) -> SubmittedCell | None:
    """One cell, or None for what has no text."""
    text = _text(_mapping(cell).get("source"))
    if text is None:
        return None
    outputs = cell.get("outputs")
    said = (
        _mapping(_mapping(output).get("data")) for output in (outputs if isinstance(outputs, list) else [])
    )
    told = tuple(shown for data in said if (shown := _text(data.get("text/markdown"))))
    kind = cell.get("cell_type")
    return SubmittedCell(kind if isinstance(kind, str) else "", text, _mapping(cell.get("metadata")), told)


def _text(value: Any) -> str | None:
    """A text that may stand as a list of lines, with Unix line ends; None for anything else."""
    if isinstance(value, list):
        value = "".join(line for line in value if isinstance(line, str))
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else None


def _refuse_other_language(metadata: Mapping[str, Any], name: str) -> None:
    """Colab and stripped notebooks may say nothing of a language: then it is Python."""
    kernel, language = _mapping(metadata.get("kernelspec")), _mapping(metadata.get("language_info"))
    said = language.get("name") or kernel.get("language")
    if isinstance(said, str) and said.lower() not in ("python", "ipython"):
        raise Refused(f"{name} runs on a {said[:40]} kernel; the course's exercises are in Python.")
