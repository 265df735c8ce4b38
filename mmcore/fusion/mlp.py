"""Early fusion by a deeper network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from torch import nn

from mmcore.base.registry import Range
from mmcore.base.settings import N_
from mmcore.base.values import Tokens
from mmcore.fusion.base import DiagramStep, Fused, Fusion, fusions
from mmcore.fusion.blocks import side_by_side
from mmcore.fusion.layers import Linear, Missing, Residual


@fusions.register("mlp")
class FusionNetwork(Fusion):
    """Fusion network with residual connections.

    The vectors side by side as in `concat`, then residual blocks that let every input change what every other says.

    blocks: residual blocks after the first mixing
    expansion: hidden width of a block, as a multiple of the model's width
    """

    place = 50
    citation = "He et al. 2016, Deep Residual Learning, CVPR; for tables: Gorishniy et al. 2021, NeurIPS"
    formula = r"h_0 = W[x_1; \ldots; x_M], \quad h_{l+1} = h_l + W_2\,\mathrm{GELU}(W_1\,\mathrm{LN}(h_l))"
    can = N_("Use any combination of the inputs' vectors, given enough blocks and cases.")
    cannot = N_("Show which input mattered: it has no weights. Look at single tokens: inputs enter as their means.")
    cost = N_("O(M D² + L D²) for L blocks.")
    standard = True
    diagram = (
        DiagramStep("[x₁; …; xₘ]", N_("side by side"), 1, "all"),
        DiagramStep("W", "", 1),
        DiagramStep(N_("block"), N_("L residual blocks"), 1),
        DiagramStep("+", "", 1, back=2),
    )

    def __init__(
        self,
        inputs: Sequence[str],
        width: int,
        *,
        blocks: Annotated[int, Range(1, 8)] = 2,
        expansion: Annotated[int, Range(1, 8)] = 2,
    ) -> None:
        super().__init__(inputs, width)
        self.missing = nn.ModuleList(Missing(width) for _name in self.inputs)
        self.mix = Linear(len(self.inputs) * width, width)
        self.blocks = nn.Sequential(*(Residual(width, expansion) for _block in range(blocks)))

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        return Fused(self.blocks(self.mix(side_by_side(self.inputs, tokens, self.missing))))
