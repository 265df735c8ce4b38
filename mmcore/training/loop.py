"""The training loop: R replicates as one model, each with its own batches, early stopping and best weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import torch
from torch import Tensor

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.base.values import Tokens
from mmcore.fusion.layers import Dropout, stack
from mmcore.training.data import Labels, Prepared
from mmcore.training.flat import Flat, learning_rate
from mmcore.training.model import Model, ModelOutput
from mmcore.training.replicates import Replicate, Shuffle, scatter
from mmcore.training.stepper import Stepper
from mmcore.training.tasks import Task
from mmcore.training.training_spec import TrainingSpec

HISTORY = ("train_loss", "valid_loss", "valid_metric", "chosen_by")  # of every epoch; the lowest of the last is kept
_TIES = 1e-4  # of the loss, where epochs with equally many cases right are told apart by it
_NOISE = 1 << 16  # dropout factors per replicate, if batches are small
_CASES = 256  # cases answered at a time
_FEWER = 32  # by a network that learns, whose every case may take much memory; or as many as a step has
_CROWD = 0.7  # share of replicates still running below which the others are taken out of the computation


@dataclass(frozen=True, eq=False)
class Trained:
    """weights: by name [R, ...], each replicate's best. replicates: (fold, seed) of each. outputs, valid_outputs: per
    replicate, logits of its test and validation rows [n, O]. history: table rows."""

    weights: dict[str, Tensor]
    replicates: list[tuple[int, int]]
    outputs: list[Tensor]
    valid_outputs: list[Tensor]
    history: list[dict] = field(default_factory=list)


@dataclass(eq=False)
class Loop:
    """What these R replicates are trained on.

    folds: [R] where each one's fold lies in `data` and `labels`. steps: per epoch. size: longest batch. stacked: the
    model holds all replicates; else R is 1. copies: augmented ones of each case that are in `data`.
    """

    replicates: Sequence[Replicate]
    folds: np.ndarray
    data: Prepared
    labels: Labels
    task: Task
    spec: TrainingSpec
    steps: int
    size: int
    stacked: bool
    copies: int = 0

    def train(self, make: Callable[[int], Model], report: Callable[[int, dict], None]) -> Trained:
        """Train them together. report(epoch, live) is called after every epoch and may raise Cancelled."""
        models = [make(replicate.number) for replicate in self.replicates]
        model = cast(Model, stack(models) if self.stacked else models[0]).to(self.labels.target.device)
        flat = Flat(model, len(self.replicates), self.stacked)
        stepper, stopping = Stepper(self.spec, flat.values.detach()), Stopping(len(self.replicates), self.spec.patience)
        present = self.data.present()
        shuffles = [
            Shuffle(r, self.steps, self.size, present, self.spec.modality_dropout, self.copies) for r in self.replicates
        ]
        noise, best, history = self._noise(), flat.values.detach().clone(), []
        active = np.arange(len(self.replicates))
        self._give_noise(model, noise)
        for epoch in range(self.spec.epochs):
            train_loss = self._epoch(model, flat, stepper, shuffles, active, epoch * self.steps)
            valid_loss, metric, chosen_by = self._validate(model, active)
            numbers = (train_loss, valid_loss, metric, chosen_by)
            history += self._rows(active[stopping.running(active)], active, epoch, *numbers)
            better = stopping.better(active, chosen_by)
            best[active[better]] = flat.values.detach()[better]
            report(epoch + 1, _live(history, epoch, stopping.stopped))
            running = stopping.running(active)
            if not running.any():
                break
            if running.mean() <= _CROWD:
                flat.keep_only(torch.from_numpy(np.flatnonzero(running)), stepper)
                active = active[running]
                self._give_noise(model, noise[active])
        if not np.isfinite(stopping.lowest).all():
            raise BadInput(
                _("Training failed: the loss on the cases that choose the epoch was never a finite number."),
                _("Lower the learning rate, or look for very large feature values."),
            )
        flat.hold(best)
        outputs, valid_outputs = (self._answers_of(model, part) for part in ("test", "valid"))
        pairs = [(r.fold, r.seed) for r in self.replicates]
        return Trained(flat.named(best), pairs, outputs, valid_outputs, history)

    def _answers_of(self, model: Model, part: str) -> list[Tensor]:
        """Per replicate, logits of its rows of this part."""
        rows, valid = padded([getattr(replicate, part) for replicate in self.replicates])
        outputs = self._answers(model, rows, self.folds).cpu()
        return [outputs[i, own] for i, own in enumerate(valid)]

    def _noise(self) -> Tensor:
        """[R, K] dropout factors."""
        count = noise_length(self.spec, self.size)
        noise = torch.stack([replicate.keep(self.spec.dropout, count) for replicate in self.replicates])
        return noise.to(self.labels.target.device)

    def _give_noise(self, model: Model, noise: Tensor) -> None:
        """Give every dropout layer the noise of the replicates still running."""
        for layer in model.modules():
            if isinstance(layer, Dropout):
                layer.keep = noise if self.stacked else noise[0]

    def _epoch(
        self,
        model: Model,
        flat: Flat,
        stepper: Stepper,
        shuffles: Sequence[Shuffle],
        active: np.ndarray,
        first: int,
    ) -> np.ndarray:
        """One pass over the fit rows of every active replicate; mean training loss [R]."""
        model.train()
        plans = [shuffles[i].epoch() for i in active]
        rows, valid = np.stack([p[0] for p in plans], 1), np.stack([p[1] for p in plans], 1)  # [steps, R, B]
        drop = None if plans[0][2] is None else np.stack([p[2] for p in plans], 2)  # [M, steps, R, B]
        total = torch.zeros(len(active), device=self.labels.target.device)
        for step in range(self.steps):
            scatter(model, first + step)
            batch = self.data.batch(rows[step], self.folds[active], None if drop is None else drop[:, step])
            target, weight = self.labels.batch(rows[step], self.folds[active], valid[step])
            loss = self._objective(self._forward(model, batch), batch, target, weight)
            flat.backward(loss.sum())
            flat.step(stepper, learning_rate(self.spec, first + step, self.steps * self.spec.epochs))
            total += loss.detach()
        return (total / self.steps).cpu().numpy()

    def _objective(self, answer: ModelOutput, batch: dict[str, Tokens], target: Tensor, weight: Tensor) -> Tensor:
        """Mean loss of each replicate [R]; a method that decides per input first learns each decision by itself."""
        if not answer.each:
            return _mean(self.task.loss(answer.outputs, target), weight)
        lost = [
            _mean(self.task.loss(outputs, target), weight * batch[name].present)
            for name, outputs in answer.each.items()
        ]
        return torch.stack(lost).mean(0)

    @torch.no_grad()
    def _validate(self, model: Model, active: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Loss, followed metric, and what chooses the epoch (lower is better) on the validation rows of each active
        replicate, [R] each."""
        rows, valid = padded([self.replicates[i].valid for i in active])
        outputs = self._answers(model, rows, self.folds[active])
        target, weight = self.labels.batch(rows, self.folds[active], valid)
        loss = _mean(self.task.loss(outputs, target), weight)
        meant = torch.from_numpy(valid).to(target.device)
        metric, chosen_by = self.task.score(outputs, target, meant), loss
        if self.spec.epoch_by == "accuracy" and self.task.name not in ("regression", "survival"):
            chosen_by = self.task.errors(outputs, target, meant) + _TIES * loss
        return loss.cpu().numpy(), metric.cpu().numpy(), chosen_by.cpu().numpy()

    @torch.no_grad()
    def _answers(self, model: Model, rows: np.ndarray, folds: np.ndarray) -> Tensor:
        """Outputs [R, B, O] for rows [R, B], in evaluation mode."""
        model.eval()
        span = cases_at_once(self.size, self.stacked)
        starts = range(0, rows.shape[1], span)
        return torch.cat(
            [self._forward(model, self.data.batch(rows[:, i : i + span], folds)).outputs for i in starts], 1
        )

    def _forward(self, model: Model, batch: dict[str, Tokens]) -> ModelOutput:
        """The answer to a batch [R, B, ...], with a leading R whether the model is stacked or (R = 1) not."""
        if self.stacked:
            return model(batch)
        answer = model({name: Tokens(t.values[0], t.mask[0]) for name, t in batch.items()})
        each = {name: own.unsqueeze(0) for name, own in answer.each.items()}
        return ModelOutput(answer.outputs.unsqueeze(0), answer.fused, each)

    def _rows(self, running: np.ndarray, active: np.ndarray, epoch: int, *numbers: np.ndarray) -> list[dict]:
        """History rows of the replicates that had not stopped before this epoch."""
        rows = []
        for i, *own in zip(active, *numbers, strict=True):
            if i in running:
                named = dict(zip(HISTORY, map(float, own), strict=True))
                rows.append({"fold": self.replicates[i].fold, "seed": self.replicates[i].seed, "epoch": epoch, **named})
        return rows


