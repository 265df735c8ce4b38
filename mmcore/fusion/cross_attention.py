"""Cross-attention between inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import torch
from torch import Tensor, nn

from mmcore.base.registry import Range
from mmcore.base.settings import N_
from mmcore.base.values import Tokens
from mmcore.fusion.attention_maps import AttentionMaps, Direction
from mmcore.fusion.base import DiagramStep, Fused, Fusion, Growth, fusions
from mmcore.fusion.blocks import presence, shares
from mmcore.fusion.layers import Attend, LayerNorm, Linear, Pool, Residual, softmax, spread


@fusions.register("cross_attention")
class CrossAttention(Fusion):
    """Cross-attention between inputs (MulT).

    Each input sums up its tokens in a few queries (attention pooling), these queries attend to the tokens of every
    other input, and what they found is added. A last attention weighs the queries of all inputs. As in MulT there is
    one cross-modal attention for each ordered pair of inputs; the queries are learnt summaries rather than all tokens
    (as in Perceiver), which keeps the cost linear in the number of tokens and suits small cohorts.

    queries: summaries per input that look at the other inputs
    heads: attention heads
    """

    reads = "tokens"
    place = 170
    grows_with = Growth.PAIRS
    citation = (
        "Tsai et al. 2019, Multimodal Transformer for Unaligned Multimodal Language Sequences, ACL; "
        "Jaegle et al. 2021, Perceiver, ICML"
    )
    formula = (
        r"Z_{i \leftarrow j} = \mathrm{softmax}\!\left(\frac{Q_i K_j^\top}{\sqrt{d}}\right) V_j, \quad "
        r"U_i = S_i + \frac{1}{|P|}\sum_{j \in P} Z_{i \leftarrow j}"
    )
    can = N_("Let each input look up what it needs in single tokens of the others; shows which token looks at which.")
    cannot = N_(
        "Look twice: what one input finds in another is not looked up again. With few cases, so many weights "
        "may be poorly determined."
    )
    cost = N_("O(M² Q N D) for Q queries per input: linear in the number of tokens.")
    standard = True
    diagram = (
        DiagramStep(N_("look"), N_("own summaries ask, the others' tokens answer"), "input", "all", weighs=True),
        DiagramStep(N_("summary +"), N_("what was found is added"), back=2),
        DiagramStep("Σ α u", N_("all queries weighed"), 1, "all", weighs=True),
    )

    def __init__(
        self,
        inputs: Sequence[str],
        width: int,
        *,
        queries: Annotated[int, Range(1, 16)] = 2,
        heads: Annotated[int, Range(1, 8)] = 2,
    ) -> None:
        super().__init__(inputs, width)
        self.queries, several = queries, len(self.inputs) > 1
        self.pool = nn.ModuleList(Pool(width, queries, heads) for _name in self.inputs)
        self.norm = LayerNorm(width) if several else None
        self.cross = nn.ModuleList(Attend(width, heads) for _name in self.inputs) if several else None
        self.blend = Residual(width)
        self.hear = Linear(width, width) if several or queries > 1 else None
        self.score = nn.Parameter(torch.randn(len(self.inputs) * queries, width) / width**0.5) if self.hear else None

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        parts = [tokens[name] for name in self.inputs]
        pooled = [pool(part.values, part.mask) for pool, part in zip(self.pool, parts, strict=True)]
        summaries = torch.cat([summary for summary, _weights in pooled], -2)  # [(R,) B, M * Q, D]
        present = presence(parts)  # [(R,) B, M]
        looks: list[Tensor] = []
        if self.cross is not None and self.norm is not None:
            looked_up, looks = _look_at_others(self.cross, self.norm(summaries), parts, present)
            summaries = summaries + looked_up
        summaries = self.blend(summaries)
        weights = self._weights(summaries, present.repeat_interleave(self.queries, -1))
        fused = (weights.unsqueeze(-1) * summaries).sum(-2)
        if self.training:
            return Fused(fused)
        return Fused(fused, self._maps(weights, [reads for _summary, reads in pooled], looks, present))

    def _weights(self, summaries: Tensor, present: Tensor) -> Tensor:
        """Weight of every query, [(R,) B, M * Q]; 0 where its input is missing."""
        if self.hear is None or self.score is None:
            return present.to(summaries.dtype)
        scores = (torch.tanh(self.hear(summaries)) * spread(self.score, summaries, trailing=2)).sum(-1)
        return softmax(scores, present)

    def _maps(
        self, weights: Tensor, reads: Sequence[Tensor], looks: Sequence[Tensor], present: Tensor
    ) -> AttentionMaps[Tensor]:
        """For people to look at.

        weights: [(R,) B, M * Q] of every query. reads: by input, [(R,) B, Q * H, N] which of its own tokens its queries
        sum up. looks: by input that answers, [(R,) B, (M - 1) * Q, H, N] of the queries of all
        others. present: [(R,) B, M].
        """
        shape = (len(self.inputs), self.queries)
        heads = {}
        for source, look in zip(self.inputs, looks, strict=bool(looks)):
            by_asking = look.unflatten(-3, (-1, self.queries)).transpose(-3, -2)  # [(R,) B, M - 1, H, Q, N]
            others = [(i, to) for i, to in enumerate(self.inputs) if to != source]
            for k, (i, to) in enumerate(others):
                heads[Direction(to, source)] = by_asking[..., k, :, :, :] * present[..., i, None, None, None]
        return AttentionMaps(
            inputs=weights.unflatten(-1, shape).sum(-1),
            tokens={name: own.mean(-2) for name, own in zip(self.inputs, reads, strict=True)},
            pools={
                name: own.unflatten(-2, (self.queries, -1)).mean(-2)
                for name, own in zip(self.inputs, reads, strict=True)
            },
            cross={direction: own.mean(-3) for direction, own in heads.items()},
            cross_heads=heads,
        )


def _look_at_others(
    cross: nn.ModuleList, asking: Tensor, parts: Sequence[Tokens], present: Tensor
) -> tuple[Tensor, list[Tensor]]:
    """What the queries [(R,) B, M * Q, D] of every input find in the others, of the same shape.

    cross: an `Attend` for every input that answers. With it, by this input, the weights [(R,) B, (M - 1) * Q, H, N] of
    its tokens for the queries of all others; its own are not worked out, for they count nothing.
    """
    count = asking.shape[-2] // len(parts)
    other = 1 - torch.eye(len(parts), device=present.device)
    other = other.repeat_interleave(count, 0)  # [M * Q, M]
    share = shares(other * present.unsqueeze(-2))  # [(R,) B, M * Q, M]: none for itself or for what is missing
    total, looks = torch.zeros_like(asking), []
    for i, (attend, part) in enumerate(zip(cross, parts, strict=True)):
        before, own, after = asking.split([i * count, count, asking.shape[-2] - (i + 1) * count], -2)
        answer, weights = attend(torch.cat([before, after], -2), part.values, part.mask)
        first, rest = answer.split([before.shape[-2], after.shape[-2]], -2)
        total = total + torch.cat([first, torch.zeros_like(own), rest], -2) * share[..., i : i + 1]
        looks.append(weights)
    return total, looks
