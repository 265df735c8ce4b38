"""Protects Cox models: the optimum of the partial likelihood, its loss in closed form, Breslow's hazard by hand."""

from __future__ import annotations

import numpy as np
import torch
from scipy.optimize import minimize

from mmcore.training.baseline_hazard import breslow
from mmcore.training.cox_solver import fit_hazards, partial_loss
from mmcore.training.plain_cox import cox
from mmcore.training.tasks import Task


def _drawn(cases=60, seed=0):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(cases, 3))
    times, end = rng.exponential(np.exp(-features[:, 0])), rng.uniform(0, 3, cases)
    return features, np.where(times <= end, times, -end).round(1)


def test_breslows_hazard_by_hand():
    target = np.array([1.0, 2.0, -2.0, 2.0, 5.0, np.nan])
    plain = breslow(target)
    assert np.allclose(plain.at([0.5, 1, 2, 4, 9]), [0, 1 / 5, 1 / 5 + 2 / 4, 1 / 5 + 2 / 4, 1 / 5 + 2 / 4 + 1])
    risk = np.log([1, 2, 1, 1, 3, 1])
    assert np.allclose(breslow(target, risk).at(2.0), 1 / 8 + 2 / 7)


def test_the_loss_is_the_partial_likelihood():
    features, target = _drawn(8)
    risk, z = features[:, 0], torch.tensor(np.sign(target) * breslow(target).at(np.abs(target)))
    terms = [
        np.log(np.exp(risk[np.abs(target) >= time]).sum()) - own
        for time, own in zip(target, risk, strict=True)
        if time > 0
    ]
    loss = partial_loss(torch.tensor(risk)[None], z, torch.full((8,), 1 / 8, dtype=torch.double))
    assert np.isclose(float(loss[0]), sum(terms) / 8 - np.log(8) * (target > 0).mean())


def test_no_other_coefficients_have_a_lower_penalised_loss():
    features, target = _drawn()
    z = torch.tensor(np.sign(target) * breslow(target).at(np.abs(target)), dtype=torch.float32)
    scores, even = torch.tensor(features, dtype=torch.float32), torch.full((60, 1), 1 / 60)
    slopes, levels = fit_hazards(scores, z, even, (1e-3, 0.3))

    def loss(at, penalty):
        risk = torch.tensor(features @ at)[None]
        return float(partial_loss(risk, z.double(), even[:, 0].double())[0]) + penalty / 2 * (at**2).sum()

    for i, penalty in enumerate((1e-3, 0.3)):
        best = minimize(loss, np.zeros(3), (penalty,)).x
        assert np.allclose(slopes[0, i, :, 0].numpy(), best, atol=0.02)
    eta = features @ slopes[0, 0, :, 0].numpy() + levels[0, 0].numpy()
    assert np.isclose((z.abs().numpy() * np.exp(eta)).sum(), (target > 0).sum(), rtol=0.01), "as many events as seen"


def test_the_plain_model_knows_who_is_at_risk():
    features, target = _drawn(200)
    task = Task(name="survival", classes=("0.5", "1", "2"))
    outputs = cox(task, features[:150], target[:150], np.arange(150) % 5, features[150:])
    assert (
        outputs.shape == (50, 6) and (np.diff(outputs[:, :3]) >= 0).all() and np.allclose(outputs[:, 3:], [0.5, 1, 2])
    )
    assert np.corrcoef(outputs[:, 1], features[150:, 0])[0, 1] > 0.8
