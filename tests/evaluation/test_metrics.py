"""Metrics agree with scikit-learn, plain and weighted, ties and all; a resample that says nothing gives NaN."""

import numpy as np
import pytest
from sklearn import metrics as sk

from mmcore.evaluation import BINS, measure, metrics_of

RNG = np.random.default_rng(0)


def binary(cases=200, levels=None):
    target = RNG.integers(0, 2, cases)
    p = 1 / (1 + np.exp(-(RNG.normal(size=cases) + target)))
    if levels:
        p = np.round(p * levels) / levels  # ties
    return target, np.stack([1 - p, p], -1)


def multiclass(cases=240, classes=4):
    target = RNG.integers(0, classes, cases)
    outputs = RNG.dirichlet(np.ones(classes), cases)
    outputs[np.arange(cases), target] += 0.3
    return target, outputs / outputs.sum(1, keepdims=True)


def expected(target, outputs, weight):
    """The same metrics by scikit-learn."""
    two = outputs.shape[1] == 2
    predicted = outputs.argmax(1)
    average = "binary" if two else "macro"
    options = {"sample_weight": weight, "average": average, "zero_division": 0}
    if two:
        auroc = sk.roc_auc_score(target, outputs[:, 1], sample_weight=weight)
        auprc = sk.average_precision_score(target, outputs[:, 1], sample_weight=weight)
        brier = sk.brier_score_loss(target, outputs[:, 1], sample_weight=weight)
    else:
        each = [(target == k, outputs[:, k]) for k in range(outputs.shape[1])]
        auroc = np.mean([sk.roc_auc_score(t, o, sample_weight=weight) for t, o in each])
        auprc = np.mean([sk.average_precision_score(t, o, sample_weight=weight) for t, o in each])
        brier = np.average(((outputs - np.eye(outputs.shape[1])[target]) ** 2).sum(1), weights=weight)
    return {
        "auroc": auroc,
        "auprc": auprc,
        "brier": brier,
        "accuracy": sk.accuracy_score(target, predicted, sample_weight=weight),
        "balanced_accuracy": sk.balanced_accuracy_score(target, predicted, sample_weight=weight),
        "f1": sk.f1_score(target, predicted, **options),
        "precision": sk.precision_score(target, predicted, **options),
        "recall": sk.recall_score(target, predicted, **options),
    }


@pytest.mark.parametrize("make", [binary, lambda: binary(levels=5), multiclass], ids=["binary", "ties", "multiclass"])
def test_classification_agrees_with_sklearn(make):
    target, outputs = make()
    weights = np.stack([np.ones(len(target)), RNG.integers(0, 4, len(target))], 1).astype(np.float32)
    task = "binary" if outputs.shape[1] == 2 else "multiclass"
    result = measure(task, target, outputs, weights)
    assert set(result) == set(metrics_of(task))
    for column in range(2):
        for name, value in expected(target, outputs, weights[:, column]).items():
            assert result[name][column] == pytest.approx(value, abs=1e-5), name


def test_regression_agrees_with_sklearn():
    target = RNG.normal(1000, 5, 150)
    value = target + RNG.normal(0, 3, 150)
    weight = RNG.integers(0, 4, 150)
    result = measure("regression", target, value[:, None], np.stack([np.ones(150), weight], 1))
    for column, w in enumerate([np.ones(150), weight]):
        assert result["mae"][column] == pytest.approx(sk.mean_absolute_error(target, value, sample_weight=w))
        assert result["rmse"][column] == pytest.approx(sk.root_mean_squared_error(target, value, sample_weight=w))
        assert result["r2"][column] == pytest.approx(sk.r2_score(target, value, sample_weight=w))


def test_calibration_error_by_hand():
    """Two bins: 0.25 stated, none true; 0.85 stated, half true."""
    target, p = np.array([0, 0, 1, 0]), np.array([0.25, 0.25, 0.85, 0.85])
    result = measure("binary", target, np.stack([1 - p, p], -1), np.ones((4, 1)))
    assert BINS == 10
    assert result["ece"][0] == pytest.approx(0.5 * 0.25 + 0.5 * 0.35)


def test_multiclass_calibration_is_that_of_the_predicted_class():
    outputs = np.array([[0.75, 0.25, 0], [0.75, 0, 0.25], [0, 0.55, 0.45]])
    result = measure("multiclass", np.array([0, 1, 1]), outputs, np.ones((3, 1)))
    assert result["ece"][0] == pytest.approx((abs(1 - 1.5) + abs(1 - 0.55)) / 3)


def test_one_class_in_a_resample_is_undefined_not_wrong():
    target, outputs = np.array([0, 0, 1, 1]), np.array([[0.9, 0.1], [0.4, 0.6], [0.3, 0.7], [0.2, 0.8]])
    result = measure("binary", target, outputs, np.array([[1.0, 1], [1, 1], [1, 0], [1, 0]]))
    assert result["auroc"][0] == 1 and np.isnan(result["auroc"][1])
    assert np.isnan(result["recall"][1]) and np.isfinite(result["brier"][1])


def test_a_class_missing_from_a_resample_is_left_out_of_the_macro_average():
    target, outputs = multiclass(classes=3)
    without = (target != 2).astype(float)[:, None]
    result = measure("multiclass", target, outputs, without)
    recall = sk.recall_score(target, outputs.argmax(1), average=None, sample_weight=without[:, 0], zero_division=0)
    assert result["balanced_accuracy"][0] == pytest.approx(recall[:2].mean())
