"""Claims about the command line: what it prints, its exit status, and what it refuses."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from w2s_course import cli
from w2s_course.config import PRESETS
from w2s_course.recorded import recorded_runs


def call(monkeypatch, capsys, *arguments: str) -> tuple[int, str, str]:
    """Status, stdout and stderr of `w2s` with these arguments, in a wide terminal."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(sys, "argv", ["w2s", *arguments])
    monkeypatch.setattr(cli, "console", cli.Console(width=200))
    monkeypatch.setattr(cli, "errors", cli.Console(stderr=True, width=200))
    with pytest.raises(SystemExit) as exit_:
        cli.main()
    out, err = capsys.readouterr()
    return exit_.value.code, out, err


COMMANDS = sorted(
    name for name, each in get_command(cli.app).commands.items() if not hasattr(each, "commands")
)


def test_the_commands_are_known():
    assert {"run", "report", "costs", "sweep", "evidence", "real-code"} <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command, monkeypatch, capsys):
    status, out, _ = call(monkeypatch, capsys, command, "--help")
    assert status == 0
    assert f"w2s {command}" in out
    assert "Example" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "--preset", "cpuu"], "Unknown preset 'cpuu'. Did you mean 'cpu'?"),
        (["run", "--strong", "gpt22"], "Unknown model 'gpt22'. Did you mean 'gpt2'?"),
        (["run", "--preset", "smoke", "--pool", "-3"], "size of 'pool' is -3; it must be at least 1"),
        (["run", "--seed", "-1"], "The seed is -1"),
        (["run", "--seed", "99999999999999999999"], "it must be 0 or more, and at most 2,147,483,647"),
        (["real-code", "--seed", "99999999999999999999"], "it must be 0 or more, and at most 2,147,483,647"),
        (["run", "--strong", "."], "holds no model that can be loaded: it has no config.json"),
        (["run", "--seed", "2", "--seed", "1", "--seed", "2"], "Seed 2 is asked for more than once"),
        (["run", "--pool", "900000"], "the grammar fills at most"),
        (["lab", "no.ipynb"], "There is no notebook no.ipynb here"),
        (["run", "--presett", "cpu"], "No such option"),
        (["report", "nowhere"], "There is no nowhere. Give the folder of a finished run"),
        (["costs", "nowhere"], "There is no nowhere. Give the folder of a finished run"),
        (["costs", "--assumptions", "no.toml"], "no.toml cannot be read (No such file or directory)"),
        (["sweep", "quick", "--keep", "no.json"], "There is no table at no.json. Name the file that a sweep"),
        (["rnu"], "No such command"),
    ],
)
def test_wrong_use_has_status_2_and_says_what_to_do(arguments, said, monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    status, _, err = call(monkeypatch, capsys, *arguments)
    assert status == 2
    assert said in err
    assert "Traceback" not in err


def test_a_page_without_blocks_is_refused_and_nothing_written_beside_it(monkeypatch, capsys, tmp_path):
    (tmp_path / "page.md").write_text("# Mine")
    monkeypatch.chdir(tmp_path)
    for page, said in (
        ("page.md", "page.md has no block to fill in"),
        ("none.md", "There is no page none.md"),
    ):
        status, _, err = call(monkeypatch, capsys, "evidence", page)
        assert (status, said in err) == (2, True), err
    assert [path.name for path in tmp_path.iterdir()] == ["page.md"]


def test_the_help_of_the_export_names_every_format():
    """It cannot be made of the table: the command would import it at every start."""
    from w2s_course.grading.export import FORMATS

    export = get_command(cli.app).commands["grade"].commands["export"]
    (form,) = (option for option in export.params if "--format" in option.opts)
    assert form.help == f"{', '.join(list(FORMATS)[:-1])} or {list(FORMATS)[-1]}."


def test_a_run_that_fails_has_status_1_and_no_traceback(monkeypatch, capsys, tmp_path):
    (tmp_path / "file").write_text("")
    status, _, err = call(
        monkeypatch, capsys, "run", "--preset", "smoke", "--out", str(tmp_path / "file" / "x")
    )
    assert status == 1
    assert "Cannot write into" in err
    assert "Traceback" not in err


def test_an_interrupted_run_says_that_nothing_is_lost(monkeypatch, capsys):
    import w2s_course.run

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(w2s_course.run, "run", interrupted)
    status, _, err = call(monkeypatch, capsys, "run", "--preset", "smoke")
    assert status == 1
    assert "What is finished is kept" in err


def test_run_passes_on_what_was_asked_and_prints_the_six_arms(monkeypatch, capsys, sample_results, tmp_path):
    import w2s_course.run

    asked = []
    monkeypatch.setattr(w2s_course.run, "run", lambda c, out, jobs: asked.append((c, out)) or sample_results)
    arguments = [
        "--pool",
        "40",
        "--seed",
        "3",
        "--precision",
        "float32",
        "--with-view",
        "--out",
        str(tmp_path),
    ]
    status, out, _ = call(monkeypatch, capsys, "run", "--preset", "smoke", *arguments)
    assert status == 0
    ((config, folder),) = asked
    assert (config.sizes.pool, config.seed, config.precision, config.with_view) == (40, 3, "float32", True)
    assert config.sizes.gold == PRESETS["smoke"].config.sizes.gold
    assert folder == tmp_path
    assert out.count("%") > 12
    status, out, _ = call(monkeypatch, capsys, "run", "--preset", "smoke", "--json")
    assert json.loads(out) == sample_results


def test_several_seeds_have_a_folder_each_and_a_summary(monkeypatch, capsys, tmp_path):
    import w2s_course.run

    asked = []

    def recorded(config, out, jobs):
        asked.append(out)
        return recorded_runs("cpu")[config.seed]

    monkeypatch.setattr(w2s_course.run, "run", recorded)
    arguments = ["run", "--seed", "0", "--seed", "1", "--out", str(tmp_path)]
    status, out, _ = call(monkeypatch, capsys, *arguments)
    assert status == 0
    assert asked == [tmp_path / "seed0", tmp_path / "seed1"]
    assert out.count("fully right on the test set") == 2
    assert "Mean over 2 seeds" in out
    _, out, _ = call(monkeypatch, capsys, *arguments, "--json")
    assert [results["config"]["seed"] for results in json.loads(out)] == [0, 1]


def test_report_refuses_results_of_another_schema(monkeypatch, capsys, sample_results, tmp_path):
    (tmp_path / "results.json").write_text(json.dumps({**sample_results, "schema_version": 99}))
    status, _, err = call(monkeypatch, capsys, "report", str(tmp_path))
    assert status == 1
    assert "schema version 99" in err


def test_report_writes_the_page_again(monkeypatch, capsys, sample_results, tmp_path):
    (tmp_path / "results.json").write_text(json.dumps(sample_results))
    status, _, err = call(monkeypatch, capsys, "report", str(tmp_path))
    assert (status, err) == (0, "")
    assert (tmp_path / "report.html").is_file()


def test_a_report_is_written_also_where_nobody_reads_its_table(monkeypatch, sample_results, tmp_path):
    def closed(results):
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    (tmp_path / "results.json").write_text(json.dumps(sample_results))
    monkeypatch.setattr(cli, "_print_results", closed)
    monkeypatch.setattr(sys, "argv", ["w2s", "report", str(tmp_path)])
    with pytest.raises(SystemExit):
        cli.main()
    assert (tmp_path / "report.html").is_file()


def test_the_table_is_shown_also_where_no_report_can_be_written(
    monkeypatch, capsys, sample_results, tmp_path
):
    (tmp_path / "results.json").write_text(json.dumps(sample_results))
    (tmp_path / "figures").write_text("in the way")
    status, out, err = call(monkeypatch, capsys, "report", str(tmp_path))
    assert (status, "figures" in err, "weak teacher" in out) == (1, True, True)


@pytest.mark.parametrize("command", ["report", "costs"])
def test_brackets_in_a_name_are_shown_as_they_are(command, monkeypatch, capsys, sample_results, tmp_path):
    folder = tmp_path / "odd[" / "x]"
    folder.mkdir(parents=True)
    sample_results["config"]["preset"] = "odd[/x]"
    (folder / "results.json").write_text(json.dumps(sample_results))
    monkeypatch.chdir(tmp_path)
    status, out, err = call(monkeypatch, capsys, command, "odd[/x]")
    assert (status, err) == (0, "")
    assert "odd[/x]" in out


def test_output_that_finds_no_room_is_told_without_a_traceback(monkeypatch, capsys):
    def full():
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("w2s_course.doctor.examine", full)
    status, _, err = call(monkeypatch, capsys, "doctor")
    assert (status, "The disk is full" in err) == (1, True)


def test_doctor_names_each_problem_and_what_to_do(monkeypatch, capsys):
    from w2s_course import doctor

    bad = doctor.Finding("thing", False, "broken in odd[/x]", "Mend it.")
    monkeypatch.setattr(doctor, "CHECKS", (lambda: bad,))
    status, out, _ = call(monkeypatch, capsys, "doctor")
    assert status == 1
    assert "Mend it." in out
    assert "odd[/x]" in out


def python(code: str) -> str:
    """What a fresh Python prints for `code`."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=dict(os.environ), check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_the_package_and_its_command_loads_no_library_that_is_heavy():
    heavy = {"torch", "transformers", "datasets", "peft", "pandas", "matplotlib", "numpy"}
    code = "import sys, w2s_course, w2s_course.cli; print(' '.join(sys.modules))"
    assert not heavy & set(python(code).split())


def test_no_module_asks_for_cuda_when_it_is_imported():
    code = """
import importlib, pkgutil, torch
def refuse(*_): raise AssertionError("CUDA was queried at import")
torch.cuda.is_available = torch.cuda._lazy_init = torch.cuda.device_count = refuse
import w2s_course
for module in pkgutil.walk_packages(w2s_course.__path__, "w2s_course."):
    importlib.import_module(module.name)
print("fine")
"""
    assert python(code) == "fine"


def test_lab_opens_the_first_notebook_with_this_python():
    from w2s_course.lab import lab_command

    notebook = Path(__file__).resolve().parents[1] / "notebooks" / "00_start_here.ipynb"
    command = lab_command(notebook, browser=False)
    assert command[0] == sys.executable
    assert "--no-browser" in command


def test_lab_opens_the_notebook_and_shows_the_exercises_beside_the_lessons(monkeypatch, tmp_path):
    from w2s_course.lab import lab_command

    notebook = tmp_path / "the course" / "notebooks" / "00_start_here.ipynb"
    notebook.parent.mkdir(parents=True)
    notebook.write_text("{}")
    root = tmp_path.resolve() / "the course"
    monkeypatch.chdir(root)
    command = lab_command(Path("notebooks/00_start_here.ipynb"))
    assert f"--ServerApp.root_dir={root}" in command
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in command
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert f"--ServerApp.root_dir={root / 'notebooks'}" in lab_command(notebook)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there is no root on Windows")
def test_lab_starts_for_root_too_as_in_a_container(monkeypatch):
    from w2s_course.lab import lab_command

    notebook = Path(__file__).resolve().parents[1] / "notebooks" / "00_start_here.ipynb"
    for user, allowed in ((0, True), (1000, False)):
        monkeypatch.setattr(os, "geteuid", lambda user=user: user)
        assert ("--allow-root" in lab_command(notebook)) is allowed
