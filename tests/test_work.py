"""Claims about operations and bytes on paper."""

from __future__ import annotations

from dataclasses import replace

import pytest

from w2s_course.config import PRESETS
from w2s_course.costs import ModelSize, forward_flops
from w2s_course.experiment import STAGES
from w2s_course.recorded import recorded_runs
from w2s_course.work import (
    H100,
    Lengths,
    Machine,
    Work,
    answering,
    checking_strong,
    learning_strong,
    passing_below,
    size_of,
    work_of,
)

CPU = replace(PRESETS["cpu"].config, precision="bfloat16")


def whole(config):
    return {stage: work.whole for stage, work in work_of(config).items()}


def test_every_stage_has_its_work():
    assert set(whole(CPU)) == {stage.name for stage in STAGES}
    assert all(work.operations > 0 and work.read > 0 for work in whole(CPU).values())


def test_an_answer_reads_the_weights_once_a_token_and_the_tokens_before_it():
    size = ModelSize(computed=1000, head=100, layers=2, width=576)
    alone = answering(size, n=1, at=Lengths(prompt=6, label=4), batch=1, width=2)
    assert alone.operations == 10 * 2 * 1000 + 10 * 4 * 2 * 576 * 5 + 4 * 2 * 100
    # 19 tokens at most: 1,100 weights and 10 tokens' keys and values in 2 layers, 2 bytes a number
    assert alone.read == 19 * (1100 + 10 * 2 * 2 * 192) * 2


def test_a_batch_shares_the_reading_of_weights_and_not_the_operations():
    size, at = ModelSize(1000, 100, 0, 576), Lengths(6, 4)
    one, two = (answering(size, n=2, at=at, batch=batch, width=2) for batch in (1, 2))
    assert one.operations == two.operations
    assert one.read == 2 * two.read


@pytest.mark.parametrize("stage", ["weak", "control", "weak_to_strong", "ceiling"])
def test_the_paper_counts_what_a_run_counts(stage):
    """A run counts its own tokens; the paper takes mean lengths. Recorded runs may pass the lower layers
    at every step, so a tenth to two fifths less on paper is right, and more is not."""
    counted = recorded_runs()[0]["cost"]["stages"]
    operations = sum(cost["flops"] for name, cost in counted.items() if name.startswith(f"{stage} "))
    if stage == "weak":
        operations = counted["weak training"]["flops"]
    assert 0.6 < whole(CPU)[stage].operations / operations < 1.15


def test_half_the_width_of_a_weight_is_half_the_bytes():
    assert whole(CPU)["ceiling"].read * 2 == pytest.approx(
        whole(replace(CPU, precision="float32"))["ceiling"].read
    )


def test_the_floor_is_the_slower_of_both_limits():
    machine = Machine("m", operations=10, bandwidth=100, source="")
    assert machine.floor(Work(operations=50, read=100)) == 5
    assert machine.floor(Work(operations=50, read=1000)) == 10
    assert H100.floor(Work(H100.operations, 0)) == 1


def test_the_strong_models_work_counted_by_hand():
    """56 tokens an example, 14 of them its label; 12 of 30 layers of width 576 learn; 2 bytes a weight."""
    size = size_of("smollm2-135m")
    attention = 4 * 30 * 576 * 28  # operations a token: 28 tokens before it in the mean
    upper = 0.4 * 56 * (2 * size.computed + attention)  # a forward pass of an example through these layers
    head = 14 * 2 * size.head
    below = Work(pytest.approx(64 * 1.5 * upper), pytest.approx(4 * 0.6 * size.computed * 2))
    assert passing_below(CPU, 64) == below  # four batches of 16
    checked = 4 * (0.4 * size.computed + size.head) * 2
    assert checking_strong(CPU, 64) == Work(pytest.approx(64 * (upper + head)), pytest.approx(checked))
    step = 8 * 2 * (upper + head)  # forward and back
    reads = 2 * (0.4 * size.computed + size.head) * 2
    assert learning_strong(CPU) == Work(pytest.approx(125 * step), pytest.approx(125 * reads))


def test_answers_after_a_shared_beginning_counted_by_hand():
    """100 answers in batches of 64, read 16 at a time: 7 passes for prompts, 2 x 18 for further tokens."""
    size, at = size_of("smollm2-135m"), Lengths(prompt=42, label=14)
    weights = (7 + 2 * 18) * (size.computed + size.head) * 2
    own = 100 * 19 * 56 * 30 * 384 * 2  # 30 layers, 384 numbers a token, 2 bytes each
    assert answering(size, 100, at, 64, 2).read == pytest.approx(weights + own)
    shared = (7 + 2 * 18) * 443 * 30 * 384 * 2  # once a pass, not once a row
    assert answering(size, 100, at, 64, 2, before=443).read == pytest.approx(weights + own + shared)


def test_a_further_label_of_a_snippet_passes_its_own_tokens_alone():
    one, two = passing_below(CPU, 64), passing_below(CPU, 64, 10)
    size = size_of("smollm2-135m")
    assert two.operations - one.operations == pytest.approx(
        0.6 * 10 * 14 * (2 * size.computed + 4 * 30 * 576 * 28)
    )
    assert two.read == one.read


def test_the_lower_layers_pass_every_snippet_once():
    """Those that two arms share in a stage of their own, with the weak labels that are wrong besides; the
    gold pairs in the arm that learns from them."""
    sizes = CPU.sizes
    asked = sizes.val + sizes.test
    assert work_of(CPU)["lower_layers"].passing == passing_below(CPU, sizes.pool + asked, sizes.pool // 2)
    assert work_of(CPU)["strong_on_gold"].passing == passing_below(CPU, sizes.gold + asked)


def test_every_model_is_counted_with_its_own_dimensions():
    small, large = size_of("smollm2-360m"), size_of("gpt2-large")
    assert (small.layers, small.width, small.head) == (32, 960, 47_185_920)
    assert (large.layers, large.width, large.head) == (36, 1280, 64_328_960)
    # 2 operations a computed parameter, and attention over half of 56 tokens: 632.7 million a token.
    assert forward_flops(small, 1, 0, 28) == pytest.approx(2 * (361_821_120 - 47_185_920) + 4 * 32 * 960 * 28)
