"""What a learner did is saved, by several notebooks at once, and never silently lost."""

from __future__ import annotations

import errno
import json
import logging
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

import w2s_course
from w2s_course.errors import UsageError
from w2s_course.learn import check, hint, predict
from w2s_course.learn.friendly import Friendly
from w2s_course.learn.judged import keep_judgements, kept_judgements
from w2s_course.learn.order import order
from w2s_course.learn.overview import export_progress, progress, whole_course
from w2s_course.learn.progress import Progress, ProgressError
from w2s_course.learn.quiz import Option, quiz


def test_a_record_is_read_back_with_its_time_in_utc(desk: Path) -> None:
    Progress.load().record("checks", "4.2", {"state": "right", "tries": 2})
    record = Progress.load().get("checks", "4.2")
    assert record is not None
    time = datetime.fromisoformat(record.pop("time"))
    assert record == {"state": "right", "tries": 2}
    assert str(time.tzinfo) == "UTC"


def test_the_file_is_plain_json_beside_the_notebook_and_nothing_else_is_there(desk: Path) -> None:
    Progress.load().record("quizzes", "1.bet", {"right": True})
    content = json.loads(desk.read_text("utf-8"))
    assert content["schema_version"] == 1
    assert content["quizzes"]["1.bet"]["right"] is True
    assert [path.name for path in desk.parent.iterdir()] == ["w2s_progress.json"]


def test_what_was_never_done_is_none(desk: Path) -> None:
    assert Progress.load().get("orders", "1.steps") is None
    assert not desk.exists()


def test_a_headless_run_leaves_a_learners_file_alone(desk: Path, headless: None) -> None:
    desk.write_text("what a learner did")
    Progress.load().record("checks", "1.1", {"state": "right"})
    assert Progress.load().get("checks", "1.1")
    assert desk.read_text() == "what a learner did"


def test_an_unknown_section_is_named_with_the_nearest_one(desk: Path) -> None:
    with pytest.raises(UsageError, match=r"'quizes'. Did you mean 'quizzes'\?"):
        Progress.load().record("quizes", "1.bet", {})


@pytest.mark.parametrize("value", [{1, 2}, float("nan"), object()], ids=["set", "nan", "object"])
def test_a_record_that_is_no_plain_data_is_refused_before_it_is_written(desk: Path, value: object) -> None:
    with pytest.raises(UsageError, match=r"record of checks 1\.1 is not plain data"):
        Progress.load().record("checks", "1.1", {"value": value})
    assert not desk.exists()


WRITER = """
import sys
from w2s_course.learn.progress import Progress
for number in range(25):
    Progress.load().change("checks", "shared", lambda old: {"count": (old or {"count": 0})["count"] + 1})
    Progress.load().record("quizzes", f"{sys.argv[1]}.{number}", {"right": True})
"""


def test_two_notebooks_that_write_at_once_lose_nothing(desk: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, name], cwd=desk.parent) for name in "ab"]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    assert len(Progress.load().sections()["quizzes"]) == 50
    assert Progress.load().get("checks", "shared")["count"] == 50


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"schema_version": 1, "quiz', "not JSON"),
        (b"\xff\xfe\x00", "not text"),
        (b"[1, 2]", "no schema_version"),
        (b'{"schema_version": 1, "quizzes": [3]}', "its quizzes are not records"),
        (b"", "not JSON"),
    ],
    ids=["cut", "binary", "list", "other-shape", "empty"],
)
def test_a_damaged_file_is_kept_aside_and_said_so(
    desk: Path, caplog: pytest.LogCaptureFixture, content: bytes, reason: str
) -> None:
    desk.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        Progress.load().record("checks", "1.1", {"state": "right"})
    assert reason in caplog.text
    assert "kept as w2s_progress.json.damaged" in caplog.text
    assert desk.with_name("w2s_progress.json.damaged").read_bytes() == content
    assert Progress.load().get("checks", "1.1")


