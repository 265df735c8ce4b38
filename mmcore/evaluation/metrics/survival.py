"""Metrics of the time to an event, where some cases were followed for a while only.

The risk of a case is the mean over horizons of the probability of the event by each: the time that it is expected to
lose before the last one. Legend: N cases, E events, H horizons, R columns of weights.
"""

from __future__ import annotations

import numpy as np

from mmcore.base.settings import _
from mmcore.base.survival_times import events
from mmcore.evaluation.kaplan_meier import still_free
from mmcore.evaluation.metrics.base import Metric, Scale, WeightedCases, metrics, ratio

_LEAST_FOLLOWED = 0.05  # share not yet censored below which nothing is weighed by its inverse


class _OfSurvival(Metric):
    tasks = ("survival",)
    fewest = 10

    def count(self, cases: WeightedCases) -> float:
        return float(events(cases.target).sum())


@metrics.register("c_index")
class HarrellC(_OfSurvival):
    """Harrell's C (1982): how often, of two cases of which it is known who had the event first, that one was given the
    higher risk; ties count half."""

    primary = ("survival",)
    scale = Scale.AREA
    place = 10
    chance = 0.5

    @staticmethod
    def label() -> str:
        return "C-index"

    def of(self, cases: WeightedCases) -> np.ndarray:
        pairs = cases.pairs
        own = cases.weights[pairs.event]
        return ratio((own * pairs.right).sum(0), (own * pairs.pairs).sum(0))


@metrics.register("uno_c")
class UnoC(_OfSurvival):
    """Uno's C (2011): the same, each pair weighed by how likely it was to be seen at all, so that it does not hang on
    how long cases were followed. Up to the last horizon."""

    scale = Scale.AREA
    place = 20
    chance = 0.5

    @staticmethod
    def label() -> str:
        return "Uno's C"

    def of(self, cases: WeightedCases) -> np.ndarray:
        pairs, followed = cases.pairs, cases.still_followed[0]
        before = np.abs(cases.target[pairs.event]) < cases.horizons[-1]
        weight = before[:, None] / np.maximum(followed[pairs.event], _LEAST_FOLLOWED) ** 2 * cases.weights[pairs.event]
        return ratio((weight * pairs.right).sum(0), (weight * pairs.pairs).sum(0))


@metrics.register("ibs")
class IntegratedBrier(_OfSurvival):
    """Brier score of the probability of the event by each horizon (Graf et al. 1999), weighed by the inverse
    probability of not having been censored, averaged over time by trapezoids."""

    higher_is_better = False
    scale = Scale.ERROR
    place = 30

    @staticmethod
    def label() -> str:
        return _("Integrated Brier")

    def of(self, cases: WeightedCases) -> np.ndarray:
        return integrated(brier_by_horizon(cases, cases.probabilities), cases.horizons)


@metrics.register("ibs_gain")
class IntegratedBrierGain(_OfSurvival):
    """1 less the integrated Brier score as a share of that of the Kaplan-Meier curve of all cases, which knows nothing
    of any of them."""

    scale = Scale.EXPLAINED
    place = 40
    chance = 0.0

    @staticmethod
    def label() -> str:
        return _("Gain over Kaplan-Meier")

    def of(self, cases: WeightedCases) -> np.ndarray:
        own = integrated(brier_by_horizon(cases, cases.probabilities), cases.horizons)
        plain = integrated(brier_by_horizon(cases, None), cases.horizons)
        return 1 - ratio(own, plain)


def brier_by_horizon(cases: WeightedCases, probabilities: np.ndarray | None) -> np.ndarray:
    """[H, R]. probabilities: [N, H] of the event by each horizon; None: what Kaplan and Meier say of all cases."""
    times, seen = np.abs(cases.target), events(cases.target)
    before, _after = cases.still_followed
    at_horizon = _followed_until(cases)
    scores = np.empty((len(cases.horizons), cases.weights.shape[1]))
    total = np.maximum(cases.total, 1e-12)
    free = None if probabilities is not None else _free(cases)
    for k, horizon in enumerate(cases.horizons):
        had, has_not = seen & (times <= horizon), times > horizon
        weight = np.where(had[:, None], 1 / np.maximum(before, _LEAST_FOLLOWED), 0.0)
        weight = weight + np.where(has_not[:, None], 1 / np.maximum(at_horizon[k], _LEAST_FOLLOWED), 0.0)
        weight = weight * cases.weights
        if probabilities is not None:
            scores[k] = (weight * ((probabilities[:, k] - had) ** 2)[:, None]).sum(0) / total
        elif free is not None:
            stated = 1 - free[k]
            scores[k] = ((weight * had[:, None]).sum(0) * (1 - stated) ** 2) / total
            scores[k] += (weight * has_not[:, None]).sum(0) * stated**2 / total
    return scores


def integrated(scores: np.ndarray, horizons: np.ndarray) -> np.ndarray:
    """[H, R] -> [R], the mean over time between the first and the last horizon."""
    if len(horizons) < 2:
        return scores.mean(0)
    mean: np.ndarray = np.trapezoid(scores, horizons, axis=0) / (horizons[-1] - horizons[0])
    return mean


def _followed_until(cases: WeightedCases) -> np.ndarray:
    """[H, R] share not yet censored at each horizon."""
    return _last_before(cases, cases.still_followed[1])


def _last_before(cases: WeightedCases, after: np.ndarray) -> np.ndarray:
    """Of a falling share [N, R] that holds from each case's time on: its value at each horizon [H, R]."""
    order = np.argsort(np.abs(cases.target), kind="stable")
    at = np.searchsorted(np.abs(cases.target)[order], cases.horizons, "right")
    steps = np.concatenate([np.ones((1, after.shape[1])), np.minimum.accumulate(after[order], 0)])
    values: np.ndarray = steps[at]
    return values


def _free(cases: WeightedCases) -> np.ndarray:
    """[H, R] share without the event by each horizon."""
    return _last_before(cases, still_free(cases.target, cases.weights))
