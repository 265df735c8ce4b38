"""How the expert of an input is fitted in a fold: penalties weighed by inner folds, curves as far as they surely help.

Everything is fitted on the labelled training rows of an outer fold. Inner out-of-fold logits say how far each penalty,
a curve, each input (see `linear_sum`) and, in the end, the whole linear part (see `blend`) may be trusted.

Legend: N cases of the cohort, n training rows, m of them with the input, C width of its vector, G inner folds and the
whole, L penalties, O outputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from mmcore.training.bends import Bend, mixed
from mmcore.training.column_curves import Pieces
from mmcore.training.cox_solver import partial_loss
from mmcore.training.linear_expert import InputExpert
from mmcore.training.linear_solver import fit_linear, rotated
from mmcore.training.normalise import Normaliser
from mmcore.training.tasks import Task
from mmcore.training.training_rows import TrainingRows

PENALTIES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2)  # on vectors of total variance 1
FINE = (1e-6, 3e-6, 1e-5, 3e-5)  # and of curves: a steep one has large coefficients
_LEAST = 8  # training rows with the input that an expert needs


@dataclass(frozen=True, eq=False)
class FoldVectors:
    """One input of the whole cohort through the normaliser of a fold. values: [N, C]; present: [N] bool."""

    normaliser: Normaliser
    values: Tensor
    present: np.ndarray


@dataclass(frozen=True, eq=False)
class InputFit:
    """The expert of one input, by itself.

    intercept: [O]. inner: [n, O] logits out of inner folds, without the intercept, 0 where the input is missing.
    judged: [m, O] the same with the intercepts of inner folds, of the cases that have the input; None where no inner
    folds could be made. loss: their mean loss. cases: m. vectors: what it was fitted on.
    """

    expert: InputExpert
    intercept: Tensor
    inner: Tensor
    judged: Tensor | None
    loss: float
    cases: int
    vectors: FoldVectors


def fit_input(training: TrainingRows, vectors: FoldVectors, bases: Sequence[Pieces] = ()) -> InputFit | None:
    """The expert of one input; None if there is nothing to fit. bases: of the curves and products that it may have."""
    here = vectors.present[training.rows]
    labels = training.labels[torch.from_numpy(here)]
    if here.sum() < _LEAST or bool((labels == labels[0]).all()):
        return None
    if training.task.name == "survival" and int((labels > 0).sum()) < 2:
        return None
    at = torch.from_numpy(np.flatnonzero(here))
    weight = training.weight[at] / training.weight[at].sum()
    values = vectors.values[torch.from_numpy(training.rows)][at]
    parts = [values, *(basis(values) for basis in bases)]
    values = torch.cat(parts, 1)
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
    penalties = FINE + PENALTIES if bases else PENALTIES
    slopes, intercepts = fit_linear(task.name, scores, power, training.target[at], sets / sets.sum(0), penalties)
    trusted = torch.full((len(penalties),), 1 / len(penalties))
    logits, judged, loss = torch.zeros(len(training.rows), task.outputs), None, float("inf")
    if sets.shape[1] == len(folds) + 1 and len(folds) > 1:
        each, levels = torch.zeros(2, len(at), len(penalties), task.outputs)  # [m, L, O] each
        for number, fold in enumerate(folds, 1):
            own = inner == fold
            each[own] = (scores[own] @ slopes[number]).transpose(0, 1)
            levels[own] = intercepts[number]
        losses = mean_losses(task, (each + levels).transpose(0, 1), labels, weight)
        trusted = confidence(losses, len(at))
        outside, level = (torch.einsum("l,nlo->no", trusted, own) for own in (each, levels))
        logits[at], judged = outside, outside + level
        loss = float(mean_losses(task, judged[None], labels, weight)[0])
    slope = axes @ torch.einsum("l,lro->ro", trusted, slopes[0]) / size
    straight, *bent = slope.split([part.shape[1] for part in parts])
    bends = tuple(Bend(basis, own) for basis, own in zip(bases, bent, strict=True))
    expert = InputExpert(vectors.normaliser, straight, -(centre @ slope), bends)
    return InputFit(expert, trusted @ intercepts[0], logits, judged, loss, len(at), vectors)


def preferred(training: TrainingRows, straight: InputFit, bent: InputFit) -> InputFit:
    """Two experts of the same vectors mixed: of the second as much as it surely does better.

    Its share is 1 - (standard error / gain)^2, gain being what it lowers the loss of a case by outside its inner folds
    (the positive part of James and Stein's factor): nothing where the gain is within its error. The error counts cases
    of a group together.
    """
    if straight.judged is None or bent.judged is None:
        return straight
    present = torch.from_numpy(straight.vectors.present[training.rows])
    labels, weight = training.labels[present], training.weight[present]
    weight = weight / weight.sum()
    gains = training.task.loss(straight.judged, labels) - training.task.loss(bent.judged, labels)
    gain = weight @ gains
    error = _of_groups(training, present, weight * (gains - gain)).square().sum().sqrt()
    if not float(gain) > float(error):
        return straight
    share = 1 - float(error / gain) ** 2
    judged = straight.judged + share * (bent.judged - straight.judged)
    own, other = straight.expert.times(1 - share), bent.expert.times(share)
    expert = InputExpert(
        own.normaliser, own.weight + other.weight, own.offset + other.offset, mixed(own.bends, other.bends)
    )
    return InputFit(
        expert,
        straight.intercept + share * (bent.intercept - straight.intercept),
        straight.inner + share * (bent.inner - straight.inner),
        judged,
        float(mean_losses(training.task, judged[None], labels, weight)[0]),
        straight.cases,
        straight.vectors,
    )


def _of_groups(training: TrainingRows, present: Tensor, each: Tensor) -> Tensor:
    """What the cases that have the input add up to in each group: those of a patient err together."""
    if training.groups is None:
        return each
    _names, number = np.unique(training.groups[present.numpy()], return_inverse=True)
    return torch.zeros(number.max() + 1).index_add(0, torch.from_numpy(number), each)


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
