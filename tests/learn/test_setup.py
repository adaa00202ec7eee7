"""Claims about the first cell: what it installs and leaves alone, what it says, and what a lesson gives."""

from __future__ import annotations

import importlib.metadata
import platform
import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from w2s_course.errors import CourseError
from w2s_course.experiment import STAGES
from w2s_course.learn import install
from w2s_course.learn.friendly import Friendly
from w2s_course.learn.lesson import Lesson, compute, steps_to
from w2s_course.learn.plain_errors import friendly_errors
from w2s_course.repository import ADDRESS, install_requirement

setup = import_module("w2s_course.learn.setup")  # the name in `learn` is the function


def distribution(folder: Path, name: str, version: str, requires: tuple[str, ...] = ()) -> None:
    """A package that is installed as far as its metadata say."""
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {text}" for text in requires]
    (info / "METADATA").write_text("\n".join(lines) + "\n")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which packages can be pretended to be installed."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder


class FakePip:
    """Keeps what it was asked to do, and the constraints that it was given."""

    def __init__(self) -> None:
        self.arguments: list[str] = []
        self.constraints = ""

    def __call__(self, arguments) -> None:
        self.arguments = list(arguments)
        self.constraints = Path(self.arguments[self.arguments.index("--constraint") + 1]).read_text()


# --- what is installed ------------------------------------------------------------------------------------


def test_nothing_is_installed_where_nothing_is_missing():
    pip = FakePip()
    assert install.install_missing(pip=pip) == []
    assert pip.arguments == []


def test_only_what_is_missing_is_installed_and_extras_are_left_out(site):
    distribution(site, "present", "1.5")
    distribution(
        site,
        "a-course",
        "1.0",
        ("present>=1", "absent-thing[fast]>=2,<3", 'server>=1; extra == "lab"', 'x; python_version < "3"'),
    )
    pip = FakePip()
    assert install.install_missing("a-course", pip) == ["absent-thing[fast]<3,>=2"]
    assert pip.arguments[0] == "install"
    assert pip.arguments[-1] == "absent-thing[fast]<3,>=2"


def test_everything_installed_is_held_at_its_version(site):
    distribution(site, "a-course", "1.0", ("absent-thing",))
    pip = FakePip()
    install.install_missing("a-course", pip)
    held = pip.constraints.splitlines()
    for name in ("torch", "numpy", "transformers", "ipywidgets"):
        assert f"{name}=={importlib.metadata.version(name)}" in held
    assert not any(line.startswith("absent-thing") for line in held)


def test_a_version_that_pip_cannot_read_is_no_constraint(site):
    distribution(site, "odd-thing", "2024-spring")
    assert not any(line.startswith("odd-thing") for line in install.constraints([]))


def test_a_package_that_is_too_old_and_not_loaded_may_be_replaced(site):
    distribution(site, "old-thing", "1.0")
    distribution(site, "a-course", "1.0", ("old-thing>=2",))
    pip = FakePip()
    assert install.install_missing("a-course", pip) == ["old-thing>=2"]
    assert "old-thing==" not in pip.constraints


@pytest.mark.parametrize("name", ["torch", "numpy", "transformers", "matplotlib"])
def test_what_is_loaded_or_central_is_never_replaced(site, name):
    import matplotlib as loaded

    assert loaded
    distribution(site, "a-course", "1.0", (f"{name}>=99",))
    pip = FakePip()
    with pytest.raises(CourseError, match=rf"needs {name}>=99, and \S+ is here\. Replacing it would break"):
        install.install_missing("a-course", pip)
    assert pip.arguments == []


def test_a_pre_release_that_is_installed_counts(site):
    distribution(site, "early-thing", "2.0rc1")
    distribution(site, "a-course", "1.0", ("early-thing>=1",))
    assert install.unmet("a-course") == []


def test_a_course_without_metadata_says_how_to_install_it():
    with pytest.raises(CourseError, match=r"not-there can be imported but is not installed.*make setup"):
        install.declared("not-there")


def test_pip_s_own_error_is_passed_on(monkeypatch):
    def failing(command, **_):
        assert command[:3] == [sys.executable, "-m", "pip"]
        said = "WARNING: slow\nERROR: No matching distribution found for x\nnotice: a new pip"
        return subprocess.CompletedProcess(command, 1, stdout="", stderr=said)

    monkeypatch.setattr(subprocess, "run", failing)
    with pytest.raises(CourseError, match="last word: ERROR: No matching distribution found for x"):
        install.run_pip(["install", "x"])


