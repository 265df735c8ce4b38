"""Mixture of experts over all inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import torch
from torch import nn
from torch.nn import functional as F

from mmcore.base.registry import Range
from mmcore.base.settings import N_
from mmcore.base.values import Tokens
from mmcore.fusion.attention_maps import AttentionMaps
from mmcore.fusion.base import DiagramStep, Fused, Fusion, fusions
from mmcore.fusion.blocks import side_by_side
from mmcore.fusion.layers import LayerNorm, Linear, Missing


@fusions.register("mixture_of_experts")
class MixtureOfExperts(Fusion):
    """Mixture of experts.

    Several small networks (experts) read all inputs side by side; a router, which reads them too, decides in every
    case how far each expert is heard. All experts answer (soft routing), so that nothing is lost on small cohorts.
    Cases of one sort, or with the same inputs missing, can be left to experts of their own.

    experts: how many experts
    hidden: hidden features of an expert
    """

    place = 130
    citation = (
        "Jacobs et al. 1991, Adaptive Mixtures of Local Experts, Neural Computation 3(1); "
        "Shazeer et al. 2017, Outrageously Large Neural Networks, ICLR"
    )
    formula = (
        r"h = \sum_{e=1}^{E} g_e\, W_e\, \mathrm{GELU}(V_e\, x), \quad g = \mathrm{softmax}(R\, x), "
        r"\quad x = [x_1; \ldots; x_M]"
    )
    can = N_(
        "Treat different kinds of cases differently, and show which expert answered. Use any combination of "
        "inputs, as each expert reads them all."
    )
    cannot = N_(
        "Show which input mattered: its weights are of experts, which read everything. Ensure that experts "
        "differ: on small cohorts they may become alike, or one may answer everything."
    )
    cost = N_("O(M D E s) for E experts of s hidden features; all experts are computed for every case.")
    diagram = (
        DiagramStep("[x₁; …; xₘ]", N_("side by side"), 1, "all"),
        DiagramStep(N_("expert"), N_("each reads all inputs"), 4, "all"),
        DiagramStep("Σ gₑ", N_("the router weighs experts"), 1, "all", weighs=True, back=2),
    )

    def __init__(
        self,
        inputs: Sequence[str],
        width: int,
        *,
        experts: Annotated[int, Range(2, 16)] = 4,
        hidden: Annotated[int, Range(4, 512)] = 32,
    ) -> None:
        super().__init__(inputs, width)
        self.experts, inside = experts, len(self.inputs) * width
        self.missing = nn.ModuleList(Missing(width) for _name in self.inputs)
        self.route = nn.Sequential(LayerNorm(inside), Linear(inside, experts, bias=False))
        self.hear, self.say = Linear(inside, experts * hidden), Linear(experts * hidden, width)

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        x = side_by_side(self.inputs, tokens, self.missing)
        weights = torch.softmax(self.route(x), -1)  # [(R,) B, E]
        thought = F.gelu(self.hear(x), approximate="tanh").unflatten(-1, (self.experts, -1))
        return Fused(self.say((weights.unsqueeze(-1) * thought).flatten(-2)), AttentionMaps(experts=weights))
