"""Attention over inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import nn

from mmcore.base.settings import N_
from mmcore.base.values import Tokens
from mmcore.fusion.attention_maps import AttentionMaps
from mmcore.fusion.base import DiagramStep, Fused, Fusion, fusions, vector
from mmcore.fusion.blocks import presence
from mmcore.fusion.layers import LayerNorm, Linear, softmax, spread


@fusions.register("modality_attention")
class ModalityAttention(Fusion):
    """Attention over inputs.

    One weight per input and case: each input is scored by what it says in the light of what all inputs say on
    average, and the result is their weighted mean. A missing input gets the weight 0.
    """

    place = 140
    citation = "Hori et al. 2017, Attention-Based Multimodal Fusion for Video Description, ICCV"
    formula = r"h = \sum_m \alpha_m V_m x_m, \quad \alpha = \mathrm{softmax}_m\; w_m^\top \tanh(A_m x_m + C \bar{x})"
    can = N_("Trust inputs case by case, with one weight for each that can be shown.")
    cannot = N_(
        "Weigh features or tokens of an input separately; give more than a weighted mean of what each input says."
    )
    cost = N_("O(M D²).")
    standard = True
    diagram = (
        DiagramStep("Vₘ xₘ"),
        DiagramStep("αₘ", N_("scored against the mean of all"), "input", "all"),
        DiagramStep("Σ αₘ Vₘ xₘ", N_("weighted mean"), 1, "all", weighs=True, back=2),
    )

    def __init__(self, inputs: Sequence[str], width: int) -> None:
        super().__init__(inputs, width)
        self.say = nn.ModuleList(Linear(width, width) for _name in self.inputs)
        several = len(self.inputs) > 1  # with one input there is nothing to weigh
        self.norm = LayerNorm(width)
        self.hear = nn.ModuleList(Linear(width, width, bias=False) for _name in self.inputs) if several else None
        self.context = Linear(width, width) if several else None
        self.score = nn.Parameter(torch.randn(len(self.inputs), width) / width**0.5) if several else None

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        present = presence([tokens[name] for name in self.inputs])  # [(R,) B, M]
        vectors = [vector(tokens[name]) for name in self.inputs]
        projected = torch.stack([say(x) for say, x in zip(self.say, vectors, strict=True)], -2)
        weights = self._weights(projected, present)
        return Fused(self.norm((weights.unsqueeze(-1) * projected).sum(-2)), AttentionMaps(inputs=weights))

    def _weights(self, projected: torch.Tensor, present: torch.Tensor) -> torch.Tensor:
        """projected [(R,) B, M, D] -> [(R,) B, M]."""
        here = present.unsqueeze(-1).to(projected.dtype)
        if self.hear is None or self.context is None or self.score is None:
            return here.squeeze(-1)
        context = self.context((projected * here).sum(-2) / here.sum(-2).clamp_min(1)).unsqueeze(-2)
        scored = torch.stack([hear(projected[..., i, :]) for i, hear in enumerate(self.hear)], -2)
        scores = (torch.tanh(scored + context) * spread(self.score, projected, trailing=2)).sum(-1)
        return softmax(scores, present)
