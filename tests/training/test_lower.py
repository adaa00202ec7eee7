"""Claims about the frozen layers computed once: the same numbers as the whole model at every step."""

from __future__ import annotations

import pytest

from w2s_course.models.strong import Lora, add_lora, load_strong
from w2s_course.training.batches import Example, encode
from w2s_course.training.fast import products_in, short_attention
from w2s_course.training.finetune import finetune
from w2s_course.training.lower import (
    LowerStates,
    first_learning_layer,
    load_states,
    lower_states,
    only_layers,
    rows_of,
    save_states,
)
from w2s_course.training.recipe import Recipe

CODES = [f"def f(a): return {'[x for x in a]' * (i % 3)} + {i}" for i in range(6)]
HALF = 2  # of the tiny model's layers
SAID = [f"Returns {'a list of ' * (i % 2)}{i}." for i in range(6)]


def student(folder, upper: float = 0.5):
    import torch

    model, tokenizer = load_strong(str(folder), "float32", torch.device("cpu"))
    add_lora(model, Lora(rank=2, alpha=4, upper=upper), seed=0)
    return model, encode(tokenizer, CODES, SAID)


def losses(model, examples, **how):
    found = []
    finetune(
        *(model, examples, Recipe(1e-2, batch_size=2), 6, 0),
        on_step=lambda step, loss: found.append(loss),
        **how,
    )
    return found


def test_losses_are_the_same_with_the_lower_layers_computed_once(tiny_strong):
    model, examples = student(tiny_strong)
    lower = LowerStates(model, examples, "float32")
    assert lower.first == HALF
    assert losses(model, examples, lower=lower) == pytest.approx(losses(*student(tiny_strong)), rel=1e-5)
    assert len(lower.computed) == len(examples)


def test_a_step_waits_for_the_passes_of_its_own_examples(tiny_strong, monkeypatch):
    monkeypatch.setattr("w2s_course.training.lower.ROWS", 1)
    model, examples = student(tiny_strong)
    lower, found = LowerStates(model, examples, "float32"), []
    finetune(
        *(model, examples, Recipe(1e-2, batch_size=2), 4, 0),
        lower=lower,
        on_step=lambda step, loss: found.append(len(lower.computed)),
    )
    assert found == [2, 4, 6, 6]


def test_it_makes_no_difference_which_pass_is_asked_for_first(tiny_strong, monkeypatch):
    import torch

    monkeypatch.setattr("w2s_course.training.lower.ROWS", 2)
    model, examples = student(tiny_strong)
    whole, lower = (LowerStates(model, examples, "float32") for _ in range(2))
    whole.complete()
    shortest, *_, longest = rows_of(examples)
    for row, passed in ((longest, 2), (longest, 2), (shortest, 4)):
        lower.batch([Example(row.prompt, row.labels[0])])
        assert len(lower.computed) == passed
    lower.complete()
    assert lower.states.keys() == whole.states.keys()
    assert all(torch.equal(lower.states[text], whole.states[text]) for text in whole.states)
    lower.complete()
    assert len(lower.computed) == len(examples)  # nothing twice


def test_states_are_not_computed_where_the_lower_layers_are_gone(tiny_strong):
    model, examples = student(tiny_strong)
    lower = LowerStates(model, examples, "float32")
    with pytest.raises(RuntimeError, match="call `batch` or `complete` before"), lower.upper():
        lower.batch(examples[:1])
    lower.complete()
    with lower.upper():
        assert len(lower.batch(examples[:2])) == 2


def test_an_example_that_was_not_given_at_first_is_not_known(tiny_strong):
    model, examples = student(tiny_strong)
    lower = LowerStates(model, examples[:3], "float32")
    with pytest.raises(KeyError):
        lower.batch(examples[3:])


def test_states_hold_no_dropout_and_the_model_goes_on_learning(tiny_strong):
    import torch

    model, examples = student(tiny_strong)
    expected = lower_states(model, rows_of(examples), HALF, "float32")
    for block in model.base_model.layers:
        block.self_attn.attention_dropout = 0.5
    model.train()
    lower = LowerStates(model, examples, "float32")
    lower.complete()
    for text, states in expected.items():
        torch.testing.assert_close(lower.states[text], states)
    assert all(module.training for module in model.modules())


