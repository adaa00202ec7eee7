"""Claims about the objectives, against sums done by hand and against finite differences."""

from __future__ import annotations

import math

import pytest

from w2s_course.training.objectives import negative_log_likelihood


def test_eq_4_10_is_the_mean_of_minus_log_probabilities():
    import torch

    # Probabilities of the labels: 1/2 and 1/4, by hand.
    logits = torch.log(torch.tensor([[0.5, 0.25, 0.25], [0.5, 0.25, 0.25]]))
    loss = negative_log_likelihood(logits, torch.tensor([0, 1]))
    assert loss.item() == pytest.approx((math.log(2) + math.log(4)) / 2)


def test_the_gradient_of_eq_4_10_is_that_of_finite_differences():
    import torch

    torch.manual_seed(0)
    logits = torch.randn(5, 7, dtype=torch.float64, requires_grad=True)
    labels = torch.tensor([0, 6, 3, 3, 1])
    negative_log_likelihood(logits, labels).backward()
    for row, column in ((0, 0), (1, 2), (4, 1)):
        step = torch.zeros_like(logits)
        step[row, column] = 1e-3
        with torch.no_grad():
            ahead, behind = (negative_log_likelihood(logits + s * step, labels) for s in (1, -1))
        assert logits.grad[row, column].item() == pytest.approx(((ahead - behind) / 2e-3).item(), abs=1e-4)


def test_a_batch_without_labels_is_refused():
    import torch

    with pytest.raises(ValueError, match="No label token"):
        negative_log_likelihood(torch.zeros(0, 4), torch.zeros(0, dtype=torch.long))
