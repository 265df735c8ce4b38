"""Binary cross-entropy: the loss of yes or no."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import pandas as pd
import torch

from mmcore.base.registry import Range
from mmcore.base.settings import _
from mmcore.base.values import Case
from mmcore.figures import plain_charts
from mmcore.studies.formulas.base import Formula, Stage, Worked, formulas
from mmcore.training.tasks import Task

_TASK = Task(name="binary", classes=("no", "yes"))


@formulas.register("binary_cross_entropy")
class BinaryCrossEntropy(Formula):
    """Binary cross-entropy.

    probability: the model's probability of disease
    disease: whether the case has it
    """

    stage, place = Stage.TRAIN, 90
    formula = r"L = -\big(y \log p + (1 - y) \log(1 - p)\big)"
    code = "mmcore.training.tasks.Task.loss"
    page = "train"

    def __init__(self, *, probability: Annotated[float, Range(0.01, 0.99, 0.01)] = 0.8, disease: bool = True) -> None:
        self.probability, self.disease = probability, disease

    @staticmethod
    def title() -> str:
        return _("Binary cross-entropy")

    @staticmethod
    def meaning() -> str:
        return _(
            "Being sure and right costs next to nothing, being sure and wrong costs much: 0.99 for a healthy case "
            "costs 4.6, one half always costs 0.693."
        )

    @staticmethod
    def used() -> str:
        return _("The loss that is lowered in training on yes or no")

    def worked(self, case: Case | None = None) -> Worked:
        x = np.linspace(0.01, 0.99, 197)
        lines = {_("the case has it"): loss(x, True), _("the case does not"): loss(x, False)}
        value = float(loss(np.array([self.probability]), self.disease)[0])
        figure = plain_charts.curves(x, lines, (_("stated probability"), _("loss")))
        figure = plain_charts.marked(figure, self.probability, value, f"{value:.3f}")
        numbers = {
            _("loss"): value,
            _("loss if the truth were the opposite"): float(loss(np.array([self.probability]), not self.disease)[0]),
        }
        return Worked(numbers, figure, pd.DataFrame({"probability": x, **lines}), _("Loss over the probability"))


def loss(probability: np.ndarray, disease: bool) -> np.ndarray:
    """[N] probabilities -> [N], by the loss that is trained on, which takes log-odds."""
    log_odds = torch.logit(torch.from_numpy(np.asarray(probability, float)))[:, None]
    return _TASK.loss(log_odds, torch.full((len(log_odds),), int(disease))).numpy()
