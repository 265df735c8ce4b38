"""Late fusion: decisions are weighed by learnt weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import torch
from torch import nn

from mmcore.base.registry import Range
from mmcore.base.settings import N_
from mmcore.base.values import Tokens
from mmcore.fusion.attention_maps import AttentionMaps
from mmcore.fusion.base import DiagramStep, Fused, Fusion, fusions, vector
from mmcore.fusion.blocks import presence
from mmcore.fusion.layers import LayerNorm, Linear, Residual, softmax, spread


@fusions.register("late_learnt")
class LateLearnt(Fusion):
    """Late fusion (decisions weighed).

    Every input decides by itself, and the decisions (before the output function) of the inputs present are weighed by
    how far each input is to be trusted, which is learnt together with the decisions and is the same in every case.
    What an input decides with has a fixed scale, so that the weights can be compared.

    blocks: residual blocks in the network of each input
    """

    decides = True
    place = 70
    citation = "Wolpert 1992, Stacked Generalization, Neural Networks 5(2); Kittler et al. 1998, TPAMI 20(3)"
    formula = (
        r"\hat{y} = \sigma\!\left(\sum_{m \in P} \alpha_m f_m(x_m)\right), "
        r"\quad \alpha = \mathrm{softmax}_{m \in P}(a_m), \quad P = \text{inputs present}"
    )
    can = N_("Trust a good input more than a poor one, and say how much; work with whatever inputs are there.")
    cannot = N_(
        "Use a combination of inputs: decisions are added, and nothing follows. Trust an input more in one "
        "case than in another."
    )
    cost = N_("M small networks, O(M D²).")
    diagram = (
        DiagramStep(N_("decide"), "fₘ(xₘ)"),
        DiagramStep("Σ αₘ fₘ", N_("learnt weights, the same in every case"), 1, "all", weighs=True),
    )

    def __init__(self, inputs: Sequence[str], width: int, *, blocks: Annotated[int, Range(1, 4)] = 1) -> None:
        super().__init__(inputs, width)
        self.decide = nn.ModuleList(
            nn.Sequential(*(Residual(width) for _block in range(blocks)), Linear(width, width), LayerNorm(width))
            for _name in self.inputs
        )
        # With one input there is nothing to weigh: its weight would never get a gradient.
        self.trust = nn.Parameter(torch.zeros(len(self.inputs))) if len(self.inputs) > 1 else None

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        parts = [tokens[name] for name in self.inputs]
        present = presence(parts)
        decisions = torch.stack([decide(vector(part)) for decide, part in zip(self.decide, parts, strict=True)], -2)
        if self.trust is None:
            weights = present.to(decisions.dtype)
        else:
            weights = softmax(spread(self.trust, present).expand(present.shape), present)
        return Fused((weights.unsqueeze(-1) * decisions).sum(-2), AttentionMaps(inputs=weights))
