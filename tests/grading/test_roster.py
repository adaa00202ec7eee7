"""Who a submission belongs to: exactly one student, or a reason why not."""

from __future__ import annotations

import unicodedata

import pytest
from school import ROSTER, ROSTER_CSV

from w2s_course.errors import CourseError
from w2s_course.grading.naming import read_label
from w2s_course.grading.roster import Roster, Student, key, read_roster

U = "04_measure"


@pytest.mark.parametrize(
    ("path", "student", "late"),
    [
        ("oneillana_101_9000_work.ipynb", "s1", False),
        ("oneillana_LATE_101_9000_work.ipynb", "s1", True),
        ("some_folder/oneillana_101_9000_04_measure-2.ipynb", "s1", False),
        ("delacruzana_106_9000_04_measure.ipynb", "s6", False),
        ("garcíajosé_102_1_x.ipynb", "s2", False),
        (unicodedata.normalize("NFD", "garcíajosé_102_1_x.ipynb"), "s2", False),
        ("शर्माप्रिया_103_1_x.ipynb", "s3", False),
        ("李明_107_1_x.ipynb", "s7", False),
        ("anewname_101_1_x.ipynb", "s1", False),  # Canvas's number is the user's for good
        ("leesam_104_1_x.ipynb", "s4", False),
        ("leesam_105_1_x.ipynb", "s5", False),
        ("Ana O'Neill_55_assignsubmission_file_/04_measure.ipynb", "s1", None),
        ("José García_102_assignsubmission_file_04_measure.ipynb", "s2", None),
        ("Sam Lee_105_assignsubmission_file_/x.ipynb", "s5", None),
        ("Ana O'Neill_102_assignsubmission_file_/x.ipynb", "s1", None),  # Moodle's number may be anybody's
        # What lies outside was named by the LMS, what lies inside by the student.
        ("Ana O'Neill_55_assignsubmission_file_/José García_102_assignsubmission_file_x.ipynb", "s1", None),
        ("Ana O'Neill_55_assignsubmission_file_/latelate_101_1_04_measure.ipynb", "s1", None),
        ("Course 7_12_assignsubmission_file_/José García_102_assignsubmission_file_x.ipynb", "s2", None),
        ("s1.ipynb", "s1", None),
        ("04_measure_s1.ipynb", "s1", None),
        ("s3/04_measure/04_measure.ipynb", "s3", None),
        ("04_measure - Ana O'Neill (1).ipynb", "s1", None),
        ("ana@example.org/04_measure.ipynb", "s1", None),
    ],
)
def test_the_owner_is_found(path, student, late):
    label = read_label(path, ROSTER, U)
    assert label.match.student is not None, label.match.reason
    assert label.match.student.id == student
    assert label.late is late


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("oneillanna_999_1_x.ipynb", "nobody's"),
        ("garcíajosé_101_1_x.ipynb", "the number 101 is s1's, the name is s2's"),
        ("leesam_999_1_x.ipynb", "several students: s4, s5; the lms_id 999 in the roster would say which"),
        (
            "garcíajosé_999_1_x.ipynb",
            "the number 999 is nobody's in the roster, the name is s2's, whose number is 102",
        ),
        ("Sam Lee_7_assignsubmission_file_/x.ipynb", "several students: s4, s5"),
        ("s1/x_102_9_y.ipynb", "its folder is s1's, and its name says s2"),
        ("s1/s2.ipynb", "several students: s1, s2"),
        ("04_measure.ipynb", "nobody's"),
        ("Untitled (3).ipynb", "nobody's"),
    ],
)
def test_nothing_is_guessed(path, why):
    label = read_label(path, ROSTER, U)
    assert label.match.student is None
    assert why in label.match.reason


def test_a_number_that_nobody_has_is_no_reason_to_doubt_a_name_without_a_number():
    roster = Roster((Student("s1", "Ana O'Neill"),))
    assert roster.match("oneillana", "999").student == roster.students[0]


def test_a_later_upload_is_later():
    first, second = (read_label(f"oneillana_101_{n}_x.ipynb", ROSTER, U) for n in ("8", "9"))
    third = read_label("oneillana_101_9_x-1.ipynb", ROSTER, U)
    assert first.order < second.order < third.order


def test_vowel_signs_are_part_of_a_name():
    assert key("कि") != key("के")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("id,email\ns1,a@b", "lacks the column name. Its first line is 'id,email'; it must name id and name"),
        ("id,name\n", "names no student"),
        ("id,name\ns1,Ana\nS1,Bo", "'s1' stands twice"),
        ("id,name,lms_id\ns1,Ana,7\ns2,Bo,7", "lms_id '7' stands twice"),
        ("id,name\n../x,Ana", "line 2: the id '../x' cannot name a folder"),
        ("id,name\n.x,Ana", "cannot name a folder"),
        ("id,name,cohort\ns1,Ana,blue", "cohort 'blue' is no number"),
    ],
)
def test_a_wrong_roster_is_refused_with_its_line(tmp_path, text, why):
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=why.replace(".", r"\.")):
        read_roster(path)


def test_rosters_of_spreadsheets_are_read(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_bytes(("\ufeff" + ROSTER_CSV.replace(",", ";") + ";;;\r\n").encode())
    assert read_roster(path) == ROSTER
    with pytest.raises(CourseError, match=r"cannot be read \(Is a directory\)"):
        read_roster(tmp_path)
    with pytest.raises(CourseError, match="There is no roster"):
        read_roster(tmp_path / "none.csv")
    path.write_bytes("id,name\ns1,José".encode("latin-1"))
    with pytest.raises(CourseError, match="CSV UTF-8"):
        read_roster(path)


@pytest.mark.parametrize(
    ("name", "sortable"),
    [
        ("Ana O'Neill", "O'Neill, Ana"),
        ("de la Cruz, Ana", "de la Cruz, Ana"),
        ("García Márquez,José María", "García Márquez, José María"),
        ("李 明", "明, 李"),
        ("李, 明", "李, 明"),
        ("Suharto", "Suharto"),
        ("Suharto,", "Suharto"),
    ],
)
def test_a_comma_in_a_name_says_where_the_familys_ends(name, sortable):
    assert Student("s1", name).sortable_name == sortable
