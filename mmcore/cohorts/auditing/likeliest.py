"""Which of very many columns may tell the target: a quick look, so that only those are tried with a model each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import rankdata

MOST, TRIED = 200, 40  # columns that are tried with a model each; and how many of them where there are more


def likeliest(names: Sequence[str], features: Sequence[np.ndarray], target: np.ndarray, task: str) -> list[str]:
    """All names where they are few, else the TRIED whose features go best with the target, in the order given.

    features: of each name, [N] or [N, P]. target: [N], NaN where it is not known. Ranks are correlated with the target,
    or with each class of it, since AUROC asks for no more.
    """
    if len(names) <= MOST:
        return list(names)
    rows = np.isfinite(target)
    of_target = _ranked(_columns_of(target[rows], task))
    blocks = [np.reshape(block, (len(target), -1))[rows] for block in features]
    owners = np.repeat(np.arange(len(names)), [block.shape[1] for block in blocks])
    strengths = np.zeros(len(names))
    if len(owners):
        links = np.abs(of_target.T @ _ranked(np.concatenate(blocks, 1))).max(0)
        np.maximum.at(strengths, owners, links)
    return [names[place] for place in np.sort(np.argsort(-strengths, kind="stable")[:TRIED])]


def _columns_of(target: np.ndarray, task: str) -> np.ndarray:
    """[n, K] the target, or a flag for each class."""
    if task == "regression":
        return target[:, None]
    return (target[:, None] == np.unique(target)).astype(float)


def _ranked(columns: np.ndarray) -> np.ndarray:
    """[n, P] ranks of each column, centred, of length one; 0 where all are the same."""
    ranks = rankdata(columns, axis=0)
    ranks -= ranks.mean(0)
    length = np.linalg.norm(ranks, axis=0)
    return ranks / np.where(length > 0, length, 1)
