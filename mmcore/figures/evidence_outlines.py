"""Outlines of evidence that is known to be there, named and kept apart, in one style wherever an image is shown."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from mmcore.base.values import Box, Evidence

PROOF = "#35C2B8"  # outline of evidence that is known to be there
PROOFS = (PROOF, "#7CC0FF", "#C3E66E")  # one each where outlines may overlap


def add_evidence(figure: go.Figure, evidence: Sequence[Evidence], across: float = 1.0, down: float = 1.0) -> None:
    """Outline and name where the reasons lie on an image: the edge of each mask, or boxes where there is none.

    across, down: what the axes of the figure count to.
    """
    named = []
    for number, item in enumerate(evidence):
        line = {"color": PROOFS[number % len(PROOFS)], "width": 2, "dash": "dot"}
        if item.mask is not None:
            height, width = item.mask.shape
            figure.add_trace(
                go.Contour(
                    z=item.mask.astype(np.float32),
                    x0=0.5 * across / width,
                    dx=across / width,
                    y0=0.5 * down / height,
                    dy=down / height,
                    showscale=False,
                    name=item.name,
                    contours={"start": 0.5, "end": 0.5, "size": 1, "coloring": "none"},
                    line=line,
                    hovertemplate=f"{html.escape(item.name)} ({item.effect:+.2f})<extra></extra>",
                    showlegend=False,
                )
            )
            named += [(item, line["color"], *box_and_tip) for box_and_tip in _around(item.mask)]
            continue
        for place in item.places:
            if isinstance(place, Box):
                edges = {"x0": place.left * across, "x1": place.right * across}
                edges |= {"y0": place.top * down, "y1": place.bottom * down}
                figure.add_shape(type="rect", line=line, **edges)
                named.append((item, line["color"], place, (place.left + place.right) / 2))
    spots = label_spots([(box, tip) for _item, _colour, box, tip in named])
    for (item, colour, _box, _tip), (x, y, side) in zip(named, spots, strict=True):
        figure.add_annotation(
            x=x * across, y=y * down, text=html.escape(item.name), showarrow=False, yanchor=side,
            hovertext=f"{html.escape(item.name)} ({item.effect:+.2f})", bgcolor="rgba(14, 24, 30, 0.72)", borderpad=2,
            font={"size": 11, "color": colour},
        )  # fmt: skip


def _around(mask: np.ndarray) -> list[tuple[Box, float]]:
    """The box a mask [H, W] fills and how far across its top lies; none for an empty one."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        return []
    height, width = mask.shape
    box = Box(rows[0] / height, columns[0] / width, (rows[-1] + 1) / height, (columns[-1] + 1) / width)
    top = np.flatnonzero(mask[rows[0]])
    return [(box, float(top[len(top) // 2] + 0.5) / width)]


def label_spots(boxes: Sequence[tuple[Box, float]]) -> list[tuple[float, float, str]]:
    """Where the name of each box stands, (x, y, anchor): above it at its tip, how far across its top lies, else below,
    else within, clear of the others."""
    taken: list[tuple[float, float, str]] = []
    for box, tip in boxes:
        x = min(max(tip, 0.18), 0.82)
        middle = (box.top + box.bottom) / 2
        wished = [(box.top, "bottom"), (box.bottom, "top"), (middle, "middle"), (middle + 0.09, "middle")]
        inside = [(y, side) for y, side in wished if (y > 0.07 or side != "bottom") and (y < 0.93 or side != "top")]
        shift = {"bottom": -0.035, "top": 0.035, "middle": 0.0}
        clear = [
            (y, side)
            for y, side in inside
            if all(abs(x - a) > 0.36 or abs(y + shift[side] - b - shift[other]) > 0.075 for a, b, other in taken)
        ]
        y, side = (clear or inside)[0]
        taken.append((x, y, side))
    return taken
