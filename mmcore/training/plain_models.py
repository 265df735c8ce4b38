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

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from scipy.special import logsumexp

from mmcore.base.settings import _
from mmcore.training.plain_folds import Folds, Matrices, begin, by_fold, pool_of_folds
from mmcore.training.plain_labels import MakeModel
from mmcore.training.plain_ridge import fit_ridge
from mmcore.training.tasks import Task

_STRENGTHS = np.logspace(-4, 1, 11)  # inverse penalties of the logistic regression
_PENALTIES = np.logspace(-1, 4, 11)  # of the ridge regression
_TREES = 300
_FEW_CLASSES = 4  # up to which boosting takes all its steps
_WIDEST = 512  # principal components that trees are given of wider features: they would take minutes else


Baseline = Callable[[Task, Matrices, np.ndarray, Folds, "np.ndarray | None"], np.ndarray]


def logistic(
    task: Task, matrices: Matrices, target: np.ndarray, folds: Folds, groups: np.ndarray | None = None
) -> np.ndarray:
    """Ridge-penalised logistic (linear, Cox) regression of all features together, penalty by inner folds. [1, N, K]."""
    return _out_of_fold(_linear, task, matrices, target, folds, groups)


def forest(
    task: Task, matrices: Matrices, target: np.ndarray, folds: Folds, groups: np.ndarray | None = None
) -> np.ndarray:
    """Random forest (Breiman 2001) of all features together. [1, N, K]."""
    return _out_of_fold(_forest, task, matrices, target, folds, groups)


def boosted(
    task: Task, matrices: Matrices, target: np.ndarray, folds: Folds, groups: np.ndarray | None = None
) -> np.ndarray:
    """Gradient-boosted trees (Friedman 2001; histograms as in LightGBM) of all features together. [1, N, K]."""
    return _out_of_fold(_boosted, task, matrices, target, folds, groups)


def averaged(
    task: Task, matrices: Matrices, target: np.ndarray, folds: Folds, groups: np.ndarray | None = None
) -> np.ndarray:
    """Mean of the logistic (linear, Cox) regressions of the single inputs that a case has. [1, N, K]."""
    each_fold = by_fold(matrices, len(folds))
    outputs = {
        name: logistic(task, [{name: each[name]} for each in each_fold], target, folds, groups) for name in each_fold[0]
    }
    return average(outputs, {name: matrix.present for name, matrix in each_fold[0].items()})


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


def _out_of_fold(
    make: MakeModel, task: Task, matrices: Matrices, target: np.ndarray, folds: Folds, groups: np.ndarray | None
) -> np.ndarray:
    with pool_of_folds() as pool:
        return begin(make, task, matrices, target, folds, groups, pool).outputs()


def _division(inner: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(np.flatnonzero(inner != k), np.flatnonzero(inner == k)) for k in np.unique(inner)]


def _linear(task: Task, features: np.ndarray, target: np.ndarray, inner: np.ndarray) -> Any:
    """Principal components keep every distance (as many as there are cases) and make wide features quick."""
    from sklearn.decomposition import PCA
    from sklearn.linear_model import LogisticRegression, LogisticRegressionCV
    from sklearn.pipeline import make_pipeline

    division = _division(inner)
    if task.name == "regression":
        return fit_ridge(features, target, division if len(division) > 1 else [], _PENALTIES)
    divided = len(division) > 1 and all(
        len(np.unique(target[own])) == len(np.unique(target)) for own, _rest in division
    )
    if divided:
        model: Any = LogisticRegressionCV(
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
        # a third of the features at each split, as Breiman advises: as good as all of them, which take thrice as long
        return RandomForestRegressor(_TREES, min_samples_leaf=2, max_features=1 / 3, random_state=0).fit(
            features, target
        )
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


estimators: dict[str, MakeModel] = {"logistic": _linear, "forest": _forest, "boosted": _boosted}
