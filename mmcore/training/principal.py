"""Principal axes of features, exactly where that is quick and by subspace iteration else."""

from __future__ import annotations

import torch
from torch import Tensor

_EXACT = 1024  # cases or features up to which all axes are worked out


def principal_axes(z: Tensor, components: int, seed: int) -> Tensor:
    """[D, C] principal axes of z [n, D], scaled to a common size of the projections; zero beyond the rank."""
    n, width = z.shape
    count = min(components, n, width)
    axes, power = _exact(z, count) if min(n, width) <= _EXACT else _randomised(z, count, seed)
    largest = axes.gather(0, axes.abs().argmax(0, keepdim=True))
    axes = axes * torch.where(largest < 0, -1.0, 1.0)  # the sign is arbitrary
    usable = power > 1e-6 * power[0]
    # One common size, not whitening: on small cohorts minor axes are mostly noise and should stay small.
    basis = torch.zeros(width, components)
    basis[:, :count] = axes * usable / power[usable].mean().sqrt()
    return basis


def _exact(z: Tensor, count: int) -> tuple[Tensor, Tensor]:
    n, width = z.shape
    if n < width:
        power, vectors = torch.linalg.eigh((z @ z.T).double() / n)
        power, vectors = power.flip(0)[:count].float(), vectors.flip(1)[:, :count].float()
        return z.T @ vectors / (power.clamp_min(1e-12) * n).sqrt(), power
    power, vectors = torch.linalg.eigh((z.T @ z).double() / n)
    return vectors.flip(1)[:, :count].float(), power.flip(0)[:count].float()


def _randomised(z: Tensor, count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Subspace iteration (Halko et al. 2011)."""
    start = torch.randn(z.shape[1], min(count + 16, *z.shape), generator=torch.Generator().manual_seed(seed))
    basis = torch.linalg.qr(start)[0]
    for _ in range(3):
        basis = torch.linalg.qr(z.T @ (z @ basis))[0]
    power, vectors = torch.linalg.eigh(((z @ basis).T @ (z @ basis)).double() / z.shape[0])
    return basis @ vectors.flip(1)[:, :count].float(), power.flip(0)[:count].float()