def cases_at_once(size: int, stacked: bool) -> int:
    """Cases answered at a time by a model whose longest batch is `size`; an encoder that learns is never stacked."""
    return _CASES if stacked else min(_CASES, max(size, _FEWER))


def noise_length(spec: TrainingSpec, size: int) -> int:
    """Dropout factors of a replicate whose longest batch is `size`."""
    return max(_NOISE, 32 * size * spec.width)


class Stopping:
    """Early stopping, each replicate by its own validation cases. patience: 0 trains all epochs."""

    def __init__(self, replicates: int, patience: int) -> None:
        self.lowest, self.waited, self.patience = np.full(replicates, np.inf), np.zeros(replicates, dtype=int), patience

    def running(self, active: np.ndarray) -> np.ndarray:
        """[R] bool."""
        return np.ones(len(active), bool) if self.patience == 0 else self.waited[active] < self.patience

    def better(self, active: np.ndarray, loss: np.ndarray) -> np.ndarray:
        """[R] bool: which running replicates reached a new lowest loss; the others wait one epoch more."""
        better = self.running(active) & (loss < self.lowest[active])
        self.lowest[active[better]] = loss[better]
        self.waited[active] = np.where(better, 0, self.waited[active] + 1)
        return better

    @property
    def stopped(self) -> int:
        return int((self.waited >= self.patience).sum()) if self.patience else 0


def padded(rows: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Row lists of unequal length as [R, longest] and which of them are meant."""
    longest = max(len(r) for r in rows)
    together, valid = np.zeros((len(rows), longest), dtype=int), np.zeros((len(rows), longest), dtype=bool)
    for i, r in enumerate(rows):
        together[i, : len(r)], valid[i, : len(r)] = r, True
    return together, valid


def _mean(loss: Tensor, weight: Tensor) -> Tensor:
    """Weighted mean over cases, [R, B] -> [R]."""
    return (loss * weight).sum(-1) / weight.sum(-1).clamp_min(1e-12)


def _live(history: list[dict], epoch: int, stopped: int) -> dict[str, object]:
    """What is worth drawing meanwhile: means over the replicates of the last epoch."""
    last = [row for row in history if row["epoch"] == epoch]
    live: dict[str, object] = {"epoch": epoch + 1}
    for name in ("train_loss", "valid_loss", "valid_metric"):
        finite = [row[name] for row in last if np.isfinite(row[name])]
        live[name] = float(np.mean(finite)) if finite else None
    return {**live, "done_replicates": stopped}
