"""Few numbers for many: what drawings of tokens and of whole cohorts are made from.

N tokens or cases, D width.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.settings import _

SETTINGS: dict[str, dict[str, Any]] = {
    "pca": {},
    "tsne": {"perplexity": 30.0, "seed": 0, "components": 50},
    "umap": {"neighbours": 15, "min_dist": 0.1, "seed": 0, "components": 50},
}
_LEAST = 5  # cases that a map of neighbourhoods needs
_alone = threading.Lock()  # numba's simplest threading layer ends the process if two threads enter it at once


@dataclass(frozen=True, eq=False)
class ProjectedPoints:
    """points: [N, count], NaN where a row was not valid. explained: [count] share of the variance each axis shows;
    empty for maps whose axes mean nothing."""

    points: np.ndarray
    explained: np.ndarray


def principal(
    values: np.ndarray, valid: np.ndarray | None = None, *, count: int = 2, scale: bool = False
) -> ProjectedPoints:
    """First `count` principal components of the valid rows of [N, D], signs fixed so that a redraw looks the same.

    scale: give every dimension unit variance first, for inputs that mix units (age and weight, say).
    Axes beyond the rank of the data are zero. Raises BadInput with fewer than two valid rows.
    """
    valid = np.ones(len(values), bool) if valid is None else np.asarray(valid, bool)
    rows = np.asarray(values, np.float64)[valid]
    if len(rows) < 2:
        raise BadInput(
            _("A map needs at least two cases that have this input."), _("Choose another input or a larger cohort.")
        )
    centred = rows - rows.mean(0)
    if scale:
        deviation = centred.std(0)
        centred = centred / np.where(deviation > 0, deviation, 1)
    scores, explained = _axes(centred, count)
    points = np.full((len(values), count), np.nan)
    points[valid] = scores
    return ProjectedPoints(points, explained)


def _axes(centred: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores [N, count] and explained shares [count] of centred rows [N, D]."""
    from sklearn.decomposition import PCA

    total = float((centred**2).sum())
    rank = min(count, *centred.shape)
    scores, explained = np.zeros((len(centred), count)), np.zeros(count)
    if total <= 1e-12:
        return scores, explained
    model = PCA(rank, svd_solver="full" if min(centred.shape) < 500 else "randomized", random_state=0)
    scores[:, :rank] = model.fit_transform(centred)
    explained[:rank] = model.explained_variance_ratio_
    heaviest = np.abs(model.components_).argmax(1)
    scores[:, :rank] *= np.sign(model.components_[np.arange(rank), heaviest])
    return scores, explained


def tsne(values: np.ndarray, valid: np.ndarray | None = None) -> ProjectedPoints:
    """Map by t-SNE (van der Maaten & Hinton 2008) of the cosine between the valid rows of [N, D].

    Neighbourhoods are kept; distances between groups and the sizes of groups mean nothing. The same rows give the same
    map. Raises BadInput with fewer than five valid rows.
    """
    from sklearn.manifold import TSNE

    settings = SETTINGS["tsne"]

    def place(rows: np.ndarray) -> np.ndarray:
        perplexity = min(settings["perplexity"], (len(rows) - 1) / 3)
        return TSNE(2, perplexity=perplexity, metric="cosine", init="pca", random_state=settings["seed"]).fit_transform(
            rows
        )

    return _neighbourhoods(values, valid, settings["components"], place)


def umap(values: np.ndarray, valid: np.ndarray | None = None) -> ProjectedPoints:
    """Map by UMAP (McInnes et al. 2018) of the cosine between the valid rows of [N, D]; see `tsne`."""

    settings = SETTINGS["umap"]

    def place(rows: np.ndarray) -> np.ndarray:
        from umap import UMAP

        model = UMAP(
            n_neighbors=min(settings["neighbours"], len(rows) - 1),
            min_dist=settings["min_dist"],
            metric="cosine",
            init="pca",
            random_state=settings["seed"],
            n_jobs=1,
        )
        with _alone:
            return model.fit_transform(rows)

    return _neighbourhoods(values, valid, settings["components"], place)


def _neighbourhoods(
    values: np.ndarray, valid: np.ndarray | None, components: int, place: Callable[[np.ndarray], np.ndarray]
) -> ProjectedPoints:
    """What `place` makes of the leading components of the valid rows, centred, the longer side across."""
    valid = np.ones(len(values), bool) if valid is None else np.asarray(valid, bool)
    if valid.sum() < _LEAST:
        raise BadInput(
            _("This map needs at least {count} cases that have the input.").format(count=_LEAST),
            _("Choose the map by principal components, or a larger cohort."),
        )
    from threadpoolctl import threadpool_limits

    leading = principal(values[valid], count=max(2, min(components, int(valid.sum()) - 1, values.shape[1]))).points
    spread = leading[:, leading.std(0) > 1e-6 * max(float(leading.std(0).max()), 1e-12)]
    points = np.full((len(values), 2), np.nan)
    if spread.shape[1] < 2:  # all cases alike, or on one line: nothing to lay out, and t-SNE would crash on it
        points[valid] = leading[:, :2]
        return ProjectedPoints(points, np.zeros(0))
    with threadpool_limits(1):  # the steps are small: on a busy machine threads wait far longer for each other
        points[valid] = principal(place(np.ascontiguousarray(spread, dtype=np.float32))).points
    return ProjectedPoints(points, np.zeros(0))


def colours(tokens: np.ndarray) -> np.ndarray:
    """First three principal components of [N, D] as RGB [N, 3] in 0..1: tokens that look alike say alike things."""
    if len(tokens) < 2:
        return np.full((len(tokens), 3), 0.5)
    points = principal(tokens, count=3).points
    low, high = np.percentile(points, [2, 98], axis=0)
    return np.clip((points - low) / np.where(high > low, high - low, 1), 0, 1)


def norms(tokens: np.ndarray) -> np.ndarray:
    """Length of each token, [N, D] -> [N]."""
    return np.linalg.norm(np.asarray(tokens, np.float64), axis=1)


def distinct(tokens: np.ndarray) -> np.ndarray:
    """How far each token lies from the mean token, 1 - cosine in 0..2: [N, D] -> [N]. What stands out is not padding
    talk."""
    values = np.asarray(tokens, np.float64)
    mean = values.mean(0)
    scale = np.maximum(norms(values) * np.linalg.norm(mean), 1e-12)
    return 1 - values @ mean / scale


def cosine(tokens: np.ndarray, *, centre: bool = True) -> np.ndarray:
    """Cosine between every two tokens, [N, D] -> [N, N] in -1..1.

    centre: take away the mean token first; without it encoders whose tokens share a large common part show 0.9
    everywhere.
    """
    values = np.asarray(tokens, np.float64)
    if centre and len(values) > 2:
        values = values - values.mean(0)
    length = norms(values)
    unit = values / np.maximum(length, 1e-12)[:, None]
    result = np.clip(unit @ unit.T, -1, 1)
    result[np.diag_indices_from(result)] = 1.0
    return result
