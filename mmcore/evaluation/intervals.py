"""Scores of what is delivered, the average over seeds, with intervals that hold, and differences of two of them.

Every interval rests on leaving out one unit at a time (see `jackknife`), and is found on the scale that suits the
metric (see `interval_scales`). There is none where none would hold. Legend: S seeds, N cases, K outputs, U units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np

from mmcore.evaluation import interval_scales
from mmcore.evaluation.interval_scales import CONFIDENCE as CONFIDENCE
from mmcore.evaluation.interval_scales import Bounds, critical
from mmcore.evaluation.jackknife import LeftOut, members
from mmcore.evaluation.metrics import Metric, Scale, measure, metrics_of, primary_of
from mmcore.evaluation.metrics import metrics as registry
from mmcore.evaluation.scored_cases import ScoredCases
from mmcore.training.tasks import Task
from mmcore.training.thresholds import expected_thresholds, with_thresholds

VERSION = 9  # of what is measured and how; raise it when numbers change: stored ones are then worked out anew
BELIEVED = 0.8  # share of the degrees of freedom that groups seem to leave errors; by simulation
LEAST_UNITS = 5  # groups, or cases of a class, below which no interval is given


class IntervalMethod(StrEnum):
    """How an interval was found."""

    NONE = "none"
    WILSON = "wilson"  # of shares and their means; Sterne's where few cases decide
    SCORE = "score"  # of the AUROC: values that a test does not reject
    LOGIT = "logit"  # of the average precision
    JACKKNIFE = "jackknife"  # t interval, of the logarithm for errors
    BOOTSTRAP = "bootstrap"  # percentiles, in runs of earlier versions
    INVERSION = "inversion"  # values that a test does not reject, for the calibration error


class Caution(StrEnum):
    """Why there is no interval, or what one does not hold."""

    NOTHING = ""
    FEW_GROUPS = "few_groups"  # below LEAST_UNITS groups: look at the values per group
    FEW_CASES = "few_cases"  # a class has fewer cases than the metric needs, or lies in fewer than LEAST_UNITS groups
    UNDEFINED = "undefined"  # the score cannot be told, or hangs on a single unit
    GROUPED = "grouped"  # cases go together in groups, for which no interval of this metric is known to hold
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
    if not len(scored.target):
        nan = float("nan")
        return dict.fromkeys(names, Interval(nan, nan, nan, nan, IntervalMethod.NONE, Caution.UNDEFINED))
    left_out, spread, intervals = scored.left_out(names), _seed_spread(scored, names), dict[str, Interval]()
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
    target = np.where(np.isfinite(outputs).all((0, 2)) & np.isfinite(baseline).all((0, 2)), target, np.nan)
    first, second = (ScoredCases.of(name, target, side, groups).left_out([metric]) for side in (outputs, baseline))
    return paired(metric, first[metric], second[metric], folds)


def paired(metric: str, score: LeftOut, baseline: LeftOut, folds: int | None = None) -> Difference:
    """The difference of two scores over the same units; see `LeftOut.of_classes` for its variance."""
    value = float(score.value[0] - baseline.value[0])
    why = obstacle(metric, score) or obstacle(metric, baseline)
    if why:
        return Difference(metric, value, float("nan"), float("nan"), note=why)
    gap = replace(score, value=score.value - baseline.value, without=score.without - baseline.without)
    own, freedom = gap.of_classes(registry[metric].scale is Scale.AREA)
    half = float(critical(freedom[0]) * np.sqrt(difference_variance(gap, folds, own)[0]))
    return Difference(metric, value, value - half, value + half)


def difference_variance(gap: LeftOut, folds: int | None, own: np.ndarray | None = None) -> np.ndarray:
    """[P] variance of differences (own, by default the jackknife's), with that of training if cross-validated."""
    variance = gap.variance if own is None else own
    if not folds:
        return variance
    strength = gap.value**2 / np.maximum(variance, 1e-300)
    return variance * training_factor(strength)


def ceiling(task: Task | str, target: np.ndarray, probability: np.ndarray | None) -> dict[str, float] | None:
    """The metrics of the true probabilities themselves: what no method can be expected to exceed. None where unknown.

    target [N]; probability [N] of the positive class, [N, K] of every class, label or horizon; [N] expected values.
    """
    if probability is None:
        return None
    name = task if isinstance(task, str) else task.name
    outputs = np.asarray(probability, float)
    if outputs.ndim == 1:
        outputs = outputs[:, None] if name == "regression" else np.stack([1 - outputs, outputs], -1)
    if name == "multilabel":
        outputs = with_thresholds(outputs, expected_thresholds(outputs))
    outputs = with_thresholds(outputs, task.horizons) if isinstance(task, Task) and name == "survival" else outputs
    scored = ScoredCases.of(task, target, outputs[None])
    values = measure(scored.task, scored.target, scored.delivered, np.ones((len(scored.target), 1)))
    return {name: float(value[0]) for name, value in values.items()}


def interval_of(metric: str, score: LeftOut, folds: int | None = None) -> Interval:
    """The interval of one score; seed_sd is left NaN."""
    value, why, nan = float(score.value[0]), obstacle(metric, score), float("nan")
    if why:
        return Interval(value, nan, nan, nan, IntervalMethod.NONE, why)
    part, wider = registry[metric], 1.0
    counted_in = bool(folds) and part.chance is not None
    if part.chance is not None and folds:
        wider = float(training_factor((value - part.chance) ** 2 / max(float(score.variance[0]), 1e-300)))
    method, (low, high) = _bounds(part, score, wider)
    note = Caution.NOTHING if counted_in else Caution.TRAINING_APART
    return Interval(value, float(low), float(high), nan, method, note)


def _bounds(part: type[Metric], score: LeftOut, wider: float) -> tuple[IntervalMethod, Bounds]:
    """The interval on the scale of the metric. wider: what the variance is multiplied with."""
    value, variance, freedom = score.value[0], score.variance[0] * wider, score.freedom[0]
    if part.scale is Scale.AREA:
        t = critical(freedom if score.grouped else np.inf) * wider**0.5
        plain, areas = score.variance[0], max(score.classes - 1, 1)  # a mean of several varies less than each
        rarer, others = score.rarest * areas, (score.cases - score.rarest) * areas
        least = plain if score.grouped else 0.0  # cases that go together vary by more than is to be expected of them
        return IntervalMethod.SCORE, interval_scales.area(value, plain, rarer, others, t, least)
    if part.scale is Scale.PRECISION_AREA:
        t = critical(min(score.rarest - 1, freedom) if score.grouped else score.rarest - 1)
        return IntervalMethod.LOGIT, interval_scales.precision_area(value, variance, score.rarest, t)
    if part.scale is Scale.SHARE:
        return IntervalMethod.WILSON, _of_shares(part, score)
    if part.scale is Scale.EXPLAINED:
        return IntervalMethod.JACKKNIFE, interval_scales.explained(value, variance, critical(freedom))
    believed = BELIEVED if score.grouped else part.believed
    scale = interval_scales.error_of_groups if score.grouped else interval_scales.error
    return IntervalMethod.JACKKNIFE, scale(value, variance, critical(max(freedom * min(believed, part.believed), 1.0)))


def _of_shares(part: type[Metric], score: LeftOut) -> Bounds:
    """Of a share, or of the mean of several, by the interval of each."""
    shares, whole = score.shares, score.share_of
    if shares is None:  # a metric between 0 and 1 that does not say what it is a share of
        number = interval_scales.independent_cases(score.value, score.variance, score.count * score.independent)
        low, high = interval_scales.share(score.value, number, critical(score.freedom))
        return low[0], high[0]
    t = critical(score.freedom[0] if score.grouped else np.inf)
    needed = score.needed
    if score.grouped:
        whole = interval_scales.independent_cases(shares.value, shares.variance, whole * score.independent)
        needed = needed * np.minimum(whole / score.share_of, 1)
    bounds = interval_scales.share(shares.value, np.maximum(whole, 1), t, needed, counted=not score.grouped)
    spread = np.sqrt(shares.variance)
    apart = np.outer(spread, spread)
    correlation = np.where(apart > 0, shares.influence @ shares.influence.T / np.where(apart > 0, apart, 1), 0)
    np.fill_diagonal(correlation, 1)
    low, high = (part.of_share(bound) for bound in bounds)
    return interval_scales.average(part.of_share(shares.value), low, high, correlation)


def obstacle(metric: str, score: LeftOut) -> Caution:
    """Why a score has no interval that would hold; Caution.NOTHING where it has one."""
    if not np.isfinite(score.value).all():
        return Caution.UNDEFINED
    if score.units < LEAST_UNITS:
        return Caution.FEW_GROUPS if score.grouped else Caution.FEW_CASES
    if score.count < registry[metric].fewest or (
        registry[metric].needs_every_class and score.class_units < LEAST_UNITS
    ):
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


def _noise_taken_off(metric: str, scored: ScoredCases, interval: Interval) -> Interval:
    """The same interval, or for metrics that know their own bias what they say themselves."""
    member, _count, grouped = members(len(scored.target), scored.groups)
    estimate = registry[metric].estimate(scored.target, scored.delivered, member if grouped else None)
    if estimate is None:
        return interval
    mean, low, high = estimate
    if interval.method is IntervalMethod.NONE:
        return replace(interval, mean=mean)
    if grouped:
        low = high = float("nan")
        return replace(interval, mean=mean, low=low, high=high, method=IntervalMethod.NONE, note=Caution.GROUPED)
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
