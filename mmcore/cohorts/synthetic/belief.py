"""What a reader can think of a target once some of what decides it is shown: the rest is averaged over.

Worked out from the generator, not estimated. Legend: G points of a variable that ties findings together (a single one
where nothing does), K combinations of what is hidden, V values.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import expit


class Belief:
    """What a reader thinks of the common variable and of everything not shown: weight [G, K] of each combination, not
    yet summing to 1, and the log-odds [G, K] it would mean."""

    def __init__(self, prior: np.ndarray, base: float) -> None:
        self.weight = prior[:, None]
        self.logit = np.full((len(prior), 1), base)

    def consider(self, logits: Sequence[float] | np.ndarray, chances: Sequence[np.ndarray]) -> None:
        """Something takes one of V values: what each adds to the log-odds, [V] or [G, V], and its chance, V x [G]."""
        size = len(self.weight)
        added = np.broadcast_to(logits, (size, len(chances)))
        self.logit = (self.logit[:, :, None] + added[:, None]).reshape(size, -1)
        self.weight = (self.weight[:, :, None] * np.stack(chances, -1)[:, None]).reshape(size, -1)

    def probability(self) -> float:
        return float((self.weight * expit(self.logit)).sum() / self.weight.sum())

    def probability_by(self, times: np.ndarray) -> np.ndarray:
        """[T] of an event by these times, where the log-odds are those of an event by time 1 and the hazard is
        constant."""
        spared = (1 - expit(self.logit))[..., None] ** times
        by_time: np.ndarray = ((1 - spared) * self.weight[..., None]).sum((0, 1)) / self.weight.sum()
        return by_time
