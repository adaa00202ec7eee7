"""One Python process in a bubblewrap sandbox, and a conversation with it in JSON lines.

Defended against: reading anything but the system's libraries, this Python and the course's package (without
its units, which hold answers); writing anywhere but an own small /tmp; the network; other processes; keeping
anything for a later submission; using more time, memory, processes, files or output than `Limits` says.

Not defended against: a hole in the kernel or in bubblewrap (no system call is filtered); reading files of the
system under /usr; memory that no process maps (files in memory) beyond the number of open files times the
size of a file, until the machine runs short; slowing the machine down within the limits.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from w2s_course.errors import CourseError
from w2s_course.grading import host
from w2s_course.grading.bubblewrap import ENVIRONMENT, bubblewrap
from w2s_course.grading.limits import MB, Limits
from w2s_course.grading.watch import Watch

TICK = 0.02
KEPT_OUTPUT = 20_000
"""Characters of a submission's output that are kept for the instructor."""

START_SECONDS = 180.0
HOST = Path(host.__file__).resolve()


class Ended(Exception):
    """The sandbox is gone. why: timed out, crashed, out of memory, output too large, too many processes."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(why)
        self.why, self.detail = why, detail


class Session:
    """One process, from its start to its end; use it in a `with` statement, which kills it.

    Raises: CourseError where no process can be started.
    """

    def __init__(self, limits: Limits, *, unsafe: bool = False) -> None:
        self.limits, self.unsafe = limits, unsafe
        self.output, self.printed = "", 0
        self.watched = False  # from the first message on: before it there is no own /proc to look at
        self._buffer, self._outbox, self._looked = b"", b"", 0.0
        self._folder = tempfile.TemporaryDirectory(prefix="w2s-") if unsafe else None
        self._answers, answers = os.pipe()
        self._printed, printed = os.pipe()
        self._info, info = os.pipe()
        inner = [sys.executable, "-P", "-s", "-u", str(HOST), str(answers)]
        inner += ["--end-with-parent"] if unsafe else []
        outer = [] if unsafe else [*bubblewrap(limits), "--info-fd", str(info), "--"]
        try:
            self._process = subprocess.Popen(
                [*outer, *inner],
                stdin=subprocess.PIPE,
                stdout=printed,
                stderr=printed,
                pass_fds=(answers, info),
                # bubblewrap clears its child's environment, but its own can be read inside: /proc/1/environ.
                env={**ENVIRONMENT, "HOME": self._folder.name} if self._folder else {"PATH": os.defpath},
                cwd=self._folder.name if self._folder else "/",
                start_new_session=True,
            )
        except OSError as error:  # no memory or no process left, or bubblewrap is gone
            raise CourseError(
                f"No sandbox could be started: {error}. Close programs or use fewer --jobs, and run the same "
                "again."
            ) from error
        finally:
            for end in (answers, printed, info):
                os.close(end)
        self._first = self._process.pid if unsafe else self._first_pid()
        self._watch = Watch(self._first, limits, own=not unsafe)
        self._ready()

    def _first_pid(self) -> int:
        """The namespace's first process, as bubblewrap tells it; nothing of the submission runs yet."""
        said = b""
        while b"}" not in said and (part := os.read(self._info, 4096)):
            said += part
        return int(json.loads(said)["child-pid"]) if said else 0

    def _ready(self) -> None:
        self._selector = selectors.DefaultSelector()
        assert self._process.stdin is not None
        for fd in (self._answers, self._printed, self._process.stdin.fileno()):
            os.set_blocking(fd, False)
        self._selector.register(self._answers, selectors.EVENT_READ)
        self._selector.register(self._printed, selectors.EVENT_READ)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._selector.close()
        for fd in (self._answers, self._printed, self._info):
            os.close(fd)
        if self._folder:
            with suppress(OSError):
                self._folder.cleanup()

    def send(self, message: Mapping[str, Any]) -> None:
        """Send a message; what the pipe does not take at once goes while answers are waited for."""
        self._outbox += json.dumps(message).encode("ascii") + b"\n"
        self._push()

    def _push(self) -> None:
        assert self._process.stdin is not None
        with suppress(BlockingIOError, BrokenPipeError):
            while self._outbox:
                self._outbox = self._outbox[os.write(self._process.stdin.fileno(), self._outbox) :]

    def receive(self, seconds: float) -> dict[str, Any]:
        """The next message that is a JSON object; other lines are passed over.

        Raises: Ended, after which the sandbox is dead, if none comes in time or a limit is broken.
        """
        deadline = time.monotonic() + seconds
        while True:
            while b"\n" in self._buffer:
                line, _, self._buffer = self._buffer.partition(b"\n")
                if (message := _object(line)) is not None:
                    self.watched = True
                    return message
            self._push()
            if time.monotonic() > deadline:
                self._end("timed out", f"no answer within {seconds:g} s")
            self._look()
            for key, _ in self._selector.select(TICK):
                self._take(key.fd)

    def _look(self) -> None:
        if self.watched and time.monotonic() - self._looked > TICK:
            self._looked = time.monotonic()
            if why := self._watch.breach():
                self._end(why)

    def _take(self, fd: int) -> None:
        """Read what is there. Output is counted and its beginning kept, never looked into."""
        data = os.read(fd, 1 << 16)
        if not data:
            self._selector.unregister(fd)
            if fd == self._answers:
                self._end("crashed")
        elif fd == self._answers:
            self._buffer += data
            if len(self._buffer) > 2 * self.limits.answer_bytes + 10_000:
                self._end("output too large", "an answer")
        else:
            self.printed += len(data)
            self._keep(data)
            if self.printed > self.limits.output_mb * MB:
                self._end("output too large", "printed text")

    def _end(self, why: str, detail: str = "") -> None:
        self.kill()
        if why == "crashed":
            self._drain()
            status = self._process.returncode
            detail = detail or (f"status {status}" if status >= 0 else f"signal {-status}")
        raise Ended(why, detail)

    def _drain(self) -> None:
        """Its last words."""
        with suppress(OSError):
            while len(self.output) < KEPT_OUTPUT and (data := os.read(self._printed, 1 << 16)):
                self._keep(data)

    def _keep(self, data: bytes) -> None:
        if len(self.output) < KEPT_OUTPUT:
            self.output = (self.output + data.decode("utf-8", "replace"))[:KEPT_OUTPUT]

    def kill(self) -> None:
        """End it and everything in it; without a sandbox, what has left its group survives."""
        with suppress(OSError):
            if self._process.poll() is None:
                os.killpg(
                    self._process.pid, signal.SIGKILL
                )  # its own session, so its own group; bwrap's child follows
        self._process.wait()
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()


def _object(line: bytes) -> dict[str, Any] | None:
    """A line as a JSON object; None for anything else that a submission may have written."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
