"""Separation is honest: neighbours and probe as scikit-learn has them, nothing learnt from the cases it is scored on,
agreement by its closed forms."""

import numpy as np
import pytest
import torch

from mmcore.base.values import InputSpec, Kind, Tokens
from mmcore.encoders import Encoder
from mmcore.encoders.fitting import FoldPart
from mmcore.evaluation import separation
from mmcore.training.tasks import Task

BINARY = Task(name="binary", classes=("well", "ill"))
RNG = np.random.default_rng(0)


class Vectors:
    """Features at hand: one token a case; rows of `missing` have none."""

    def __init__(self, values, missing=()):
        self.values, self.dims = np.asarray(values, np.float32), np.shape(values)[1]
        self.counts = np.ones(len(values), int)
        self.counts[list(missing)] = 0

    def tokens(self, rows=None):
        rows = np.arange(len(self.values)) if rows is None else np.asarray(rows)
        return Tokens(torch.from_numpy(self.values[rows])[:, None], torch.from_numpy(self.counts[rows] > 0)[:, None])

    def pooled(self):
        return self.values * (self.counts > 0)[:, None], self.counts > 0


def folds(cases, count=5):
    which = np.arange(cases) % count
    return [(np.flatnonzero(which != k), np.flatnonzero(which == k)) for k in range(count)]


def cloud(cases=200, width=24, gap=1.0):
    target = RNG.integers(0, 2, cases)
    values = RNG.normal(size=(cases, width))
    values[:, :4] += gap * target[:, None]
    return values, target


def test_neighbours_are_those_of_scikit_learn():
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

    values, target = cloud()
    train, test = slice(0, 150), slice(150, None)
    model = KNeighborsClassifier(9, metric="cosine").fit(values[train], target[train])
    result = separation.knn(BINARY, values[train], target[train], values[test], 9)
    assert np.allclose(result, model.predict_proba(values[test]))
    amount = values[:, 0]
    model = KNeighborsRegressor(7, metric="cosine").fit(values[train], amount[train])
    result = separation.knn(Task(name="regression"), values[train], amount[train], values[test], 7)
    assert np.allclose(result[:, 0], model.predict(values[test]))
    assert separation.neighbours_for(4) == 5 and separation.neighbours_for(400) == 20
    assert separation.knn(BINARY, values[:3], target[:3], values[test]).shape == (50, 2), "fewer cases than neighbours"


def test_the_probe_is_logistic_regression_and_ridge_on_components():
    from sklearn.linear_model import LogisticRegression

    values, target = cloud(width=6)
    train, test = slice(0, 150), slice(150, None)
    result = separation.probe(BINARY, values[train], target[train], values[test])
    assert np.allclose(result.sum(1), 1)
    size = np.sqrt(np.cov(values[train].T).trace() / 6)  # components of full rank only turn the features
    centred = (values - values[train].mean(0)) / size
    model = LogisticRegression(C=separation.STRENGTH, max_iter=1000).fit(centred[train], target[train])
    assert np.allclose(result, model.predict_proba(centred[test]), atol=1e-3)
    amount = values @ np.arange(6.0) + 5
    line = separation.probe(Task(name="regression"), values[train], amount[train], values[test])
    assert np.corrcoef(line[:, 0], amount[test])[0, 1] > 0.99


def test_what_separates_scores_high_and_shuffled_labels_score_chance():
    values, target = cloud()
    for labels, least, most in ((target, 0.8, 1.0), (RNG.permutation(target), 0.35, 0.65)):
        for outputs in separation.out_of_fold(BINARY, Vectors(values), labels, folds(200)):
            result = separation.score(BINARY, labels, outputs, folds=len(folds(200)))
            assert least <= result.interval.mean <= most
            if most < 1:
                assert result.interval.low <= 0.5 <= result.interval.high


