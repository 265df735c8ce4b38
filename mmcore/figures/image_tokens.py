"""What image encoders say, laid over the image: colours, heat, likeness to a chosen patch, channels of a layer.

N tokens, C channels, H rows, W columns.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from PIL import Image as Pillow

from mmcore.base.settings import _
from mmcore.base.values import Box, Image, Place
from mmcore.figures import overlays, svg
from mmcore.figures.evidence_outlines import PROOF

FILM = ("#0B1116", "#0E4A52", "#2A8D96", "#8CCBB4", "#FFF3B8")  # of a feature map on its own: dark says little
_TILE = 150  # pixels a feature map is drawn wide
_HIGH = 320  # pixels of a figure


def patch_colours(image: Image, places: Sequence[Place], rgb: np.ndarray, *, opacity: float = 0.6) -> go.Figure:
    """Image tokens as colours [N, 3] in 0..1: patches of one colour look alike to the encoder."""
    figure = overlays.image_figure(image, _HIGH)
    overlays.add_patches(figure, places, rgb, opacity=opacity)
    return figure


def patch_heat(
    image: Image, places: Sequence[Place], values: np.ndarray, *, name: str, opacity: float = 0.7
) -> go.Figure:
    """One number a patch [N] laid over the image; the strongest is opaque."""
    figure = overlays.image_figure(image, _HIGH)
    overlays.add_heat(figure, places, overlays.stretched(values), opacity=opacity, name=name, shown=values)
    return figure


def patch_similarity(
    image: Image, places: Sequence[Place], cosine: np.ndarray, chosen: int, *, opacity: float = 0.75
) -> go.Figure:
    """Which patches resemble the `chosen` one: row `chosen` of the cosines [N, N], negative ones left clear."""
    figure = overlays.image_figure(image, _HIGH)
    row = cosine[chosen]
    overlays.add_heat(figure, places, np.clip(row, 0, 1), opacity=opacity, name=_("cosine"), shown=row)
    place = places[chosen]
    if isinstance(place, Box):
        overlays.add_box(figure, place, PROOF)
    return figure


def clickable(figure: go.Figure, places: Sequence[Place], values: np.ndarray, *, name: str) -> go.Figure:
    """The figure with an unseen point in each box: a click anywhere chooses the nearest; customdata is its number.

    Hover tells `values` [N] as `name`.
    """
    boxes = [(i, place) for i, place in enumerate(places) if isinstance(place, Box)]
    unseen = {"marker": {"opacity": 0}}
    figure.data = [trace for trace in figure.data if trace.type != "heatmap"]  # it would catch the click
    figure.add_trace(
        go.Scatter(
            x=[(place.left + place.right) / 2 for _i, place in boxes],
            y=[(place.top + place.bottom) / 2 for _i, place in boxes],
            customdata=[i for i, _place in boxes],
            text=[f"{values[i]:.3g}" for i, _place in boxes],
            mode="markers",
            marker={"size": 24, "opacity": 0, "color": PROOF},
            selected=unseen,
            unselected=unseen,
            hovertemplate=f"{name}: %{{text}}<extra></extra>",
        )
    )
    figure.update_xaxes(fixedrange=True)
    figure.update_yaxes(fixedrange=True)
    return figure.update_layout(hovermode="closest", hoverdistance=-1, clickmode="event+select")


def channels(
    image: Image, maps: np.ndarray, numbers: Sequence[int], strength: np.ndarray, *, over: bool = False
) -> str:
    """Feature maps [C, H, W] as a grid of pictures (HTML) in the image's proportions, each named by its number.

    Every map runs from its own lowest to its own highest answer. over: laid over the image, else on their own.
    """
    height, width = np.asarray(image).shape[:2]
    size = (_TILE, int(np.clip(_TILE * height / width, 40, 2 * _TILE)))
    ground = np.asarray(Pillow.fromarray(np.asarray(image)).convert("RGB").resize(size), np.float32)
    tiles = [
        _tile(overlays.stretched(channel_map), size, ground if over else None, number, spread)
        for channel_map, number, spread in zip(maps, numbers, strength, strict=True)
    ]
    look = "display:grid;grid-template-columns:repeat(auto-fill,minmax(max(120px,11%),1fr));gap:.75rem .6rem"
    return svg.tag("div", *tiles, style=look)


def _tile(values: np.ndarray, size: tuple[int, int], ground: np.ndarray | None, number: int, spread: float) -> str:
    way = Pillow.Resampling.NEAREST if ground is None else Pillow.Resampling.BICUBIC
    fine = np.clip(np.asarray(Pillow.fromarray(values.astype(np.float32)).resize(size, way)), 0, 1)
    if ground is None:
        pixels = overlays.ramp(fine, FILM)
    else:
        share = (0.85 * fine**0.8)[..., None]
        pixels = ground * (1 - share) + overlays.ramp(fine, overlays.HEAT) * share
    name = _("channel {number}").format(number=number)
    alt = _("{name}: spread {spread:.3g}").format(name=name, spread=float(spread))
    picture = svg.tag(
        "img",
        src=overlays.picture(pixels.astype(np.uint8)),
        alt=alt,
        title=alt,
        style="width:100%;display:block;border-radius:6px",
    )
    label = svg.tag("div", name, style="font-size:.78rem;opacity:.75;margin-top:.2rem;white-space:nowrap")
    return svg.tag("div", picture, label)