@pytest.mark.parametrize(
    ("section", "id", "record", "field"),
    [
        ("checks", "1.1", {"tries": None}, "tries"),
        ("checks", "1.1", {"tries": True}, "tries"),
        ("hints", "1.1", {"seen": "x"}, "seen"),
        ("hints", "1.1", {"seen": -5}, "seen"),
        ("quizzes", "1.bet", {"choices": None}, "choices"),
        ("quizzes", "1.bet", {"attempts": "x"}, "attempts"),
        ("orders", "1.steps", {"attempts": 1.5}, "attempts"),
        ("orders", "1.steps", {"right_at": "second"}, "right_at"),
        ("predictions", "1.gain", {"answer": None}, "answer"),
        ("predictions", "1.gain", {"answer": {}}, "answer"),
        ("predictions", "1.gain", {"answer": 5, "earlier": None}, "earlier"),
        ("predictions", "1.gain", {"answer": 5, "earlier": [{}]}, "earlier"),
        ("predictions", "1.gain", {"answer": 5, "earlier": [5]}, "earlier"),
    ],
)
def test_a_file_with_a_field_that_cannot_be_is_set_aside_and_work_goes_on(
    desk: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    section: str,
    id: str,
    record: dict[str, object],
    field: str,
) -> None:
    content = json.dumps({"schema_version": 1, section: {id: record}})
    desk.write_text(content)
    with caplog.at_level(logging.WARNING):
        assert hint("1.1").number == 1
    assert f"in its {section}, {field} of {id} cannot be" in caplog.text
    assert desk.with_name("w2s_progress.json.damaged").read_text("utf-8") == content
    with pytest.raises(Friendly):
        check("1.1", {"schedule": []})
    bet = quiz("1.bet", "Which?", [Option("a bet", right=True), Option("a game", feedback="No.")])
    bet.answer("a")
    predict("1.gain", "How much?", answer=5)
    progress()
    assert {"1.1", "1.bet", "1.gain"} <= set(capsys.readouterr().out.split())


def test_a_file_that_cannot_be_read_is_named_and_left_alone(desk: Path) -> None:
    desk.mkdir()
    with pytest.raises(ProgressError, match=r"w2s_progress.json cannot be read \(.*Mend that first"):
        Progress.load().sections()
    assert desk.is_dir()


def test_a_file_that_is_nested_without_end_is_set_aside(desk: Path, caplog: pytest.LogCaptureFixture) -> None:
    desk.write_text("[" * 100_000)
    with caplog.at_level(logging.WARNING):
        assert Progress.load().get("checks", "1.1") is None
    assert "it is nested too deeply" in caplog.text


def test_all_that_the_course_writes_fits_what_it_reads(desk: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Friendly):
        check("1.1", {"schedule": []})
    hint("1.1")
    bet = quiz("1.bet", "Which?", [Option("a bet", right=True), Option("a game", feedback="No.")])
    for letter in "bab":
        bet.answer(letter)
    order("1.steps", "How?", {"teach": "T.", "label": "L."}, [("teach", "label")]).judge(["label"])
    predict("1.gain", "How much?", answer=5)
    predict("1.gain", "How much?", answer=6.5, again=True).compare(7)
    predict("1.who", "Who?", ["me", "you"], answer="a")
    keep_judgements("audit-1", "Right?", [True], [True, False], item="label", done="judged", judge="it")
    keep_judgements("rating-1", "True?", ["true"], ["true"], item="text", done="rated", judge="it")
    with caplog.at_level(logging.WARNING):
        found = Progress.load().sections()
    assert caplog.text == ""
    assert [len(records) for records in found.values()] == [4, 1, 1, 1, 1]


def test_an_answer_to_something_else_under_the_id_of_a_prediction_is_none(desk: Path) -> None:
    Progress.load().record("predictions", "1.gain", {"answer": [True]})
    Progress.load().record("predictions", "audit-1", {"answer": 5})
    assert predict("1.gain", "How much?").prediction is None
    assert predict("1.gain", "How much?", answer=5).prediction == 5
    assert kept_judgements("audit-1") == []


def test_a_second_damaged_file_does_not_replace_the_first(desk: Path) -> None:
    for content in ("first", "second"):
        desk.write_text(content)
        Progress.load().sections()
    kept = sorted(path.read_text() for path in desk.parent.glob("*.damaged*"))
    assert kept == ["first", "second"]


@pytest.mark.parametrize("more", ["", ', "checks": {"1.1": {"tries": {"of": "another form"}}}'])
def test_a_file_of_a_later_version_is_refused_and_left_as_it_is(desk: Path, more: str) -> None:
    desk.write_text(f'{{"schema_version": 99{more}}}')
    with pytest.raises(ProgressError, match=r"later version of the course.*99.*Update"):
        Progress.load().record("checks", "1.1", {})
    assert desk.read_text() == f'{{"schema_version": 99{more}}}'


def test_a_crash_while_writing_keeps_what_was_there(desk: Path, disk_is_full: Callable[[], None]) -> None:
    Progress.load().record("checks", "1.1", {"state": "right"})
    disk_is_full()
    with pytest.raises(ProgressError, match=r"could not be saved in .*w2s_progress\.json.*Make room"):
        Progress.load().record("checks", "1.2", {"state": "right"})
    assert list(Progress.load().sections()["checks"]) == ["1.1"]


def test_a_lock_that_hangs_is_explained(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[Progress.__module__], "LOCK_SECONDS", 0.05)
    store = Progress.load()
    with store._held(), pytest.raises(ProgressError, match=r"Another notebook has held w2s_progress\.json"):
        Progress.load().get("checks", "1.1")


