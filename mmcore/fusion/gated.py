"""Gated multimodal unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import nn

from mmcore.base.settings import N_
from mmcore.base.values import Tokens
from mmcore.fusion.attention_maps import AttentionMaps
from mmcore.fusion.base import DiagramStep, Fused, Fusion, Growth, fusions, vector
from mmcore.fusion.blocks import presence
from mmcore.fusion.layers import Linear, softmax


@fusions.register("gated")
class Gated(Fusion):
    """Gated multimodal unit (GMU).

    Every feature of the result is a weighted mean of the inputs, and the weights (gates) depend on all inputs
    together. With two inputs the softmax is Arevalo's pair of gates z and 1 - z; with more it is their generalisation.
    A missing input gets the gate 0. The weight of an input is its gate, averaged over features.
    """

    place = 80
    grows_with = Growth.PAIRS
    citation = "Arevalo et al. 2017, Gated Multimodal Units for Information Fusion, ICLR workshop"
    formula = r"h = \sum_m z_m \odot \tanh(W_m x_m), \quad z = \mathrm{softmax}_m\,(U_m [x_1; \ldots; x_M])"
    can = N_(
        "Trust inputs case by case and feature by feature: the gates read all inputs, so one input can silence another."
    )
    cannot = N_("Give more than a weighted mean of what each input says; look at single tokens.")
    cost = N_("The gates read everything, O(M² D²).")
    standard = True
    diagram = (
        DiagramStep("zₘ", N_("gates, read from all inputs"), "input", "all"),
        DiagramStep("zₘ ⊙ tanh(Wₘ xₘ)", back=2),
        DiagramStep("Σ", N_("weighted mean by feature"), 1, "all", weighs=True),
    )

    def __init__(self, inputs: Sequence[str], width: int) -> None:
        super().__init__(inputs, width)
        self.say = nn.ModuleList(Linear(width, width) for _name in self.inputs)
        # With one input there is nothing to weigh: a gate would never get a gradient.
        self.gate = Linear(len(self.inputs) * width, len(self.inputs) * width) if len(self.inputs) > 1 else None

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        present = presence([tokens[name] for name in self.inputs])  # [(R,) B, M]
        vectors = [vector(tokens[name]) * tokens[name].present.unsqueeze(-1) for name in self.inputs]
        projected = torch.stack([say(x) for say, x in zip(self.say, vectors, strict=True)], -2).tanh()  # [(R,) B, M, D]
        if self.gate is None:
            gates = present.unsqueeze(-1).expand(projected.shape).to(projected.dtype)
        else:
            scores = self.gate(torch.cat(vectors, -1)).unflatten(-1, (len(self.inputs), self.width))
            gates = softmax(scores, present.unsqueeze(-1), dim=-2)
        return Fused((gates * projected).sum(-2), AttentionMaps(inputs=gates.mean(-1), gates=gates))
