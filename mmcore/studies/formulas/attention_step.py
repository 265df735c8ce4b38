"""Attention: a query looks at tokens and takes a mean of them, weighed by how well each fits."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from mmcore.base.registry import Range
from mmcore.base.settings import _
from mmcore.base.values import Case
from mmcore.figures import plain_charts, theme
from mmcore.studies.formulas.attention_layer import attention_of
from mmcore.studies.formulas.base import Formula, Stage, Worked, formulas

TOKENS = np.array([[1.0, 0.1], [0.7, 0.8], [0.0, 1.0], [-0.8, 0.5], [-0.6, -0.7], [0.4, -0.9]], np.float32)


@formulas.register("attention")
class AttentionFormula(Formula):
    """Attention.

    direction: direction of the query, in degrees
    strength: length of the query; the longer it is, the more the best match gets
    """

    stage, place = Stage.FUSE, 55
    formula = r"\mathrm{Attention}(Q, K, V) = \mathrm{softmax}\!\left(\frac{Q K^\top}{\sqrt{d}}\right) V"
    code = "mmcore.fusion.layers.Attend"
    page = "attention"

    def __init__(
        self,
        *,
        direction: Annotated[int, Range(0, 360, 5)] = 40,
        strength: Annotated[float, Range(0, 12, 0.5)] = 3.0,
    ) -> None:
        angle = np.radians(direction)
        self.query = strength * np.array([np.cos(angle), np.sin(angle)])

    @staticmethod
    def title() -> str:
        return _("Attention")

    @staticmethod
    def meaning() -> str:
        return _(
            "Each token gets a share by how well it fits the query, and the answer is the mean of the tokens "
            "with these shares. A query of length zero looks at all of them equally."
        )

    @staticmethod
    def used() -> str:
        return _("Attention on this case")

    def worked(self, case: Case | None = None) -> Worked:
        answer, weights = attention_of(self.query[None], TOKENS)
        figure = go.Figure()
        look = {"size": 14 + 70 * weights[0] ** 0.5, "color": theme.INPUT_COLOURS[0], "opacity": 0.55}
        figure.add_trace(
            go.Scatter(
                x=TOKENS[:, 0], y=TOKENS[:, 1], mode="markers+text", marker=look, name=_("tokens"),
                text=[f"{weight:.2f}" for weight in weights[0]], textposition="middle center",
            )
        )  # fmt: skip
        unit = self.query / max(float(np.linalg.norm(self.query)), 1e-9)
        figure.add_trace(
            go.Scatter(
                x=[0, unit[0]], y=[0, unit[1]], mode="lines", name=_("query"), line={"color": theme.GREY, "dash": "dot"}
            )
        )
        star = {"size": 16, "symbol": "star", "color": theme.BAD}
        figure.add_trace(go.Scatter(x=answer[:, 0], y=answer[:, 1], mode="markers", marker=star, name=_("answer")))
        figure.update_xaxes(range=[-1.5, 1.5]).update_yaxes(range=[-1.4, 1.4], scaleanchor="x")
        numbers = {_("largest share"): float(weights.max()), _("answer, across"): float(answer[0, 0])}
        numbers |= {_("answer, up"): float(answer[0, 1]), _("sum of shares"): float(weights.sum())}
        data = pd.DataFrame({"x": TOKENS[:, 0], "y": TOKENS[:, 1], "share": weights[0]})
        alt = _("Tokens as discs as large as their share, the query and the answer")
        return Worked(numbers, theme.style(figure, height=plain_charts.HEIGHT + 60), data, alt)
