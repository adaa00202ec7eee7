"""Claims about the ways of answering that the benchmark compares."""

from __future__ import annotations

import json
import sys

import pytest

from benchmarks import generation
from benchmarks.generation import OURS, WAYS, measure, table
from w2s_course.models.strong import load_strong

PROMPTS = ["def f(a): return a\n# ", "def g(b):\n    return [x * x for x in b if x > 3]\n# ", "x\n# "]


@pytest.fixture(scope="module")
def asked(tiny_strong):
    import torch

    return load_strong(str(tiny_strong), "float32", torch.device("cpu"))


@pytest.mark.parametrize("way", WAYS)
def test_every_way_gives_the_same_answers_in_the_prompts_order(way, asked):
    said = WAYS[way](*asked, PROMPTS)
    assert said == WAYS[OURS](*asked, PROMPTS)
    assert len(set(said)) > 1


def test_a_way_that_says_something_else_is_told_by_its_share(asked, monkeypatch):
    def wrong(model, tokenizer, prompts):
        return ["nonsense", *WAYS[OURS](model, tokenizer, prompts)[1:]]

    monkeypatch.setitem(WAYS, "generate, one batch", wrong)
    found = measure(*asked, PROMPTS, rounds=2)
    assert {name: each["same_answers"] for name, each in found.items()} == {
        "ours": 1,
        "generate, one prompt": 1,
        "generate, one batch": pytest.approx(2 / 3),
    }
    assert found[OURS]["answers_per_second"]["value"] > 0
    assert found[OURS]["cpu_seconds"]["spread"] is not None
    assert "67%" in table("tiny", found)


def test_ways_take_turns(monkeypatch):
    calls = []
    for name in WAYS:
        monkeypatch.setitem(WAYS, name, lambda m, t, prompts, name=name: calls.append(name) or list(prompts))
    measure(None, None, ["a", "b", "c"], rounds=2)
    assert calls == list(WAYS) * 3, "once to warm up, then two rounds"


def test_both_models_are_measured_and_put_beside_what_is_there(tiny_strong, tmp_path, monkeypatch, capsys):
    path = tmp_path / "b.json"
    path.write_text('{"finetune": {}, "machine": {"cpu": "mine"}}')
    monkeypatch.setenv("BENCH_JSON", str(path))
    words = ["--model", str(tiny_strong), "--prompts", "3", "--rounds", "1", "--train", "8"]
    monkeypatch.setattr(sys, "argv", ["generation", *words])
    generation.main()
    found = json.loads(path.read_text())
    assert found["generation"].keys() == {"weak", "strong", "settings"}
    assert found["machine"] == {"cpu": "mine"}
    assert capsys.readouterr().out.count("generate, one prompt") == 2
