"""Claims about what stands in for the course's helpers while grading."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

COURSE = Path(__file__).parents[2] / "course"
IMPORT = re.compile(r"from w2s_course\.learn[\w.]* import \w+(?:, \w+)*")
SUGGESTED = sorted(
    {found for page in COURSE.glob("*/exercises.py") for found in IMPORT.findall(page.read_text("utf-8"))}
)


def run(lines: str) -> str:
    begin = "from w2s_course.grading.standins import install\ninstall()\n"
    command = [sys.executable, "-c", begin + lines]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize("line", SUGGESTED)
def test_an_import_that_an_exercise_has_or_suggests_costs_no_point(line):
    assert run(f"{line}\nprint('kept')") == "kept\n"


def test_a_helper_of_a_units_module_is_nothing_and_holds_no_key():
    said = run(
        "from w2s_course.learn.units.unit_8 import rows_like\n"
        "from w2s_course.learn.units import unit_9\n"
        "print(rows_like(1, 2), unit_9.VERDICT, len(rows_like()))"
    )
    assert said == "not available while grading not available while grading 0\n"
