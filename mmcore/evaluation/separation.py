"""How far the features of an encoder tell the target apart before any head is trained: neighbours and a linear probe.

Out of fold: whatever is learnt (scales, principal axes, weights, an encoder's own part) is learnt on the training rows
of a fold, and each case is scored by folds that had not seen it. Legend: N cases, D width, K outputs a case, n and m
cases to learn from and to score.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
import torch

from mmcore.base.label_sets import memberships
from mmcore.base.progress import Progress, Step, silent
from mmcore.base.settings import _
from mmcore.base.values import Tokens
from mmcore.encoders import Encoder
from mmcore.evaluation.encoder_score import EncoderScore
from mmcore.evaluation.metrics import measure, primary_of
from mmcore.evaluation.scored_cases import ScoredCases
from mmcore.training.baseline_hazard import breslow
from mmcore.training.normalise import Normaliser
from mmcore.training.normaliser_fit import fit_normaliser
from mmcore.training.plain_cox import cox
from mmcore.training.tasks import Task
from mmcore.training.thresholds import with_thresholds
from mmcore.training.training_rows import inner_folds
from mmcore.training.views import CohortFeatures, Through

_EVENTS = 5  # seen, that a fold needs
COMPONENTS = 64  # principal components that the probe reads at most
STRENGTH = 0.1  # inverse of the L2 penalty of the logistic probe (scikit-learn's C), on components of common size


class Averaged:
    """Features of a cohort whose averages are read once."""

    def __init__(self, features: CohortFeatures) -> None:
        self.features, self.dims, self.counts = features, features.dims, features.counts
        self.pooled = cache(features.pooled)

    def tokens(self, rows: Sequence[int] | np.ndarray | None = None) -> Tokens:
        return self.features.tokens(rows)


def scale_of(features: CohortFeatures, rows: np.ndarray) -> Normaliser:
    """Mean and spread of the averaged features of these rows, by which training too brings them to scale."""
    return fit_normaliser(features, rows, "vectors", 0)


def standardised(features: CohortFeatures, scale: Normaliser) -> np.ndarray:
    """Averages of each case's tokens [N, D] brought to scale; 0 where missing."""
    if scale.owner is not None:  # a table: its columns keep apart, an unknown value counts as the average
        return scale(features.tokens()).values.squeeze(-2).numpy()
    vectors, present = features.pooled()
    tokens = Tokens(torch.from_numpy(vectors).unsqueeze(1), torch.from_numpy(present).unsqueeze(1))
    return scale(tokens).values.squeeze(-2).numpy()


