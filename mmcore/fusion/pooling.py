"""Element-wise pooling over inputs: mean, sum and maximum."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from mmcore.base.settings import N_
from mmcore.base.values import Tokens
from mmcore.fusion.attention_maps import AttentionMaps
from mmcore.fusion.base import DiagramStep, Fused, Fusion, fusions, vector
from mmcore.fusion.blocks import presence, shares
from mmcore.fusion.layers import Linear


class Pooling(Fusion):
    """Every input speaks in a common space; what it says is pooled feature by feature over the inputs present."""

    cost = N_(
        "M projections, O(M D²): the cheapest family together with concatenation. Grows linearly with the inputs."
    )

    def __init__(self, inputs: Sequence[str], width: int) -> None:
        super().__init__(inputs, width)
        self.say = nn.ModuleList(Linear(width, width) for _name in self.inputs)

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        parts = [tokens[name] for name in self.inputs]
        projected = torch.stack([say(vector(part)) for say, part in zip(self.say, parts, strict=True)], -2)
        return self.pooled(projected, presence(parts))

    @abstractmethod
    def pooled(self, projected: Tensor, present: Tensor) -> Fused:
        """projected [(R,) B, M, D], present [(R,) B, M] -> one vector a case."""


@fusions.register("mean")
class Mean(Pooling):
    """Mean over inputs.

    Every input is mapped to a common space, and the inputs present are averaged. Whatever is missing, the scale of
    the result stays the same.
    """

    place = 20
    citation = (
        "Havaei et al. 2016, HeMIS: Hetero-Modal Image Segmentation, MICCAI; Zaheer et al. 2017, Deep Sets, NeurIPS"
    )
    formula = r"h = \frac{1}{|P|} \sum_{m \in P} W_m x_m, \quad P = \text{inputs present}"
    can = N_("Add up what each input shows by itself; take any subset of inputs without substitutes for the missing.")
    cannot = N_(
        "Use combinations: no input can change how another is read; only the layers after the fusion may. All "
        "inputs count alike in every case, even a noisy one."
    )
    diagram = (DiagramStep("Wₘ xₘ"), DiagramStep(N_("mean"), N_("over inputs present"), 1, "all"))

    def pooled(self, projected: Tensor, present: Tensor) -> Fused:
        share = shares(present)
        return Fused((projected * share.unsqueeze(-1)).sum(-2))


@fusions.register("sum")
class Sum(Pooling):
    """Sum over inputs.

    Every input is mapped to a common space, and the inputs present are added. As the mean, but each further input
    adds to the size of the result: evidence adds up, and how much was measured can be told from it.
    """

    place = 30
    citation = "Zaheer et al. 2017, Deep Sets, NeurIPS; review: Baltrusaitis et al. 2019, TPAMI 41(2)"
    formula = r"h = \sum_{m \in P} W_m x_m, \quad P = \text{inputs present}"
    can = N_("Add up evidence: each further input moves the result further, and a missing one adds nothing.")
    cannot = N_(
        "Use combinations: no input can change how another is read; only the layers after the fusion may. The "
        "scale of the result depends on how many inputs a case has."
    )
    diagram = (DiagramStep("Wₘ xₘ"), DiagramStep("Σ", N_("over inputs present"), 1, "all"))

    def pooled(self, projected: Tensor, present: Tensor) -> Fused:
        return Fused((projected * present.unsqueeze(-1)).sum(-2))


@fusions.register("max")
class Max(Pooling):
    """Maximum over inputs.

    Every input is mapped to a common space; in every feature the input that says it most strongly is heard alone. The
    weight of an input is the share of features it wins.
    """

    place = 40
    citation = "Su et al. 2015, Multi-view Convolutional Neural Networks, ICCV; Zaheer et al. 2017, Deep Sets, NeurIPS"
    formula = r"h_d = \max_{m \in P}\, (W_m x_m)_d, \quad P = \text{inputs present}"
    can = N_(
        "Act as an “or” of findings: one input that is sure suffices. The maximum is not linear, so several "
        "features together can express simple combinations of inputs."
    )
    cannot = N_("Add up weak hints of several inputs in one feature; learn from an input that never wins.")
    diagram = (DiagramStep("Wₘ xₘ"), DiagramStep("max", N_("in each feature"), 1, "all", weighs=True))

    def pooled(self, projected: Tensor, present: Tensor) -> Fused:
        here = present.unsqueeze(-1)
        best, winner = projected.masked_fill(~here, torch.finfo(projected.dtype).min).max(-2)
        best = best * present.any(-1, keepdim=True)
        if self.training:
            return Fused(best)
        gates = (winner.unsqueeze(-2) == torch.arange(len(self.inputs), device=projected.device).unsqueeze(-1)) & here
        return Fused(best, AttentionMaps(inputs=gates.float().mean(-1), gates=gates.float()))
