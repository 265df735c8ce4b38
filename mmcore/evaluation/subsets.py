"""What each input adds to the others: Shapley values of a score over every subset of the inputs.

The same method is trained on every subset (the lattice of Soenksen et al. 2022, "HAIM"). An input's Shapley value is
what it adds on average over all orders in which inputs could be acquired (Shapley 1953); together they add up to what
all inputs are worth beyond none. Legend: M inputs, S seeds, N cases, K outputs, U units left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import factorial
from typing import Any

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.evaluation.intervals import Caution, Interval, IntervalMethod, critical, difference_variance, obstacle
from mmcore.evaluation.jackknife import LeftOut, stacked
from mmcore.evaluation.metrics import lower_is_better, metrics, primary_of
from mmcore.evaluation.verdicts import shared_scores
from mmcore.training.tasks import Task

Subset = frozenset[str]


@dataclass(frozen=True)
class InputShare:
    """value: what the input adds to the score on average (larger is better, whatever the metric), with its interval.

    share: of all that the inputs add to what is reached without any; NaN where they add nothing. alone: what it adds to
    no input at all; last: what it adds to all the others.
    """

    input: str
    value: Interval
    share: float
    alone: float
    last: float


@dataclass(frozen=True)
class SubsetShares:
    """metric; nothing: the score without any input; everything: with all of them; inputs: by name."""

    metric: str
    nothing: float
    everything: float
    inputs: dict[str, InputShare]
    cases: int
    note: Caution = Caution.NOTHING

    def document(self) -> dict[str, Any]:
        return asdict(self)


def shapley_shares(
    task: Task | str,
    target: np.ndarray,
    outputs: Mapping[Subset, np.ndarray],
    groups: Sequence[object] | np.ndarray | None = None,
    *,
    metric: str | None = None,
    folds: int | None = None,
) -> SubsetShares:
    """The share of every input, from predictions [S, N, K] of the same method on every subset but the empty one.

    target [N]; groups [N] or None. Raises BadInput for a lattice with a subset missing, or without a case in common.
    """
    inputs = sorted(frozenset().union(*outputs))
    subsets = _lattice(inputs, outputs)
    name = metric or primary_of(task if isinstance(task, str) else task.name)
    scores, cases = shared_scores(task, target, {_label(s): outputs[s] for s in subsets if s}, groups, metric)
    nothing = _nothing(name, task, target, outputs, groups, scores[0])
    lattice = stacked([nothing, *scores])
    sign = -1.0 if lower_is_better(name) else 1.0
    weights = sign * np.stack([_weights(key, inputs, subsets) for key in inputs])  # [M, 2^M]
    added = lattice.combined(weights)
    why = obstacle(name, lattice)
    whole = float(added.value.sum())
    half = critical(added.freedom) * np.sqrt(difference_variance(added, folds))
    at = {subset: sign * float(lattice.value[i]) for i, subset in enumerate(subsets)}
    full, rows = frozenset(inputs), {}
    for i, key in enumerate(inputs):
        value, width = float(added.value[i]), float("nan") if why else float(half[i])
        method = IntervalMethod.NONE if why else IntervalMethod.JACKKNIFE
        interval = Interval(value, value - width, value + width, float("nan"), method, why)
        share = value / whole if whole > 0 else float("nan")
        last = at[full] - at[full - {key}]
        rows[key] = InputShare(key, interval, share, at[frozenset({key})] - at[frozenset()], last)
    return SubsetShares(name, sign * at[frozenset()], sign * at[full], rows, cases, why)


def _lattice(inputs: list[str], outputs: Mapping[Subset, np.ndarray]) -> list[Subset]:
    """Every subset, the empty one first. Raises BadInput if predictions of one are missing."""
    subsets = [frozenset(key for i, key in enumerate(inputs) if number >> i & 1) for number in range(2 ** len(inputs))]
    missing = [_label(subset) for subset in subsets[1:] if subset not in outputs]
    if missing:
        raise BadInput(
            _("There are no predictions from {subsets}.").format(subsets="; ".join(missing)),
            _("Train the method on every subset of the inputs."),
        )
    return subsets


def _label(subset: Subset) -> str:
    return " + ".join(sorted(subset))


def _weights(key: str, inputs: list[str], subsets: list[Subset]) -> np.ndarray:
    """[2^M] with which the score of each subset enters the Shapley value of an input."""
    count = len(inputs)
    row = np.zeros(len(subsets))
    for i, subset in enumerate(subsets):
        size = len(subset - {key})
        weight = factorial(size) * factorial(count - size - 1) / factorial(count)
        row[i] = weight if key in subset else -weight
    return row


def _nothing(
    metric: str, task: Task | str, target: np.ndarray, outputs: Mapping[Subset, np.ndarray],
    groups: Sequence[object] | np.ndarray | None, like: LeftOut,
) -> LeftOut:  # fmt: skip
    """The score of predictions that know only how often each class is, or the mean value."""
    chance = metrics[metric].chance
    if chance is not None:
        return LeftOut(
            np.array([chance]),
            np.full((1, like.units), chance),
            like.grouped,
            like.class_units,
            like.count,
            like.cases,
            like.rarest,
            like.classes,
        )
    first = next(iter(outputs.values()))
    usable = np.logical_and.reduce([np.isfinite(values).all((0, 2)) for values in outputs.values()])
    shared = np.where(usable, np.asarray(target, float), np.nan)
    labelled = np.isfinite(shared) & ((shared >= 0) | (first.shape[2] == 1))
    constant = np.full((1, len(shared), first.shape[2]), np.nan)
    if first.shape[2] == 1:
        constant[0, labelled] = shared[labelled].mean()
    else:
        counts = np.bincount(shared[labelled].astype(int), minlength=first.shape[2])
        constant[0, labelled] = counts / counts.sum()
    return shared_scores(task, shared, {"nothing": constant}, groups, metric)[0][0]
