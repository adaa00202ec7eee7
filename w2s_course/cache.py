"""A cache of folders in which a folder is complete and undamaged, or it is not there.

Everything slow in the course (a converted model, a trained student, a set of labels) is a folder that
is made once and then only read. Three things go wrong with such folders in a classroom: a notebook is
interrupted half-way, two notebooks make the same folder at the same time, and a disk fills up or loses
a byte. `publish_once` answers all three:

* the work is done in a scratch folder beside the final one, and renamed into place as the last step,
  so that a process killed at any moment leaves nothing under the final name;
* a lock makes a second process wait for the first one's result instead of making its own;
* a manifest with the size and SHA-256 of every file is checked at the first use in each process, and a
  folder that differs from its manifest, or has lost it, is made again.

What this does not do: it does not protect against someone who edits a file *and* the manifest, and it
never removes a finished folder to make room.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from w2s_course.disk import errors_explained, sync_directory, write_through
from w2s_course.errors import CourseError

log = logging.getLogger(__name__)

MANIFEST = "manifest.json"
MANIFEST_SCHEMA = 1

NAME_CHARS = 16
"""How much of a digest names a folder: 64 bits, and short enough for Windows' 260-character paths."""

_SCRATCH = re.compile(r"\.(?P<folder>.+)\.\d+(-old)?\.partial")
_DIGEST = re.compile(rf"-[0-9a-f]{{{NAME_CHARS}}}\Z")

# When the files of each folder had last changed (nanoseconds) at the time that their hashes were found right
# by this process. Hashing the embedded model takes 0.4 to 1.5 s, and a notebook asks for it at every step.
_verified: dict[Path, tuple[int, ...]] = {}


def digest(value: Any) -> str:
    """The identity of a JSON-able value, as 64 hexadecimal characters (SHA-256 of its canonical JSON).

    The order of keys and the spelling of whitespace don't matter, and a tuple equals a list; 1 and 1.0
    are different values. Names of folders use the first `NAME_CHARS` characters.

    Raises:
        TypeError, ValueError: the value has no JSON form (an object, a set, NaN).

    >>> digest({"lr": 0.001, "seeds": [1, 2]}) == digest({"seeds": (1, 2), "lr": 1e-3})
    True
    >>> digest({"lr": 0.001})[:NAME_CHARS]
    'd368ce5a6807cfa3'
    """
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes as 64 hexadecimal characters, read in pieces: any size, little memory."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def known_sha256(path: Path) -> str:
    """As `file_sha256`, without reading a file again whose published folder this process has verified."""
    folder = path.parent.absolute()
    if folder in _verified and _damage_once(folder) is None:
        recorded = _manifest(folder).get(path.name)
        if recorded is not None:
            return str(recorded["sha256"])
    return file_sha256(path)


def is_complete(folder: Path) -> bool:
    """Whether the folder was published and has all its files in their sizes. Cheap: reads no content."""
    return _misfit(folder) is None


def damage(folder: Path) -> str | None:
    """What is wrong with a published folder, naming the file, or None. Reads and hashes every file.

    Files that the manifest doesn't list (what a file manager leaves behind) are not looked at.
    """
    misfit = _misfit(folder)
    if misfit is not None:
        return misfit
    for name, recorded in _manifest(folder).items():
        try:
            sha256 = file_sha256(folder / name)
        except OSError as error:
            return f"{name} cannot be read: {error.strerror}"
        if sha256 != recorded["sha256"]:
            return f"{name} has changed: its SHA-256 is not the one in {MANIFEST}"
    return None


def publish_once(folder: Path, fill: Callable[[Path], None], *, what: str) -> Path:
    """The folder that `fill` filled, computed at most once.

    If `folder` is there and undamaged it is returned as it is. Otherwise the lock is taken, the question is
    asked again (another process may have answered it meanwhile), `fill` is called with an empty scratch
    folder on the same file system, and that is renamed to `folder`. If `fill` raises, or the process is
    killed, nothing half-made appears under that name.

    Args:
        folder: the final place. Its name should contain the digest of everything that `fill` depends on.
        fill: writes all files of the result under the path that it is given, none of them `manifest.json`.
        what: what is being made, in a few words, for messages: "the model smollm2-135m".

    Returns:
        `folder`, complete: exactly the files that `fill` wrote, and `manifest.json`.

    Raises:
        CourseError: the disk is full or may not be written to, or `folder` holds files that this function
            didn't put there. Whatever else `fill` raises passes through.
    """
    folder = folder.absolute()
    if _damage_once(folder) is None:
        return folder
    with errors_explained(what, folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _held(folder, what):
            problem = _damage_once(folder)
            if problem is None:  # another process made it while this one waited
                return folder
            _refuse_foreign(folder)
            if folder.exists():
                log.warning("%s: %s is damaged (%s); making it again", what, folder, problem)
            _sweep(folder)
            _fill_and_publish(folder, fill, what)
    return folder


def _manifest(folder: Path) -> dict[str, Any]:
    """The recorded files of a folder: relative path -> {"sha256": hexadecimal, "size": bytes}."""
    files: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))["files"]
    return files


