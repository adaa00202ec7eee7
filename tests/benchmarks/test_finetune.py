"""Claims about the comparison: whose turn it is, what the target is, what is kept, and what is said."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys

import pytest

from benchmarks import finetune, trainers
from benchmarks.compare import FULL, footnotes, summary, table
from benchmarks.finetune import Bench, planned
from benchmarks.record import Kept
from benchmarks.task import Task
from w2s_course.errors import CourseError, UsageError

WAYS = ["trainer_peft", "sft_trainer", "reference_2023", "ours"]
FINAL = {"trainer_peft": 0.5, "reference_2023": 0.2, "ours": 0.8}
SECONDS = {"trainer_peft": 100.0, "reference_2023": 40.0, "ours": 20.0, "sft_trainer": 1.0}


def measured(way: str, task: Task, losses=(2.0, 1.5, 1.0)):
    """A row as a process would hand it back: accuracy grows evenly, a little less with each seed's number."""
    passes = range(1, task.passes + 1)
    limited = way == "sft_trainer" and task.sft_steps
    final = FINAL.get(way, 0.5) - 0.1 * task.seed
    curve = [(p * task.examples, p * SECONDS[way], min(1.0, p * final)) for p in passes]
    return {
        "curve": [] if limited else curve,
        "losses": list(losses),
        "seconds_per_example": {"sft_trainer": 0.5, "reference_2023": 5.0}.get(way),
        "peak_bytes": 2**31,
        "peak_bytes_of_curve": 2**30,
        "flops": 1e12,
        "matmul_rate": 1e11,
        "precision": "float32",
        "threads": 2,
    }


@pytest.fixture
def asked(monkeypatch):
    """What was given to processes, none of which is started: (way, seed, passes, target, sft_steps)."""
    calls = []

    def instead(way, task):
        calls.append((way, task.seed, task.passes, task.target, task.sft_steps))
        return json.loads(json.dumps(measured(way, task)))

    monkeypatch.setattr(finetune, "in_own_process", instead)
    return calls


def bench(kept=None, seeds=(0, 1), ways=WAYS, passes=1, **task):
    return Bench(list(ways), list(seeds), Task(0, examples=100, **task), passes, Kept(kept))


def test_ways_take_turns_over_seeds(asked):
    bench().run()
    assert [(way, seed) for way, seed, *_ in asked] == [(way, seed) for seed in (0, 1) for way in WAYS]


def test_the_target_is_what_all_seeds_of_the_trainer_reach_in_a_pass(asked):
    one = bench()
    assert one.run() == pytest.approx(0.4)
    assert one.summaries(0.4)["trainer_peft"]["seconds_to_target"]["reached"] == "2 of 2"


def test_a_single_pass_is_kept_whatever_its_target(asked, tmp_path):
    bench(tmp_path / "part.jsonl").run()
    done = len(asked)
    assert bench(tmp_path / "part.jsonl", target=0.3).run() == 0.3
    assert len(asked) == done


def test_only_those_below_the_target_make_further_passes(asked):
    one = bench(passes=3)
    target = one.run()
    again = [(way, seed, passes) for way, seed, passes, goal, _ in asked if goal == pytest.approx(target)]
    assert again == [
        ("reference_2023", 0, 3),
        ("reference_2023", 1, 3),
    ]
    assert one.summaries(target)["ours"]["seconds_to_target"]["reached"] == "2 of 2"


def test_a_given_target_is_known_from_the_beginning(asked):
    assert bench(passes=2, target=0.3).run() == 0.3
    limited = [call for call in asked if call[0] == "sft_trainer"]
    assert {call[2:4] for call in asked if call not in limited} == {(2, 0.3)}
    assert {call[2:] for call in limited} == {(1, None, 8)}
    assert len(asked) == 8


def test_trl_s_accuracies_are_the_trainer_s_in_its_own_seconds(asked):
    one = bench()
    found = one.summaries(one.run())
    assert one.borrowed
    assert found["sft_trainer"]["accuracy"] == found["trainer_peft"]["accuracy"]
    assert found["sft_trainer"]["examples_per_second"]["value"] == pytest.approx(2)


def test_trl_runs_in_full_where_its_losses_are_others(asked, monkeypatch):
    def instead(way, task):
        asked.append((way, task.sft_steps))
        other = way == "sft_trainer"
        row = {**measured(way, task, (2.0, 1.9, 1.8) if other else (2.0, 1.5, 1.0))}
        return {**row, "seconds_per_example": None} if not task.sft_steps else row

    monkeypatch.setattr(finetune, "in_own_process", instead)
    one = bench(seeds=[0])
    one.run()
    assert [call for call in asked if call[0] == "sft_trainer"] == [("sft_trainer", 8), ("sft_trainer", 0)]
    assert not one.borrowed


def test_no_target_comes_of_a_trainer_that_learned_nothing(asked, monkeypatch):
    monkeypatch.setitem(FINAL, "trainer_peft", 0.0)
    with pytest.raises(CourseError, match="no target to reach: give more --examples, or a --target"):
        bench(seeds=[0]).run()


