"""How a score grows with the number of cases: a power law through scores at several sizes, and what more would bring.

score(n) = limit - loss * n ** -rate, as error curves of many learners do (Hestness et al. 2017; Viering and Loog 2023);
errors fall to their limit in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.evaluation.metrics import Scale, lower_is_better, metrics

RATES = np.arange(0.1, 1.51, 0.05)
LEAST_SIZES = 3
MOST_CASES = 10_000_000


@dataclass(frozen=True)
class LearningCurve:
    """limit, loss, rate: of the power law. sizes, scores: what it was fitted to. error: root mean square of its misfit.

    limit_low, limit_high: limits of all rates that fit about as well; far apart where the sizes do not tell yet.
    """

    metric: str
    limit: float
    loss: float
    rate: float
    sizes: tuple[int, ...]
    scores: tuple[float, ...]
    error: float
    limit_low: float
    limit_high: float

    def at(self, cases: float | np.ndarray) -> float | np.ndarray:
        """The score to be expected from so many cases to learn from."""
        return self.limit - self.loss * np.asarray(cases, float) ** -self.rate

    def cases_for(self, score: float) -> int | None:
        """How many cases would reach a score; None if none would, or beyond any number."""
        gap = (self.limit - score) / self.loss if self.loss else 0.0
        if gap <= 0:
            return None
        cases = gap ** (-1 / self.rate)
        return int(np.ceil(cases)) if cases <= MOST_CASES else None


def fit_learning_curve(metric: str, sizes: Sequence[int], scores: Sequence[float]) -> LearningCurve:
    """Fit to scores of the same method at several numbers of cases to learn from.

    Raises BadInput for fewer than three sizes with a score.
    """
    size, score = np.asarray(sizes, float), np.asarray(scores, float)
    usable = np.isfinite(score) & (size > 0)
    size, score = size[usable], score[usable]
    if len(np.unique(size)) < LEAST_SIZES:
        raise BadInput(
            _("A learning curve needs scores at three cohort sizes or more."),
            _("Add sizes, down to a tenth of all cases."),
        )
    sign = -1.0 if lower_is_better(metric) else 1.0
    best = 1.0 if metric in metrics and metrics[metric].scale is not Scale.ERROR else 0.0
    fits = [_fit(size, sign * score, float(rate), sign * best) for rate in RATES]
    misfit = np.array([error for _limit, _loss, error in fits])
    chosen = int(misfit.argmin())
    limit, loss, error = fits[chosen]
    size_of_scores = 1.0 if best == 1.0 else float(np.abs(score).mean())  # errors come in any unit
    noise = max(error, 1e-3 * size_of_scores)  # a perfect fit of three points tells little of the rate
    near = [sign * fits[i][0] for i in np.flatnonzero(misfit <= np.hypot(error, noise))]
    return LearningCurve(
        metric, sign * limit, sign * loss, float(RATES[chosen]), tuple(int(n) for n in size),
        tuple(float(x) for x in score), error, min(near), max(near),
    )  # fmt: skip


def _fit(size: np.ndarray, score: np.ndarray, rate: float, best: float) -> tuple[float, float, float]:
    """Limit (at most the best there is) and loss (at least 0) by least squares, and the misfit."""
    falling = size**-rate
    centred = falling - falling.mean()
    loss = max(-float((centred * score).sum() / (centred**2).sum()), 0.0)
    limit = float(score.mean() + loss * falling.mean())
    if limit > best:
        limit = best
        loss = max(float(((best - score) * falling).sum() / (falling**2).sum()), 0.0)
    return limit, loss, float(np.sqrt(np.mean((score - limit + loss * falling) ** 2)))
