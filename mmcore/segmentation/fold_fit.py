"""Training in one fold: simple models of each cell, and networks of several seeds, each of which leaves a part out.

On the parts left out it is settled how the models are blended and what is marked; see `settling`. Legend: n cases, k of
them left out by a model, m tested, G cells, T numbers told by other inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from mmcore.encoders.loading import one_core
from mmcore.segmentation.cell_network import CellNetwork, mask_loss
from mmcore.segmentation.grid_cells import GridCells
from mmcore.segmentation.plain_cells import PlainCells
from mmcore.segmentation.settling import settled
from mmcore.training.plain_folds import pool_of_folds
from mmcore.training.training_rows import inner_folds


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
class FoldCases:
    """The cases of a fold. train, tested: numbers among the n. groups: [n] or None. seeds: how many parts of `train`
    are left out, each by the models of one seed."""

    train: np.ndarray
    tested: np.ndarray
    groups: np.ndarray | None
    seeds: int

    @cached_property
    def parts(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Of each seed: the cases learnt from and those left out (none where there are too few groups)."""
        own = None if self.groups is None else self.groups[self.train]
        inner = inner_folds(np.zeros(len(self.train)), own, False, 0)
        count = int(inner.max()) + 1
        held = [inner == seed % count if count > 1 else np.zeros(len(self.train), bool) for seed in range(self.seeds)]
        return [(self.train[~part], self.train[part]) for part in held]

    @cached_property
    def left_out(self) -> np.ndarray:
        """[k] the cases left out by a model, each once for every model that leaves it out."""
        return np.concatenate([held for _rest, held in self.parts])


@dataclass(frozen=True, eq=False)
class FoldLogits:
    """left_out: [k, G] of `FoldCases.left_out`, by models that had not seen them. tested: [m, G]."""

    left_out: np.ndarray
    tested: np.ndarray


@dataclass(frozen=True, eq=False)
class FoldPrediction:
    """probabilities: [m, G] of the tested cases. thresholds: [m] from which a cell is marked, 1 where nothing is.
    network_share: in logits."""

    probabilities: np.ndarray
    thresholds: np.ndarray
    network_share: float


@dataclass(frozen=True, eq=False)
class FoldPlain:
    """Simple models of each cell. parts: one of each part that `FoldCases` leaves out, of the other training cases.
    whole: of all of them."""

    parts: list[PlainCells]
    whole: PlainCells

    @classmethod
    def fitted(
        cls, name: str, cells: GridCells, reduced: Tensor, conditions: np.ndarray | None, fold: FoldCases
    ) -> FoldPlain:
        def of(train: np.ndarray) -> PlainCells:
            return PlainCells.fitted(name, reduced, cells.positions, cells.covered, conditions, train)

        with pool_of_folds() as pool:
            *parts, whole = pool.map(of, [*(rest for rest, _held in fold.parts), fold.train])
        return cls(parts, whole)


def by_plain(models: FoldPlain, fold: FoldCases) -> FoldLogits:
    """Those that leave cases out serve the settling, the one of all training cases answers."""
    pairs = [(model, held) for model, (_rest, held) in zip(models.parts, fold.parts, strict=True)]
    with pool_of_folds() as pool:
        *left_out, tested = pool.map(lambda pair: pair[0].logits(pair[1]), [*pairs, (models.whole, fold.tested)])
    return FoldLogits(np.concatenate(left_out), tested)


def by_networks(
    cells: GridCells,
    reduced: Tensor,
    conditions: np.ndarray | None,
    linear: FoldPlain,
    fold: FoldCases,
    training: Training,
    tick: Callable[[], None],
) -> FoldLogits:
    """A network of each seed, whose answers are averaged.

    reduced: features of the cells as the fold sees them. conditions: [n, T] of the other inputs, None for the image
    alone. linear: that each network starts from; it has seen no more cases than the network. tick: called after each
    epoch.
    """
    rows = np.concatenate([fold.train, fold.tested])
    with one_core():
        left_out, tested = [], np.zeros((len(fold.tested), cells.covered.shape[1]), np.float32)
        for seed, ((rest, held), model) in enumerate(zip(fold.parts, linear.parts, strict=True)):
            offset = np.zeros(cells.covered.shape, np.float32)
            offset[rows] = model.logits(rows)
            queried = np.concatenate([held, fold.tested])
            logits = _trained(cells, reduced, conditions, offset, rest, queried, seed, training, tick)
            left_out.append(logits[: len(held)])
            tested += logits[len(held) :] / len(fold.parts)
    return FoldLogits(np.concatenate(left_out), tested)


def blended(models: Sequence[FoldLogits], covered: Tensor, fold: FoldCases) -> FoldPrediction:
    """What the models say together, the network first. covered: [n, G]."""
    choice = settled(np.stack([own.left_out for own in models]), covered[fold.left_out].numpy())
    probabilities = choice.probabilities(np.stack([own.tested for own in models]))
    return FoldPrediction(probabilities, choice.thresholds(probabilities), choice.shares[0])


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
