"""How well a setting does inside the training part of each fold: the loss on cases that the fold never tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mmcore.base.progress import Progress, silent
from mmcore.cohorts import validation_split
from mmcore.evaluation import measure
from mmcore.training import FitPlan, TrainingData, fit
from mmcore.training.tasks import Task

_SHARE = 1 / 3  # of the training part, where there is no third fold to stand in for the test fold
_LEAST = 1e-7  # a probability of 0 for what happened would outweigh all other cases


def inner_losses(data: TrainingData, plan: FitPlan, folds: Sequence[int], progress: Progress = silent) -> list[float]:
    """The loss of the averaged seeds in the inner split of each of these folds, nan where it cannot be told.

    Log loss of classes and labels, squared error of values, integrated Brier score of survival: lower is better. Of a
    fold it reads nothing but training cases. Raises what `fit` raises.
    """
    inner = inner_folds(data)
    chosen = [inner[fold] for fold in folds]
    outputs = fit(replace(data, folds=chosen), plan, progress).outputs.mean(0)
    labelled = data.task.labelled(data.values)
    judged = [rows[labelled[rows] & np.isfinite(outputs[rows]).all(1)] for _train, rows in chosen]
    return [_loss(data.task, data.values[rows], outputs[rows]) for rows in judged]


def inner_folds(data: TrainingData) -> list[tuple[np.ndarray, np.ndarray]]:
    """Of each fold, the training rows that a setting learns from and those it is judged by; no row is judged twice.

    With three folds or more a fold is judged by the cases of the next one, which is balanced, and keeps groups whole,
    as the folds do; with fewer by a third of its training part.
    """
    folds = [(np.asarray(train, int), np.asarray(test, int)) for train, test in data.folds]
    if len(folds) >= 3:
        following = [test for _train, test in [*folds[1:], folds[0]]]
        return [
            (np.setdiff1d(train, after), np.intersect1d(train, after))
            for (train, _test), after in zip(folds, following, strict=True)
        ]
    inner, judged = [], np.empty(0, int)
    labelled = data.task.labelled(data.values)
    regression = data.task.name == "regression"
    strata = data.values if regression else np.where(labelled, data.task.strata(data.values), -1).astype(int)
    for train, _test in folds:
        learnt, rows = validation_split(strata, data.groups, train[labelled[train]], _SHARE, 0)
        rows = np.setdiff1d(rows, judged)
        inner.append((np.asarray(learnt, int), rows))
        judged = np.union1d(judged, rows)
    return inner


def _loss(task: Task, target: np.ndarray, outputs: np.ndarray) -> float:
    """target: [n]. outputs: [n, K] as kept out of fold."""
    if not len(target):
        return float("nan")
    if task.name == "regression":
        return float(np.mean((outputs[:, 0] - target) ** 2))
    if task.name == "survival":
        return float(measure("survival", target, outputs, np.ones((len(target), 1)), ["ibs"])["ibs"][0])
    probabilities = np.clip(outputs.astype(float), _LEAST, 1 - _LEAST)
    if task.name == "multilabel":
        labels = np.arange(len(task.classes))
        holds = (target.astype(int)[:, None] >> labels) & 1 == 1
        return float(-np.log(np.where(holds, probabilities[:, labels], 1 - probabilities[:, labels])).mean())
    return float(-np.log(probabilities[np.arange(len(target)), target.astype(int)]).mean())
