"""How the linear experts of a fold are fitted: penalties weighed by inner folds, inputs summed by their weights.

Everything is fitted on the labelled training rows of an outer fold. Inner out-of-fold logits say how far each penalty,
each input and, in the end, the whole linear part (see `blend`) may be trusted.

Legend: N cases of the cohort, n training rows, C width of an input's vector, G inner folds and the whole, L penalties,
M inputs, O outputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from mmcore.training.cox_solver import partial_loss
from mmcore.training.linear_expert import InputExpert, LinearPart
from mmcore.training.linear_solver import fit_linear, rotated
from mmcore.training.normalise import Normaliser
from mmcore.training.tasks import Task

PENALTIES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2)  # on vectors of total variance 1
INNER = 5  # folds within the training rows
_PULL = 4.0  # cases' worth of curvature that pulls the weight of an input to 1 / M
_LEAST = 8  # training rows with the input that an expert needs


@dataclass(frozen=True, eq=False)
class FoldVectors:
    """One input of the whole cohort through the normaliser of a fold. values: [N, C]; present: [N] bool."""

    normaliser: Normaliser
    values: Tensor
    present: np.ndarray


@dataclass(frozen=True, eq=False)
class FittedLinear:
    """part: what is delivered. inner: [n, O] logits of the training rows, out of inner folds. outputs: [N, O] logits of
    the whole cohort. judged: False where no inner folds could be made, so that `inner` says nothing."""

    part: LinearPart
    inner: Tensor
    outputs: Tensor
    judged: bool = True


@dataclass(frozen=True, eq=False)
class TrainingRows:
    """rows: [n] labelled training rows. target: [n, O] 0 or 1 (one column a class) or standardised values. labels: [n]
    class index or value as the loss of the task wants it. weight: [n] of each case. inner: [n] its inner fold."""

    task: Task
    rows: np.ndarray
    target: Tensor
    labels: Tensor
    weight: Tensor
    inner: np.ndarray


def training_rows(
    task: Task, rows: np.ndarray, labels: Tensor, weight: Tensor, groups: np.ndarray | None, seed: int
) -> TrainingRows:
    """labels, weight: [N]. groups: [N] or None, never divided among inner folds."""
    own = labels[torch.from_numpy(rows)]
    target = own.float().unsqueeze(1)
    if task.name == "multiclass":
        target = torch.nn.functional.one_hot(own.long(), len(task.classes)).float()
    if task.name == "multilabel":
        target = task.held(own).float()
    inner = inner_folds(
        task.strata(own.numpy()), None if groups is None else groups[rows], task.name != "regression", seed
    )
    return TrainingRows(task, rows, target, own, weight[torch.from_numpy(rows)], inner)


def inner_folds(target: np.ndarray, groups: np.ndarray | None, classes: bool, seed: int) -> np.ndarray:
    """[n] number of each row's inner fold: classes balanced, groups together; all 0 where no division is possible."""
    from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold

    count = min(INNER, len(target))
    if classes:
        count = min(count, int(np.unique(target, return_counts=True)[1].max()))
    if groups is not None:
        count = min(count, len(np.unique(groups)))
    inner = np.zeros(len(target), int)
    if count < 2 or (classes and len(np.unique(target)) < 2):
        return inner
    if classes:
        few = int(np.unique(target, return_counts=True)[1].min())
        kinds = (StratifiedKFold if few >= count else KFold, StratifiedGroupKFold)
    else:
        kinds = (KFold, GroupKFold)
    divide = kinds[groups is not None](n_splits=count, shuffle=True, random_state=seed)
    for number, (_train, test) in enumerate(divide.split(np.zeros(len(target)), target, groups)):
        inner[test] = number
    return inner


@dataclass(frozen=True, eq=False)
class InputFit:
    """The expert of one input, by itself.

    intercept: [O]. inner: [n, O] logits out of inner folds, without the intercept, 0 where the input is missing. loss:
    theirs, mean over the `cases` that have the input. vectors: what it was fitted on.
    """

    expert: InputExpert
    intercept: Tensor
    inner: Tensor
    loss: float
    cases: int
    vectors: FoldVectors


def fit_input(training: TrainingRows, vectors: FoldVectors) -> InputFit | None:
    """The expert of one input; None if there is nothing to fit."""
    here = vectors.present[training.rows]
    labels = training.labels[torch.from_numpy(here)]
    if here.sum() < _LEAST or bool((labels == labels[0]).all()):
        return None
    if training.task.name == "survival" and int((labels > 0).sum()) < 2:
        return None
    at = torch.from_numpy(np.flatnonzero(here))
    weight = training.weight[at] / training.weight[at].sum()
    values = vectors.values[torch.from_numpy(training.rows)][at]
    centre = weight @ values
    values = values - centre
    size = (weight @ values.square()).sum().sqrt()
    if not bool(size > 1e-6):
        return None
    scores, axes, power = rotated(values / size, weight)
    inner = torch.from_numpy(training.inner[here])
    folds = torch.unique(inner)
    sets = torch.stack([torch.ones(len(at)), *((inner != number).float() for number in folds)], 1) * weight.unsqueeze(1)
    sets = sets[:, sets.sum(0) > 0]
    task = training.task
    slopes, intercepts = fit_linear(task.name, scores, power, training.target[at], sets / sets.sum(0), PENALTIES)
    trusted = torch.full((len(PENALTIES),), 1 / len(PENALTIES))
    outside = torch.zeros(len(at), task.outputs)
    loss = float("inf")
    if sets.shape[1] == len(folds) + 1 and len(folds) > 1:
        each, levels = torch.zeros(2, len(at), len(PENALTIES), task.outputs)  # [n, L, O] each
        for number, fold in enumerate(folds, 1):
            own = inner == fold
            each[own] = (scores[own] @ slopes[number]).transpose(0, 1)
            levels[own] = intercepts[number]
        losses = mean_losses(task, (each + levels).transpose(0, 1), labels, weight)
        trusted = confidence(losses, len(at))
        outside, level = (torch.einsum("l,nlo->no", trusted, own) for own in (each, levels))
        loss = float(mean_losses(task, (outside + level)[None], labels, weight)[0])
    slope = axes @ torch.einsum("l,lro->ro", trusted, slopes[0]) / size
    expert = InputExpert(vectors.normaliser, slope, -(centre @ slope))
    logits = torch.zeros(len(training.rows), task.outputs)
    logits[at] = outside
    return InputFit(expert, trusted @ intercepts[0], logits, loss, len(at), vectors)


