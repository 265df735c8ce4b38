"""The map of a cohort: every case a point, coloured by what is known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from mmcore.base.number_text import cell_text
from mmcore.base.settings import _
from mmcore.base.values import Value
from mmcore.figures import svg, theme
from mmcore.figures.thumbnails import text_rows, thumbnail

AXES = {"tsne": "t-SNE {number}", "umap": "UMAP {number}"}
_SIDE = 118.0  # of a card
_DOT = {"size": 8, "opacity": 0.85, "line": {"width": 0.5, "color": "rgba(255,255,255,0.6)"}}


def cohort_map(
    points: np.ndarray,
    explained: np.ndarray,
    ids: Sequence[str],
    colour: pd.Series | None,
    *,
    method: str = "pca",
    tints: Mapping[str, str] | None = None,
    case: str | None = None,
    near: Sequence[str] = (),
    chosen: Sequence[str] = (),
) -> go.Figure:
    """Cases as points [N, 2]; NaN rows are left out. colour: a value per case, numbers on a scale, words as classes
    in `tints`. case is ringed, `near` cases are numbered, `chosen` ones stand out."""
    figure, shown = go.Figure(), np.isfinite(points).all(1)
    case_ids = np.asarray(ids, dtype=object)
    scaled = colour is not None and pd.api.types.is_numeric_dtype(colour) and colour.nunique() > 8
    if colour is None:
        layers: list[Layer] = [(_("case"), shown, {"color": theme.ACCENT}, None)]
    elif scaled:
        layers = _on_scale(colour, shown)
    else:
        layers = _by_class(colour, shown, tints or {})
    picked = np.isin(case_ids, list(chosen))
    for name, rows, marker, values in layers:
        figure.add_trace(_dots(points, case_ids, rows, name, marker, values))
        if chosen:
            figure.data[-1].selectedpoints = np.flatnonzero(picked[rows]).tolist()
    place = {id: points[i] for i, id in enumerate(case_ids) if shown[i]}
    numbered = [(str(i), place[id]) for i, id in enumerate(near, 1) if id in place]
    if numbered:
        figure.add_trace(_rings(numbered, 13, 1.5, "middle right", _("nearest cases")))
    if case in place:
        figure.add_trace(_rings([("", place[case])], 17, 2.5, "top center", _("this case")))
    _name_axes(figure, method, explained)
    theme.style(figure, height=560, legend=len({t.name for t in figure.data if t.customdata is not None}) > 1)
    if scaled:
        figure.update_layout(showlegend=False)
    return figure.update_layout(dragmode="pan", legend={"itemsizing": "constant"})


Layer = tuple[str, np.ndarray, dict[str, Any], np.ndarray | None]


def _on_scale(colour: pd.Series, shown: np.ndarray) -> list[Layer]:
    values = colour.to_numpy(float)
    measured = shown & np.isfinite(values)
    bar = {"title": {"text": str(colour.name), "side": "right"}, "thickness": 10, "len": 0.7, "outlinewidth": 0}
    look = {"color": values[measured], "colorscale": list(theme.MARKS), "colorbar": bar}
    return [
        (_("unknown"), shown & ~measured, {"color": theme.GREY}, None),
        (str(colour.name), measured, look, values[measured]),
    ]


def _by_class(colour: pd.Series, shown: np.ndarray, tints: Mapping[str, str]) -> list[Layer]:
    unknown = _("unknown")
    words = colour.astype(object).where(colour.notna(), unknown).astype(str).to_numpy()
    order = list(tints)
    layers = []
    for i, word in enumerate(
        sorted(set(words), key=lambda w: (w == unknown, order.index(w) if w in order else len(order), w))
    ):
        usual = theme.GREY if word == unknown else theme.CLASS_COLOURS[i % len(theme.CLASS_COLOURS)]
        rows = shown & (words == word)
        look = {"color": tints.get(word, usual), "symbol": theme.symbol(i)}
        layers.append((word, rows, look, words[rows]))
    return layers


def _dots(
    points: np.ndarray, ids: np.ndarray, rows: np.ndarray, name: str, marker: dict, values: np.ndarray | None
) -> go.Scatter:
    """values: what hover tells of the cases of `rows`."""
    hover = list(ids[rows])
    if values is not None:
        values_text = [cell_text(v) for v in values]
        hover = [f"{id}<br>{words}" for id, words in zip(hover, values_text, strict=True)]
    return go.Scatter(
        x=points[rows, 0],
        y=points[rows, 1],
        mode="markers",
        name=name,
        customdata=ids[rows],
        text=hover,
        hovertemplate="%{text}<extra></extra>",
        marker={**_DOT, **marker},
        selected={"marker": {"opacity": 1.0, "size": 10}},
        unselected={"marker": {"opacity": 0.22}},
    )


def _rings(places: Sequence[tuple[str, np.ndarray]], size: float, width: float, side: str, name: str) -> go.Scatter:
    """Named rings around points; they take no clicks."""
    return go.Scatter(
        x=[at[0] for _name, at in places],
        y=[at[1] for _name, at in places],
        text=[name for name, _at in places],
        mode="markers+text",
        textposition=side,
        textfont={"color": theme.QUIET_INK},
        showlegend=False,
        hoverinfo="skip",
        name=name,
        marker={"size": size, "color": "rgba(0,0,0,0)", "line": {"width": width, "color": theme.ACCENT}},
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )


def _name_axes(figure: go.Figure, method: str, explained: np.ndarray) -> None:
    if method == "pca":
        first = _("component 1 ({share:.0%} of the variance)").format(share=explained[0])
        second = _("component 2 ({share:.0%})").format(share=explained[1])
        figure.update_xaxes(title_text=first, zeroline=False)
        figure.update_yaxes(title_text=second, zeroline=False)
        return
    blank = {
        "zeroline": False,
        "showgrid": False,
        "showticklabels": False,
        "ticks": "",
    }  # numbers there would mean nothing
    figure.update_xaxes(title_text=AXES[method].format(number=1), **blank)
    figure.update_yaxes(title_text=AXES[method].format(number=2), **blank)


def card(value: Value | None, colour: str, alt: str) -> str:
    """The value of an input as a small square drawing (SVG); a text and the values of a table as words."""
    if isinstance(value, Mapping | str):
        if isinstance(value, str):
            rows_text = text_rows(value, 19, 8)
        else:
            rows = [(name, cell) for name, cell in value.items() if cell is not None and cell == cell]
            rows_text = [svg.cut(f"{name} {cell_text(cell)}", 19) for name, cell in rows[:8]]
        parts = svg.rect(0, 0, _SIDE, _SIDE, rx=6, fill=colour, fill_opacity=0.1) + "".join(
            svg.words(line, 7, 17 + 13.2 * i, 10.5, opacity=0.9) for i, line in enumerate(rows_text)
        )
    else:
        parts = thumbnail(value, 0, 0, _SIDE, colour)
    return svg.drawing(parts, _SIDE, _SIDE, alt, "max-width:170px;border-radius:6px;")
