"""The sigmoid: log-odds become a probability."""

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

_BINARY = Task(name="binary", classes=("no", "yes"))


@formulas.register("sigmoid")
class SigmoidCurve(Formula):
    """Sigmoid.

    log_odds: what the model gives for a case, before the sigmoid
    """

    stage, place = Stage.TRAIN, 80
    formula = r"p = \sigma(z) = \frac{1}{1 + e^{-z}}"
    code = "mmcore.training.tasks.Task.activate"
    page = "attention"

    def __init__(self, *, log_odds: Annotated[float, Range(-6, 6, 0.1)] = 1.0) -> None:
        self.log_odds = log_odds

    @staticmethod
    def title() -> str:
        return _("Sigmoid")

    @staticmethod
    def meaning() -> str:
        return _(
            "A model first gives log-odds, which may be any number; the sigmoid makes them a probability. 0 is one "
            "half, and each step of 1 multiplies the odds by e = 2.718."
        )

    @staticmethod
    def used() -> str:
        return _("The probability of this case")

    @staticmethod
    def correction() -> str:
        return _(
            "Check any printed example against three values: σ(0) = 0.5, σ(1) = 0.731, σ(2) = 0.881; and σ(−z) = 1 − "
            "σ(z)."
        )

    def worked(self, case: Case | None = None) -> Worked:
        x = np.linspace(-6, 6, 241)
        value = float(probability(np.array([self.log_odds]))[0])
        figure = plain_charts.curves(x, {_("probability"): probability(x)}, (_("log-odds z"), _("probability p")))
        figure.update_yaxes(range=[0, 1.08])
        numbers = {_("probability"): value, _("odds"): float(np.exp(self.log_odds))}
        data = pd.DataFrame({"log_odds": x, "probability": probability(x)})
        figure = plain_charts.marked(figure, self.log_odds, value, f"{value:.3f}", beside="top left")
        return Worked(numbers, figure, data, _("Curve from 0 to 1 over the log-odds"))


def probability(log_odds: np.ndarray) -> np.ndarray:
    """[N] log-odds -> [N], as the task of a model makes it."""
    return _BINARY.activate(torch.from_numpy(np.asarray(log_odds, float))[:, None])[:, 1].numpy()
