"""Features of one input brought to a common scale and a modest width, by statistics of the training fold only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from mmcore.base.values import Tokens
from mmcore.encoders.fitting import Encoded, FoldPart, fold_parts
from mmcore.fusion.layers import mean
from mmcore.training.views import Through

_CLIP = 5.0  # standard deviations; an outlier or a rare category must not swamp a small cohort
_SAMPLE = 4096  # tokens that statistics of a token input are taken from


@dataclass(frozen=True, eq=False)
class Normaliser:
    """Standardise, clip, and project on principal components.

    Level "vectors" averages a case's tokens first (N becomes 1); "tokens" keeps them. mean, scale: [D]. basis: [D, C]
    or None. owner: [N, D] bool for a table, where each column has its own token and fills only its own features;
    its tokens then also say which column they are (D + N wide), while their vector is the sum of all columns.
    numeric: [D] bool, features of a table that hold numbers (0 may then mean "not known", see `unknown_numbers`).
    part: what the encoder learnt from the training fold, applied before everything else, or None.
    Level "raw" passes tokens on as they are, for a learnt encoder part that reads codes or pixels.
    """

    level: Literal["vectors", "tokens", "raw"]
    mean: Tensor
    scale: Tensor
    basis: Tensor | None = None
    owner: Tensor | None = None
    numeric: Tensor | None = None
    part: FoldPart | None = None
    width: int | None = None  # of the raw tokens; None: that of `mean`

    @property
    def inside(self) -> int:
        """Width of the tokens it takes."""
        return self.mean.shape[0] if self.width is None else self.width

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

    def __call__(self, tokens: Tokens) -> Tokens:
        """values [..., N, D] -> [..., N or 1, C]; zero where not valid."""
        if self.part is not None:
            tokens = self.part(tokens)
        if self.level == "raw":
            return Tokens(tokens.values * tokens.mask.unsqueeze(-1), tokens.mask)
        if self.owner is not None:
            return self._table(tokens)
        values, mask = tokens.values, tokens.mask
        if self.level == "vectors":
            values, mask = mean(tokens.values, tokens.mask).unsqueeze(-2), tokens.present.unsqueeze(-1)
        values = ((values - self.mean) / self.scale).clamp(-_CLIP, _CLIP)
        if self.basis is not None:
            values = values @ self.basis
        return Tokens(values * mask.unsqueeze(-1), mask)

    def _table(self, tokens: Tokens) -> Tokens:
        tokens = to_length(tokens, self.owner.shape[0])
        values, mask = tokens.values, tokens.mask
        here = self.owner & mask.unsqueeze(-1)
        values = ((values - self.mean) / self.scale).clamp(-_CLIP, _CLIP) * (
            here & ~(unknown_numbers(values) & self.numeric)
        )
        if self.level == "vectors":
            return Tokens(values.sum(-2, keepdim=True), mask.any(-1, keepdim=True))
        which = torch.eye(self.owner.shape[0]).to(values) * mask.unsqueeze(-1)
        return Tokens(torch.cat([values, which], -1), mask)

    def state(self) -> dict[str, Tensor]:
        """Its tensors, for saving; those of the part begin with "part/NAME/"."""
        own = {f.name: getattr(self, f.name) for f in fields(self) if isinstance(getattr(self, f.name), Tensor)}
        if self.width is not None:
            own["width"] = torch.tensor(self.width)
        if self.part is not None:
            own |= {f"part/{self.part.name}/{name}": value for name, value in self.part.state().items()}
        return own

    @classmethod
    def restore(cls, level: str, state: Mapping[str, Tensor]) -> Normaliser:
        """The one that has this state."""
        own = {name: value for name, value in state.items() if "/" not in name}
        width = int(own.pop("width")) if "width" in own else None
        learnt = {name: value for name, value in state.items() if name.startswith("part/")}
        if not learnt:
            return cls(level, **own, width=width)
        name = next(iter(learnt)).split("/")[1]
        part = fold_parts[name].restore({key.split("/", 2)[2]: value for key, value in learnt.items()})
        return cls(level, **own, part=part, width=width)


def fit_normaliser(
    features: Encoded, rows: Sequence[int], level: str, components: int, seed: int = 0, part: FoldPart | None = None
) -> Normaliser:
    """Statistics from these rows (the training fold), missing ones left out. components: 0 = no projection.

    part: what the encoder learnt from the same rows.
    """
    if part is None:
        return _fit(features, rows, level, components, seed)
    return replace(_fit(Through(features, part), rows, level, components, seed), part=part, width=features.dims)


def _fit(features: Encoded, rows: Sequence[int], level: str, components: int, seed: int) -> Normaliser:
    rows = np.asarray(rows)[features.counts[rows] > 0]
    if level == "raw":
        return Normaliser(level, torch.zeros(features.dims), torch.ones(features.dims))
    if len(rows) == 0:
        return _unseen(features, level, components)
    owner = _owner(features, rows)
    if owner is not None:
        return _fit_table(features.tokens(rows), owner, level)
    sample = (
        torch.from_numpy(features.pooled()[0][rows]).float()
        if level == "vectors"
        else _token_sample(features, rows, seed)
    )
    mean = sample.mean(0)
    sample -= mean
    scale = _floored(
        sample.square().mean(0).sqrt(), 1e-3 * mean.abs()
    )  # features kept in half precision wobble that much
    basis = None
    if 0 < components < features.dims:
        basis = _principal((sample / scale).clamp_(-_CLIP, _CLIP), components, seed)
    return Normaliser(level, mean, scale, basis)


def _unseen(features: Encoded, level: str, components: int) -> Normaliser:
    """For a training fold in which nobody has the input: as wide as in the other folds, and zero for everyone."""
    here, width = np.flatnonzero(features.counts > 0), features.dims
    owner = _owner(features, here) if len(here) else None
    basis = torch.zeros(width, components) if owner is None and 0 < components < width else None
    nothing = torch.zeros(width, dtype=torch.bool) if owner is not None else None
    return Normaliser(level, torch.zeros(width), torch.full((width,), torch.inf), basis, owner, nothing)


def _token_sample(features: Encoded, rows: np.ndarray, seed: int) -> Tensor:
    """Up to _SAMPLE valid tokens [n, D] of randomly chosen cases."""
    order = np.random.default_rng(seed).permutation(rows)
    cases = np.searchsorted(np.cumsum(features.counts[order]), _SAMPLE) + 1
    tokens = features.tokens(np.sort(order[:cases]))
    return tokens.values[tokens.mask]


def _floored(scale: Tensor, floor: Tensor) -> Tensor:
    """Standard deviations, but 1 where a feature is constant: its rounding noise must not be blown up."""
    return torch.where(scale > floor.clamp_min(1e-8), scale, torch.ones_like(scale))


def _principal(z: Tensor, components: int, seed: int) -> Tensor:
    """[D, C] principal axes of z [n, D], scaled to a common size of the projections; zero beyond the rank."""
    n, width = z.shape
    count = min(components, n, width)
    if min(n, width) <= 512:
        axes, power = _exact(z, count)
    else:
        axes, power = _randomised(z, count, seed)
    axes = axes * torch.where(
        axes.gather(0, axes.abs().argmax(0, keepdim=True)) < 0, -1.0, 1.0
    )  # the sign is arbitrary
    usable = power > 1e-6 * power[0]
    # One common size, not whitening: on small cohorts minor axes are mostly noise and should stay small.
    basis = torch.zeros(width, components)
    basis[:, :count] = axes * usable / power[usable].mean().sqrt()
    return basis


def _exact(z: Tensor, count: int) -> tuple[Tensor, Tensor]:
    n, width = z.shape
    if n < width:
        power, vectors = torch.linalg.eigh((z @ z.T).double() / n)
        power, vectors = power.flip(0)[:count].float(), vectors.flip(1)[:, :count].float()
        return z.T @ vectors / (power.clamp_min(1e-12) * n).sqrt(), power
    power, vectors = torch.linalg.eigh((z.T @ z).double() / n)
    return vectors.flip(1)[:, :count].float(), power.flip(0)[:count].float()


def _randomised(z: Tensor, count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Subspace iteration (Halko et al. 2011)."""
    start = torch.randn(z.shape[1], min(count + 16, *z.shape), generator=torch.Generator().manual_seed(seed))
    basis = torch.linalg.qr(start)[0]
    for _ in range(3):
        basis = torch.linalg.qr(z.T @ (z @ basis))[0]
    power, vectors = torch.linalg.eigh(((z @ basis).T @ (z @ basis)).double() / z.shape[0])
    return basis @ vectors.flip(1)[:, :count].float(), power.flip(0)[:count].float()