def mean_losses(task: Task, outputs: Tensor, labels: Tensor, weight: Tensor) -> Tensor:
    """Mean loss in nats of each of L sets of outputs [L, n, O], [L]; for regression that of Gaussian errors, whose
    size is that of the residuals, and for survival that of the partial likelihood. weight: [n], summing to 1."""
    if task.name == "survival":
        return partial_loss(outputs.squeeze(-1), labels, weight)
    losses = task.loss(outputs, labels.expand(len(outputs), -1)) @ weight
    return 0.5 * losses.clamp_min(1e-12).log() if task.name == "regression" else losses


def confidence(losses: Tensor, cases: float) -> Tensor:
    """How far each alternative is to be trusted, [L], summing to 1: exp(-cases (loss - lowest))."""
    return torch.softmax(-cases * (losses - losses.min()), 0)


def fit_sum(
    training: TrainingRows, logits: Sequence[Tensor], intercepts: Sequence[Tensor]
) -> tuple[np.ndarray, Tensor]:
    """Weights [M] (of several labels [M, O]), at least 0, and bias [O] of the inputs' logits [n, O] each.

    They are fitted on inner out-of-fold logits and weakly pulled to 1 / M. One input stands for itself.
    """
    from scipy.optimize import minimize

    if len(logits) == 1:
        return np.ones(1), intercepts[0]
    if training.task.name == "multilabel":
        return _fit_sum_by_label(training, logits, intercepts)
    task, inputs, outputs = training.task, len(logits), training.task.outputs
    stacked = torch.stack(list(logits)).double()  # [M, n, O]
    weight = (training.weight / training.weight.sum()).double()
    even, pull = 1 / inputs, _PULL / len(training.rows)
    start = np.concatenate([np.full(inputs, even), torch.stack(list(intercepts)).mean(0).numpy()])

    def loss(numbers: np.ndarray) -> tuple[float, np.ndarray]:
        at = torch.tensor(numbers, dtype=torch.double, requires_grad=True)
        whole = torch.einsum("m,mno->no", at[:inputs], stacked) + at[inputs:]
        value = _loss(task, whole, training.labels, weight) + 0.5 * pull * (at[:inputs] - even).square().sum()
        (slope,) = torch.autograd.grad(value, at)
        return float(value.detach()), slope.numpy()

    bounds = [(0.0, None)] * inputs + [(None, None)] * outputs
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 200}).x
    return best[:inputs], torch.from_numpy(best[inputs:]).float()


def _loss(task: Task, outputs: Tensor, labels: Tensor, weight: Tensor) -> Tensor:
    """Mean loss of outputs [n, O]."""
    if task.name == "survival":
        return partial_loss(outputs.T, labels, weight)[0]
    return task.loss(outputs, labels) @ weight


def _fit_sum_by_label(
    training: TrainingRows, logits: Sequence[Tensor], intercepts: Sequence[Tensor]
) -> tuple[np.ndarray, Tensor]:
    """Each label weighs the inputs by itself: the note may tell one finding and the ECG another."""
    weights, bias = [], []
    for k in range(training.task.outputs):
        label = replace(training, task=Task(name="binary", classes=("no", "yes")), labels=training.target[:, k])
        own, level = fit_sum(label, [each[:, k : k + 1] for each in logits], [each[k : k + 1] for each in intercepts])
        weights.append(own)
        bias.append(level)
    return np.stack(weights, 1), torch.cat(bias)


def fit_sum_of_inputs(training: TrainingRows, fits: Mapping[str, InputFit]) -> FittedLinear | None:
    """The linear part of a fold; None if no input has an expert."""
    if not fits:
        return None
    weights, bias = fit_sum(training, [fit.inner for fit in fits.values()], [fit.intercept for fit in fits.values()])
    experts, inner, outputs = {}, bias.expand(len(training.rows), -1), bias
    for (name, fit), each in zip(fits.items(), weights.tolist(), strict=True):
        own = torch.tensor(each) if isinstance(each, list) else each
        expert = InputExpert(fit.expert.normaliser, fit.expert.weight * own, fit.expert.offset * own)
        experts[name], inner = expert, inner + own * fit.inner
        outputs = outputs + expert.of_vectors(fit.vectors.values, torch.from_numpy(fit.vectors.present))
    judged = any(np.isfinite(fit.loss) for fit in fits.values())
    return FittedLinear(LinearPart(experts, bias), inner, outputs, judged)
