"""The cache: made once, never half-made, and made again when damaged."""

import errno
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import platformdirs
import pytest
from filelock import FileLock

from w2s_course import cache, disk
from w2s_course.errors import CourseError

REPOSITORY = Path(cache.__file__).parents[1]


def fill(partial: Path) -> None:
    (partial / "weights.bin").write_bytes(bytes(range(256)))
    (partial / "deep").mkdir()
    (partial / "deep" / "notes.txt").write_text("kept")


def must_not_run(partial: Path) -> None:
    pytest.fail("the work was done again")


@pytest.fixture
def start(tmp_path):
    """Start a script in a process of its own, which does not outlive the test. Its output goes to files."""
    started = []

    def start_one(name: str, script: str, *arguments: object) -> subprocess.Popen[bytes]:
        with (tmp_path / f"{name}.out").open("wb") as out, (tmp_path / f"{name}.err").open("wb") as err:
            process = subprocess.Popen(
                [sys.executable, "-c", script, *map(str, arguments)],
                env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
                stdout=out,
                stderr=err,
            )
        started.append(process)
        return process

    yield start_one
    for process in started:
        process.kill()
        process.wait()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60  # a loaded machine is slow, not wrong
    while not condition():
        assert time.monotonic() < deadline, "the other process did not get there"
        time.sleep(0.01)


def scratch_left_in(folder: Path) -> list[Path]:
    return [*folder.glob(".*.partial"), *folder.glob(".*.tmp")]


# --- where the cache is


def test_w2s_cache_says_where_the_cache_is_and_it_is_made(monkeypatch, tmp_path):
    monkeypatch.setenv("W2S_CACHE", str(tmp_path / "classroom" / "cache"))
    assert disk.cache_root() == tmp_path / "classroom" / "cache"
    assert disk.cache_root().is_dir()


@pytest.mark.parametrize("unset", [None, "", "  "])
def test_without_w2s_cache_it_is_the_users_cache_folder(monkeypatch, tmp_path, unset):
    monkeypatch.delenv("W2S_CACHE", raising=False)
    if unset is not None:
        monkeypatch.setenv("W2S_CACHE", unset)
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda name: tmp_path / name)
    assert disk.cache_root() == tmp_path / "w2s-course"


