"""The peer-review sheet: two essays without names, one rubric, Markdown and JSON."""

from __future__ import annotations

import json

import pytest

from w2s_course.learn.friendly import Mistake
from w2s_course.learn.peer import QUESTIONS, anonymous, make_sheet, read_sheet
from w2s_course.learn.rubric import CRITERIA
from w2s_course.learn.units.unit_9 import ANCHOR_C

ONE, OTHER = "# Claim\nSound. By contrast, gold is dear.", "# Claim\nNot sound."
NOTES = ["The third.", "'Always' is too much.", "The arm on gold."]


@pytest.mark.parametrize(
    ("text", "names", "left"),
    [
        ("Name: Ada Lovelace\nSound.", [], "[removed]\nSound."),
        ("**Author:** Ada\nSound.", [], "[removed]\nSound."),
        ("Ask ada.l@example.org.", [], "Ask [removed]."),
        ("ADA and Adam doubt it.", ["Ada"], "[removed] and Adam doubt it."),
        ("Ada Lovelace, Ada.", ["Ada", "Ada Lovelace"], "[removed], [removed]."),
        ("By contrast, the author claims: more.", [], "By contrast, the author claims: more."),
        ("C++ (x) is.", ["(x)", ""], "C++ [removed] is."),
        ("- Student ID: 123\nSound.\nWritten by: Ada", [], "[removed]\nSound.\n[removed]"),
        ("#### Claim\n**Student:** passes its teacher.", [], "#### Claim\n**Student:** passes its teacher."),
        ("Student: better.\n- Student: wins.", [], "Student: better.\n- Student: wins."),
        ("Name: " + "the argument. " * 9, [], "Name: " + "the argument. " * 9),
        ("1\n2\n3\n4\n5\nName: this problem.\nEnd.", [], "1\n2\n3\n4\n5\nName: this problem.\nEnd."),
    ],
)
def test_names_and_addresses_are_taken_out_and_nothing_else(text, names, left):
    assert anonymous(text, names) == left


def test_one_text_in_the_place_of_the_names_is_refused():
    with pytest.raises(Mistake, match=r"names=\['Ada'\]"):
        make_sheet(ONE, OTHER, names="Ada")


def test_the_order_follows_from_the_texts_and_not_from_who_is_first():
    assert make_sheet(ONE, OTHER).essays == make_sheet(OTHER, ONE).essays


@pytest.mark.parametrize(
    ("one", "other", "said"), [("", ONE, "empty"), (ONE, " ", "empty"), (ONE, ONE, "same")]
)
def test_a_sheet_needs_two_texts(one, other, said):
    with pytest.raises(Mistake, match=said):
        make_sheet(one, other)


def test_a_blank_sheet_asks_and_a_filled_one_is_complete():
    sheet = make_sheet(ONE, OTHER)
    blank = sheet.markdown()
    assert blank.count("| __ |") == 2 * len(CRITERIA)
    assert all(blank.count(question) == 2 for question in QUESTIONS)
    for letter in "AB":
        assert not sheet.complete
        sheet.review(letter, ANCHOR_C, NOTES)
    assert sheet.complete
    assert "__" not in sheet.markdown()
    assert "> 'Always' is too much." in sheet.markdown()


def test_prices_are_no_formula_in_the_sheet_and_as_they_were_in_the_data():
    sheet = make_sheet("# Claim\nFrom $2 to $3.", OTHER)
    assert "> From `$2` to `$3`." in sheet.markdown()
    assert "From $2 to $3." in json.dumps(sheet.as_dict())


def test_an_essays_headings_are_none_of_the_sheets():
    lines = make_sheet("# Peer review of two verdicts\n## Essay B", OTHER).markdown().splitlines()
    assert [line for line in lines if line.startswith("# ")] == ["# Peer review of two verdicts"]
    assert lines.count("## Essay B") == 1


@pytest.mark.parametrize(
    ("letter", "scores", "notes", "said"),
    [
        ("C", ANCHOR_C, NOTES, "no essay 'C'"),
        ("A", {**ANCHOR_C, "risk": 0}, NOTES, "risk is 0"),
        ("A", ANCHOR_C, NOTES[:2], "Answer each"),
        ("A", ANCHOR_C, [*NOTES[:2], " "], "Answer each"),
        ("A", ANCHOR_C, "yes", "Answer each"),
        ("A", ANCHOR_C, ["...", "...", "..."], "Answer each"),
        ("A", ANCHOR_C, [*NOTES[:2], "___"], "Answer each"),
        ("A", ANCHOR_C, [*NOTES[:2], None], "Answer each"),
        ("A", ANCHOR_C, None, "Answer each"),
        ("A", [4, 3, 4, 2, 1, 2], NOTES, "levels are a dict"),
    ],
)
def test_a_review_without_levels_or_reasons_is_refused(letter, scores, notes, said):
    with pytest.raises(Mistake, match=said):
        make_sheet(ONE, OTHER).review(letter, scores, notes)


def test_the_exports_hold_the_same_and_can_be_read_again(tmp_path):
    sheet = make_sheet(ONE, OTHER)
    sheet.review("A", ANCHOR_C, NOTES)
    markdown, data = sheet.export(tmp_path)
    assert markdown.read_text(encoding="utf-8") == sheet.markdown()
    assert json.loads(data.read_text(encoding="utf-8"))["reviews"][1]["scores"] is None
    again = read_sheet(data)
    assert (again.essays, again.scores, again.notes) == (sheet.essays, sheet.scores, sheet.notes)
    with pytest.raises(Mistake, match="no folder"):
        sheet.export(tmp_path / "gone")


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"schema_version": 9}', '{"schema_version": 1, "reviews": [{}]}']
)
def test_a_file_that_is_no_sheet_is_refused(tmp_path, text):
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(Mistake, match="no peer-review sheet"):
        read_sheet(path)


def test_a_text_that_was_made_to_be_slow_takes_no_longer():
    assert anonymous("a" * 100_000) == "a" * 100_000  # minutes, if every letter began an address
