"""Speed of training 25 replicates together against a plain loop over them: ratios of one run, never a timed test.

The plain loop is what one would write by hand: the same model from torch.nn modules, torch.optim.AdamW, one replicate
after the other on the same arrays, with the same batches per epoch and a look at the validation part after each.
"""

from __future__ import annotations

import time

import numpy as np
import torch
from torch import nn

from mmcore.base.values import Tokens
from mmcore.training import FitPlan, TrainingData, TrainingSpec, fit
from mmcore.training.tasks import Task

CASES, DIMS, FOLDS, SEEDS, EPOCHS = 1000, 64, 5, 5, 20
TARGET = 3.0


class Arrays:
    """Features held in memory: one vector per case."""

    def __init__(self, name: str, values: np.ndarray) -> None:
        self.input, self.values, self.dims, self.counts = name, values, values.shape[1], np.ones(len(values), dtype=int)

    def tokens(self, rows=None) -> Tokens:
        values = torch.from_numpy(self.values if rows is None else self.values[np.asarray(rows)]).unsqueeze(1)
        return Tokens(values, torch.ones(values.shape[:2], dtype=torch.bool))

    def pooled(self):
        return self.values, self.counts > 0


class Block(nn.Module):
    """Residual block as in mmcore.fusion.layers, in plain torch."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.inner = nn.Sequential(
            nn.LayerNorm(width),
            nn.Linear(width, 2 * width),
            nn.GELU("tanh"),
            nn.Linear(2 * width, width),
            nn.Dropout(dropout),
        )

    def forward(self, x):
        return x + self.inner(x)


class Plain(nn.Module):
    """The same model as mmcore.model.Model with a concat or gated fusion of two inputs."""

    def __init__(self, fusion: str, width: int, dropout: float) -> None:
        super().__init__()
        self.project = nn.ModuleList(
            nn.Sequential(nn.Linear(DIMS, width), nn.LayerNorm(width), nn.Dropout(dropout)) for _ in range(2)
        )
        self.fusion = fusion
        if fusion == "concat":
            self.mix = nn.Linear(2 * width, width)
        else:
            self.say = nn.ModuleList(nn.Linear(width, width) for _ in range(2))
            self.gate = nn.Linear(2 * width, 2 * width)
        self.rest = nn.Sequential(Block(width, dropout), nn.Linear(width, 1))

    def forward(self, a, b):
        a, b = self.project[0](a), self.project[1](b)
        if self.fusion == "concat":
            fused = self.mix(torch.cat([a, b], -1))
        else:
            output = torch.stack([torch.tanh(self.say[0](a)), torch.tanh(self.say[1](b))], -1)
            gates = torch.softmax(self.gate(torch.cat([a, b], -1)).unflatten(-1, (-1, 2)), -1)
            fused = (gates * output).sum(-1)
        return self.rest(fused).squeeze(-1)


def plain_loop(fusion: str, arrays: list[np.ndarray], target: np.ndarray, folds, spec: TrainingSpec) -> None:
    """Train every fold and seed one after the other."""
    labels, lose = torch.from_numpy(target).float(), nn.BCEWithLogitsLoss()
    for train, _test in folds:
        tensors = [torch.from_numpy((x - x[train].mean(0)) / x[train].std(0)).float() for x in arrays]
        for seed in range(SEEDS):
            torch.manual_seed(seed)
            rows = torch.from_numpy(np.random.default_rng(seed).permutation(train))
            held = int(len(rows) * spec.validation)
            valid, rows = rows[:held], rows[held:]
            model = Plain(fusion, spec.width, spec.dropout)
            stepper = torch.optim.AdamW(model.parameters(), lr=spec.learning_rate, weight_decay=spec.weight_decay)
            for _epoch in range(EPOCHS):
                model.train()
                for batch in rows[torch.randperm(len(rows))].split(spec.batch_size):
                    stepper.zero_grad()
                    lose(model(*(x[batch] for x in tensors)), labels[batch]).backward()
                    stepper.step()
                model.eval()
                with torch.no_grad():
                    lose(model(*(x[valid] for x in tensors)), labels[valid]).item()


def run() -> list[dict]:
    """One row per head: its name, how many times faster than the plain loop, and the ratio asked for."""
    chance = np.random.default_rng(0)
    target = chance.integers(0, 2, CASES)
    arrays = [
        chance.standard_normal((CASES, DIMS)).astype(np.float32) + 0.1 * target[:, None].astype(np.float32)
        for _ in range(2)
    ]
    features = {name: Arrays(name, values) for name, values in zip("ab", arrays, strict=True)}
    parts = np.array_split(chance.permutation(CASES), FOLDS)
    folds = [(np.concatenate([p for p in parts if p is not test]), test) for test in parts]
    spec = TrainingSpec(epochs=EPOCHS, batch_size=64, modality_dropout=0.0)
    task, rows = Task(name="binary", classes=("no", "yes")), []
    once = spec.model_copy(update={"epochs": 1})  # what torch loads on first use is nobody's training time
    data = TrainingData(features, target, task, folds)
    fit(data, FitPlan("concat", ("a", "b"), training=once, seeds=1))
    for fusion in ("concat", "gated"):
        started = time.perf_counter()
        fit(data, FitPlan(fusion, ("a", "b"), training=spec, seeds=SEEDS))
        together = time.perf_counter() - started
        threads = torch.get_num_threads()
        torch.set_num_threads(1)  # the plain loop's best case: its steps are too small to share among threads
        started = time.perf_counter()
        plain_loop(fusion, arrays, target, folds, spec)
        alone = time.perf_counter() - started
        torch.set_num_threads(threads)
        name = f"train 25 replicates of {fusion}: {together:.1f} s together, {alone:.1f} s in a plain loop"
        rows.append({"name": name, "ratio": alone / together, "target": TARGET})
    return rows


if __name__ == "__main__":
    for row in run():
        print(f"{row['name']}: {row['ratio']:.1f}x (target {row['target']:.0f}x)")
