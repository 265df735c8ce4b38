"""The training loop: R replicates as one model, each with its own batches, early stopping and best weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from mmcore.cases import Tokens
from mmcore.fusion.layers import Dropout, stack
from mmcore.model import Answer, Model
from mmcore.tasks import Task
from mmcore.training.data import Labels, Prepared
from mmcore.training.flat import Flat, optimiser
from mmcore.training.replicates import Replicate, Shuffle, scatter
from mmcore.training.spec import TrainingSpec

_NOISE = 1 << 16  # dropout factors per replicate, if batches are small
_CASES = 256  # cases answered at a time


@dataclass(eq=False)
class Trained:
    """weights: by name [R, ...], each replicate's best. outputs: per replicate [test cases, O]. history: rows of the table."""

    weights: dict[str, Tensor]
    outputs: list[Tensor]
    history: list[dict] = field(default_factory=list)


def train(
    replicates: Sequence[Replicate], folds: np.ndarray, make: Callable[[int], Model], data: Prepared, labels: Labels, task: Task,
    spec: TrainingSpec, steps: int, size: int, stacked: bool, report: Callable[[int, dict], None],
) -> Trained:
    """Train these replicates together. folds: [R] where each one's fold lies in `data` and `labels`.

    report(epoch, live) is called after every epoch and may raise Cancelled.
    """
    model = _together([make(replicate.number) for replicate in replicates], stacked).to(labels.target.device)
    flat = Flat(model, len(replicates), stacked)
    stepper = optimiser(spec, flat.values)
    shuffles = [Shuffle(r, steps, size, data.present(), spec.modality_dropout) for r in replicates]
    keep = _noise(replicates, spec, size).to(labels.target.device)
    active = np.arange(len(replicates))
    best, lowest = flat.values.detach().clone(), np.full(len(replicates), np.inf)
    waited, history = np.zeros(len(replicates), dtype=int), []

    for epoch in range(spec.epochs):
        _listen(model, keep[active] if stacked else keep[0])
        train_loss = _epoch(model, flat, stepper, [shuffles[i] for i in active], folds[active], data, labels, task, epoch * steps, stacked)
        valid_loss, metric = _validate(model, [replicates[i] for i in active], folds[active], data, labels, task, stacked)
        history += _rows([replicates[i] for i in active], epoch, train_loss, valid_loss, metric, waited[active] < spec.patience)

        running = waited[active] < spec.patience
        better = running & (valid_loss < lowest[active])
        lowest[active[better]] = valid_loss[better]
        best[active[better]] = flat.values.detach()[better]
        waited[active] = np.where(better, 0, waited[active] + 1)
        running = waited[active] < spec.patience
        report(epoch + 1, _live(history, replicates, epoch + 1, int((waited >= spec.patience).sum())))
        if not running.any():
            break
        if running.sum() <= 0.7 * len(active):  # those that stopped cost time
            flat.keep_only(torch.from_numpy(np.flatnonzero(running)), stepper)
            active = active[running]

    flat.hold(best)
    outputs = answer(model, [r.test for r in replicates], folds, data, stacked)
    return Trained(flat.named(best), outputs, history)


def _together(models: Sequence[Model], stacked: bool) -> Model:
    return stack(models) if stacked else models[0]


def _noise(replicates: Sequence[Replicate], spec: TrainingSpec, size: int) -> Tensor:
    count = max(_NOISE, 32 * size * spec.width)
    return torch.stack([replicate.keep(spec.dropout, count) for replicate in replicates])


def _listen(model: Model, keep: Tensor) -> None:
    """Give every dropout layer the noise of the replicates still running."""
    for layer in model.modules():
        if isinstance(layer, Dropout):
            layer.keep = keep


def ask(model: Model, batch: dict[str, Tokens], stacked: bool) -> Answer:
    """The answer to a batch [R, B, ...], with a leading R whether the model is stacked or (R = 1) not."""
    if stacked:
        return model(batch)
    answer = model({name: Tokens(t.values[0], t.mask[0]) for name, t in batch.items()})
    return Answer(answer.outputs.unsqueeze(0), answer.fused, {name: own.unsqueeze(0) for name, own in answer.each.items()})


