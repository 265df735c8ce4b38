"""What a table adds beside straight lines: curves of its numbers, and products of two.

Legend: N tokens, C width of a vector, B functions of a basis, O outputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from torch import Tensor

from mmcore.training.column_curves import Pieces
from mmcore.training.column_products import Products

_BASES = {"curves": Pieces, "products": Products}


@dataclass(frozen=True, eq=False)
class Bend:
    """A basis and what each of its functions adds to the logits. weight: [B, O]."""

    basis: Pieces
    weight: Tensor

    def __call__(self, vectors: Tensor) -> Tensor:
        """[..., C] -> [..., O]. Differentiable."""
        return self.basis(vectors) @ self.weight

    def shares(self, each: Tensor) -> Tensor:
        """What each token adds [..., N, O], of what each gives the vector [..., N, C], features of its own."""
        return self.basis.shares(each, self.weight)

    def times(self, share: Tensor | float) -> Bend:
        """The same, `share` as much of it; a share may be one for each output."""
        return replace(self, weight=self.weight * share)


def mixed(first: Sequence[Bend], second: Sequence[Bend]) -> tuple[Bend, ...]:
    """The bends of two experts together; the longer ones begin with the bases of the shorter ones."""
    pairs = zip_longest(first, second)
    both = (replace(a, weight=a.weight + b.weight) if a and b else a or b for a, b in pairs)
    return tuple(bend for bend in both if bend is not None)


def states(bends: Sequence[Bend]) -> dict[str, Tensor]:
    """Their tensors, for saving: "KIND/NAME"."""
    kinds = {basis: kind for kind, basis in _BASES.items()}
    tensors = dict[str, Tensor]()
    for bend in bends:
        own = {**vars(bend.basis), "weight": bend.weight}
        tensors |= {f"{kinds[type(bend.basis)]}/{name}": value for name, value in own.items()}
    return tensors


def restored(state: Mapping[str, Tensor]) -> tuple[Bend, ...]:
    """The bends of this state; other tensors are passed over."""
    bends = []
    for kind, basis in _BASES.items():
        own = {name.removeprefix(f"{kind}/"): value for name, value in state.items() if name.startswith(f"{kind}/")}
        if own:
            weight = own.pop("weight")
            bends.append(Bend(basis(**own), weight))
    return tuple(bends)