def _misfit(folder: Path) -> str | None:
    """The first file that is missing or has another size than recorded, in words, or None."""
    try:
        recorded_sizes = {name: int(recorded["size"]) for name, recorded in _manifest(folder).items()}
    except (FileNotFoundError, NotADirectoryError):
        return f"{MANIFEST} is missing"
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return f"{MANIFEST} cannot be read"
    for name, recorded_size in recorded_sizes.items():
        try:
            size = (folder / name).stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return f"{name} is missing"
        if size != recorded_size:
            return f"{name} has {size} bytes instead of {recorded_size}"
    return None


def _damage_once(folder: Path) -> str | None:
    """As `damage`, but files that haven't been touched since this process hashed them aren't hashed again."""
    misfit = _misfit(folder)
    if misfit is not None:
        return misfit
    names = (MANIFEST, *_manifest(folder))
    stamp = tuple((folder / name).stat().st_mtime_ns for name in names)
    if _verified.get(folder) == stamp:
        return None
    problem = damage(folder)
    if problem is None:
        _verified[folder] = stamp
    return problem


def _fill_and_publish(folder: Path, fill: Callable[[Path], None], what: str) -> None:
    """Make the folder in scratch space and rename it into place. The caller holds the lock."""
    partial = _scratch(folder, "")
    try:
        partial.mkdir()
        fill(partial)
        _seal(partial, what)
        _swap_in(partial, folder)
    finally:
        _remove(partial)  # nothing is left of it after success


def _seal(partial: Path, what: str) -> None:
    """Record every file, push everything to the disk, and write the manifest last.

    Without the pushing, a power cut could keep the rename and lose the bytes.
    """
    paths = sorted(path for path in partial.rglob("*") if path.is_file())
    if partial / MANIFEST in paths:
        raise ValueError(f"{MANIFEST} is the cache's own file; {what} must not write one")
    files = {}
    for path in paths:
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            if os.name == "posix":  # Windows refuses to flush a file that is open for reading
                os.fsync(stream.fileno())
        files[path.relative_to(partial).as_posix()] = {"sha256": sha256, "size": path.stat().st_size}
    manifest = {"schema_version": MANIFEST_SCHEMA, "what": what, "files": files}
    write_through(partial / MANIFEST, json.dumps(manifest, indent=1).encode())
    _share(paths, like=partial / MANIFEST)
    for directory in (partial, *(path for path in partial.rglob("*") if path.is_dir())):
        sync_directory(directory)


def _share(paths: list[Path], *, like: Path) -> None:
    """Give all files the permissions that this user's new files have.

    safetensors makes its files readable by the owner alone, which would lock out the other accounts of a
    shared cache, and the unprivileged account of the grading sandbox.
    """
    mode = like.stat().st_mode & 0o777
    for path in paths:
        path.chmod(mode)


def _swap_in(partial: Path, folder: Path) -> None:
    """Rename the finished folder into place. A damaged one is set aside first: a rename cannot replace it.

    Between the two renames nothing has the final name, which is the same as never having been made.
    """
    old = _scratch(folder, "-old")
    if folder.exists() or folder.is_symlink():
        folder.rename(old)
    partial.rename(folder)
    sync_directory(folder.parent)
    _remove(old)


def _refuse_foreign(folder: Path) -> None:
    """Never replace what this module didn't make: the name may come from a user's own setting.

    A name that ends in a digest is this module's, also where the manifest was lost.
    """
    if not folder.exists() or (folder / MANIFEST).exists() or _DIGEST.search(folder.name):
        return
    if not folder.is_dir() or any(folder.iterdir()):
        raise CourseError(
            f"{folder} is in the way: it has no {MANIFEST}, so the course did not make it and will not "
            "replace it. Move it elsewhere or delete it, and start again."
        )


def _scratch(folder: Path, suffix: str) -> Path:
    # Hidden, beside the final folder (a rename works only within a file system), with the process id for
    # whoever finds one and wonders.
    return folder.with_name(f".{folder.name}.{os.getpid()}{suffix}.partial")


def _lock_path(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.lock")


@contextmanager
def _held(folder: Path, what: str) -> Iterator[None]:
    """Hold a folder's lock, saying so if someone else has it. A process that dies loses it at once."""
    lock = FileLock(_lock_path(folder))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        log.warning("%s: another process is making it; waiting for it to finish (%s)", what, folder)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _sweep(folder: Path) -> None:
    """Remove the scratch folders of dead processes beside `folder`, whose lock the caller holds.

    A scratch folder is in use exactly while the lock of its folder is held. That is asked here instead of
    whether the process lives: ids are reused, and on a network disk they belong to other machines.
    """
    for leftover in folder.parent.glob(".*.partial"):
        match = _SCRATCH.fullmatch(leftover.name)
        if match is None:
            continue
        if match["folder"] == folder.name:
            _remove(leftover)
            continue
        # Timeout: in use. OSError: another account's. Neither is a reason to stop our own work.
        with suppress(Timeout, OSError), FileLock(_lock_path(folder.with_name(match["folder"])), timeout=0):
            _remove(leftover)


def _remove(path: Path) -> None:
    if path.is_symlink():
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)
