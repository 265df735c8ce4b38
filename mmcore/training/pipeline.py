"""One trained replicate as a differentiable module on raw encoder tokens."""

from __future__ import annotations

from collections.abc import Mapping

from torch import nn

from mmcore.base.values import Tokens
from mmcore.training.model import Answer, Model
from mmcore.training.normalise import Normaliser


class Pipeline(nn.Module):
    """One replicate from raw encoder tokens to outputs: normaliser and model; differentiable, in evaluation mode."""

    def __init__(self, normalisers: Mapping[str, Normaliser], model: Model) -> None:
        super().__init__()
        self.normalisers, self.model = dict(normalisers), model.eval().requires_grad_(False)

    def forward(self, tokens: Mapping[str, Tokens]) -> Answer:
        """tokens: raw, values [B, N, D] per input."""
        return self.model({name: normalise(tokens[name]) for name, normalise in self.normalisers.items()})