def views(
    features: CohortFeatures,
    folds: Sequence[tuple[np.ndarray, np.ndarray]],
    target: np.ndarray,
    encoder: Encoder | None = None,
    progress: Progress = silent,
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """For each fold: standardised features [N, D] and the rows to learn from and to score, those with the input.

    An encoder that `fits_on_fold` fits its part on the training rows of the fold.
    """
    plain, present = Averaged(features), features.counts > 0
    for i, (train, test) in enumerate(folds):
        progress(Step(_("Fold {number} of {count}").format(number=i + 1, count=len(folds)), i, len(folds)))
        train, test = train[present[train]], test[present[test]]
        seen = plain
        part = encoder.fit(features, train, target) if encoder is not None and encoder.fits_on_fold else None
        if part is not None:
            seen = Averaged(Through(features, part))
        yield standardised(seen, scale_of(seen, train)), train, test


def out_of_fold(
    task: Task,
    features: CohortFeatures,
    target: np.ndarray,
    folds: Sequence[tuple[np.ndarray, np.ndarray]],
    *,
    encoder: Encoder | None = None,
    progress: Progress = silent,
) -> tuple[np.ndarray, np.ndarray]:
    """What neighbours and a linear probe predict for cases they have not seen: two arrays [1, N, K].

    target: [N] class index or value; folds: (training rows, test rows). NaN for cases without the input, and for those
    of a fold where fewer than two cases, or no two classes, are left to learn from.
    """
    from threadpoolctl import threadpool_limits

    by_neighbours = np.full((1, len(target), task.scored_columns), np.nan)
    by_probe = by_neighbours.copy()
    with threadpool_limits(1):  # the steps are small: on a busy machine threads wait 20 times longer for each other
        for values, train, test in views(features, folds, task.strata(target), encoder, progress):
            if len(test) == 0 or not _can_learn(task, target[train]):
                continue
            by_neighbours[0, test] = knn(task, values[train], target[train], values[test])
            by_probe[0, test] = probe(task, values[train], target[train], values[test])
    return by_neighbours, by_probe


def _can_learn(task: Task, target: np.ndarray) -> bool:
    """Whether cases differ; of survival at least some events were seen."""
    if task.name == "survival":
        return int((target > 0).sum()) >= _EVENTS
    return len(np.unique(target)) > 1


def knn(task: Task, train: np.ndarray, target: np.ndarray, test: np.ndarray, count: int | None = None) -> np.ndarray:
    """Shares of the classes (or mean target) among the `count` nearest cases by cosine: [n, D], [n], [m, D] -> [m, K].

    count: by default the root of n, between 5 and 30.
    """
    count = min(count or neighbours_for(len(train)), len(train))
    likeness = _unit(test) @ _unit(train).T
    near = np.argpartition(-likeness, count - 1, axis=1)[:, :count]
    if task.name == "regression":
        return target[near].mean(1, keepdims=True)
    if task.name == "multilabel":
        held = memberships(target, task.columns)
        return with_thresholds(held[near].mean(1), held.mean(0))
    if task.name == "survival":
        risen = [-np.expm1(-breslow(target[own]).at(task.horizons)) for own in near]
        return with_thresholds(np.array(risen).reshape(len(test), -1), task.horizons)
    return (target[near][..., None] == np.arange(task.columns)).mean(1)


def neighbours_for(cases: int) -> int:
    """How many neighbours are asked among so many cases."""
    return int(np.clip(round(cases**0.5), 5, 30))


def probe(task: Task, train: np.ndarray, target: np.ndarray, test: np.ndarray) -> np.ndarray:
    """A linear model on principal components of standardised features (Alain & Bengio 2017): [n, D], [n], [m, D] ->
    [m, K].

    Logistic regression; for survival a ridge Cox model; for regression ridge, its penalty chosen by leave-one-out on
    the same rows.
    """
    from sklearn.decomposition import PCA
    from sklearn.linear_model import LogisticRegression, RidgeCV

    count = min(COMPONENTS, len(train) - 1, train.shape[1])
    axes = PCA(count, svd_solver="full" if min(train.shape) <= 128 else "randomized", random_state=0).fit(train)
    size = max(float(np.sqrt(axes.explained_variance_.mean())), 1e-6)
    inside, outside = axes.transform(train) / size, axes.transform(test) / size
    if task.name == "regression":
        model = RidgeCV(np.logspace(-1, 4, 11)).fit(inside, target)
        return model.predict(outside)[:, None]
    if task.name == "survival":
        return cox(task, inside, target, inner_folds(task.strata(target), None, True, 0), outside)
    if task.name == "multilabel":
        held = memberships(target, task.columns)
        return with_thresholds(np.stack([_label(inside, own, outside) for own in held.T], 1), held.mean(0))
    model = LogisticRegression(C=STRENGTH, max_iter=400).fit(inside, target)
    probabilities = np.zeros((len(test), task.columns))
    probabilities[:, model.classes_] = model.predict_proba(outside)
    return probabilities


def _label(train: np.ndarray, held: np.ndarray, test: np.ndarray) -> np.ndarray:
    """[m] probability of one label."""
    from sklearn.linear_model import LogisticRegression

    if held.all() or not held.any():
        return np.full(len(test), float(held[0]))
    model = LogisticRegression(C=STRENGTH, max_iter=400).fit(train, held)
    probability: np.ndarray = model.predict_proba(test)[:, 1]
    return probability


def score(
    task: Task,
    target: np.ndarray,
    outputs: np.ndarray,
    groups: Sequence[object] | np.ndarray | None = None,
    folds: int | None = None,
) -> EncoderScore | None:
    """The task's primary metric of outputs [1, N, K] with a 95% interval. None if no case was predicted.

    folds: of the cross-validation the outputs come from.
    """
    scored, metric = ScoredCases.of(task, target, outputs, groups), primary_of(task.name)
    if not scored.rows.any():
        return None
    return EncoderScore.of(metric, scored.left_out([metric])[metric], scored.rows, folds)


def chance(task: Task, target: np.ndarray, folds: Sequence[tuple[np.ndarray, np.ndarray]]) -> float:
    """The primary metric of whoever knows the training targets alone, and says the same of every case."""
    if task.name != "regression":
        return 0.5  # AUROC, or C-index, of one answer for all
    values = np.full((len(target), 1), np.nan)
    for train, test in folds:
        values[test] = target[train].mean()
    tested = np.isfinite(values[:, 0])
    ones = np.ones((tested.sum(), 1))
    return float(measure(task.name, target[tested], values[tested], ones, ("rmse",))["rmse"][0])


def cka(a: np.ndarray, b: np.ndarray) -> float:
    """Linear centred kernel alignment of two encoders over the same cases [N, D] and [N, E]: 1 for the same up to
    rotation and scale, about 0 for unrelated (Kornblith et al. 2019).

    By the unbiased estimate of HSIC (Song et al. 2012): the plain one nears 1 when features outnumber cases. It can
    fall a little below 0. NaN with fewer than four cases or constant features.
    """
    if len(a) < 4:
        return float("nan")
    first, second = _gram(a), _gram(b)
    own = _hsic(first, first), _hsic(second, second)
    if min(own) <= 0:
        return float("nan")
    return float(_hsic(first, second) / np.sqrt(own[0] * own[1]))


def _gram(values: np.ndarray) -> np.ndarray:
    """Inner products of every two cases, none with itself; centred and brought to a common size first, for accuracy."""
    centred = np.asarray(values, np.float64) - np.mean(values, 0, dtype=np.float64)
    size = np.sqrt((centred**2).mean())
    product = centred @ centred.T / max(size**2, 1e-24)
    np.fill_diagonal(product, 0)
    return product


def _hsic(first: np.ndarray, second: np.ndarray) -> float:
    n = len(first)
    product = float((first * second).sum())
    totals = float(first.sum()) * float(second.sum()) / ((n - 1) * (n - 2))
    rows = float(first.sum(0) @ second.sum(0)) * 2 / (n - 2)
    return (product + totals - rows) / (n * (n - 3))


def _unit(values: np.ndarray) -> np.ndarray:
    return values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-12)
