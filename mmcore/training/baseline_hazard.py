"""The cumulative hazard that is common to all cases: Breslow's estimate, fitted on training rows.

Under proportional hazards a case's cumulative hazard is H(t) exp(eta). Given each eta, the most likely H is Breslow's
(1972, discussion of Cox's paper); with every eta 0 it is the one of Nelson and Aalen. With H put in, the likelihood of
a case is exp(-H(t) exp(eta)) (h(t) exp(eta))^event: a loss that adds up over cases, so that batches, folds and weights
are treated as in every other task, and whose optimum over eta and H together is that of Cox's partial likelihood.
Legend: n rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmcore.base.survival_times import events, followed


@dataclass(frozen=True, eq=False)
class BaselineHazard:
    """Cumulative hazard [k] from each of k times of an event on; 0 before the first."""

    times: np.ndarray
    cumulative: np.ndarray

    def at(self, times: np.ndarray) -> np.ndarray:
        """[...] at any times."""
        steps = np.concatenate([[0.0], self.cumulative])
        reached: np.ndarray = steps[np.searchsorted(self.times, np.asarray(times, float), "right")]
        return reached


def breslow(target: np.ndarray, risk: np.ndarray | None = None) -> BaselineHazard:
    """target: [n] signed times (see `survival_times`), unknown ones left out. risk: [n] eta, log of the relative
    hazard; 0 for all by default."""
    there = followed(target)
    target = np.asarray(target, float)[there]
    relative = np.ones(len(target)) if risk is None else np.exp(np.asarray(risk, float)[there])
    times, seen = np.abs(target), events(target)
    order = np.argsort(times, kind="stable")
    at_risk = np.cumsum(relative[order][::-1])[::-1]
    moments, counts = np.unique(times[seen], return_counts=True)
    first = np.searchsorted(times[order], moments, "left")  # cases with the same time are still at risk
    return BaselineHazard(moments, np.cumsum(counts / at_risk[first]) if len(moments) else np.empty(0))
