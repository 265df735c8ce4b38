"""Curves: the same numbers scikit-learn draws, with bands that hold them."""

import numpy as np
import pytest
from sklearn import metrics as sk

from mmcore.evaluation import calibration, confusion, roc, scatter, scores


def binary(cases=300, seeds=1):
    rng = np.random.default_rng(0)
    target = rng.integers(0, 2, cases)
    p = 1 / (1 + np.exp(-(rng.normal(size=(seeds, cases)) + 2 * target - 1)))
    return target, np.stack([1 - p, p], -1)


def test_roc_is_that_of_sklearn_and_its_area_the_auroc():
    target, outputs = binary()
    curve = roc("binary", target, outputs, points=1001)
    fpr, tpr, __ = sk.roc_curve(target, outputs[0, :, 1], drop_intermediate=False)
    for x, y in zip(curve.fpr[::100], curve.tpr[::100], strict=True):
        assert y == pytest.approx(tpr[fpr <= x].max(), abs=0.02)
    assert np.trapezoid(curve.tpr, curve.fpr) == pytest.approx(
        scores("binary", target, outputs)["auroc"].mean, abs=0.005
    )
    assert (curve.low <= curve.tpr + 1e-9).all() and (curve.tpr <= curve.high + 1e-9).all()
    assert (np.diff(curve.tpr) >= -1e-12).all()


def test_roc_of_several_classes_is_the_macro_average():
    rng = np.random.default_rng(1)
    target = rng.integers(0, 3, 200)
    outputs = rng.dirichlet(np.ones(3), (2, 200))
    outputs[:, np.arange(200), target] += 0.4
    outputs /= outputs.sum(-1, keepdims=True)
    curve = roc("multiclass", target, outputs, np.arange(200) // 4, draws=50)
    area = scores("multiclass", target, outputs)["auroc"].mean
    assert np.trapezoid(curve.tpr, curve.fpr) == pytest.approx(area, abs=0.01)


def test_calibration_counts_and_shares():
    target, outputs = binary(seeds=2)
    result = calibration("binary", target, outputs)
    assert result.cases.sum() == pytest.approx(300)
    assert (result.low <= result.observed).all() and (result.observed <= result.high).all()
    assert result.observed @ result.cases / 300 == pytest.approx(target.mean())
    assert result.of == "positive class"


def test_confusion_is_that_of_sklearn():
    target, outputs = binary()
    result = confusion("binary", target, outputs, ["no", "yes"])
    assert result.classes == ("no", "yes")
    assert (result.counts == sk.confusion_matrix(target, outputs[0].argmax(1))).all()


def test_scatter_leaves_out_what_has_no_target():
    result = scatter(np.array([1.0, np.nan, 3.0]), np.array([[[1.0], [2.0], [2.0]], [[2.0], [2.0], [4.0]]]))
    assert result.true.tolist() == [1, 3] and result.predicted.tolist() == [1.5, 3]


def test_a_perfect_model_scatters_as_far_as_is_said():
    chance, inside = np.random.default_rng(0), []
    for _trial in range(60):
        stated = chance.random(150)
        target = (chance.random(150) < stated).astype(int)
        curve = calibration("binary", target, np.stack([1 - stated, stated], -1)[None], draws=0)
        low, high = curve.if_perfect()
        inside.append((low <= curve.observed) & (curve.observed <= high))
        off = np.abs(curve.observed - curve.stated) > 0.6
        assert not (off & inside[-1]).any(), "far off is not within"
    assert 0.95 <= np.concatenate(inside).mean() < 0.995
