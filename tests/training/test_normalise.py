"""Protects normalising: training rows only, missing left out, tables kept whole, wide features made narrow."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mmcore.base.values import Tokens
from mmcore.training.normalise import CLIP, NARROW, WIDE, Normaliser
from mmcore.training.normaliser_fit import fit_normaliser

ROWS = np.arange(40)


def unbent(values):
    """Standardised values before they were bounded."""
    return WIDE * torch.atanh(torch.as_tensor(values) / WIDE)


def test_standardises_by_the_given_rows_and_leaves_missing_out(make):
    chance = np.random.default_rng(0)
    arrays = [chance.standard_normal((1, 12)) * 5 + 100 for _ in range(60)]
    arrays[3] = arrays[3][:0]
    features = make.features(arrays)
    for level in ("vectors", "tokens"):
        done = fit_normaliser(features, ROWS, level, 0)(features.tokens())
        own = unbent(done.values[:40][done.mask[:40]])
        assert torch.allclose(own.mean(0), torch.zeros(12), atol=1e-4)
        assert torch.allclose(own.std(0, correction=0), torch.ones(12), atol=1e-3)
        assert done.values[3].abs().sum() == 0 and not done.mask[3].any()


def test_a_constant_feature_is_not_blown_up(make):
    chance = np.random.default_rng(0)
    x = chance.standard_normal((50, 1, 12)).astype(np.float32)
    x[..., 0] = 5 + 1e-6 * chance.standard_normal((50, 1))
    done = fit_normaliser(make.features(x), ROWS, "vectors", 0)(make.features(x).tokens())
    assert done.values[..., 0].abs().max() < 1e-3


@pytest.mark.parametrize("cases", [30, 700])
def test_principal_components_are_those_of_scikit_learn(make, cases):
    from sklearn.decomposition import PCA

    chance = np.random.default_rng(0)
    x = (chance.standard_normal((cases, 5)) * [5, 4, 3, 2, 1]) @ chance.standard_normal(
        (5, 600)
    ) + chance.standard_normal((cases, 600))
    features = make.features(x[:, None])
    done = fit_normaliser(features, np.arange(cases), "vectors", 4)(features.tokens()).values[:, 0].numpy()
    z = WIDE * np.tanh((x - x.mean(0)) / x.std(0) / WIDE)
    want = PCA(4, svd_solver="full").fit_transform(z)
    assert done.shape == (cases, 4) and np.isclose((done**2).mean(), 1, atol=0.05)
    for k in range(4):
        assert abs(np.corrcoef(done[:, k], want[:, k])[0, 1]) > 0.999


def test_fewer_cases_than_components(make):
    features = make.features(np.random.default_rng(0).standard_normal((6, 1, 50)))
    assert fit_normaliser(features, np.arange(6), "vectors", 16)(features.tokens()).values.shape == (6, 1, 16)


def table(cases: int = 60):
    """Rows as `columns` says them: sodium [value, missing], sex [F, M, missing], smoker (0 or 1) [value, missing]."""
    chance = np.random.default_rng(0)
    x = np.zeros((cases, 3, 7), dtype=np.float32)
    sodium, sex, smoker = (
        140 + 3 * chance.standard_normal(cases),
        chance.integers(0, 2, cases),
        chance.integers(0, 2, cases),
    )
    x[:, 0, 0], x[np.arange(cases), 1, 2 + sex], x[:, 2, 5] = sodium, 1, smoker
    x[5, 0, :2] = 0, 1  # sodium not known
    return x, sodium, sex, smoker


def test_a_table_keeps_every_column_and_does_not_mix_them(make):
    x, sodium, sex, _smoker = table()
    features = make.features(x)
    vectors = fit_normaliser(features, ROWS, "vectors", 4)(features.tokens()).values[:, 0].numpy()
    reference = np.arange(60) != 5
    assert vectors.shape == (60, 7)
    wanted = (sodium[reference] - sodium[:40][reference[:40]].mean()) / sodium[:40][reference[:40]].std()
    assert np.allclose(unbent(vectors[reference, 0]), wanted, atol=1e-3)
    assert vectors[5, 0] == 0 and 4 < vectors[5, 1] < WIDE
    assert np.corrcoef(vectors[:, 3], sex)[0, 1] > 0.999
    done = fit_normaliser(features, ROWS, "tokens", 4)(features.tokens())
    assert done.values.shape == (60, 3, 10)
    assert torch.equal(done.values[0, :, 7:], torch.eye(3)) and done.values[:, 1, 0].abs().sum() == 0


def test_padding_changes_nothing(make):
    x, *_rest = table()
    wide = np.random.default_rng(0).standard_normal((60, 3, 12))
    for features in (make.features(x), make.features(wide)):
        for level in ("vectors", "tokens"):
            normalise, tokens = fit_normaliser(features, ROWS, level, 4), features.tokens()
            longer = Tokens(
                torch.nn.functional.pad(tokens.values, (0, 0, 0, 2)), torch.nn.functional.pad(tokens.mask, (0, 2))
            )
            a, b = normalise(tokens), normalise(longer)
            length = a.values.shape[1]
            assert torch.allclose(a.values, b.values[:, :length], atol=1e-6) and not b.mask[:, length:].any()


def test_nobody_has_the_input(make):
    features = make.features([np.zeros((0, 3))] * 5)
    done = fit_normaliser(features, np.arange(5), "vectors", 2)(features.tokens())
    assert done.values.abs().sum() == 0 and not done.mask.any()


@pytest.mark.parametrize("bound", [WIDE, NARROW])
def test_no_value_goes_beyond_the_bound_and_shares_still_sum_up(make, bound):
    x = np.random.default_rng(0).standard_t(2, (60, 4, 9)).astype(np.float32)
    normalise = fit_normaliser(make.features(x), ROWS, "vectors", 0, bound=bound)
    tokens = make.features(10 * x).tokens()
    vectors = normalise(tokens).values
    assert vectors.abs().max() <= bound + 1e-6 and vectors.abs().max() > 0.9 * bound
    assert torch.allclose(normalise.shares(tokens).sum(-2), vectors[:, 0], atol=1e-5)
    again = Normaliser.restore("vectors", normalise.state())
    assert torch.equal(again(tokens).values, vectors)


def test_a_normaliser_saved_before_there_were_bounds_cuts():
    older = Normaliser.restore("vectors", {"mean": torch.zeros(2), "scale": torch.ones(2)})
    tokens = Tokens(torch.tensor([[[2.0, 40.0]]]), torch.ones(1, 1, dtype=torch.bool))
    assert torch.equal(older(tokens).values, torch.tensor([[[2.0, CLIP]]]))
