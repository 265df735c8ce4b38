"""What kind of information is there: unique to an input, shared by two (redundant), or in both together only (synergy).

The partial information decomposition of Williams & Beer (2010, arXiv:1004.2515), with the unique information of
Bertschinger et al. (2014), of pairs of inputs, read off out-of-fold predictions of models of single inputs, pairs and
all (Liang et al. 2023, "Quantifying & Modeling Multimodal Interactions", NeurIPS, do alike):

    I(A)    = H(Y) - log-loss of the model of A      a lower bound of what A says of the target, in bits
    R       = r min(I(i), I(j)),  U_i = I(i) - R     r: the share that the decomposition gives, see below
    S       = I(i, j) - U_i - U_j - R

R and U depend on each input's own relation to the target only, so single models settle them: r is worked out on their
predictions, put in bins (`explain.redundancy`). Of values under Gaussian errors r is 1 (Barrett 2015, Phys. Rev. E 91).
Redundant is what either input alone would tell of the target; that the inputs are alike is neither needed nor enough.
For AND of two coins: U 0, R .311, S .5; for two copies that each err in a tenth: U 0, R .53, S .21 (two votes).

Limits: what a model does not find counts as not there (synergy first of all, which is hardest to learn); small
cohorts give coarse numbers, hence the intervals; only pairs are taken apart.

Legend: S seeds, N cases, K classes, D draws of a bootstrap (the first is the sample itself), X bins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mmcore.evaluation import resamples
from mmcore.explain.redundancy import table_information, union_information

_TEMPERATURES = np.geomspace(0.25, 64, 61)
_DRAWS, _FEWER = 500, 100  # of the bootstrap; fewer beyond two classes, whose minimum takes longer to find
_BINS, _FEW_BINS = 16, 6  # that predictions are put into, of two classes and of more, where one a class at least
_MANY = 10  # classes beyond which the share that is redundant is worked out for the sample only
_EITHER = (1.25, 98.75)  # percentiles that bound two quantities at once in 95%
_LEAST = 1e-3  # bits too few to be taken apart

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


@dataclass(frozen=True, eq=False)
class _ModelBits:
    """What the model of some inputs tells: bits [D], and, of single inputs of a cohort of classes, the joint
    probabilities [D or 1, X, K] of its binned predictions and the target."""

    bits: np.ndarray
    table: np.ndarray | None = None


def information(
    task: str,
    target: np.ndarray,
    outputs: Mapping[Inputs, np.ndarray],
    fold_of: np.ndarray,
    groups: Sequence[object] | np.ndarray | None = None,
    *,
    draws: int = _DRAWS,
) -> Information:
    """Take apart what models of single inputs, pairs and all inputs say, from their out-of-fold outputs.

    task: "binary", "multiclass" or "regression". target [N]. outputs: inputs of a model -> [S, N, K]. fold_of [N].
    Probabilities are averaged over seeds and brought to a fair confidence by a temperature fitted on the other folds.
    """
    target, fold_of = np.asarray(target, float), np.asarray(fold_of)
    tested = np.stack([np.isfinite(each).all((0, 2)) for each in outputs.values()]).all(0)
    keep = tested & (np.isfinite(target) if task == "regression" else np.isfinite(target) & (target >= 0))
    target, fold_of = target[keep], fold_of[keep]
    own_groups = None if groups is None else [group for group, used in zip(groups, keep, strict=True) if used]
    predictions = {inputs: each.mean(0)[keep] for inputs, each in outputs.items()}
    if task == "regression":
        weights = _weights(len(target), own_groups, draws)
        entropy, by_inputs = (
            float("nan"),
            {name: _of_values(target, each[:, 0], weights) for name, each in predictions.items()},
        )
    else:
        classes = next(iter(predictions.values())).shape[1]
        weights = _weights(len(target), own_groups, draws if classes == 2 else min(draws, _FEWER))
        labels = target.astype(int)
        prior = np.bincount(labels, minlength=classes) / len(labels)
        entropy = float(-(prior[prior > 0] * np.log2(prior[prior > 0])).sum())
        by_inputs = {
            name: _of_classes(labels, each, fold_of, weights, len(name) == 1) for name, each in predictions.items()
        }
    names = [inputs[0] for inputs in outputs if len(inputs) == 1]
    pairs = [
        _pair((a, b), by_inputs[a,], by_inputs[b,], by_inputs.get((a, b)) or by_inputs[b, a])
        for i, a in enumerate(names)
        for b in names[i + 1 :]
        if (a, b) in by_inputs or (b, a) in by_inputs
    ]
    every = next((inputs for inputs in outputs if len(inputs) == len(names) and len(inputs) > 1), None)
    return Information(
        entropy,
        {name: _bits(by_inputs[name,].bits) for name in names},
        pairs,
        _bits(by_inputs[every].bits) if every else None,
        len(target),
    )


def _pair(names: tuple[str, str], first: _ModelBits, second: _ModelBits, together: _ModelBits) -> Pair:
    a, b, share = first.bits, second.bits, _redundant_share(first, second)
    candidates = np.stack([share * a, share * b])  # the redundancy is the lesser of the two
    apart = np.clip(together.bits - (a + b - candidates), 0, None)  # and so is the synergy
    redundant, synergistic = candidates.min(0), apart.min(0)
    both = a + b - redundant + synergistic  # what any two inputs with these margins must tell, or more
    return Pair(
        names,
        (_of_greater(a - candidates), _of_greater(b - candidates)),
        _of_lesser(candidates),
        _of_lesser(apart),
        _bits(both),
        float(np.clip(a + b - both, 0, None)[0]),
        float(np.minimum(a, b)[0]),
    )


def _redundant_share(first: _ModelBits, second: _ModelBits) -> np.ndarray:
    """[D or 1] share of what the weaker input says that is redundant; nothing to take apart counts as none."""
    if first.table is None or second.table is None:
        return np.ones(len(first.bits))
    a, b = table_information(first.table), table_information(second.table)
    less = np.minimum(a, b)
    shared = a + b - union_information(first.table, second.table)
    return np.where(less > _LEAST, np.clip(shared / np.maximum(less, _LEAST), 0, 1), 0.0)


def _weights(count: int, groups: Sequence[object] | None, draws: int) -> np.ndarray:
    """[N, D] how often each case counts: once in the sample itself, then as often as it is drawn."""
    return np.concatenate([np.ones((count, 1), np.float32), resamples(count, groups, draws)], 1)


def _bits(values: np.ndarray) -> Bits:
    low, high = np.percentile(values[1:], [2.5, 97.5])
    return Bits(float(values[0]), float(low), float(high))


def _of_lesser(candidates: np.ndarray) -> Bits:
    """The lesser of two quantities [2, D]. Of equal ones it errs downwards, in each draw again, so its upper bound is
    the lesser of theirs."""
    least = _bits(candidates.min(0))
    high = float(np.percentile(candidates[:, 1:], _EITHER[1], axis=1).min())
    return Bits(least.mean, least.low, max(high, least.mean))


def _of_greater(candidates: np.ndarray) -> Bits:
    """The greater of two quantities [2, D], whose lower bound is the greater of theirs."""
    most = _bits(candidates.max(0))
    low = float(np.percentile(np.clip(candidates[:, 1:], 0, None), _EITHER[0], axis=1).max())
    return Bits(most.mean, min(low, most.mean), most.high)


def _of_classes(
    labels: np.ndarray, probabilities: np.ndarray, fold_of: np.ndarray, weights: np.ndarray, single: bool
) -> _ModelBits:
    """labels: [N]. probabilities: [N, K], out of fold. weights: [N, D]."""
    logs = np.log(np.clip(probabilities, 1e-6, 1))
    fair = np.zeros_like(logs)
    for fold in np.unique(fold_of):
        here, others = fold_of == fold, fold_of != fold
        others = others if others.any() else here
        fair[here] = _log_softmax(logs[here] / _temperature(logs[others], labels[others]))
    classes = np.eye(logs.shape[1])[labels]  # [N, K]
    share = weights / weights.sum(0)
    prior = share.T @ classes  # [D, K]
    losses = -(fair * classes).sum(1)
    entropy = -(prior * np.log2(np.where(prior > 0, prior, 1))).sum(1)
    bits = np.clip(entropy - (losses @ share) / np.log(2), 0, None)
    if not single:
        return _ModelBits(bits)
    worked_out = slice(None) if logs.shape[1] <= _MANY else slice(1)
    return _ModelBits(bits, _tables(np.exp(fair), share[:, worked_out], prior[worked_out]))


def _tables(probabilities: np.ndarray, share: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """[D, X, K] joint probabilities of binned predictions and the target, with the share of the classes `prior`."""
    bins = _binned(probabilities)
    tables = np.stack([share.T @ (bins * probabilities[:, [k]]) for k in range(probabilities.shape[1])], -1)
    mass = tables.sum(-1, keepdims=True)
    for _turn in range(20):  # predictions are fair on average only about
        tables = tables * (prior[:, None] / np.maximum(tables.sum(1, keepdims=True), 1e-12))
        tables = tables * (mass / np.maximum(tables.sum(-1, keepdims=True), 1e-12))
    return tables * (prior[:, None] / np.maximum(tables.sum(1, keepdims=True), 1e-12))


def _binned(probabilities: np.ndarray) -> np.ndarray:
    """[N, X] which of a few bins a prediction [N, K] lies in: equally filled ones, or clusters beyond two classes."""
    if probabilities.shape[1] == 2:
        values = np.round(probabilities[:, 1], 6)
        edges = np.unique(np.quantile(values, np.linspace(0, 1, _BINS + 1)[1:-1], method="nearest"))
        codes = np.searchsorted(edges, values, side="right")
    else:
        from sklearn.cluster import KMeans

        count = min(max(_FEW_BINS, probabilities.shape[1]), len(np.unique(np.round(probabilities, 6), axis=0)))
        codes = KMeans(count, n_init=4, random_state=0).fit_predict(np.sqrt(probabilities))
    return (codes[:, None] == np.unique(codes)).astype(float)


def _temperature(logs: np.ndarray, labels: np.ndarray) -> float:
    at = np.arange(len(labels))
    losses = [-_log_softmax(logs / t)[at, labels].mean() for t in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(losses))])


def _log_softmax(logs: np.ndarray) -> np.ndarray:
    logs = logs - logs.max(1, keepdims=True)
    return logs - np.log(np.exp(logs).sum(1, keepdims=True))


def _of_values(target: np.ndarray, predicted: np.ndarray, weights: np.ndarray) -> _ModelBits:
    """The same for values under Gaussian errors: bits beyond the mean."""
    apart, missed = target - target.mean(), target - predicted
    before, after = max(apart.var(), 1e-12), max((missed**2).mean(), 1e-12)
    gain = 0.5 * np.log2(before / after) + (apart**2 / before - missed**2 / after) / (2 * np.log(2))  # [N]
    return _ModelBits(np.clip(gain @ weights / weights.sum(0), 0, None))
