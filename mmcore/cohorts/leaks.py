"""Does one column alone settle the target? Then it is likely written from the target, not a cause to learn from."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pandas as pd

from mmcore.cohorts.names import class_name
from mmcore.cohorts.several_labels import several_labels

_WRONG = 0.005  # share of cases that may go against it, where classes are of one size; of rare classes less
_PART = 0.2  # of the cases with a label that rare codes, which could tell by chance, may leave open
_MANY = 5000  # cells that are looked at first
_TOGETHER = 2**21  # cells of several columns that are looked at together
_CASES, _PER_CLASS = 30, 5  # with fewer, a perfect match may be chance


def settles(column: pd.Series, target: np.ndarray) -> bool:
    """Whether this column alone gives the target. target [N]: class index (-1 unlabelled) or float (NaN unlabelled);
    [N, L] for several labels, each 0 or 1: a column that gives one of them settles the target, a word has to give all.
    """
    if target.ndim == 2:
        labels = list(target.T)
        return (
            any(_settles(column, label, words=False) for label in labels)
            or all(_settles(column, label, words=True) for label in labels)
            or _other_labels_settle(column, labels)
        )
    return _settles(column, target, words=True)


def may_settle(table: pd.DataFrame, target: np.ndarray) -> set[str]:
    """Columns for which `settles` has to be asked: all but those of numbers that, told many at once, settle nothing.

    target: as there. There may be thousands of columns, each of which takes `settles` as long as pandas needs for one.
    """
    every = {*table.columns}
    if target.ndim != 1 or target.dtype.kind == "f":
        return every
    floats = [name for name, dtype in table.dtypes.items() if dtype == np.float64]
    labelled = target >= 0
    target = target[labelled]
    counts = np.bincount(target)[np.unique(target)] if len(target) else np.zeros(0, int)
    if len(target) < _CASES or len(counts) < 2 or counts.min() < _PER_CLASS:
        return every
    together, wrong = max(1, _TOGETHER // len(target)), _wrong_allowed(counts)
    for first in range(0, len(floats), together):
        names = floats[first : first + together]
        values = table[names].to_numpy()[labelled]
        may = _few_values(values, len(target)) | _may_be_parted(values, target, wrong)
        every -= {name for name, yes in zip(names, may, strict=True) if not yes}
    return every


def _few_values(values: np.ndarray, cases: int) -> np.ndarray:
    """[columns] bool: so few different numbers that each might go with one class."""
    first = np.sort(values[:_MANY], axis=0)  # empty cells come last
    return 1 + (first[1:] > first[:-1]).sum(axis=0) <= max(2, cases / 10)


def _may_be_parted(values: np.ndarray, target: np.ndarray, wrong: float) -> np.ndarray:
    """[columns] bool: whether two classes might lie on two sides of a number, were equal numbers told apart."""
    classes = np.unique(target)
    if len(classes) != 2:
        return np.zeros(values.shape[1], bool)
    empty = np.isnan(values).sum(axis=0)
    positive = (target == classes[1])[values.argsort(axis=0)]  # [N, columns]
    size, total, seen = np.arange(1, len(target) + 1)[:, None], (target == classes[1]).sum(), positive.cumsum(axis=0)
    against = 2 * seen + len(target) - total - size
    return np.minimum(against, len(target) - against).min(axis=0) <= wrong + empty


def _other_labels_settle(column: pd.Series, labels: list[np.ndarray]) -> bool:
    """A column of labels, too, some of which are true exactly where one of these is: finer codes of the same."""
    finer = several_labels(column)
    if finer is None:
        return False
    cells = [finer.cells.get(class_name(cell) or "", frozenset()) for cell in column]
    for label in labels:
        of, among = Counter(n for own, held in zip(cells, label, strict=True) if held == 1 for n in own), finer.counts
        telling = {name for name, count in among.items() if count >= _PER_CLASS and of[name] >= (1 - _WRONG) * count}
        hit = np.array([bool(own & telling) for own in cells])
        if (label == 1).sum() >= _PER_CLASS and (hit != (label == 1)).sum() <= _PART * (label == 1).sum():
            return True
    return False


def _settles(column: pd.Series, target: np.ndarray, *, words: bool) -> bool:
    regression = target.dtype.kind == "f"
    labelled = ~np.isnan(target) if regression else target >= 0
    target = target[labelled]
    if len(target) < _CASES:
        return False
    if column.dtype == float and not regression:  # thousands of columns: pandas takes as long as all the rest
        column = pd.Series(column.to_numpy()[labelled], copy=False)
    else:
        column = column[labelled]
    if regression:
        return _copies(column, target)
    counts = np.bincount(target)
    counts = counts[counts > 0]
    if len(counts) < 2 or counts.min() < _PER_CLASS:
        return False
    wrong = _wrong_allowed(counts)
    if pd.api.types.is_numeric_dtype(column) and _threshold_settles(column.to_numpy(), target, wrong):
        return True
    return _value_settles(column, target, wrong) or (
        words and not pd.api.types.is_numeric_dtype(column) and _word_settles(column, target, wrong)
    )


def _wrong_allowed(counts: np.ndarray) -> float:
    """How many cases may go against a column that settles the target.

    Measured against the majority rate: where 1 case of 200 is an event, what says nothing is wrong of 1 in 200 only.
    """
    return _WRONG * min(counts.sum(), 2 * (counts.sum() - counts.max()))


def _copies(column: pd.Series, target: np.ndarray) -> bool:
    if not pd.api.types.is_numeric_dtype(column) or column.isna().mean() > 0.5:
        return False
    there = column.notna().to_numpy()
    a, b = column[there].to_numpy(), target[there]
    return a.std() > 0 and b.std() > 0 and abs(float(np.corrcoef(a, b)[0, 1])) > 0.9999


def _value_settles(column: pd.Series, target: np.ndarray, wrong: float) -> bool:
    """Each value (empty is one) goes with one class, though values repeat enough for that not to be trivial."""
    numeric = pd.api.types.is_numeric_dtype(column)
    if numeric and len(np.unique(column.to_numpy()[:_MANY])) > max(2, len(target) / 10):
        return False  # too many different ones already, so that thousands of columns need not be counted
    values, names = pd.factorize(column, use_na_sentinel=True)
    if len(names) + bool((values < 0).any()) > max(2, len(target) / 10):
        return False
    counts = np.zeros((len(names) + 1, int(target.max()) + 1), dtype=np.int64)
    np.add.at(counts, (values + 1, target), 1)
    return len(target) - counts.max(axis=1).sum() <= wrong


def _threshold_settles(column: np.ndarray, target: np.ndarray, allowed: float) -> bool:
    """Two classes lie on two sides of one number."""
    there = ~np.isnan(column)
    classes = np.unique(target)
    if len(classes) != 2 or there.mean() < 1 - _WRONG:
        return False
    order = np.argsort(column[there], kind="stable")
    numbers, positive = column[there][order], target[there][order] == classes[1]
    size, total, seen = np.arange(1, len(positive) + 1), positive.sum(), np.cumsum(positive)
    wrong = seen + (len(positive) - total) - (size - seen)  # were all up to here negative, and all beyond positive
    wrong = np.minimum(wrong, len(positive) - wrong)
    cut = np.append(numbers[1:] > numbers[:-1], True)  # equal numbers cannot be told apart
    return int(wrong[cut].min()) <= allowed


def _word_settles(column: pd.Series, target: np.ndarray, wrong: float) -> bool:
    """Words that, by being there or not, give the classes: the codes a label was made from, for instance."""
    bags = [set(re.findall(r"\w+", text.lower())) if isinstance(text, str) else set() for text in column]
    total = Counter(word for bag in bags for word in bag)

    def has_word(c: int) -> bool:
        inside = Counter(word for bag, t in zip(bags, target, strict=True) if t == c for word in bag)
        outside = int((target != c).sum())
        return any(2 * inside[word] - count + outside >= len(target) - wrong for word, count in total.items())

    classes = np.unique(target)
    mentioned = (has_word(c) for c in classes)
    return any(mentioned) if len(classes) == 2 else all(mentioned)
