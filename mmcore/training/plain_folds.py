"""Models of scikit-learn fitted to every fold, side by side, each to features standardised on its training rows.

Values end at ten standard deviations: what hardly varies among the training rows would be huge elsewhere.

Legend: N cases, D features of an input, K numbers reported.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np
from threadpoolctl import threadpool_limits

from mmcore.base.label_sets import memberships
from mmcore.training.plain_cox import cox
from mmcore.training.plain_labels import MakeModel, one_against_rest
from mmcore.training.tasks import Task
from mmcore.training.training_rows import inner_folds

_FARTHEST = 10.0  # standard deviations from the mean of the training rows, where a value ends

Folds = Sequence[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, eq=False)
class Matrix:
    """Features of one input: values [N, D], rows of cases that lack it are ignored; present [N] bool."""

    values: np.ndarray
    present: np.ndarray


FoldMatrices = Sequence[Mapping[str, Matrix]]  # one for each fold, where features depend on it
Matrices = Mapping[str, Matrix] | FoldMatrices


def by_fold(matrices: Matrices, folds: int) -> FoldMatrices:
    return [matrices] * folds if isinstance(matrices, Mapping) else matrices


@contextmanager
def pool_of_folds() -> Iterator[ThreadPoolExecutor]:
    """Where folds are fitted side by side, each in one thread: within a matrix or a tree the steps are too small to be
    shared, and threads that wait for one another on a busy machine cost up to sixty times the work itself.

    Whoever leaves early takes back what has not begun, and waits for what has.
    """
    one_thread, count = partial(threadpool_limits, 1), os.cpu_count() or 1
    with one_thread(), ThreadPoolExecutor(count, "plain", initializer=one_thread) as pool:
        try:
            yield pool
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@dataclass(frozen=True, eq=False)
class Pending:
    """A baseline whose folds are being fitted. empty: [1, N, K], nan; tested: the rows that each fold answers for."""

    empty: np.ndarray
    tested: Sequence[np.ndarray]
    folds: Sequence[Future[tuple[np.ndarray, float]]]

    def outputs(self) -> np.ndarray:
        """[1, N, K], as soon as all folds are there. Raises what fitting raised."""
        done = self.empty.copy()
        for rows, fold in zip(self.tested, self.folds, strict=True):
            done[0, rows] = fold.result()[0]
        return done

    @property
    def seconds(self) -> float:
        """What the folds took, one after another."""
        return sum(fold.result()[1] for fold in self.folds)


def begin(
    make: MakeModel,
    task: Task,
    matrices: Matrices,
    target: np.ndarray,
    folds: Folds,
    groups: np.ndarray | None,
    pool: Executor,
) -> Pending:
    """Start fitting a model to every fold; several baselines may be under way in one pool, so that no core waits for
    the last fold of another. make(task, features, target, inner folds): a fitted model of scikit-learn."""
    values = np.asarray(target, float)
    labelled = task.labelled(values)

    def fit_fold(number: int, own: Mapping[str, Matrix], rows: np.ndarray, tested: np.ndarray) -> tuple:
        started = time.perf_counter()
        done = _outputs_of_fold(task, own, values, rows[labelled[rows]], tested, groups, number, make)
        return done, time.perf_counter() - started

    parts = [tuple(np.asarray(rows, int) for rows in fold) for fold in folds]
    futures = [
        pool.submit(fit_fold, number, own, *part)
        for number, (own, part) in enumerate(zip(by_fold(matrices, len(folds)), parts, strict=True))
    ]
    empty = np.full((1, len(values), task.scored_columns), np.nan, np.float32)
    return Pending(empty, [tested for _rows, tested in parts], futures)


def _outputs_of_fold(
    task: Task,
    matrices: Mapping[str, Matrix],
    values: np.ndarray,
    rows: np.ndarray,
    tested: np.ndarray,
    groups: np.ndarray | None,
    number: int,
    make: MakeModel,
) -> np.ndarray:
    """Outputs [n, K] of the tested cases by a model of the labelled training rows; number: of the fold."""
    features, own_groups = _standardised(matrices, rows), None if groups is None else groups[rows]
    if task.name == "survival":
        inner = inner_folds(task.strata(values[rows]), own_groups, True, number)
        return cox(task, features[rows], values[rows], inner, features[tested])
    if task.name == "multilabel":
        inner = inner_folds(task.strata(values[rows]), own_groups, True, number)
        held = memberships(values[rows], len(task.classes))
        return one_against_rest(features[rows], features[tested], held, inner, make)
    wanted = values[rows] if task.name == "regression" else values[rows].astype(int)
    inner = inner_folds(wanted, own_groups, task.name != "regression", number)
    if task.name != "regression" and len(np.unique(wanted)) < 2:
        outputs: np.ndarray = np.repeat(np.eye(task.columns)[wanted[:1]], len(tested), 0)
        return outputs
    model = make(task, features[rows], wanted, inner)
    if task.name == "regression":
        predicted: np.ndarray = model.predict(features[tested])
        return predicted[:, None]
    outputs = np.zeros((len(tested), task.scored_columns), np.float32)
    outputs[:, model.classes_] = model.predict_proba(features[tested])
    return outputs


def _standardised(matrices: Mapping[str, Matrix], rows: np.ndarray) -> np.ndarray:
    """[N, sum of D] by the training rows that have each input; what is missing is their mean."""
    parts = []
    for matrix in matrices.values():
        here = rows[matrix.present[rows]]
        values = np.asarray(matrix.values, np.float32)
        mean = values[here].mean(0) if len(here) else np.zeros(values.shape[1], np.float32)
        scale = values[here].std(0) if len(here) else np.ones(values.shape[1], np.float32)
        # what hardly varies among the training rows is rounding (components beyond their number)
        whole = values[matrix.present].std(0) if matrix.present.any() else scale
        scale = np.where(scale > np.maximum(1e-6 * np.maximum(np.abs(mean), 1e-6), 1e-4 * whole), scale, np.inf)
        own = np.clip((values - mean) / scale, -_FARTHEST, _FARTHEST)
        parts.append(np.where(matrix.present[:, None], own, 0.0))
    return np.concatenate(parts, 1)