def _owner(features: Encoded, rows: np.ndarray) -> Tensor | None:
    """[N, D] bool: the token that alone fills each feature; None unless this is such a table (see `columns`)."""
    counts = features.counts[rows]
    if features.dims > 4096 or counts.min() != counts.max() or (counts[0] == 1 and features.dims > 8):
        return None
    for some in (rows[:16], rows):  # a glance settles most
        tokens = features.tokens(some)
        filled = ((tokens.values != 0) & tokens.mask.unsqueeze(-1)).any(0)
        if (filled.sum(0) > 1).any():
            return None
    return filled


def unknown_numbers(values: Tensor) -> Tensor:
    """[..., N, D] bool: numbers of a table that are not known, that is 0 and followed by a raised missing flag."""
    after = torch.nn.functional.pad(values, (0, 1))[..., 1:]
    return (values == 0) & (after == 1)


def _fit_table(tokens: Tokens, owner: Tensor, level: str) -> Normaliser:
    """Statistics of every feature over the cases where it is known, at its own token."""
    tokens = to_length(tokens, owner.shape[0])
    values, mask = tokens.values, tokens.mask
    own = (owner & mask.unsqueeze(-1)).double()
    numeric = ((values != 0) & (values != 1) & owner).any(0).any(0)
    own = own * ~(unknown_numbers(values) & numeric)
    count = own.sum((0, 1)).clamp_min(1)
    mean = (values * own).sum((0, 1)) / count
    scale = (((values - mean) ** 2 * own).sum((0, 1)) / count).sqrt()
    scale = _floored(scale, 1e-5 * mean.abs())
    return Normaliser(level, mean.float(), scale.float(), owner=owner, numeric=numeric)


def to_length(tokens: Tokens, length: int) -> Tokens:
    """Tokens [..., N, D] as [..., length, D], cut or padded."""
    extra = length - tokens.values.shape[-2]
    if extra <= 0:
        return Tokens(tokens.values[..., :length, :], tokens.mask[..., :length])
    pad = torch.nn.functional.pad
    return Tokens(pad(tokens.values, (0, 0, 0, extra)), pad(tokens.mask, (0, extra)))
