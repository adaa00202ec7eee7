"""Claims about Muon: it is PyTorch's, in float32."""

from __future__ import annotations

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from w2s_course.training.muon import Muon, orthogonal

SHAPES = [(8, 8), (8, 8), (21, 8), (21, 8), (8, 21)]
PYTORCHS = ((3.4445, -4.7750, 2.0315), 5, 1e-7)  # coefficients, steps, epsilon


def weights() -> list[torch.nn.Parameter]:
    numbers = torch.Generator().manual_seed(0)
    return [torch.nn.Parameter(torch.randn(shape, generator=numbers)) for shape in SHAPES]


def after_steps(kind: type[torch.optim.Muon], steps: int) -> list[torch.Tensor]:
    """The weights after steps with gradients that are always the same random ones."""
    optimizer, numbers = kind([{"params": weights(), "lr": 0.1}], weight_decay=0.2), torch.Generator()
    (group,) = optimizer.param_groups
    for _ in range(steps):
        for weight in group["params"]:
            weight.grad = torch.randn(weight.shape, generator=numbers)
        optimizer.step()
    return [weight.detach() for weight in group["params"]]


def test_its_steps_are_those_of_pytorch_but_for_rounding():
    for found, one, before in zip(
        after_steps(Muon, 3), after_steps(torch.optim.Muon, 3), weights(), strict=True
    ):
        assert (found - one).norm() < 0.05 * (before - one).norm()


def test_its_steps_are_those_of_pytorch_where_pytorch_does_not_round(monkeypatch):
    monkeypatch.setattr(torch.Tensor, "bfloat16", torch.Tensor.clone)
    for found, one in zip(after_steps(Muon, 3), after_steps(torch.optim.Muon, 3), strict=True):
        torch.testing.assert_close(found, one)


class NoHalf(TorchDispatchMode):
    """Refuses every operation on bfloat16 inside the block."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        found = func(*args, **(kwargs or {}))
        assert not (isinstance(found, torch.Tensor) and found.dtype == torch.bfloat16), func
        return found


def test_nothing_is_rounded_to_bfloat16():
    with NoHalf():
        after_steps(Muon, 1)
    with pytest.raises(AssertionError), NoHalf():
        after_steps(torch.optim.Muon, 1)


@pytest.mark.parametrize("shape", [(8, 8), (21, 8), (8, 21)])
def test_a_step_is_about_as_long_in_every_direction(shape):
    matrices = torch.randn((3, *shape), generator=torch.Generator().manual_seed(2))
    found = torch.linalg.svdvals(orthogonal(matrices, *PYTORCHS))
    assert found.shape == (3, 8)
    assert found.max() < 1.3
    assert found.median() > 0.6


def test_matrices_do_not_see_each_other():
    """Together or alone, the step of a matrix is the same."""
    together = orthogonal(torch.stack([weights()[0].detach(), 100 * weights()[1].detach()]), *PYTORCHS)
    alone = orthogonal(weights()[1].detach()[None], *PYTORCHS)
    torch.testing.assert_close(together[1:], alone, rtol=1e-3, atol=1e-4)


def test_a_matrix_without_a_gradient_stays():
    one, other = weights()[:2]
    one.grad = torch.ones_like(one)
    before = other.detach().clone()
    Muon([{"params": [one, other], "lr": 0.1}], weight_decay=0.2).step()
    assert torch.equal(other, before)
    assert not torch.equal(one, weights()[0])
