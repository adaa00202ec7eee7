"""Where the course may write, files that are there whole or not at all, and words for a disk that is full."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from w2s_course.errors import CourseError

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def cache_root() -> Path:
    """The folder that holds everything the course keeps between runs; made if it is not there.

    It is `W2S_CACHE` where that is set (a classroom's shared disk, a larger disk), else the user's cache
    folder as the operating system defines it. Only the place depends on the environment, never a result.
    It may be one that can only be read: what it holds is used, what it lacks is refused where it is needed.

    Raises:
        CourseError: the folder is not there and cannot be made.
    """
    root, given = _root(), bool(_given_root())
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if root.is_dir():  # on a disk that can only be read
            return root
        origin = "W2S_CACHE names it" if given else "it is the default"
        raise CourseError(
            f"The cache folder {root} cannot be made ({error.strerror or error}); {origin}. "
            "Set the environment variable W2S_CACHE to a folder that you may write to, and start again."
        ) from error
    return root


def why_read_only(folder: Path) -> str | None:
    """Why nothing can be written into a folder, in the system's words, or None.

    Trying is the only reliable test: permission bits say little for root, on Windows, on network disks.
    """
    try:
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return error.strerror or str(error)


def _given_root() -> str:
    return os.environ.get("W2S_CACHE", "").strip()


def _root() -> Path:
    given = _given_root()
    return Path(given).expanduser().absolute() if given else platformdirs.user_cache_path("w2s-course")


def write_atomically(path: Path, data: str | bytes) -> None:
    """Put `data` in `path` so that a reader, or a crash, finds the old content or the new, never a part.

    Text is written as UTF-8 with its line ends as they are. The parent folder must exist.

    Raises:
        CourseError: the disk is full or may not be written to.
    """
    scratch = path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}.tmp")
    with errors_explained(f"the file {path.name}", path):
        try:
            write_through(scratch, data.encode() if isinstance(data, str) else data)
            scratch.replace(path)
        finally:
            scratch.unlink(missing_ok=True)


def require_free(folder: Path, needed_bytes: int, *, what: str) -> None:
    """Refuse before starting what the disk cannot hold: better now than after twenty minutes of download.

    Args:
        folder: where it would go; need not exist yet.

    Raises:
        CourseError: fewer than `needed_bytes` bytes are free there.
    """
    free = _free_bytes(folder)
    if free < needed_bytes:
        raise CourseError(
            f"{what} needs {_megabytes(needed_bytes)} in {folder}, and only {_megabytes(free)} are free. "
            f"{_make_room(folder)}"
        )


def is_disk_full(error: BaseException) -> bool:
    """Whether an error means that a disk or a quota is full.

    The libraries written in Rust (safetensors, tokenizers) report it in an error of their own, which has the
    operating system's words but not its number.
    """
    return (isinstance(error, OSError) and error.errno in _FULL) or "No space left on device" in str(error)


def disk_full(what: str, place: Path) -> CourseError:
    """The error for a disk on which there is no room at `place` for what was to be written there."""
    return CourseError(
        f"The disk is full: {what} could not be written to {place} "
        f"({_megabytes(_free_bytes(place))} free). {_make_room(place)}"
    )


def _make_room(place: Path) -> str:
    """What to do about a full disk: caches can lie elsewhere, a folder of results is named by the user."""
    variable = "W2S_CACHE" if _in_cache(place) else _variable_of_hub(place)
    elsewhere = (
        f"set the environment variable {variable} to a folder on a larger disk"
        if variable
        else "name a folder on a larger disk"
    )
    return f"Free some space there, or {elsewhere}, and start again."


def _in_cache(place: Path) -> bool:
    return place.absolute().is_relative_to(_root())


def _variable_of_hub(place: Path) -> str | None:
    """What moves the hub's own cache, if a place is in it; what is set goes before."""
    from huggingface_hub import constants  # half a second, and only where something went wrong

    if not any(place.absolute().is_relative_to(each) for each in (constants.HF_HOME, constants.HF_HUB_CACHE)):
        return None
    return "HF_HUB_CACHE" if os.environ.get("HF_HUB_CACHE") else "HF_HOME"


def write_through(path: Path, data: bytes) -> None:
    """Write a new file and wait until the disk has it."""
    with path.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def sync_directory(directory: Path) -> None:
    """Make the names in a directory durable. Windows has no such call and needs none."""
    if os.name != "posix":
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def errors_explained(what: str, target: Path) -> Iterator[None]:
    """Turn 'disk full' and 'not allowed' into errors that say where, how much is free, and what to do."""
    try:
        yield
    except Exception as error:
        place = _place_of(error, target)
        if is_disk_full(error):
            raise disk_full(what, place) from error
        if isinstance(error, OSError) and error.errno in _FORBIDDEN:
            elsewhere = (
                "set the environment variable W2S_CACHE to a folder that you may write to: one that can only "
                "be read serves for what it holds, and this is not in it."
                if _in_cache(place)
                else "name another place."
            )
            raise CourseError(
                f"Not allowed to use {place} ({error.strerror}), which {what} needs. Change its permissions, "
                f"close whatever has it open, or {elsewhere}"
            ) from error
        raise


def _place_of(error: Exception, target: Path) -> Path:
    """The path that an error is about, if it says so: a download may fill another disk than ours."""
    name = getattr(error, "filename", None)
    return Path(os.fsdecode(name)) if isinstance(name, (str, bytes)) else target


def _free_bytes(path: Path) -> int:
    """Free bytes on the disk of a path, or of the nearest folder above it that exists."""
    path = path.absolute()
    existing = next(folder for folder in (path, *path.parents) if folder.is_dir())
    return shutil.disk_usage(existing).free


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.0f} MB"
