"""Intervals of thousands of simulated cohorts at once: leaving out cases in closed form, on the scales of the library.

A test holds these to what `scores` gives for the same cohorts one by one. Legend: S cohorts, N cases of each.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from mmcore.evaluation import interval_scales as scales
from mmcore.evaluation.metrics import Scale, metrics
from mmcore.evaluation.metrics.decisions import DECIDED, FEWEST

BINARY = (
    "auroc", "auprc", "accuracy", "balanced_accuracy", "f1", "precision", "recall", "brier", "log_loss",
)  # fmt: skip
REGRESSION = ("mae", "rmse", "r2")
_LEAST = 5  # cases of a class


@dataclass(frozen=True, eq=False)
class Bounds:
    """[S] each: value of a metric and its interval, NaN where there is none."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True, eq=False)
class Left:
    """value [S] of all cases, without [S, N] with each left out."""

    value: np.ndarray
    without: np.ndarray

    @property
    def influence(self) -> np.ndarray:
        cases = self.without.shape[1]
        return (self.value[:, None] - self.without) * np.sqrt((cases - 1) / cases)

    def spread(self) -> tuple[np.ndarray, np.ndarray]:
        """Variance and degrees of freedom, as in `LeftOut`."""
        squares, cases = self.influence**2, self.without.shape[1]
        variance = squares.sum(1)
        uneven = (squares**2).sum(1) / np.maximum(variance**2, 1e-300) - 1 / cases
        return variance, np.clip(2 / np.maximum(uneven, 1e-12), 1, cases - 1)


def draw(
    rng: np.random.Generator, cohorts: int, cases: int, share: float, auroc: float
) -> tuple[np.ndarray, np.ndarray]:
    """target [S, N] bool and calibrated probabilities [S, N] of two normal classes."""
    from scipy.stats import norm

    distance, level = float(norm.ppf(auroc)) * 2**0.5, np.log(share / (1 - share))
    target = rng.random((cohorts, cases)) < share
    x = rng.normal(size=(cohorts, cases)) + distance * target
    return target, expit((distance * x - distance**2 / 2 if distance else 0.5 * x) + level)


@np.errstate(all="ignore")
def leave_out(target: np.ndarray, p: np.ndarray) -> dict[str, Left]:
    """Every metric of BINARY; probabilities without ties."""
    cases = target.shape[1]
    order = np.argsort(-p, 1)
    y = np.take_along_axis(target, order, 1).astype(float)
    place, hits = np.arange(1, cases + 1)[None], np.cumsum(y, 1)
    positives = hits[:, -1:]
    negatives = cases - positives
    wins = np.where(y > 0, negatives - (place - hits), hits)  # pairs that a case wins, or that are won against it
    pairs, won = positives * negatives, (wins * y).sum(1, keepdims=True)
    back = np.argsort(order, 1)

    def of_cases(value: np.ndarray, without: np.ndarray) -> Left:
        return Left(value, np.take_along_axis(without, back, 1))

    area = (won - wins) / np.where(y > 0, pairs - negatives, pairs - positives)
    left = {"auroc": of_cases((won / pairs)[:, 0], area)}
    precision, later = np.cumsum(y * hits / place, 1), np.maximum(place - 1, 1)
    behind, step = (np.cumsum(np.where(place > 1, y * part / later, 0), 1) for part in (hits, np.ones_like(y)))
    rest = behind[:, -1:] - behind - y * (step[:, -1:] - step)
    without = (precision - y * hits / place + rest) / (positives - y)
    left["auprc"] = of_cases(precision[:, -1] / positives[:, 0], without)
    losses = {
        "brier": (p - target) ** 2,
        "log_loss": -np.log(np.clip(np.where(target, p, 1 - p), 1e-7, 1)),
    }
    return left | {name: _mean(loss) for name, loss in losses.items()}


def _mean(loss: np.ndarray) -> Left:
    total, cases = loss.sum(1, keepdims=True), loss.shape[1]
    return Left(total[:, 0] / cases, (total - loss) / (cases - 1))


@np.errstate(all="ignore")
def intervals(target: np.ndarray, p: np.ndarray) -> dict[str, Bounds]:
    """Of every metric of BINARY, for S cohorts."""
    left, bounds_of = leave_out(target, p), {}
    positives, cases = target.sum(1).astype(float), target.shape[1]
    rarest = np.minimum(positives, cases - positives)
    for name, own in left.items():
        (variance, freedom), part = own.spread(), metrics[name]
        if part.scale is Scale.AREA:
            bounds = scales.area(own.value, variance, rarest, cases - rarest, scales.critical(np.inf))
        elif part.scale is Scale.PRECISION_AREA:
            bounds = scales.precision_area(own.value, variance, rarest, scales.critical(rarest - 1))
        else:
            bounds = scales.error(own.value, variance, scales.critical(freedom))
        bounds_of[name] = _where(rarest >= part.fewest, own.value, bounds)
    return {name: ({**bounds_of, **_shares(target, p)})[name] for name in BINARY}


