"""Essays dealt to peers: two a reader, without names, nobody their own, the same for the same seed."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from school import course_space
from typer.testing import CliRunner

from w2s_course.cli import app
from w2s_course.errors import CourseError, UsageError
from w2s_course.grading import printing
from w2s_course.grading.peers import deal
from w2s_course.learn.peer import read_sheet
from w2s_course.learn.rubric import CRITERIA


@pytest.mark.parametrize("count", [3, 4, 7, 60])
def test_each_reads_two_each_is_read_twice_and_nobody_reads_their_own(count):
    writers = [f"s{n}" for n in range(count)]
    found = deal(writers, seed=1)
    assert set(found) == set(writers)
    assert Counter(writer for pair in found.values() for writer in pair) == dict.fromkeys(writers, 2)
    assert all(len({reader, *pair}) == 3 for reader, pair in found.items())
    assert found == deal(writers[::-1], seed=1)


def test_another_seed_is_another_deal():
    writers = [f"s{n}" for n in range(10)]
    assert deal(writers, 0) != deal(writers, 1)


def peers(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["grade", "peers", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())


ESSAYS = {
    "s1": "Name: Ana O'Neill\n\nNot sound, says Ana O'Neill (ana@example.org).",
    "s2": "Sound: {{gain}} was the gain.",
    "s3": "Undecided: {{gain}} for $2.",
    "s4": "Not sound either; I, Sam, looked.",
    "s5": "Not sound either; I, Sam, looked.",
    "s6": "",
}


@pytest.fixture
def space(tmp_path, monkeypatch):
    monkeypatch.setattr(printing.console, "width", 200)
    monkeypatch.chdir(tmp_path)
    space = course_space(tmp_path)
    for student, text in ESSAYS.items():
        (tmp_path / "in" / student).mkdir(parents=True)
        cell = nbformat.v4.new_markdown_cell(f"### Exercise 9.8: your essay\n\n{text}")
        code = nbformat.v4.new_code_cell("# exercise 9.1\n")
        if student == "s3":  # as the notebook shows it, filled
            data = {"text/markdown": "Undecided: 0.1 [own run] for <span>&#36;</span>2."}
            code.outputs = [nbformat.v4.new_output("display_data", data)]
        made = nbformat.v4.new_notebook(cells=[cell, code])
        (tmp_path / "in" / student / "w.ipynb").write_text(nbformat.writes(made))
    arguments = "grade collect in --unit 9 --roster roster.csv".split()
    assert CliRunner().invoke(app, arguments, catch_exceptions=False).exit_code == 0
    return space


def test_sheets_hold_the_others_essays_without_names_and_the_key_says_whose(space):
    said = peers("9.8")
    assert "4 sheets in grading/peers/9.8; key.csv, which is yours, says whose." in said
    assert "so not dealt: s5." in said
    assert "without the numbers filled in: s2." in said
    assert "name is in the text: s4." in said
    folder = space.peers("9.8")
    assert sorted(path.name for path in folder.iterdir()) == ["key.csv", "s1", "s2", "s3", "s4"]
    with (folder / "key.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        text = read_sheet(folder / row["reader"] / "peer_review.json").essays[row["essay"]]
        last = ESSAYS[row["writer"]].splitlines()[-1]
        assert text.splitlines()[-1][:9] == last[:9]
        assert row["writer"] != row["reader"]
    sheets = "".join(path.read_text() for path in folder.glob("*/peer_review.*"))
    assert "Undecided: 0.1 [own run] for `$2`." in sheets
    assert "O'Neill" not in sheets
    assert "@example.org" not in sheets


def test_a_deal_that_was_handed_out_is_not_dealt_anew_unseen(space):
    peers("9.8")
    sheet = space.peers("9.8") / "s1" / "peer_review.json"
    reviewed = read_sheet(sheet)
    reviewed.review("A", dict.fromkeys((c.key for c in CRITERIA), 3), ["One.", "Two.", "Three."])
    reviewed.export(sheet.parent)
    peers("9.8")
    assert read_sheet(sheet) == reviewed, "a reader's review stays"
    reviewed.essays["A"] += " And more."
    reviewed.export(sheet.parent)
    with pytest.raises(CourseError, match=r"s1.peer_review\.json holds other texts than s\d and s\d"):
        peers("9.8")
    with pytest.raises(CourseError, match=r"another deal.*Move it away"):
        peers("9.8", "--seed", "1")


def test_without_essays_or_with_an_unknown_one_the_next_step_is_said(space, monkeypatch):
    with pytest.raises(CourseError, match="needs 3 essays, and 0 have come in"):
        peers("9.9")
    with pytest.raises((UsageError, SystemExit), match=r"9\.8"):
        peers("9.7")
    (Path.cwd() / "empty").mkdir()
    monkeypatch.chdir(course_space(Path.cwd() / "empty").root)
    with pytest.raises(CourseError, match="Nothing of 09_the_verdict has been collected yet"):
        peers("9.8")
