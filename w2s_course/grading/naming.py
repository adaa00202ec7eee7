"""What an LMS writes into the names of downloaded submissions.

Canvas: `lastfirst_12345_67890_file.ipynb`, `lastfirst_LATE_12345_67890_file-1.ipynb`: the sortable name in
small letters without spaces and punctuation, the user's number, the file's number (that of a later upload is
larger), and for a second upload a counter. Source: canvas-lms, lib/content_zipper.rb. Where marking is
anonymous it writes `anon_` and letters, which name nobody.

Moodle: a folder (or, by the teacher's preference, a prefix)
`Full Name_12345_assignsubmission_file/file.ipynb`, in older versions with `_` at its end; the number is that
of the participant in this one assignment, not of the user. Source: moodle, mod/assign/classes/downloader.php.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from w2s_course.grading.roster import Match, Roster

_CANVAS = re.compile(
    r"(?P<name>[^_/]+)_(?P<late>LATE_)?(?P<user>\d+)_(?P<upload>\d+)_(?P<file>[^/]+)", re.IGNORECASE
)
_MOODLE = re.compile(r"(?P<name>[^/]+?)_(?P<number>\d+)_assignsubmission_file_?(?:/|_)?(?P<file>.*)")
_AGAIN = re.compile(r"(?: \((\d+)\)|-(\d+))?$")


@dataclass(frozen=True)
class Label:
    """What a path says. late: as the LMS marked it, None where it marks nothing. order: what breaks a tie
    between two uploads, larger is later."""

    match: Match
    late: bool | None = None
    order: tuple[int, int] = (0, 0)


def read_label(path: str, roster: Roster, unit: str) -> Label:
    """Whose submission a file is, by its path in a download, and what the path says about it.

    unit: the slug, which is taken off a loose file's name: `04_measure_ana.ipynb` is Ana's.
    """
    parts = PurePosixPath(path)
    again = _again(parts.stem)
    # Outermost first, since the LMS names what lies outside and students what lies inside. A folder that
    # only looks like one of an LMS, around a whole download, is nobody's.
    nobody: Label | None = None
    for depth, part in enumerate(parts.parts):
        if moodle := _MOODLE.fullmatch(part):
            match = roster.match(moodle["name"], moodle["number"], unique_number=False)
            found = Label(match, order=(0, again))
        elif canvas := _CANVAS.fullmatch(part):
            match = roster.match(canvas["name"], canvas["user"])
            found = Label(match, bool(canvas["late"]), (int(canvas["upload"]), again))
        else:
            continue
        if match.student is not None:
            return _unless_in_anothers(found, roster.match_labels(parts.parts[:depth]))
        nobody = found
    return nobody or Label(roster.match_labels(_loose(parts, unit)), order=(0, again))


def _unless_in_anothers(found: Label, folder: Match) -> Label:
    """The label of a file, or a conflict where it lies in a folder of somebody else's."""
    student, owner = found.match.student, folder.student
    if student is None or owner is None or owner.id == student.id:
        return found
    said = f"its folder is {owner.id}'s, and its name says {student.id}"
    return Label(Match(None, said, conflict=True), found.late, found.order)


def _again(stem: str) -> int:
    found = _AGAIN.search(stem)
    return int(found[1] or found[2] or 0) if found else 0


def _loose(parts: PurePosixPath, unit: str) -> list[str]:
    """The labels of a file that no LMS named: its folders, and its name without the unit's."""
    stem = _AGAIN.sub("", parts.stem)
    own = re.sub(re.escape(unit), "", stem, flags=re.IGNORECASE).strip(" _-.")
    return [label for label in (*parts.parts[:-1], own) if label]
