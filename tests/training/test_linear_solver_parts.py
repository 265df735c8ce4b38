"""Protects the linear solver where inner folds are few: every part's solution is its own, not only the whole's."""

from __future__ import annotations

import pytest
import torch

from mmcore.training.linear_solver import fit_linear, rotated


@pytest.mark.parametrize("folds", [2, 3, 5])
@pytest.mark.parametrize(("cases", "width"), [(60, 128), (200, 12)])
def test_ridge_of_each_part_is_the_closed_form(folds, cases, width):
    torch.manual_seed(0)
    values = torch.randn(cases, width)
    target = values[:, :3].sum(1, keepdim=True) + 0.3 * torch.randn(cases, 1)
    values = values - values.mean(0)
    values = values / values.square().sum(1).mean().sqrt()
    whole = torch.full((cases,), 1 / cases)
    inner = torch.arange(cases) % folds
    sets = torch.stack([torch.ones(cases), *((inner != number).float() for number in range(folds))], 1)
    weights = sets / sets.sum(0)
    scores, _axes, power = rotated(values, whole)
    slopes, intercepts = fit_linear("regression", scores, power, target, weights, (1e-2, 3e-2))
    for number in range(folds + 1):
        own = weights[:, number].double()
        design = torch.cat([scores.double(), torch.ones(cases, 1).double()], 1)
        for level, penalty in enumerate((1e-2, 3e-2)):
            ridge = penalty * torch.eye(design.shape[1]).double()
            ridge[-1, -1] = 0
            exact = torch.linalg.solve(
                design.T @ (design * own[:, None]) + ridge, design.T @ (own[:, None] * target.double())
            )
            text = scores @ slopes[number, level] + intercepts[number, level]
            assert torch.allclose(text.double(), design @ exact, atol=0.05), (number, penalty)
