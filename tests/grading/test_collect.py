"""What comes in: which copy counts, what is refused, and that nothing is changed or lost."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import struct
import time
import zipfile
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from school import course_space, notebook, record, zipped

from w2s_course.errors import CourseError, UsageError
from w2s_course.grading import archives, gradebook
from w2s_course.grading.collect import Row, collect, unresolved
from w2s_course.grading.deadline import deadline_in_words, read_deadline
from w2s_course.grading.gradebook import GradedCell
from w2s_course.grading.ledger import read_ledger
from w2s_course.grading.printing import fill_gradebook
from w2s_course.grading.records import Record, read_records, write_record
from w2s_course.grading.standing import class_roster, standings
from w2s_course.grading.workspace import Workspace, find_unit

UNIT = find_unit("4")
ANSWER = "# exercise 4.1: keep this line"


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return course_space(tmp_path)


def bring(space: Workspace, files: dict[str, str | bytes], **options):
    source = space.root / "download.zip"
    source.write_bytes(zipped(files))
    return collect(space, source, UNIT, space.root / "roster.csv", **options)


def outcomes(rows):
    return {row.path: (row.status, row.student) for row in rows}


def counting(space: Workspace, student: str) -> str:
    return space.submission(UNIT.slug, student).read_text(encoding="utf-8")


ONE, TWO, THREE = (notebook(f"{ANSWER}\nx = {n}") for n in (1, 2, 3))


def test_the_latest_before_the_deadline_counts_then_the_latest_late_one(space):
    rows = bring(
        space,
        {
            "oneillana_101_10_w.ipynb": ONE,
            "oneillana_101_11_w-1.ipynb": TWO,
            "oneillana_LATE_101_12_w-2.ipynb": THREE,
            "garcíajosé_LATE_102_13_w.ipynb": ONE,
            "garcíajosé_LATE_102_14_w-1.ipynb": TWO,
        },
    )
    assert counting(space, "s1") == TWO
    assert counting(space, "s2") == TWO
    late = {row.path: row.late for row in rows if row.status == "counts"}
    assert late == {"oneillana_101_11_w-1.ipynb": False, "garcíajosé_LATE_102_14_w-1.ipynb": True}


def test_without_a_mark_of_the_lms_the_time_and_the_deadline_decide(space):
    folder = space.root / "mail"
    for name, text, hour in (("s1", ONE, 10), ("s1 (1)", TWO, 12), ("s1 (2)", THREE, 14)):
        path = folder / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        when = datetime(2026, 3, 6, hour).timestamp()
        os.utime(path, (when, when))
    collect(space, folder, UNIT, space.root / "roster.csv", datetime(2026, 3, 6, 13))
    assert counting(space, "s1") == TWO
    rows = collect(space, folder, UNIT, None, datetime(2026, 3, 6, 9))
    assert counting(space, "s1") == THREE
    assert [row.late for row in rows] == [True] * 3


def test_collecting_again_or_more_is_safe(space):
    files: dict[str, str | bytes] = {"oneillana_101_10_w.ipynb": ONE, "garcíajosé_102_11_w.ipynb": ONE}
    first = bring(space, files)
    before = {p: p.read_bytes() for p in space.base.rglob("*") if p.is_file()}
    assert bring(space, files) == first
    assert {p: p.read_bytes() for p in space.base.rglob("*") if p.is_file()} == before
    bring(space, {"oneillana_101_12_w-1.ipynb": TWO})
    assert counting(space, "s1") == TWO
    assert counting(space, "s2") == ONE
    kept = {p.read_text() for p in (space.collected(UNIT.slug) / "s1").iterdir()}
    assert kept == {ONE, TWO}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-03-06", "2026-03-06T23:59:59"),
        ("2026-03-06 18:00", "2026-03-06T18:00:00"),
        ("2026-03-06T18:00:30", "2026-03-06T18:00:30"),
        ("2026-03-06T18:00+01:00", "2026-03-06T12:00:00"),
        ("2026-03-06 18:00Z", "2026-03-06T13:00:00"),
    ],
)
def test_a_deadline_is_kept_in_local_time_and_a_date_is_its_end(space, monkeypatch, text, read):
    with in_zone(monkeypatch, "EST5"):
        bring(space, {"s1.ipynb": ONE}, deadline=read_deadline(text))
        assert read_ledger(space, UNIT.slug).deadline == read
        assert "Friday 2026-03-06" in deadline_in_words(read)
        assert "EST (UTC-0500), this computer's time" in deadline_in_words(read)


@contextmanager
def in_zone(monkeypatch, zone):
    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        yield
    time.tzset()


AMBIGUOUS = "20260305 06.03.2026 3/6/2026 2026-03-06T18 2026-02-30 2026-03-06T24:10 friday".split()


@pytest.mark.parametrize("text", [*AMBIGUOUS, "2026-03-06 18:00 CET", ""])
def test_a_deadline_that_can_be_read_in_two_ways_is_refused_with_the_forms_that_are_taken(text):
    with pytest.raises(UsageError, match=r"cannot be read .*2026-03-06 for the end of that day.*\+01:00"):
        read_deadline(text)


def test_the_roster_is_asked_for_once(space):
    with pytest.raises(CourseError, match=r"has no roster yet.*--roster roster\.csv"):
        collect(space, space.root / "course", UNIT, None)


def test_two_copies_of_one_moment_are_a_conflict_until_somebody_says_which(space):
    files: dict[str, str | bytes] = {"s1/a.ipynb": ONE, "s1/b.ipynb": TWO}
    rows = bring(space, files)
    assert outcomes(rows) == {"s1/a.ipynb": ("conflict", "s1"), "s1/b.ipynb": ("conflict", "s1")}
    assert "--take 's1/a.ipynb'" in rows[0].note
    assert not space.submission(UNIT.slug, "s1").exists()
    bring(space, files, take=["s1/a.ipynb"])
    assert counting(space, "s1") == ONE
    with pytest.raises(UsageError, match=r"Did you mean 's1/a\.ipynb'"):
        bring(space, files, take=["s1/aa.ipynb"])


def test_a_file_that_was_placed_with_the_wrong_student_moves(space):
    """By a roster in which two lines were mixed up."""
    files: dict[str, str | bytes] = {"hall_101_10_w.ipynb": ONE, "s2/mine.ipynb": TWO}
    right = space.root.joinpath("roster.csv").read_text(encoding="utf-8")
    mixed = right.replace("org,101", "org,x").replace("org,102", "org,101").replace("org,x", "org,102")
    for text in (mixed, right):
        (space.root / "roster.csv").write_text(text, encoding="utf-8")
        rows = bring(space, files)
    assert outcomes(rows) == {"hall_101_10_w.ipynb": ("counts", "s1"), "s2/mine.ipynb": ("counts", "s2")}
    assert "moved here from s2" in rows[0].note
    assert (counting(space, "s1"), counting(space, "s2")) == (ONE, TWO)
    assert [attempt.path for attempt in read_ledger(space, UNIT.slug).of("s2")] == ["s2/mine.ipynb"]
    assert len(list((space.collected(UNIT.slug) / "s2").iterdir())) == 1


def test_a_student_to_whom_nothing_belongs_any_longer_has_handed_in_nothing(space):
    right = space.root.joinpath("roster.csv").read_text(encoding="utf-8")
    mixed = right.replace("org,101", "org,x").replace("org,102", "org,101").replace("org,x", "org,102")
    (space.root / "roster.csv").write_text(mixed, encoding="utf-8")
    bring(space, {"hall_101_10_w.ipynb": ONE}, take=["hall_101_10_w.ipynb"])
    assert counting(space, "s2") == ONE
    (space.root / "roster.csv").write_text(right, encoding="utf-8")
    bring(space, {"hall_101_10_w.ipynb": ONE})
    assert counting(space, "s1") == ONE
    assert not space.submission(UNIT.slug, "s2").parent.exists()
    assert not (space.collected(UNIT.slug) / "s2").exists()
    assert (read_ledger(space, UNIT.slug).students, read_ledger(space, UNIT.slug).taken) == (["s1"], {})
    rows = standings(space, UNIT.slug, class_roster(space), {})
    assert {row.student: row.state for row in rows}["s2"] == "not handed in"


MIXED = (("org,101", "org,x"), ("org,102", "org,101"), ("org,x", "org,102"))
"""What mixes up the lines of s1 and s2."""


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def with_mixed_roster(space: Workspace, files: dict[str, str | bytes]) -> None:
    """The files collected by a roster that is wrong, which is right again afterwards."""
    roster = space.root / "roster.csv"
    right = mixed = roster.read_text(encoding="utf-8")
    for old, new in MIXED:
        mixed = mixed.replace(old, new)
    roster.write_text(mixed, encoding="utf-8")
    bring(space, files)
    roster.write_text(right, encoding="utf-8")


def recorded(space: Workspace, texts: dict[str, str]) -> dict[str, Record]:
    """A record of each student's copy of this text."""
    made = {s: record(s, unit=UNIT.slug, sha256=digest(text)) for s, text in texts.items()}
    for each in made.values():
        write_record(space.records(UNIT.slug), each)
    return made


