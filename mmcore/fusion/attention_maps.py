"""The weights that a fusion method shows beside its vector."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from torch import Tensor

Map = TypeVar("Map", Tensor, np.ndarray)  # torch while a model runs, numpy for people and on disk
Other = TypeVar("Other", Tensor, np.ndarray)


class Direction(NamedTuple):
    """From where to where an input attends: `to` asks, the tokens of `source` answer."""

    to: str
    source: str


@dataclass(frozen=True, eq=False)
class AttentionMaps(Generic[Map]):
    """Weights of one method for B cases; what it does not weigh is None or empty.

    Each map sums to 1 over its last dimension where anything is present, and is 0 where nothing is; `gates` sums to 1
    over inputs instead. Legend: M inputs in the order of `Fusion.inputs`, N tokens of an input, Q summaries of an
    input's tokens, K latents, E experts, H heads, L layers, D width; T tokens of a sequence that holds the M inputs, or
    the Q summaries of the first input, of the second and so on, and last what the method adds.

    inputs: [..., B, M] weight of each input; 0 where missing
    tokens: input -> [..., B, N] weight of each of its tokens
    pools: input -> [..., B, Q, N] which of its tokens each summary (or latent) reads
    cross: direction -> [..., B, Q, N] weight of each token of `source`, for each query of `to`
    cross_heads: direction -> [..., B, H, Q, N] the same for every head
    gates: [..., B, M, D] weight of each input in each feature of the result
    experts: [..., B, E] weight of each expert
    edges: [..., B, M, M] how much each input (row) listens to each (column), itself too
    self_attention: [..., B, L, H, T, T] how much each token of a sequence (row) attends to each (column)
    latents: [..., B, K, M] how much each latent reads of each input

    Methods over tokens give their maps in evaluation mode only: they are for people to look at. Where layers lie on
    each other, `inputs` and `tokens` are the attention rollout through all of them (see `fusion.rollout`).
    """

    inputs: Map | None = None
    tokens: Mapping[str, Map] = field(default_factory=dict)
    pools: Mapping[str, Map] = field(default_factory=dict)
    cross: Mapping[Direction, Map] = field(default_factory=dict)
    cross_heads: Mapping[Direction, Map] = field(default_factory=dict)
    gates: Map | None = None
    experts: Map | None = None
    edges: Map | None = None
    self_attention: Map | None = None
    latents: Map | None = None

    def entries(self) -> Iterator[tuple[str, Any, Map]]:
        """Every map there is: the name of its field, its key there (None if it has none) and the map."""
        for part in fields(self):
            value = getattr(self, part.name)
            if isinstance(value, Mapping):
                yield from ((part.name, key, own) for key, own in value.items())
            elif value is not None:
                yield part.name, None, value

    def __bool__(self) -> bool:
        """Whether the method shows any weights."""
        return next(self.entries(), None) is not None

    def map(self, change: Callable[[Map], Other]) -> AttentionMaps[Other]:
        """Each map changed by a function, such as `lambda values: values[:, 0]`."""
        return joined([self], lambda values: change(values[0]))

    def numpy(self: AttentionMaps[Tensor]) -> AttentionMaps[np.ndarray]:
        """The same maps as arrays."""
        return self.map(lambda values: values.detach().cpu().numpy())


def joined(parts: Sequence[AttentionMaps[Map]], join: Callable[[list[Map]], Other]) -> AttentionMaps[Other]:
    """Maps of the same method put together, each with its namesakes in the other parts.

    join: `torch.stack` of replicates, `np.concatenate` of cases. Raises ValueError if the parts hold different maps.
    """
    namesakes: dict[tuple[str, Any], list[Any]] = {}
    for part in parts:
        for name, key, values in part.entries():
            namesakes.setdefault((name, key), []).append(values)
    if any(len(values) != len(parts) for values in namesakes.values()):
        raise ValueError("maps of different methods cannot be put together")
    whole: dict[str, Any] = {}
    for (name, key), own in namesakes.items():
        if key is None:
            whole[name] = join(own)
        else:
            whole.setdefault(name, {})[key] = join(own)
    return AttentionMaps(**whole)
