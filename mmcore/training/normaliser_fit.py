"""How a normaliser is fitted: means, scales and principal components of the cases of a training fold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from mmcore.encoders.fitting import FoldPart
from mmcore.training.normalise import FAR, WIDE, Level, Normaliser, bounded
from mmcore.training.principal import principal_axes
from mmcore.training.table_rows import TableRows
from mmcore.training.views import CohortFeatures, Stretched, Through

_SAMPLE = 4096  # tokens that statistics of a token input are taken from
_ROWS = 64  # cases read at a time


def fit_normaliser(
    features: CohortFeatures,
    rows: Sequence[int] | np.ndarray,
    level: Level,
    components: int,
    seed: int = 0,
    part: FoldPart | None = None,
    bound: float = WIDE,
) -> Normaliser:
    """Statistics from these rows (the training fold), missing ones left out. components: 0 = no projection.

    part: what the encoder learnt from the same rows. Of stretched features, the normaliser stretches their tokens.
    bound: of the standardised values (see `normalise.bounded`).
    """
    if isinstance(features, Stretched):
        fitted = _fit(features, rows, level, components, seed, bound=bound)
        return replace(fitted, stretches=features.stretches)
    if part is None:
        return _fit(features, rows, level, components, seed, bound=bound)
    if part.finished:
        components, bound = 0, FAR
    fitted = _fit(Through(features, part), rows, level, components, seed, part.latent, bound)
    return replace(fitted, part=part, width=features.dims)


def _fit(
    features: CohortFeatures,
    chosen: Sequence[int] | np.ndarray,
    level: Level,
    components: int,
    seed: int,
    latent: bool = False,
    bound: float = WIDE,
) -> Normaliser:
    rows = np.asarray(chosen)[features.counts[np.asarray(chosen)] > 0]
    if level == "raw":
        return Normaliser(level, torch.zeros(features.dims), torch.ones(features.dims))
    if len(rows) == 0:
        return _unseen(features, level, components)
    owner = token_owners(features, rows)
    if owner is not None:
        table = features if isinstance(features, TableRows) else TableRows(features, owner)
        return replace(_fit_table(table, rows, owner, level), bound=bound)
    if level == "vectors":
        sample = torch.from_numpy(features.pooled()[0][rows]).float()
    else:
        sample = _token_sample(features, rows, seed)
    mean = sample.mean(0)
    sample -= mean
    # Features kept in half precision wobble that much.
    scale = _floored(sample.square().mean(0).sqrt(), 1e-3 * mean.abs())
    if latent:  # sizes of latent dimensions say how much they hold: each brought to its own would blow up noise
        scale = _floored(sample.square().mean().sqrt(), torch.zeros(())).expand_as(mean).clone()
    basis = None
    if 0 < components < features.dims:
        basis = principal_axes(bounded(sample / scale, bound), components, seed)
    return Normaliser(level, mean, scale, basis, bound=bound)


def widened(normaliser: Normaliser, dims: int) -> Normaliser:
    """The same, with zeros behind its vectors [C] up to this width."""
    extra = dims - normaliser.dims
    if extra <= 0 or normaliser.owner is not None:
        return normaliser
    basis = torch.eye(len(normaliser.mean)) if normaliser.basis is None else normaliser.basis
    return replace(normaliser, basis=torch.nn.functional.pad(basis, (0, extra)))


def _unseen(features: CohortFeatures, level: Level, components: int) -> Normaliser:
    """For a training fold in which nobody has the input: as wide as in the other folds, and zero for everyone."""
    here, width = np.flatnonzero(features.counts > 0), features.dims
    owner = token_owners(features, here) if len(here) else None
    basis = torch.zeros(width, components) if owner is None and 0 < components < width else None
    nothing = torch.zeros(width, dtype=torch.bool) if owner is not None else None
    return Normaliser(level, torch.zeros(width), torch.full((width,), torch.inf), basis, owner, nothing)


def _token_sample(features: CohortFeatures, rows: np.ndarray, seed: int) -> Tensor:
    """Up to _SAMPLE valid tokens [n, D] of randomly chosen cases."""
    order = np.random.default_rng(seed).permutation(rows)
    cases = np.searchsorted(np.cumsum(features.counts[order]), _SAMPLE) + 1
    tokens = features.tokens(np.sort(order[:cases]).tolist())
    return tokens.values[tokens.mask]


def _floored(scale: Tensor, floor: Tensor) -> Tensor:
    """Standard deviations, but 1 where a feature is constant: its rounding noise must not be blown up."""
    return torch.where(scale > floor.clamp_min(1e-8), scale, torch.ones_like(scale))


def token_owners(features: CohortFeatures, rows: np.ndarray) -> Tensor | None:
    """[N, D] bool: the token that alone fills each feature; None unless this is such a table (see `columns`).

    rows: of cases that have the input.
    """
    if isinstance(features, TableRows):
        return features.owner & (features.values[torch.from_numpy(rows)] != 0).any(0)
    counts = features.counts[rows]
    if features.dims > 4096 or counts.min() != counts.max() or (counts[0] == 1 and features.dims > 8):
        return None
    filled = torch.zeros(int(counts[0]), features.dims, dtype=torch.bool)
    for start in range(0, len(rows), _ROWS):  # the first rows settle most
        tokens = features.tokens(rows[start : start + _ROWS].tolist())
        filled |= ((tokens.values != 0) & tokens.mask.unsqueeze(-1)).any(0)
        if (filled.sum(0) > 1).any():
            return None
    return filled


def _fit_table(table: TableRows, rows: np.ndarray, owner: Tensor, level: Level) -> Normaliser:
    """Statistics of every feature over the cases where it is known."""
    at = torch.from_numpy(rows)
    values = table.values[at].double()
    filled = owner.any(0)
    numeric = ((values != 0) & (values != 1)).any(0) & filled
    own = (filled & ~(table.unknown[at] & numeric)).double()
    count = own.sum(0).clamp_min(1)
    mean = (values * own).sum(0) / count
    scale = (((values - mean) ** 2 * own).sum(0) / count).sqrt()
    scale = _floored(scale, 1e-5 * mean.abs())
    return Normaliser(level, mean.float(), scale.float(), owner=owner, numeric=numeric)