def test_a_file_of_an_earlier_download_moves_too(space):
    with_mixed_roster(space, {"hall_101_10_w.ipynb": ONE})
    assert counting(space, "s2") == ONE
    rows = bring(space, {"s3.ipynb": THREE})
    assert outcomes(rows) == {"hall_101_10_w.ipynb": ("counts", "s1"), "s3.ipynb": ("counts", "s3")}
    assert "moved here from s2" in rows[0].note
    assert counting(space, "s1") == ONE
    assert read_ledger(space, UNIT.slug).students == ["s1", "s3"]
    assert not (space.collected(UNIT.slug) / "s2").exists()
    assert outcomes(bring(space, {"s3.ipynb": THREE})) == {"s3.ipynb": ("counts", "s3")}


def test_a_file_whose_path_names_nobody_any_longer_stays_where_it_is(space):
    bring(space, {"oneillana_101_10_w.ipynb": ONE})
    roster = space.root / "roster.csv"
    lines = roster.read_text(encoding="utf-8").splitlines(keepends=True)
    roster.write_text("".join(line for line in lines if "101" not in line), encoding="utf-8")
    assert outcomes(bring(space, {"s3.ipynb": THREE})) == {"s3.ipynb": ("counts", "s3")}
    assert read_ledger(space, UNIT.slug).students == ["s1", "s3"]


