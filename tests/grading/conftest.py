"""Makes the tests' own modules importable, and says when nothing can be tested here."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def sandbox() -> None:
    """Skips where there is no bubblewrap, and says what is not tested then; fails where CI is set."""
    from w2s_course.grading.bubblewrap import why_no_sandbox

    if why := why_no_sandbox():
        text = f"NOT TESTED: that hostile submissions are shut in, and every state and mark: {why}"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(text)


def pytest_terminal_summary(terminalreporter) -> None:
    """Prints the table of cases, so that an instructor sees what becomes of what."""
    reports = [report for key in ("passed", "failed") for report in terminalreporter.stats.get(key, [])]
    lines = [value for report in reports for name, value in report.user_properties if name == "case"]
    if lines:
        terminalreporter.section("hostile, broken and perfect submissions")
        terminalreporter.line(f"{'case':42} {'submission':14} {'exercise 9.1':17} {'mark':8} {'time':>8}")
        for line in lines:
            terminalreporter.line(line)
