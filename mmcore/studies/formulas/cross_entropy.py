"""Cross-entropy: the loss of several classes."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
import pandas as pd
import torch

from mmcore.base.registry import Range
from mmcore.base.settings import _
from mmcore.base.values import Case
from mmcore.figures import plain_charts, theme
from mmcore.studies.formulas.base import Formula, Stage, Worked, formulas
from mmcore.training.tasks import Task

CLASSES = ("none", "benign", "malignant")
Score = Annotated[float, Range(-4, 6, 0.5)]
_TASK = Task(name="multiclass", classes=CLASSES)


@formulas.register("cross_entropy")
class CrossEntropy(Formula):
    """Cross-entropy.

    none: score of the class none
    benign: score of the class benign
    malignant: score of the class malignant
    truth: the true class
    """

    stage, place = Stage.TRAIN, 85
    formula = r"L = -\log p_{\text{truth}}, \quad p_k = \frac{e^{s_k}}{\sum_j e^{s_j}}"
    code = "mmcore.training.tasks.Task.loss"
    page = "train"

    def __init__(
        self,
        *,
        none: Score = 0.0,
        benign: Score = 1.0,
        malignant: Score = 2.0,
        truth: Literal["none", "benign", "malignant"] = "malignant",
    ) -> None:
        self.scores, self.truth = [none, benign, malignant], CLASSES.index(truth)

    @staticmethod
    def title() -> str:
        return _("Cross-entropy")

    @staticmethod
    def meaning() -> str:
        return _(
            "The loss is small where the true class got much of the probability, and grows without bound as it gets "
            "less. What the other classes got among themselves does not matter."
        )

    @staticmethod
    def used() -> str:
        return _("The loss that is lowered in training on several classes")

    def worked(self, case: Case | None = None) -> Worked:
        scores = torch.tensor([self.scores], dtype=torch.float64)
        value = float(_TASK.loss(scores, torch.tensor([self.truth]))[0])
        probability = _TASK.activate(scores)[0].tolist()
        tints = [theme.ACCENT if k == self.truth else theme.GREY for k in range(3)]
        shown = {
            f"{name}, {_('true')}" if k == self.truth else name: own
            for k, (name, own) in enumerate(zip(CLASSES, probability, strict=True))
        }
        figure = plain_charts.bars(shown, _("probability"), tints, low=0)
        numbers = {_("loss"): value, _("probability of the truth"): probability[self.truth]}
        numbers |= {_("loss of a guess among three"): float(np.log(3))}
        data = pd.DataFrame({"class": CLASSES, "score": self.scores, "probability": probability})
        return Worked(numbers, figure, data, _("Bars of the probabilities, the true class in colour"))
