"""A fusion network learns what only two inputs together tell."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch
from torch import nn

from mmcore.base.registry import Range
from mmcore.base.seeding import seeded
from mmcore.base.settings import _
from mmcore.base.values import Case, Tokens
from mmcore.figures import plain_charts, theme
from mmcore.fusion import fusions
from mmcore.studies.formulas.base import Formula, Stage, Worked, formulas
from mmcore.training.stepper import Stepper
from mmcore.training.tasks import Task
from mmcore.training.training_spec import TrainingSpec

WIDTH, CASES, GRID, RATE = 8, 120, 25, 0.02
_TASK = Task(name="binary", classes=("no", "yes"))


@formulas.register("fusion_network")
class FusionNetworkFormula(Formula):
    """Fusion network.

    method: how the two inputs are fused
    steps: steps of training
    """

    stage, place = Stage.FUSE, 45
    formula = (
        r"\begin{gathered} h_0 = W[x_1; x_2], \quad h_{l+1} = h_l + W_2\,\mathrm{GELU}(W_1\,\mathrm{LN}(h_l)) \\ "
        r"p = \sigma(w^\top h_L) \end{gathered}"
    )
    code = "mmcore.fusion.mlp.FusionNetwork"
    page, page_options = "train", {"method": "mlp"}

    def __init__(
        self, *, method: Literal["mlp", "concat", "bilinear"] = "mlp", steps: Annotated[int, Range(0, 120, 10)] = 60
    ) -> None:
        self.method, self.steps = method, steps

    @staticmethod
    def title() -> str:
        return _("Fusion network")

    @staticmethod
    def meaning() -> str:
        return _(
            "The disease is present where exactly one of two findings is: neither input tells anything by "
            "itself. A linear map of both, as in `concat` alone, cannot draw that border however long it is "
            "trained; a network with a non-linear step can."
        )

    @staticmethod
    def used() -> str:
        return _("Train `mlp` on this cohort")

    def worked(self, case: Case | None = None) -> Worked:
        points, target = _cases()
        reach = float(np.abs(points).max()) + 0.1
        line = np.linspace(-reach, reach, GRID, dtype=np.float32)
        across, up = np.meshgrid(line, line)
        surface, lost, right = learnt(
            self.method, self.steps, points, target, np.stack([across, up], -1).reshape(-1, 2)
        )
        surface = surface.reshape(GRID, GRID)
        figure = go.Figure(
            go.Heatmap(
                x=line,
                y=line,
                z=surface,
                zmin=0,
                zmax=1,
                colorscale=list(theme.DIVERGING_OPEN),
                colorbar={"title": _("p"), "thickness": 12, "outlinewidth": 0},
            )
        )
        for number, name in enumerate(_TASK.classes):
            own = points[target == number]
            look = {"color": theme.TWO_CLASSES[number], "symbol": theme.symbol(number), "size": 8}
            look |= {"line": {"width": 1, "color": "white"}}
            figure.add_trace(go.Scatter(x=own[:, 0], y=own[:, 1], mode="markers", name=name, marker=look))
        figure.update_xaxes(title_text=_("input 1"), range=[-reach, reach])
        figure.update_yaxes(title_text=_("input 2"), range=[-reach, reach])
        numbers = {_("share of cases classified correctly"): right, _("loss"): lost}
        data = pd.DataFrame(surface, index=line, columns=line)
        alt = _("Probability over the plane of two inputs, and the cases")
        return Worked(numbers, theme.style(figure, height=plain_charts.HEIGHT + 60), data, alt)


def _cases() -> tuple[np.ndarray, np.ndarray]:
    """[N, 2] and [N] 0 or 1: two inputs that settle the class only together."""
    chance = np.random.default_rng(0)
    signs = chance.choice([-1.0, 1.0], (CASES, 2))
    points = (0.8 * signs + chance.normal(0, 0.25, signs.shape)).astype(np.float32)
    return points, (signs[:, 0] != signs[:, 1]).astype(int)


def learnt(
    method: str, steps: int, points: np.ndarray, target: np.ndarray, places: np.ndarray
) -> tuple[np.ndarray, float, float]:
    """Probabilities [P] at `places` [P, 2] of a fusion method trained on `points`, with the loss and share of right
    cases."""
    with seeded(0):
        fusion, turn, head = fusions[method](["a", "b"], WIDTH), nn.Linear(1, WIDTH), nn.Linear(WIDTH, 1)

    def logits(values: np.ndarray) -> torch.Tensor:
        turned = turn(torch.from_numpy(values)[:, :, None, None])  # [N, 2, 1, D]
        here = torch.ones(len(values), 1, dtype=torch.bool)
        return head(fusion({name: Tokens(turned[:, i], here) for i, name in enumerate("ab")}).vector)

    weights = [*fusion.parameters(), *turn.parameters(), *head.parameters()]
    steppers = [Stepper(TrainingSpec(), own.detach()) for own in weights]
    truth = torch.from_numpy(target)
    for _step in range(steps):
        slopes = torch.autograd.grad(_TASK.loss(logits(points), truth).mean(), weights, materialize_grads=True)
        for stepper, own, slope in zip(steppers, weights, slopes, strict=True):
            stepper.step(own.detach(), slope, RATE)
    with torch.no_grad():
        out = logits(points)
        probability = _TASK.activate(logits(places))[:, 1].numpy()
        right = float(((out[:, 0] > 0).numpy() == (target > 0)).mean())
        return probability, float(_TASK.loss(out, truth).mean()), right
