"""Claims about the doctor and about expected times."""

from __future__ import annotations

from dataclasses import replace

import pytest

from w2s_course import doctor
from w2s_course.config import PRESETS
from w2s_course.speed import expected_seconds


def test_a_missing_model_is_a_problem_with_a_remedy(tmp_path, monkeypatch):
    monkeypatch.setenv("W2S_CACHE", str(tmp_path))
    (finding,) = [f for f in doctor.examine() if f.what == "strong model"]
    assert not finding.ok
    assert "w2s fetch" in finding.remedy


def test_every_preset_has_an_expected_time():
    (finding,) = [f for f in doctor.examine() if f.what.startswith("time")]
    assert all(name in finding.found for name in PRESETS)


def test_a_check_that_cannot_be_made_is_a_finding_and_not_a_crash(monkeypatch):
    def broken():
        raise OSError("no such device")

    monkeypatch.setattr(doctor, "CHECKS", (broken,))
    (finding,) = doctor.examine()
    assert (finding.ok, finding.what, finding.remedy) == (False, "broken", "no such device")


@pytest.mark.parametrize("field", ["gold", "pool", "test"])
def test_more_of_anything_takes_longer(field):
    cpu = PRESETS["cpu"].config
    more = replace(cpu, sizes=replace(cpu.sizes, **{field: 10 * getattr(cpu.sizes, field)}))
    assert sum(expected_seconds(more).values()) > sum(expected_seconds(cpu).values())
