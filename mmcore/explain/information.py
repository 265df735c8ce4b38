"""What kind of information is there: unique to an input, shared by two (redundant), or in both together only (synergy).

A proxy for the partial information decomposition (Williams & Beer 2010, arXiv:1004.2515; Liang et al. 2023,
"Quantifying & Modeling Multimodal Interactions", NeurIPS), read off out-of-fold predictions of models of single inputs,
pairs and all:

    I(A) = H(Y) - log-loss of the model of A      a lower bound of what A says of the target, in bits
    c    = I(i) + I(j) - I(i, j)                  redundancy less synergy, whatever the decomposition
    R    = min(I(i), I(j), I(p_i; p_j)), at least max(0, c), at most min(I(i), I(j))
    U_i  = I(i) - R,  U_j = I(j) - R,  S = R - c

Two inputs cannot share more about the target than their predictions share with one another, I(p_i; p_j); that keeps
independent inputs of equal strength from being called redundant, as the plain minimum would.

Limits: what a model does not find counts as not there (synergy first of all, which is hardest to learn); small
cohorts give coarse numbers, hence the intervals; I(p_i; p_j) is that of Gaussian ranks; only pairs are taken apart.

Legend: S seeds, N cases, K classes, R resamples here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mmcore.evaluation import resamples

_TEMPERATURES = np.geomspace(0.25, 8, 41)
_DRAWS = 500

Inputs = tuple[str, ...]


@dataclass(frozen=True)
class Bits:
    """An estimate in bits with its 95% interval (bootstrap over cases, whole groups together)."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Pair:
    """How two inputs share what they say: unique to each, redundant, synergistic, and `both` together.

    least, most: the redundancy that any decomposition must have, and the largest it can have.
    """

    inputs: tuple[str, str]
    unique: tuple[Bits, Bits]
    redundant: Bits
    synergistic: Bits
    both: Bits
    least: float
    most: float


@dataclass(frozen=True)
class Information:
    """entropy: of the target, in bits (regression: nan). alone: input -> its information. whole: of all inputs."""

    entropy: float
    alone: dict[str, Bits]
    pairs: list[Pair]
    whole: Bits | None
    cases: int


def information(
    task: str,
    target: np.ndarray,
    outputs: Mapping[Inputs, np.ndarray],
    fold_of: np.ndarray,
    groups: Sequence[object] | None = None,
    *,
    draws: int = _DRAWS,
) -> Information:
    """Take apart what models of single inputs, pairs and all inputs say, from their out-of-fold outputs.

    task: "binary", "multiclass" or "regression". target [N]. outputs: inputs of a model -> [S, N, K]. fold_of [N].
    Probabilities are averaged over seeds and brought to a fair confidence by a temperature fitted on the other folds.
    """
    target, fold_of = np.asarray(target, float), np.asarray(fold_of)
    whole = np.stack([np.isfinite(one).all((0, 2)) for one in outputs.values()]).all(0)
    keep = whole & (np.isfinite(target) if task == "regression" else np.isfinite(target) & (target >= 0))
    target, fold_of = target[keep], fold_of[keep]
    groups = None if groups is None else np.asarray(groups)[keep]
    weights = np.concatenate([np.ones((len(target), 1), np.float32), resamples(len(target), groups, draws)], 1)
    told, scores, entropy = {}, {}, float("nan")
    if task == "regression":
        for name, one in outputs.items():
            told[name], scores[name] = _of_values(target, one.mean(0)[keep, 0])
    else:
        labels = target.astype(int)
        prior = np.bincount(labels, minlength=next(iter(outputs.values())).shape[2]) / len(labels)
        entropy = float(-(prior[prior > 0] * np.log2(prior[prior > 0])).sum())
        for name, one in outputs.items():
            told[name], scores[name] = _of_classes(labels, one.mean(0)[keep], fold_of, prior)
    total = weights.sum(0)
    bits = {name: np.clip(case @ weights / total, 0, None) for name, case in told.items()}  # [1 + draws]
    inputs = [name[0] for name in outputs if len(name) == 1]
    pairs = [
        _pair((a, b), bits, scores, weights)
        for i, a in enumerate(inputs)
        for b in inputs[i + 1 :]
        if (a, b) in bits or (b, a) in bits
    ]
    every = next((name for name in outputs if len(name) == len(inputs) and len(name) > 1), None)
    return Information(
        entropy,
        {name: _bits(bits[name,]) for name in inputs},
        pairs,
        _bits(bits[every]) if every else None,
        len(target),
    )


