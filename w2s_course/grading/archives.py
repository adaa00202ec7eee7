"""Reading what came in, a folder or a zip, without trusting it: what is refused is said, the rest is read.

Nothing is ever unpacked to a path that an archive names: contents are read into memory, up to a limit, and
the caller decides where they go. Refused: links, names that lead outside, archives within archives,
encrypted entries, files above the limit by their declaration or in truth, and everything after the limits on
number and total.
"""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from w2s_course.errors import CourseError

LARGEST_FILE = 20_000_000
"""Bytes of one notebook. The course's own have under 100 kB; with every figure in it, a few MB."""
LARGEST_TOTAL = 2_000_000_000
MOST_FILES = 20_000
LONGEST_NAME = 1_000
"""Characters of a path in a zip; those of file systems are shorter, and names are compared in many orders."""

_PIECE = 1 << 16
_ARCHIVES = {".zip", ".tar", ".gz", ".tgz", ".7z", ".rar", ".xz", ".bz2"}
_CLUTTER = {"__MACOSX", ".ipynb_checkpoints", "__pycache__"}


@dataclass(frozen=True)
class Incoming:
    """One file: its path in the download with '/', when it was last changed (local time), its bytes."""

    path: str
    changed: datetime
    data: bytes


@dataclass(frozen=True)
class Refused:
    """One file that was not read, and why."""

    path: str
    reason: str


def read_incoming(source: Path) -> Iterator[Incoming | Refused]:
    """Everything in a folder or zip that may be a submission, one at a time, in the order of the paths.

    Raises: CourseError if there is no such thing, or it is neither.
    """
    if source.is_dir():
        yield from _from_folder(source)
    elif zipfile.is_zipfile(source):
        yield from _from_zip(source)
    elif source.is_file():
        if source.suffix == ".ipynb":
            raise CourseError(
                f"{source} is one notebook. Put it into a folder, named by the student's id, as in "
                "late/s001.ipynb, and name the folder."
            )
        raise CourseError(f"{source} is neither a folder nor a zip. Download the submissions again.")
    else:
        raise CourseError(f"There is no file or folder {source}. Name the download, a zip or a folder.")


def _unwanted(path: str) -> str | None:
    """Why a file is not read, by its name; '' for what every system leaves behind and nobody need hear of."""
    parts = PurePosixPath(path).parts
    if not parts or _CLUTTER & set(parts) or parts[-1].startswith("."):
        return ""
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in _ARCHIVES:
        return "an archive within the download; archives are not opened. Ask for the notebook itself"
    if suffix != ".ipynb":
        return f"not a notebook ({suffix or 'no ending'})"
    return None


def _from_folder(source: Path) -> Iterator[Incoming | Refused]:
    count = 0
    for folder, folders, names in os.walk(source):
        folders.sort()
        here = Path(folder)
        linked = [name for name in folders if (here / name).is_symlink()]
        for name in sorted([*names, *linked]):
            file = here / name
            path = file.relative_to(source).as_posix()
            status = file.lstat()
            reason = _unwanted(path)
            if stat.S_ISLNK(status.st_mode):
                yield Refused(path, "a link; it is not followed")
            elif reason is not None:
                if reason:
                    yield Refused(path, reason)
            elif not stat.S_ISREG(status.st_mode):
                yield Refused(path, "not an ordinary file")
            elif status.st_size > LARGEST_FILE:
                yield Refused(path, _too_large(status.st_size))
            elif (count := count + 1) > MOST_FILES:
                yield Refused(path, f"more than {MOST_FILES:,} files")
            else:
                yield Incoming(path, datetime.fromtimestamp(status.st_mtime), file.read_bytes())


def _too_large(size: int) -> str:
    return f"{size / 1e6:,.0f} MB; a notebook may have {LARGEST_FILE / 1e6:.0f} MB. Clear its outputs"


def _from_zip(source: Path) -> Iterator[Incoming | Refused]:
    try:
        with zipfile.ZipFile(source) as archive:
            entries = sorted(archive.infolist(), key=_path)
            total = 0
            for number, entry in enumerate(entries):
                path = _path(entry)
                reason = _refusal(entry, path, number, total)
                if len(path) > LONGEST_NAME:
                    path = f"{path[:60]}…"
                if reason is None:
                    found = _read(archive, entry, path)
                    total += len(found.data) if isinstance(found, Incoming) else LARGEST_FILE
                    yield found
                elif reason:
                    yield Refused(path, reason)
    except zipfile.BadZipFile as error:
        raise CourseError(f"{source} is a damaged zip ({error}). Download it again.") from error


def _path(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: tools that forget the UTF-8 mark are read as UTF-8 where that is possible."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = entry.filename
    return name


def _refusal(entry: zipfile.ZipInfo, path: str, number: int, total: int) -> str | None:
    """Why an entry is not read; '' where nobody need hear of it; None if it may be."""
    if path.endswith("/"):  # as `is_dir`, which cannot bear an empty name
        return ""
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "a link; it is not followed"
    if len(path) > LONGEST_NAME:
        return f"its name has {len(path):,} characters"
    parts = path.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0] or "\0" in path:
        return "its name leads outside the download"
    unwanted = _unwanted(path)
    if unwanted is not None:
        return unwanted
    if entry.flag_bits & 0x1:
        return "encrypted"
    if entry.file_size > LARGEST_FILE:
        return _too_large(entry.file_size)
    if number >= MOST_FILES or total > LARGEST_TOTAL:
        return f"the download has more than {MOST_FILES:,} files or {LARGEST_TOTAL / 1e9:.0f} GB"
    return None


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str) -> Incoming | Refused:
    """Read one entry, counting: what is declared is not believed."""
    pieces, size = [], 0
    try:
        with archive.open(entry) as stream:
            while piece := stream.read(_PIECE):
                size += len(piece)
                if size > LARGEST_FILE:
                    return Refused(path, _too_large(size))
                pieces.append(piece)
    except Exception as error:  # each way of compressing has its own, from zlib.error to lzma.LZMAError
        return Refused(path, f"damaged in the zip ({error})")
    return Incoming(path, _changed(entry), b"".join(pieces))


def _changed(entry: zipfile.ZipInfo) -> datetime:
    try:
        return datetime(*entry.date_time)
    except ValueError:  # a month of 0, from tools that write no time
        return datetime(1980, 1, 1)
