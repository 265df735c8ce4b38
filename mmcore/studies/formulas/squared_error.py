"""Mean squared error: the loss of a number."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from mmcore.base.registry import Range
from mmcore.base.settings import _
from mmcore.base.values import Case
from mmcore.figures import plain_charts, theme
from mmcore.studies.formulas.base import Formula, Stage, Worked, formulas
from mmcore.training.tasks import Task

X = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
Y = np.array([2.1, 2.9, 4.2, 4.8, 9.0])  # the last lies apart
_TASK = Task(name="regression")


@formulas.register("squared_error")
class SquaredError(Formula):
    """Mean squared error.

    slope: slope of the line that predicts
    start: height of the line at 0
    """

    stage, place = Stage.TRAIN, 95
    formula = r"\mathrm{MSE} = \frac{1}{N} \sum_{i=1}^{N} (y_i - \hat{y}_i)^2"
    code = "mmcore.training.tasks.Task.loss"
    page = "train"

    def __init__(
        self, *, slope: Annotated[float, Range(-1, 3, 0.1)] = 1.0, start: Annotated[float, Range(-2, 4, 0.1)] = 1.0
    ) -> None:
        self.slope, self.start = slope, start

    @staticmethod
    def title() -> str:
        return _("Mean squared error")

    @staticmethod
    def meaning() -> str:
        return _(
            "The mean of the squared errors, drawn as squares. An error twice as large costs four times as "
            "much, so a single case that lies apart pulls the line towards it. The dotted line is the best one."
        )

    @staticmethod
    def used() -> str:
        return _("The loss that is lowered in training on a number")

    def worked(self, case: Case | None = None) -> Worked:
        predicted = self.start + self.slope * X
        best = np.polyval(np.polyfit(X, Y, 1), X)
        value, least = mean_squared_error(predicted, Y), mean_squared_error(best, Y)
        figure = go.Figure()
        for name, line, dash in ((_("best line"), best, "dot"), (_("your line"), predicted, "solid")):
            figure.add_trace(
                go.Scatter(x=X, y=line, mode="lines", name=name, line={"dash": dash, "color": theme.ACCENT})
            )
        for x, y, own in zip(X, Y, predicted, strict=True):
            side = abs(y - own)  # of a square: as far across as the error is high
            figure.add_shape(
                type="rect", x0=x, x1=x + side, y0=min(y, own), y1=max(y, own), layer="below",
                line={"color": theme.BAD, "width": 1.5}, fillcolor=theme.faded(theme.BAD, 0.18),
            )  # fmt: skip
        dots = {"size": 11, "color": theme.INPUT_COLOURS[0]}
        figure.add_trace(go.Scatter(x=X, y=Y, mode="markers", marker=dots, name=_("cases")))
        figure.update_xaxes(title_text="x").update_yaxes(title_text="y", scaleanchor="x")
        numbers = {_("mean squared error"): value, _("its root"): value**0.5, _("of the best line"): least}
        data = pd.DataFrame({"x": X, "y": Y, "predicted": predicted})
        return Worked(
            numbers, theme.style(figure, height=plain_charts.HEIGHT), data, _("Cases, a line, and the errors")
        )


def mean_squared_error(predicted: np.ndarray, target: np.ndarray) -> float:
    """By the loss that is trained on."""
    return float(_TASK.loss(torch.from_numpy(predicted)[:, None], torch.from_numpy(target)).mean())
