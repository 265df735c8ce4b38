"""How well something tells the target: a small model, out of fold, with how sure that is."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.metrics import r2_score, roc_auc_score
from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

LEAST = 40  # cases below which nothing is claimed
PER_CLASS = 8
FOLDS = 5
_CATEGORIES = 30  # values of a column that become columns of their own
_SHARED = 16  # columns that all other values share


@dataclass(frozen=True)
class Association:
    """metric: "auroc" or "r2". score: out of fold. low: what it exceeds in 995 of 1000 cohorts, roughly."""

    metric: str
    score: float
    low: float

    @property
    def chance(self) -> float:
        return 0.5 if self.metric == "auroc" else 0.0

    def beats(self, margin: float) -> bool:
        """Whether it is above chance by more than `margin`, for sure."""
        return self.low > self.chance + margin


def design(columns: pd.DataFrame) -> np.ndarray:
    """Numbers as they are with a flag where they lack, categories as flags: [N, P] float."""
    parts = []
    for name in columns:
        column = columns[name]
        if column.dtype == float and _varied(values := column.to_numpy()):
            lacks = np.isnan(values)
            parts += [np.where(lacks, np.median(values[~lacks]), values), lacks.astype(float)]
            continue
        numbers = pd.to_numeric(column, errors="coerce")
        if numbers.notna().sum() >= 0.9 * column.notna().sum() and numbers.nunique() > 2:
            filled = numbers.fillna(numbers.median()).to_numpy(float)
            parts += [filled, numbers.isna().to_numpy(float)]
        else:
            text = column.astype("string").fillna("")
            common = list(text.value_counts().index[:_CATEGORIES])
            parts += [(text == value).to_numpy(float) for value in common]
            rare = ~text.isin(common)
            if rare.any():  # the rest share a few flags, so that no category is left out
                places = pd.util.hash_array(text.to_numpy(dtype=object)) % _SHARED
                parts += [((places == place) & rare.to_numpy()).astype(float) for place in range(_SHARED)]
    return np.stack(parts, 1) if parts else np.zeros((len(columns), 0))


def _varied(values: np.ndarray) -> bool:
    """Whether there are more than two different numbers; without pandas, for thousands of columns."""
    there = values[~np.isnan(values)]
    return len(there) > 2 and bool(((there != there.min()) & (there != there.max())).any())


def associate(
    features: np.ndarray, target: np.ndarray, task: str, groups: np.ndarray | None = None, least_groups: int = FOLDS
) -> Association | None:
    """How well features [N, P] tell the target [N] (NaN: not known) through a linear model, out of five folds that keep
    groups together, or as many as there are groups. None where there is too little to say.

    least_groups: groups from which on they are kept together."""
    rows = np.flatnonzero(np.isfinite(target))
    features, target = features[rows], target[rows]
    groups = None if groups is None else groups[rows]
    if features.shape[1] == 0 or len(target) < LEAST or not (features.std(0) > 0).any():
        return None
    if groups is not None and len(np.unique(groups)) < least_groups:
        groups = None
    if task == "regression":
        return _of_values(features, target, groups)
    return _of_classes(features, target.astype(int), groups)


def _of_values(features: np.ndarray, target: np.ndarray, groups: np.ndarray | None) -> Association | None:
    if target.std() == 0:
        return None
    folds = KFold(FOLDS, shuffle=True, random_state=0) if groups is None else GroupKFold(_folds(groups))
    model = make_pipeline(StandardScaler(), RidgeCV(np.logspace(-1, 4, 6)))
    predicted = cross_val_predict(model, features, target, groups=groups, cv=folds)
    score = float(r2_score(target, predicted))
    spread = math.sqrt(4 * max(score, 0) * (1 - max(score, 0)) ** 2 / len(target)) + 1 / len(target)
    return Association("r2", score, score - 2.58 * spread)


def _of_classes(features: np.ndarray, target: np.ndarray, groups: np.ndarray | None) -> Association | None:
    classes, counts = np.unique(target, return_counts=True)
    if len(classes) < 2 or counts.min() < PER_CLASS:
        return None
    folds = (
        StratifiedKFold(FOLDS, shuffle=True, random_state=0) if groups is None else StratifiedGroupKFold(_folds(groups))
    )
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a fold without a class, a fit that is not finished: judged by its score
        predicted = cross_val_predict(model, features, target, groups=groups, cv=folds, method="predict_proba")
    if len(classes) == 2:
        score = float(roc_auc_score(target, predicted[:, 1]))
    else:
        score = float(roc_auc_score(target, predicted, multi_class="ovr"))
    few = int(counts.min())
    return Association("auroc", score, score - 2.58 * _spread(score, few, len(target) - few))


def _folds(groups: np.ndarray) -> int:
    return min(FOLDS, len(np.unique(groups)))


def _spread(auroc: float, positive: int, negative: int) -> float:
    """Standard error of an AUROC (Hanley & McNeil 1982, Radiology 143)."""
    area = min(max(auroc, 0.5), 0.999)
    first, second = area / (2 - area), 2 * area**2 / (1 + area)
    return math.sqrt(
        (area * (1 - area) + (positive - 1) * (first - area**2) + (negative - 1) * (second - area**2))
        / (positive * negative)
    )
