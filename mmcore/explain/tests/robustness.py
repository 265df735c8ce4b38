"""How a trained method fares when an input is absent or noisy at test time, out of fold.

Legend: S seeds, N cases, K classes, B cases of a fold, T tokens of a case, D their width.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from mmcore.training.panel import PanelReading

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


def conditions(
    inputs: Sequence[str], shares: Sequence[float] = SHARES, levels: Sequence[float] = LEVELS
) -> list[Condition]:
    """All conditions of these inputs, one input at a time."""
    return [
        condition
        for name in inputs
        for condition in (
            *(Condition(name, "absent", float(share)) for share in shares),
            *(Condition(name, "noise", float(level)) for level in levels),
        )
    ]


def outputs_under(
    fitted: Fitted,
    features: Mapping[str, Features],
    conditions: Sequence[Condition],
    *,
    seed: int = 0,
    progress: Progress = silent,
) -> dict[Condition, np.ndarray]:
    """Out-of-fold outputs [S, N, K] under each condition; nan for cases in no test fold.

    features: of the run's inputs for the cases it was trained on. The same cases lose the input in every method and the
    same noise is drawn, so that methods and levels compare. Noise on an input that a learnt part reads as codes or
    pixels is left out: such a condition gets no entry.
    """
    seeds = max(number for _fold, number in fitted.replicates) + 1
    fate = np.random.default_rng([seed, 1]).random(len(fitted.fold_of))  # who loses an input first
    coded = {name for name, normaliser in fitted.normalisers[0].items() if normaliser.level == "raw"}
    conditions = [condition for condition in conditions if condition.kind == "absent" or condition.input not in coded]
    outputs = {
        condition: np.full((seeds, len(fitted.fold_of), fitted.task.columns), np.nan) for condition in conditions
    }
    folds = sorted(set(fitted.fold_of[fitted.fold_of >= 0].tolist()))
    for step, fold in enumerate(folds):
        progress(Step(_("Taking inputs away, adding noise"), step, len(folds)))
        own = [i for i, (f, _number) in enumerate(fitted.replicates) if f == fold]
        numbers = [fitted.replicates[i][1] for i in own]
        panel = fitted.panel(own)
        train = np.flatnonzero((fitted.fold_of >= 0) & (fitted.fold_of != fold))
        rows = np.flatnonzero(fitted.fold_of == fold)
        noisy = dict.fromkeys(
            condition.input for condition in conditions if condition.kind == "noise" and condition.level
        )
        noises = {name: deviations(features[name], train, fitted.normalisers[fold][name]) for name in noisy}
        for start in range(0, len(rows), _PORTION):
            part = rows[start : start + _PORTION]
            tokens = {name: features[name].tokens(part.tolist()) for name in fitted.inputs}
            drawn = {name: like(tokens[name], noises[name], [seed, 2, fold, start]) for name in noisy}
            for condition, values in _under_conditions(panel.read(tokens), tokens, conditions, fate[part], drawn):
                outputs[condition][np.array(numbers)[:, None], part] = values
    progress(Step(_("Taking inputs away, adding noise"), len(folds), len(folds)))
    return outputs


def _under_conditions(
    reading: PanelReading,
    tokens: Mapping[str, Tokens],
    conditions: Sequence[Condition],
    fate: np.ndarray,
    noise: Mapping[str, torch.Tensor],
) -> Iterator[tuple[Condition, np.ndarray]]:
    """Outputs [R, B, K] of B cases under each condition. fate: [B], who loses an input first. noise: of level 1."""
    whole, without = _outputs(reading), {}
    for condition in conditions:
        name, level = condition.input, condition.level
        if condition.kind == "absent":
            if name not in without:
                empty = Tokens(tokens[name].values, torch.zeros_like(tokens[name].mask))
                without[name] = _outputs(reading.replaced(name, empty))
            yield condition, np.where((fate < level)[:, None], without[name], whole)
        elif level:
            loud = Tokens(tokens[name].values + level * noise[name], tokens[name].mask)
            yield condition, _outputs(reading.replaced(name, loud))
        else:
            yield condition, whole


def _outputs(reading: PanelReading) -> np.ndarray:
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
    tokens = features.tokens(rows.tolist())
    if normaliser.owner is None or normaliser.numeric is None:
        mean = tokens.values[tokens.mask].mean(0)
        return Deviations((tokens.values - mean) * tokens.mask.unsqueeze(-1), features.counts[rows])
    takes = normaliser.owner & normaliser.numeric
    measured = takes & _measured(tokens)
    mean = (tokens.values * measured).sum(0) / measured.sum(0).clamp_min(1)
    return Deviations((tokens.values - mean) * measured, features.counts[rows], takes)


def like(tokens: Tokens, noise: Deviations, seed: Sequence[int]) -> torch.Tensor:
    """Noise [B, N, D] for these tokens: for each case the deviations of one training case, over and over if shorter."""
    count = tokens.values.shape[1]
    picked = np.random.default_rng(list(seed)).integers(len(noise.counts), size=len(tokens.mask))
    at = np.arange(count)[None] % noise.counts[picked][:, None]  # [B, N]
    drawn = noise.values[torch.from_numpy(picked)[:, None], torch.from_numpy(at)]
    return drawn if noise.takes is None else drawn * (noise.takes & _measured(tokens))


def _measured(tokens: Tokens) -> torch.Tensor:
    """[B, N, D] bool: what a table says, zeros that were measured included."""
    return tokens.mask.unsqueeze(-1) & ~unknown_numbers(tokens.values)
