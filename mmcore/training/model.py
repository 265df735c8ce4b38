"""The whole model, readable on one screen: (learnt encoder part) -> projection -> fusion -> trunk -> head."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

from torch import Tensor, nn

from mmcore.base.seeding import seeded
from mmcore.base.values import Tokens
from mmcore.fusion.base import Fused, Fusion, vector
from mmcore.fusion.layers import Dropout, LayerNorm, Linear, Residual


@dataclass(frozen=True, eq=False)
class ModelOutput:
    """outputs [(R,) B, O]; each: the same of every input alone (late fusion only); fused: vector and attention.

    masks: by input, [(R,) B, N] of the tokens that left its learnt encoder part (or the encoder).
    """

    outputs: Tensor
    fused: Fused
    each: Mapping[str, Tensor]
    masks: Mapping[str, Tensor] = field(default_factory=dict)


class InputProjection(nn.Module):
    """One input's tokens brought to the common width: Linear, LayerNorm, dropout of vectors."""

    def __init__(self, inside: int, width: int) -> None:
        super().__init__()
        self.linear, self.norm, self.dropout = Linear(inside, width), LayerNorm(width), Dropout()

    def forward(self, tokens: Tokens) -> Tokens:
        values = self.norm(self.linear(tokens.values))
        if values.shape[-2] == 1:  # how far tokens are padded must not move the dropout noise
            values = self.dropout(values)
        return Tokens(values, tokens.mask)


class Model(nn.Module):
    """Tokens of several inputs -> outputs of a task.

    dims: width D of each input's tokens, in the order of `fusion.inputs`. modules: learnt encoder parts by input.
    A `vectors` fusion gets every input as one token, its mean.
    """

    def __init__(
        self, dims: Mapping[str, int], fusion: Fusion, outputs: int, modules: Mapping[str, nn.Module] | None = None
    ) -> None:
        super().__init__()
        modules = modules or {}
        self.inputs = fusion.inputs
        self.learnt = nn.ModuleList(modules.get(name, nn.Identity()) for name in self.inputs)
        inside = [cast(int, modules[name].dims) if name in modules else dims[name] for name in self.inputs]
        self.projections = nn.ModuleList(InputProjection(d, fusion.width) for d in inside)
        self.fusion = fusion
        self.trunk = nn.Identity() if fusion.decides else Residual(fusion.width)
        self.head = Linear(fusion.width, outputs)

    def forward(self, tokens: Mapping[str, Tokens]) -> ModelOutput:
        """tokens: values [(R,) B, N, D], mask [(R,) B, N] per input."""
        projected, masks = {}, {}
        for name, learnt, project in zip(self.inputs, self.learnt, self.projections, strict=True):
            own = learnt(tokens[name])
            masks[name] = own.mask
            if self.fusion.reads == "vectors" and own.values.shape[-2] > 1:
                own = Tokens(vector(own).unsqueeze(-2), own.present.unsqueeze(-1))
            projected[name] = project(own)
        fused = self.fusion(projected)
        each = {name: self.head(own) for name, own in fused.each.items()}
        return ModelOutput(self.head(self.trunk(fused.vector)), fused, each, masks)


def build(
    dims: Mapping[str, int],
    make_fusion: Callable[[], Fusion],
    outputs: int,
    modules: Mapping[str, Callable[[], nn.Module]] | None = None,
    seed: int = 0,
) -> Model:
    """A model with fresh weights, the same for the same seed."""
    with seeded(seed):
        return Model(dims, make_fusion(), outputs, {name: make() for name, make in (modules or {}).items()})
