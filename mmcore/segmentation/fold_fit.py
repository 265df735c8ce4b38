"""Training in one fold: a linear model, then networks of several seeds, each of which leaves a part of the fold out.

On the parts left out it is settled how much of the linear model goes into the answer, and from which probability on a
cell is marked. Legend: n cases, m of them tested, G cells, S seeds, T numbers told by other inputs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from mmcore.encoders.loading import one_core
from mmcore.segmentation.cell_network import CellNetwork, mask_loss
from mmcore.segmentation.grid_cells import GridCells
from mmcore.segmentation.plain_cells import plain_cells
from mmcore.training.linear_fit import inner_folds

_THRESHOLDS = np.linspace(0.1, 0.9, 17)
_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)  # of the network in the answer


@dataclass(frozen=True)
class Training:
    """seeds: networks a fold. cells: share of the cells that a step looks at, those with the finding among them."""

    seeds: int = 3
    epochs: int = 16
    batch: int = 8
    learning_rate: float = 1e-2
    weight_decay: float = 1e-2
    cells: float = 0.25


@dataclass(frozen=True, eq=False)
class FoldPrediction:
    """probabilities: [m, G] of the tested cases. threshold: from which a cell is marked. network_share: in logits."""

    probabilities: np.ndarray
    threshold: float
    network_share: float


def locate(
    cells: GridCells,
    reduced: Tensor,
    conditions: np.ndarray | None,
    train: np.ndarray,
    tested: np.ndarray,
    groups: np.ndarray | None,
    training: Training,
    tick: Callable[[], None],
) -> FoldPrediction:
    """Learn from the cases `train` where the finding lies in those of `tested`.

    reduced: features of the cells as the fold sees them. conditions: [n, T] of the other inputs, None for the image
    alone. tick: called after each epoch.
    """
    rows = np.concatenate([train, tested])
    with one_core():
        linear = np.zeros(cells.covered.shape, np.float32)
        linear[rows] = plain_cells("logistic", reduced, cells.positions, cells.covered, None, train, rows)
        network, counted = np.zeros_like(linear), np.zeros(len(linear))
        inner = inner_folds(np.zeros(len(train)), None if groups is None else groups[train], False, 0)
        parts = int(inner.max()) + 1
        for seed in range(training.seeds):
            held = inner == seed % parts if parts > 1 else np.zeros(len(train), bool)
            queried = np.concatenate([train[held], tested])
            network[queried] += _trained(
                cells, reduced, conditions, linear, train[~held], queried, seed, training, tick
            )
            counted[queried] += 1
    network /= np.maximum(counted, 1)[:, None]
    left_out = train[counted[train] > 0]
    share, threshold = settled(network[left_out], linear[left_out], cells.covered[left_out].numpy())
    return FoldPrediction(_blend(network[tested], linear[tested], share), threshold, share)


def settled(network: np.ndarray, linear: np.ndarray, covered: np.ndarray) -> tuple[float, float]:
    """The share of the network and the threshold with the best mean Dice on cases left out, all [k, G]; 1 and 0.5
    where none of them has the finding."""
    there = covered.sum(1) > 0
    if not there.any():
        return 1.0, 0.5
    tried = {
        (share, float(threshold)): float(np.mean(cell_dice(blended > threshold, covered[there])))
        for share in _SHARES
        for blended in [_blend(network[there], linear[there], share)]
        for threshold in _THRESHOLDS
    }
    share, threshold = max(tried, key=lambda pair: (round(tried[pair], 6), pair[0]))
    return share, threshold


def cell_dice(marked: np.ndarray, covered: np.ndarray) -> np.ndarray:
    """[k] Dice of marked cells [k, G] against covered ones; 1 where there is nothing and nothing is marked."""
    both, whole = (marked * covered).sum(1), marked.sum(1) + covered.sum(1)
    return np.where(whole > 0, 2 * both / np.maximum(whole, 1e-9), 1.0)


def _blend(network: np.ndarray, linear: np.ndarray, share: float) -> np.ndarray:
    logits = share * network + (1 - share) * linear
    return 1 / (1 + np.exp(-np.clip(logits, -30, 30)))


def _trained(
    cells: GridCells, reduced: Tensor, conditions: np.ndarray | None, linear: np.ndarray, train: np.ndarray,
    queried: np.ndarray, seed: int, training: Training, tick: Callable[[], None],
) -> np.ndarray:  # fmt: skip
    """Logits [k, G] of the cases `queried` by one network."""
    places, offset = cells.positions, torch.from_numpy(linear)
    words = None if conditions is None else torch.from_numpy(conditions)
    network = CellNetwork(reduced.shape[-1], places.shape[1], 0 if conditions is None else conditions.shape[1], seed)
    optimiser = torch.optim.AdamW(network.parameters(), lr=training.learning_rate, weight_decay=training.weight_decay)
    steps = training.epochs * -(-len(train) // training.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, training.learning_rate, total_steps=steps)
    draw, order = torch.Generator().manual_seed(seed), np.random.default_rng(seed)
    for _epoch in range(training.epochs):
        shuffled = order.permutation(train)
        for start in range(0, len(shuffled), training.batch):
            rows = torch.from_numpy(shuffled[start : start + training.batch])
            drawn, weight = _drawn(cells.covered[rows], training.cells, draw)
            at = rows.unsqueeze(1)
            logits = network(
                reduced[at, drawn], places[drawn], offset[at, drawn], None if words is None else words[rows]
            )
            loss = mask_loss(logits, cells.covered[at, drawn], weight, len(places))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        tick()
    network.eval()
    answers = []
    with torch.no_grad():
        for part in np.array_split(queried, -(-len(queried) // 32)):
            rows = torch.from_numpy(part)
            everywhere = places.expand(len(part), -1, -1)
            answers.append(network(reduced[rows], everywhere, offset[rows], None if words is None else words[rows]))
    return torch.cat(answers).numpy()


def _drawn(covered: Tensor, share: float, draw: torch.Generator) -> tuple[Tensor, Tensor]:
    """Cells of a step [B, g] and how many cells each of them stands for: those that the finding touches come first, but
    fill no more than half of the places."""
    count = covered.shape[1]
    taken = max(2, round(share * count))
    there, chance = covered > 0, torch.rand(covered.shape, generator=draw)
    rank = torch.where(there, chance, -1.0).argsort(1, descending=True).argsort(1)
    first = there & (rank < taken // 2)
    drawn = (chance + 2 * first.float() - 2 * (there & ~first).float()).topk(taken, 1).indices
    touched = there.gather(1, drawn)
    many, some = there.sum(1, keepdim=True), touched.sum(1, keepdim=True)
    stands_for = torch.where(touched, many / some.clamp_min(1), (count - many) / (taken - some).clamp_min(1))
    return drawn, stands_for
