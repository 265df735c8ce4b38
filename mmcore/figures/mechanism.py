"""What goes on inside a fusion method, drawn as what it is: gates as shares by feature, experts as shares by model,
edges as a graph.

Legend: R replicates, M inputs, D features, E experts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from mmcore.base.settings import _
from mmcore.figures import overlays, svg, theme

_SIDE, _RING, _NODE = 360, 118, 30  # of the graph, in units of its drawing
_OWN = "#C9D1D7"  # what a token keeps to itself
Point = tuple[float, float]
_NUMBERED = 12  # tokens up to which a map has room for numbers


def gates(values: np.ndarray, inputs: Sequence[str], colours: Mapping[str, str]) -> go.Figure:
    """How the gates of each input spread over features: values [R, M, D], all replicates together."""
    figure = go.Figure()
    for i, name in enumerate(inputs):
        shares = values[:, i].ravel()
        figure.add_trace(
            go.Violin(
                x=shares,
                y0=name,
                orientation="h",
                side="negative",  # upwards, as the axis is turned over
                width=1.5,
                points=False,
                meanline_visible=True,
                line={"color": colours[name], "width": 1.5},
                fillcolor=theme.faded(colours[name], 0.35),
                spanmode="hard",
                showlegend=False,
                hoverinfo="skip",
            )
        )
        figure.add_annotation(
            x=1.02, y=i, text=f"<b>{shares.mean():.0%}</b>", showarrow=False, xanchor="left", yshift=10
        )
    figure.update_xaxes(range=[0, 1.12], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1], title_text=_("gate"))
    figure.update_yaxes(showgrid=False, ticks="", autorange="reversed", type="category")
    return theme.style(figure, height=90 + 62 * len(inputs), legend=False)


def experts(values: np.ndarray, names: Sequence[str]) -> go.Figure:
    """How far each expert is heard in each model: values [R, E], the heaviest first (experts have no common order)."""
    ordered = -np.sort(-values, axis=1)
    places = [_("no. {n}").format(n=i + 1) for i in range(values.shape[1])]
    hover = _("model {model}, expert {nth}: {share}").format(model="%{y}", nth="%{x}", share="%{z:.1%}")
    figure = _shares(ordered, places, list(names), hover)
    figure.update_xaxes(title_text=_("experts, those with the most weight first"), side="bottom")
    figure.update_yaxes(title_text=_("model"))
    return theme.style(figure, height=110 + 34 * len(names), legend=False)


def latents(weights: np.ndarray, inputs: Sequence[str]) -> go.Figure:
    """How much each latent reads of each input: weights [K, M]."""
    names = [str(i + 1) for i in range(len(weights))]
    hover = _("latent {latent} reads {input}: {share}").format(latent="%{y}", input="%{x}", share="%{z:.1%}")
    figure = _shares(weights, list(inputs), names, hover)
    figure.update_yaxes(title_text=_("latent"))
    return theme.style(figure, height=80 + 34 * len(names), legend=False)


def _shares(values: np.ndarray, across: Sequence[str], down: Sequence[str], hover: str) -> go.Figure:
    """A heatmap of shares with their numbers: values [Y, X]."""
    figure = go.Figure(
        go.Heatmap(
            z=values,
            x=across,
            y=down,
            colorscale=theme.CELLS,
            zmin=0,
            zmax=1,
            showscale=False,
            xgap=2,
            ygap=2,
            hovertemplate=hover + "<extra></extra>",
        )
    )
    figure.add_trace(theme.written(across, down, [[f"{share:.0%}" for share in row] for row in values], values))
    figure.update_xaxes(showgrid=False, type="category")
    return figure.update_yaxes(showgrid=False, autorange="reversed", ticks="", type="category")


def edges(weights: np.ndarray, inputs: Sequence[str], colours: Mapping[str, str], missing: Sequence[str] = ()) -> str:
    """A graph of inputs as SVG: weights [M, M], how much each input (row) listens to each input (column).

    The thicker an arrow, the more its end listens to its start; the ring around a node is how much it keeps to itself.
    """
    middle = _SIDE / 2
    at = {
        name: (
            middle + _RING * math.sin(2 * math.pi * i / len(inputs)),
            middle - _RING * math.cos(2 * math.pi * i / len(inputs)),
        )
        for i, name in enumerate(inputs)
    }
    arrows = [
        _arrow(at[source], at[listener], float(weights[i, j]), colours[source], f"{source} → {listener}")
        for i, listener in enumerate(inputs)
        for j, source in enumerate(inputs)
        if i != j and weights[i, j] > 0.005 and not {listener, source} & set(missing)
    ]
    nodes = [
        _node(*at[name], name, float(weights[i, i]), colours[name], name in missing) for i, name in enumerate(inputs)
    ]
    alt = _("Graph of how much each input reads from each of the others")
    return svg.drawing("".join(arrows + nodes), _SIDE, _SIDE, alt, "max-width:460px;margin:0 auto;")


def _arrow(start: Point, end: Point, weight: float, colour: str, name: str) -> str:
    """A bent arrow whose width is the weight; the two directions of a pair bend apart."""
    (x1, y1), (x2, y2) = start, end
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    along, across = ((x2 - x1) / length, (y2 - y1) / length), (-(y2 - y1) / length, (x2 - x1) / length)
    reach = _NODE + 7
    a = (x1 + reach * along[0] + 7 * across[0], y1 + reach * along[1] + 7 * across[1])
    b = (x2 - reach * along[0] + 7 * across[0], y2 - reach * along[1] + 7 * across[1])
    bend = ((a[0] + b[0]) / 2 + 16 * across[0], (a[1] + b[1]) / 2 + 16 * across[1])
    width = 1 + 11 * weight
    head = _head(bend, b, 5 + width)
    path = svg.tag(
        "path",
        svg.title(f"{name}: {weight:.0%}"),
        d=f"M{a[0]:.1f},{a[1]:.1f}Q{bend[0]:.1f},{bend[1]:.1f} {b[0]:.1f},{b[1]:.1f}",
        fill="none",
        stroke=colour,
        stroke_width=width,
        stroke_opacity=0.35 + 0.65 * min(1.0, weight / 0.5),
    )
    spot = (0.25 * a[0] + 0.5 * bend[0] + 0.25 * b[0], 0.25 * a[1] + 0.5 * bend[1] + 0.25 * b[1])
    label = svg.words(
        f"{weight:.0%}", spot[0] + 9 * across[0], spot[1] + 9 * across[1] + 4, 11.0, weight=600, anchor="middle"
    )
    return path + head + label


def _head(before: Point, tip: Point, size: float) -> str:
    length = math.hypot(tip[0] - before[0], tip[1] - before[1]) or 1.0
    dx, dy = (tip[0] - before[0]) / length, (tip[1] - before[1]) / length
    left = (tip[0] - size * dx - 0.5 * size * dy, tip[1] - size * dy + 0.5 * size * dx)
    right = (tip[0] - size * dx + 0.5 * size * dy, tip[1] - size * dy - 0.5 * size * dx)
    front = (tip[0] + 2 * dx, tip[1] + 2 * dy)
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in (front, left, right))
    return svg.tag("polygon", points=points, fill="currentColor", fill_opacity=0.55)


def _node(x: float, y: float, name: str, own: float, colour: str, missing: bool) -> str:
    around = 2 * math.pi * (_NODE + 2)
    ring = svg.tag(
        "circle",
        svg.title(_("{name} keeps {share} to itself").format(name=name, share=f"{own:.0%}")),
        cx=x,
        cy=y,
        r=_NODE + 2,
        fill="none",
        stroke=colour,
        stroke_width=5,
        stroke_dasharray=f"{around * own:.1f} {around:.1f}",
        transform=f"rotate(-90 {x:.1f} {y:.1f})",
    )
    dot = svg.tag(
        "circle",
        cx=x,
        cy=y,
        r=_NODE - 3,
        fill=colour,
        fill_opacity=0.08 if missing else 0.22,
        stroke=colour,
        stroke_width=1,
        stroke_dasharray="3 3" if missing else None,
    )
    below = _("missing") if missing else f"{own:.0%}"
    return (
        ("" if missing else ring)
        + dot
        + svg.words(svg.cut(name, 10), x, y - 1, 11.5, weight=600, anchor="middle")
        + svg.words(below, x, y + 13, 10.5, opacity=0.75, anchor="middle")
    )


def cohort_weights(
    weights: Mapping[str, np.ndarray], classes: Sequence[str], labels: np.ndarray, colours: Mapping[str, str]
) -> go.Figure:
    """Weight of each input over a cohort, by class: weights input -> [N] (NaN where missing), labels [N] names."""
    figure = go.Figure()
    for name in classes:
        rows = labels == name
        figure.add_trace(
            go.Box(
                x=np.concatenate([values[rows] for values in weights.values()]),
                y=np.repeat(list(weights), int(rows.sum())),
                name=name,
                orientation="h",
                marker={"color": colours.get(name, theme.ACCENT), "size": 3},
                line={"width": 1.4},
                boxpoints=False,
                boxmean=True,
            )
        )
    figure.update_xaxes(tickformat=".0%", rangemode="tozero", title_text=_("share of the weight"))
    figure.update_yaxes(showgrid=False, ticks="", autorange="reversed")
    figure.update_layout(boxmode="group")
    return theme.style(figure, height=120 + (30 + 22 * len(classes)) * len(weights), legend=len(classes) > 1)


def joint_map(weights: np.ndarray, names: Sequence[str]) -> go.Figure:
    """Self-attention of a joint sequence [T, T]: what each token (row) attends to (column).

    What a token keeps to itself is grey and does not set the scale: after several layers it would swallow it.
    """
    places = np.arange(len(names))
    own = np.eye(len(names), dtype=bool)
    others = np.where(own, np.nan, weights)
    most = float(np.nanmax(others)) if len(names) > 1 else 1.0
    cells = {
        "customdata": [[f"{row} → {column}" for column in names] for row in names],
        "hovertemplate": "%{customdata}: %{z:.1%}<extra></extra>",
        "x": places,
        "y": places,
        "xgap": 1,
        "ygap": 1,
    }
    bar = {
        "title": {"text": _("from others"), "side": "top"},
        "tickformat": ".0%" if most >= 0.05 else ".1%",
        "thickness": 12,
        "outlinewidth": 0,
    }
    figure = go.Figure(
        [
            go.Heatmap(z=others, colorscale=list(overlays.HEAT), zmin=0, zmax=most or 1.0, colorbar=bar, **cells),
            go.Heatmap(z=np.where(own, weights, np.nan), colorscale=[[0, _OWN], [1, _OWN]], showscale=False, **cells),
        ]
    )
    if len(names) <= _NUMBERED:
        share = np.where(own, 0.0, weights / (most or 1.0))
        digits = 0 if most >= 0.1 else 1
        text = [
            [f"{value:.{0 if i == j else digits}%}" for j, value in enumerate(row)] for i, row in enumerate(weights)
        ]  # a cell of a narrow map holds three digits
        figure.add_trace(theme.written(places, places, text, share, overlays.HEAT, size=11))
    ticks = {"tickvals": places, "ticktext": list(names), "showgrid": False, "ticks": ""}
    figure.update_xaxes(**ticks, tickangle=-50, title_text=_("what is attended to"))
    figure.update_yaxes(**ticks, autorange="reversed", title_text=_("who attends"))
    return theme.style(figure, height=150 + 26 * len(names), legend=False)
