"""What encoders say: tokens of one case laid over its values, and the map of a cohort.

Shape letters: N tokens or cases, D width, C channels.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mmcore.cases import Image, Place, Seconds, Signal
from mmcore.figures import overlays, theme
from mmcore.settings import _


def patch_colours(image: Image, places: Sequence[Place], rgb: np.ndarray, *, opacity: float = 0.6) -> go.Figure:
    """Image tokens as colours [N, 3] in 0..1: patches of one colour look alike to the encoder."""
    figure = overlays.image_figure(image)
    overlays.add_patches(figure, places, rgb, opacity=opacity)
    return figure


def patch_heat(image: Image, places: Sequence[Place], values: np.ndarray, *, name: str, opacity: float = 0.7) -> go.Figure:
    """One number a patch [N] laid over the image; the strongest is opaque."""
    figure = overlays.image_figure(image)
    overlays.add_heat(figure, places, overlays.stretched(values), opacity=opacity, name=name, shown=values)
    return figure


def patch_similarity(image: Image, places: Sequence[Place], cosine: np.ndarray, chosen: int, *, opacity: float = 0.75) -> go.Figure:
    """Which patches resemble the `chosen` one: row `chosen` of the cosines [N, N], negative ones left clear."""
    figure = overlays.image_figure(image)
    row = cosine[chosen]
    overlays.add_heat(figure, places, np.clip(row, 0, 1), opacity=opacity, name=_("cosine"), shown=row)
    overlays.add_box(figure, places[chosen], overlays.PROOF)
    return figure


def word_similarity(labels: Sequence[str], cosine: np.ndarray) -> go.Figure:
    """Cosine of every two words [N, N] on a scale that is white at none."""
    shown = [_short(label) for label in labels]
    places = np.arange(len(labels))
    figure = go.Figure(
        go.Heatmap(
            z=cosine, x=places, y=places, zmin=-1, zmax=1, colorscale=overlays.BOTH_WAYS, xgap=1, ygap=1,
            customdata=[[[a, b] for b in shown] for a in shown],
            hovertemplate="%{customdata[0]} · %{customdata[1]}: %{z:.2f}<extra></extra>",
            colorbar={"title": {"text": _("cosine")}, "thickness": 10, "len": 0.6, "outlinewidth": 0, "tickvals": [-1, 0, 1]},
        )
    )  # fmt: skip
    ticks = {"tickvals": places, "ticktext": shown, "showgrid": False, "zeroline": False, "ticks": "", "tickfont": {"size": 11}}
    figure.update_xaxes(**ticks, tickangle=-60, side="bottom")
    figure.update_yaxes(**ticks, autorange="reversed", scaleanchor="x")
    side = int(np.clip(150 + 15 * len(labels), 320, 720))
    return theme.style(figure, height=side, legend=False)


def signal_tokens(signal: Signal, places: Sequence[Place], rows: np.ndarray, *, colour: str, channel: int = 0, row_title: str, scale: Sequence[str] | None = None) -> go.Figure:
    """A trace over a heatmap of what each stretch of it says, on one time axis: rows [R, N]."""
    figure = make_subplots(2, 1, shared_xaxes=True, row_heights=[0.38, 0.62], vertical_spacing=0.05)
    times, samples = overlays.trace(signal, channel)
    figure.add_trace(go.Scatter(x=times, y=samples, line={"width": 1.1, "color": colour}, hoverinfo="x+y", showlegend=False), 1, 1)
    edges, columns = _tiles(places, rows)
    symmetric = float(np.abs(rows).max()) if rows.size else 1.0
    limits = {} if scale else {"zmin": -symmetric, "zmax": symmetric}
    figure.add_trace(
        go.Heatmap(z=columns, x=edges, y=np.arange(1, len(columns) + 1), colorscale=list(scale) if scale else overlays.BOTH_WAYS, showscale=False, hovertemplate=f"%{{x:.2f}} {signal.time_unit} · {row_title} %{{y}}: %{{z:.2f}}<extra></extra>", **limits),
        2, 1,
    )  # fmt: skip
    figure.update_yaxes(title_text=overlays.channel_title(signal, channel), row=1, col=1)
    figure.update_yaxes(title_text=row_title, showgrid=False, zeroline=False, autorange="reversed" if scale is None else True, nticks=7, row=2, col=1)
    figure.update_xaxes(showgrid=False, zeroline=False, range=[0, signal.duration])
    figure.update_xaxes(title_text=_("time ({unit})").format(unit=signal.time_unit), row=2, col=1)
    return theme.style(figure, height=420, legend=False)


def _tiles(places: Sequence[Place], rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Edges [n + 1] and rows [R, n] without overlap: of stretches that overlap each gets the part around its middle."""
    kept = [i for i, place in enumerate(places) if isinstance(place, Seconds)][: rows.shape[1]]
    if not kept:
        return np.arange(rows.shape[1] + 1), rows
    starts, ends = np.array([places[i].start for i in kept]), np.array([places[i].end for i in kept])
    middles = (starts + ends) / 2
    return np.concatenate([starts[:1], (middles[1:] + middles[:-1]) / 2, ends[-1:]]), rows[:, kept]


