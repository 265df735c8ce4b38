"""Where a finding was looked for in an image, over the image: heat, what was marked, and the true outline."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from mmcore.base.settings import _
from mmcore.base.values import Box, Image
from mmcore.figures import overlays, theme
from mmcore.figures.evidence_outlines import PROOF

MARKED = "#FFD23F"  # outline of what was marked, on a grey film
_HIGH = 340  # pixels of a film
_ROW = 34  # pixels of a method


def film(image: Image, probabilities: np.ndarray, marked: np.ndarray, mask: np.ndarray) -> go.Figure:
    """The image with heat, a solid line around what was marked and a dotted one around the finding.

    probabilities: [G] of a square grid of cells. marked, mask: [H, W] bool.
    """
    figure = overlays.image_figure(image, _HIGH)
    side = round(len(probabilities) ** 0.5)
    cells = [
        Box(row / side, column / side, (row + 1) / side, (column + 1) / side)
        for row in range(side)
        for column in range(side)
    ]
    overlays.add_heat(figure, cells, probabilities, opacity=0.75, name=_("probability"))
    _outline(figure, marked, MARKED, "solid", _("marked"))
    _outline(figure, mask, PROOF, "dot", _("true outline"))
    return figure


def outlined(image: Image, mask: np.ndarray) -> go.Figure:
    """The image with a dotted line around the finding. mask: [H, W] bool."""
    figure = overlays.image_figure(image, _HIGH)
    _outline(figure, mask, PROOF, "dot", _("true outline"))
    return figure


def _outline(figure: go.Figure, mask: np.ndarray, colour: str, dash: str, name: str) -> None:
    if not mask.any():
        return
    height, width = mask.shape
    figure.add_trace(
        go.Contour(
            z=mask.astype(np.float32), x0=0.5 / width, dx=1 / width, y0=0.5 / height, dy=1 / height, showscale=False,
            contours={"start": 0.5, "end": 0.5, "size": 1, "coloring": "none"}, name=name, hoverinfo="skip",
            line={"color": colour, "width": 2, "dash": dash}, showlegend=False,
        )
    )  # fmt: skip


def method_scores(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> go.Figure:
    """Mean Dice of each method with its interval, the first on top. rows: of the document; names: method -> label."""
    figure = go.Figure()
    for place, row in enumerate(rows):
        dice, plain = row["metrics"]["dice"], row["method"].split(":")[0] not in ("alone", "together")
        tint = theme.GREY if plain else theme.ACCENT
        label, symbol = html.escape(names[row["method"]]), "circle-open" if plain else "circle"
        if np.isfinite(dice["low"]):
            figure.add_trace(theme.interval(dice["low"], dice["high"], place, tint, 0.6))
        figure.add_trace(
            go.Scatter(
                x=[dice["mean"]], y=[place], mode="markers", showlegend=False,
                marker={"size": 11, "color": tint, "symbol": symbol, "line": {"width": 2}},
                hovertemplate=f"{label}: Dice <b>%{{x:.3f}}</b><extra></extra>",
            )
        )  # fmt: skip
    ends = [end for row in rows for name in ("mean", "low", "high") if np.isfinite(end := row["metrics"]["dice"][name])]
    room = 0.04 * (max(ends) - min(ends)) + 0.01 if ends else 0.0  # no line runs into the edge
    span = [max(0.0, min(ends) - room), min(1.0, max(ends) + room)] if ends else None
    figure.update_xaxes(title_text=_("Dice"), zeroline=False, range=span, showgrid=True, gridcolor=theme.FAINT)
    figure.update_yaxes(
        tickvals=list(range(len(rows))), ticktext=[html.escape(names[row["method"]]) for row in rows], showgrid=False,
        ticks="", range=[len(rows) - 0.5, -0.5], zeroline=False,
    )  # fmt: skip
    return theme.style(figure, height=90 + _ROW * len(rows), legend=False)
