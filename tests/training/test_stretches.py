"""Protects how tokens are pooled: stretches against numpy, padding, shares that sum up, gradients that are finite."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from mmcore.base.values import InputSpec, Kind, Tokens
from mmcore.encoders import make as make_encoder
from mmcore.training import fold_readers
from mmcore.training.normaliser_fit import fit_normaliser, token_owners, widened
from mmcore.training.stretches import pool, shares
from mmcore.training.views import Stretched


def cases(make):
    chance = np.random.default_rng(0)
    return make.features([10 + chance.standard_normal((n, 4)) for n in (1, 2, 3, 7, 12, 12, 9, 0, 8, 30)])


@pytest.mark.parametrize("count", [3, 7, 12])
def test_mean_and_spread_of_stretches(count):
    values = np.random.default_rng(0).standard_normal((count, 5)).astype(np.float32)
    padded = torch.cat([torch.from_numpy(values), torch.full((4, 5), 99.0)])
    keep = torch.arange(count + 4) < count
    pooled = pool(padded, keep[None], 3)[0]
    edges = [k * count // 3 for k in range(4)]
    parts = [values[start:end] for start, end in itertools.pairwise(edges)]
    wanted = np.concatenate([np.concatenate([part.mean(0), part.std(0)]) for part in parts])
    assert np.allclose(pooled, wanted, atol=1e-3)


def test_tokens_that_are_taken_away_count_as_absent(make):
    tokens = cases(make).tokens([4, 5, 6])
    keep = tokens.mask & (torch.arange(tokens.mask.shape[1]) % 3 != 1)
    left = [tokens.values[i][keep[i]] for i in range(3)]
    each = [pool(own, torch.ones(1, len(own), dtype=torch.bool), 3)[0] for own in left]
    assert torch.allclose(pool(tokens.values, keep.unsqueeze(1), 3)[:, 0], torch.stack(each), atol=1e-4)


@pytest.mark.parametrize("stretches", [1, 3])
def test_shares_sum_to_the_vector(make, stretches):
    tokens = cases(make).tokens()
    each, weight = shares(tokens.values, tokens.mask, stretches)
    assert torch.allclose(each.sum(-2), pool(tokens.values, tokens.mask.unsqueeze(1), stretches)[:, 0], atol=1e-4)
    assert torch.allclose(weight.sum(-2), tokens.present.float().unsqueeze(1).expand(len(tokens.mask), each.shape[-1]))


def test_a_normaliser_of_stretches(make):
    features = cases(make)
    normaliser = fit_normaliser(Stretched(features, 3), np.arange(10), "vectors", 8)
    assert normaliser.inside == 4 and normaliser.dims == 8
    wide = widened(normaliser, 11)
    tokens = features.tokens()
    vectors = wide(tokens).values
    assert vectors.shape == (10, 1, 11) and not vectors[7].any() and not vectors[..., 8:].any()
    again = type(wide).restore("vectors", wide.state())
    assert torch.equal(again(tokens).values, vectors)
    assert torch.allclose(wide.shares(tokens).sum(1), vectors[:, 0], atol=1e-4)
    tokens = Tokens(tokens.values.clone().requires_grad_(), tokens.mask)
    (slope,) = torch.autograd.grad(wide(tokens).values.sum(), tokens.values)
    assert torch.isfinite(slope).all()


def test_named_readings_are_no_stretches_of_time(make):
    """Tokens that each fill their own features are a table; read in stretches they would be of another width."""
    own = make.features([np.diag(1 + np.arange(12.0)) for _case in range(6)])
    mixed = make.features([np.ones((12, 12)) for _case in range(6)])
    assert token_owners(own, np.arange(6)).sum() == 12 and token_owners(mixed, np.arange(6)) is None
    spec = InputSpec(name="ecg", kind=Kind.SIGNAL, columns=("ecg",))
    method = SimpleNamespace(encoders={"ecg": make_encoder("minirocket", spec)})
    for features, may in ((own, False), (mixed, True)):
        data = SimpleNamespace(features={"ecg": features})
        assert (fold_readers._stretched(data, method, "ecg") is not None) == may
