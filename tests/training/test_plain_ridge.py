"""Protects the ridge regression of the plain baselines: it is scikit-learn's, for narrow and for wide features."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.linear_model import Ridge, RidgeCV
from sklearn.pipeline import make_pipeline

from mmcore.training.plain_ridge import fit_ridge

PENALTIES = np.logspace(-1, 4, 11)


def rows(width, cases=60):
    chance = np.random.default_rng(width)
    hidden = chance.standard_normal((cases, 8))
    features = 3 + hidden @ chance.standard_normal((8, width)) + chance.standard_normal((cases, width))
    return features, 50 + 4 * hidden[:, 0] + 3 * chance.standard_normal(cases)


@pytest.mark.parametrize("width", [1, 12, 59, 60, 200])
def test_it_is_what_scikit_learn_chooses_and_fits(width):
    features, target = rows(width)
    parts = np.array_split(np.random.default_rng(0).permutation(60), 5)
    division = [(np.setdiff1d(np.arange(60), part), np.sort(part)) for part in parts]
    other = RidgeCV(PENALTIES, cv=division)
    other = make_pipeline(PCA(), other) if width > 60 else other
    model, new = fit_ridge(features, target, division, PENALTIES), rows(width + 1)[0][:, :width]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = other.fit(features, target).predict(new)
    assert model.penalty == (other[-1] if width > 60 else other).alpha_
    assert model.predict(new) == pytest.approx(expected, rel=1e-7)


def test_without_inner_folds_it_takes_the_usual_penalty():
    features, target = rows(5)
    model = fit_ridge(features, target, [], PENALTIES)
    assert model.predict(features) == pytest.approx(Ridge(1.0).fit(features, target).predict(features))


def test_columns_that_say_nothing_and_targets_that_do_not_vary_are_no_trouble():
    features, target = rows(80)
    features[:, 40:] = 0
    division = [(np.arange(30), np.arange(30, 60)), (np.arange(30, 60), np.arange(30))]
    assert np.isfinite(fit_ridge(features, target, division, PENALTIES).coefficients).all()
    assert fit_ridge(features, np.full(60, 7.0), division, PENALTIES).predict(features) == pytest.approx(np.full(60, 7))
    assert fit_ridge(np.zeros((60, 80)), target, division, PENALTIES).predict(features[:1]) == pytest.approx(
        target.mean()
    )


def test_where_the_quick_decomposition_does_not_converge_the_slow_one_answers(monkeypatch):
    features, target = rows(90)
    division = [(np.arange(30), np.arange(30, 60)), (np.arange(30, 60), np.arange(30))]
    before = fit_ridge(features, target, division, PENALTIES)

    def failing(*_matrix, **_options):
        raise np.linalg.LinAlgError("SVD did not converge")

    monkeypatch.setattr(np.linalg, "svd", failing)
    after = fit_ridge(features, target, division, PENALTIES)
    assert after.penalty == before.penalty
    assert after.coefficients == pytest.approx(before.coefficients, abs=1e-9)
