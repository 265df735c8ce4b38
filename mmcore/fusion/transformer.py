"""One transformer over the tokens of all inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import torch
from torch import nn

from mmcore.base.registry import Range
from mmcore.base.settings import N_
from mmcore.base.values import Tokens
from mmcore.fusion.base import DiagramStep, Fused, Fusion, Growth, fusions
from mmcore.fusion.blocks import Blocks, Summaries, extended
from mmcore.fusion.rollout import laid_back, rollout


@fusions.register("transformer")
class JointTransformer(Fusion):
    """Joint transformer over summaries of all inputs.

    Each input's tokens are first summed up in a few by attention pooling, so that the cost stays bounded however long
    a signal or text is. The summaries of all inputs, each with an embedding of its input, and a class token attend to
    each other in transformer blocks; the class token is the result. The weight of an input or a token is the attention
    rollout from the class token through all layers and the pooling.

    summaries: summary tokens of each input
    layers: transformer blocks
    heads: attention heads
    """

    reads = "tokens"
    place = 180
    grows_with = Growth.PAIRS
    citation = (
        "Vaswani et al. 2017, Attention Is All You Need, NeurIPS; Kim et al. 2021, ViLT, ICML; "
        "rollout: Abnar and Zuidema 2020, ACL"
    )
    formula = (
        r"X = [S_1; \ldots; S_M; c], \quad S_m = \mathrm{pool}_Q(x_m) + e_m, "
        r"\quad X' = X + \mathrm{softmax}\!\left(\frac{Q K^\top}{\sqrt{d}}\right) V, "
        r"\quad X'' = X' + \mathrm{MLP}(X'), \quad h = c''"
    )
    can = N_("Use any combination of parts of any inputs: every summary looks at every other, layer by layer.")
    cannot = N_(
        "Compare two single tokens directly: they meet only in the summaries of their inputs. Learn much "
        "from few cases: it has more freedom than most cohorts of a few hundred cases can support."
    )
    cost = N_("O(M N Q D) to summarise, then O(L (M Q D² + M² Q² D)) for L layers: linear in the number of tokens.")
    diagram = (
        DiagramStep(N_("summarise"), N_("Q tokens each, attention pooling"), weighs=True),
        DiagramStep(N_("attend"), N_("all summaries to all, L layers"), "input", "all", weighs=True),
        DiagramStep("MLP", "", back=2),
        DiagramStep(N_("class token"), "", 1, "all", weighs=True),
    )

    def __init__(
        self,
        inputs: Sequence[str],
        width: int,
        *,
        summaries: Annotated[int, Range(1, 16)] = 2,
        layers: Annotated[int, Range(1, 6)] = 2,
        heads: Annotated[int, Range(1, 8)] = 4,
    ) -> None:
        super().__init__(inputs, width)
        self.summaries = Summaries(len(self.inputs), width, summaries)
        self.read = nn.Parameter(torch.randn(1, width) * 0.1)
        self.blocks = Blocks(width, layers, heads)

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        summaries, present, pools = self.summaries([tokens[name] for name in self.inputs])
        x, mask = extended(summaries, present, self.read)
        x, maps = self.blocks(x, mask)
        if self.training:
            return Fused(x[..., -1, :])
        flow = rollout(maps.mean(-3))[..., -1, :-1] * present
        return Fused(x[..., -1, :], laid_back(self.inputs, flow, pools, maps))
