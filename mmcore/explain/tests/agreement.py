"""Does attention say what attributions say that do not ask it? Rank correlations, case by case.

After Jain & Wallace 2019, "Attention is not Explanation", NAACL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mmcore.explain.attribution import Attribution
from mmcore.explain.token_weights import TokenWeights


def agreement(
    attention: TokenWeights, attributions: Mapping[str, Attribution], shapley: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Rank correlation of attention with the size of each attribution, and of Shapley values of inputs (`shapley`).

    Over all tokens, or over inputs where the method weighs only those.
    """
    names = list(attention.values)
    by_attribution = {}
    for name, attribution in attributions.items():
        if attention.level == "tokens":
            weights = np.concatenate([attention.values[n] for n in names]) if names else np.zeros(0)
            sizes = np.concatenate([np.abs(attribution.values[n]) for n in names]) if names else np.zeros(0)
        else:
            weights, sizes = _of(attention.inputs, names), np.abs(_of(attribution.inputs, names))
        by_attribution[name] = rank_correlation(weights, sizes)
    if shapley is None:
        return by_attribution
    return by_attribution | {"shapley": rank_correlation(_of(attention.inputs, names), np.abs(_of(shapley, names)))}


def agreement_within(
    attention: TokenWeights, attributions: Mapping[str, Attribution], images: Sequence[str]
) -> dict[str, float]:
    """Rank correlation of attention with attributions that only compare within one image; nan without such weights."""
    if attention.level != "tokens":
        return {}
    by_attribution = {}
    for name, attribution in attributions.items():
        by_image = [
            rank_correlation(attention.values[n], np.abs(attribution.values[n]))
            for n in images
            if n in attention.values
        ]
        by_attribution[name] = float(np.mean(by_image)) if by_image else float("nan")
    return by_attribution


def rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Spearman's rho; nan for fewer than three numbers or where one of them is constant."""
    from scipy.stats import rankdata

    if len(a) < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return float("nan")
    return float(np.corrcoef(rankdata(a), rankdata(b))[0, 1])


def _of(values: Mapping[str, float], names: Sequence[str]) -> np.ndarray:
    return np.array([values[name] for name in names], float)
