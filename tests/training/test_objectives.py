"""Claims about the objectives, against sums done by hand and against finite differences."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from w2s_course.errors import UsageError
from w2s_course.training.batches import Example, collate
from w2s_course.training.finetune import label_logits, label_rows
from w2s_course.training.objectives import (
    Moment,
    confidence_loss,
    constant,
    decaying,
    kd_divergence,
    negative_log_likelihood,
    ramping,
    with_confidence,
    with_distillation,
)


def test_eq_4_10_is_the_mean_of_minus_log_probabilities():
    import torch

    # Probabilities of the labels: 1/2 and 1/4, by hand.
    logits = torch.log(torch.tensor([[0.5, 0.25, 0.25], [0.5, 0.25, 0.25]]))
    loss = negative_log_likelihood(logits, torch.tensor([0, 1]))
    assert loss.item() == pytest.approx((math.log(2) + math.log(4)) / 2)


def test_a_batch_without_labels_is_refused():
    import torch

    with pytest.raises(ValueError, match="No label token"):
        negative_log_likelihood(torch.zeros(0, 4), torch.zeros(0, dtype=torch.long))


# --- schedules --------------------------------------------------------------------------------------


def test_the_warm_up_ramps_in_equal_steps_up_to_its_weight_and_stays_there():
    steps = 100
    trust = [ramping(0.5, warmup=0.2)(step / steps) for step in range(steps)]
    assert trust[0] == 0
    rises = [after - before for before, after in pairwise(trust[:21])]
    assert rises == pytest.approx([0.5 / 20] * 20), "a jump at the end of the warm-up is no warm-up"
    assert trust[20:] == pytest.approx([0.5] * 80)


def test_a_decaying_weight_falls_to_nothing_and_a_constant_one_stays():
    assert [decaying(2.0)(p) for p in (0.0, 0.5, 1.0)] == [2.0, 1.0, 0.0]
    assert [constant(2.0)(p) for p in (0.0, 0.5, 1.0)] == [2.0, 2.0, 2.0]


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        (lambda: constant(-1.0), r"weight is -1\.0"),
        (lambda: decaying(-0.5), r"weight is -0\.5"),
        (lambda: ramping(-0.1, 0.2), r"weight is -0\.1"),
        (lambda: ramping(0.5, 0.0), r"warm-up is 0\.0 of the steps"),
        (lambda: ramping(0.5, 1.5), r"warm-up is 1\.5 of the steps"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(schedule, said):
    with pytest.raises(UsageError, match=said):
        schedule()


# --- distillation -----------------------------------------------------------------------------------


def test_eq_4_12_is_the_divergence_from_the_weak_to_the_strong_distribution():
    import torch

    weak, strong = torch.tensor([[0.75, 0.25], [0.5, 0.5]]), torch.tensor([[0.5, 0.5], [0.9, 0.1]])
    forward = 0.75 * math.log(0.75 / 0.5) + 0.25 * math.log(0.25 / 0.5)
    second = 0.5 * math.log(0.5 / 0.9) + 0.5 * math.log(0.5 / 0.1)
    assert kd_divergence(weak.log(), strong.log()).item() == pytest.approx((forward + second) / 2)
    backward = 0.5 * math.log(0.5 / 0.75) + 0.5 * math.log(0.5 / 0.25)
    assert forward != pytest.approx(backward, rel=0.05), "the example must tell the two directions apart"


def test_no_divergence_is_where_both_say_the_same_and_a_token_without_probability_adds_none():
    import torch

    weak = torch.tensor([[0.25, 0.75, 0.0]])
    strong = torch.tensor([[0.25, 0.75, 1e-9]])
    assert kd_divergence(weak.log(), strong.log()).item() == pytest.approx(0.0, abs=1e-6)


def test_over_the_tokens_in_use_it_is_the_divergence_over_all_of_them():
    import torch

    torch.manual_seed(0)
    strong, in_use = torch.randn(4, 9), torch.tensor([1, 4, 8])
    weak = torch.randn(4, 3).log_softmax(-1)
    whole = torch.full((4, 9), -torch.inf)
    whole[:, in_use] = weak
    divergence = kd_divergence(weak, strong, in_use)
    assert divergence.item() == pytest.approx(kd_divergence(whole, strong).item(), rel=1e-5)
    renormalised = kd_divergence(weak, strong[:, in_use])
    assert divergence > renormalised + 0.1, "what the strong model spends on other tokens must cost it"


def test_eq_4_13_adds_lambda_times_the_divergence_of_the_examples_in_the_batch():
    import torch

    torch.manual_seed(0)
    weak_of = [torch.randn(n, 3).log_softmax(-1) for n in (2, 4, 3)]
    in_use, logits, labels = torch.tensor([0, 2, 5]), torch.randn(5, 6), torch.tensor([0, 2, 5, 5, 0])
    at = Moment(0.25, examples=(2, 0), rows=torch.tensor([0, 0, 0, 1, 1]))
    loss = with_distillation(weak_of, in_use, decaying(2.0))(logits, labels, at)
    divergence = kd_divergence(torch.cat([weak_of[2], weak_of[0]]), logits, in_use)
    by_hand = negative_log_likelihood(logits, labels) + 1.5 * divergence
    assert loss.item() == pytest.approx(by_hand.item())
    alone = with_distillation(weak_of, in_use, constant(0.0))(logits, labels, at)
    assert alone.item() == pytest.approx(negative_log_likelihood(logits, labels).item())


def test_log_probabilities_of_other_examples_are_refused():
    import torch

    weak_of = [torch.zeros(2, 3), torch.zeros(3, 3)]
    swapped = Moment(0.0, examples=(1, 0), rows=torch.tensor([0, 0, 1, 1, 1]))  # as many tokens in all
    objective = with_distillation(weak_of, torch.tensor([0, 1, 2]), constant(1.0))
    with pytest.raises(UsageError, match=r"have \[2, 3\] label tokens.*\[3, 2\]"):
        objective(torch.zeros(5, 3), torch.zeros(5, dtype=torch.long), swapped)


# --- confidence -------------------------------------------------------------------------------------


def test_the_confidence_loss_weighs_the_label_against_the_students_own_choice():
    import torch

    logits = torch.tensor([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]]).log()
    label_terms, own_terms = [math.log(1 / 0.2), math.log(1 / 0.8)], [math.log(1 / 0.7), math.log(1 / 0.8)]
    by_hand = 0.6 * sum(label_terms) / 2 + 0.4 * sum(own_terms) / 2
    assert confidence_loss(logits, torch.tensor([1, 2]), trust=0.4).item() == pytest.approx(by_hand)


def test_a_sure_student_is_pulled_to_a_wrong_label_by_the_likelihood_and_not_by_the_confidence_loss():
    import torch

    logits = torch.tensor([[4.0, 0.0]], requires_grad=True)
    label = torch.tensor([1])
    (to_label,) = torch.autograd.grad(negative_log_likelihood(logits, label), logits)
    (trusting,) = torch.autograd.grad(confidence_loss(logits, label, trust=1.0), logits)
    assert to_label[0, 0] > 0 > trusting[0, 0]


def test_no_gradient_goes_through_the_hardened_prediction():
    import torch

    logits = torch.tensor([[1.0, 0.5, -1.0]], requires_grad=True)
    confidence_loss(logits, torch.tensor([1]), trust=0.3).backward()
    target = torch.tensor([[0.3, 0.7, 0.0]])  # cross-entropy against a given target: softmax - target
    torch.testing.assert_close(logits.grad, logits.detach().softmax(-1) - target)


def test_trust_is_what_the_schedule_says_at_the_moment():
    import torch

    torch.manual_seed(0)
    logits, labels = torch.randn(4, 5), torch.tensor([0, 1, 2, 3])
    objective = with_confidence(ramping(0.5, warmup=0.2))
    for progress, trust in ((0.0, 0.0), (0.1, 0.25), (0.7, 0.5)):
        found = objective(logits, labels, Moment(progress, (0,), torch.zeros(4, dtype=torch.long)))
        assert found.item() == pytest.approx(confidence_loss(logits, labels, trust).item())


# --- gradients --------------------------------------------------------------------------------------


def objectives():
    import torch

    torch.manual_seed(1)
    weak_of = [torch.randn(n, 4, dtype=torch.float64).log_softmax(-1) for n in (3, 2)]
    in_use = torch.tensor([0, 3, 5, 6])
    return {
        "4.10": negative_log_likelihood,
        "4.12": lambda logits, labels, at: kd_divergence(torch.cat(weak_of), logits, in_use),
        "4.13": with_distillation(weak_of, in_use, decaying(0.7)),
        "confidence": with_confidence(ramping(0.5, warmup=0.2)),
    }


@pytest.mark.parametrize("name", ["4.10", "4.12", "4.13", "confidence"])
def test_the_gradient_of_each_objective_is_that_of_finite_differences(name):
    import torch

    torch.manual_seed(0)
    logits = torch.randn(5, 7, dtype=torch.float64, requires_grad=True)
    labels, at = torch.tensor([0, 6, 3, 3, 1]), Moment(0.1, (0, 1), torch.tensor([0, 0, 0, 1, 1]))
    assert torch.autograd.gradcheck(lambda x: objectives()[name](x, labels, at), logits)


@pytest.mark.parametrize("name", ["4.10", "4.12", "4.13", "confidence"])
def test_in_a_model_each_objectives_gradient_is_that_of_finite_differences(name):
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)  # GPT-2, since Llama's norm works in float32 whatever it is given
    model = GPT2LMHeadModel(GPT2Config(vocab_size=7, n_positions=8, n_embd=8, n_layer=1, n_head=2))
    model = model.double().eval()
    batch = collate([Example((1, 2, 4), (3, 5, 0)), Example((2,), (6, 0))], pad_id=0)
    at, objective = Moment(0.1, (0, 1), label_rows(batch)), objectives()[name]

    def loss():
        return objective(*label_logits(model, batch), at)

    weight = model.transformer.h[0].mlp.c_fc.weight  # (8, 32), below the head and a nonlinearity
    (gradient,) = torch.autograd.grad(loss(), weight)
    assert gradient.abs().max() > 1e-5
    for place in ((0, 0), (3, 7), (7, 31)):
        with torch.no_grad():
            start = weight[place].item()
            weight[place] = start + 1e-4
            ahead = loss()
            weight[place] = start - 1e-4
            behind = loss()
            weight[place] = start
        assert gradient[place].item() == pytest.approx(((ahead - behind) / 2e-4).item(), rel=1e-5, abs=1e-9)


@pytest.mark.parametrize("name", ["4.10", "4.12", "4.13", "confidence"])
def test_a_loss_in_half_precision_is_summed_in_full(name):
    import torch

    torch.manual_seed(0)
    logits = torch.randn(5, 7)
    labels, at = torch.tensor([0, 6, 3, 3, 1]), Moment(0.1, (0, 1), torch.tensor([0, 0, 0, 1, 1]))
    half = logits.bfloat16()
    assert objectives()[name](half, labels, at).item() == objectives()[name](half.float(), labels, at).item()
