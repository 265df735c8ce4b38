"""Numbers that stand for a case in an audit: what encoders made of it where that is at hand, else cheap sketches."""

from __future__ import annotations

import numpy as np
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from mmcore.base.values import Kind
from mmcore.cohorts.auditing.association import design
from mmcore.cohorts.auditing.base import AuditedCohort

WIDTH = 24  # numbers an input is summed up to
WIDE, WIDE_TO = 400, 64  # flags and values of a table from which it is summed up as well, and to how many numbers


def numbers_of(audited: AuditedCohort, input: str) -> np.ndarray:
    """[N, P] standardised, NaN in rows where the input is missing or says too little; P is at most WIDTH or, of a
    table, the number of its flags and values, at most WIDE. Worked out once for all checks."""
    if input not in audited.numbers:
        audited.numbers[input] = _numbers_of(audited, input)
    return audited.numbers[input]


def _numbers_of(audited: AuditedCohort, input: str) -> np.ndarray:
    spec = audited.cohort.inputs[input]
    if spec.kind is Kind.TABLE:
        values = design(audited.cohort.table[list(spec.columns)])
        there = np.ones(len(values), bool)
        if values.shape[1] > WIDE and len(values) > 2:
            spread = values.std(0)
            values = ((values - values.mean(0)) / np.where(spread > 0, spread, 1)).astype(np.float32)
            values = PCA(min(WIDE_TO, len(values) - 1), svd_solver="randomized", random_state=0).fit_transform(values)
    elif input in audited.features:
        values = audited.features[input]
        there = np.isfinite(values).all(1)
    elif spec.kind is Kind.TEXT:
        texts = [facts.text if (facts := audited.facts[input].get(id)) else "" for id in audited.ids]
        there = np.array([bool(text) for text in texts])
        values = _of_texts(texts)
    else:
        sketches = [facts.coarse if (facts := audited.facts[input].get(id)) else None for id in audited.ids]
        size = max((len(s) for s in sketches if s is not None), default=0)
        there = np.array([s is not None and len(s) == size for s in sketches], bool)
        values = np.stack([s if s is not None and len(s) == size else np.zeros(size) for s in sketches])
    return _summed_up(values.astype(float), there, spec.kind is not Kind.TABLE)


def all_numbers(audited: AuditedCohort) -> np.ndarray:
    """[N, P] of all inputs side by side; what is missing is 0, the average."""
    parts = [np.nan_to_num(numbers_of(audited, input)) for input in audited.cohort.inputs]
    return np.concatenate(parts, 1) if parts else np.zeros((len(audited.ids), 0))


def _of_texts(texts: list[str]) -> np.ndarray:
    try:
        words = TfidfVectorizer(min_df=2, sublinear_tf=True, token_pattern=r"(?u)\b\w+\b").fit_transform(texts)
    except ValueError:  # no word occurs twice
        return np.zeros((len(texts), 0))
    return TruncatedSVD(max(1, min(WIDTH, words.shape[1] - 1)), random_state=0).fit_transform(words)


def _summed_up(values: np.ndarray, there: np.ndarray, compress: bool) -> np.ndarray:
    result = np.full((len(values), min(WIDTH, values.shape[1]) if compress else values.shape[1]), np.nan)
    if there.sum() < 3 or not values.shape[1]:
        return result[:, :0]
    rows = values[there]
    if compress:
        count = min(result.shape[1], len(rows) - 1)
        rows, result = PCA(count, random_state=0).fit_transform(rows), result[:, :count]
    spread = rows.std(0)
    result[there] = (rows - rows.mean(0)) / np.where(spread > 0, spread, 1)
    return result
