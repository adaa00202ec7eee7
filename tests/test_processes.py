"""Claims about the processes that stages and trials run in."""

from __future__ import annotations

import os

import pytest

from w2s_course.errors import CourseError
from w2s_course.processes import worker_processes


def test_a_process_that_is_killed_is_told_as_such():
    with (
        pytest.raises(CourseError, match=r"One of the 1 processes was killed.*is kept"),
        worker_processes(1) as pool,
    ):
        pool.submit(os._exit, 1).result()
