"""Claims about the one training loop."""

from __future__ import annotations

import pytest

from w2s_course.errors import CourseError, UsageError
from w2s_course.models.strong import Lora, add_lora, load_strong
from w2s_course.training.batches import collate, encode
from w2s_course.training.finetune import finetune, label_logits
from w2s_course.training.recipe import Recipe

CODES = [f"def f(a): return [x + {i} for x in a]" for i in range(6)]
SAID = [f"Returns a list plus {i}." for i in range(6)]


@pytest.fixture
def student(tiny_strong):
    import torch

    return load_strong(str(tiny_strong), "float32", torch.device("cpu"))


def test_logits_are_those_that_predict_the_label_tokens(student):
    import torch

    model, tokenizer = student
    batch = collate(encode(tokenizer, CODES[:2], SAID[:2]), pad_id=0)
    logits, labels = label_logits(model, batch)
    full = model(input_ids=batch.input_ids, attention_mask=batch.attention).logits
    example = encode(tokenizer, CODES[:1], SAID[:1])[0]
    start, n = len(example.prompt) - 1, len(example.label)
    torch.testing.assert_close(logits[:n], full[0, start : start + n])
    assert labels[:n].tolist() == list(example.label)


def test_the_last_network_sees_the_label_positions_alone(student):
    model, tokenizer = student
    batch = collate(encode(tokenizer, CODES[:2], SAID[:2]), pad_id=0)
    seen = {}
    for number in (-2, -1):
        network = model.base_model.layers[number].mlp.gate_proj
        network.register_forward_hook(lambda _, given, out, number=number: seen.update({number: out.shape}))
    _, labels = label_logits(model, batch)
    assert seen[-1][:-1] == labels.shape
    assert seen[-2][:-1] == batch.input_ids.shape
    whole = model(input_ids=batch.input_ids, attention_mask=batch.attention).logits
    assert whole.shape[:2] == batch.input_ids.shape  # and every position again afterwards


def test_gradients_are_those_of_the_model_as_it_comes(student):
    import torch

    from w2s_course.training.batches import IGNORED

    model, tokenizer = student
    add_lora(model, Lora(rank=4, alpha=8), seed=0)
    with torch.no_grad():
        for name, p in model.named_parameters():
            if "lora_B" in name:  # zero at first, which would leave A without a gradient
                p.normal_(generator=torch.Generator().manual_seed(0))
    learned = [p for p in model.parameters() if p.requires_grad]
    batch = collate(encode(tokenizer, CODES[:3], SAID[:3]), pad_id=0)
    logits, labels = label_logits(model, batch)
    ours = torch.autograd.grad(torch.nn.functional.cross_entropy(logits, labels), learned)
    full = model(input_ids=batch.input_ids, attention_mask=batch.attention).logits[:, :-1]
    loss = torch.nn.functional.cross_entropy(
        full.flatten(0, 1), batch.labels[:, 1:].flatten(), ignore_index=IGNORED
    )
    for found, expected in zip(ours, torch.autograd.grad(loss, learned), strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-6)


def test_training_lowers_the_loss_and_moves_the_adapters_alone(student):
    model, tokenizer = student
    trainable = add_lora(model, Lora(rank=4, alpha=8), seed=0)
    frozen = {n: p.clone() for n, p in model.named_parameters() if not p.requires_grad}
    assert 0 < trainable < sum(p.numel() for p in frozen.values())
    losses = []
    finetune(
        *(model, encode(tokenizer, CODES, SAID), Recipe(1e-2, batch_size=3), 20, 0),
        checkpoints=(1, 20),
        on_checkpoint=lambda at: losses.append(at.loss),
    )
    assert losses[-1] < losses[0]
    assert all((p == frozen[n]).all() for n, p in model.named_parameters() if n in frozen)


def test_every_step_is_told_and_a_checkpoint_holds_the_losses_since_the_last(student):
    model, tokenizer = student
    add_lora(model, Lora(rank=2, alpha=4), seed=0)
    told, checkpoints = [], []
    finetune(
        *(model, encode(tokenizer, CODES, SAID), Recipe(1e-3, batch_size=2), 5, 0),
        checkpoints=(2, 5),
        on_checkpoint=checkpoints.append,
        on_step=lambda step, loss: told.append((step, loss)),
    )
    assert [step for step, _ in told] == [1, 2, 3, 4, 5]
    losses = [loss for _, loss in told]
    assert [at.losses for at in checkpoints] == [tuple(losses[:2]), tuple(losses[2:])]
    assert checkpoints[1].loss == pytest.approx(sum(losses[2:]) / 3)


def test_adapters_sit_in_the_upper_layers_only(student):
    model, _ = student
    add_lora(model, Lora(upper=0.5), seed=0)
    layers = {int(n.split(".")[2]) for n, p in model.named_parameters() if p.requires_grad}
    blocks = model.config.num_hidden_layers
    assert layers == set(range(blocks // 2, blocks))


def test_fresh_adapters_change_nothing(student):
    import torch

    model, tokenizer = student
    batch = collate(encode(tokenizer, CODES[:2], SAID[:2]), pad_id=0)
    before = label_logits(model, batch)[0]
    add_lora(model, Lora(), seed=0)
    torch.testing.assert_close(label_logits(model, batch)[0], before)


def test_the_same_seed_trains_the_same_weights(tiny_strong):
    import torch

    def trained(seed: int):
        model, tokenizer = load_strong(str(tiny_strong), "float32", torch.device("cpu"))
        add_lora(model, Lora(rank=2, alpha=4), seed=seed)
        finetune(model, encode(tokenizer, CODES, SAID), Recipe(1e-2, batch_size=2), 4, seed)
        return [p.detach().clone() for p in model.parameters() if p.requires_grad]

    assert all(torch.equal(a, b) for a, b in zip(trained(1), trained(1), strict=True))
    assert not all(torch.equal(a, b) for a, b in zip(trained(1), trained(2), strict=True))


def test_the_learning_rate_rises_nearly_to_its_peak_and_falls_to_nothing():
    recipe = Recipe(1.0, batch_size=1, warmup=0.1)
    rates = [recipe.share_of_peak(step, 100) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == rates[9] == pytest.approx(0.91), "a little below what the recipe names"
    assert rates[-1] == pytest.approx(0.01)


def test_a_loss_that_explodes_is_an_error_that_says_what_to_lower(student):
    model, tokenizer = student
    add_lora(model, Lora(), seed=0)
    with pytest.raises(
        CourseError, match=r"loss became nan at step \d+ of 30.*learning rate of 1e\+30 is too high"
    ):
        finetune(model, encode(tokenizer, CODES, SAID), Recipe(1e30, batch_size=2, clip=1e9), 30, 0)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"batch_size": 0}, "batch size is 0"),
        ({"learning_rate": 0.0}, "must be above 0"),
        ({"warmup": 1.0}, "below 1"),
    ],
)
def test_a_recipe_that_cannot_work_is_refused(changes, said):
    with pytest.raises(UsageError, match=said):
        Recipe(**{"learning_rate": 1e-3, "batch_size": 8, **changes})