def test_what_was_made_of_a_file_that_moves_goes_and_stands_in_a_backup(space):
    with_mixed_roster(space, {"hall_101_10_w.ipynb": ONE, "s3.ipynb": THREE})
    recorded(space, {"s2": ONE, "s3": THREE})
    page = space.feedback(UNIT.slug) / "s2.html"
    page.parent.mkdir(parents=True)
    page.write_text("of somebody else's work")
    rows = bring(space, {"s2.ipynb": TWO})
    assert sorted(read_records(space.records(UNIT.slug))) == ["s3"]
    assert not page.exists()
    (backup,) = space.backups.iterdir()
    assert backup.name.endswith("-kept")
    assert sorted(read_records(backup / "records" / UNIT.slug)) == ["s2", "s3"]
    assert f"s2's record and hand marks stand only in the backup {backup.name}" in rows[0].note


def test_a_record_of_the_students_own_copy_stays_when_another_file_moves(space):
    with_mixed_roster(space, {"hall_101_10_w.ipynb": ONE, "s2/old.ipynb": TWO})
    recorded(space, {"s2": TWO})
    assert "moved here from s2" in bring(space, {"s3.ipynb": THREE})[0].note
    assert sorted(read_records(space.records(UNIT.slug))) == ["s2"]
    assert not space.backups.exists()


