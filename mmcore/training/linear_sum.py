"""The linear part of a fold: experts of several inputs summed by weights that inner folds decide.

Legend: N cases of the cohort, n training rows, M inputs, O outputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from mmcore.training.cox_solver import partial_loss
from mmcore.training.linear_expert import LinearPart
from mmcore.training.linear_fit import InputFit, mean_losses
from mmcore.training.tasks import Task
from mmcore.training.training_rows import TrainingRows

_PULL = 4.0  # cases' worth of curvature that pulls the weight of an input to 1 / M


@dataclass(frozen=True, eq=False)
class FittedLinear:
    """part: what is delivered. inner: [n, O] logits of the training rows, out of inner folds. outputs: [N, O] logits of
    the whole cohort. judged: False where no inner folds could be made, so that `inner` says nothing."""

    part: LinearPart
    inner: Tensor
    outputs: Tensor
    judged: bool = True


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


def summed(training: TrainingRows, fits: Sequence[InputFit]) -> InputFit:
    """Experts of parts of the same vectors as one expert, weighed as inputs are."""
    weights, bias = fit_sum(training, [fit.inner for fit in fits], [fit.intercept for fit in fits])
    shares = torch.from_numpy(weights).float()  # [M] or [M, O]
    experts = [fit.expert.times(own) for fit, own in zip(fits, shares, strict=True)]
    weight, offset = (torch.stack(each).sum(0) for each in zip(*((e.weight, e.offset) for e in experts), strict=True))
    expert = replace(experts[0], weight=weight, offset=offset)
    inner = torch.stack([own * fit.inner for fit, own in zip(fits, shares, strict=True)]).sum(0)
    here = torch.from_numpy(fits[0].vectors.present[training.rows])
    judged = inner[here] + bias
    cases = training.weight[here] / training.weight[here].sum()
    loss = float(mean_losses(training.task, judged[None], training.labels[here], cases)[0])
    return replace(fits[0], expert=expert, intercept=bias, inner=inner, judged=judged, loss=loss)


def fit_sum_of_inputs(training: TrainingRows, fits: Mapping[str, InputFit]) -> FittedLinear | None:
    """The linear part of a fold; None if no input has an expert."""
    if not fits:
        return None
    weights, bias = fit_sum(training, [fit.inner for fit in fits.values()], [fit.intercept for fit in fits.values()])
    experts, inner, outputs = {}, bias.expand(len(training.rows), -1), bias
    for (name, fit), each in zip(fits.items(), weights.tolist(), strict=True):
        own = torch.tensor(each) if isinstance(each, list) else each
        expert = fit.expert.times(own)
        experts[name], inner = expert, inner + own * fit.inner
        outputs = outputs + expert.of_vectors(fit.vectors.values, torch.from_numpy(fit.vectors.present))
    judged = any(np.isfinite(fit.loss) for fit in fits.values())
    return FittedLinear(LinearPart(experts, bias), inner, outputs, judged)
