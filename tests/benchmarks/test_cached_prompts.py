"""Claims about the way that caches prompts: the same model at first, and no adapter sees a prompt."""

from __future__ import annotations

import pytest

from benchmarks import cached_prompts as way
from benchmarks.cached_prompts import UPPER, read, tail_logits
from benchmarks.task import Pairs, Task, Watch, exact_share, load
from benchmarks.ways import run_way
from w2s_course.errors import UsageError
from w2s_course.models.strong import Lora, add_lora
from w2s_course.training.batches import Example, collate
from w2s_course.training.finetune import label_logits, label_rows
from w2s_course.training.lower import only_layers

HALF = 2  # of the tiny model's layers


@pytest.fixture
def task(tiny_strong):
    return Task(0, model=str(tiny_strong), examples=32, held_out=6, every=16)


def logits_of(model, examples, known):
    with only_layers(model, slice(HALF, None)):
        return tail_logits(model, examples, known, HALF)


def test_untrained_it_is_the_whole_model(task):
    import torch

    model, _, pairs = load(task, "float32")
    known = read(model, pairs.learned, HALF, "float32")
    add_lora(model, Lora(rank=2, alpha=4, upper=UPPER), seed=0)
    examples = pairs.learned[:5]
    assert len({len(e.prompt) for e in examples}) > 1
    assert len({len(e.label) for e in examples}) > 1
    logits, labels, rows = logits_of(model, examples, known)
    batch = collate(examples, 0)
    expected = label_logits(model, batch)
    torch.testing.assert_close(logits, expected[0], atol=1e-4, rtol=1e-4)
    assert labels.tolist() == expected[1].tolist()
    assert rows.tolist() == label_rows(batch).tolist()


def test_adapters_change_what_is_said_and_not_what_was_read(task):
    """With adapters that do something the whole model says another thing: there they see the prompt, too."""
    import torch

    model, _, pairs = load(task, "float32")
    known = read(model, pairs.learned, HALF, "float32")
    add_lora(model, Lora(rank=2, alpha=4, upper=UPPER), seed=0)
    before = logits_of(model, pairs.learned[:3], known)[0]
    for name, weight in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.3)
    after = logits_of(model, pairs.learned[:3], known)[0]
    assert not torch.allclose(before, after, atol=1e-3)
    assert not torch.allclose(after, label_logits(model, collate(pairs.learned[:3], 0))[0], atol=1e-3)


def test_prompts_that_end_in_other_tokens_than_the_cue_are_refused(task, monkeypatch):
    model, tokenizer, pairs = load(task, "float32")
    first, *others = pairs.learned
    odd = Example((*first.prompt[:-1], first.prompt[0]), first.label)
    monkeypatch.setattr(way, "load", lambda *_: (model, tokenizer, Pairs([odd, *others], pairs.held_out)))
    with pytest.raises(UsageError, match="not the 3 tokens of the cue"):
        way.cached_prompts(task, Watch())


def test_it_is_measured_as_the_others_are(task):
    row = run_way("cached_prompts", task)
    assert [point.examples for point in row["curve"]] == [16, 32]
    assert len(row["losses"]) == 4
    assert 0 < row["flops"] / row["curve"][1].seconds < row["matmul_rate"]


def test_it_learns(task):
    import torch

    ready, _ = way.cached_prompts(task, Watch())
    found = []
    for number in range(4):
        ready.one_pass(number, lambda step, loss: found.append(loss))
    assert all(torch.tensor(found).isfinite())
    assert sum(found[-4:]) < sum(found[:4])
    # Batches of one pass differ from another's, so that losses alone may fall by chance.
    grown = [p for name, p in ready.model.named_parameters() if "lora_B" in name]
    assert all(p.any() for p in grown), "the B of an adapter begins at 0"
    assert grown


def test_accuracy_is_the_share_of_explanations_right_to_the_last_token(task, monkeypatch):
    """Before any step it is that of the whole model, one of whose answers is known here."""
    monkeypatch.setattr("w2s_course.config.fast_precision", lambda: "float32")
    model, tokenizer, pairs = load(task, "float32")
    first, *others = pairs.held_out[:4]
    said = model(collate([first], 0).input_ids).logits.argmax(-1)[0, len(first.prompt) - 1].item()
    asked = [Example(first.prompt, (said,)), *others]
    monkeypatch.setattr(
        way, "load", lambda *_: (load(task, "float32")[0], tokenizer, Pairs(pairs.learned, asked))
    )
    ready, _ = way.cached_prompts(task, Watch())
    assert ready.share(asked) == exact_share(model, asked, "float32") == 0.25
    assert ready.share(others) == 0
