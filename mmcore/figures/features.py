"""What encoders say: tokens of one case laid over its values.

Shape letters: N tokens or cases, D width, C channels.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mmcore.cases import Image, Place, Seconds, Signal
from mmcore.figures import overlays, theme
from mmcore.settings import _


def patch_colours(image: Image, places: Sequence[Place], rgb: np.ndarray, *, opacity: float = 0.6) -> go.Figure:
    """Image tokens as colours [N, 3] in 0..1: patches of one colour look alike to the encoder."""
    figure = overlays.image_figure(image, 280)
    overlays.add_patches(figure, places, rgb, opacity=opacity)
    return figure


def patch_heat(
    image: Image, places: Sequence[Place], values: np.ndarray, *, name: str, opacity: float = 0.7
) -> go.Figure:
    """One number a patch [N] laid over the image; the strongest is opaque."""
    figure = overlays.image_figure(image, 280)
    overlays.add_heat(figure, places, overlays.stretched(values), opacity=opacity, name=name, shown=values)
    return figure


def patch_similarity(
    image: Image, places: Sequence[Place], cosine: np.ndarray, chosen: int, *, opacity: float = 0.75
) -> go.Figure:
    """Which patches resemble the `chosen` one: row `chosen` of the cosines [N, N], negative ones left clear."""
    figure = overlays.image_figure(image, 280)
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
            z=cosine,
            x=places,
            y=places,
            zmin=-1,
            zmax=1,
            colorscale=overlays.BOTH_WAYS,
            xgap=1,
            ygap=1,
            customdata=[[[a, b] for b in shown] for a in shown],
            hovertemplate="%{customdata[0]} · %{customdata[1]}: %{z:.2f}<extra></extra>",
            colorbar={
                "title": {"text": _("cosine")},
                "thickness": 10,
                "len": 0.6,
                "outlinewidth": 0,
                "tickvals": [-1, 0, 1],
            },
        )
    )
    ticks = {
        "tickvals": places,
        "ticktext": shown,
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
        "tickfont": {"size": 11},
    }
    figure.update_xaxes(**ticks, tickangle=-60, side="bottom")
    figure.update_yaxes(**ticks, autorange="reversed", scaleanchor="x")
    side = int(np.clip(150 + 15 * len(labels), 320, 720))
    return theme.style(figure, height=side, legend=False)


def signal_tokens(
    signal: Signal,
    places: Sequence[Place],
    rows: np.ndarray,
    *,
    colour: str,
    channel: int = 0,
    row_title: str,
    scale: Sequence[str] | None = None,
) -> go.Figure:
    """A trace over a heatmap of what each stretch of it says, on one time axis: rows [R, N]."""
    figure = make_subplots(2, 1, shared_xaxes=True, row_heights=[0.38, 0.62], vertical_spacing=0.05)
    times, samples = overlays.trace(signal, channel)
    figure.add_trace(
        go.Scatter(x=times, y=samples, line={"width": 1.1, "color": colour}, hoverinfo="x+y", showlegend=False), 1, 1
    )
    edges, columns = _tiles(places, rows)
    symmetric = float(np.abs(rows).max()) if rows.size else 1.0
    limits = {} if scale else {"zmin": -symmetric, "zmax": symmetric}
    figure.add_trace(
        go.Heatmap(
            z=columns,
            x=edges,
            y=np.arange(1, len(columns) + 1),
            colorscale=list(scale) if scale else overlays.BOTH_WAYS,
            showscale=False,
            hovertemplate=f"%{{x:.2f}} {signal.time_unit} · {row_title} %{{y}}: %{{z:.2f}}<extra></extra>",
            **limits,
        ),
        2,
        1,
    )
    figure.update_yaxes(title_text=overlays.channel_title(signal, channel), row=1, col=1)
    figure.update_yaxes(
        title_text=row_title,
        showgrid=False,
        zeroline=False,
        autorange="reversed" if scale is None else True,
        nticks=7,
        row=2,
        col=1,
    )
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
    """Table tokens [N, D] as a matrix, one row a column; colour on a logarithmic scale, since columns come in their
    own units."""
    shown = np.sign(tokens) * np.log1p(np.abs(tokens))
    top = float(np.abs(shown).max()) or 1.0
    figure = go.Figure(
        go.Heatmap(
            z=shown,
            x=[_short(slot, 22) for slot in slots],
            y=list(names),
            zmin=-top,
            zmax=top,
            colorscale=list(theme.DIVERGING),
            showscale=False,
            xgap=2,
            ygap=2,
            text=[[f"{v:.4g}" if v else "" for v in row] for row in tokens],
            texttemplate="%{text}",
            hovertemplate="%{y} → %{x}: %{text}<extra></extra>",
        )
    )
    figure.update_xaxes(title_text=_("slot of the token"), showgrid=False, ticks="", tickangle=-40, type="category")
    figure.update_yaxes(showgrid=False, ticks="", autorange="reversed", type="category")
    return theme.style(figure, height=190 + 30 * len(names), legend=False)


def _short(label: str, length: int = 14) -> str:
    return label if len(label) <= length else label[: length - 1] + "…"
