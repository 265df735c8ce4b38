"""Features of a cohort made ready for training: normalised per fold, and cut into batches of many replicates."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from mmcore.base.values import Tokens
from mmcore.training.normalise import Normaliser
from mmcore.training.replicates import Replicate
from mmcore.training.shared_experts import shared
from mmcore.training.vectors import cohort_vectors
from mmcore.training.views import CohortFeatures

_ROWS = 128  # cases read at a time
_FOLD_SETS = 2  # sets of folds in memory


@dataclass(frozen=True, eq=False)
class Prepared:
    """values by input: [F * N, T, C] float32, case n of the i-th fold at row i * N + n; counts: [N] valid tokens.

    Inputs in `shared` look the same from every fold and are held once, [N, T, C], in whatever type they came.
    """

    values: Mapping[str, Tensor]
    masks: Mapping[str, Tensor]  # [N, T] bool
    counts: Mapping[str, np.ndarray]
    cases: int
    shared: frozenset[str] = frozenset()

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
            chosen = flat if name in self.shared else at
            taken = values.index_select(0, chosen.to(values.device)).unflatten(0, rows.shape).float()
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

    def of(self, folds: Sequence[int], times: int) -> Labels:
        """As these folds see them; augmented copies of the cases count alike."""
        chosen = torch.tensor(list(folds))
        return Labels(self.target[chosen].repeat(1, times), self.weight[chosen].repeat(1, times))

    def batch(self, rows: np.ndarray, folds: np.ndarray, valid: np.ndarray) -> tuple[Tensor, Tensor]:
        """Targets and weights [R, B] of rows [R, B]; folds: [R] where each replicate's fold lies here."""
        at = torch.from_numpy(rows + folds[:, None] * self.target.shape[1]).to(self.target.device)
        return self.target.take(at), self.weight.take(at) * torch.from_numpy(valid).to(self.target.device)


def prepare(
    features: Mapping[str, CohortFeatures],
    normalisers: Sequence[Mapping[str, Normaliser]],
    device: torch.device,
    ready: dict[str, tuple[Tensor, Tensor]] | None = None,
) -> Prepared:
    """normalisers: by input, one mapping per fold. Every fold sees the whole cohort through its own statistics.

    ready: values and masks of inputs that look the same from every fold, where they are known; others are added.
    """
    ready, values, masks, counts = {} if ready is None else ready, {}, {}, {}
    for name, first in normalisers[0].items():
        own = [each[name] for each in normalisers]
        if same_in_every_fold(first) and name not in ready:
            ready[name] = _seen(features[name], own[:1], device)
        values[name], masks[name] = ready[name] if same_in_every_fold(first) else _seen(features[name], own, device)
        counts[name] = masks[name].sum(1).cpu().numpy()
        cases = len(features[name].counts)
    return Prepared(values, masks, counts, cases, frozenset(ready))


def same_in_every_fold(normaliser: Normaliser) -> bool:
    """Whether an input looks the same from every fold: nothing was learnt from any."""
    return normaliser.level == "raw" and normaliser.part is None


def _seen(features: CohortFeatures, normalisers: Sequence[Normaliser], device: torch.device) -> tuple[Tensor, Tensor]:
    """All cases through each of these, one after another: values [F * N, T, C], mask [N, T]."""
    if all(normalise.level == "vectors" for normalise in normalisers):
        vectors = [_vectors(features, normalise) for normalise in normalisers]
        present = torch.from_numpy(features.counts > 0).unsqueeze(1)
        return torch.cat(vectors).unsqueeze(1).to(device), present.to(device)
    parts: list[list[Tensor]] = [[] for _ in normalisers]
    seen: list[Tensor] = []
    for tokens in _read(features):
        for part, normalise in zip(parts, normalisers, strict=True):
            done = normalise(tokens)
            part.append(_exact_half(done.values) if same_in_every_fold(normalise) else done.values)
        seen.append(done.mask)
    mask = _joined(seen)
    return torch.cat([_joined(part, mask.shape[1]) for part in parts]).to(device), mask.to(device)


def _vectors(features: CohortFeatures, normalise: Normaliser) -> Tensor:
    """[N, C] of all cases: those that the linear expert was fitted on, unless there are augmented copies besides."""
    done = shared.vectors(normalise)
    if done is not None and len(done.values) == len(features.counts):
        return done.values
    return cohort_vectors(features, normalise)[0]


def _exact_half(values: Tensor) -> Tensor:
    """In half precision where that changes nothing: pixels take half the room, codes stay exact."""
    half = values.half()
    return half if torch.equal(half.float(), values) else values


def _read(features: CohortFeatures) -> Iterator[Tokens]:
    """Tokens of all cases, some cases at a time."""
    for start in range(0, len(features.counts), _ROWS):
        yield features.tokens(range(start, min(start + _ROWS, len(features.counts))))


def _joined(parts: Sequence[Tensor], length: int = 0) -> Tensor:
    """Along the cases, the token dimension (1) padded to the longest."""
    length = max([length, *(part.shape[1] for part in parts)])
    pads = [(0, 0) * (part.dim() - 2) + (0, length - part.shape[1]) for part in parts]
    return torch.cat([torch.nn.functional.pad(part, pad) for part, pad in zip(parts, pads, strict=True)])


class FoldTensors:
    """Prepared folds for chunks of replicates, made when first needed; the last few are kept."""

    def __init__(
        self,
        features: Mapping[str, CohortFeatures],
        normalisers: Sequence[Mapping[str, Normaliser]],
        labels: Callable[[Sequence[int]], Labels],
        device: torch.device,
    ) -> None:
        self.features, self.normalisers, self.labels, self.device = features, normalisers, labels, device
        self.ready: dict[tuple[int, ...], tuple[Prepared, Labels]] = {}
        self.shared: dict[str, tuple[Tensor, Tensor]] = {}
        self.lock = threading.Lock()

    @property
    def bytes(self) -> int:
        """Memory that prepared folds take, at most."""
        each, shared = 0, 0
        for name, normalise in self.normalisers[0].items():
            features = self.features[name]
            numbers = len(features.counts) * normalise.length(int(features.counts.max())) * normalise.dims
            if same_in_every_fold(normalise):
                some = np.flatnonzero(features.counts > 0)[:2]
                shared += numbers * (
                    _exact_half(features.tokens(some.tolist()).values).element_size() if len(some) else 2
                )
            else:
                each += numbers * 4
        return shared + each * min(len(self.normalisers), _FOLD_SETS + 1)

    def take(self, chunk: Sequence[Replicate]) -> tuple[Prepared, Labels, np.ndarray]:
        """Data and labels of the folds in this chunk, and where each replicate's fold lies in them [R]."""
        folds = tuple(dict.fromkeys(replicate.fold for replicate in chunk))
        with self.lock:
            if folds not in self.ready:
                while len(self.ready) >= _FOLD_SETS:
                    self.ready.pop(next(iter(self.ready)))
                labels = self.labels(folds)
                data = prepare(self.features, [self.normalisers[f] for f in folds], self.device, self.shared)
                self.ready[folds] = data, Labels(labels.target.to(self.device), labels.weight.to(self.device))
            data, labels = self.ready[folds]
        return data, labels, np.array([folds.index(replicate.fold) for replicate in chunk])
