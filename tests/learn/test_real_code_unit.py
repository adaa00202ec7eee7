"""Claims about what unit 8 does with real code; larger models with a tiny one of GPT-2's kind."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from w2s_course.errors import CourseError
from w2s_course.judging.choices import CHANCE
from w2s_course.learn import real_code
from w2s_course.learn.friendly import Friendly
from w2s_course.learn.imagined_runs import rows_like
from w2s_course.learn.units.unit_8 import ten_items
from w2s_course.metrics import Estimate
from w2s_course.plots.real_code import choices, readers
from w2s_course.snippets.harvest import hidden_code


@pytest.fixture(scope="module")
def tiny_gpt2(tiny_strong: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the GPT-2 family as the hub lays it out: two narrow layers, random weights."""
    import torch
    from transformers import AutoTokenizer, GPT2Config, GPT2LMHeadModel

    folder = tmp_path_factory.mktemp("hub") / "tiny-gpt2"
    tokenizer = AutoTokenizer.from_pretrained(tiny_strong)
    config = GPT2Config(vocab_size=len(tokenizer), n_embd=32, n_layer=2, n_head=2, n_positions=1024)
    config.eos_token_id = config.bos_token_id = tokenizer.eos_token_id
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        GPT2LMHeadModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def test_names_come_back_and_nothing_else_changes():
    for question in real_code.development_questions(limit=40):
        function = question.function
        (node,) = ast.parse(real_code.with_names(function)).body
        assert isinstance(node, ast.FunctionDef)
        assert node.name == function.name
        assert hidden_code(node) == function.code


def test_a_file_that_has_changed_since_is_said_to_have():
    function = replace(real_code.development_questions(limit=1)[0].function, line=0)
    with pytest.raises(CourseError, match=r"\.py has changed since it was read: restart the notebook"):
        real_code.with_names(function)


def test_larger_models_of_another_family_are_asked_in_the_same_way(tiny_gpt2, tiny_strong):
    questions = real_code.development_questions(limit=8)
    rows = real_code.untrained([str(tiny_gpt2), str(tiny_strong)], questions)
    assert [row["model"] for row in rows] == ["tiny-gpt2", tiny_strong.name]
    for row in rows:
        assert row["parameters"] > 0
        assert row["n"] == 8
        assert 0 <= row["low"] <= row["accuracy"] <= row["high"] <= 1
        assert {"mean", "total"} <= set(row)


def test_a_model_that_cannot_be_had_is_one_message():
    with pytest.raises(Friendly, match="Unknown model 'gpt-2'"):
        real_code.untrained(["gpt-2"], real_code.development_questions(limit=4))


def test_without_a_gpu_or_a_hub_larger_models_say_why(monkeypatch):
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert "no GPU" in real_code.why_not_larger()
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(real_code, "_hub_answers", lambda: False)
    assert "hub does not answer" in real_code.why_not_larger()
    monkeypatch.setattr(real_code, "_hub_answers", lambda: True)
    assert real_code.why_not_larger() == ""


def test_a_hub_that_is_not_there_does_not_answer(monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert not real_code._hub_answers()


def seeds(*differences: float) -> list[dict[str, object]]:
    """Rows of several seeds, the student so much above the untrained model."""
    return [
        {**row, "seed": seed}
        for seed, by in enumerate(differences)
        for row in rows_like(student=(0.55 + by, 0.46 + by, 0.64 + by))
    ]


@pytest.mark.parametrize(
    ("differences", "said"),
    [
        ((0.1, 0.11, 0.12), "better"),
        ((0.1, -0.1, 0.0), "no difference shown"),
        ((-0.1, -0.11, -0.12), "worse"),
        ((0.0,), "no difference shown, by intervals that touch"),
        ((0.3,), "better, by intervals that do not touch"),
        ((-0.3,), "worse, by intervals that do not touch"),
    ],
)
def test_rows_say_what_they_show_and_no_more(differences, said):
    lines = real_code.what_rows_say(seeds(*differences))
    (line,) = [line for line in lines if line.startswith("weak to strong minus strong untrained")]
    assert line.endswith(f": {said}")
    assert f"ceiling: above chance in {len(differences)} of" in "\n".join(lines)


def test_the_ten_explanations_are_found_and_their_evidence_is_what_the_key_says():
    items = ten_items()
    assert len(items) == 10
    assert {item.key for item in items} == {"true", "vague", "false"}
    evidence = {item.evidence for item in items}
    assert "unique_justseen('AABA') gives ['A', 'B', 'A']" in evidence
    assert "binary_gap(22) gives 2" in evidence
    assert "top_1([1, 1, 2, 2, 3]) gives [1, 2]" in evidence
    assert "find_next_square(10) gives -1" in evidence


def test_the_plots_say_what_they_draw():
    ax = Figure().subplots()
    rows = [*seeds(0.1, 0.2)]
    rows[0] = {**rows[0], "low": None, "high": None}
    drawn = choices(rows, ax, CHANCE)
    assert "weak to strong, seed 1: 75.0% (66.0% to 84.0%) of 120 questions" in drawn.alt
    assert "Chance is 25%" in drawn.alt
    assert len([line for line in ax.lines if list(line.get_xdata()) == [CHANCE, CHANCE]]) == 1
    found = {"shown: letters": Estimate(0.7, (0.6, 0.8), 96), "hidden: model": Estimate(0.5, None, 4)}
    assert "hidden: model: 50.0% of 4 questions" in readers(found, Figure().subplots(), CHANCE).alt