def test_the_model_is_whole_again_after_training(tiny_strong):
    model, examples = student(tiny_strong)
    names = [name for name, _ in model.named_parameters()]
    losses(model, examples, lower=LowerStates(model, examples, "float32"))
    assert [name for name, _ in model.named_parameters()] == names
    assert model.config._attn_implementation == "sdpa"


def test_known_states_are_read_and_only_the_others_computed(tiny_strong, tmp_path):
    model, examples = student(tiny_strong)
    save_states(lower_states(model, rows_of(examples[:4]), HALF, "float32"), tmp_path)
    lower = LowerStates(model, examples, "float32", load_states(tmp_path))
    assert losses(model, examples, lower=lower) == pytest.approx(losses(*student(tiny_strong)), rel=1e-5)
    assert lower.computed == rows_of(examples[4:])


def test_states_do_not_depend_on_what_else_is_in_the_batch(tiny_strong):
    import torch

    model, examples = student(tiny_strong)
    together = lower_states(model, rows_of(examples), 1, "float32")
    for example in examples:
        text = example.prompt + example.label
        torch.testing.assert_close(
            together[text], lower_states(model, rows_of([example]), 1, "float32")[text]
        )


def test_labels_of_one_prompt_share_a_row_and_do_not_see_each_other(tiny_strong):
    """A later label must stand where the first stands, and look at the prompt and itself alone."""
    import torch

    model, examples = student(tiny_strong)
    prompt = examples[0].prompt
    several = [Example(prompt, e.label) for e in (*examples, examples[1])]  # one of them twice
    (row,) = rows_of(several)
    assert len(row.labels) == len({e.label for e in examples})
    together = lower_states(model, [row], HALF, "float32")
    assert set(together) == {e.prompt + e.label for e in several}
    for example in several:
        text = example.prompt + example.label
        alone = lower_states(model, rows_of([example]), HALF, "float32")
        torch.testing.assert_close(together[text], alone[text])


def test_what_the_tokens_of_a_row_look_at_is_counted_as_of_texts_apart_but_for_the_shared_prompt():
    prompt, label, other = (1,) * 10, (2,) * 4, (3,) * 6
    (row,) = rows_of([Example(prompt, label), Example(prompt, other)])
    assert len(row) == 10 + 4 + 6
    assert row.attended == 14**2 / 2 + 16**2 / 2 - 10**2 / 2


def test_nothing_is_saved_as_nothing(tmp_path):
    assert load_states(tmp_path) == {}
    save_states({}, tmp_path)
    assert load_states(tmp_path) == {}


def test_a_model_that_learns_everywhere_has_no_lower_part(tiny_strong):
    model, examples = student(tiny_strong, upper=1.0)
    assert first_learning_layer(model) == 0
    with pytest.raises(ValueError, match="nothing to compute once"):
        LowerStates(model, examples, "float32")


def test_learned_embeddings_and_other_layouts_have_no_lower_part(tiny_strong):
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    model, _ = student(tiny_strong)
    assert first_learning_layer(model) == HALF
    model.base_model.embed_tokens.requires_grad_(True)
    assert first_learning_layer(model) == 0
    torch.manual_seed(0)
    gpt2 = GPT2LMHeadModel(GPT2Config(vocab_size=32, n_positions=16, n_embd=8, n_layer=2, n_head=2))
    add_lora(gpt2.requires_grad_(False), Lora(rank=2, alpha=4), seed=0)
    assert first_learning_layer(gpt2) == 0


def test_the_layers_come_back_after_an_error(tiny_strong):
    model, _ = student(tiny_strong)
    before = model.base_model.layers

    def fail():
        with only_layers(model, slice(1), norm=False), short_attention(model):
            assert len(model.base_model.layers) == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert model.base_model.layers is before
    assert model.config._attn_implementation == "sdpa"


def test_half_precision_gives_nearly_the_same_losses(tiny_strong):
    exact = losses(*student(tiny_strong))
    assert losses(*student(tiny_strong), precision="bfloat16") == pytest.approx(exact, rel=0.02)


def test_adapters_take_half_precision_as_it_comes(tiny_strong):
    """peft would copy each input to float32, the adapter's own type; inside the block it does not."""
    import torch

    model, examples = student(tiny_strong)
    seen = []
    adapter = next(m for name, m in model.named_modules() if name.endswith("lora_A.default"))
    adapter.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].dtype))
    ids = torch.tensor([examples[0].prompt])
    model.to(torch.bfloat16)
    with products_in(model, "bfloat16"):
        model(input_ids=ids)
    assert seen == [torch.bfloat16]