def _shares(target: np.ndarray, p: np.ndarray) -> dict[str, Bounds]:
    decided = p > 0.5
    hit, right_no = (decided & target).sum(1), (~decided & ~target).sum(1)
    yes, no, chosen = target.sum(1), (~target).sum(1), decided.sum(1)
    either, cases = yes + chosen - hit, target.shape[1]
    given = (np.minimum(yes, no) >= _LEAST) & (yes >= FEWEST) & (chosen >= DECIDED)
    none, needed = np.zeros_like(hit), np.maximum(DECIDED - (chosen - hit), 0)
    parts: dict[str, tuple[list[np.ndarray], list[np.ndarray], np.ndarray, list[np.ndarray]]] = {
        "accuracy": ([hit + right_no], [np.full_like(hit, cases)], np.ones_like(given), [none]),
        "balanced_accuracy": ([right_no, hit], [no, yes], given & (no >= FEWEST), [none, needed]),
        "f1": ([hit], [either], given, [needed]),
        "precision": ([hit], [chosen], (np.minimum(yes, no) >= _LEAST) & (chosen >= FEWEST), [none]),
        "recall": ([hit], [yes], given, [needed]),
    }
    return {name: _of_shares(metrics[name].of_share, *each) for name, each in parts.items()}


def _of_shares(
    counts_for: Callable[[np.ndarray], np.ndarray],
    hits: list[np.ndarray],
    whole: list[np.ndarray],
    given: np.ndarray,
    needed: list[np.ndarray],
) -> Bounds:
    of = np.maximum(np.stack(whole), 1).astype(float)
    values = np.stack(hits) / of
    each, place = np.unique(np.stack([values, of, np.stack(needed)]).reshape(3, -1), axis=1, return_inverse=True)
    bounds = scales.share(each[0], each[1], scales.critical(np.inf), each[2], counted=True)
    low, high = (bound[place].reshape(of.shape) for bound in bounds)  # thousands of cohorts have few results
    parts = counts_for(values)
    return _where(given, parts.mean(0), scales.average(parts, counts_for(low), counts_for(high)))


def regression(target: np.ndarray, outputs: np.ndarray) -> dict[str, Bounds]:
    """Of every metric of REGRESSION, for target and outputs [S, N]."""
    squares, cases = (target - outputs) ** 2, target.shape[1]
    centred = target - target.mean(1, keepdims=True)
    spread = (centred**2).sum(1, keepdims=True)
    total = squares.sum(1, keepdims=True)
    mean = _mean(squares)
    without = 1 - (total - squares) / (spread - centred**2 * cases / (cases - 1))
    left = {
        "mae": _mean(np.abs(target - outputs)),
        "rmse": Left(np.sqrt(mean.value), np.sqrt(mean.without)),
        "r2": Left(1 - (total / spread)[:, 0], without),
    }
    bounds_of = {}
    for name, own in left.items():
        variance, freedom = own.spread()
        scale = scales.explained if metrics[name].scale is Scale.EXPLAINED else scales.error
        t = scales.critical(np.maximum(freedom * metrics[name].believed, 1.0))
        bounds_of[name] = Bounds(own.value, *scale(own.value, variance, t))
    return bounds_of


def paired(metric: str, first: Left, second: Left, target: np.ndarray) -> Bounds:
    """Of a difference, by t, its variance by classes as in `LeftOut.of_classes`. target: [S, N] bool."""
    gap = Left(first.value - second.value, first.without - second.without)
    (_all, spread), squares, cases = gap.spread(), gap.influence**2, target.shape[1]
    count = np.stack([target.sum(1), (~target).sum(1)], 1).astype(float)
    other = np.maximum(count - 1, 1)
    parts = np.stack([(squares * own).sum(1) for own in (target, ~target)], 1)
    if metrics[metric].scale is Scale.AREA:
        parts = parts * np.where(count > 1, other / np.maximum(count, 1), 1) * cases / (cases - 1)
    variance = parts.sum(1)
    welch = variance**2 / np.maximum((parts**2 / other).sum(1), 1e-300)
    half = scales.critical(np.clip(np.maximum(welch, spread), 1, cases - 1)) * np.sqrt(variance)
    given = count.min(1) >= metrics[metric].fewest
    return _where(given, gap.value, (gap.value - half, gap.value + half))


def _where(given: np.ndarray, value: np.ndarray, bounds: tuple[np.ndarray, np.ndarray]) -> Bounds:
    return Bounds(value, np.where(given, bounds[0], np.nan), np.where(given, bounds[1], np.nan))