def test_requirements_keep_their_extras_and_ranges():
    assert install._extras(Requirement("a[c,b]>1")) == "[b,c]"


# --- the cell ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", range(5))
def test_the_set_up_cell_is_short_and_installs_the_course_from_its_release_alone(unit):
    cell = setup.setup_cell(unit)
    assert len(cell.splitlines()) <= 12
    assert max(map(len, cell.splitlines())) <= 110
    assert install_requirement() in cell
    assert '"--no-deps"' in cell
    assert cell.endswith(f"lesson = setup(unit={unit})")
    compile(cell, "cell", "exec")


def test_the_set_up_cell_installs_nothing_where_the_course_is_there(monkeypatch):
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: pytest.fail("something was installed"))
    monkeypatch.setattr(setup, "setup", lambda unit: f"lesson {unit}")
    names: dict = {}
    exec(setup.setup_cell(3), names)
    assert names["lesson"] == "lesson 3"


def test_the_set_up_can_be_imported_before_any_requirement_is_installed():
    # -S: no site-packages at all; then only what every kernel brings is let in.
    code = (
        "import sys, importlib.abc\n"
        "allowed = {'w2s_course', 'packaging'} | set(sys.stdlib_module_names)\n"
        "class Refuse(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] not in allowed: raise ImportError('not installed yet: ' + name)\n"
        "sys.meta_path.insert(0, Refuse())\n"
        "from w2s_course.learn.setup import setup, setup_cell\n"
        "from w2s_course.learn.install import unmet\n"
        "print(len(setup_cell(1)), callable(unmet))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("True\n")


# --- what it says -----------------------------------------------------------------------------------------


@pytest.fixture
def smoke(lesson, monkeypatch) -> Lesson:
    """The set-up without installing or fetching, with the tiny configuration in place of the preset's."""
    monkeypatch.setenv("W2S_PRESET", "smoke")
    monkeypatch.setattr(setup, "_fetch_models", lambda config: None)
    monkeypatch.setattr(setup, "_config", lambda: replace(lesson.config, preset="smoke"))
    return lesson


def test_it_prints_versions_device_preset_waits_and_where_progress_is_kept(smoke, capsys):
    made = setup.setup(3)
    said = capsys.readouterr().out
    assert made == Lesson(3, replace(smoke.config, preset="smoke"))
    assert said.startswith(f"Python {platform.python_version()} on ")
    for library in ("w2s-course", "torch", "transformers", "ipywidgets"):
        assert f"{library} {importlib.metadata.version(library)}" in said
    assert "Device: processor" in said
    assert "unit 3, preset smoke, seed 0" in said
    assert "Waits in this unit: " in said
    assert "Progress: not kept" in said
    assert "These numbers mean nothing" in said
    assert len(said.splitlines()) <= 6


def test_the_place_of_the_progress_file_is_told_without_the_folders_above(smoke, desk, capsys):
    setup.setup(1)
    said = capsys.readouterr().out
    assert "Progress: kept in w2s_progress.json, in this notebook's folder." in said
    assert str(desk.parent) not in said


def test_colab_is_noticed_and_told_how_answers_and_progress_outlive_the_session(
    smoke, desk, capsys, monkeypatch
):
    setup.setup(1)
    assert "Colab" not in capsys.readouterr().out
    monkeypatch.setitem(sys.modules, "google.colab", object())
    setup.setup(1)
    said = " ".join(capsys.readouterr().out.split())
    assert " on Colab " in said
    for part in ("kept in w2s_progress.json", "Colab forgets", "Save a copy in Drive", "download", "upload"):
        assert part in said
    assert said.count(ADDRESS) == 1


def test_waits_are_named_by_stage_and_gone_once_the_stages_are_cached(lesson):
    before = setup.waits(replace(lesson, config=replace(lesson.config, seed=7)))
    assert "weak (about" in before
    assert "weak to strong (about" in before
    lesson.stage("weak_to_strong")
    after = setup.waits(lesson)
    assert after.startswith("Waits in this unit: seconds, all is cached")
    assert setup.waits(replace(lesson, unit=1)) == "Waits in this unit: a minute at most."


def test_the_preset_is_cpu_unless_the_environment_says_another(monkeypatch):
    monkeypatch.delenv("W2S_PRESET", raising=False)
    assert (setup._config().preset, setup._config().seed) == ("cpu", 0)
    monkeypatch.setenv("W2S_PRESET", "smoke")
    assert setup._config().preset == "smoke"


def test_a_preset_that_does_not_exist_is_one_friendly_line(monkeypatch):
    monkeypatch.setenv("W2S_PRESET", "smok")
    with pytest.raises(Friendly, match=r"Unknown preset 'smok'. Did you mean 'smoke'"):
        setup.setup(1)


def test_a_unit_that_does_not_exist_is_one_friendly_line():
    with pytest.raises(Friendly, match="Unknown unit '99'"):
        setup.setup(99)


def test_missing_requirements_are_announced_and_installed_first(smoke, capsys, monkeypatch):
    order = []
    monkeypatch.setattr(setup, "unmet", lambda: [Requirement("gguf>=0.17")])
    monkeypatch.setattr(setup, "install_missing", lambda: order.append("installed"))
    monkeypatch.setattr(setup, "_fetch_models", lambda config: order.append("fetched"))
    setup.setup(1)
    assert order == ["installed", "fetched"]
    assert capsys.readouterr().out.startswith("Installing gguf; ")


def test_models_that_are_missing_are_fetched_and_folders_are_not(lesson, monkeypatch, capsys):
    from w2s_course.models import weights

    fetched = []
    monkeypatch.setattr(weights, "is_present", lambda name: False)
    monkeypatch.setattr(weights, "fetch", fetched.append)
    setup._fetch_models(lesson.config)
    assert fetched == []
    setup._fetch_models(replace(lesson.config, strong_model="smollm2-135m"))
    assert fetched == ["smollm2-135m"]
    assert "Fetching the model smollm2-135m, once (542 MB in the cache" in capsys.readouterr().out


# --- the lesson -------------------------------------------------------------------------------------------


def test_a_stage_brings_what_it_needs_and_says_so_once(lesson, capsys):
    other = replace(lesson, config=replace(lesson.config, seed=3))
    folder = other.stage("labels")
    said = capsys.readouterr().out
    assert folder.name.startswith("labels-")
    assert said.count("Now: weak (about ") == 1
    assert "labels (about " in said
    assert other.stage("labels") == folder
    assert "Now:" not in capsys.readouterr().out


def test_the_folder_that_is_foretold_is_the_one_that_is_filled(lesson):
    foretold = {step.stage.name: step.folder for step in steps_to(lesson.config, ["weak_to_strong"])}
    assert foretold == compute(lesson.config, ["weak_to_strong"])
    assert list(foretold) == ["weak", "labels", "lower_layers", "weak_to_strong"]


def test_an_unknown_stage_is_one_friendly_line(lesson):
    with pytest.raises(Friendly, match=r"Unknown stage 'celing'. Did you mean 'ceiling'"):
        lesson.stage("celing")


def test_the_units_name_stages_that_exist():
    known = {stage.name for stage in STAGES}
    assert all(set(setup.stages_of(unit)) <= known for unit in range(5))


def test_results_are_those_of_the_whole_run(lesson, capsys, monkeypatch):
    # In this process: what becomes of several is tested with runs (tests/test_experiment.py).
    monkeypatch.setattr("w2s_course.learn.lesson.jobs_here", lambda: 1)
    results = lesson.results()
    assert "Now: " in capsys.readouterr().out
    assert results["config"] == lesson.config.as_dict() | {"weak": results["config"]["weak"]}
    assert set(results["arms"]) >= {"weak", "weak_to_strong", "ceiling"}
    assert Path("runs/tiny-seed0/report.html").is_file()


def test_splits_are_those_of_the_run(lesson):
    assert {name: len(rows) for name, rows in lesson.splits.items()} == {
        "test": 10,
        "val": 4,
        "gold": 12,
        "pool": 16,
    }


def test_recorded_runs_are_there_whatever_the_preset(lesson):
    assert lesson.recorded()["config"]["seed"] == 0
    assert lesson.recorded(2)["config"]["seed"] == 2
    assert [run["config"]["seed"] for run in lesson.recorded_all()] == [0, 1, 2, 3, 4]
    with pytest.raises(Friendly, match=r"no recorded run with seed 9. Recorded seeds: 0, 1, 2, 3, 4"):
        lesson.recorded(9)


def test_an_interruption_is_one_friendly_line():
    with pytest.raises(Friendly, match=r"Stopped. What is finished is kept"), friendly_errors():
        raise KeyboardInterrupt


def test_a_bug_keeps_its_traceback():
    with pytest.raises(ZeroDivisionError), friendly_errors():
        _ = 1 / 0
