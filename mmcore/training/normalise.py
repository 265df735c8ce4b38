"""Features of one input brought to a common scale and a modest width, by statistics of the training fold only.

Legend: B cases, V variants of a case, N tokens, D their width, C the width that comes out, S stretches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Literal, cast

import torch
from torch import Tensor

from mmcore.base.values import Tokens
from mmcore.encoders.fitting import FoldPart, fold_parts
from mmcore.training.stretches import pool, shares

Level = Literal["vectors", "tokens", "raw"]
CLIP = 5.0  # standard deviations, of normalisers without a bound
WIDE, NARROW = 5.0, 1.0  # bounds in standard deviations: an outlier or a rare category must not swamp a small cohort
FAR = 1e4  # no bound, for what an encoder has bounded itself
_TINY = 1e-6


@dataclass(frozen=True, eq=False)
class Normaliser:
    """Standardise, bound, and project on principal components.

    Level "vectors" averages a case's tokens first (N becomes 1); "tokens" keeps them. mean, scale: [D]. basis: [D, C]
    or None. owner: [N, D] bool for a table, where each column has its own token and fills only its own features;
    its tokens then also say which column they are (D + N wide), while their vector is the sum of all columns.
    numeric: [D] bool, features of a table that hold numbers (0 may then mean "not known", see `unknown_numbers`).
    part: what the encoder learnt from the training fold, applied before everything else, or None.
    Level "raw" passes tokens on as they are, for a learnt encoder part that reads codes or pixels.
    """

    level: Level
    mean: Tensor
    scale: Tensor
    basis: Tensor | None = None
    owner: Tensor | None = None
    numeric: Tensor | None = None
    part: FoldPart | None = None
    width: int | None = None  # of the raw tokens; None: that of `mean`
    stretches: int = 1  # a vector holds mean and spread of so many stretches of the tokens; 1: their mean
    bound: float | None = None  # how far standardised values go, bent by tanh; None: cut at CLIP

    @property
    def inside(self) -> int:
        """Width of the tokens it takes."""
        if self.width is not None:
            return self.width
        return self.mean.shape[0] if self.stretches == 1 else self.mean.shape[0] // (2 * self.stretches)

    @property
    def dims(self) -> int:
        """Width of what comes out."""
        if self.owner is not None:
            return self.owner.shape[1] + (self.owner.shape[0] if self.level == "tokens" else 0)
        return self.basis.shape[1] if self.basis is not None else self.mean.shape[0]

    def length(self, count: int) -> int:
        """How many tokens come out of so many."""
        if self.level == "vectors":
            return 1
        return max(1, count if self.owner is None else self.owner.shape[0])

    @cached_property
    def after_part(self) -> Normaliser:
        """What it does once the fold's part has been applied."""
        return self if self.part is None else replace(self, part=None, width=None)

    def through_part(self, tokens: Tokens) -> Tokens:
        """Tokens as the fold's part turns them; of a table as many as it has columns."""
        tokens = tokens if self.part is None else self.part(tokens)
        return tokens if self.owner is None else to_length(tokens, self.owner.shape[0])

    def __call__(self, tokens: Tokens) -> Tokens:
        """values [..., N, D] -> [..., N or 1, C]; zero where not valid."""
        tokens = self.through_part(tokens)
        if self.level == "vectors":
            vectors = self.vectors(tokens.values, tokens.mask.unsqueeze(-2))
            return Tokens(vectors, tokens.present.unsqueeze(-1))
        if self.level == "raw":
            return Tokens(tokens.values * tokens.mask.unsqueeze(-1), tokens.mask)
        if self.owner is not None:
            which = torch.eye(self.owner.shape[0]).to(tokens.values) * tokens.mask.unsqueeze(-1)
            return Tokens(torch.cat([self._columns(tokens), which], -1), tokens.mask)
        return Tokens(self._projected(self._bounded(tokens.values)) * tokens.mask.unsqueeze(-1), tokens.mask)

    def vectors(self, values: Tensor, keep: Tensor) -> Tensor:
        """One vector for each variant of a case, [..., V, C], that keeps only these tokens; zero where none is kept.

        values: [..., N, D], after the fold's part. keep: [..., V, N] bool, of valid tokens.
        """
        if self.owner is not None:
            return keep.to(values.dtype) @ self._columns(Tokens(values, keep.any(-2)))
        return self.finish(pool(values, keep, self.stretches), keep.any(-1))

    def finish(self, pooled: Tensor, present: Tensor) -> Tensor:
        """Pooled tokens [..., P] (after the fold's part) as vectors [..., C], zero where not present [...]."""
        return self._projected(self._bounded(pooled)) * present.unsqueeze(-1)

    def finish_rows(self, values: Tensor, unknown: Tensor, present: Tensor) -> Tensor:
        """Rows of a table [..., D] as vectors, zero where not present [...]; unknown: as `TableRows.unknown`."""
        filled, numeric = cast(Tensor, self.owner).any(0), cast(Tensor, self.numeric)
        return self._bounded(values) * (filled & ~(unknown & numeric)) * present.unsqueeze(-1)

    def shares(self, tokens: Tokens) -> Tensor:
        """[..., N, C] what each token adds to the vector of its case; they sum to it, the bound included.

        tokens: after the fold's part.
        """
        if self.owner is not None:
            return self._columns(tokens)
        each, weight = shares(tokens.values, tokens.mask, self.stretches)
        each = (each - weight * self.mean) / self.scale
        whole = each.sum(-2, keepdim=True)
        return self._projected(each * torch.where(whole.abs() > _TINY, bounded(whole, self.bound) / whole, 1.0))

    def _bounded(self, values: Tensor) -> Tensor:
        return bounded((values - self.mean) / self.scale, self.bound)

    def _projected(self, values: Tensor) -> Tensor:
        return values if self.basis is None else values @ self.basis

    def _columns(self, tokens: Tokens) -> Tensor:
        """Standardised features of a table [..., N, D], each at the token of its own column; zero where not known."""
        owner, numeric = cast(Tensor, self.owner), cast(Tensor, self.numeric)
        here = owner & tokens.mask.unsqueeze(-1)
        return self._bounded(tokens.values) * (here & ~(unknown_numbers(tokens.values) & numeric))

    def state(self) -> dict[str, Tensor]:
        """Its tensors, for saving; those of the part begin with "part/NAME/"."""
        own = {f.name: getattr(self, f.name) for f in fields(self) if isinstance(getattr(self, f.name), Tensor)}
        if self.width is not None:
            own["width"] = torch.tensor(self.width)
        if self.stretches > 1:
            own["stretches"] = torch.tensor(self.stretches)
        if self.bound is not None:
            own["bound"] = torch.tensor(self.bound)
        if self.part is not None:
            own |= {f"part/{self.part.name}/{name}": value for name, value in self.part.state().items()}
        return own

    @classmethod
    def restore(cls, level: Level, state: Mapping[str, Tensor]) -> Normaliser:
        """The one that has this state."""
        own: dict[str, Any] = {name: value for name, value in state.items() if "/" not in name}
        own |= {name: int(own[name]) for name in ("width", "stretches") if name in own}
        own["bound"] = float(own["bound"]) if "bound" in own else None
        learnt = {name: value for name, value in state.items() if name.startswith("part/")}
        if not learnt:
            return cls(level, **own)
        name = next(iter(learnt)).split("/")[1]
        part = fold_parts[name].restore({key.split("/", 2)[2]: value for key, value in learnt.items()})
        return cls(level, **own, part=part)


def bounded(values: Tensor, bound: float | None) -> Tensor:
    """Standardised values that can no longer swamp a small cohort."""
    return values.clamp(-CLIP, CLIP) if bound is None else bound * torch.tanh(values / bound)


def unknown_numbers(values: Tensor) -> Tensor:
    """[..., N, D] bool: numbers of a table that are not known, that is 0 and followed by a raised missing flag."""
    after = torch.nn.functional.pad(values, (0, 1))[..., 1:]
    return (values == 0) & (after == 1)


def to_length(tokens: Tokens, length: int) -> Tokens:
    """Tokens [..., N, D] as [..., length, D], cut or padded."""
    extra = length - tokens.values.shape[-2]
    if extra <= 0:
        return Tokens(tokens.values[..., :length, :], tokens.mask[..., :length])
    pad = torch.nn.functional.pad
    return Tokens(pad(tokens.values, (0, 0, 0, extra)), pad(tokens.mask, (0, extra)))
