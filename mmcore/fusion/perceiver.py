"""Learnt latents that read the tokens of all inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import torch
from torch import Tensor, nn

from mmcore.base.registry import Range
from mmcore.base.settings import N_
from mmcore.base.values import Tokens
from mmcore.fusion.attention_maps import AttentionMaps
from mmcore.fusion.base import DiagramStep, Fused, Fusion, fusions
from mmcore.fusion.blocks import Blocks
from mmcore.fusion.layers import Attend, LayerNorm, spread
from mmcore.fusion.rollout import normalised, rollout


@fusions.register("perceiver")
class Perceiver(Fusion):
    """Perceiver: learnt latents read all tokens.

    A few learnt vectors (latents) attend to the tokens of all inputs at once, talk to each other in a transformer
    block, and look again. Their mean is the result. Inputs differ for it by a learnt embedding only, so the same
    attention ranks a word against a patch of an image. The weight of an input or a token is the rollout of what the
    latents read through all rounds.

    latents: number of vectors that read the tokens
    rounds: how often they read, each time followed by a transformer block
    heads: attention heads when reading
    """

    reads = "tokens"
    place = 200
    citation = "Jaegle et al. 2021, Perceiver: General Perception with Iterative Attention, ICML"
    formula = (
        r"Z' = Z + \mathrm{softmax}\!\left(\frac{Q_Z K_X^\top}{\sqrt{d}}\right) V_X, "
        r"\quad X = [x_1 + e_1; \ldots; x_M + e_M], \quad Z'' = \mathrm{Block}(Z'), \quad h = \overline{Z''}"
    )
    can = N_(
        "Look at every single token of every input, round by round, and combine what was found; any number of inputs."
    )
    cannot = N_(
        "Look from one input at another: only the latents look. An input with many tokens counts more at first, "
        "because all tokens share one attention."
    )
    cost = N_("O(T (M N K D + K D² + K² D)) for K latents and T rounds: linear in the number of tokens.")
    diagram = (
        DiagramStep("xₘ + eₘ", N_("all tokens")),
        DiagramStep(N_("latent"), N_("each reads all tokens"), 3, "all", weighs=True),
        DiagramStep(N_("block"), N_("latents read one another"), 3, "all", weighs=True),
        DiagramStep(N_("mean"), N_("after T rounds"), 1, "all"),
    )

    def __init__(
        self,
        inputs: Sequence[str],
        width: int,
        *,
        latents: Annotated[int, Range(2, 32)] = 6,
        rounds: Annotated[int, Range(1, 4)] = 2,
        heads: Annotated[int, Range(1, 8)] = 1,
    ) -> None:
        super().__init__(inputs, width)
        self.latents = nn.Parameter(torch.randn(latents, width) * 0.5)
        # One input needs no telling apart; its embedding would shift all keys alike.
        self.embedding = nn.Parameter(torch.randn(len(self.inputs), width) * 0.1) if len(self.inputs) > 1 else None
        self.norm = nn.ModuleList(LayerNorm(width) for _round in range(rounds))
        self.look = nn.ModuleList(Attend(width, heads) for _round in range(rounds))
        self.talk = nn.ModuleList(Blocks(width, 1, 4) for _round in range(rounds))

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        parts = [tokens[name] for name in self.inputs]
        values = torch.cat([self._marked(part.values, i) for i, part in enumerate(parts)], -2)
        mask = torch.cat([part.mask for part in parts], -1)
        latents = spread(self.latents, values, trailing=2).expand(*values.shape[:-2], *self.latents.shape[-2:])
        all_of = torch.ones_like(latents[..., 0], dtype=torch.bool)
        read = None  # [(R,) B, K, all N]: where what a latent holds comes from
        for norm, look, talk in zip(self.norm, self.look, self.talk, strict=True):
            gathered, seen = look(norm(latents), values, mask)
            latents, maps = talk(latents + gathered, all_of)
            if not self.training:
                seen = seen.mean(-2)
                read = rollout(maps.mean(-3)) @ (seen if read is None else (read + seen) / 2)
        if read is None:
            return Fused(latents.mean(-2))
        return Fused(latents.mean(-2), self._maps(read, [part.values.shape[-2] for part in parts]))

    def _marked(self, values: Tensor, number: int) -> Tensor:
        """Tokens [(R,) B, N, D] with the embedding of their input."""
        if self.embedding is None:
            return values
        return values + spread(self.embedding[..., number, :], values)

    def _maps(self, read: Tensor, counts: Sequence[int]) -> AttentionMaps[Tensor]:
        """What the latents read, [(R,) B, K, all N], by input."""
        parts = dict(zip(self.inputs, read.split(list(counts), -1), strict=True))
        latents = torch.stack([part.sum(-1) for part in parts.values()], -1)
        return AttentionMaps(
            inputs=normalised(latents.mean(-2)),
            tokens={name: normalised(part.mean(-2)) for name, part in parts.items()},
            pools={name: normalised(part) for name, part in parts.items()},
            latents=normalised(latents),
        )
