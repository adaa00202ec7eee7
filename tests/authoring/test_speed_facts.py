"""Claims about the figures in docs/speed.md."""

from __future__ import annotations

import json

import pytest

from w2s_course.authoring import speed_facts
from w2s_course.errors import CourseError
from w2s_course.experiment import STAGES

MACHINE = {
    "cpu": "a processor",
    "threads": 2,
    "versions": {"torch": "2.0"},
    "one_thread": {"operations_per_second": 100e9, "bytes_per_second": 10e9},
}


def way(seconds, rate=4.0):
    return {
        "seconds_to_target": seconds,
        "accuracy": {"value": 0.915, "spread": 0.02},
        "examples_per_second": {"value": rate, "spread": None},
        "peak_bytes": {"value": 3 * 2**30, "spread": 0.0},
        "fraction_of_matmul_rate": {"value": 0.41, "spread": 0.01},
    }


FINETUNE = {
    "trainer_peft": way({"value": 300.0, "spread": 12.0}),
    "sft_trainer": way({"value": None, "spread": None, "reached": "1 of 3", "at_least": 450.0}),
    "ours": way({"value": 60.0, "spread": 3.0}),
}


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """Write a benchmark, and let it be the recorded one."""
    monkeypatch.setattr(speed_facts, "BENCH", tmp_path / "bench.json")

    def write(name="bench.json", **found):
        (tmp_path / name).write_text(json.dumps(found))

    return write


def facts(text: str) -> str:
    return speed_facts.blocks.filled(text, speed_facts.KIND, speed_facts._FACTS)


def filled(name: str) -> str:
    return facts(f"<!-- speed:{name} -->\n<!-- /speed:{name.split()[0]} -->")


def test_without_a_recorded_benchmark_the_page_says_so(recorded):
    assert "make bench" in filled("bench")
    assert "make bench" in filled("generation")
    with pytest.raises(CourseError, match="BENCH_JSON=FILE make bench"):
        filled("floors")
    recorded(machine=MACHINE)
    with pytest.raises(CourseError, match="needs a run"):
        filled("floors")


def test_ways_stand_side_by_side_with_ratios_and_bounds(recorded):
    settings = {"target_is": "given by --target", "examples": 320}
    recorded(finetune=FINETUNE, target=0.9, settings=settings, machine=MACHINE)
    rows = {line.split(" | ")[0].strip("| "): line for line in filled("bench").splitlines()}
    trainer = (
        "| `transformers.Trainer` and `peft` | 300 ± 12 | 5.0 | 91.5 ± 2.0 | 4.0 | 3.00 ± 0.00 | 41 ± 1 |"
    )
    assert rows["`transformers.Trainer` and `peft`"] == trainer
    assert "| 1 of 3, above 450 | above 7.5 |" in rows["TRL's `SFTTrainer`"]
    assert "| 60 ± 3 | 1.0 |" in rows["ours"]
    assert "Target: 90.0%, given by --target; 320 pairs a pass." in filled("bench")


def test_every_stage_has_a_floor_and_what_it_took(recorded):
    seconds = {
        "weak": {"training": 69.0, "labels": 3.0, "validation": 0.5, "answers": 0.5},
        "lower": {"layers": 50.0},
        "ceiling": {"training": 100.0, "validation": 20.0, "answers": 30.0},
    }
    recorded(machine=MACHINE, stages={"run": {"command": "w2s run", "threads": 1, "seconds": seconds}})
    took = speed_facts.measured_seconds()
    assert (took["weak"], took["labels"], took["lower_layers"], took["ceiling"]) == (69, 4, 50, 150)
    assert "`w2s run`, two stages at a time, 1 thread each" in filled("timed")
    lines = filled("floors").splitlines()
    named = [line.split(" | ")[0].strip("| `") for line in lines[3:-1]]
    assert named == [*(name for name in speed_facts.measured_seconds()), "all"]
    assert set(named[:-1]) == {stage.name for stage in STAGES}
    assert "| 69 s |" in next(line for line in lines if "`weak`" in line)


def test_the_facts_of_an_older_machine_are_its_own(recorded):
    """Its argument names its precision: half as fast, with weights that are twice as large."""
    old = MACHINE | {
        "cpu": "an old one",
        "one_thread": {**MACHINE["one_thread"], "operations_per_second": 5e10},
    }
    recorded(machine=MACHINE, stages={"run": {"command": "w2s run", "threads": 1, "seconds": {}}})
    assert "not recorded" in filled("bench float32").lower()
    ran = {"old": {"command": "w2s run again", "threads": 1, "seconds": {"lower": {"layers": 7.0}}}}
    recorded("bench-float32.json", machine=old, stages=ran)
    assert "an old one" in filled("machine float32")
    assert "a processor" in filled("machine")
    assert "`w2s run again`" in filled("timed float32")

    def row(name: str) -> list[str]:
        (line,) = (line for line in filled(name).splitlines() if "`lower_layers`" in line)
        return line.split(" | ")

    here, there = row("floors"), row("floors float32")
    assert there[1] == here[1]
    assert int(there[2].split()[0]) > int(here[2].split()[0])
    assert int(there[3].split()[0]) == pytest.approx(2 * int(here[3].split()[0]), abs=1)
    assert there[4] == "7 s"


def test_answers_a_second_of_both_models(recorded):
    row = {"answers_per_second": {"value": 2.0, "spread": 0.1}, "same_answers": 1.0}
    recorded(generation={"strong": {"generate, one batch": row}, "settings": {}}, machine=MACHINE)
    assert "| strong | `generate()`, all prompts in one batch | 2.0 ± 0.1 | 100% |" in filled("generation")


def test_attention_grows_with_length():
    shares = [float(line.split(" | ")[3].strip(" |%")) for line in filled("growth").splitlines()[3:6]]
    assert shares == sorted(shares)
    assert shares[0] < 2 < 10 < shares[-1]


def test_before_and_after_are_compared_seed_by_seed(tmp_path, monkeypatch):
    def now(seed: int, weak: float, seconds: float):
        stages = {"weak training": {"seconds": seconds}, "weak labels": {"seconds": 10.0}}
        return {
            "config": {"seed": seed},
            "arms": {"weak": {"exact": {"value": weak}}},
            "cost": {"stages": stages},
        }

    old = [
        {"seed": seed, "arms": {"weak": weak}, "stage_seconds": 100.0} for seed, weak in ((0, 0.4), (1, 0.6))
    ]
    (tmp_path / "before.json").write_text(json.dumps({"runs": [*old, {**old[0], "seed": 7}]}))
    monkeypatch.setattr(speed_facts, "BEFORE", tmp_path / "before.json")
    monkeypatch.setattr(speed_facts, "recorded_runs", lambda preset: [now(1, 0.7, 60.0), now(0, 0.5, 20.0)])
    weak, seconds = filled("before_after").splitlines()[3:5]
    assert weak == (
        "| weak teacher, right | 50.0% (40.0% to 60.0%) | 60.0% (50.0% to 70.0%) "
        "| +10.0 points (+10.0 to +10.0) |"
    )
    assert seconds == "| seconds of all stages | 100 (100 to 100) | 50 (30 to 70) | 2.00 times as fast |"