def test_marks_by_hand_of_a_file_that_moves_are_forgotten(space):
    pytest.importorskip(
        "nbgrader", reason="NOT TESTED: nbgrader's gradebook; the extra [instructor] is missing"
    )
    from nbgrader.api import Gradebook

    cells = [GradedCell("check-1-1", "1.1", 2.0, False)]
    with_mixed_roster(space, {"hall_101_10_w.ipynb": ONE, "s3.ipynb": THREE})
    records = recorded(space, {"s2": ONE, "s3": THREE})
    gradebook.update(space, UNIT.slug, cells, records, class_roster(space))
    with Gradebook(f"sqlite:///{space.gradebook}") as book:
        for student in records:
            book.find_grade("check-1-1", UNIT.slug, UNIT.slug, student).manual_score = 1.5
        book.db.commit()
    bring(space, {"s3.ipynb": THREE})
    found = gradebook.with_hand_marks(space, UNIT.slug, cells, records)
    assert (found["s2"].marks["1.1"].points, found["s3"].marks["1.1"].points) == (2.0, 1.5)


def test_without_nbgrader_no_file_moves_away_from_marks_by_hand(space, monkeypatch):
    with_mixed_roster(space, {"hall_101_10_w.ipynb": ONE})
    recorded(space, {"s2": ONE})
    space.gradebook.touch()
    monkeypatch.setattr(gradebook, "is_installed", lambda: False)
    with pytest.raises(CourseError, match=r"needs nbgrader.*\[instructor\]"):
        bring(space, {"s3.ipynb": THREE})
    assert read_ledger(space, UNIT.slug).students == ["s2"]
    assert sorted(read_records(space.records(UNIT.slug))) == ["s2"]


def test_the_gradebook_is_filled_only_with_records_that_count(space, monkeypatch):
    given: list[list[str]] = []
    monkeypatch.setattr(gradebook, "is_installed", lambda: True)
    monkeypatch.setattr(gradebook, "update", lambda s, u, c, records, *rest: given.append(sorted(records)))
    bring(space, {"s1.ipynb": ONE, "s3.ipynb": THREE})
    recorded(space, {"s1": TWO, "s3": THREE})
    fill_gradebook(space, UNIT)
    assert given == [["s3"]]


def test_a_folder_that_the_ledger_does_not_know_is_no_conflict(space):
    bring(space, {"s1.ipynb": ONE})
    (space.collected(UNIT.slug) / "s2").mkdir()
    rows = standings(space, UNIT.slug, class_roster(space), {})
    found = {row.student: row.state for row in rows}
    assert (found["s1"], found["s2"]) == ("not graded yet", "not handed in")


def at(space: Workspace, files: dict[str, tuple[str, int]], deadline: int = 18) -> list[Row]:
    """Collect a folder of files with these texts and hours."""
    folder = space.root / "mail"
    shutil.rmtree(folder, ignore_errors=True)
    for name, (text, hour) in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (datetime(2026, 3, 6, hour).timestamp(),) * 2)
    return collect(space, folder, UNIT, space.root / "roster.csv", datetime(2026, 3, 6, deadline))


def test_what_a_student_goes_back_to_counts_and_is_as_late_as_it_first_was(space):
    for text, hour in ((ONE, 10), (TWO, 11), (ONE, 12)):
        rows = at(space, {"s1.ipynb": (text, hour)}, 11)
        assert counting(space, "s1") == text
        assert [row.late for row in rows] == [False]
    (row,) = at(space, {"s1.ipynb": (TWO, 11)}, 11)
    assert (row.status, row.note) == ("superseded", f"s1.ipynb@{digest(ONE)[:8]} counts")


def test_a_zip_without_times_takes_no_time_away(space):
    at(space, {"s1/a.ipynb": (ONE, 20), "s1/b.ipynb": (TWO, 19)})
    source = space.root / "d.zip"
    with zipfile.ZipFile(source, "w") as archive:
        for name, text in (("s1/a.ipynb", ONE), ("s1/b.ipynb", TWO)):
            archive.writestr(zipfile.ZipInfo(name), text)
    rows = collect(space, source, UNIT, None)
    assert counting(space, "s1") == ONE
    assert [row.late for row in rows] == [True, True]


def test_a_ledger_of_before_is_still_read(space):
    at(space, {"s1.ipynb": (ONE, 10)})
    path = space.collected(UNIT.slug) / "ledger.json"
    found = json.loads(path.read_text())
    for attempt in found["attempts"]:
        del attempt["first"]
    path.write_text(json.dumps(found))
    assert [row.late for row in at(space, {"s1.ipynb": (ONE, 14)}, 11)] == [False]


