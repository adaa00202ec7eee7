"""Claims about which optimiser takes which weights, and how fast each learns."""

from __future__ import annotations

import pytest

from w2s_course.errors import UsageError
from w2s_course.models.strong import Lora, add_lora, load_strong
from w2s_course.models.weak import WeakArchitecture, new_weak_model, train_tokenizer
from w2s_course.training import finetune as training
from w2s_course.training.batches import encode
from w2s_course.training.finetune import finetune
from w2s_course.training.optimizers import optimizers_of, step_all
from w2s_course.training.recipe import Recipe

CODES = [f"def f(a): return [x + {i} for x in a]" for i in range(8)]
SAID = [f"Returns a list plus {i}." for i in range(8)]
PLAIN = Recipe(1e-2, batch_size=4)


@pytest.fixture
def small():
    tokenizer = train_tokenizer(CODES + SAID, 300)
    return new_weak_model(WeakArchitecture(width=32, layers=2, heads=2), tokenizer, seed=0), tokenizer


def kinds(model, recipe) -> dict[str, set[str]]:
    """The names of the weights that each optimiser takes, by the optimiser's name and its peak rate."""
    names = {id(p): name for name, p in model.named_parameters()}
    return {
        f"{type(optimizer).__name__} {group['peak']:g}": {names[id(p)] for p in group["params"]}
        for optimizer in optimizers_of(model, recipe)
        for group in optimizer.param_groups
    }


def test_adamw_takes_every_weight_that_learns_at_one_rate(small):
    model, _ = small
    assert kinds(model, PLAIN) == {"AdamW 0.01": {name for name, _ in model.named_parameters()}}


def test_muon_takes_the_matrices_of_the_blocks_and_adamw_the_rest(small):
    model, _ = small
    found = kinds(model, Recipe(1e-2, batch_size=4, muon=0.5))
    assert found["Muon 0.5"] == {n for n, p in model.named_parameters() if p.ndim == 2 and ".layers." in n}
    assert "model.embed_tokens.weight" in found["AdamW 0.01"]
    assert sum(map(len, found.values())) == len(list(model.parameters()))


@pytest.mark.parametrize(("precision", "module"), [("float32", "w2s_course"), ("bfloat16", "torch")])
def test_no_optimiser_multiplies_in_bfloat16_unless_the_run_does(small, precision, module):
    model, _ = small
    *_, muon = optimizers_of(model, Recipe(1e-2, batch_size=4, muon=0.5), precision)
    assert type(muon).__name__ == "Muon"
    assert type(muon).__module__.split(".")[0] == module


def test_the_optimisers_of_a_training_know_its_precision(small, monkeypatch):
    model, tokenizer = small
    asked = []

    def watched(model, recipe, precision):
        asked.append(precision)
        return optimizers_of(model, recipe, precision)

    monkeypatch.setattr(training, "optimizers_of", watched)
    finetune(model, encode(tokenizer, CODES, SAID), PLAIN, 1, 0, precision="bfloat16")
    assert asked == ["bfloat16"]


def test_the_b_of_an_adapter_learns_faster_by_the_ratio(tiny_strong):
    import torch

    model, _ = load_strong(str(tiny_strong), "float32", torch.device("cpu"))
    add_lora(model, Lora(rank=2, alpha=4), seed=0)
    found = kinds(model, Recipe(1e-2, batch_size=4, plus=4.0))
    assert found.keys() == {"AdamW 0.01", "AdamW 0.04"}
    assert all("lora_A" in name for name in found["AdamW 0.01"])
    assert all("lora_B" in name for name in found["AdamW 0.04"])
    assert len(found["AdamW 0.04"]) == len(found["AdamW 0.01"]) > 0


def test_every_rate_is_the_same_share_of_its_peak(small):
    model, _ = small
    optimizers = optimizers_of(model, Recipe(1e-2, batch_size=4, muon=0.5))
    step_all(optimizers, 0.25)
    rates = {type(o).__name__: group["lr"] for o in optimizers for group in o.param_groups}
    assert rates == {"AdamW": pytest.approx(0.0025), "Muon": pytest.approx(0.125)}


def test_gradients_are_spent_by_a_step(small):
    model, tokenizer = small
    recipe = Recipe(1e-2, batch_size=4, muon=0.02)
    finetune(model, encode(tokenizer, CODES, SAID), recipe, 1, 0)
    assert all(p.grad is None for p in model.parameters())


def test_a_step_of_muon_is_as_long_in_every_direction(small):
    """What makes it Muon: the singular values of a matrix's first step are all about the same."""
    import torch

    model, tokenizer = small
    before = {n: p.detach().clone() for n, p in model.named_parameters()}
    finetune(model, encode(tokenizer, CODES, SAID), Recipe(1e-2, batch_size=8, muon=0.1, warmup=0.0), 1, 0)
    name = "model.layers.0.self_attn.q_proj.weight"
    sizes = torch.linalg.svdvals(dict(model.named_parameters())[name].detach() - before[name])
    assert sizes.max() < 0.1 * 1.4
    assert sizes.median() > 0.1 * 0.5


@pytest.mark.parametrize("changes", [{"plus": 0.0}, {"muon": -0.1}])
def test_rates_that_make_no_sense_are_refused(changes):
    with pytest.raises(UsageError, match=r"LoRA\+'s ratio must be above 0 and Muon's"):
        Recipe(1e-3, batch_size=8, **changes)
