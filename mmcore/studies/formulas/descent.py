"""SGD and Adam on a surface: how weights go downhill."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch
from torch import Tensor

from mmcore.base.registry import Range
from mmcore.base.settings import _
from mmcore.base.values import Case
from mmcore.figures import plain_charts, theme
from mmcore.studies.formulas.base import Formula, Stage, Worked, formulas
from mmcore.training.stepper import Stepper
from mmcore.training.training_spec import TrainingSpec

START = (-1.6, 1.3)


@formulas.register("descent")
class Descent(Formula):
    """SGD and Adam.

    surface: a narrow valley, a round bowl, or two hollows of which one is deeper
    learning_rate: of Adam; SGD takes a tenth of it
    steps: steps downhill
    """

    stage, place = Stage.TRAIN, 100
    formula = (
        r"\text{SGD: } v \leftarrow 0.9\,v + g, \; w \leftarrow w - \eta v \qquad \text{Adam: } "
        r"w \leftarrow w - \eta\, \hat{m} / (\sqrt{\hat{s}} + \epsilon)"
    )
    code = "mmcore.training.stepper.Stepper"
    page = "train"

    def __init__(
        self,
        *,
        surface: Literal["valley", "bowl", "two hollows"] = "valley",
        learning_rate: Annotated[float, Range(0.01, 0.5, 0.01)] = 0.1,
        steps: Annotated[int, Range(1, 200)] = 60,
    ) -> None:
        self.surface, self.learning_rate, self.steps = surface, learning_rate, steps

    @staticmethod
    def title() -> str:
        return _("SGD and Adam")

    @staticmethod
    def meaning() -> str:
        return _(
            "Both go down the slope of the loss. SGD takes larger steps where the slope is steeper, and swings "
            "across a narrow valley. Adam measures each direction by its own slopes, so it moves along a flat "
            "floor as fast as down a steep wall."
        )

    @staticmethod
    def used() -> str:
        return _("The curves of training on this cohort")

    def worked(self, case: Case | None = None) -> Worked:
        line = np.linspace(-2, 2, 81)
        across, up = (torch.from_numpy(grid) for grid in np.meshgrid(line, line))
        height = np.log10(height_of(self.surface, torch.stack([across, up])).numpy() + 0.01)
        figure = go.Figure(
            go.Contour(
                x=line,
                y=line,
                z=height,
                colorscale=[theme.SEQUENTIAL_OPEN[0], theme.faded(theme.ACCENT, 0.5)],  # the paths stand out from it
                contours={"coloring": "heatmap"},  # filled level by level, see-through colours would add up
                line={"width": 0.7, "color": theme.faded(theme.GREY, 0.7)},
                ncontours=18,
                showscale=False,
                hoverinfo="skip",
            )
        )
        paths, numbers = {}, {}
        for name, share in (("SGD", 0.1), ("Adam", 1.0)):
            kind: Literal["sgd", "adam"] = "sgd" if name == "SGD" else "adam"
            path = paths[name] = went(self.surface, kind, share * self.learning_rate, self.steps)
            colour = theme.BAD if name == "SGD" else theme.INPUT_COLOURS[1]
            look = {"color": colour, "width": 2.5}
            shown = np.clip(path, -2.4, 2.4)
            figure.add_trace(
                go.Scatter(x=shown[:, 0], y=shown[:, 1], mode="lines+markers", name=name, line=look, marker_size=5)
            )
            end = height_of(self.surface, torch.from_numpy(path[-1])[:, None])
            numbers[_("loss of {name} at the end").format(name=name)] = float(end[0])
        figure.update_xaxes(range=[-2, 2], title_text=_("weight 1")).update_yaxes(
            range=[-2, 2], title_text=_("weight 2")
        )
        data = pd.DataFrame({f"{name} {axis + 1}": path[:, axis] for name, path in paths.items() for axis in (0, 1)})
        style = theme.style(figure, height=plain_charts.HEIGHT + 80)
        return Worked(numbers, style, data, _("Two paths over lines of equal loss"))


def height_of(surface: str, weights: Tensor) -> Tensor:
    """Loss at two weights [2, ...]."""
    x, y = weights[0], weights[1]
    if surface == "bowl":
        return 0.5 * (x**2 + y**2)
    if surface == "valley":
        return 0.05 * (x - 1) ** 2 + 4 * (y - 0.3 * x) ** 2
    return (x**2 - 1) ** 2 + 0.3 * x + 0.35 + 0.8 * y**2


def went(surface: str, kind: Literal["sgd", "adam"], rate: float, steps: int) -> np.ndarray:
    """[steps + 1, 2] weights on the way down, by the optimiser that training takes, without weight decay."""
    weights = torch.nn.Parameter(torch.tensor(START, dtype=torch.float64))
    stepper = Stepper(TrainingSpec(optimiser=kind, weight_decay=0.0), weights.detach())
    path = [weights.detach().numpy().copy()]
    for _step in range(steps):
        (slope,) = torch.autograd.grad(height_of(surface, weights), weights)
        stepper.step(weights.detach(), slope, rate)
        path.append(weights.detach().numpy().copy())
    return np.stack(path)
