"""Inputs that talk to each other through a few bottleneck tokens only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmcore.base.registry import Range
from mmcore.base.settings import N_
from mmcore.base.values import Tokens
from mmcore.fusion.base import DiagramStep, Fused, Fusion, fusions
from mmcore.fusion.blocks import Summaries, TransformerBlock, presence, shares
from mmcore.fusion.layers import spread
from mmcore.fusion.rollout import laid_back, rollout


@fusions.register("bottleneck")
class Bottleneck(Fusion):
    """Multimodal bottleneck transformer (MBT).

    Every input keeps a transformer of its own over a few summaries of its tokens. The inputs share a few bottleneck
    tokens: each reads and rewrites them in its own transformer block, and the versions of all inputs present are
    averaged before the next layer. What one input learns of another has to pass through this bottleneck. The result is
    the mean of the inputs' tokens and the bottleneck's. In the paper every input's transformer has weights of its own;
    here they share them and are told apart by embeddings and their own pooling, which a few hundred cases can settle.

    summaries: summary tokens of each input
    bottlenecks: tokens that all inputs share
    layers: transformer blocks
    heads: attention heads
    """

    reads = "tokens"
    place = 190
    citation = "Nagrani et al. 2021, Attention Bottlenecks for Multimodal Fusion, NeurIPS"
    formula = (
        r"[S_m^{l+1}; B_m^{l+1}] = \mathrm{Block}^l\,[S_m^l; B^l], "
        r"\quad B^{l+1} = \frac{1}{|P|} \sum_{m \in P} B_m^{l+1}, "
        r"\quad h = \tfrac{1}{2}\,(\overline{S^L} + \overline{B^L})"
    )
    can = N_(
        "Process each input in depth, and combine what fits through a few shared tokens: inputs must condense "
        "what is worth sharing."
    )
    cannot = N_(
        "Compare details of two inputs directly: only what fits the bottleneck gets across, and only "
        "from the second layer on."
    )
    cost = N_(
        "O(M N Q D) to summarise, then O(L M (Q + K) D²) for K bottlenecks: linear in the inputs, where "
        "a joint transformer's attention grows with their square."
    )
    diagram = (
        DiagramStep(N_("summarise"), N_("Q tokens each"), weighs=True),
        DiagramStep(N_("block"), N_("each input by itself")),
        DiagramStep(N_("bottleneck"), N_("averaged over inputs"), 2, "all", weighs=True),
        DiagramStep(N_("block"), N_("reads the bottleneck"), "input", "all", weighs=True, back=2),
        DiagramStep(N_("mean"), "", 1, "all", back=2),
    )

    def __init__(
        self,
        inputs: Sequence[str],
        width: int,
        *,
        summaries: Annotated[int, Range(1, 16)] = 2,
        bottlenecks: Annotated[int, Range(1, 16)] = 2,
        layers: Annotated[int, Range(1, 6)] = 2,
        heads: Annotated[int, Range(1, 8)] = 4,
    ) -> None:
        super().__init__(inputs, width)
        self.count = bottlenecks
        self.summaries = Summaries(len(self.inputs), width, summaries)
        self.shared = nn.Parameter(torch.randn(bottlenecks, width) * 0.1)
        self.layers = nn.ModuleList(TransformerBlock(width, heads) for _layer in range(layers))

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        parts = [tokens[name] for name in self.inputs]
        summaries, mask, pools = self.summaries(parts)
        present = presence(parts)
        share = shares(present)  # [(R,) B, M]
        own = summaries.unflatten(-2, (len(self.inputs), -1))  # [(R,) B, M, Q, D]
        shared = spread(self.shared, summaries, trailing=2).expand(*summaries.shape[:-2], *self.shared.shape[-2:])
        here = F.pad(mask.unflatten(-1, (len(self.inputs), -1)), (0, self.count), value=True)  # [(R,) B, M, Q + K]
        maps = []
        for block in self.layers:
            versions = shared.unsqueeze(-3).expand(*own.shape[:-2], *shared.shape[-2:])
            own, weights = block(torch.cat([own, versions], -2), here)
            own, versions = own.split([self.summaries.queries, self.count], -2)
            shared = (versions * share[..., None, None]).sum(-3)
            maps.append(weights)
        fused = ((own.mean(-2) * share.unsqueeze(-1)).sum(-2) + shared.mean(-2)) / 2
        if self.training:
            return Fused(fused)
        whole = torch.stack([self._joined(weights, share) for weights in maps], -4)
        counts = share.repeat_interleave(self.summaries.queries, -1) / self.summaries.queries
        counts = torch.cat([counts, torch.full_like(shared[..., 0], 1 / self.count)], -1)
        flow = (counts.unsqueeze(-2) @ rollout(whole.mean(-3))).squeeze(-2)
        return Fused(fused, laid_back(self.inputs, flow[..., : -self.count] * mask, pools, whole))

    def _joined(self, weights: Tensor, share: Tensor) -> Tensor:
        """Weights [(R,) B, M, H, Q + K, Q + K] as one map over all tokens, [(R,) B, H, M * Q + K, M * Q + K].

        Rows of missing inputs are 0; those of the bottleneck are means over the inputs present.
        """
        queries, all_of = self.summaries.queries, len(self.inputs) * self.summaries.queries
        lead, heads = weights.shape[:-4], weights.shape[-3]
        whole = weights.new_zeros(*lead, heads, all_of + self.count, all_of + self.count)
        for i, own in enumerate(weights.detach().unbind(-4)):
            rows, part = slice(i * queries, (i + 1) * queries), share[..., i, None, None, None]
            whole[..., rows, rows] = own[..., :queries, :queries] * (part > 0)
            whole[..., rows, all_of:] = own[..., :queries, queries:] * (part > 0)
            whole[..., all_of:, rows] = own[..., queries:, :queries] * part
            whole[..., all_of:, all_of:] += own[..., queries:, queries:] * part
        return whole
