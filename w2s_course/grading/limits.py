"""What a submission may use while it is graded."""

from __future__ import annotations

from dataclasses import dataclass

from w2s_course.errors import UsageError

MB = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Limits for one submission. Times are seconds; choose them for a busy machine.

    call_seconds: of processor time, for one call of a check; by the clock four times as much.
    cell_seconds: by the clock, for one cell of the notebook.
    own_seconds, own_total_seconds: by the clock, for one of the learner's own cells beside the answers, and
        for all of them together, restarts included.
    total_seconds: by the clock, for the submission, restarts included.
    memory_mb: data of each process, and private and shared memory of all of them together.
    processes: at one time, three of our own among them; threads too, where the kernel counts them.
    file_mb: the size of /tmp, of /dev/shm and of any one file. open_files: a process.
    output_mb: printed by one cell, or in the calls of one exercise. answer_mb: one answer as JSON.
    starts: sandboxes for one submission; each restart leaves out what ended the last one. Those that own
        cells ended are not counted; `own_cells` limits them.
    """

    cell_seconds: float = 60.0
    own_seconds: float = 20.0
    own_total_seconds: float = 60.0
    call_seconds: float = 10.0
    total_seconds: float = 300.0
    memory_mb: int = 2_000
    processes: int = 64
    file_mb: int = 64
    open_files: int = 256
    output_mb: float = 10.0
    answer_mb: float = 1.0
    starts: int = 12

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if value <= 0:
                raise UsageError(f"The limit {name} must be above 0; got {value}.")

    @property
    def answer_bytes(self) -> int:
        """The longest line that is read from a sandbox."""
        return int(self.answer_mb * MB)