def test_a_copy_that_was_on_time_stays_so_when_it_is_collected_again(space):
    folder = space.root / "mail"
    folder.mkdir()
    for hour in (10, 14):  # a copy of a folder has new times
        (folder / "s1.ipynb").write_text(ONE)
        when = datetime(2026, 3, 6, hour).timestamp()
        os.utime(folder / "s1.ipynb", (when, when))
        rows = collect(space, folder, UNIT, space.root / "roster.csv", datetime(2026, 3, 6, 13))
        assert [row.late for row in rows] == [False]


def test_take_prefers_the_copy_of_this_download_and_knows_the_others_by_digest(space):
    bring(space, {"s1/a.ipynb": ONE})
    assert bring(space, {"s1/a.ipynb": TWO})[0].status == "conflict"
    for data in (TWO, THREE):
        bring(space, {"s1/a.ipynb": data}, take=["s1/a.ipynb"])
        assert counting(space, "s1") == data
    name = digest(ONE)[:8]
    bring(space, {"s2/b.ipynb": ONE}, take=[f"s1/a.ipynb@{name}"])
    assert counting(space, "s1") == ONE
    with pytest.raises(UsageError, match=rf"3 copies have the path 's1/a\.ipynb'.*@{name}' or --take"):
        bring(space, {"s2/b.ipynb": ONE}, take=["s1/a.ipynb"])
    with pytest.raises(UsageError, match="Unknown collected file"):
        bring(space, {"s2/b.ipynb": ONE}, take=["s1/a.ipynb@fffffffff"])


def test_a_conflict_of_copies_of_one_path_names_them_by_digest(space):
    bring(space, {"s1/a.ipynb": ONE})
    (row,) = bring(space, {"s1/a.ipynb": TWO})
    name = f"s1/a.ipynb@{digest(TWO)[:8]}"
    assert f"--take '{name}'" in row.note
    bring(space, {"s2/b.ipynb": ONE}, take=[name])
    assert counting(space, "s1") == TWO


def test_the_same_copy_twice_is_no_conflict(space):
    rows = bring(space, {"s1/a.ipynb": ONE, "s1/b.ipynb": ONE})
    assert sorted(row.status for row in rows) == ["counts", "same as another"]


def test_a_notebook_of_something_else_counts_only_if_it_is_all_there_is(space):
    other = notebook("x = 1")
    rows = bring(space, {"s1/a.ipynb": ONE, "s1/b (2).ipynb": other, "s2/c.ipynb": other})
    assert counting(space, "s1") == ONE
    assert counting(space, "s2") == other
    assert [row.note for row in rows if row.student == "s2"] == ["no exercise of this unit can be read in it"]


@pytest.mark.parametrize(
    "later",
    [
        notebook("#  Exercise 4.1\nx = 4"),
        notebook("### EXERCISE\t4.1: mine\nx = 4"),
        notebook("def gap_recovered(weak, w2s, ceiling):\n    return 4"),
        notebook(f"{ANSWER}\nx = 4").encode("utf-16"),
        notebook(f"{ANSWER}\nx = 4").replace("exercise 4", r"\u0065xercise 4"),
    ],
    ids=["spaces", "capitals", "no marker line", "UTF-16", "escaped"],
)
def test_a_later_copy_counts_however_its_exercises_are_marked(space, later):
    bring(space, {"s1/a.ipynb": ONE, "s1/b (2).ipynb": later})
    data = later if isinstance(later, bytes) else later.encode()
    assert space.submission(UNIT.slug, "s1").read_bytes() == data


@pytest.mark.parametrize(
    "later",
    [notebook("# exercise 6.1\nreport = 1"), notebook("print('# exercise 4.1')")],
    ids=["unit", "text"],
)
def test_a_later_notebook_of_another_unit_does_not_count(space, later):
    bring(space, {"s1/a.ipynb": ONE, "s1/b (2).ipynb": later})
    assert counting(space, "s1") == ONE


