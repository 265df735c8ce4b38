"""What is to be predicted: the loss, the outputs of the head, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict
from torch import Tensor
from torch.nn import functional as F

from mmcore.base.errors import BadInput, RolesNeeded
from mmcore.base.label_sets import rarest_labels
from mmcore.base.settings import _
from mmcore.base.survival_times import events, followed, middle, times_of
from mmcore.training.baseline_hazard import breslow

if TYPE_CHECKING:
    from mmcore.cohorts import Cohort

_HIGHEST_RISK = 20.0  # log of a relative hazard above which it makes no difference, and would not fit into a float


class Task(BaseModel):
    """binary (BCE), multiclass (cross-entropy), multilabel (mean BCE of the labels), regression (MSE on the
    standardised target) or survival (proportional hazards, Cox 1972, by the likelihood in `baseline_hazard`).

    classes: names in the order of class indices; for binary tasks classes[1] is the positive class; the L labels of a
    multilabel task, whose target is a set of labels as a number (see `label_sets`); the H horizons of a survival task,
    whose target is a signed time (see `survival_times`).
    """

    model_config = ConfigDict(frozen=True)
    name: Literal["binary", "multiclass", "multilabel", "regression", "survival"]
    classes: tuple[str, ...] = ()

    @property
    def outputs(self) -> int:
        """O, numbers the head gives per case."""
        return len(self.classes) if self.name in ("multiclass", "multilabel") else 1

    @property
    def columns(self) -> int:
        """K, numbers reported per case: probabilities of 2 or K classes or of each label, the 1 value, or of survival
        the probability of the event by each horizon."""
        if self.name == "survival":
            return len(self.classes)
        return 2 if self.name == "binary" else self.outputs

    @property
    def horizons(self) -> np.ndarray:
        """[H] times by which the probability of the event is reported."""
        return times_of(self.classes)

    @property
    def main_horizon(self) -> int:
        """Number of the horizon that single probabilities are told for; 0 for other tasks."""
        return middle(self.classes) if self.name == "survival" else 0

    @property
    def scored_columns(self) -> int:
        """Numbers kept per case out of fold: K, and for several labels the threshold at which each is called, of
        survival the time of each horizon."""
        return 2 * self.columns if self.name in ("multilabel", "survival") else self.columns

    @property
    def followed(self) -> str:
        """The metric that is followed on the validation part while training, by its name in the table of metrics."""
        return {
            "binary": "auroc", "multiclass": "accuracy", "multilabel": "auroc", "regression": "r2",
            "survival": "c_index",
        }[self.name]  # fmt: skip

    def labelled(self, target: np.ndarray) -> np.ndarray:
        """[N] bool: False where the target is not known (nan, or a class index below 0)."""
        target = np.asarray(target, dtype=float)
        if self.name == "survival":
            return followed(target)
        return np.isfinite(target) if self.name == "regression" else np.isfinite(target) & (target >= 0)

    def strata(self, target: np.ndarray) -> np.ndarray:
        """[N] what folds are balanced by: the target itself, of sets of labels the rarest label of each, of survival
        whether the event was seen (1) or not (0)."""
        if self.name == "survival":
            return events(target).astype(int)
        return rarest_labels(target, len(self.classes)) if self.name == "multilabel" else target

    def loss(self, outputs: Tensor, target: Tensor, weight: Tensor | None = None) -> Tensor:
        """Loss of every case: outputs [..., B, O], target [..., B] (class index, or as `standardised`) -> [..., B]."""
        if self.name == "binary":
            lost = F.binary_cross_entropy_with_logits(outputs.squeeze(-1), target.to(outputs.dtype), reduction="none")
        elif self.name == "multiclass":
            lost = -torch.log_softmax(outputs, -1).gather(-1, target.long().unsqueeze(-1)).squeeze(-1)
        elif self.name == "multilabel":
            held = self.held(target).to(outputs.dtype)
            lost = F.binary_cross_entropy_with_logits(outputs, held.expand(outputs.shape), reduction="none").mean(-1)
        elif self.name == "survival":
            risk = outputs.squeeze(-1)
            lost = target.abs() * risk.clamp_max(_HIGHEST_RISK).exp() - (target > 0) * risk
        else:
            lost = (outputs.squeeze(-1) - target) ** 2
        return lost if weight is None else lost * weight

    def held(self, target: Tensor) -> Tensor:
        """Which labels sets of labels hold: target [...] -> [..., L] bool."""
        labels = torch.arange(len(self.classes), device=target.device)
        return (target.long().unsqueeze(-1) >> labels) & 1 == 1

    def activate(self, outputs: Tensor, *standards: Tensor | float) -> Tensor:
        """Outputs of the head [..., O] -> what is reported [..., K]: probabilities, or values in the target's unit.

        standards: of the target on the training fold (regression and survival only).
        """
        if self.name == "binary":
            positive = torch.sigmoid(outputs)
            return torch.cat([1 - positive, positive], -1)
        if self.name == "multiclass":
            return torch.softmax(outputs, -1)
        if self.name == "multilabel":
            return torch.sigmoid(outputs)
        if self.name == "survival":
            by_horizon = [torch.as_tensor(each, dtype=outputs.dtype, device=outputs.device) for each in standards]
            relative = outputs.clamp_max(_HIGHEST_RISK).exp()
            return torch.cat([-torch.expm1(-each * relative) for each in by_horizon], -1)
        mean, scale = standards or (0.0, 1.0)
        return outputs * scale + mean

    def standards(self, target: np.ndarray) -> tuple[float, ...]:
        """What a fold reads off its training target: mean and scale of a regression target; of survival the cumulative
        hazard of all cases by each horizon [H]; (0, 1) for classes."""
        if self.name == "survival":
            return tuple(breslow(target).at(self.horizons).tolist())
        if self.name != "regression" or len(target) == 0:
            return 0.0, 1.0
        spread = float(np.std(target))
        return float(np.mean(target)), spread if spread > 0 else 1.0

    def standardised(self, target: np.ndarray, training: np.ndarray) -> np.ndarray:
        """The labelled target [n] as the loss wants it, by the target of the training rows.

        Of survival it is the cumulative hazard of all cases at the end of a case's follow-up, signed as the target is.
        """
        if self.name == "survival":
            return np.where(target > 0, 1, -1) * breslow(training).at(np.abs(target))
        mean, scale = self.standards(training)
        return (target - mean) / scale

    def class_weights(self, target: np.ndarray) -> np.ndarray:
        """[N] weight of each case, so that every class present counts the same; ones for targets without."""
        if self.name in ("regression", "multilabel", "survival"):
            return np.ones(len(target), dtype=np.float32)
        classes, position, counts = np.unique(target, return_inverse=True, return_counts=True)
        return (len(target) / (len(classes) * counts[position])).astype(np.float32)

    def errors(self, outputs: Tensor, target: Tensor, valid: Tensor) -> Tensor:
        """Share of cases whose class is not the likeliest one (of labels that are wrong): shapes as of `score`."""
        if self.name == "multilabel":
            return (((outputs > 0) != self.held(target)).double().mean(-1) * valid).sum(-1) / valid.sum(-1)
        likeliest = (outputs.squeeze(-1) > 0).to(target.dtype) if self.name == "binary" else outputs.argmax(-1)
        return ((likeliest != target) & valid).sum(-1) / valid.sum(-1)

    def score(self, outputs: Tensor, target: Tensor, valid: Tensor) -> Tensor:
        """The followed metric: outputs [R, B, O], target and valid (bool) [R, B] -> [R], nan if undefined."""
        if self.name == "multiclass":
            right = (outputs.argmax(-1) == target) & valid
            return right.sum(-1) / valid.sum(-1)
        if self.name == "regression":
            count = valid.sum(-1, keepdim=True)
            centre = (target * valid).sum(-1, keepdim=True) / count
            lost = ((outputs.squeeze(-1) - target) ** 2 * valid).sum(-1)
            return 1 - lost / ((target - centre) ** 2 * valid).sum(-1)
        if self.name == "survival":
            return _concordance(outputs.squeeze(-1), target, valid)
        if self.name == "multilabel":
            held = self.held(target)
            each = [
                _auroc(outputs[..., k], held[..., k] & valid, ~held[..., k] & valid) for k in range(len(self.classes))
            ]
            return torch.stack(each).nanmean(0)
        return _auroc(outputs.squeeze(-1), (target == 1) & valid, (target == 0) & valid)


def _auroc(scores: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
    """AUROC per row by ranks, [R, B] -> [R]; ties, all but impossible between logits, fall as they come."""
    order = torch.where(positive | negative, scores, torch.full_like(scores, -torch.inf)).argsort(-1)
    positive, negative = positive.gather(-1, order).double(), negative.gather(-1, order).double()
    below = negative.cumsum(-1)  # negatives ranked below each case
    return (below * positive).sum(-1) / (positive.sum(-1) * negative.sum(-1))


def _concordance(risk: Tensor, target: Tensor, valid: Tensor) -> Tensor:
    """Harrell's C per row: risk, signed times and valid [R, B] -> [R]."""
    times, seen = target.abs(), (target > 0) & valid
    pairs = seen.unsqueeze(-1) & valid.unsqueeze(-2) & (times.unsqueeze(-1) < times.unsqueeze(-2))
    above = risk.unsqueeze(-1) - risk.unsqueeze(-2)
    right = (above > 0).double() + 0.5 * (above == 0).double()
    return (right * pairs).sum((-1, -2)) / pairs.sum((-1, -2))


def task_of(cohort: Cohort) -> Task:
    """The task of a cohort. Raises BadInput if it has no usable target."""
    schema = cohort.schema
    if schema.task is None:
        raise RolesNeeded(
            _("Cohort '{name}' has no target to learn.").format(name=cohort.name),
            _("Name the column to predict, or add it to the table."),
        )
    if schema.task == "survival" and len(schema.classes) < 2:
        raise BadInput(
            _("Cohort '{name}' names fewer than two points in time by which the event may have happened.").format(
                name=cohort.name
            ),
            _("Name at least two under 'classes' in cohort.toml, or none: they are then chosen from the data."),
        )
    if schema.task != "regression" and len(schema.classes) < 2:
        raise BadInput(
            _("The target of cohort '{name}' has only one class.").format(name=cohort.name),
            _("Choose a target column with at least two classes."),
        )
    return Task(name=schema.task, classes=tuple(str(c) for c in schema.classes))
