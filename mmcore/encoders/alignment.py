"""Tokens of different inputs on one scale: stretches of time into common windows, boxes of an image into a common grid.

Shape letters: N tokens, D width, W windows.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.base.values import Box, Place, Seconds, Whole

_INSTANT = 1e-9  # seconds a token without duration counts for: where others speak too, they decide


def windows(duration: float, length: float, hop: float | None = None) -> np.ndarray:
    """Windows [W, 2] (start, end) of `length` every `hop` (default: `length`) until `duration` is covered.

    All in one unit of time; the last window ends with the duration. Raises BadInput unless all are above 0.
    """
    hop = length if hop is None else hop
    if not (duration > 0 and length > 0 and hop > 0):
        raise BadInput(
            _("A duration of {duration:g} cannot be cut into windows of {length:g}, one every {hop:g}.").format(
                length=length, hop=hop, duration=duration
            ),
            _("Use numbers above 0."),
        )
    count = 1 + max(0, int(np.ceil((duration - length) / hop - 1e-9)))
    starts = np.arange(count) * hop
    return np.stack([starts, np.minimum(starts + length, duration)], axis=1)


def on_time(tokens: np.ndarray, places: Sequence[Place], edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Tokens [N, D] of stretches of time -> [W, D], each window the mean of what overlaps it, weighted by how long.

    edges: [W + 1] of windows that follow one another, or [W, 2] of any windows, in the unit of the places. A token of
    the Whole counts everywhere. Also gives covered [W] bool; windows that no token reaches are 0.
    Raises BadInput for places that are not in time.
    """
    wanted = _as_windows(edges)
    starts, ends = _stretches(places, wanted)
    shared = np.minimum(wanted[:, 1:], ends) - np.maximum(wanted[:, :1], starts)  # [W, N]
    return _mean(np.clip(shared, 0, None), np.asarray(tokens))


def on_grid(tokens: np.ndarray, boxes: Sequence[Place], rows: int, columns: int) -> np.ndarray:
    """Tokens [N, D] of boxes of an image -> [rows, columns, D], each cell the mean weighted by shared area.

    Cells that no box reaches are 0. A token of the Whole counts everywhere. Raises BadInput for other places.
    """
    if rows < 1 or columns < 1:
        raise BadInput(_("A grid of {rows} x {columns} has no cells.").format(rows=rows, columns=columns))
    areas = [_area(place) for place in boxes]
    down = _overlaps(rows, [box.top for box in areas], [box.bottom for box in areas])
    across = _overlaps(columns, [box.left for box in areas], [box.right for box in areas])
    area = (down[:, None] * across[None]).reshape(rows * columns, -1)
    return _mean(area, np.asarray(tokens))[0].reshape(rows, columns, -1)


def _area(place: Place) -> Box:
    if isinstance(place, Box):
        return place
    if isinstance(place, Whole):
        return Box(0, 0, 1, 1)
    raise _not_placed(place, _("an image"))


def _as_windows(edges: np.ndarray) -> np.ndarray:
    edges = np.asarray(edges, float)
    return np.stack([edges[:-1], edges[1:]], axis=1) if edges.ndim == 1 else edges


def _stretches(places: Sequence[Place], wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Start and end of each place [N]."""
    everywhere = Seconds(wanted.min(initial=0.0), wanted.max(initial=0.0))
    spans = [_span(everywhere if isinstance(place, Whole) else place) for place in places]
    starts, ends = np.array(spans, float).reshape(-1, 2).T
    return starts, np.maximum(ends, starts + _INSTANT)


def _span(place: Place) -> tuple[float, float]:
    if isinstance(place, Seconds):
        return place.start, place.end
    raise _not_placed(place, _("time"))


def _overlaps(count: int, starts: Sequence[float], ends: Sequence[float]) -> np.ndarray:
    """[count, N]: length each of `count` equal parts of 0..1 shares with each stretch."""
    edges = np.linspace(0, 1, count + 1)
    shared = np.minimum(edges[1:, None], np.asarray(ends)) - np.maximum(edges[:-1, None], np.asarray(starts))
    return np.clip(shared, 0, None)


def _mean(weights: np.ndarray, tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weighted means [W, D] for weights [W, N], and which have any weight [W]."""
    total = weights.sum(1, keepdims=True)
    shares = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    return (shares @ tokens).astype(tokens.dtype), total[:, 0] > 0


def _not_placed(place: Place, where: str) -> BadInput:
    return BadInput(
        _("A token that stands for {place} has no place in {where}.").format(place=place, where=where),
        _("Choose an encoder whose tokens have a place."),
    )
