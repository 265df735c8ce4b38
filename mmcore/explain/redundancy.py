"""How much of what two inputs tell of a target they share: the decomposition of Bertschinger et al., worked out.

Unique and shared information depend only on how each input alone relates to the target; the least that both together
must tell is a minimum over all joint distributions with these two margins (BROJA: Bertschinger, Rauh, Olbrich, Jost &
Ay 2014, "Quantifying Unique Information", Entropy 16; Griffith & Koch 2014):

    union = min I_Q(Y; X1, X2)  over Q with Q(y, x1) = P(y, x1) and Q(y, x2) = P(y, x2)
    shared = I(Y; X1) + I(Y; X2) - union,  unique_i = I(Y; X_i) - shared

Two classes: the minimum is that of the concave hull of both ROC curves, as each experiment with two hypotheses is its
ROC curve and the least one above both is their hull (Bertschinger & Rauh 2014, "The Blackwell relation defines no
lattice", show where this ends: beyond two classes). More classes: alternating projections (Banerjee, Rauh & Montufar
2018, "Computing the Unique Information").

Legend: D draws, X1, X2 values of the two inputs, K classes.
"""

from __future__ import annotations

import numpy as np

_ROUNDS, _SCALINGS = 400, 12  # of alternating projections: within about .002 bits where closed forms tell
_LOOK, _SETTLED = 20, 2e-4  # turns after which is looked, and bits that may still change in them
_TINY = 1e-12


def union_information(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """[D] least information in bits that two inputs together tell of a target, given what each tells alone.

    first: [D, X1, K], second: [D, X2, K] joint probabilities of value and class; both have the same share of classes.
    """
    first, second = np.asarray(first, float), np.asarray(second, float)
    if first.shape[-1] == 2:
        return np.array([_hull_information(a, b) for a, b in zip(first, second, strict=True)])
    return _projected(first, second)


def table_information(table: np.ndarray) -> np.ndarray:
    """[...] mutual information in bits of the last two dimensions of joint probabilities [..., X, K]."""
    expected = table.sum(-1, keepdims=True) * table.sum(-2, keepdims=True)
    ratio = np.where(table > _TINY, table / np.maximum(expected, _TINY**2), 1.0)
    return (table * np.log2(ratio)).sum((-2, -1))


def _hull_information(first: np.ndarray, second: np.ndarray) -> float:
    """Of two classes: information of the experiment whose ROC curve is the concave hull of both, [X, 2] each."""
    share = first.sum(0)
    points = np.concatenate([_roc(first / share), _roc(second / second.sum(0))])
    hull: list[np.ndarray] = []
    for point in points[np.lexsort((points[:, 1], points[:, 0]))]:
        while len(hull) > 1 and _turns_left(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    return float(table_information(np.diff(np.array(hull), axis=0) * share))


def _roc(chances: np.ndarray) -> np.ndarray:
    """Corners [X + 1, 2] of the ROC curve of a value whose chance is [X, 2] in the two classes."""
    order = np.argsort(chances[:, 0] / np.maximum(chances.sum(1), _TINY), kind="stable")
    return np.concatenate([np.zeros((1, 2)), np.cumsum(chances[order], 0)])


def _turns_left(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) >= 0


def _projected(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The minimum by turns: the best r(x1 | x2) for Q, then the Q nearest to P(y, x2) r(x1 | x2) with both margins."""
    by_class = np.swapaxes(first, -1, -2)[..., :, None]  # [D, K, X1, 1]
    other = np.swapaxes(second, -1, -2)[..., None, :]  # [D, K, 1, X2]
    share = np.maximum(first.sum(-2), _TINY)[..., None, None]
    joint = by_class * other / share  # independent within each class
    before = np.full(len(joint), np.inf)
    for turn in range(_ROUNDS):
        both = joint.sum(1, keepdims=True)
        joint = other * both / np.maximum(both.sum(-2, keepdims=True), _TINY)
        for _scaling in range(_SCALINGS):
            joint = joint * (by_class / np.maximum(joint.sum(-1, keepdims=True), _TINY))
            joint = joint * (other / np.maximum(joint.sum(-2, keepdims=True), _TINY))
        if turn % _LOOK == 0:
            now = _information(joint)
            if np.abs(before - now).max() < _SETTLED:
                break
            before = now
    return _information(joint)


def _information(joint: np.ndarray) -> np.ndarray:
    """[D] bits of joint probabilities [D, K, X1, X2] that both inputs tell of the class."""
    flat = joint.reshape(len(joint), joint.shape[1], -1)
    return table_information(np.swapaxes(flat, -1, -2))
