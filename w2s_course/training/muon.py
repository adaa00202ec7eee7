"""Muon (Jordan et al. 2024): the step of a matrix is its momentum, made equally long in every direction.

    M <- beta M + (1 - beta) G
    U S V' = beta M + (1 - beta) G                     the momentum, looking one step ahead
    W <- (1 - lr decay) W - lr sqrt(max(1, rows / columns)) U V'

It is PyTorch's but for two things, which decide how long a small model learns in float32. PyTorch multiplies
in bfloat16 whatever the weights are: a processor without instructions for it emulates them, and there the
optimiser took three quarters of a step. And it takes one matrix after the other; here those of one shape go
together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from torch import Tensor


def orthogonal(
    matrices: Tensor, coefficients: tuple[float, float, float], steps: int, epsilon: float
) -> Tensor:
    """U V' of each matrix U S V', roughly: what was above zero in S becomes about 0.7 to 1.2.

    matrices: (number, rows, columns). The iteration of Newton and Schulz, a X + b X X' X + c (X X')^2 X, with
    coefficients that bring small singular values up fast.
    """
    a, b, c = coefficients
    tall = matrices.size(1) > matrices.size(2)
    x = matrices.mT if tall else matrices  # X X' is the smaller of the two products
    x = x / x.norm(dim=(1, 2), keepdim=True).clamp(min=epsilon)  # no singular value above 1
    for _ in range(steps):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.mT if tall else x


class Muon(torch.optim.Muon):
    """PyTorch's optimiser, its products in the precision of the weights, and those of one shape together."""

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """One step of every matrix that has a gradient."""
        for group in self.param_groups:
            by_shape: dict[torch.Size, list[Tensor]] = {}
            for weight in group["params"]:
                if weight.grad is not None:
                    by_shape.setdefault(weight.shape, []).append(weight)
            for weights in by_shape.values():
                self._step(weights, group)

    def _step(self, weights: list[Tensor], group: dict[str, Any]) -> None:
        """One step of matrices of one shape."""
        ahead = []
        for weight in weights:
            gradient, state = weight.grad, self.state[weight]
            assert gradient is not None
            if not state:
                state["momentum_buffer"] = torch.zeros_like(weight)
            momentum = state["momentum_buffer"].lerp_(gradient, 1 - group["momentum"])
            ahead.append(gradient.lerp(momentum, group["momentum"]))
        steps = orthogonal(torch.stack(ahead), group["ns_coefficients"], group["ns_steps"], group["eps"])
        rows, columns = weights[0].shape
        rate = group["lr"] * max(1.0, rows / columns) ** 0.5
        for weight, step in zip(weights, steps, strict=True):
            weight.mul_(1 - group["lr"] * group["weight_decay"]).add_(step, alpha=-rate)
