"""Plain baselines: what ten careful lines of scikit-learn make of the same features on the same folds.

Each baseline takes feature matrices and folds, and gives out-of-fold outputs of the shape in which methods give theirs:

    outputs = plain.baselines["logistic"](task, matrices, target, folds, groups)      # [1, N, K]

task: a `Task`. matrices: by input, `Matrix(values [N, D], present [N] bool)`. target: [N] as
`fit` takes it. folds: (training rows, test rows). groups: [N] or None. K: columns of the task (class probabilities, of
labels with their thresholds, or the one value); nan for cases in no test fold. Everything is fitted on the labelled
training rows of each fold, features standardised on them; where an input is missing its features are the training mean.
Penalties are chosen by inner folds that keep groups together. A baseline is named in `baselines`, with the title and
the citation people read in `about`.

Legend: N cases, D features of an input, K numbers reported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import logsumexp

from mmcore.base.label_sets import memberships
from mmcore.base.settings import _
from mmcore.training.linear_fit import inner_folds
from mmcore.training.plain_cox import cox
from mmcore.training.tasks import Task
from mmcore.training.thresholds import best_thresholds, with_thresholds

Folds = Sequence[tuple[np.ndarray, np.ndarray]]
_STRENGTHS = np.logspace(-4, 1, 11)  # inverse penalties of the logistic regression
_PENALTIES = np.logspace(-1, 4, 11)  # of the ridge regression
_TREES = 300
_FEW_CLASSES = 4  # up to which boosting takes all its steps
_WIDEST = 512  # principal components that trees are given of wider features: they would take minutes else


@dataclass(frozen=True, eq=False)
class Matrix:
    """Features of one input: values [N, D], rows of cases that lack it are ignored; present [N] bool."""

    values: np.ndarray
    present: np.ndarray


FoldMatrices = Sequence[Mapping[str, Matrix]]  # one for each fold, where features depend on it
Matrices = Mapping[str, Matrix] | FoldMatrices
Baseline = Callable[[Task, Matrices, np.ndarray, Folds, "np.ndarray | None"], np.ndarray]


def logistic(
    task: Task, matrices: Matrices, target: np.ndarray, folds: Folds, groups: np.ndarray | None = None
) -> np.ndarray:
    """Ridge-penalised logistic (linear, Cox) regression of all features together, penalty by inner folds. [1, N, K]."""
    return _out_of_fold(task, matrices, target, folds, groups, _linear)


def forest(
    task: Task, matrices: Matrices, target: np.ndarray, folds: Folds, groups: np.ndarray | None = None
) -> np.ndarray:
    """Random forest (Breiman 2001) of all features together. [1, N, K]."""
    return _out_of_fold(task, matrices, target, folds, groups, _forest)


def boosted(
    task: Task, matrices: Matrices, target: np.ndarray, folds: Folds, groups: np.ndarray | None = None
) -> np.ndarray:
    """Gradient-boosted trees (Friedman 2001; histograms as in LightGBM) of all features together. [1, N, K]."""
    return _out_of_fold(task, matrices, target, folds, groups, _boosted)


def averaged(
    task: Task, matrices: Matrices, target: np.ndarray, folds: Folds, groups: np.ndarray | None = None
) -> np.ndarray:
    """Mean of the logistic (linear, Cox) regressions of the single inputs that a case has. [1, N, K]."""
    by_fold = _by_fold(matrices, len(folds))
    outputs = {
        name: logistic(task, [{name: each[name]} for each in by_fold], target, folds, groups) for name in by_fold[0]
    }
    return average(outputs, {name: matrix.present for name, matrix in by_fold[0].items()})


def average(outputs: Mapping[str, np.ndarray], present: Mapping[str, np.ndarray]) -> np.ndarray:
    """Mean over the inputs that each case has (all of them where it has none) of outputs [1, N, K], by input."""
    stacked = np.stack([outputs[name] for name in outputs]).astype(float)  # [M, 1, N, K]
    here = np.stack([present[name] for name in outputs])[:, None, :, None]
    weights = np.where(here.any(0), here, True)
    mean: np.ndarray = np.where(weights, stacked, 0).sum(0) / weights.sum(0)
    return mean.astype(np.float32)


def baselines_of(task: str) -> tuple[str, ...]:
    """Names of the baselines that a task has: there are no trees for times to an event here."""
    return ("logistic", "averaged") if task == "survival" else tuple(baselines)


baselines: dict[str, Baseline] = {
    "logistic": logistic,
    "forest": forest,
    "boosted": boosted,
    "averaged": averaged,
}


def about(name: str, task: str = "") -> tuple[str, str]:
    """Title and citation of a baseline, for people."""
    if task == "survival":
        cox = "Cox, JRSS B 1972; Verweij & van Houwelingen, Statistics in Medicine 1994"
        return {
            "logistic": (_("Ridge-penalised Cox model"), cox),
            "averaged": (_("Average of single-input Cox models"), cox),
        }[name]
    return {
        "logistic": (
            _("Ridge-penalised regression"),
            "Hoerl & Kennard, Technometrics 1970; le Cessie & van Houwelingen, Applied Statistics 1992; scikit-learn",
        ),
        "forest": (_("Random forest"), "Breiman, Machine Learning 2001; scikit-learn"),
        "boosted": (_("Boosted trees"), "Friedman, Annals of Statistics 2001; scikit-learn"),
        "averaged": (_("Average of single-input regressions"), "scikit-learn"),
    }[name]


def _by_fold(matrices: Matrices, folds: int) -> FoldMatrices:
    return [matrices] * folds if isinstance(matrices, Mapping) else matrices


def _out_of_fold(
    task: Task,
    matrices: Matrices,
    target: np.ndarray,
    folds: Folds,
    groups: np.ndarray | None,
    make: Callable[[Task, np.ndarray, np.ndarray, np.ndarray], Any],
) -> np.ndarray:
    """make(task, features, target, inner folds) -> a fitted model of scikit-learn."""
    values = np.asarray(target, float)
    labelled = task.labelled(values)
    outputs = np.full((1, len(values), task.scored_columns), np.nan, np.float32)
    for number, ((train, test), own) in enumerate(zip(folds, _by_fold(matrices, len(folds)), strict=True)):
        rows, tested = np.asarray(train, int), np.asarray(test, int)
        rows = rows[labelled[rows]]
        features = _standardised(own, rows)
        if task.name == "survival":
            apart = inner_folds(task.strata(values[rows]), None if groups is None else groups[rows], True, number)
            outputs[0, tested] = cox(task, features[rows], values[rows], apart, features[tested])
            continue
        if task.name == "multilabel":
            wanted = memberships(values[rows], len(task.classes))
            inner = inner_folds(task.strata(values[rows]), None if groups is None else groups[rows], True, number)
            outputs[0, tested] = _one_against_rest(features[rows], features[tested], wanted, inner, make)
            continue
        wanted = values[rows] if task.name == "regression" else values[rows].astype(int)
        inner = inner_folds(wanted, None if groups is None else groups[rows], task.name != "regression", number)
        if task.name != "regression" and len(np.unique(wanted)) < 2:
            outputs[0, tested] = np.eye(task.columns)[wanted[0]]
            continue
        model = make(task, features[rows], wanted, inner)
        if task.name == "regression":
            outputs[0, tested, 0] = model.predict(features[tested])
        else:
            outputs[0, tested] = 0
            outputs[0, tested[:, None], model.classes_[None]] = model.predict_proba(features[tested])
    return outputs


def _one_against_rest(
    features: np.ndarray,
    tested: np.ndarray,
    wanted: np.ndarray,
    inner: np.ndarray,
    make: Callable[[Task, np.ndarray, np.ndarray, np.ndarray], Any],
) -> np.ndarray:
    """A model of each label by itself: probabilities and thresholds [n, 2 L] of the tested cases.

    The threshold of a label is the best one on half of the training rows, by a model of the other half.
    """
    task, labels = Task(name="binary", classes=("no", "yes")), wanted.shape[1]
    if features.shape[1] > len(features):  # once for all labels: principal components keep every distance
        features, tested = _rotated(features, tested)
    stated, held_out = np.zeros((len(tested), labels)), np.zeros((len(features), labels))
    halves = inner % 2 == 0
    if halves.all():
        halves = np.arange(len(inner)) % 2 == 0
    for k in range(labels):
        label = wanted[:, k].astype(int)
        stated[:, k] = _positive(make, task, features, label, inner, tested)
        held_out[halves, k] = _positive(make, task, features[~halves], label[~halves], inner[~halves], features[halves])
    return with_thresholds(stated, best_thresholds(wanted[halves], held_out[halves]))


def _rotated(features: np.ndarray, tested: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.decomposition import PCA

    axes = PCA(random_state=0).fit(features)
    return axes.transform(features).astype(np.float32), axes.transform(tested).astype(np.float32)


def _positive(
    make: Callable[[Task, np.ndarray, np.ndarray, np.ndarray], Any],
    task: Task,
    features: np.ndarray,
    label: np.ndarray,
    inner: np.ndarray,
    tested: np.ndarray,
) -> np.ndarray:
    if label.min() == label.max():
        return np.full(len(tested), float(label[0]))
    probability: np.ndarray = make(task, features, label, inner).predict_proba(tested)[:, 1]
    return probability


def _standardised(matrices: Mapping[str, Matrix], rows: np.ndarray) -> np.ndarray:
    """[N, sum of D] by the training rows that have each input; what is missing is their mean."""
    parts = []
    for matrix in matrices.values():
        here = rows[matrix.present[rows]]
        values = np.asarray(matrix.values, np.float32)
        mean = values[here].mean(0) if len(here) else np.zeros(values.shape[1], np.float32)
        scale = values[here].std(0) if len(here) else np.ones(values.shape[1], np.float32)
        # what hardly varies among the training rows is rounding (components beyond their number), and huge elsewhere
        whole = values[matrix.present].std(0) if matrix.present.any() else scale
        scale = np.where(scale > np.maximum(1e-6 * np.maximum(np.abs(mean), 1e-6), 1e-4 * whole), scale, np.inf)
        parts.append(np.where(matrix.present[:, None], (values - mean) / scale, 0.0))
    return np.concatenate(parts, 1)


def _division(inner: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(np.flatnonzero(inner != k), np.flatnonzero(inner == k)) for k in np.unique(inner)]


def _linear(task: Task, features: np.ndarray, target: np.ndarray, inner: np.ndarray) -> Any:
    """Principal components keep every distance (as many as there are cases) and make wide features quick."""
    from sklearn.decomposition import PCA
    from sklearn.linear_model import LogisticRegression, LogisticRegressionCV, Ridge, RidgeCV
    from sklearn.pipeline import make_pipeline

    division = _division(inner)
    divided = len(division) > 1 and all(
        task.name == "regression" or len(np.unique(target[own])) == len(np.unique(target)) for own, _rest in division
    )
    if task.name == "regression":
        model: Any = RidgeCV(_PENALTIES, cv=division) if divided else Ridge(1.0)
    elif divided:
        model = LogisticRegressionCV(
            Cs=_STRENGTHS, cv=division, scoring=_log_likelihood, max_iter=300, use_legacy_attributes=False,
            l1_ratios=(0.0,),
        )  # fmt: skip
    else:
        model = LogisticRegression(C=0.01, max_iter=300)
    if features.shape[1] > len(features):
        model = make_pipeline(PCA(), model)
    return model.fit(features, target)


def _log_likelihood(model: Any, features: np.ndarray, target: np.ndarray) -> float:
    """scikit-learn's "neg_log_loss", which checks the same matrices anew each time: longer than fitting takes."""
    logits = features @ np.atleast_2d(model.coef_).T + model.intercept_
    if logits.shape[1] == 1:
        logits = np.concatenate([np.zeros_like(logits), logits], 1)
    own = logits[np.arange(len(logits)), np.searchsorted(model.classes_, target)]
    likelihood = np.clip(own - logsumexp(logits, 1), np.log(np.finfo(logits.dtype).eps), None)
    return float(likelihood.mean())


def _forest(task: Task, features: np.ndarray, target: np.ndarray, _inner: np.ndarray) -> Any:
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    if task.name == "regression":
        return RandomForestRegressor(_TREES, min_samples_leaf=2, random_state=0).fit(features, target)
    return RandomForestClassifier(_TREES, min_samples_leaf=2, random_state=0).fit(features, target)


def _boosted(task: Task, features: np.ndarray, target: np.ndarray, _inner: np.ndarray) -> Any:
    from sklearn.decomposition import PCA
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    from sklearn.pipeline import make_pipeline

    part = HistGradientBoostingRegressor if task.name == "regression" else HistGradientBoostingClassifier
    # every class grows a tree in each step; few bins cost a half and lose nothing on cohorts of some hundred cases
    steps = 120 if task.columns <= _FEW_CLASSES else 60
    model: Any = part(
        learning_rate=0.06 * 120 / steps, max_iter=steps, max_leaf_nodes=15, max_bins=64, l2_regularization=1.0,
        random_state=0,
    )  # fmt: skip
    if features.shape[1] > _WIDEST:
        model = make_pipeline(PCA(min(_WIDEST, len(features) - 1), random_state=0), model)
    return model.fit(features, target)