@pytest.mark.parametrize("deadline", [18, 13])
def test_a_damaged_copy_counts_only_if_it_is_all_there_is(space, deadline):
    """Sent again when its time was over, the notebook is late, and the damaged one no mark at all."""
    broken = ONE[:-40]
    for files in ({"s1.ipynb": (broken, 12)}, {"s1 (1).ipynb": (ONE, 14), "s2.ipynb": (broken, 12)}):
        rows = at(space, files, deadline)
    assert counting(space, "s1") == ONE
    assert counting(space, "s2") == broken
    assert {row.path: row.late for row in rows} == {"s1 (1).ipynb": deadline == 13, "s2.ipynb": False}
    (row,) = (row for row in at(space, {"s1.ipynb": (broken, 15)}) if row.path == "s1.ipynb")
    assert row.note == "no exercise of this unit can be read in it; s1 (1).ipynb counts"


def test_a_late_copy_behind_one_in_time_is_called_so(space):
    rows = at(space, {"s1.ipynb": (ONE, 12), "s1 (1).ipynb": (TWO, 14)}, 13)
    assert [row.note for row in rows if row.note] == ["late; s1.ipynb counts"]


def test_strangers_and_namesakes_are_listed_and_left(space):
    strangers = (
        "nobody_1_2_w.ipynb",
        "leesam_9_2_w.ipynb",
        "garcíajosé_9_2_w.ipynb",
        "garcíajosé_101_2_w.ipynb",
    )
    rows = bring(space, {**dict.fromkeys(strangers, ONE), "s1.ipynb": ONE})
    found = {row.path: row.status for row in unresolved(rows)}
    assert found == dict(zip(strangers, ["unknown student", *["conflict"] * 3], strict=True))
    assert read_ledger(space, UNIT.slug).students == ["s1"]


BAD_NAMES = ["../../s2.ipynb", "/etc/s2.ipynb", "C:/s2.ipynb", "..\\s2.ipynb"]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_leads_outside_is_refused_and_the_rest_collected(space, name):
    before = set(space.root.parent.rglob("*"))
    rows = bring(space, {name: TWO, "s1.ipynb": ONE})
    assert counting(space, "s1") == ONE
    assert [row.note for row in rows if row.status == "refused"] == ["its name leads outside the download"]
    new = {p for p in set(space.root.parent.rglob("*")) - before if not p.is_relative_to(space.base)}
    assert {p.name for p in new} == {"download.zip"}


def test_links_archives_and_other_files_are_refused(space):
    source = space.root / "download.zip"
    source.write_bytes(zipped({"s1.ipynb": "/etc/passwd"}, external_attr=0o120777 << 16))
    rows = collect(space, source, UNIT, space.root / "roster.csv")
    assert [(row.status, row.note) for row in rows] == [("refused", "a link; it is not followed")]
    rows = bring(space, {"s1.zip": b"PK", "s2.pdf": b"%PDF", "__MACOSX/s3.ipynb": b"", "s3.ipynb": ONE})
    notes = {row.path: row.note for row in rows}
    assert "archives are not opened" in notes["s1.zip"]
    assert notes["s2.pdf"] == "not a notebook (.pdf)"
    assert set(notes) == {"s1.zip", "s2.pdf", "s3.ipynb"}


