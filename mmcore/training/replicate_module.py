"""One trained replicate as a differentiable module on raw encoder tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from torch import nn

from mmcore.base.values import Tokens
from mmcore.training.blend import blended
from mmcore.training.linear_expert import LinearPart
from mmcore.training.model import Model, ModelOutput
from mmcore.training.normalise import Normaliser


class Pipeline(nn.Module):
    """One replicate from raw encoder tokens to outputs; differentiable, in evaluation mode.

    normalisers and model: of its network. linear: the linear part of its fold, or None. network_share: how much of the
    answer is the network's.
    """

    def __init__(
        self,
        normalisers: Mapping[str, Normaliser],
        model: Model,
        linear: LinearPart | None = None,
        network_share: float = 1.0,
    ) -> None:
        super().__init__()
        self.normalisers, self.model = dict(normalisers), model.eval().requires_grad_(False)
        self.linear, self.network_share = linear, network_share

    def forward(self, tokens: Mapping[str, Tokens]) -> ModelOutput:
        """tokens: raw, values [B, N, D] per input."""
        answer = self.model({name: normalise(tokens[name]) for name, normalise in self.normalisers.items()})
        if self.linear is None:
            return answer
        return replace(answer, outputs=blended(answer.outputs, self.linear(tokens), self.network_share))
