"""Names of lines written where they end, so that nobody has to match colours with a legend."""

from __future__ import annotations

import html
from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

_LINE = 15.0  # pixels from one name to the next
_LETTER = 6.6  # pixels a letter takes, about
_LONGEST = 22  # letters of a name; the rest is in the pointer's words


def name_ends(
    figure: go.Figure, ends: Mapping[str, float], shown: tuple[float, float], *, room: float, xref: str = "x"
) -> go.Figure:
    """Write each name right of the picture at the height where its line ends; names too close move apart.

    ends: name -> height of its last point. shown: ends of the vertical axis. room: its height in pixels. xref: the axis
    whose right end they stand at.
    """
    given = {name: height for name, height in ends.items() if np.isfinite(height)}
    if not given:
        return figure
    low, high = shown
    places = apart(np.clip(list(given.values()), low, high), _LINE * (high - low) / room, low, high)
    for name, place in zip(given, places, strict=True):
        figure.add_annotation(
            x=1, xref=f"{xref} domain", y=float(place), yref="y", xanchor="left", xshift=6, showarrow=False,
            text=html.escape(_short(name)), font={"size": 12}, align="left",
        )  # fmt: skip
    return figure.update_layout(margin={"r": 12 + _LETTER * max(len(_short(name)) for name in given)})


def apart(heights: np.ndarray, least: float, low: float, high: float) -> np.ndarray:
    """The heights [N] moved as little as may be so that neighbours are `least` apart, between low and high."""
    order = np.argsort(heights, kind="stable")
    steps = least * np.arange(len(heights))
    free = np.asarray(heights, float)[order] - steps
    # blocks of names that touch share the mean of where they want to be
    blocks: list[list[float]] = []
    for value in free:
        blocks.append([value, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (b, n), (a, m) = blocks.pop(), blocks.pop()
            blocks.append([(a * m + b * n) / (m + n), m + n])
    settled = np.concatenate([np.full(int(n), value) for value, n in blocks])
    settled = np.clip(settled, low, max(low, high - steps[-1]))
    places = np.empty(len(heights))
    places[order] = settled + steps
    return places


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