def test_cases_without_the_input_are_left_out_and_counted():
    values, target = cloud()
    values[:7] = 1e6  # what lies in the place of a missing input must not matter
    knn, probe = separation.out_of_fold(BINARY, Vectors(values, missing=range(7)), target, folds(200))
    for outputs in (knn, probe):
        assert np.isnan(outputs[0, :7]).all() and np.isfinite(outputs[0, 7:]).all()
    result = separation.score(BINARY, target, probe)
    assert result.cases == 193 and not result.scored[:7].any()
    assert separation.score(BINARY, target, np.full((1, 200, 2), np.nan)) is None


class Rows(FoldPart):
    """Remembers which rows it was fitted on."""

    name = "rows of a test"

    def __init__(self, dims):
        self._dims = dims

    @property
    def dims(self):
        return self._dims

    def __call__(self, tokens):
        return Tokens(tokens.values * 2, tokens.mask)

    def state(self):
        return {}

    @classmethod
    def restore(cls, state):
        return cls(1)


class Fitting(Encoder):
    """Notes what it may learn from."""

    kind, fits_on_fold, name, dims = Kind.TABLE, True, "fitting", 24

    def __init__(self):
        super().__init__(InputSpec(name="labs", kind=Kind.TABLE, columns=("a",)))
        self.seen = []

    def prepare(self, values):
        raise AssertionError("nothing is encoded here")

    def places(self, value):
        return []

    def fit(self, features, rows, target):
        self.seen.append(set(rows.tolist()))
        return Rows(features.dims)


def test_a_part_is_fitted_on_the_training_rows_of_each_fold_only():
    values, target = cloud()
    encoder, divided = Fitting(), folds(200)
    fitted = separation.out_of_fold(BINARY, Vectors(values, missing=[0]), target, divided, encoder=encoder)
    assert encoder.seen == [set(train.tolist()) - {0} for train, _test in divided]
    plain = separation.out_of_fold(BINARY, Vectors(values, missing=[0]), target, divided)
    assert np.allclose(fitted[0][0, 1:], plain[0][0, 1:]), "features twice as long are the same to neighbours"


def test_chance_is_what_one_answer_for_all_scores():
    amount = RNG.normal(3, 2, 400)
    assert separation.chance(Task(name="regression"), amount, folds(400)) == pytest.approx(amount.std(), rel=0.02)
    assert separation.chance(BINARY, np.zeros(4), folds(4, 2)) == 0.5


def test_differences_are_paired_over_the_same_cases_only():
    values, target = cloud()
    knn, probe = separation.out_of_fold(BINARY, Vectors(values), target, folds(200))
    first, second = separation.score(BINARY, target, knn), separation.score(BINARY, target, probe)
    gap = first.against(second)
    assert gap.difference == pytest.approx(first.interval.mean - second.interval.mean)
    fewer = knn.copy()
    fewer[0, 0] = np.nan
    assert separation.score(BINARY, target, fewer).against(second) is None


def test_cka_is_one_for_the_same_up_to_rotation_and_scale():
    values = RNG.normal(size=(60, 30))
    turned = 3 * values @ np.linalg.qr(RNG.normal(size=(30, 30)))[0] + 5
    assert separation.cka(values, values) == pytest.approx(1)
    assert separation.cka(values, turned) == pytest.approx(1)


def test_cka_of_unrelated_features_is_about_zero_even_when_they_outnumber_the_cases():
    drawn = [separation.cka(RNG.normal(size=(50, 400)), RNG.normal(size=(50, 300))) for _ in range(20)]
    assert abs(np.mean(drawn)) < 0.02


def test_cka_against_the_plain_estimate_on_many_cases():
    values = RNG.normal(size=(1500, 5))
    other = np.c_[values[:, :3], RNG.normal(size=(1500, 2))]
    a, b = values - values.mean(0), other - other.mean(0)
    plain = np.square(a.T @ b).sum() / np.linalg.norm(a.T @ a) / np.linalg.norm(b.T @ b)
    assert separation.cka(values, other) == pytest.approx(plain, abs=0.01)
    assert np.isnan(separation.cka(np.ones((10, 3)), RNG.normal(size=(10, 3))))
    assert np.isnan(separation.cka(values[:3], other[:3]))
