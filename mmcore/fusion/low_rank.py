"""Low-rank tensor fusion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import torch
from torch import nn

from mmcore.base.registry import Range
from mmcore.base.settings import N_
from mmcore.base.values import Tokens
from mmcore.fusion.base import DiagramStep, Fused, Fusion, fusions, vector
from mmcore.fusion.blocks import presence, stacked
from mmcore.fusion.layers import Linear, spread


@fusions.register("low_rank")
class LowRank(Fusion):
    """Low-rank multimodal fusion (LMF).

    The tensor fusion network with its weight tensor of low rank: every input has r factors, the factors of all inputs
    are multiplied feature by feature, and the r products are added. The outer product is never formed. The 1 appended
    to every input (the bias of its factors) keeps products of fewer inputs, and is what a missing input leaves.

    rank: products that are added
    """

    place = 120
    citation = "Liu et al. 2018, Efficient Low-rank Multimodal Fusion with Modality-Specific Factors, ACL"
    formula = r"h = b + \sum_{k=1}^{r} w_k \bigodot_{m=1}^{M} W_m^{(k)} [x_m; 1]"
    can = N_("Use products of any number of inputs at full width, at a cost that grows linearly with the inputs.")
    cannot = N_(
        "Keep every product: at rank r, a feature is the sum of only r of them. Products of many inputs may become "
        "very large or very small, so training gets harder with more inputs. It shows no weights."
    )
    cost = N_("O(M r D²) at rank r.")
    diagram = (
        DiagramStep("[xₘ; 1]"),
        DiagramStep("Wₘ⁽ᵏ⁾", N_("r factors of each input")),
        DiagramStep("⊙", N_("products of all inputs"), 1, "all"),
        DiagramStep("Σ wₖ", N_("over r products"), 1),
    )

    def __init__(self, inputs: Sequence[str], width: int, *, rank: Annotated[int, Range(1, 32)] = 4) -> None:
        super().__init__(inputs, width)
        factors = [Linear(width, rank * width) for _name in self.inputs]
        for factor in factors:  # near 1, so that products of several inputs neither vanish nor drown the rest
            if factor.bias is not None:
                nn.init.ones_(factor.bias)
        self.factors = nn.ModuleList(factors)
        self.weight = nn.Parameter(torch.randn(rank, 1) / rank**0.5)
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        parts = [tokens[name] for name in self.inputs]
        vectors = stacked([vector(part) for part in parts], presence(parts))
        products = self.factors[0](vectors[..., 0, :])
        for i, factor in enumerate(self.factors[1:], 1):
            products = products * factor(vectors[..., i, :])
        products = products.unflatten(-1, (-1, self.width))  # [(R,) B, rank, D]
        fused = (products * spread(self.weight, products, trailing=2)).sum(-2)
        return Fused(fused + spread(self.bias, fused))
