"""How a method does in parts of a cohort (by sex, age, site, any column, or two at once), against the cases outside.

    compared = compare_subgroups(task, target, outputs, parts_of(table, ["sex", "age"]), groups)
    compared.rows[0].verdict is SubgroupVerdict.WORSE

Who looks at many parts finds one that does badly by chance. So a verdict is given only where the difference between the
cases inside and outside stands after Holm's correction (1979) for all parts that were looked at, and how many these
were is said. Legend: S seeds, N cases, K outputs, U units (groups, or cases).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from scipy import stats

from mmcore.evaluation.intervals import Caution, Interval, critical, interval_of, obstacle
from mmcore.evaluation.jackknife import LeftOut
from mmcore.evaluation.metrics import lower_is_better, primary_of
from mmcore.evaluation.scored_cases import ScoredCases
from mmcore.training.tasks import Task

LEAST = 20  # cases below which a part is only counted
BANDS = 3  # of a column of numbers, with as many cases in each
MOST = 12  # parts of a column of words; one with more does not divide a cohort
CERTAIN = 0.05  # chance, at most, that any verdict is given among parts that are all alike
_CODES = 6  # different numbers up to which each is a part of its own
_PEOPLE = re.compile(r"^(sex|gender|age|site|centre|center|hospital|device|scanner|性别|年龄)$", re.IGNORECASE)


class SubgroupVerdict(StrEnum):
    """How a part stands to the cases outside it."""

    WORSE = "worse"
    BETTER = "better"
    UNSETTLED = "unsettled"
    TOO_FEW = "too_few"  # cases, or cases of a class, for an interval that holds


@dataclass(frozen=True, eq=False)
class CohortPart:
    """Cases that share something: rows [N] bool. columns: what divides them, one or two."""

    name: str
    columns: tuple[str, ...]
    rows: np.ndarray


@dataclass(frozen=True)
class Subgroup:
    """One part: its labelled cases, its score, and what lies between it and the other cases.

    difference: inside less outside, with its own 95% interval (low, high). p: after Holm's correction. NaN where there
    are too few cases.
    """

    name: str
    columns: tuple[str, ...]
    cases: int
    score: Interval
    difference: float
    low: float
    high: float
    p: float
    verdict: SubgroupVerdict


@dataclass(frozen=True)
class ComparedSubgroups:
    """rows: in the order of the parts. whole: the score of all cases. looked_at: parts that were compared."""

    metric: str
    whole: Interval
    rows: tuple[Subgroup, ...]
    looked_at: int

    def of(self, verdict: SubgroupVerdict) -> list[Subgroup]:
        """The parts of this verdict, the largest difference first."""
        return sorted((r for r in self.rows if r.verdict is verdict), key=lambda row: -abs(row.difference))


def columns_of_people(table: pd.DataFrame) -> list[str]:
    """Columns that divide people or machines as their names say: sex, age, site, device."""
    return [str(name) for name in table.columns if _PEOPLE.search(str(name).strip()) and parts_of_column(table[name])]


def parts_of_column(values: pd.Series) -> dict[str, np.ndarray]:
    """Name -> [N] bool: bands of numbers, or each word; none where the column does not divide the cases."""
    if pd.api.types.is_numeric_dtype(values) and values.nunique() > _CODES:
        numbers = values.astype(float)
        bounds = np.unique(np.round(np.nanquantile(numbers, np.linspace(0, 1, BANDS + 1)), _digits(numbers)))
        whole = bool((numbers.dropna() % 1 == 0).all())
        bounds = np.unique(np.ceil(bounds)) if whole else bounds
        bounds[0], bounds[-1] = numbers.min(), numbers.max()
        ends = list(itertools.pairwise(bounds.tolist()))
        return {
            _band(low, high, whole and high != bounds[-1]): (
                (numbers >= low) & ((numbers < high) | (high == bounds[-1]))
            ).to_numpy(bool)
            for low, high in ends
        }
    text = _whole(values).astype("string")
    common = text.value_counts().index
    if not 2 <= len(common) <= MOST:
        return {}
    return {str(name): (text == name).to_numpy(dtype=bool, na_value=False) for name in common}


def _band(low: float, high: float, before: bool) -> str:
    """A band of numbers in words. before: of whole numbers up to the one before `high`, with which the next begins."""
    last = high - 1 if before else high
    return f"{low:g}" if last == low else f"{low:g}–{last:g}"


def _whole(values: pd.Series) -> pd.Series:
    """Whole numbers without a fraction, so that a code reads "1" and not "1.0"."""
    numbers = pd.api.types.is_float_dtype(values)
    return values.astype("Int64") if numbers and (values.dropna() % 1 == 0).all() else values


def parts_of(table: pd.DataFrame, columns: Sequence[str], *, pairs: bool = False) -> list[CohortPart]:
    """The parts by each of these columns and, if asked for, by every two of them together; empty ones left out."""
    by_column = {column: parts_of_column(table[column]) for column in columns}
    parts = [
        CohortPart(f"{column}: {name}", (column,), rows)
        for column, own in by_column.items()
        for name, rows in own.items()
    ]
    if pairs:
        parts += [
            CohortPart(f"{first.name}, {second.name}", (*first.columns, *second.columns), first.rows & second.rows)
            for first, second in itertools.combinations(parts, 2)
            if first.columns != second.columns
        ]
    return [part for part in parts if part.rows.any()]


def compare_subgroups(
    task: Task | str,
    target: np.ndarray,
    outputs: np.ndarray,
    parts: Sequence[CohortPart],
    groups: Sequence[object] | np.ndarray | None = None,
    *,
    metric: str | None = None,
) -> ComparedSubgroups:
    """The score inside each part against that of all other cases.

    target [N]; outputs [S, N, K]; groups [N] or None: those that lie on both sides are allowed for. metric: by default
    the one methods are compared by. Intervals hold for these very models: training on other cases is not counted in.
    """
    scored = ScoredCases.of(task, target, outputs, groups)
    name = metric or primary_of(scored.task)
    whole = _score(scored, np.ones(len(scored.target), bool), name)
    rows: list[tuple[CohortPart, int, Interval, tuple[float, float, float]]] = []
    for part in parts:
        inside = part.rows[scored.rows]
        rows.append((part, int(inside.sum()), *_against_others(scored, inside, name)))
    adjusted = _holm([gap[2] for *_part, gap in rows])
    compared = [
        Subgroup(part.name, part.columns, cases, score, difference, difference - half, difference + half, p,
                 _verdict(name, difference, p))
        for (part, cases, score, (difference, half, _p)), p in zip(rows, adjusted, strict=True)
    ]  # fmt: skip
    return ComparedSubgroups(name, interval_of(name, whole), tuple(compared), int(np.isfinite(adjusted).sum()))


def _score(scored: ScoredCases, rows: np.ndarray, metric: str) -> LeftOut:
    groups = None if scored.groups is None else scored.groups[rows]
    return ScoredCases(scored.task, scored.target[rows], scored.by_seed[:, rows], groups, rows).left_out([metric])[
        metric
    ]


def _against_others(
    scored: ScoredCases, inside: np.ndarray, metric: str
) -> tuple[Interval, tuple[float, float, float]]:
    """The score inside, and (difference, half of its interval, p); NaN where there are too few cases."""
    nan = float("nan")
    if inside.sum() < LEAST or (~inside).sum() < LEAST:
        return Interval(nan, nan, nan, nan, note=Caution.FEW_CASES), (nan, nan, nan)
    own, others = _score(scored, inside, metric), _score(scored, ~inside, metric)
    score = interval_of(metric, own)
    if obstacle(metric, own) or obstacle(metric, others):
        return score, (nan, nan, nan)
    influence = _shared_influence(scored, inside, own, others)
    squares = influence**2
    variance = max(float(squares.sum()), own.least_variance + others.least_variance)
    uneven = float((squares**2).sum() / max(squares.sum() ** 2, 1e-300)) - 1 / len(squares)
    freedom = float(np.clip(2 / max(uneven, 1e-12), 1, len(squares) - 2))
    difference, error = float(own.value[0] - others.value[0]), variance**0.5
    p = float(2 * stats.t.sf(abs(difference) / max(error, 1e-150), freedom))
    return score, (difference, float(critical(freedom)) * error, p)


def _shared_influence(scored: ScoredCases, inside: np.ndarray, own: LeftOut, others: LeftOut) -> np.ndarray:
    """[U] what each unit contributes to the error of the difference; a group on both sides counts once."""
    both: dict[str, float] = {}
    for rows, score, sign in ((inside, own, 1.0), (~inside, others, -1.0)):
        names = np.array([]) if scored.groups is None else np.asarray(scored.groups).astype(str)[rows]
        units = np.unique(names) if score.grouped else names  # groups of a single case each stand in their own order
        if len(units) != score.units:  # cases without groups, or left out in blocks
            return np.concatenate([own.influence[0], others.influence[0]])
        for name, value in zip(units, score.influence[0], strict=True):
            both[name] = both.get(name, 0.0) + sign * value
    return np.array(list(both.values()))


def _holm(values: Sequence[float]) -> np.ndarray:
    """Holm's adjusted p of those that are numbers; NaN stays."""
    p = np.asarray(values, float)
    adjusted, order = np.full(len(p), np.nan), [i for i in np.argsort(p) if np.isfinite(p[i])]
    so_far = 0.0
    for place, i in enumerate(order):
        so_far = max(so_far, min(1.0, float(p[i]) * (len(order) - place)))
        adjusted[i] = so_far
    return adjusted


def _verdict(metric: str, difference: float, p: float) -> SubgroupVerdict:
    if not np.isfinite(p):
        return SubgroupVerdict.TOO_FEW
    if p >= CERTAIN:
        return SubgroupVerdict.UNSETTLED
    return SubgroupVerdict.WORSE if (difference > 0) == lower_is_better(metric) else SubgroupVerdict.BETTER


def _digits(numbers: pd.Series) -> int:
    """Decimals that bounds of bands are rounded to: three figures of the spread."""
    spread = float(numbers.max() - numbers.min())
    return int(np.clip(2 - np.floor(np.log10(spread)), 0, 8)) if spread > 0 else 0
