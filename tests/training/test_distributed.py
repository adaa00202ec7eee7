"""Claims about one training over several processes: it is the training of one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from w2s_course.sweep.grid import read_grid
from w2s_course.trials.distributed import train

GRID = """
[[trials]]
labels = "gold"
preset = "smoke"
gold = 24
pool = 24
val = 4
test = 10
shots = 2
strong_model = "{strong}"
weak_epochs = 1
weak = {{ width = 16, layers = 1, heads = 2, vocabulary = 300, context = 256 }}
strong_recipe = {{ learning_rate = 1e-2, batch_size = 5 }}
"""
# Port 0: two tests at once must not meet.
OPTIONS = (
    "--num_machines 1 --mixed_precision no --dynamo_backend no --main_process_port 0 --multi_gpu".split()
)


def launch(processes: int, grid: Path, out: Path) -> None:
    command = [sys.executable, "-m", "accelerate.commands.launch", *OPTIONS]
    command += ["--num_processes", str(processes), "-m", "w2s_course.trials.distributed"]
    done = subprocess.run(
        [*command, str(grid), "--out", str(out)],
        capture_output=True,
        text=True,
        env=dict(os.environ),
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def alone():
    """What accelerate keeps of a process is forgotten afterwards."""
    from accelerate.state import AcceleratorState

    yield
    AcceleratorState._reset_state(reset_partial_state=True)


def test_two_processes_give_the_result_of_one_within_tolerance(tiny_strong, tmp_path, monkeypatch, alone):
    from safetensors.torch import load_file

    monkeypatch.setenv("W2S_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("ACCELERATE_USE_CPU", "true")
    grid = tmp_path / "grid.toml"
    grid.write_text(GRID.format(strong=tiny_strong))
    train(read_grid(grid).trials[0], tmp_path / "1")
    launch(2, grid, tmp_path / "2")
    reports = [json.loads((tmp_path / n / "training.json").read_text()) for n in "12"]
    assert [report["processes"] for report in reports] == [1, 2]
    one, two = (report["losses"] for report in reports)
    assert len(one) == len(two) == 5
    assert one == pytest.approx(two, abs=1e-4)
    adapters, others = (load_file(tmp_path / n / "adapters.safetensors") for n in "12")
    learned = [name for name in adapters if "lora_B" in name and adapters[name].abs().max() > 1e-3]
    assert learned, "B starts at zero: without learning equal results would mean nothing"
    for name, values in adapters.items():
        assert (values - others[name]).abs().max() < 1e-3 * max(1, values.abs().max()), name