def _pair(
    names: tuple[str, str], bits: Mapping[Inputs, np.ndarray], scores: Mapping[Inputs, np.ndarray], weights
) -> Pair:
    a, b = names
    one, other = bits[a,], bits[b,]
    both = np.maximum(bits[names] if names in bits else bits[b, a], np.maximum(one, other))  # two know what one knows
    less = one + other - both
    least, most = np.clip(less, 0, None), np.minimum(one, other)
    redundant = np.clip(np.minimum(most, _shared(scores[a,], scores[b,], weights)), np.minimum(least, most), most)
    return Pair(
        names,
        (_bits(one - redundant), _bits(other - redundant)),
        _bits(redundant),
        _bits(redundant - less),
        _bits(both),
        float(least[0]),
        float(most[0]),
    )


def _bits(values: np.ndarray) -> Bits:
    low, high = np.percentile(values[1:], [2.5, 97.5])
    return Bits(float(values[0]), float(low), float(high))


def _of_classes(target: np.ndarray, said: np.ndarray, fold_of: np.ndarray, prior: np.ndarray):
    """Bits [N] that each prediction [N, K] says of its case beyond the prior, and its log-ratios [N, K - 1]."""
    logs = np.log(np.clip(said, 1e-6, 1))
    fair = np.zeros_like(logs)
    for fold in np.unique(fold_of):
        here, others = fold_of == fold, fold_of != fold
        others = others if others.any() else here
        fair[here] = _log_softmax(logs[here] / _temperature(logs[others], target[others]))
    at = np.arange(len(target))
    return (fair[at, target] - np.log(prior[target])) / np.log(2), logs[:, 1:] - logs[:, :1]


def _temperature(logs: np.ndarray, target: np.ndarray) -> float:
    at = np.arange(len(target))
    losses = [-_log_softmax(logs / t)[at, target].mean() for t in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(losses))])


def _log_softmax(logs: np.ndarray) -> np.ndarray:
    logs = logs - logs.max(1, keepdims=True)
    return logs - np.log(np.exp(logs).sum(1, keepdims=True))


def _of_values(target: np.ndarray, said: np.ndarray):
    """The same for values under Gaussian errors: bits [N] beyond the mean, and the prediction [N, 1]."""
    apart, missed = target - target.mean(), target - said
    before, after = max(apart.var(), 1e-12), max((missed**2).mean(), 1e-12)
    return 0.5 * np.log2(before / after) + (apart**2 / before - missed**2 / after) / (2 * np.log(2)), said[:, None]


def _shared(a: np.ndarray, b: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Mutual information of two predictions [N, d] in bits, [draws]: that of Gaussians with the same rank correlation.

    Less what chance alone gives on so few cases.
    """
    a, b = _normal_scores(a), _normal_scores(b)
    share = weights / weights.sum(0)
    joint = np.concatenate([a, b], 1)
    width = a.shape[1]
    mean = share.T @ joint  # [draws, 2d]
    second = np.einsum("nr,ni,nj->rij", share, joint, joint, optimize=True)
    cover = second - mean[:, :, None] * mean[:, None] + 1e-6 * np.eye(2 * width)
    own, other, both = (
        np.linalg.slogdet(part).logabsdet for part in (cover[:, :width, :width], cover[:, width:, width:], cover)
    )
    bits = 0.5 * (own + other - both) / np.log(2)
    return np.clip(bits - width**2 / (2 * len(a) * np.log(2)), 0, None)


def _normal_scores(values: np.ndarray) -> np.ndarray:
    from scipy.stats import norm, rankdata

    ranks = np.apply_along_axis(rankdata, 0, values)
    return norm.ppf((ranks - 0.5) / len(values))
