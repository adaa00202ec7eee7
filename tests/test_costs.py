"""Claims about costs, against sums done by hand."""

from __future__ import annotations

import pytest

from w2s_course.costs import (
    ASSUMPTIONS,
    Assumption,
    ModelSize,
    StageCost,
    forward_flops,
    price_of_1000_labels,
    timed,
    training_flops,
)
from w2s_course.errors import UsageError

SIZE = ModelSize(computed=1000, head=50, layers=2, width=8)


def test_reading_costs_two_operations_a_parameter_and_token_plus_attention():
    assert forward_flops(SIZE, tokens=10, heads=0, context=0) == 2 * 1000 * 10
    assert forward_flops(SIZE, tokens=10, heads=0, context=5) == 2 * 1000 * 10 + 10 * 4 * 2 * 8 * 5
    assert forward_flops(SIZE, tokens=0, heads=3, context=0) == 2 * 50 * 3


def test_full_training_costs_three_times_reading():
    assert training_flops(SIZE, 10, 4, 3) == 3 * forward_flops(SIZE, 10, 4, 3)


def test_adapters_in_the_upper_half_save_half_of_the_work_of_full_training():
    full, adapted = training_flops(SIZE, 10, 0, 3), training_flops(SIZE, 10, 0, 3, learned=0.5, frozen=True)
    assert adapted == full / 2


def test_the_size_of_a_model_leaves_out_the_rows_that_are_looked_up(tiny_strong):
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(tiny_strong)
    size, table = ModelSize.of(model), model.get_input_embeddings().weight.numel()
    assert size.computed == model.num_parameters() - table
    assert (size.head, size.layers, size.width) == (table, 4, 32)


def test_a_stage_is_timed_even_where_it_fails():
    costs = []

    def fail():
        with timed() as cost:
            costs.append(cost)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert costs[0].seconds > 0


def test_prices_follow_the_assumptions_that_are_named():
    cheap = {**ASSUMPTIONS, "expert_hour": Assumption(30, "US dollars an hour", "here")}
    usual = price_of_1000_labels(StageCost(seconds=36), 1000, read=500, written=20)
    edited = price_of_1000_labels(StageCost(seconds=36), 1000, read=500, written=20, assumptions=cheap)
    assert edited["human"] == usual["human"] / 2
    assert edited["weak"] == usual["weak"]


def test_a_negative_price_is_refused():
    with pytest.raises(UsageError, match=r"-1 US dollars an hour makes no sense"):
        Assumption(-1, "US dollars an hour", "nowhere")
