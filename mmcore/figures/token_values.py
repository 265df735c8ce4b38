"""What encoders say as numbers in rows and columns: likeness of words, tokens of a table, one long vector.

N tokens, D width.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from mmcore.base.settings import _
from mmcore.figures import overlays, svg, theme

_NOTHING = 1e-9  # what is left of a 0 that was calculated


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
    figure.update_xaxes(**ticks, tickangle=-60, side="bottom", constrain="domain")  # words stay beside their cells
    figure.update_yaxes(**ticks, autorange="reversed", scaleanchor="x", constrain="domain")
    side = int(np.clip(150 + 15 * len(labels), 320, 720))
    return theme.style(figure, height=side, legend=False)


def column_tokens(names: Sequence[str], slots: Sequence[str], tokens: np.ndarray) -> go.Figure:
    """Table tokens [N, D] as a matrix, one row a column; colour on a logarithmic scale, since columns come in their
    own units."""
    shown = np.sign(tokens) * np.log1p(np.abs(tokens))
    top = float(np.abs(shown).max()) or 1.0
    across, text = [_short(slot, 22) for slot in slots], [[f"{v:.4g}" if v else "" for v in row] for row in tokens]
    figure = go.Figure(
        go.Heatmap(
            z=shown,
            x=across,
            y=list(names),
            zmin=-top,
            zmax=top,
            colorscale=theme.CELLS_BOTH_WAYS,
            showscale=False,
            xgap=2,
            ygap=2,
            text=text,
            hovertemplate="%{y} → %{x}: %{text}<extra></extra>",
        )
    )
    figure.add_trace(theme.written(across, list(names), text, np.abs(shown) / top))
    figure.update_xaxes(title_text=_("slot of the token"), showgrid=False, ticks="", tickangle=-40, type="category")
    figure.update_yaxes(showgrid=False, ticks="", autorange="reversed", type="category")
    return theme.style(figure, height=190 + 30 * len(names), legend=False)


def slot_rows(
    names: Sequence[str], slots: Sequence[str], tokens: np.ndarray, owners: np.ndarray, taken: np.ndarray, colour: str
) -> str:
    """Table tokens as HTML, one row a token: each slot it owns as a small box with its number, coloured if taken.

    tokens [N, D]; owners [N, D] bool: the slots a token may fill; taken [N, D] bool: those that hold its value.
    """
    lines = []
    for name, row, own, held in zip(names, tokens, owners, taken, strict=True):
        boxes = [_slot(slots[i], float(row[i]), colour, bool(held[i])) for i in np.flatnonzero(own).tolist()]
        label = svg.tag("div", html.escape(name), style="font-weight:600;overflow-wrap:anywhere")
        lines.append(label + svg.tag("div", *boxes, style="display:flex;flex-wrap:wrap;gap:.35rem"))
    look = "display:grid;grid-template-columns:fit-content(14rem) 1fr;gap:.55rem 1.2rem;align-items:center"
    return svg.tag("div", *lines, style=look)


def _slot(name: str, value: float, colour: str, filled: bool) -> str:
    ground = theme.faded(colour, 0.22) if filled else theme.faded(theme.GREY, 0.12)
    look = f"background:{ground};border-radius:6px;padding:.2rem .55rem;font-size:.86rem;line-height:1.25rem"
    number = svg.tag("b", f"{value:.4g}", style="font-variant-numeric:tabular-nums") if filled else "0"
    label = svg.tag("span", html.escape(_short(name, 28)), style="opacity:.8;margin-right:.4rem")
    return svg.tag("span", label, number, style=look, title=f"{name} = {value:.6g}")


def strongest(names: Sequence[str], values: np.ndarray, colour: str, *, count: int = 24, title: str = "") -> go.Figure:
    """The numbers of one vector [D] that are largest either way as bars, the largest first; none for a 0."""
    values = np.asarray(values, float)
    order = np.argsort(-np.abs(values), kind="stable")[:count]
    largest = order[np.abs(values[order]) > _NOTHING]
    figure = go.Figure(
        go.Bar(
            x=values[largest],
            y=list(range(len(largest))),
            orientation="h",
            marker={"color": [colour if values[i] >= 0 else theme.GREY for i in largest]},
            customdata=[names[i] for i in largest],
            hovertemplate="%{customdata}: %{x:.4g}<extra></extra>",
        )
    )
    figure.update_yaxes(
        tickvals=list(range(len(largest))),
        ticktext=[_short(names[i], 28) for i in largest],
        autorange="reversed",
        showgrid=False,
        ticks="",
    )
    figure.update_xaxes(title_text=title or _("value"), zeroline=True)
    return theme.style(figure, height=70 + 22 * len(largest), legend=False)


def strip(values: np.ndarray) -> go.Figure:
    """One vector [D] as a strip of cells, too long for a bar each."""
    top = float(np.abs(values).max(initial=0)) or 1.0
    figure = go.Figure(
        go.Heatmap(
            z=[values],
            zmin=-top,
            zmax=top,
            colorscale=overlays.BOTH_WAYS,
            showscale=False,
            hovertemplate=_("dimension {n}: {value}").format(n="%{x}", value="%{z:.3g}") + "<extra></extra>",
            x=np.arange(1, len(values) + 1),
        )
    )
    figure.update_yaxes(visible=False)
    figure.update_xaxes(title_text=_("dimension"), showgrid=False)
    return theme.style(figure, height=130, legend=False)


def _short(label: str, length: int = 14) -> str:
    return label if len(label) <= length else label[: length - 1] + "…"