def test_all_progress_files_of_an_account_leave_one_lock_in_the_temporary_folder(
    desk: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (temporary := tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        Progress(tmp_path / folder / desk.name).record("checks", "1.1", {"state": "right"})
    assert len(list(temporary.iterdir())) <= 1  # on some systems it goes with the lock


def test_a_lock_that_cannot_be_made_is_explained(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(desk.parent / "gone" / "\0"))
    desk.write_text("{}")
    monkeypatch.setattr("tempfile.tempdir", str(desk / "no folder"))
    with pytest.raises(ProgressError, match=r"w2s-progress-.*lock cannot be opened .* set .* TMPDIR"):
        Progress.load().get("checks", "1.1")


def test_a_damaged_file_that_cannot_be_set_aside_is_named_and_left_alone(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, target: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    desk.write_text("{")
    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(ProgressError, match=r"is damaged: .*cannot be set aside \(Permission denied\)"):
        Progress.load().get("checks", "1.1")
    assert desk.read_text() == "{"


def test_messages_about_the_file_are_shown_without_a_traceback() -> None:
    assert issubclass(ProgressError, Friendly)
    assert ProgressError("one line")._render_traceback_() == ["one line"]


def test_progress_lists_what_is_done_and_how_it_went(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = Progress.load()
    store.record("predictions", "1.gain", {"answer": 60, "shown": "60%", "earlier": [{"answer": 10}]})
    store.record("quizzes", "1.bet", {"attempts": 3, "right_at": 2})
    store.record("orders", "1.steps", {"attempts": 1, "right_at": None})
    store.record("checks", "2.1", {"state": "wrong", "tries": 4})
    store.record("hints", "2.1", {"seen": 1})
    progress()
    lines = [" ".join(line.split()[:-2]) for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        "1.bet quiz right at attempt 2",
        "1.gain prediction 60% (changed)",
        "1.steps order not right yet (1 attempt)",
        "2.1 check wrong (4 attempts)",
    ]


def test_progress_says_where_there_is_nothing_yet(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    progress()
    assert capsys.readouterr().out.startswith("Nothing done yet")


def test_the_export_is_one_readable_file_with_all_records_and_versions(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Progress.load().record("checks", "2.1", {"state": "right", "note": "größer"})
    path = export_progress()
    text = path.read_text("utf-8")
    content = json.loads(text)
    assert (path.name, content["schema_version"]) == ("w2s_progress_export.json", 1)
    assert content["course_version"] == w2s_course.__version__
    assert content["progress"]["checks"]["2.1"]["state"] == "right"
    assert "größer" in text
    assert "\n  " in text
    assert "1 record written to w2s_progress_export.json" in capsys.readouterr().out


def test_an_export_into_a_missing_folder_says_so(desk: Path) -> None:
    with pytest.raises(UsageError, match=r"no folder .*elsewhere. Make it first"):
        export_progress("elsewhere/export.json")


# --- lessons and exercises lie in folders of their own ------------------------------------------------------


@pytest.fixture
def course(desk: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The course's folder, with a prediction of a lesson and a passed check of the exercises of unit 4."""
    monkeypatch.delenv("W2S_HEADLESS", raising=False)
    for folder, section, id in (
        ("notebooks", "predictions", "1.gain"),
        ("exercises/04_measure", "checks", "4.1"),
    ):
        path = desk.parent / folder
        path.mkdir(parents=True)
        Progress(path / desk.name).record(section, id, {"state": "right"})
    (desk.parent / "exercises" / "09_the_verdict").mkdir()
    return desk.parent


@pytest.mark.parametrize("folder", ["notebooks", "exercises/04_measure", "exercises/09_the_verdict"])
def test_whoever_looks_back_sees_the_lessons_and_all_exercises(
    course: Path, folder: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(course / folder)
    found = whole_course()
    assert (list(found["predictions"]), list(found["checks"])) == (["1.gain"], ["4.1"])
    progress()
    assert {"1.gain", "4.1"} <= set(capsys.readouterr().out.split())
    assert "4.1" in export_progress("out.json").read_text("utf-8")


@pytest.mark.parametrize("folder", [".", "elsewhere", "exercises", "solutions/04_measure"])
def test_a_folder_that_is_none_of_the_course_s_has_its_own_progress_alone(
    course: Path, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (course / folder).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(course / folder)
    assert not any(whole_course().values())


def test_of_two_records_of_one_id_the_later_stands(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(course / "notebooks")
    Progress.load().record("checks", "4.1", {"state": "wrong"})
    for time, stands in (("2000-01-01", "right"), ("2999-01-01", "wrong")):
        path = course / "notebooks" / "w2s_progress.json"
        content = json.loads(path.read_text("utf-8"))
        content["checks"]["4.1"]["time"] = time
        path.write_text(json.dumps(content))
        assert whole_course()["checks"]["4.1"]["state"] == stands


def test_a_headless_run_looks_into_no_folder(
    course: Path, headless: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course / "notebooks")
    assert not any(whole_course().values())
