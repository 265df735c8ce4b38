"""Messages on a graph: every input sums up what it hears from the others."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from mmcore.base.registry import Range
from mmcore.base.settings import _
from mmcore.base.values import Case
from mmcore.figures import plain_charts, theme
from mmcore.fusion.graph import Messages
from mmcore.studies.formulas.base import Formula, Stage, Worked, formulas

SPOTS = np.array([[0.0, 1.0], [-0.9, -0.6], [0.9, -0.6]])


@formulas.register("graph_messages")
class GraphMessages(Formula):
    """Messages on a graph.

    loudness: how much higher the score of a node is when its value is larger
    note_missing: the note is missing: it sends and receives no messages
    """

    stage, place = Stage.FUSE, 65
    formula = (
        r"\begin{gathered} h_i' = h_i + \mathrm{ELU}\Big(\sum_j \alpha_{ij} h_j\Big) \\ "
        r"\alpha_{ij} = \mathrm{softmax}_j\,\mathrm{LeakyReLU}(a^\top h_i + c^\top h_j) \end{gathered}"
    )
    code = "mmcore.fusion.graph.Messages"
    page, page_options = "train", {"method": "graph"}

    def __init__(
        self,
        *,
        image: Annotated[float, Range(-2, 2, 0.1)] = 1.0,
        note: Annotated[float, Range(-2, 2, 0.1)] = -0.5,
        signal: Annotated[float, Range(-2, 2, 0.1)] = 0.3,
        loudness: Annotated[float, Range(0, 3, 0.1)] = 1.0,
        note_missing: bool = False,
    ) -> None:
        self.nodes, self.loudness, self.note_missing = [image, note, signal], loudness, note_missing

    @staticmethod
    def title() -> str:
        return _("Messages on a graph")

    @staticmethod
    def meaning() -> str:
        return _(
            "Inputs are nodes that are all linked. Each receives messages from itself and the others, more from "
            "those with a higher score, and adds them to what it has. Lines are as thick as the weights; the "
            "numbers are those before and after."
        )

    @staticmethod
    def used() -> str:
        return _("Train `graph` on this cohort")

    def worked(self, case: Case | None = None) -> Worked:
        there = np.array([True, not self.note_missing, True])
        after, weights = messages(np.array(self.nodes), there, self.loudness)
        names = [_("image"), _("note"), _("signal")]
        figure = go.Figure()
        for i, (x, y) in enumerate(SPOTS):
            for j in range(3):
                if j != i and weights[i, j] > 0:
                    side = 0.04 * np.array([SPOTS[j][1] - y, x - SPOTS[j][0]])  # the two ways apart from each other
                    figure.add_annotation(
                        x=x * 0.85 + SPOTS[j][0] * 0.15 + side[0], y=y * 0.85 + SPOTS[j][1] * 0.15 + side[1],
                        ax=SPOTS[j][0] * 0.85 + x * 0.15 + side[0], ay=SPOTS[j][1] * 0.85 + y * 0.15 + side[1],
                        xref="x", yref="y", axref="x", ayref="y", text="", arrowhead=2,
                        arrowwidth=0.4 + 8 * float(weights[i, j]), arrowcolor=theme.GREY, opacity=0.7,
                    )  # fmt: skip
        text = [
            f"<b>{name}</b><br>{b:.2f} → {a:.2f}".replace("-", "−")
            for name, b, a in zip(names, self.nodes, after, strict=True)
        ]
        look = {"size": 62, "color": [c if t else theme.GREY for c, t in zip(theme.INPUT_COLOURS, there, strict=False)]}
        figure.add_trace(
            go.Scatter(
                x=SPOTS[:, 0],
                y=SPOTS[:, 1],
                mode="markers+text",
                marker=look,
                text=text,
                textposition=["top center", "bottom center", "bottom center"],
            )
        )
        figure.update_xaxes(visible=False, range=[-1.6, 1.6]).update_yaxes(visible=False, range=[-1.25, 1.75])
        numbers = {
            _("image receives from itself"): float(weights[0, 0]),
            _("image receives from the note"): float(weights[0, 1]),
        }
        numbers |= {
            _("image receives from the signal"): float(weights[0, 2]),
            _("image, after the messages"): float(after[0]),
        }
        data = pd.DataFrame(weights, index=names, columns=names)
        style = theme.style(figure, height=plain_charts.HEIGHT + 20, legend=False)
        return Worked(numbers, style, data, _("Three nodes with arrows as thick as the weights"))


def messages(values: np.ndarray, there: np.ndarray, loudness: float) -> tuple[np.ndarray, np.ndarray]:
    """One round between nodes of width 2, [x, 0] before: the first feature after [M] and weights [M, M].

    By the layer of the fusion method `graph`, with its projections left as they come in and normalisation off.
    """
    layer: Any = Messages(2, 1)
    with torch.no_grad():
        layer.norm = torch.nn.Identity()
        layer.say.weight[:] = layer.out.weight[:] = torch.eye(2)
        layer.out.bias.zero_()
        layer.listener.weight.zero_()
        layer.speaker.weight[:] = loudness * torch.tensor([[1.0], [0.0]])
        nodes = torch.tensor(np.stack([values, np.zeros(3)], -1), dtype=torch.float32)[None]
        after, weights = layer(nodes, torch.from_numpy(there)[None])
    return np.where(there, after[0, :, 0].numpy(), values), weights[0, 0].numpy()
