"""Is a method better than the best single input: verdicts that stand for all methods of a comparison at once.

    compared = compare_methods(task, target, {method: outputs}, groups, single_inputs=["xray", "note"], folds=5)
    compared.by_method["gated"].verdict is Verdict.BETTER

Which single input is best is itself read off these cases, and many methods are tried. So every method is held against
every single input, and the intervals of all these differences hold together: their half width is the 95% quantile of
the largest of all standardised errors (max-t, Westfall and Young 1993), which spread as over the units left out.
A method is then better than the best input where it is better than each, which needs no choice (Hsu 1984).
Legend: S seeds, N cases, K outputs, U units, P pairs of a method and a reference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.name_lists import list_of
from mmcore.base.settings import _
from mmcore.evaluation.intervals import (
    CONFIDENCE,
    Caution,
    Difference,
    difference_variance,
    obstacle,
)
from mmcore.evaluation.jackknife import LeftOut, stacked
from mmcore.evaluation.metrics import lower_is_better, primary_of
from mmcore.evaluation.scored_cases import ScoredCases
from mmcore.training.tasks import Task

DRAWS = 4000  # of the largest standardised error
FEW_UNITS = 30  # up to so many, each variance is a matter of chance of its own
POWER = 0.84  # standard errors: with so many cases more, four in five such cohorts would settle it
MOST_CASES = 100_000  # a need beyond it is not told


class Verdict(StrEnum):
    """How a method stands to the best of the references."""

    BETTER = "better"
    WORSE = "worse"
    UNSETTLED = "unsettled"
    NO_INTERVAL = "not_told"  # there is no interval that would hold; the difference's note says why
    REFERENCE = "reference"  # it is the best reference itself


@dataclass(frozen=True)
class MethodVerdict:
    """How one method stands to the best reference, chosen anew wherever it is estimated.

    difference: to the reference that is best on all cases, its interval that to the best one in truth, for all methods
    together; None for that reference itself. more_cases, more_groups: about how many more would settle a difference of
    the size seen; None where it is settled or no number would do.
    """

    method: str
    verdict: Verdict
    difference: Difference | None
    more_cases: int | None = None
    more_groups: int | None = None

    def document(self) -> dict[str, Any]:
        gap = None if self.difference is None else self.difference.document()
        return {**asdict(self), "difference": gap}


@dataclass(frozen=True)
class ComparedMethods:
    """Methods against the best of the references, all at once.

    metric: compared by. reference: the one that is best on all cases, None without any. cases: that every method
    predicted. units: groups or cases that were left out in turn. tried: how many methods were compared.
    """

    metric: str
    reference: str | None
    by_method: dict[str, MethodVerdict]
    cases: int
    units: int
    tried: int
    note: Caution = Caution.NOTHING

    def count(self, verdict: Verdict) -> int:
        """How many methods came to this verdict."""
        return sum(row.verdict is verdict for row in self.by_method.values())

    def document(self) -> dict[str, Any]:
        return {
            "metric": self.metric,
            "reference": self.reference,
            "cases": self.cases,
            "units": self.units,
            "tried": self.tried,
            "note": self.note,
            "methods": [row.document() for row in self.by_method.values()],
        }


def compare_methods(
    task: Task | str,
    target: np.ndarray,
    outputs: Mapping[str, np.ndarray],
    groups: Sequence[object] | np.ndarray | None = None,
    *,
    single_inputs: Sequence[str],
    metric: str | None = None,
    folds: int | None = None,
    judged: Sequence[str] | None = None,
) -> ComparedMethods:
    """Every method against the best of the single inputs (or of any other references, plain baselines say).

    target [N]; outputs: method -> [S, N, K], averaged over seeds; groups [N] or None. single_inputs: which of the
    methods are references; with none of them there is nothing to compare to, and verdicts are NOT_TOLD. metric: by
    default the one of the task. folds: of the cross-validation the outputs come from (see `scores`). judged: the
    methods that are held against the references, all by default.
    Raises BadInput if no case was predicted by every method, or a reference is no method.
    """
    scores, cases = shared_scores(task, target, outputs, groups, metric)
    name = metric or primary_of(task if isinstance(task, str) else task.name)
    strangers = [reference for reference in single_inputs if reference not in outputs]
    if strangers:
        raise BadInput(
            _("No such method to compare with: {names}.").format(names=list_of(strangers)),
            _("Methods are: {names}.").format(names=list_of(outputs)),
        )
    return against_best(name, dict(zip(outputs, scores, strict=True)), single_inputs, cases, folds, judged)


def shared_scores(
    task: Task | str,
    target: np.ndarray,
    outputs: Mapping[str, np.ndarray],
    groups: Sequence[object] | np.ndarray | None,
    metric: str | None,
) -> tuple[list[LeftOut], int]:
    """The score of each method over the cases that all of them predict, and how many these are.

    Raises BadInput if there are none.
    """
    name = task if isinstance(task, str) else task.name
    metric = metric or primary_of(name)
    usable = np.logical_and.reduce([np.isfinite(values).all((0, 2)) for values in outputs.values()])
    shared = np.where(usable, np.asarray(target, float), np.nan)
    scored = {method: ScoredCases.of(name, shared, values, groups) for method, values in outputs.items()}
    cases = min((int(rows.rows.sum()) for rows in scored.values()), default=0)
    if not cases:
        raise BadInput(_("No case was predicted by all of these methods."), _("Compare them on the same cases."))
    return [rows.left_out([metric])[metric] for rows in scored.values()], cases


def against_best(
    metric: str, scores: Mapping[str, LeftOut], references: Sequence[str], cases: int, folds: int | None = None,
    judged: Sequence[str] | None = None,
) -> ComparedMethods:  # fmt: skip
    """The same from scores with each unit left out, all over the same units."""
    names = list(scores) if judged is None else list(judged)
    sign = -1.0 if lower_is_better(metric) else 1.0
    value = {name: sign * float(score.value[0]) for name, score in scores.items()}
    best = max(references, key=lambda name: np.nan_to_num(value[name], nan=-np.inf), default=None)
    units = next(iter(scores.values())).units
    why = next((note for note in (obstacle(metric, score) for score in scores.values()) if note), Caution.NOTHING)
    if best is None or why:
        rows = {name: _untold(metric, name, best, scores, why) for name in names}
        return ComparedMethods(metric, best, rows, cases, units, len(names), why)
    pairs = [(name, other) for name in names for other in references if name != other]
    if not pairs:
        return ComparedMethods(metric, best, {best: _of_reference(best)}, cases, units, len(names))
    gaps = Gaps.of(stacked(list(scores.values())), pairs, list(scores), sign, folds)
    rows = {name: _row(metric, name, best, gaps, sign, cases, scores[name]) for name in names}
    return ComparedMethods(metric, best, rows, cases, units, len(names))


@dataclass(frozen=True, eq=False)
class Gaps:
    """Differences of pairs, larger is better: value, error [P], and the half width in errors that all keep within.

    one_sided: the same for bounds on one side only.
    """

    pairs: list[tuple[str, str]]
    value: np.ndarray
    error: np.ndarray
    width: float
    one_sided: float

    @classmethod
    def of(
        cls, scores: LeftOut, pairs: list[tuple[str, str]], names: list[str], sign: float, folds: int | None
    ) -> Gaps:
        matrix = np.zeros((len(pairs), len(names)))
        for p, (first, second) in enumerate(pairs):
            matrix[p, names.index(first)] += sign
            matrix[p, names.index(second)] -= sign
        gap = scores.combined(matrix)
        width, one_sided = largest_errors(gap)
        return cls(pairs, gap.value, np.sqrt(difference_variance(gap, folds)), width, one_sided)

    def of_method(self, method: str) -> np.ndarray:
        """[P] bool: the pairs in which it comes first."""
        return np.array([first == method for first, _second in self.pairs])


def largest_errors(gap: LeftOut) -> tuple[float, float]:
    """95% quantiles of the largest standardised error of P scores, in size and to one side.

    Errors are normal with the correlations of the influence of the units. Of many units: over a common chi-square, a
    multivariate t. Of few: each over a variance of its own from as many drawn units, and the correlations, which few
    units overstate, drawn towards none.
    """
    error = np.sqrt(gap.variance)
    varied = error > 0
    if not varied.any():
        return 0.0, 0.0
    shape = gap.influence[varied] / error[varied, None]  # [P, U]
    correlation, chance = shape @ shape.T, np.random.default_rng(0)
    few = gap.units <= FEW_UNITS
    if few:
        part = gap.units**-0.5
        correlation = (1 - part) * correlation + part * np.eye(len(correlation))
    values, axes = np.linalg.eigh(correlation)
    root = axes * np.sqrt(np.maximum(values, 0))
    if few:
        units = chance.standard_normal((DRAWS, gap.units, len(root))) @ root.T
        drawn = units.mean(1) / (units.std(1, ddof=1) / gap.units**0.5)
    else:
        freedom = float(np.median(gap.freedom[varied]))
        drawn = chance.standard_normal((DRAWS, len(root))) @ root.T
        drawn /= np.sqrt(chance.chisquare(freedom, (DRAWS, 1)) / freedom)
    return float(np.quantile(np.abs(drawn).max(1), CONFIDENCE)), float(np.quantile(drawn.max(1), CONFIDENCE))


def _of_reference(name: str) -> MethodVerdict:
    return MethodVerdict(name, Verdict.REFERENCE, None)


def _untold(metric: str, name: str, best: str | None, scores: Mapping[str, LeftOut], why: Caution) -> MethodVerdict:
    if name == best:
        return _of_reference(name)
    if best is None:
        return MethodVerdict(name, Verdict.NO_INTERVAL, None)
    value = float(scores[name].value[0] - scores[best].value[0])
    return MethodVerdict(name, Verdict.NO_INTERVAL, Difference(metric, value, float("nan"), float("nan"), True, why))


def _row(metric: str, name: str, best: str, gaps: Gaps, sign: float, cases: int, score: LeftOut) -> MethodVerdict:
    if name == best:
        return _of_reference(name)
    mine = gaps.of_method(name)
    value, half = gaps.value[mine], gaps.width * gaps.error[mine]
    low, high = float((value - half).min()), float((value + half).min())
    seen = float(value.min())
    verdict = Verdict.BETTER if low > 0 else Verdict.WORSE if high < 0 else Verdict.UNSETTLED
    lower, upper = sorted((sign * low, sign * high))
    gap = Difference(metric, sign * seen, lower, upper, simultaneous=True)
    if verdict is not Verdict.UNSETTLED:
        return MethodVerdict(name, verdict, gap)
    share = more_needed(seen, float(gaps.error[mine][value.argmin()]), gaps.width)
    more, groups = counted_need(share, cases, score)
    return MethodVerdict(name, verdict, gap, more, groups)


def counted_need(share: float | None, cases: int, score: LeftOut) -> tuple[int | None, int | None]:
    """How many cases, and groups, so large a share of those at hand is; None where no number would do, or no groups."""
    if share is None or share * cases > MOST_CASES:
        return None, None
    return _rounded(share * cases), _rounded(share * score.units) if score.grouped else None


def more_needed(value: float, error: float, width: float) -> float | None:
    """How many more cases, as a multiple of those at hand, would settle a difference of this size; None if no number.

    Errors shrink with the root of the number of cases.
    """
    if value == 0 or not np.isfinite(error) or error == 0:
        return None
    return max(((width + POWER) * error / abs(value)) ** 2 - 1, 0.0)


def _rounded(number: float) -> int:
    """Up to two figures: it is a guess."""
    step = 10 ** max(len(str(int(number))) - 2, 0)
    return int(np.ceil(number / step) * step)
