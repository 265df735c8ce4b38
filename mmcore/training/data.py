"""Features of a cohort made ready for training: normalised per fold, and cut into batches of many replicates."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from mmcore.cases import Tokens
from mmcore.training.normalise import Normaliser
from mmcore.training.replicates import Replicate

if TYPE_CHECKING:
    from mmcore.features import Features

_ROWS = 128  # cases read at a time
_KEPT = 2  # sets of folds in memory


@dataclass(frozen=True, eq=False)
class Prepared:
    """values by input: [F * N, T, C] float32, case n of the i-th fold at row i * N + n; counts: [N] valid tokens."""

    values: Mapping[str, Tensor]
    masks: Mapping[str, Tensor]  # [N, T] bool
    counts: Mapping[str, np.ndarray]
    cases: int

    def batch(self, rows: np.ndarray, folds: np.ndarray, drop: np.ndarray | None = None) -> dict[str, Tokens]:
        """Tokens [R, B, T, C] by input.

        rows: [R, B] cases. folds: [R] position of each replicate's fold. drop: [M, R, B] inputs to hide.
        """
        at = torch.from_numpy((rows + folds[:, None] * self.cases).ravel())
        flat = torch.from_numpy(rows.ravel())
        batch = {}
        for i, (name, values) in enumerate(self.values.items()):
            longest = max(int(self.counts[name][rows].max()), 1)
            mask = self.masks[name].index_select(0, flat.to(values.device))[:, :longest]
            if longest < values.shape[1]:
                values = values[:, :longest]
            taken = values.index_select(0, at.to(values.device)).unflatten(0, rows.shape)
            mask = mask.unflatten(0, rows.shape)
            if drop is not None and drop[i].any():
                mask = mask & ~torch.from_numpy(drop[i]).to(mask.device).unsqueeze(-1)
            batch[name] = Tokens(taken, mask)
        return batch

    def present(self) -> np.ndarray:
        """[M, N] bool."""
        return np.stack([counts > 0 for counts in self.counts.values()])


@dataclass(frozen=True, eq=False)
class Labels:
    """target, weight: [F, N] per fold: class index or standardised value, and what a case counts in the loss."""

    target: Tensor
    weight: Tensor

    def batch(self, rows: np.ndarray, folds: np.ndarray, valid: np.ndarray) -> tuple[Tensor, Tensor]:
        at = torch.from_numpy(rows + folds[:, None] * self.target.shape[1]).to(self.target.device)
        return self.target.take(at), self.weight.take(at) * torch.from_numpy(valid).to(self.target.device)


def prepare(
    features: Mapping[str, Features], normalisers: Sequence[Mapping[str, Normaliser]], device: torch.device
) -> Prepared:
    """normalisers: by input, one mapping per fold. Every fold sees the whole cohort through its own statistics."""
    values, masks, counts = {}, {}, {}
    for name in normalisers[0]:
        cases = len(features[name].counts)
        parts = [[] for _ in normalisers]
        seen = []
        for tokens in _read(features[name], normalisers[0][name]):
            for part, normaliser in zip(parts, normalisers, strict=True):
                done = normaliser[name](tokens)
                part.append(done.values)
            seen.append(done.mask)
        seen = _joined(seen)
        values[name] = torch.cat([_joined(part, seen.shape[1]) for part in parts]).to(device)
        masks[name], counts[name] = seen.to(device), seen.sum(1).numpy()
    return Prepared(values, masks, counts, cases)


def _read(features: Features, normaliser: Normaliser):
    """Tokens of all cases, some cases at a time; already averaged where nothing finer is needed."""
    if normaliser.level == "vectors" and normaliser.owner is None:
        pooled, present = features.pooled()
        yield Tokens(
            torch.from_numpy(np.asarray(pooled)).unsqueeze(1), torch.from_numpy(np.asarray(present)).unsqueeze(1)
        )
        return
    for start in range(0, len(features.counts), _ROWS):
        yield features.tokens(range(start, min(start + _ROWS, len(features.counts))))


def _joined(parts: Sequence[Tensor], length: int = 0) -> Tensor:
    """Along the cases, the token dimension (1) padded to the longest."""
    length = max([length, *(part.shape[1] for part in parts)])
    pads = [(0, 0) * (part.dim() - 2) + (0, length - part.shape[1]) for part in parts]
    return torch.cat([torch.nn.functional.pad(part, pad) for part, pad in zip(parts, pads, strict=True)])


class Shelf:
    """Prepared folds for chunks of replicates, made when first needed; the last few are kept."""

    def __init__(self, features, normalisers, labels: Callable[[Sequence[int]], Labels], device: torch.device) -> None:
        self.features, self.normalisers, self.labels, self.device = features, normalisers, labels, device
        self.kept: dict[tuple[int, ...], tuple[Prepared, Labels]] = {}
        self.lock = threading.Lock()

    def take(self, chunk: Sequence[Replicate]) -> tuple[Prepared, Labels, np.ndarray]:
        """Data and labels of the folds in this chunk, and where each replicate's fold lies in them [R]."""
        folds = tuple(dict.fromkeys(replicate.fold for replicate in chunk))
        with self.lock:
            if folds not in self.kept:
                while len(self.kept) >= _KEPT:
                    self.kept.pop(next(iter(self.kept)))
                labels = self.labels(folds)
                data = prepare(self.features, [self.normalisers[f] for f in folds], self.device)
                self.kept[folds] = data, Labels(labels.target.to(self.device), labels.weight.to(self.device))
            data, labels = self.kept[folds]
        return data, labels, np.array([folds.index(replicate.fold) for replicate in chunk])
