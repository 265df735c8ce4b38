"""The plain baseline of times to an event: a Cox model of all features with a ridge penalty, and Breslow's curve.

Legend: n training rows, m tested rows, D features, H horizons.
"""

from __future__ import annotations

import numpy as np
import torch

from mmcore.training.baseline_hazard import breslow
from mmcore.training.cox_solver import fit_hazards, partial_loss
from mmcore.training.linear_solver import rotated
from mmcore.training.tasks import Task
from mmcore.training.thresholds import with_thresholds

_PENALTIES = tuple(np.logspace(-4, 2, 13).tolist())  # on features of total variance 1


def cox(task: Task, features: np.ndarray, target: np.ndarray, inner: np.ndarray, tested: np.ndarray) -> np.ndarray:
    """[m, 2 H] probability of the event by each horizon, and the horizons.

    features: [n, D] standardised, tested: [m, D]; target: [n] signed times, all known. inner: [n] the folds by which
    the penalty is chosen.
    """
    centre = features.mean(0)
    size = float(np.sqrt(((features - centre) ** 2).mean(0).sum())) or 1.0
    values = torch.from_numpy(((features - centre) / size).astype(np.float32))
    even = torch.full((len(values),), 1 / len(values))
    scores, axes, _power = rotated(values, even)
    wanted = torch.from_numpy(task.standardised(target, target).astype(np.float32))
    folds = [number for number in np.unique(inner) if (target[inner != number] > 0).any() and (inner != number).any()]
    sets = torch.stack([torch.ones(len(values)), *(torch.from_numpy(inner != k).float() for k in folds)], 1)
    slopes, levels = fit_hazards(scores, wanted, sets / sets.sum(0), _PENALTIES)
    held_out = torch.zeros(len(_PENALTIES), len(values))
    for number, fold in enumerate(folds, 1):
        own = torch.from_numpy(inner == fold)
        held_out[:, own] = (scores[own] @ slopes[number]).squeeze(-1) + levels[number]
    best = int(partial_loss(held_out, wanted, even).argmin())
    there = torch.from_numpy(((tested - centre) / size).astype(np.float32)) @ axes
    slope, level = slopes[0, best], levels[0, best]
    baseline = breslow(target, held_out[best].numpy())
    probabilities = task.activate(there @ slope + level, *baseline.at(task.horizons).tolist())
    return with_thresholds(probabilities.numpy(), task.horizons)
