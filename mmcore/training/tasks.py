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

if TYPE_CHECKING:
    from mmcore.cohorts import Cohort


class Task(BaseModel):
    """binary (BCE), multiclass (cross-entropy), multilabel (mean BCE of the labels) or regression (MSE on the
    standardised target).

    classes: names in the order of class indices; for binary tasks classes[1] is the positive class; the L labels of a
    multilabel task, whose target is a set of labels as a number (see `label_sets`).
    """

    model_config = ConfigDict(frozen=True)
    name: Literal["binary", "multiclass", "multilabel", "regression"]
    classes: tuple[str, ...] = ()

    @property
    def outputs(self) -> int:
        """O, numbers the head gives per case."""
        return len(self.classes) if self.name in ("multiclass", "multilabel") else 1

    @property
    def columns(self) -> int:
        """K, numbers reported per case: probabilities of 2 or K classes or of each label, or the 1 value."""
        return 2 if self.name == "binary" else self.outputs

    @property
    def scored_columns(self) -> int:
        """Numbers kept per case out of fold: K, and for several labels the threshold at which each is called."""
        return 2 * self.columns if self.name == "multilabel" else self.columns

    @property
    def followed(self) -> str:
        """The metric that is followed on the validation part while training, by its name in the table of metrics."""
        return {"binary": "auroc", "multiclass": "accuracy", "multilabel": "auroc", "regression": "r2"}[self.name]

    def labelled(self, target: np.ndarray) -> np.ndarray:
        """[N] bool: False where the target is not known (nan, or a class index below 0)."""
        target = np.asarray(target, dtype=float)
        return np.isfinite(target) if self.name == "regression" else np.isfinite(target) & (target >= 0)

    def strata(self, target: np.ndarray) -> np.ndarray:
        """[N] what folds are balanced by: the target itself, or of sets of labels the rarest label of each."""
        return rarest_labels(target, len(self.classes)) if self.name == "multilabel" else target

    def loss(self, outputs: Tensor, target: Tensor, weight: Tensor | None = None) -> Tensor:
        """Loss of every case: outputs [..., B, O], target [..., B] (class index or standardised value) -> [..., B]."""
        if self.name == "binary":
            lost = F.binary_cross_entropy_with_logits(outputs.squeeze(-1), target.to(outputs.dtype), reduction="none")
        elif self.name == "multiclass":
            lost = -torch.log_softmax(outputs, -1).gather(-1, target.long().unsqueeze(-1)).squeeze(-1)
        elif self.name == "multilabel":
            held = self.held(target).to(outputs.dtype)
            lost = F.binary_cross_entropy_with_logits(outputs, held.expand(outputs.shape), reduction="none").mean(-1)
        else:
            lost = (outputs.squeeze(-1) - target) ** 2
        return lost if weight is None else lost * weight

    def held(self, target: Tensor) -> Tensor:
        """Which labels sets of labels hold: target [...] -> [..., L] bool."""
        labels = torch.arange(len(self.classes), device=target.device)
        return (target.long().unsqueeze(-1) >> labels) & 1 == 1

    def activate(self, outputs: Tensor, mean: Tensor | float = 0.0, scale: Tensor | float = 1.0) -> Tensor:
        """Outputs of the head [..., O] -> what is reported [..., K]: probabilities, or values in the target's unit.

        mean, scale: of the target on the training fold (regression only).
        """
        if self.name == "binary":
            positive = torch.sigmoid(outputs)
            return torch.cat([1 - positive, positive], -1)
        if self.name == "multiclass":
            return torch.softmax(outputs, -1)
        if self.name == "multilabel":
            return torch.sigmoid(outputs)
        return outputs * scale + mean

    def standards(self, target: np.ndarray) -> tuple[float, float]:
        """Mean and scale by which a regression target is standardised; (0, 1) for classes."""
        if self.name != "regression" or len(target) == 0:
            return 0.0, 1.0
        spread = float(np.std(target))
        return float(np.mean(target)), spread if spread > 0 else 1.0

    def class_weights(self, target: np.ndarray) -> np.ndarray:
        """[N] weight of each case, so that every class present counts the same; ones for regression and labels."""
        if self.name in ("regression", "multilabel"):
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


def task_of(cohort: Cohort) -> Task:
    """The task of a cohort. Raises BadInput if it has no usable target."""
    schema = cohort.schema
    if schema.task is None:
        raise RolesNeeded(
            _("Cohort '{name}' has no target to learn.").format(name=cohort.name),
            _("Name the column to predict, or add it to the table."),
        )
    if schema.task != "regression" and len(schema.classes) < 2:
        raise BadInput(
            _("The target of cohort '{name}' has only one class.").format(name=cohort.name),
            _("Choose a target column with at least two classes."),
        )
    return Task(name=schema.task, classes=tuple(str(c) for c in schema.classes))
