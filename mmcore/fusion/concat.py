"""Early fusion: the inputs side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import nn

from mmcore.base.settings import N_
from mmcore.base.values import Tokens
from mmcore.fusion.base import DiagramStep, Fused, Fusion, fusions
from mmcore.fusion.blocks import side_by_side
from mmcore.fusion.layers import Linear, Missing


@fusions.register("concat")
class Concat(Fusion):
    """Concatenation (early fusion).

    The vectors of all inputs side by side, mapped to the common width. A learnt vector stands in for a missing input.
    With a single input this is the single-input baseline.
    """

    place = 10
    citation = "Ngiam et al. 2011, Multimodal Deep Learning, ICML; review: Baltrusaitis et al. 2019, TPAMI 41(2)"
    formula = r"h = W\,[x_1; x_2; \ldots; x_M] + b"
    can = N_("Add up what all inputs say, and allow for missing ones. Combinations are left to the layers that follow.")
    cannot = N_(
        "Use combinations of inputs in the fusion itself, which is linear. Weigh inputs case by case: a poor "
        "input counts as much as a good one."
    )
    cost = N_("One linear map, O(M D²).")
    standard = True
    diagram = (DiagramStep("[x₁; …; xₘ]", N_("side by side"), 1, "all"), DiagramStep("W", "", 1))

    def __init__(self, inputs: Sequence[str], width: int) -> None:
        super().__init__(inputs, width)
        self.missing = nn.ModuleList(Missing(width) for _name in self.inputs)
        self.mix = Linear(len(self.inputs) * width, width)

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        return Fused(self.mix(side_by_side(self.inputs, tokens, self.missing)))