def _objective(answer: Answer, batch: dict[str, Tokens], target: Tensor, weight: Tensor, task: Task) -> Tensor:
    """Mean loss of each replicate [R]; a method that decides per input first learns each decision by itself."""
    if not answer.each:
        return task.loss(answer.outputs, target, weight).sum(-1) / weight.sum(-1).clamp_min(1e-12)
    lost = []
    for name, outputs in answer.each.items():
        own = weight * batch[name].present
        lost.append(task.loss(outputs, target, own).sum(-1) / own.sum(-1).clamp_min(1e-12))
    return torch.stack(lost).mean(0)


def _epoch(model, flat, stepper, shuffles, folds, data, labels, task, first, stacked) -> np.ndarray:
    """One pass over every replicate's fit rows; mean training loss [R]."""
    model.train()
    plans = [shuffle.epoch() for shuffle in shuffles]
    rows, valid = np.stack([p[0] for p in plans], 1), np.stack([p[1] for p in plans], 1)  # [steps, R, B]
    drop = None if plans[0][2] is None else np.stack([p[2] for p in plans], 2)  # [M, steps, R, B]
    total = torch.zeros(len(shuffles), device=labels.target.device)
    for step in range(len(rows)):
        scatter(model, first + step)
        batch = data.batch(rows[step], folds, None if drop is None else drop[:, step])
        target, weight = labels.batch(rows[step], folds, valid[step])
        loss = _objective(ask(model, batch, stacked), batch, target, weight, task)
        flat.backward(loss.sum())
        stepper.step()
        total += loss.detach()
    return (total / len(rows)).cpu().numpy()


@torch.no_grad()
def _validate(model, replicates, folds, data, labels, task, stacked) -> tuple[np.ndarray, np.ndarray]:
    """Loss and followed metric on each replicate's validation rows, [R] each."""
    rows, valid = padded([r.valid for r in replicates])
    outputs = _answered(model, rows, folds, data, stacked)
    target, weight = labels.batch(rows, folds, valid)
    loss = task.loss(outputs, target, weight).sum(-1) / weight.sum(-1).clamp_min(1e-12)
    return loss.cpu().numpy(), task.score(outputs, target, torch.from_numpy(valid).to(target.device)).cpu().numpy()


@torch.no_grad()
def answer(model: Model, rows: Sequence[np.ndarray], folds: np.ndarray, data: Prepared, stacked: bool) -> list[Tensor]:
    """Outputs for each replicate's own rows: R tensors [rows, O]."""
    together, valid = padded(rows)
    outputs = _answered(model, together, folds, data, stacked).cpu()
    return [outputs[i, valid[i]] for i in range(len(rows))]


def _answered(model: Model, rows: np.ndarray, folds: np.ndarray, data: Prepared, stacked: bool) -> Tensor:
    """[R, B, O] in evaluation mode."""
    model.eval()
    parts = [ask(model, data.batch(rows[:, i : i + _CASES], folds), stacked).outputs for i in range(0, rows.shape[1], _CASES)]
    return torch.cat(parts, 1)


def padded(rows: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Row lists of unequal length as [R, longest] and which of them are meant."""
    longest = max(len(r) for r in rows)
    together, valid = np.zeros((len(rows), longest), dtype=int), np.zeros((len(rows), longest), dtype=bool)
    for i, r in enumerate(rows):
        together[i, : len(r)], valid[i, : len(r)] = r, True
    return together, valid


def _rows(replicates, epoch, train_loss, valid_loss, metric, running) -> list[dict]:
    return [
        {"fold": r.fold, "seed": r.seed, "epoch": epoch, "train_loss": float(a), "valid_loss": float(b), "valid_metric": float(c)}
        for r, a, b, c, runs in zip(replicates, train_loss, valid_loss, metric, running, strict=True)
        if runs
    ]


def _live(history: list[dict], replicates: Sequence[Replicate], epoch: int, stopped: int) -> dict[str, object]:
    """What is worth drawing meanwhile: means over the replicates of the last epoch."""
    last = [row for row in history[-len(replicates) :] if row["epoch"] == epoch - 1]
    means = {name: float(np.nanmean([row[name] for row in last])) for name in ("train_loss", "valid_loss")}
    metrics = [row["valid_metric"] for row in last if np.isfinite(row["valid_metric"])]
    return {"epoch": epoch, **means, "valid_metric": float(np.mean(metrics)) if metrics else None, "done_replicates": stopped}
