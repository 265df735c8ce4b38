"""Protects recalibration: too sure is softened, the order of cases stays, and it survives being written down."""

import json

import numpy as np
import pytest

from mmcore.base.errors import BadInput
from mmcore.evaluation import calibration_check, measure
from mmcore.training.recalibration import RecalibrationMethod, Temperature, fit_recalibration, read_recalibration


def overconfident(cases=2000, classes=2, factor=3.0, seed=0):
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(cases, classes)) * 1.5
    true = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    target = (true.cumsum(1) < rng.random((cases, 1))).sum(1)
    stated = np.exp(factor * logits)
    return target, stated / stated.sum(1, keepdims=True)


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("method", list(RecalibrationMethod))
def test_what_was_too_sure_is_put_right_on_cases_it_was_not_fitted_on(method, classes):
    target, stated = overconfident(classes=classes)
    fitted = fit_recalibration(method, target[:1000], stated[:1000])
    after = fitted(stated[1000:])
    assert after.shape == (1000, classes) and np.allclose(after.sum(1), 1) and (after > 0).all()
    before = calibration_check(target[1000:], stated[1000:])
    assert calibration_check(target[1000:], after).error < before.error / 3
    assert np.allclose(read_recalibration(json.loads(json.dumps(fitted.document())))(stated), fitted(stated))


def test_a_temperature_is_found_and_keeps_the_order():
    target, stated = overconfident(cases=20000)
    fitted = fit_recalibration("temperature", target, stated)
    assert isinstance(fitted, Temperature) and fitted.temperature == pytest.approx(3, rel=0.06)
    ones = np.ones((len(target), 1))
    before, after = (measure("binary", target, p, ones, ("auroc",))["auroc"][0] for p in (stated, fitted(stated)))
    assert after == pytest.approx(before, abs=1e-6)


def test_one_class_is_a_sentence():
    with pytest.raises(BadInput, match="single class"):
        fit_recalibration("isotonic", np.zeros(10), np.full((10, 2), 0.5))
