"""Scores of what is delivered, the average over seeds, with intervals that hold, and differences of two of them.

Every interval rests on leaving out one unit at a time (see `jackknife`), and is found on the scale that suits the
metric: shares as Wilson's interval (1927) with the number of cases that the variance speaks of, errors by their
logarithm. There is none where none would hold. Legend: S seeds, N cases, K outputs, U units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from scipy import stats

from mmcore.evaluation.jackknife import LeftOut, members
from mmcore.evaluation.metrics import Scale, measure, metrics_of, primary_of
from mmcore.evaluation.metrics import metrics as registry
from mmcore.evaluation.scored_cases import ScoredCases
from mmcore.training.tasks import Task

VERSION = 3  # of what is measured and how; raise it when numbers change: stored ones are then worked out anew
LEAST_UNITS = 5  # groups, or cases of a class, below which no interval is given
CONFIDENCE = 0.95
_FARTHEST = 20.0  # logarithm of what an error is multiplied with at most
EDGE = 0.1  # how much a share near 0 or 1 is mixed with what cannot be seen; by simulation


class IntervalMethod(StrEnum):
    """How an interval was found."""

    NONE = "none"
    WILSON = "wilson"  # on shares, with the jackknife's number of cases
    JACKKNIFE = "jackknife"  # t interval, of the logarithm for errors
    BOOTSTRAP = "bootstrap"  # percentiles, in runs of earlier versions
    INVERSION = "inversion"  # values that a test does not reject, for the calibration error


class Caution(StrEnum):
    """Why there is no interval, or what one does not hold."""

    NOTHING = ""
    FEW_GROUPS = "few_groups"  # below LEAST_UNITS groups: look at the values per group
    FEW_CASES = "few_cases"  # a class has fewer than LEAST_UNITS cases, or lies in fewer groups
    UNDEFINED = "undefined"  # the score cannot be told, or hangs on a single unit
    TRAINING_APART = "training_apart"  # of these very models: training on other cases is not counted in


@dataclass(frozen=True)
class Interval:
    """Score of the average over seeds, its 95% interval, and the standard deviation of the scores of single seeds.

    NaN where it cannot be told: low and high where `note` says why, seed_sd with a single seed.
    """

    mean: float
    low: float
    high: float
    seed_sd: float
    method: IntervalMethod = IntervalMethod.BOOTSTRAP
    note: Caution = Caution.NOTHING

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Interval:
        """Out of what `document` gave, now or in earlier versions. Raises KeyError where a number is absent."""
        numbers = {name: _number(row[name]) for name in ("mean", "low", "high", "seed_sd")}
        method = IntervalMethod(row.get("method") or IntervalMethod.BOOTSTRAP)
        return cls(**numbers, method=method, note=Caution(row.get("note") or ""))

    def document(self) -> dict[str, float | str]:
        return asdict(self)


@dataclass(frozen=True)
class Difference:
    """metric(method) - metric(baseline) with its paired 95% interval.

    For errors (rmse, mae, brier, ece ..) negative is better. simultaneous: whether the interval allows for all methods
    that were compared, and for the choice of the baseline among several.
    """

    metric: str
    difference: float
    low: float
    high: float
    simultaneous: bool = False
    note: Caution = Caution.NOTHING

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Difference:
        """Out of what `document` gave, now or in earlier versions. Raises KeyError where a number is absent."""
        numbers = {name: _number(row[name]) for name in ("difference", "low", "high")}
        simultaneous, note = bool(row.get("simultaneous")), Caution(row.get("note") or "")
        return cls(str(row["metric"]), **numbers, simultaneous=simultaneous, note=note)

    def document(self) -> dict[str, float | str | bool]:
        return asdict(self)


def scores(
    task: Task | str,
    target: np.ndarray,
    outputs: np.ndarray,
    groups: Sequence[object] | np.ndarray | None = None,
    *,
    metrics: Sequence[str] | None = None,
    folds: int | None = None,
) -> dict[str, Interval]:
    """Every metric of the task with its interval.

    target [N]; outputs [S, N, K]; groups [N] or None. Cases without a target (NaN, or a negative class) or without
    predictions are left out. folds: of the cross-validation the predictions come from; the intervals of metrics that
    have a level of chance then allow for training on other cases (see `training_factor`), all others hold for these
    very models, and say so.
    """
    scored = ScoredCases.of(task, target, outputs, groups)
    names = metrics_of(scored.task) if metrics is None else tuple(metrics)
    nan = float("nan")
    if not len(scored.target):
        return {name: Interval(nan, nan, nan, nan, IntervalMethod.NONE, Caution.UNDEFINED) for name in names}
    left_out, spread = scored.left_out(names), _seed_spread(scored, names)
    intervals = {}
    for name in names:
        interval = interval_of(name, left_out[name], folds)
        intervals[name] = replace(_noise_taken_off(name, scored, interval), seed_sd=spread[name])
    return intervals


def difference(
    task: Task | str,
    target: np.ndarray,
    outputs: np.ndarray,
    baseline: np.ndarray,
    groups: Sequence[object] | np.ndarray | None = None,
    *,
    metric: str | None = None,
    folds: int | None = None,
) -> Difference:
    """metric(outputs) - metric(baseline) over the cases that both predict; outputs and baseline [S, N, K].

    metric: by default the one methods of the task are compared by. folds: see `scores`. Of many methods, or against the
    best of several, see `verdicts.compare_methods`.
    """
    name = task if isinstance(task, str) else task.name
    metric = metric or primary_of(name)
    usable = np.isfinite(outputs).all((0, 2)) & np.isfinite(baseline).all((0, 2))
    target = np.where(usable, target, np.nan)
    first, second = (ScoredCases.of(name, target, side, groups).left_out([metric]) for side in (outputs, baseline))
    return paired(metric, first[metric], second[metric], folds)


def paired(metric: str, score: LeftOut, baseline: LeftOut, folds: int | None = None) -> Difference:
    """The difference of two scores over the same units."""
    value = float(score.value[0] - baseline.value[0])
    why = obstacle(metric, score) or obstacle(metric, baseline)
    if why:
        return Difference(metric, value, float("nan"), float("nan"), note=why)
    gap = replace(score, value=score.value - baseline.value, without=score.without - baseline.without)
    half = float(critical(gap.freedom[0]) * np.sqrt(difference_variance(gap, folds)[0]))
    return Difference(metric, value, value - half, value + half)


def difference_variance(gap: LeftOut, folds: int | None) -> np.ndarray:
    """[P] variance of differences, with that of training where they come from cross-validation."""
    variance = gap.variance
    if not folds:
        return variance
    strength = gap.value**2 / np.maximum(variance, 1e-300)
    return variance * training_factor(strength)


def ceiling(task: Task | str, target: np.ndarray, probability: np.ndarray | None) -> dict[str, float] | None:
    """The metrics of the true probabilities themselves: what no method can be expected to exceed. None where unknown.

    target [N]; probability [N] of the positive class, [N, K] of every class, or for regression the expected value [N].
    """
    if probability is None:
        return None
    outputs = np.asarray(probability, float)
    if outputs.ndim == 1:
        regression = (task if isinstance(task, str) else task.name) == "regression"
        outputs = outputs[:, None] if regression else np.stack([1 - outputs, outputs], -1)
    scored = ScoredCases.of(task, target, outputs[None])
    ones = np.ones((len(scored.target), 1))
    values = measure(scored.task, scored.target, scored.delivered, ones)
    return {name: float(value[0]) for name, value in values.items()}


def critical(freedom: float | np.ndarray) -> np.ndarray:
    """Half width of a 95% interval in standard errors."""
    return stats.t.ppf(0.5 + CONFIDENCE / 2, freedom)


def interval_of(metric: str, score: LeftOut, folds: int | None = None) -> Interval:
    """The interval of one score; seed_sd is left NaN."""
    value, why = float(score.value[0]), obstacle(metric, score)
    if why:
        return Interval(value, float("nan"), float("nan"), float("nan"), IntervalMethod.NONE, why)
    part = registry[metric]
    variance = max(float(score.variance[0]), score.least_variance)
    if folds and part.chance is not None:
        variance *= float(training_factor((value - part.chance) ** 2 / max(variance, 1e-300)))
    t = float(critical(score.freedom[0]))
    note = Caution.NOTHING if folds and part.chance is not None else Caution.TRAINING_APART
    if part.scale is Scale.SHARE:
        low, high = _wilson(value, variance, t, score.independent)
        return Interval(value, low, high, float("nan"), IntervalMethod.WILSON, note)
    half = t * variance**0.5
    low, high = value - half, value + half
    if part.scale is Scale.ERROR and value > 0:
        stretch = float(np.exp(min(half / value, _FARTHEST)))
        low, high = value / stretch, value * stretch
    elif part.scale is Scale.EXPLAINED and value < 1:
        rest = 1 - value
        stretch = float(np.exp(min(half / rest, _FARTHEST)))
        low, high = 1 - rest * stretch, 1 - rest / stretch
    return Interval(value, float(low), float(high), float("nan"), IntervalMethod.JACKKNIFE, note)


def obstacle(metric: str, score: LeftOut) -> Caution:
    """Why a score has no interval that would hold; Caution.NOTHING where it has one."""
    if not np.isfinite(score.value).all():
        return Caution.UNDEFINED
    if score.units < LEAST_UNITS:
        return Caution.FEW_GROUPS if score.grouped else Caution.FEW_CASES
    if score.count < LEAST_UNITS or (registry[metric].needs_every_class and score.class_units < LEAST_UNITS):
        return Caution.FEW_CASES
    return Caution.NOTHING if score.defined else Caution.UNDEFINED


def training_factor(strength: float | np.ndarray) -> float | np.ndarray:
    """By how much training on other cases widens the variance of a cross-validated score.

    Cases are learnt from and tested on in turn, so the scores of the folds move together (Nadeau and Bengio 2003). What
    is learnt from noise alone doubles the variance: every product of two folds is counted twice. The more of what is
    learnt is there, the less. strength: squared distance from chance in units of the plain variance; the rate at which
    it helps is by simulation of linear models on 5 to 60 features.
    """
    return 1 + 1 / (1 + strength**0.5 / 12)


def _wilson(value: float, variance: float, t: float, count: float) -> tuple[float, float]:
    """Interval of a share that has the variance of a share of `number` independent cases.

    Near 0 and 1 that variance is hardly seen, so it is mixed with what `count` cases would have.
    """
    edge = EDGE / (count + 2)
    number = (value * (1 - value) + edge) / (variance + edge / count)
    centre = (value + t**2 / (2 * number)) / (1 + t**2 / number)
    half = t / (1 + t**2 / number) * np.sqrt(value * (1 - value) / number + t**2 / (4 * number**2))
    return float(max(centre - half, 0)), float(min(centre + half, 1))


def _noise_taken_off(metric: str, scored: ScoredCases, interval: Interval) -> Interval:
    """The same interval, or for metrics that know their own bias what they say themselves."""
    member, _count, grouped = members(len(scored.target), scored.groups)
    estimate = registry[metric].estimate(scored.target, scored.delivered, member if grouped else None)
    if estimate is None:
        return interval
    if interval.method is IntervalMethod.NONE:
        return replace(interval, mean=estimate[0])
    mean, low, high = estimate
    return replace(interval, mean=mean, low=low, high=high, method=IntervalMethod.INVERSION)


def _seed_spread(scored: ScoredCases, names: Sequence[str]) -> dict[str, float]:
    """Standard deviation of the scores of single seeds; NaN with a single one."""
    if len(scored.by_seed) < 2 or not len(scored.target):
        return dict.fromkeys(names, float("nan"))
    ones = np.ones((len(scored.target), 1))
    each = [measure(scored.task, scored.target, outputs, ones, names) for outputs in scored.by_seed]
    return {name: float(np.std([values[name][0] for values in each], ddof=1)) for name in names}


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)
