"""Small pictures of numbers: bars, curves, a table of cells, arrows. Pure functions from numbers to figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from mmcore.figures import theme

HEIGHT = 380


def bars(values: Mapping[str, float], axis: str, colours: Sequence[str] = (), low: float | None = None) -> go.Figure:
    """A bar for each name, with its value on it."""
    names, heights = list(values), [float(value) for value in values.values()]
    tints = list(colours) or [theme.ACCENT] * len(names)
    text = [f"{height:.3g}".replace("-", "−") for height in heights]
    figure = go.Figure(
        go.Bar(
            x=names, y=heights, marker_color=tints, text=text, textposition="outside", hoverinfo="x+y", cliponaxis=False
        )
    )
    ends = None if low is None else [low, max([*heights, 1e-9]) * 1.15]
    figure.update_yaxes(title_text=axis, range=ends, showgrid=False)  # lines would strike the values on the bars
    return theme.style(figure, height=HEIGHT, legend=False).update_layout(margin={"t": 24})


def curves(x: np.ndarray, lines: Mapping[str, np.ndarray], axes: tuple[str, str]) -> go.Figure:
    """Lines over x [N], each with a colour and a dash of its own."""
    figure = go.Figure()
    for number, (name, y) in enumerate(lines.items()):
        look = {"color": theme.METHOD_COLOURS[number], "width": 2.5, "dash": theme.dash(number)}
        figure.add_trace(go.Scatter(x=x, y=y, name=name, mode="lines", line=look))
    figure.update_xaxes(title_text=axes[0])
    figure.update_yaxes(title_text=axes[1])
    return theme.style(figure, height=HEIGHT, legend=len(lines) > 1)


def marked(
    figure: go.Figure, x: float, y: float, text: str, colour: str = theme.BAD, beside: str = "top center"
) -> go.Figure:
    """The same figure with a point and its words. beside: where they stand, as Plotly calls it."""
    look = {"color": colour, "size": 12, "line": {"width": 2, "color": "white"}}
    point = go.Scatter(
        x=[x], y=[y], mode="markers+text", marker=look, text=[text], textposition=beside, showlegend=False,
        hoverinfo="skip", cliponaxis=False,
    )  # fmt: skip
    return figure.add_trace(point)


def cells(
    values: np.ndarray,
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    ends: tuple[float, float] | None = None,
    axes: tuple[str, str] = ("", ""),
    digits: str = ".2f",
) -> go.Figure:
    """A table of coloured cells [rows, columns] with their numbers; axes: below and at the side."""
    low, high = ends or (float(values.min()), float(values.max()))
    both_ways = low < 0 < high
    if both_ways:
        low, high = -max(-low, high), max(-low, high)
    share = (values - low) / max(high - low, 1e-12)
    figure = go.Figure(
        go.Heatmap(
            z=values,
            x=list(columns),
            y=list(rows),
            zmin=low,
            zmax=high,
            colorscale=theme.CELLS_BOTH_WAYS if both_ways else theme.CELLS,
            showscale=False,
            xgap=2,
            ygap=2,
        )
    )
    text = np.vectorize(lambda v: format(v, digits).replace("-", "−"))(values)
    figure.add_trace(theme.written(list(columns), list(rows), text, abs(2 * share - 1) if both_ways else share))
    figure.update_xaxes(type="category", title_text=axes[0], showgrid=False)
    figure.update_yaxes(type="category", title_text=axes[1], showgrid=False, autorange="reversed")
    return theme.style(figure, height=HEIGHT, legend=False)


def arrows(vectors: Mapping[str, tuple[float, float]], colours: Sequence[str] = theme.INPUT_COLOURS) -> go.Figure:
    """Vectors from the origin of a plane, one unit as long on both axes."""
    figure = go.Figure()
    reach = 1.15 * max([abs(end) for vector in vectors.values() for end in vector] + [1e-6])
    for (name, (x, y)), colour in zip(vectors.items(), colours, strict=False):
        figure.add_annotation(
            x=x,
            y=y,
            ax=0,
            ay=0,
            xref="x",
            yref="y",
            axref="x",
            ayref="y",
            arrowhead=3,
            arrowwidth=3,
            arrowcolor=colour,
            text="",
        )
        label = {"x": x * 1.06, "y": y * 1.06, "text": name, "showarrow": False, "font": {"color": colour, "size": 14}}
        figure.add_annotation(**label)
    ends = np.array([(0.0, 0.0), *vectors.values()])
    (left, low), (right, high) = ends.min(0) - 0.15 * reach, ends.max(0) + 0.15 * reach
    figure.update_xaxes(range=[left, right], zeroline=True)
    figure.update_yaxes(range=[low, high], zeroline=True, scaleanchor="x")
    return theme.style(figure, height=HEIGHT, legend=False)