def test_a_cache_that_cannot_be_made_is_named_with_the_way_out(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("W2S_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(CourseError, match=r"file/cache cannot be made .*Set .* W2S_CACHE to a folder"):
        disk.cache_root()


@pytest.fixture
def read_only(monkeypatch, tmp_path):
    """A cache on a disk that can only be read, once it holds one folder. Tests may run as root, whom no
    permission bit stops."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setenv("W2S_CACHE", str(tmp_path))
    cache.publish_once(tmp_path / "stages" / "made", fill, what="a test")
    for name in ("pathlib.Path.mkdir", "tempfile.TemporaryFile", "w2s_course.cache.FileLock.acquire"):
        monkeypatch.setattr(name, refuse)
    return tmp_path


def test_a_cache_that_can_only_be_read_serves_for_what_it_holds(read_only):
    assert disk.cache_root() == read_only
    made = read_only / "stages" / "made"
    assert cache.publish_once(made, must_not_run, what="a test") == made
    assert disk.why_read_only(read_only) == "Read-only file system"


def test_what_a_cache_that_can_only_be_read_lacks_is_refused_with_the_way_out(read_only):
    with pytest.raises(
        CourseError, match=r"\(Read-only file system\), which a test needs.* set .*W2S_CACHE to a"
    ):
        cache.publish_once(read_only / "stages" / "lacking", must_not_run, what="a test")


# --- digests


def test_a_digest_depends_on_the_value_and_not_on_its_spelling():
    assert cache.digest({"a": 1, "b": [1, 2]}) == cache.digest({"b": (1, 2), "a": 1})
    assert cache.digest({"a": 1}) != cache.digest({"a": 2})
    assert (
        cache.digest("é") == "f2886017e9c7abacf804b54d64787dce2b611c9544ba21f3affdd126a6e50086"
    )  # printf '"é"' | sha256sum


@pytest.mark.parametrize("value", [{1, 2}, float("nan"), Path("x")])
def test_what_has_no_json_form_has_no_digest(value):
    with pytest.raises((TypeError, ValueError)):
        cache.digest(value)


# --- publishing


def test_a_folder_is_computed_once_and_then_reused(tmp_path):
    folder = cache.publish_once(tmp_path / "models" / "made", fill, what="a test")
    assert (folder / "deep" / "notes.txt").read_text() == "kept"
    assert cache.is_complete(folder)
    assert cache.damage(folder) is None
    assert cache.publish_once(tmp_path / "models" / "made", must_not_run, what="a test") == folder
    assert not scratch_left_in(folder.parent)


def test_the_manifest_has_size_and_hash_of_every_file(tmp_path):
    folder = cache.publish_once(tmp_path / "made", fill, what="a test")
    manifest = json.loads((folder / cache.MANIFEST).read_text())
    assert set(manifest["files"]) == {"weights.bin", "deep/notes.txt"}
    assert manifest["files"]["weights.bin"] == {
        "size": 256,
        "sha256": "40aff2e9d2d8922e47afd4648e6967497158785fbd1da870e7110266bf944880",  # sha256sum of 00..ff
    }


def test_a_folder_that_was_never_made_is_not_complete(tmp_path):
    assert not cache.is_complete(tmp_path / "nothing")
    assert cache.damage(tmp_path / "nothing") == "manifest.json is missing"


def flip_a_byte(folder: Path) -> None:
    data = bytearray((folder / "weights.bin").read_bytes())
    data[100] ^= 1
    (folder / "weights.bin").write_bytes(data)


def truncate(folder: Path) -> None:
    os.truncate(folder / "weights.bin", 200)


def lose_a_file(folder: Path) -> None:
    (folder / "deep" / "notes.txt").unlink()


def garble_the_manifest(folder: Path) -> None:
    (folder / cache.MANIFEST).write_text('{"files": ')


def empty_the_manifest_of_meaning(folder: Path) -> None:
    (folder / cache.MANIFEST).write_text('{"files": ["weights.bin"]}')


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (flip_a_byte, "weights.bin has changed"),
        (truncate, "weights.bin has 200 bytes instead of 256"),
        (lose_a_file, "deep/notes.txt is missing"),
        (garble_the_manifest, "manifest.json cannot be read"),
        (empty_the_manifest_of_meaning, "manifest.json cannot be read"),
    ],
)
def test_damage_is_noticed_and_the_folder_is_made_again(tmp_path, caplog, harm, words):
    folder = cache.publish_once(tmp_path / "made", fill, what="a test")
    cache.publish_once(folder, must_not_run, what="a test")  # so that this process has verified it once
    harm(folder)
    assert words in (cache.damage(folder) or "")
    cache.publish_once(folder, fill, what="a test")
    assert cache.damage(folder) is None
    (warning,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert words in warning.getMessage()
    assert not scratch_left_in(tmp_path)


def test_only_hashing_sees_a_changed_byte(tmp_path):
    folder = cache.publish_once(tmp_path / "made", fill, what="a test")
    flip_a_byte(folder)
    assert cache.is_complete(folder)  # the quick look, by sizes
    assert cache.damage(folder) is not None


def test_untouched_files_are_hashed_once_in_a_process(tmp_path, monkeypatch):
    folder = cache.publish_once(tmp_path / "made", fill, what="a test")
    hashed = []
    monkeypatch.setattr(cache, "damage", lambda folder: hashed.append(folder))
    cache.publish_once(folder, must_not_run, what="a test")
    cache.publish_once(folder, must_not_run, what="a test")
    assert hashed == [folder]


def test_files_that_others_leave_in_a_folder_do_not_spoil_it(tmp_path):
    folder = cache.publish_once(tmp_path / "made", fill, what="a test")
    (folder / ".DS_Store").write_text("")
    assert cache.publish_once(folder, must_not_run, what="a test") == folder


def test_work_that_fails_leaves_nothing_and_can_be_done_again(tmp_path):
    def fail(partial: Path) -> None:
        fill(partial)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cache.publish_once(tmp_path / "made", fail, what="a test")
    assert not (tmp_path / "made").exists()
    assert not scratch_left_in(tmp_path)
    assert cache.damage(cache.publish_once(tmp_path / "made", fill, what="a test")) is None


def test_a_folder_that_lost_its_manifest_is_made_again_if_its_name_is_one_of_ours(tmp_path, caplog):
    folder = cache.publish_once(
        tmp_path / f"stage-{cache.digest(1)[: cache.NAME_CHARS]}", fill, what="a test"
    )
    (folder / cache.MANIFEST).unlink()
    cache.publish_once(folder, fill, what="a test")
    assert cache.damage(folder) is None
    assert "manifest.json is missing" in caplog.text


def test_a_failed_repair_keeps_what_is_there(tmp_path):
    def fail(partial: Path) -> None:
        raise ZeroDivisionError

    folder = cache.publish_once(tmp_path / "made", fill, what="a test")
    truncate(folder)
    with pytest.raises(ZeroDivisionError):
        cache.publish_once(folder, fail, what="a test")
    assert (folder / "deep" / "notes.txt").read_text() == "kept"


def test_a_damaged_folder_that_cannot_be_deleted_does_not_stop_the_repair(tmp_path, monkeypatch):
    folder = cache.publish_once(tmp_path / "made", fill, what="a test")
    truncate(folder)
    monkeypatch.setattr("shutil.rmtree", lambda path, ignore_errors: None)
    assert cache.damage(cache.publish_once(folder, fill, what="a test")) is None


def test_a_folder_that_someone_else_made_is_never_replaced(tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter1.txt").write_text("years of work")
    with pytest.raises(CourseError, match=r"thesis is in the way: .* Move it elsewhere"):
        cache.publish_once(tmp_path / "thesis", fill, what="a test")
    assert (tmp_path / "thesis" / "chapter1.txt").read_text() == "years of work"


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "made").mkdir()
    assert cache.damage(cache.publish_once(tmp_path / "made", fill, what="a test")) is None


def test_the_work_may_not_write_the_manifest(tmp_path):
    with pytest.raises(ValueError, match="the cache's own file"):
        cache.publish_once(tmp_path / "made", lambda at: fill(at) or garble_the_manifest(at), what="a test")


def test_files_made_for_their_owner_alone_become_readable_for_the_others(tmp_path):
    def fill_as_safetensors_does(partial: Path) -> None:
        fill(partial)
        (partial / "weights.bin").chmod(0o600)

    folder = cache.publish_once(tmp_path / "made", fill_as_safetensors_does, what="a test")
    usual = (folder / cache.MANIFEST).stat().st_mode
    assert (folder / "weights.bin").stat().st_mode == usual


# --- full and forbidden disks


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        RuntimeError("I/O error: No space left on device (os error 28)"),  # how safetensors says it
    ],
)
def test_a_full_disk_is_explained(tmp_path, monkeypatch, error):
    monkeypatch.setenv("W2S_CACHE", str(tmp_path))

    def run_out(partial: Path) -> None:
        raise error

    with pytest.raises(CourseError, match=r"disk is full: a test .*made \([\d,]+ MB free\).* W2S_CACHE"):
        cache.publish_once(tmp_path / "made", run_out, what="a test")
    assert not scratch_left_in(tmp_path)


def test_a_full_disk_elsewhere_is_named_and_no_other_cache_advised(tmp_path, monkeypatch):
    monkeypatch.setenv("W2S_CACHE", str(tmp_path / "cache"))

    def run_out(partial: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(tmp_path / "hub" / "blob"))

    with pytest.raises(CourseError, match=r"written to .*hub/blob .*or name a folder on a larger disk"):
        cache.publish_once(tmp_path / "cache" / "made", run_out, what="a test")


@pytest.mark.parametrize(("also", "said"), [({}, "HF_HOME"), ({"HF_HUB_CACHE": "elsewhere"}, "HF_HUB_CACHE")])
def test_a_full_disk_of_the_hub_is_told_with_the_variable_that_moves_it(tmp_path, monkeypatch, also, said):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    for name, value in also.items():
        monkeypatch.setenv(name, value)
    assert f"set the environment variable {said} to a folder" in str(
        disk.disk_full("it", tmp_path / "hub" / "blob")
    )


def test_a_forbidden_path_is_explained(tmp_path):
    def bump(partial: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(partial / "weights.bin"))

    with pytest.raises(CourseError, match=r"Not allowed to use .*weights.bin \(Permission denied\)"):
        cache.publish_once(tmp_path / "made", bump, what="a test")


def test_too_little_space_is_refused_before_starting(tmp_path):
    disk.require_free(tmp_path / "not" / "yet", 1, what="A crumb")
    with pytest.raises(CourseError, match=r"The whale needs 1,000,000,000,000 MB in .*Free some space"):
        disk.require_free(tmp_path / "not" / "yet", 10**18, what="The whale")


# --- one file


@pytest.mark.parametrize(("data", "found"), [("é\r\n", "é\r\n".encode()), (b"\x00\xff", b"\x00\xff")])
def test_a_file_is_written_as_given(tmp_path, data, found):
    (tmp_path / "file").write_text("old")
    disk.write_atomically(tmp_path / "file", data)
    assert (tmp_path / "file").read_bytes() == found
    assert not scratch_left_in(tmp_path)


def test_a_write_that_fails_keeps_the_old_file(tmp_path, monkeypatch):
    def run_out(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "file").write_text("old")
    monkeypatch.setattr(os, "fsync", run_out)
    with pytest.raises(CourseError, match="disk is full: the file file"):
        disk.write_atomically(tmp_path / "file", "new")
    assert (tmp_path / "file").read_text() == "old"
    assert not scratch_left_in(tmp_path)


# --- other processes

SLOW_WORK = """
import logging, sys, time
from pathlib import Path
from w2s_course import cache, disk

logging.basicConfig(level=logging.INFO)
shared = Path(sys.argv[1])

def fill(partial):
    with (shared / "done").open("a") as log:
        log.write("once\\n")
    (partial / "half").write_text("half")
    (shared / "started").touch()
    while not (shared / "go").exists():
        time.sleep(0.01)
    (partial / "result").write_text("whole")

folder = cache.publish_once(shared / "made", fill, what="slow work")
print((folder / "result").read_text())
"""


def test_two_processes_at_once_do_the_work_once(tmp_path, start):
    first = start("first", SLOW_WORK, tmp_path)
    wait_for((tmp_path / "started").exists)
    second = start("second", SLOW_WORK, tmp_path)
    waiting = f"slow work: another process is making it; waiting for it to finish ({tmp_path / 'made'})"
    wait_for(lambda: waiting in (tmp_path / "second.err").read_text())
    (tmp_path / "go").touch()
    assert [first.wait(60), second.wait(60)] == [0, 0]
    assert (tmp_path / "first.out").read_text() == (tmp_path / "second.out").read_text() == "whole\n"
    assert (tmp_path / "done").read_text() == "once\n"
    assert (tmp_path / "second.err").read_text().count("waiting") == 1


def test_work_that_is_killed_leaves_nothing_and_frees_the_lock(tmp_path, start):
    process = start("killed", SLOW_WORK, tmp_path)
    wait_for((tmp_path / "started").exists)
    process.kill()
    assert process.wait(60) != 0
    assert scratch_left_in(tmp_path)  # the half-made folder, under a name that nobody reads
    assert not (tmp_path / "made").exists()
    assert cache.damage(cache.publish_once(tmp_path / "made", fill, what="a test")) is None
    assert not scratch_left_in(tmp_path)


def test_what_dead_processes_left_is_swept_and_what_is_in_use_is_not(tmp_path):
    dead, living = tmp_path / ".other.1.partial", tmp_path / ".busy.2.partial"
    dead.mkdir()
    living.mkdir()
    with FileLock(tmp_path / ".busy.lock"):
        cache.publish_once(tmp_path / "made", fill, what="a test")
    assert not dead.exists()
    assert living.exists()


KILLED_EVERYWHERE = """
import logging, os, shutil, signal, sys
from pathlib import Path
from w2s_course import cache, disk

logging.disable()
os.fsync = lambda descriptor: None  # guards against power cuts, not against kills, and costs most of the time
shared, damaged = Path(sys.argv[1]), sys.argv[2] == "damaged"
folder, file = shared / "made", shared / "file"

def fill(partial):
    (partial / "a").write_text("whole")
    (partial / "deep").mkdir()
    (partial / "deep" / "b").write_text("whole")

def work():
    cache.publish_once(folder, fill, what="a test")
    disk.write_atomically(file, "new")

def kill_at(step):
    # A child that dies when it comes to its step-th different line of the two modules and fill, if it has so
    # many.
    child = os.fork()
    if child == 0:
        lines = set()
        def tracer(frame, event, argument):
            ours = frame.f_code.co_filename in (cache.__file__, disk.__file__)
            if not ours and frame.f_code is not fill.__code__:
                return None
            if event == "line":
                lines.add((frame.f_code, frame.f_lineno))
                if len(lines) == step:
                    os.kill(os.getpid(), signal.SIGKILL)
            return tracer
        sys.settrace(tracer)
        work()
        os._exit(0)
    return os.waitpid(child, 0)[1] != 0

step = 0
cache.publish_once(folder, fill, what="a test")
while True:
    step += 1
    file.write_text("old")
    if damaged:
        (folder / "deep" / "b").write_text("torn!")
    else:
        shutil.rmtree(folder)
    killed = kill_at(step)
    problem = cache.damage(folder)
    if folder.exists() and problem is not None:
        assert damaged and problem.startswith("deep/b has changed"), (step, problem)
    assert file.read_text() in ("old", "new"), step
    if not killed:
        break
    cache.publish_once(folder, fill, what="a test")
    assert cache.damage(folder) is None, step
    if list(shared.glob(".*.partial")):  # killed after the renames, before the damaged folder was removed
        cache.publish_once(shared / f"work after {step}", fill, what="a test")
    assert not list(shared.glob(".*.partial")), step
print(step)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process at every line")
@pytest.mark.parametrize("before", ["fresh", "damaged"])
def test_a_process_killed_at_any_line_leaves_nothing_that_looks_complete(tmp_path, start, before):
    (tmp_path / "shared").mkdir()
    process = start("driver", KILLED_EVERYWHERE, tmp_path / "shared", before)
    assert process.wait(300) == 0, (tmp_path / "driver.err").read_text()
    assert int((tmp_path / "driver.out").read_text()) > 80  # lines at which it was killed


def test_a_file_of_a_verified_folder_is_not_read_again_for_its_hash(tmp_path, monkeypatch):
    folder = cache.publish_once(tmp_path / "model", fill, what="the model")
    hashed = cache.file_sha256(folder / "weights.bin")
    cache.publish_once(folder, must_not_run, what="the model")  # verified now
    monkeypatch.setattr(cache, "file_sha256", lambda path: pytest.fail(f"{path} was read"))
    assert cache.known_sha256(folder / "weights.bin") == hashed


def test_a_file_that_changed_after_it_was_verified_is_read_again_for_its_hash(tmp_path):
    folder = cache.publish_once(tmp_path / "model", fill, what="the model")
    cache.publish_once(folder, must_not_run, what="the model")
    recorded = cache.known_sha256(folder / "weights.bin")
    (folder / "weights.bin").write_bytes(bytes(256))
    assert cache.known_sha256(folder / "weights.bin") == cache.file_sha256(folder / "weights.bin") != recorded
    (tmp_path / "alone").write_text("not of a published folder")
    assert cache.known_sha256(tmp_path / "alone") == cache.file_sha256(tmp_path / "alone")
