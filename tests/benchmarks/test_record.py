"""Claims about the file of results and about what is kept of an interrupted run."""

from __future__ import annotations

import pytest

from benchmarks.record import Kept, add_results, machine, read_results, results_file
from w2s_course.errors import CourseError, UsageError


def test_without_bench_json_there_is_no_file(monkeypatch):
    monkeypatch.delenv("BENCH_JSON", raising=False)
    assert results_file() is None


def test_new_results_stand_beside_old_ones(tmp_path):
    add_results(tmp_path / "b.json", {"a": 1, "b": 1})
    add_results(tmp_path / "b.json", {"b": 2})
    assert read_results(tmp_path / "b.json") == {"a": 1, "b": 2}
    assert [path.name for path in tmp_path.iterdir()] == ["b.json"]


@pytest.mark.parametrize("text", ["[1]", "not JSON"])
def test_a_file_that_holds_something_else_is_not_overwritten(tmp_path, text):
    (tmp_path / "b.json").write_text(text)
    with pytest.raises(CourseError, match="Move it away or name another one"):
        add_results(tmp_path / "b.json", {"a": 1})
    assert (tmp_path / "b.json").read_text() == text


def test_a_part_is_found_under_its_very_key(tmp_path):
    Kept(tmp_path / "k").add({"way": "ours", "n": 1}, {"curve": [1]})
    kept = Kept(tmp_path / "k")
    assert kept.find({"way": "ours", "n": 1}) == {"curve": [1]}
    assert kept.find({"way": "ours", "n": 2}) is None


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UsageError, match="its folder does not exist"):
        Kept(tmp_path / "nowhere" / "k")


def test_a_line_that_is_no_json_is_told_with_its_number(tmp_path):
    (tmp_path / "k").write_text("{}\nbroken\n{}\n")
    with pytest.raises(CourseError, match="Line 2"):
        Kept(tmp_path / "k")


def test_the_machine_is_described():
    found = machine(3)
    assert found["threads"] == 3
    assert found["cpu"]
    assert found["versions"].keys() == {"torch", "transformers", "peft", "accelerate", "trl"}