def test_an_interrupted_run_goes_on_where_it_was(asked, tmp_path, monkeypatch):
    path = tmp_path / "kept.jsonl"
    whole = bench(path).run()
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:3]) + lines[3][:20])  # cut off while the fourth was written
    asked.clear()
    assert bench(path).run() == whole
    assert [(way, seed) for way, seed, *_ in asked] == [("ours", 0), *((way, 1) for way in WAYS)]
    assert path.read_text() == "".join(lines)


def test_what_was_kept_of_other_settings_is_not_used(asked, tmp_path):
    bench(tmp_path / "kept.jsonl").run()
    asked.clear()
    bench(tmp_path / "kept.jsonl", held_out=50).run()
    assert len(asked) == 8


def test_the_reference_is_told_with_and_without_its_padding(asked):
    one = bench(seeds=[0], ways=["trainer_peft", "reference_2023"])
    found = one.summaries(one.run())
    padded, short = found["reference_2023"], found[FULL]
    assert padded["examples_per_second"]["value"] == pytest.approx(1 / 5.0)
    assert short["examples_per_second"]["value"] == pytest.approx(100 / 40)
    assert padded["peak_bytes"]["value"] == 2 * short["peak_bytes"]["value"]
    assert padded["accuracy"] == short["accuracy"]


def test_a_summary_has_a_mean_and_a_spread_of_each_measure():
    rows = [measured("ours", Task(seed, examples=100)) for seed in (0, 1)]
    found = summary(rows, 0.4, 100)
    assert found["accuracy"]["value"] == pytest.approx(0.75)
    assert found["accuracy"]["spread"] == pytest.approx(0.1 / 2**0.5)
    assert found["seconds_to_target"]["value"] == pytest.approx((20 * 0.5 + 20 * 0.4 / 0.7) / 2)
    assert found["fraction_of_matmul_rate"]["value"] == pytest.approx(1e12 / 20 / 1e11)


def test_the_table_bounds_what_did_not_get_there(asked):
    one = bench()
    target = one.run()
    found = one.summaries(target)
    text = table(found, target)
    assert found["reference_2023"]["seconds_to_target"]["value"] is None
    (line,) = [line for line in text.splitlines() if line.startswith("reference_2023")]
    assert "0 of 2, > 500" in line
    ours = found["ours"]["seconds_to_target"]["value"]
    assert f"> {500 / ours:.1f}" in line
    notes = " ".join(footnotes(found, {"target_is": "x", "passes": 1, "context": 256}, True))
    assert all(words in notes for words in ("bound from below", "change no loss", "in other clothes"))


def options(**changed) -> argparse.Namespace:
    usual = {
        "ways": WAYS,
        "seeds": [0],
        "model": "smollm2-135m",
        "examples": 16,
        "held_out": 4,
        "every": 16,
        "passes": 1,
        "target": None,
        "sft_steps": 8,
        "reference_curve": "short",
        "reference_steps": 1,
        "context": 256,
        "keep": None,
    }
    return argparse.Namespace(**{**usual, **changed})


def test_without_trl_the_error_says_what_installs_it(monkeypatch):
    monkeypatch.setattr(trainers.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(CourseError, match=r"`make bench` installs it, as does pip install -e '.\[bench\]'"):
        planned(options())
    assert planned(options(ways=["trainer_peft", "ours"])).ways == ["trainer_peft", "ours"]


@pytest.mark.parametrize("changed", [{"ways": ["ours"]}, {"passes": 0, "ways": ["trainer_peft"]}])
def test_options_that_cannot_be_met_are_refused_before_any_work(changed):
    with pytest.raises(UsageError, match=r"add it to --ways|at least 1"):
        planned(options(**changed))


def run_main(monkeypatch, *words: str) -> None:
    monkeypatch.setattr(sys, "argv", ["finetune", *words])
    finetune.main()


def test_a_missing_folder_of_bench_json_is_told_before_any_work(asked, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("BENCH_JSON", str(tmp_path / "nowhere" / "b.json"))
    with pytest.raises(SystemExit) as ended:
        run_main(monkeypatch, "--ways", "trainer_peft", "ours")
    assert ended.value.code == 2
    assert "there is no folder" in capsys.readouterr().err
    assert not asked


def test_bench_json_holds_the_numbers_and_what_was_there(asked, tmp_path, monkeypatch, capsys):
    path = tmp_path / "b.json"
    path.write_text('{"generation": {"weak": 1}}')
    monkeypatch.setenv("BENCH_JSON", str(path))
    run_main(monkeypatch, "--ways", "trainer_peft", "ours", "--examples", "100", "--seeds", "0", "1")
    found = json.loads(path.read_text())
    assert found.keys() == {"generation", "finetune", "target", "settings", "machine"}
    assert found["finetune"]["ours"]["accuracy"]["value"] == pytest.approx(0.75)
    assert found["machine"]["threads"] == 2
    assert found["machine"]["versions"]["torch"]
    assert "ours" in capsys.readouterr().out


def test_the_command_itself_holds_no_torch_in_memory():
    """A new process begins with the peak of the one that started it, so that one must stay small."""
    code = "import sys, benchmarks.finetune; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_way_runs_in_a_process_of_its_own(tiny_strong, monkeypatch):
    task = Task(0, model=str(tiny_strong), examples=16, held_out=4, every=16)
    row = finetune.in_own_process("ours", task)
    assert [point[0] for point in row["curve"]] == [16]
