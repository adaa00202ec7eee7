"""What lessons say of recorded rows: true before they are there, and after."""

from __future__ import annotations

import pytest

from w2s_course.errors import UsageError
from w2s_course.evidence.claims import CLAIMS
from w2s_course.learn import recorded_rows
from w2s_course.learn.recorded_rows import NOT_RECORDED, recorded_setting, told


def test_without_a_table_every_claim_says_that_nothing_is_recorded(monkeypatch):
    monkeypatch.setattr(recorded_rows, "recorded_sweeps", list)
    setting = recorded_setting()
    assert setting.where() == []
    for claim in CLAIMS:
        if claim.unit == 5:
            assert str(told(setting, claim.key)) == NOT_RECORDED


def test_an_unknown_claim_is_refused_by_name(monkeypatch):
    monkeypatch.setattr(recorded_rows, "recorded_sweeps", list)
    with pytest.raises(UsageError, match="claim"):
        told(recorded_setting(), "inheritence")
