"""Late fusion: decisions are averaged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import torch
from torch import nn

from mmcore.base.registry import Range
from mmcore.base.settings import N_
from mmcore.base.values import Tokens
from mmcore.fusion.base import DiagramStep, Fused, Fusion, fusions, vector
from mmcore.fusion.blocks import presence
from mmcore.fusion.layers import Linear, Residual


@fusions.register("late")
class Late(Fusion):
    """Late fusion (decisions averaged).

    Every input decides by itself and learns from its own loss; the decisions (before the output function) of the
    inputs that are present are averaged. Nothing is weighed, so there are no weights to show.

    blocks: residual blocks in the network of each input
    """

    decides = True
    place = 60
    citation = "Kittler et al. 1998, On Combining Classifiers, TPAMI 20(3)"
    formula = r"\hat{y} = \sigma\!\left(\frac{1}{|P|} \sum_{m \in P} f_m(x_m)\right), \quad P = \text{inputs present}"
    can = N_(
        "Work with whatever inputs are there, each as good as it is alone; hard to beat where inputs are independent."
    )
    cannot = N_(
        "Use any combination of inputs: decisions are added, and nothing follows. Trust one input more than another."
    )
    cost = N_("M small networks, O(M D²).")
    standard = True
    diagram = (DiagramStep(N_("decide"), "fₘ(xₘ)"), DiagramStep(N_("mean"), N_("of decisions"), 1, "all"))

    def __init__(self, inputs: Sequence[str], width: int, *, blocks: Annotated[int, Range(1, 4)] = 1) -> None:
        super().__init__(inputs, width)
        self.decide = nn.ModuleList(
            nn.Sequential(*(Residual(width) for _block in range(blocks)), Linear(width, width)) for _name in self.inputs
        )

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        present = presence([tokens[name] for name in self.inputs]).unsqueeze(-1)  # [(R,) B, M, 1]
        each = {name: decide(vector(tokens[name])) for name, decide in zip(self.inputs, self.decide, strict=True)}
        stacked = torch.stack(list(each.values()), -2)
        return Fused((stacked * present).sum(-2) / present.sum(-2).clamp_min(1), each=each)