def column_tokens(names: Sequence[str], slots: Sequence[str], tokens: np.ndarray) -> go.Figure:
    """Table tokens [N, D] as a matrix, one row a column; colour on a logarithmic scale, since columns come in their own units."""
    shown = np.sign(tokens) * np.log1p(np.abs(tokens))
    top = float(np.abs(shown).max()) or 1.0
    figure = go.Figure(
        go.Heatmap(
            z=shown, x=[_short(slot, 22) for slot in slots], y=list(names), zmin=-top, zmax=top, colorscale=list(theme.DIVERGING), showscale=False, xgap=2, ygap=2,
            text=[[f"{v:.4g}" if v else "" for v in row] for row in tokens], texttemplate="%{text}", hovertemplate="%{y} → %{x}: %{text}<extra></extra>",
        )
    )  # fmt: skip
    figure.update_xaxes(title_text=_("slot of the token"), showgrid=False, ticks="", tickangle=-40, type="category")
    figure.update_yaxes(showgrid=False, ticks="", autorange="reversed", type="category")
    return theme.style(figure, height=190 + 30 * len(names), legend=False)


def cohort_map(
    points: np.ndarray, explained: np.ndarray, ids: Sequence[str], colour: pd.Series | None, *, tints: dict[str, str] | None = None, case: str | None = None
) -> go.Figure:
    """Cases as points [N, 2]; NaN rows are left out. colour: a value per case, numbers on a scale, words as classes in `tints`."""
    figure, shown = go.Figure(), np.isfinite(points).all(1)
    scaled = colour is not None and pd.api.types.is_numeric_dtype(colour) and colour.nunique() > 8
    ids = np.asarray(ids, dtype=object)
    if colour is None:
        figure.add_trace(_dots(points, ids, shown, _("case"), {"color": theme.ACCENT}))
    elif scaled:
        values = colour.to_numpy(float)
        known = shown & np.isfinite(values)
        figure.add_trace(_dots(points, ids, shown & ~known, _("unknown"), {"color": theme.GREY}))
        bar = {"title": {"text": str(colour.name), "side": "right"}, "thickness": 10, "len": 0.7, "outlinewidth": 0}
        figure.add_trace(_dots(points, ids, known, str(colour.name), {"color": values[known], "colorscale": list(theme.SEQUENTIAL), "colorbar": bar}, values))
    else:
        words = colour.astype(object).where(colour.notna(), _("unknown")).astype(str).to_numpy()
        for position, word in enumerate(sorted(set(words), key=lambda w: (w == _("unknown"), w))):
            tint = theme.GREY if word == _("unknown") else (tints or {}).get(word, theme.CLASS_COLOURS[position % len(theme.CLASS_COLOURS)])
            figure.add_trace(_dots(points, ids, shown & (words == word), word, {"color": tint}, words))
    if case is not None and case in set(ids[shown]):
        at = points[list(ids).index(case)]
        figure.add_trace(
            go.Scatter(x=[at[0]], y=[at[1]], mode="markers+text", text=[case], textposition="top center", showlegend=False, hoverinfo="skip", name=case,
                       marker={"size": 17, "color": "rgba(0,0,0,0)", "line": {"width": 2.5, "color": theme.ACCENT}})
        )  # fmt: skip
    shares = [f"{share:.0%}" for share in explained]
    figure.update_xaxes(title_text=_("component 1 ({share} of the variance)").format(share=shares[0]), zeroline=False)
    figure.update_yaxes(title_text=_("component 2 ({share})").format(share=shares[1]), zeroline=False)
    theme.style(figure, height=560, legend=len({t.name for t in figure.data}) > 1 and not scaled)
    return figure.update_layout(dragmode="lasso", clickmode="event+select")


def _dots(points: np.ndarray, ids: np.ndarray, shown: np.ndarray, name: str, marker: dict, values: np.ndarray | None = None) -> go.Scatter:
    told = ids[shown] if values is None else [f"{i}<br>{v:.3g}" if isinstance(v, float) else f"{i}<br>{v}" for i, v in zip(ids[shown], values[shown])]
    return go.Scatter(
        x=points[shown, 0], y=points[shown, 1], mode="markers", name=name, customdata=ids[shown], text=told, hovertemplate="%{text}<extra></extra>",
        marker={"size": 8, "opacity": 0.85, "line": {"width": 0.5, "color": "rgba(255,255,255,0.6)"}, **marker},
        unselected={"marker": {"opacity": 0.15}},
    )  # fmt: skip


def _short(label: str, length: int = 14) -> str:
    return label if len(label) <= length else label[: length - 1] + "…"
