"""Quadratic mean over inputs: save as mmcore/fusion/quadratic_mean.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import nn

from mmcore.base.values import Tokens
from mmcore.fusion.attention_maps import AttentionMaps
from mmcore.fusion.base import DiagramStep, Fused, Fusion, fusions, vector
from mmcore.fusion.blocks import presence
from mmcore.fusion.layers import Linear
from mmcore.fusion.rollout import normalised


@fusions.register("quadratic_mean")
class QuadraticMean(Fusion):
    """Quadratic mean over inputs.

    Every input is mapped to a common space; in every feature the result is the root of the mean square over the inputs
    present. The weight of an input is its part in the sum of squares.
    """

    place = 45  # after `max`, before methods with more freedom
    citation = "Boureau et al. 2010, A Theoretical Analysis of Feature Pooling in Visual Recognition, ICML"
    formula = r"h = \sqrt{\frac{1}{|P|} \sum_{m \in P} (W_m x_m)^2}, \quad P = \text{inputs present}"
    can = "Let an input that says much count for more, without a weight to be learnt."
    cannot = "Tell yes from no in the fusion itself: the square loses the sign."
    cost = "M projections, O(M D²)."
    diagram = (DiagramStep("Wₘ xₘ"), DiagramStep("√ mean of squares", "over inputs present", 1, "all", weighs=True))

    def __init__(self, inputs: Sequence[str], width: int) -> None:
        super().__init__(inputs, width)
        self.project = nn.ModuleList(Linear(width, width) for _name in self.inputs)

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        parts = [tokens[name] for name in self.inputs]
        present = presence(parts)  # [(R,) B, M]
        projected = [project(vector(part)) for project, part in zip(self.project, parts, strict=True)]
        squares = torch.stack(projected, -2).square() * present.unsqueeze(-1)  # [(R,) B, M, D]
        mean = squares.sum(-2) / present.sum(-1, keepdim=True).clamp_min(1)
        return Fused((mean + 1e-6).sqrt(), AttentionMaps(inputs=normalised(squares.sum(-1))))
