"""The linear part of a method: a penalised additive model of each input, and their weighted sum.

On small cohorts a network that mixes all features of all inputs learns less than ten lines of plain statistics. So
every fold also gets a linear expert for each input (fitted by `linear_fit`), and a method's answer is a mixture of
both (see `blend`).

Legend: B cases, V variants of a case, N tokens, D their width, C width of an input's vector, O outputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from mmcore.base.values import Tokens
from mmcore.training.bends import Bend, restored, states
from mmcore.training.normalise import Normaliser


@dataclass(frozen=True, eq=False)
class InputExpert:
    """What one input adds to the linear logits: vector @ weight + offset; nothing where the input is missing.

    normaliser: of level "vectors". weight: [C, O]. offset: [O]. bends: of a table, what its numbers add beside the
    straight lines; a token must then fill features of its own.
    """

    normaliser: Normaliser
    weight: Tensor
    offset: Tensor
    bends: tuple[Bend, ...] = ()

    @property
    def numbers(self) -> int:
        """Of curves and products at work for a case."""
        return sum(len(bend.weight) for bend in self.bends)

    def __call__(self, tokens: Tokens) -> Tensor:
        """Raw tokens [..., N, D] -> [..., O]. Differentiable."""
        through = self.normaliser.through_part(tokens)
        return self.variants(through.values, through.mask.unsqueeze(-2)).squeeze(-2)

    def variants(self, values: Tensor, keep: Tensor) -> Tensor:
        """[..., V, O] for variants that keep only some tokens: values [..., N, D] after the fold's part, keep bool
        [..., V, N]."""
        return self.of_vectors(self.normaliser.after_part.vectors(values, keep), keep.any(-1))

    def of_vectors(self, vectors: Tensor, present: Tensor) -> Tensor:
        """[..., C] -> [..., O]."""
        whole = sum((bend(vectors) for bend in self.bends), vectors @ self.weight + self.offset)
        return whole * present.unsqueeze(-1)

    def times(self, share: Tensor | float) -> InputExpert:
        """The same, `share` as much of it; a share may be one for each output."""
        bends = tuple(bend.times(share) for bend in self.bends)
        return replace(self, weight=self.weight * share, offset=self.offset * share, bends=bends)

    def shares(self, tokens: Tokens) -> Tensor:
        """[..., N, O] what each token adds; tokens after the fold's part."""
        count = tokens.mask.sum(-1).clamp_min(1)[..., None, None]
        offset = self.offset * tokens.mask.unsqueeze(-1) / count
        each = self.normaliser.after_part.shares(tokens)
        return sum((bend.shares(each) for bend in self.bends), each @ self.weight + offset)


@dataclass(frozen=True, eq=False)
class LinearPart:
    """The linear logits of a fold: bias [O] and what each input adds. inputs: those that have an expert."""

    inputs: Mapping[str, InputExpert]
    bias: Tensor

    def __call__(self, tokens: Mapping[str, Tokens]) -> Tensor:
        """Raw tokens by input, values [B, N, D] -> [B, O]."""
        logits = [expert(tokens[name]) for name, expert in self.inputs.items()]
        return torch.stack(logits).sum(0) + self.bias

    def state(self, normalisers: Mapping[str, Normaliser]) -> dict[str, Tensor]:
        """Its tensors, for saving: "bias" and "INPUT NUMBER/..". normalisers: of the network, saved on their own; what
        an expert shares with them is left out."""
        tensors = {"bias": self.bias}
        for i, (name, own) in enumerate(normalisers.items()):
            if name not in self.inputs:
                continue
            expert = self.inputs[name]
            tensors |= {f"{i}/weight": expert.weight, f"{i}/offset": expert.offset}
            tensors |= {f"{i}/{k}": value for k, value in states(expert.bends).items()}
            if expert.normaliser is not own:
                tensors |= {f"{i}/normal/{k}": value for k, value in expert.normaliser.after_part.state().items()}
        return tensors

    @classmethod
    def restore(cls, state: Mapping[str, Tensor], normalisers: Mapping[str, Normaliser]) -> LinearPart:
        """The one that has this state."""
        experts = {}
        for i, (name, own) in enumerate(normalisers.items()):
            if f"{i}/weight" not in state:
                continue
            saved = below(state, f"{i}/normal/")
            normaliser = own
            if saved:
                normaliser = replace(Normaliser.restore("vectors", saved), part=own.part)
                if own.part is not None:
                    normaliser = replace(normaliser, width=own.inside)
            bends = restored(below(state, f"{i}/"))
            experts[name] = InputExpert(normaliser, state[f"{i}/weight"], state[f"{i}/offset"], bends)
        return cls(experts, state["bias"])


def below(state: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Tensors whose names begin so, without that beginning."""
    return {key.removeprefix(prefix): value for key, value in state.items() if key.startswith(prefix)}