def test_a_folders_links_are_not_followed(space, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "s2.ipynb"
    outside.write_text(TWO)
    folder = space.root / "mail"
    folder.mkdir()
    (folder / "s1.ipynb").symlink_to(outside)
    (folder / "s2").symlink_to(outside.parent, target_is_directory=True)
    rows = collect(space, folder, UNIT, space.root / "roster.csv")
    assert [row.status for row in rows] == ["refused", "refused"]
    assert not space.submitted.exists()


def test_a_bomb_is_refused_by_what_it_declares_and_by_what_it_is(space, monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_FILE", 100_000)
    bomb = zipped({"s1.ipynb": b"0" * 1_000_000, "s2.ipynb": ONE})
    honest = space.root / "bomb.zip"
    honest.write_bytes(bomb)
    rows = collect(space, honest, UNIT, space.root / "roster.csv")
    assert outcomes(rows)["s1.ipynb"][0] == "refused"
    assert outcomes(rows)["s2.ipynb"] == ("counts", "s2")
    # The same with sizes that lie, in both headers.
    liar = bomb.replace(struct.pack("<I", 1_000_000), struct.pack("<I", 1_000))
    honest.write_bytes(liar)
    rows = collect(space, honest, UNIT, None)
    assert outcomes(rows)["s1.ipynb"][0] == "refused"
    assert outcomes(rows)["s2.ipynb"] == ("counts", "s2")


def test_too_many_files_are_refused_from_the_limit_on(space, monkeypatch):
    monkeypatch.setattr(archives, "MOST_FILES", 2)
    rows = bring(space, {f"s{n}.ipynb": ONE for n in (1, 2, 3)})
    assert [row.status for row in rows] == ["counts", "counts", "refused"]


def test_a_damaged_entry_costs_nobody_else_anything(space):
    data = bytearray(zipped({"s1.ipynb": ONE, "s2.ipynb": TWO}))
    data[60:64] = b"\xff\xff\xff\xff"  # within the first entry's compressed bytes
    source = space.root / "d.zip"
    source.write_bytes(bytes(data))
    rows = collect(space, source, UNIT, space.root / "roster.csv")
    assert outcomes(rows)["s1.ipynb"][0] == "refused"
    assert "damaged in the zip" in rows[0].note
    assert outcomes(rows)["s2.ipynb"] == ("counts", "s2")


def test_what_any_decompressor_says_of_a_damaged_entry_costs_nobody_else_anything(space):
    source = space.root / "d.zip"
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        with zipfile.ZipFile(source, "w") as archive:
            archive.writestr("s1.ipynb", ONE, method)
            archive.writestr("s2.ipynb", TWO, zipfile.ZIP_STORED)
        data = bytearray(source.read_bytes())
        data[43:63] = b"\xff" * 20  # within the first entry's compressed bytes
        source.write_bytes(bytes(data))
        rows = collect(space, source, UNIT, space.root / "roster.csv")
        assert "damaged in the zip" in rows[0].note, method
        assert outcomes(rows) == {"s1.ipynb": ("refused", "s1"), "s2.ipynb": ("counts", "s2")}


@pytest.mark.parametrize("name", ["s1-" + "1" * 5_000, "Ana " * 4_000 + "_5_assignsubmission_file_work"])
def test_a_name_without_an_end_keeps_nobody_from_being_collected(space, name):
    rows = bring(space, {f"{name}.ipynb": ONE, "s2.ipynb": TWO})
    assert counting(space, "s2") == TWO
    (refused,) = (row for row in rows if row.status == "refused")
    assert refused.note.startswith("its name has ")
    assert len(refused.path) < 100


def test_entries_without_a_name_are_passed_over(space):
    rows = bring(space, {".": ONE, "./": b"", "s1.ipynb": ONE})
    assert outcomes(rows) == {"s1.ipynb": ("counts", "s1")}
    nameless = zipfile.ZipInfo("x")
    nameless.filename = ""
    assert archives._refusal(nameless, "", 0, 0) == "its name leads outside the download"


def test_what_is_no_download_is_refused(space):
    with pytest.raises(CourseError, match="There is no"):
        collect(space, space.root / "nothing.zip", UNIT, space.root / "roster.csv")
    (space.root / "x.zip").write_text("not a zip")
    with pytest.raises(CourseError, match="neither a folder nor a zip"):
        collect(space, space.root / "x.zip", UNIT, space.root / "roster.csv")
    (space.root / "x.ipynb").write_text(ONE)
    with pytest.raises(CourseError, match=r"is one notebook.*name the folder"):
        collect(space, space.root / "x.ipynb", UNIT, space.root / "roster.csv")


def test_names_without_the_utf8_mark_are_read_as_they_were_meant(space):
    data = zipped({"xxxxxxxxxxxxx_102_1_w.ipynb": ONE})
    name = "garcíajosé".encode()  # 12 bytes
    data = data.replace(b"xxxxxxxxxxxxx", name + b"x").replace(name + b"x_", name + b"-_")
    source = space.root / "d.zip"
    source.write_bytes(data)
    assert [row.student for row in collect(space, source, UNIT, space.root / "roster.csv")] == ["s2"]
