"""Claims about the ways of fine-tuning that the benchmark compares, on a model of four narrow layers."""

from __future__ import annotations

import importlib.util
import time

import pytest

from benchmarks import ways
from benchmarks.compare import same_losses
from benchmarks.task import Pairs, Task, Watch, exact_share, load
from benchmarks.trainers import as_rows
from benchmarks.ways import WAYS, full_steps, padded_loss, run_way, short_loss
from w2s_course.errors import UsageError
from w2s_course.training.batches import IGNORED, Example, collate

SMALL = {"examples": 32, "held_out": 6, "every": 16, "reference_steps": 1}
TRL = importlib.util.find_spec("trl") is not None


@pytest.fixture
def task(tiny_strong):
    return Task(0, model=str(tiny_strong), **SMALL)


@pytest.fixture
def full(task):
    """All weights of the tiny model may learn; and the pairs."""
    model, _, pairs = load(task, "float32")
    return model.requires_grad_(True), pairs


def test_padding_to_the_context_and_logits_at_all_positions_change_no_loss(task, full):
    short = [loss for _, loss in full_steps(full[0], full[1].learned, None, seed=0)]
    model, _, pairs = load(task, "float32")
    padded = [loss for _, loss in full_steps(model.requires_grad_(True), pairs.learned, 200, seed=0)]
    assert len(short) == 2
    assert padded == pytest.approx(short, rel=1e-5)
    assert short[1] != pytest.approx(short[0], rel=1e-5), "the first step changed something"


def test_an_example_longer_than_the_context_is_refused(full):
    with pytest.raises(UsageError, match="--context is 8: raise it"):
        padded_loss(full[0], collate(full[1].learned[:2], 0), 8)


def test_accuracy_is_the_share_of_greedy_answers_that_are_the_gold_text(task, full):
    """On a model that has learned some answers by heart and not others."""
    import torch

    from w2s_course.arms.files import splits
    from w2s_course.models.answers import answer
    from w2s_course.models.strong import load_strong
    from w2s_course.training.batches import prompt_of

    model, pairs = full
    snippets = splits(task.config())["pool"][:12]
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(150):
        short_loss(model, collate(pairs.learned[:5], 0)).backward()
        optimizer.step()
        optimizer.zero_grad()
    tokenizer = load_strong(task.model, "float32", torch.device("cpu"))[1]
    said = answer(model, tokenizer, [prompt_of(s.code) for s in snippets], longest=60)
    right = [a.text == s.explanation for a, s in zip(said, snippets, strict=True)]
    assert sum(right[:5]) >= 4, "nothing was learned by heart"
    assert not all(right)
    assert exact_share(model, pairs.learned[:12], "float32") == sum(right) / 12
    assert model.training is False


def test_one_wrong_token_makes_an_answer_wrong_and_no_other(full):
    model, pairs = full
    chosen = pairs.learned[:4]
    logits = model(collate(chosen[:1], 0).input_ids).logits.argmax(-1)[0].tolist()
    start = len(chosen[0].prompt)
    obvious = Example(chosen[0].prompt, (logits[start - 1],))  # what the model says itself
    assert exact_share(model, [obvious, *chosen[1:]], "float32") == 0.25
    assert exact_share(model, [Example(obvious.prompt, (obvious.label[0] ^ 1,))], "float32") == 0


@pytest.mark.parametrize("way", ["ours", "reference_2023", "trainer_peft"])
def test_a_way_tells_accuracy_after_every_so_many_examples(way, task):
    row = run_way(way, task)
    assert [point.examples for point in row["curve"]] == [16, 32]
    assert 0 < row["curve"][0].seconds < row["curve"][1].seconds
    assert len(row["losses"]) == (4 if way == "ours" else 2)
    assert (row["seconds_per_example"] is not None) == (way == "reference_2023")
    assert row["peak_bytes"] >= row["peak_bytes_of_curve"] > 2**26
    assert 0 < row["flops"] / row["curve"][1].seconds < row["matmul_rate"]


def test_the_clock_stands_still_while_accuracy_is_taken(task, monkeypatch):
    def slow(*_):
        time.sleep(1.0)
        return 0.0

    monkeypatch.setattr(ways, "exact_share", slow)
    start = time.perf_counter()
    row = run_way("reference_2023", task)
    assert time.perf_counter() - start > 2
    assert row["curve"][-1].seconds < 1


def test_passes_go_on_until_the_target_is_reached(task, monkeypatch):
    found = iter([0.0, 0.1, 0.2, 0.6, 0.7, 0.8])
    monkeypatch.setattr(ways, "exact_share", lambda *_: next(found))
    row = run_way("reference_2023", Task(**{**vars(task), "passes": 3, "target": 0.5}))
    assert [(p.examples, p.accuracy) for p in row["curve"]] == [(16, 0), (32, 0.1), (48, 0.2), (64, 0.6)]


def test_trainers_learn_from_the_label_alone():
    rows = as_rows([Example((1, 2, 3), (4, 5))], labels=True)
    assert rows[0]["input_ids"] == [1, 2, 3, 4, 5]
    assert rows[0]["labels"] == [IGNORED] * 3 + [4, 5]
    assert as_rows([Example((1, 2, 3), (4, 5))], labels=False)[0]["completion_mask"] == [0, 0, 0, 1, 1]


def test_the_first_loss_of_the_trainer_is_that_of_the_model_on_the_pairs(task, full):
    """Adapters begin at nothing, so a batch of all the pairs has the loss of the untouched model."""
    row = run_way("trainer_peft", Task(**{**vars(task), "examples": 16}))
    whole = short_loss(full[0], collate(full[1].learned[:16], 0)).item()
    assert row["losses"] == [pytest.approx(whole, rel=1e-3)]


def test_the_trainer_adapts_every_block_and_ours_the_upper_half(task):
    def adapted(way: str) -> set[int]:
        model = WAYS[way](task, Watch())[0].model
        named = (name.split(".") for name, p in model.named_parameters() if p.requires_grad)
        return {int(parts[parts.index("layers") + 1]) for parts in named}

    assert adapted("trainer_peft") == {0, 1, 2, 3}
    assert adapted("ours") == {2, 3}


@pytest.mark.skipif(not TRL, reason="TRL is not installed: `make bench` installs it")
@pytest.mark.filterwarnings("ignore:`gradient_checkpointing` is deprecated:FutureWarning")
def test_trl_s_trainer_has_the_losses_of_the_plain_one_on_the_same_batches(task):
    longer = {**vars(task), "examples": 64, "sft_steps": 1}
    timed, whole = run_way("sft_trainer", Task(**longer)), run_way("trainer_peft", Task(**longer))
    assert len(timed["losses"]) == 3
    assert timed["curve"] == []
    assert timed["seconds_per_example"] > 0
    assert same_losses(timed["losses"], whole["losses"])
    assert timed["losses"] == pytest.approx(whole["losses"][:3], rel=1e-4), (
        "random weights: all losses are near"
    )


def test_a_throughput_without_a_step_after_the_warm_up_is_refused():
    with pytest.raises(UsageError, match="more --examples"):
        Watch().throughput()


@pytest.mark.parametrize("wrong", [{"examples": 0}, {"passes": 0}, {"target": 1.5}, {"sft_steps": -1}])
def test_a_task_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(UsageError, match="must be"):
        Task(0, **wrong)


def test_pairs_are_the_same_for_every_way(task, full):
    assert isinstance(full[1], Pairs)
    assert full[1] == load(task, "float32")[2]
    assert len(full[1].learned) == 32
    assert not set(full[1].learned) & set(full[1].held_out)
