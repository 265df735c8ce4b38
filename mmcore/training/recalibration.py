"""Probabilities put right after training, by rows that the models had not learnt from. Only on request.

Fit on inner out-of-fold predictions of the training fold, apply to its test cases. Legend: n cases to fit on,
K classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import numpy as np
from scipy.optimize import minimize_scalar

from mmcore.base.errors import BadInput
from mmcore.base.settings import _

LEAST = 1e-7  # a probability that counts as it is; one below counts as this
LEAST_ROWS = 10
_WIDEST = 20.0  # a temperature beyond it, or below its inverse, is not looked for


class RecalibrationMethod(StrEnum):
    """temperature: one number that sharpens or softens all. isotonic: any rising curve; wants hundreds of cases."""

    TEMPERATURE = "temperature"
    ISOTONIC = "isotonic"


class Recalibration(Protocol):
    """A fitted correction of probabilities."""

    def __call__(self, probabilities: np.ndarray) -> np.ndarray:
        """[..., K] -> [..., K]"""

    def document(self) -> dict[str, Any]:
        """What `read_recalibration` makes the same correction of."""


@dataclass(frozen=True)
class Temperature:
    """Logits over one temperature (Guo et al. 2017); above 1 the model was too sure. Keeps the order of cases."""

    temperature: float

    def __call__(self, probabilities: np.ndarray) -> np.ndarray:
        logits = np.log(np.clip(probabilities, LEAST, 1)) / self.temperature
        powers = np.exp(logits - logits.max(-1, keepdims=True))
        return powers / powers.sum(-1, keepdims=True)

    def document(self) -> dict[str, Any]:
        return {"method": RecalibrationMethod.TEMPERATURE.value, "temperature": self.temperature}


@dataclass(frozen=True)
class Isotonic:
    """A rising curve for each class against the rest (Zadrozny and Elkan 2002), brought back to a sum of 1.

    stated, true: of each class, or of the positive class alone, the corners of its curve.
    """

    stated: tuple[tuple[float, ...], ...]
    true: tuple[tuple[float, ...], ...]

    def __call__(self, probabilities: np.ndarray) -> np.ndarray:
        curves = list(zip(self.stated, self.true, strict=True))
        if len(curves) == 1:
            positive = np.interp(probabilities[..., 1], *curves[0])
            return np.stack([1 - positive, positive], -1)
        each = np.stack([np.interp(probabilities[..., k], *curve) for k, curve in enumerate(curves)], -1)
        return each / each.sum(-1, keepdims=True)

    def document(self) -> dict[str, Any]:
        curves = {"stated": [list(row) for row in self.stated], "true": [list(row) for row in self.true]}
        return {"method": RecalibrationMethod.ISOTONIC.value, **curves}


def fit_recalibration(
    method: RecalibrationMethod | str, target: np.ndarray, probabilities: np.ndarray
) -> Temperature | Isotonic:
    """The correction that suits these rows: target [n] class index, probabilities [n, K] averaged over seeds.

    Raises BadInput if there is no case, or but one class.
    """
    target, probabilities = np.asarray(target, int), np.asarray(probabilities, float)
    if len(np.unique(target)) < 2:
        raise BadInput(
            _("Probabilities cannot be recalibrated on cases of a single class."), _("Use fewer folds, or more cases.")
        )
    chosen = RecalibrationMethod(method)
    return (
        _temperature(target, probabilities)
        if chosen is RecalibrationMethod.TEMPERATURE
        else _isotonic(target, probabilities)
    )


def correction_of(method: str, target: np.ndarray, probabilities: np.ndarray) -> Recalibration | None:
    """The same; None where the rows cannot tell: below 10 cases, or a single class."""
    if len(target) < LEAST_ROWS or len(np.unique(target)) < 2:
        return None
    return fit_recalibration(method, target, probabilities)


def read_recalibration(document: dict[str, Any]) -> Temperature | Isotonic:
    """Out of what `document` gave."""
    if document["method"] == RecalibrationMethod.TEMPERATURE:
        return Temperature(float(document["temperature"]))
    stated, true = (tuple(tuple(float(x) for x in row) for row in document[name]) for name in ("stated", "true"))
    return Isotonic(stated, true)


def _temperature(target: np.ndarray, probabilities: np.ndarray) -> Temperature:
    rows = np.arange(len(target))

    def loss(log_temperature: float) -> float:
        stated = Temperature(float(np.exp(log_temperature)))(probabilities)[rows, target]
        return float(-np.log(np.maximum(stated, LEAST)).mean())

    limit = float(np.log(_WIDEST))
    return Temperature(float(np.exp(minimize_scalar(loss, bounds=(-limit, limit), method="bounded").x)))


def _isotonic(target: np.ndarray, probabilities: np.ndarray) -> Isotonic:
    from sklearn.isotonic import IsotonicRegression

    classes = probabilities.shape[1]
    edge = 1 / (len(target) + 2)  # so few cases never make a thing certain
    stated, true = [], []
    for k in [1] if classes == 2 else range(classes):
        curve = IsotonicRegression(y_min=edge, y_max=1 - edge).fit(probabilities[:, k], target == k)
        stated.append(tuple(float(x) for x in curve.X_thresholds_))
        true.append(tuple(float(x) for x in curve.y_thresholds_))
    return Isotonic(tuple(stated), tuple(true))
