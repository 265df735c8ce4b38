"""Self-attention over inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import torch
from torch import nn

from mmcore.base.registry import Range
from mmcore.base.settings import N_
from mmcore.base.values import Tokens
from mmcore.fusion.attention_maps import AttentionMaps
from mmcore.fusion.base import DiagramStep, Fused, Fusion, Growth, fusions, vector
from mmcore.fusion.blocks import Blocks, presence, shares
from mmcore.fusion.layers import Linear, Residual, spread
from mmcore.fusion.rollout import normalised, rollout


@fusions.register("self_attention")
class SelfAttention(Fusion):
    """Self-attention over inputs.

    Every input is one token of a short sequence; in transformer blocks each input attends to all inputs present, and
    the result is their mean. A missing input is masked. The weight of an input is the attention rollout through all
    layers: the share of the result that goes back to it.

    layers: transformer blocks
    heads: attention heads
    """

    place = 150
    grows_with = Growth.PAIRS
    citation = "Vaswani et al. 2017, Attention Is All You Need, NeurIPS; rollout: Abnar and Zuidema 2020, ACL"
    formula = (
        r"A = \mathrm{softmax}\!\left(\frac{Q K^\top}{\sqrt{d}}\right), "
        r"\quad X' = X + A V, \quad h = \frac{1}{|P|} \sum_{m \in P} X'_m + \mathrm{MLP}(X'_m)"
    )
    can = N_(
        "Read every input in the light of the others, case by case. Use combinations of inputs, through its "
        "small networks."
    )
    cannot = N_("Look at single tokens: each input enters as one vector, its tokens averaged.")
    cost = N_("O(L (M D² + M² D)) for L layers: with few inputs hardly more than a fusion network.")
    diagram = (
        DiagramStep("Wₘ xₘ + eₘ", N_("one token per input")),
        DiagramStep(N_("attend"), N_("every input to all"), "input", "all", weighs=True),
        DiagramStep("MLP", "", back=2),
        DiagramStep(N_("mean"), "", 1, "all"),
    )

    def __init__(
        self,
        inputs: Sequence[str],
        width: int,
        *,
        layers: Annotated[int, Range(1, 6)] = 1,
        heads: Annotated[int, Range(1, 8)] = 4,
    ) -> None:
        super().__init__(inputs, width)
        several = len(self.inputs) > 1
        self.say = nn.ModuleList(Linear(width, width, bias=False) for _name in self.inputs)
        self.embedding = nn.Parameter(torch.randn(len(self.inputs), width) * 0.1)
        # With one input there is nothing to attend to: queries and keys would never get a gradient.
        self.blocks = Blocks(width, layers, heads) if several else None
        self.alone = nn.Sequential(*(Residual(width) for _layer in range(0 if several else layers)))

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        parts = [tokens[name] for name in self.inputs]
        present = presence(parts)
        x = torch.stack([say(vector(part)) for say, part in zip(self.say, parts, strict=True)], -2)
        x = x + spread(self.embedding, x, trailing=2)
        if self.blocks is None:
            here = present.to(x.dtype)
            return Fused((self.alone(x) * here.unsqueeze(-1)).sum(-2), AttentionMaps(inputs=here))
        x, maps = self.blocks(x, present)
        share = shares(present)  # [(R,) B, M]
        fused = (x * share.unsqueeze(-1)).sum(-2)
        if self.training:
            return Fused(fused)
        flow = (share.unsqueeze(-2) @ rollout(maps.mean(-3))).squeeze(-2)
        return Fused(fused, AttentionMaps(inputs=normalised(flow), self_attention=maps))
