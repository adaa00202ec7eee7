"""The progress file: predictions, quizzes, orders and checks, saved beside the notebook.

The file is plain JSON, written whole or not at all. Two notebooks in one folder share it: each record is
added to what the file holds at that moment, under a lock, so neither loses the other's. A headless run is
a test or a build and no learner: its records stay in memory, and a learner's file is left alone.
"""

from __future__ import annotations

import copy
import json
import logging
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from filelock import FileLock, Timeout

from w2s_course.disk import write_atomically
from w2s_course.errors import CourseError, unknown_name
from w2s_course.learn.friendly import Friendly, Mistake, short
from w2s_course.learn.headless import is_headless
from w2s_course.wording import plural

log = logging.getLogger(__name__)

FILE = "w2s_progress.json"
SCHEMA = 1
SECTIONS = ("predictions", "quizzes", "orders", "checks", "hints")
LOCK_SECONDS = 10.0
"""A record takes milliseconds; a lock held for longer belongs to something that hangs."""

Record = dict[str, Any]

_in_memory: Record = {}


class ProgressError(Friendly, CourseError):
    """The progress file cannot be read or written; the message says what to do."""


class Progress:
    """The records of one file, or of this process where `path` is None.

    >>> store = Progress(None)
    >>> store.record("quizzes", "1.doctest", {"right": True})["right"]
    True
    >>> store.get("quizzes", "1.doctest")["right"], store.get("quizzes", "1.never")
    (True, None)
    """

    def __init__(self, path: Path | str | None) -> None:
        self.path = None if path is None else Path(path).absolute()

    @classmethod
    def load(cls) -> Self:
        """The progress of whoever runs this: the file in the current folder; in memory in a headless run."""
        return cls(None if is_headless() else FILE)

    def sections(self) -> dict[str, dict[str, Record]]:
        """All records as they are now: section -> id -> record. A copy.

        A damaged file is set aside under another name, with a warning that says so.
        Raises: ProgressError if the file is of a later version of the course, or cannot be read.
        """
        with self._held():
            return self._read()

    def get(self, section: str, id: str) -> Record | None:
        """A record with its `time`, or None. Raises: UsageError for an unknown section."""
        _check_section(section)
        return self.sections()[section].get(id)

    def record(self, section: str, id: str, record: Mapping[str, Any]) -> Record:
        """Save a record in place of an earlier one of that id; returned with its `time` (UTC, ISO 8601)."""
        return self.change(section, id, lambda _: dict(record))

    def change(self, section: str, id: str, new: Callable[[Record | None], Record]) -> Record:
        """Save what `new` makes of the present record (None if there is none), and return it with its `time`.

        Raises: UsageError for an unknown section or a record that is not plain data; ProgressError if the
            file cannot be written.
        """
        _check_section(section)
        with self._held():
            content = self._read()
            record = {**new(content[section].get(id)), "time": now()}
            content[section][id] = _plain(record, f"{section} {id}")
            self._write(content)
        return record

    def _read(self) -> dict[str, dict[str, Record]]:
        if self.path is None:
            return complete(copy.deepcopy(_in_memory))
        try:
            text = self.path.read_text("utf-8")
        except FileNotFoundError:
            return complete({})
        except OSError as error:
            raise ProgressError(f"{self.path} cannot be read ({error.strerror}). Mend that first.") from error
        except UnicodeDecodeError:
            return self._set_aside("it is not text")
        try:
            content = json.loads(text)
        except ValueError as error:
            return self._set_aside(f"it is not JSON ({error})")
        except RecursionError:
            return self._set_aside("it is nested too deeply")
        version = content.get("schema_version") if isinstance(content, dict) else None
        if type(version) is int and version > SCHEMA:  # before its form is looked at, which may be another
            raise ProgressError(
                f"{self.path} was written by a later version of the course: its schema_version is "
                f"{version}, and this one knows {SCHEMA}. Update the course."
            )
        problem = _misfit(content)
        if problem:
            return self._set_aside(problem)
        return complete(content)

    def _set_aside(self, problem: str) -> dict[str, dict[str, Record]]:
        """Keep a damaged file under another name, say so, and begin a new one. The lock is held."""
        assert self.path is not None
        aside = self.path.with_name(f"{self.path.name}.damaged")
        number = 2
        while aside.exists():
            aside = self.path.with_name(f"{self.path.name}.damaged-{number}")
            number += 1
        try:
            self.path.rename(aside)
        except OSError as error:
            raise ProgressError(
                f"The progress file {self.path} is damaged: {problem}; and it cannot be set aside "
                f"({error.strerror}). Move it elsewhere, or start the notebook in a folder that you may "
                "write to."
            ) from error
        log.warning(
            "The progress file %s is damaged: %s. It was kept as %s, and a new one begins. If you can mend "
            "it, give it its old name again.",
            self.path.name,
            problem,
            aside.name,
        )
        return complete({})

    def _write(self, content: dict[str, dict[str, Record]]) -> None:
        if self.path is None:
            _in_memory.update(content)
            return
        whole = {"schema_version": SCHEMA, **content}
        try:
            write_atomically(self.path, json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
        except (CourseError, OSError) as error:
            raise ProgressError(
                f"Your progress could not be saved in {self.path}: {error.__cause__ or error}. Make room, or "
                "start the notebook in a folder that you may write to."
            ) from error

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Hold the lock of this account's progress files: one file in the temporary folder, and no litter
        beside the notebook. A record takes so little time that one lock does for all of them."""
        if self.path is None:
            yield
            return
        owner = getattr(os, "getuid", lambda: 0)()  # another account could not open this one's lock
        path = Path(tempfile.gettempdir()) / f"w2s-progress-{owner}.lock"
        lock = FileLock(path)
        try:
            lock.acquire(timeout=LOCK_SECONDS)
        except Timeout as error:
            raise ProgressError(
                f"Another notebook has held {self.path.name} for over {LOCK_SECONDS:.0f} seconds. Interrupt "
                "it, and run this cell again."
            ) from error
        except OSError as error:
            raise ProgressError(
                f"Your progress cannot be read or saved, for the file {path} cannot be opened "
                f"({error.strerror or error}). Delete it, or set the environment variable TMPDIR to a folder "
                "that you may write to, and restart the notebook."
            ) from error
        try:
            yield
        finally:
            lock.release()


def record_attempt(section: str, id: str, question: str, choice: Sequence[str], right: bool) -> None:
    """Save one more attempt at a quiz or an order. Raises: as `Progress.change`."""
    Progress.load().change(section, id, lambda old: next_attempt(old, question, list(choice), right))


def next_attempt(old: Record | None, question: str, choice: list[str], right: bool) -> Record:
    """The record of a quiz or an order after one more attempt. Once right, it stays right.

    >>> first = next_attempt(None, "Which?", ["b"], right=False)
    >>> second = next_attempt(first, "Which?", ["a"], right=True)
    >>> second["attempts"], second["choices"], second["right_at"]
    (2, [['b'], ['a']], 2)
    """
    choices = [*(old or {}).get("choices", []), choice]
    right_at = (old or {}).get("right_at") or (len(choices) if right else None)
    return {
        "question": question,
        "attempts": len(choices),
        "choices": choices,
        "right": right_at is not None,
        "right_at": right_at,
    }


def attempts_so_far(record: Record) -> str:
    """A quiz or an order in a few words.

    >>> attempts_so_far({"attempts": 3, "right_at": 2}), attempts_so_far({"attempts": 1})
    ('right at attempt 2', 'not right yet (1 attempt)')
    """
    if record.get("right_at"):
        return f"right at attempt {record['right_at']}"
    return f"not right yet ({plural(record.get('attempts', 0), 'attempt')})"


def now() -> str:
    """The time in UTC, as ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _check_section(section: str) -> None:
    if section not in SECTIONS:
        raise unknown_name("section of the progress file", section, SECTIONS)


def complete(content: Record) -> dict[str, dict[str, Record]]:
    """The records of every section, none where the content has no such section."""
    return {section: content.get(section, {}) for section in SECTIONS}


def _plain(record: Record, what: str) -> Record:
    """The record as JSON gives it back."""
    try:
        plain: Record = json.loads(json.dumps(record, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise Mistake(
            f"The record of {what} is not plain data: {error}. Use text, numbers and lists."
        ) from error
    return plain


def _misfit(content: Any) -> str | None:
    """What makes it no progress file, or None."""
    if not isinstance(content, dict) or not isinstance(content.get("schema_version"), int):
        return "it has no schema_version"
    for section in SECTIONS:
        records = content.get(section, {})
        if not isinstance(records, dict) or not all(isinstance(each, dict) for each in records.values()):
            return f"its {section} are not records by id"
        for id, record in records.items():
            for name, fits in _FIELDS[section].items():
                if name in record and not fits(record[name]):
                    return f"in its {section}, {name} of {id[:40]} cannot be {short(record[name])}"
    return None


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _is_answer(value: Any) -> bool:
    return isinstance(value, str | int | float)


_TRIED: Mapping[str, Callable[[Any], bool]] = {
    "attempts": _is_count,
    "choices": lambda value: isinstance(value, list),
    "right_at": lambda value: value is None or _is_count(value),
}
_FIELDS: Mapping[str, Mapping[str, Callable[[Any], bool]]] = {
    "predictions": {
        "answer": lambda value: _is_answer(value) or isinstance(value, list),  # a list: see `judged`
        "earlier": lambda value: (
            isinstance(value, list)
            and all(isinstance(each, dict) and _is_answer(each.get("answer")) for each in value)
        ),
    },
    "quizzes": _TRIED,
    "orders": _TRIED,
    "checks": {"tries": _is_count},
    "hints": {"seen": _is_count},
}
"""Section -> field -> what it may be, for the fields that are reckoned with; others are only shown."""
