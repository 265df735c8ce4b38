"""Sets of labels as whole numbers: what is true of a case where several things may be true at once.

A set is coded by one number, bit k of it for label k, so that the target of every task is one number a case: an array
of any shape holds them, and -1 stands for "not known". Legend: N cases, L labels.
"""

from __future__ import annotations

import numpy as np

MOST_LABELS = 24  # a float32 holds whole numbers of so many bits exactly
SEPARATOR = "|"  # between labels of one cell, as cohorts are written
BETWEEN = ", "  # labels as people read them
NO_LABEL = "(none)"  # of a case of which none of the labels is true


def memberships(codes: np.ndarray, labels: int) -> np.ndarray:
    """Which labels each set holds: codes [...] -> [..., L] bool. A negative code holds none."""
    whole = np.maximum(np.asarray(codes, float), 0).astype(np.int64)
    held: np.ndarray = (whole[..., None] >> np.arange(labels)) & 1 == 1
    return held


def codes_of(held: np.ndarray) -> np.ndarray:
    """The reverse: [..., L] bool -> codes [...]."""
    codes: np.ndarray = (np.asarray(held, np.int64) << np.arange(np.shape(held)[-1])).sum(-1)
    return codes


def rarest_labels(codes: np.ndarray, labels: int) -> np.ndarray:
    """[N] number of the rarest label that each set holds, L for sets that hold none, -1 for what is not known.

    What folds are balanced by, and what is given to whoever can take one class a case only.
    """
    codes = np.nan_to_num(np.asarray(codes, float), nan=-1)
    held = memberships(codes, labels)
    counts = held[codes >= 0].sum(0)
    scarcity = np.where(held, counts, len(codes) + 1)
    rarest = np.where(held.any(-1), scarcity.argmin(-1), labels)
    return np.where(codes < 0, -1, rarest).astype(np.int64)


def names_of(code: float, labels: tuple[str, ...]) -> list[str]:
    """The labels that a set holds, in order."""
    return [name for name, held in zip(labels, memberships(np.array(code), len(labels)), strict=True) if held]
