"""Feature-wise linear modulation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import nn

from mmcore.base.settings import N_
from mmcore.base.values import Tokens
from mmcore.fusion.base import DiagramStep, Fused, Fusion, Growth, fusions, vector
from mmcore.fusion.blocks import presence, shares, stacked
from mmcore.fusion.layers import LayerNorm, Linear


@fusions.register("film")
class Film(Fusion):
    """Feature-wise linear modulation (FiLM).

    Every input is scaled and shifted, feature by feature, by what the other inputs say; the inputs present are then
    averaged. In the paper one input (a question) conditions another (an image); here each conditions all others, so
    that no input has to be named as the one in charge.
    """

    place = 90
    grows_with = Growth.PAIRS
    citation = "Perez et al. 2018, FiLM: Visual Reasoning with a General Conditioning Layer, AAAI"
    formula = (
        r"h = \frac{1}{|P|} \sum_{m \in P} (1 + \gamma_m) \odot \mathrm{LN}(W_m x_m) + \beta_m, "
        r"\quad [\gamma_m; \beta_m] = G_m\,[x_j]_{j \neq m}"
    )
    can = N_(
        "Let one input decide how another is read: switch its features on, off or into their opposite. "
        "It uses products of two inputs, and so it can also use what only the two together show."
    )
    cannot = N_("Look at single tokens: each input is read as a whole. Use products of more than two inputs.")
    cost = N_("O(M² D²): each input's scales and shifts are read from all others.")
    diagram = (
        DiagramStep("γₘ, βₘ", N_("read from the others"), "input", "others"),
        DiagramStep("γ ⊙ Wₘ xₘ + β", N_("scale and shift"), back=2),
        DiagramStep(N_("mean"), "", 1, "all"),
    )

    def __init__(self, inputs: Sequence[str], width: int) -> None:
        super().__init__(inputs, width)
        count = len(self.inputs)
        self.say = nn.ModuleList(Linear(width, width) for _name in self.inputs)
        self.norm = LayerNorm(width)
        self.condition = (
            nn.ModuleList(Linear((count - 1) * width, 2 * width) for _name in self.inputs) if count > 1 else None
        )

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        parts = [tokens[name] for name in self.inputs]
        present = presence(parts)
        vectors = stacked([vector(part) for part in parts], present)
        projected = self.norm(torch.stack([say(vectors[..., i, :]) for i, say in enumerate(self.say)], -2))
        if self.condition is not None:
            scale, shift = _conditions(self.condition, vectors).chunk(2, -1)
            projected = (1 + scale) * projected + shift
        share = shares(present)
        return Fused((projected * share.unsqueeze(-1)).sum(-2))


def _conditions(condition: nn.ModuleList, vectors: torch.Tensor) -> torch.Tensor:
    """Scale and shift of every input, [(R,) B, M, 2 * D], each read from the vectors [(R,) B, M, D] of the others."""
    every = range(len(condition))
    others = [torch.cat([vectors[..., j, :] for j in every if j != i], -1) for i in every]
    return torch.stack([make(other) for make, other in zip(condition, others, strict=True)], -2)
