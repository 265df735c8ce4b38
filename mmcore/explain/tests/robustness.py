"""How a trained method fares when an input is absent or noisy at test time, out of fold.

Legend: S seeds, N cases, K classes, B cases of a fold, T tokens of a case, D their width.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch

from mmcore.base.progress import Progress, Step, silent
from mmcore.base.settings import _
from mmcore.base.values import Tokens
from mmcore.features import Features
from mmcore.training import Fitted
from mmcore.training.normalise import Normaliser, unknown_numbers
from mmcore.training.panel import Reading

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)  # of the cases that lose an input
LEVELS = (0.0, 0.25, 0.5, 1.0, 2.0)  # noise, in standard deviations between cases
_PORTION = 64  # cases read at once
_SAMPLE = 64  # training cases that noise is taken from


@dataclass(frozen=True)
class Condition:
    """kind "absent": a share `level` of the cases that have the input lose it.

    kind "noise": to the tokens of each case `level` times the deviation of another, random training case from the
    average is added: noise of the size and shape in which cases differ (at level 1 as large as what tells them apart),
    which does not vanish where tokens are averaged. Categories of a table and numbers that are not known stay.
    """

    input: str
    kind: Literal["absent", "noise"]
    level: float


def conditions(inputs: Sequence[str], shares: Sequence[float] = SHARES, levels: Sequence[float] = LEVELS):
    """All conditions of these inputs, one input at a time."""
    each = [("absent", level) for level in shares] + [("noise", level) for level in levels]
    return [Condition(name, kind, float(level)) for name in inputs for kind, level in each]


def outputs_under(
    fitted: Fitted,
    said: Mapping[str, Features],
    asked: Sequence[Condition],
    *,
    seed: int = 0,
    progress: Progress = silent,
) -> dict[Condition, np.ndarray]:
    """Out-of-fold outputs [S, N, K] under each condition; nan for cases in no test fold.

    said: features of the run's inputs for the cases it was trained on. The same cases lose the input in every method
    and the same noise is drawn, so that methods and levels compare. Noise on an input that a learnt part reads as
    codes or pixels is left out: such a condition gets no entry.
    """
    seeds = max(number for _fold, number in fitted.replicates) + 1
    fate = np.random.default_rng([seed, 1]).random(len(fitted.fold_of))  # who loses an input first
    coded = {name for name, one in fitted.normalisers[0].items() if one.level == "raw"}
    asked = [one for one in asked if one.kind == "absent" or one.input not in coded]
    found = {one: np.full((seeds, len(fitted.fold_of), fitted.task.columns), np.nan) for one in asked}
    folds = sorted(set(fitted.fold_of[fitted.fold_of >= 0].tolist()))
    for step, fold in enumerate(folds):
        progress(Step(_("Taking inputs away, adding noise"), step, len(folds)))
        own = [i for i, (f, _number) in enumerate(fitted.replicates) if f == fold]
        numbers = [fitted.replicates[i][1] for i in own]
        panel = fitted.panel(own)
        train = np.flatnonzero((fitted.fold_of >= 0) & (fitted.fold_of != fold))
        rows = np.flatnonzero(fitted.fold_of == fold)
        noisy = dict.fromkeys(one.input for one in asked if one.kind == "noise" and one.level > 0)
        noises = {name: deviations(said[name], train, fitted.normalisers[fold][name]) for name in noisy}
        for start in range(0, len(rows), _PORTION):
            part = rows[start : start + _PORTION]
            tokens = {name: said[name].tokens(part) for name in fitted.inputs}
            reading = panel.read(tokens)
            whole, noise = _said(reading), {}
            for name in dict.fromkeys(one.input for one in asked):
                empty = Tokens(tokens[name].values, torch.zeros_like(tokens[name].mask))
                without = _said(reading.replaced(name, empty))
                for one in (one for one in asked if one.input == name):
                    if one.kind == "absent":
                        values = np.where((fate[part] < one.level)[:, None], without, whole)
                    elif one.level == 0:
                        values = whole
                    else:
                        if name not in noise:
                            noise[name] = like(tokens[name], noises[name], [seed, 2, fold, start])
                        loud = Tokens(tokens[name].values + one.level * noise[name], tokens[name].mask)
                        values = _said(reading.replaced(name, loud))
                    for r, number in enumerate(numbers):
                        found[one][number, part] = values[r]
    progress(Step(_("Taking inputs away, adding noise"), len(folds), len(folds)))
    return found


def _said(reading: Reading) -> np.ndarray:
    """[R, B, K]."""
    return reading.panel.activate(reading.answer()[0]).numpy()


@dataclass(frozen=True, eq=False)
class Deviations:
    """How tokens of some training cases differ from the average: values [n, T, D], counts [n] valid tokens of each.

    takes: [T, D] bool of a table: each number in the place of its column takes noise, where it is known; else None.
    """

    values: torch.Tensor
    counts: np.ndarray
    takes: torch.Tensor | None = None


def deviations(features: Features, train: np.ndarray, normaliser: Normaliser) -> Deviations:
    """Of up to 64 of these cases; for a table only the numbers that are known."""
    rows = train[features.counts[train] > 0]
    rows = rows[np.linspace(0, len(rows) - 1, min(len(rows), _SAMPLE)).astype(int)] if len(rows) else rows
    if not len(rows):
        return Deviations(torch.zeros(1, 1, features.dims), np.ones(1, int))
    tokens = features.tokens(rows)
    if normaliser.owner is None:
        mean = tokens.values[tokens.mask].mean(0)
        return Deviations((tokens.values - mean) * tokens.mask.unsqueeze(-1), features.counts[rows])
    takes = normaliser.owner & normaliser.numeric
    known = takes & _known(tokens)
    mean = (tokens.values * known).sum(0) / known.sum(0).clamp_min(1)
    return Deviations((tokens.values - mean) * known, features.counts[rows], takes)


def like(tokens: Tokens, noise: Deviations, seed: Sequence[int]) -> torch.Tensor:
    """Noise [B, N, D] for these tokens: for each case the deviations of one training case, over and over if shorter."""
    count = tokens.values.shape[1]
    picked = np.random.default_rng(list(seed)).integers(len(noise.counts), size=len(tokens.mask))
    at = np.arange(count)[None] % noise.counts[picked][:, None]  # [B, N]
    drawn = noise.values[torch.from_numpy(picked)[:, None], torch.from_numpy(at)]
    return drawn if noise.takes is None else drawn * (noise.takes & _known(tokens))


def _known(tokens: Tokens) -> torch.Tensor:
    """[B, N, D] bool: what a table says, zeros that were measured included."""
    return tokens.mask.unsqueeze(-1) & ~unknown_numbers(tokens.values)
