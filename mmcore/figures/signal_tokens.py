"""What signal encoders say, along the time of the signal: tokens under the trace, filters of a bank.

N tokens, R rows drawn, F frequencies.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mmcore.base.settings import _
from mmcore.base.values import Place, Seconds, Signal
from mmcore.figures import overlays, theme

PEAK = theme.ACCENT  # no input has it
_TRACE = 0.38  # of the height of many rows
_ROW = 60  # pixels of a row at most
_NEAR = 0.05  # s around a peak within which its top lies
_ORDER = ("#3F74C9", "#2B9483", "#C58A1C")  # from the first filter to the last; reads on light and on dark


def signal_tokens(
    signal: Signal,
    places: Sequence[Place],
    rows: np.ndarray,
    *,
    colour: str,
    channel: int = 0,
    row_title: str,
    scale: Sequence[str] | None = None,
    height: int = 420,
) -> go.Figure:
    """A trace over a heatmap of what each stretch of it says, on one time axis: rows [R, N]. Few rows take less than
    the height: a single one is a strip, which else would be a few blocks of colour."""
    trace, below = _TRACE * height, min(_ROW * len(rows), (1 - _TRACE) * height)
    figure = make_subplots(2, 1, shared_xaxes=True, row_heights=[trace, below], vertical_spacing=0.05)
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
    overlays.time_axis(figure, signal, row=2, col=1)
    if len(columns) < 7:  # a tick a row, none between
        figure.update_yaxes(dtick=1, row=2, col=1)
    if len(columns) == 1:  # the strip has no room for words along it, and needs no number
        figure.update_yaxes(title_text="", showticklabels=False, ticks="", row=2, col=1)
    return theme.style(figure, height=round(trace + below), legend=False)


def with_peaks(signal: Signal, times: Sequence[float], *, colour: str, channel: int = 0) -> go.Figure:
    """A trace with beats marked at these times, in the signal's time unit."""
    at, samples = overlays.trace(signal, channel)
    heights = [_top(at, samples, time, _NEAR if signal.time_unit == "s" else 0.0) for time in times]
    figure = go.Figure(
        go.Scatter(x=at, y=samples, line={"width": 1.2, "color": colour}, hoverinfo="x+y", name=_("trace"))
    )
    figure.add_trace(
        go.Scatter(
            x=list(times),
            y=heights,
            mode="markers",
            marker={"symbol": "triangle-down", "size": 10, "color": PEAK},
            name=_("R-peak"),
            hovertemplate=_("R-peak at {time}").format(time=f"%{{x:.2f}} {signal.time_unit}") + "<extra></extra>",
        )
    )
    figure.update_yaxes(title_text=overlays.channel_title(signal, channel))
    figure.update_xaxes(
        title_text=_("time ({unit})").format(unit=signal.time_unit), range=[0, signal.duration], zeroline=False
    )
    return theme.style(figure, height=260)


def _top(at: np.ndarray, samples: np.ndarray, time: float, near: float) -> float:
    """The highest sample around a time; the nearest one where none lies so near."""
    close = np.abs(at - time) <= max(near, float(np.abs(at - time).min()))
    return float(samples[close].max())


def filter_bank(axis: np.ndarray, filters: np.ndarray, *, axis_title: str, names: Sequence[str] = ()) -> go.Figure:
    """Filters [R, F] over a common axis [F] of frequencies, coloured from the first to the last."""
    count = len(filters)
    tints = overlays.ramp(np.linspace(0, 1, max(count, 2)), _ORDER)
    figure = go.Figure()
    for i, row in enumerate(filters):
        red, green, blue = (int(part) for part in tints[i])
        name = names[i] if i < len(names) else _("filter {n}").format(n=i + 1)
        figure.add_trace(
            go.Scatter(
                x=axis,
                y=row,
                mode="lines",
                line={"width": 1.2, "color": f"rgb({red},{green},{blue})"},
                name=name,
                hovertemplate=f"{name}: %{{y:.2g}} · %{{x:.4g}}<extra></extra>",
            )
        )
    figure.update_xaxes(title_text=axis_title, zeroline=False)
    figure.update_yaxes(title_text=_("weight"), nticks=5)
    return theme.style(figure, height=260, legend=False)


def _tiles(places: Sequence[Place], rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Edges [n + 1] and rows [R, n] without overlap: of stretches that overlap each gets the part around its middle."""
    timed = [(i, place) for i, place in enumerate(places) if isinstance(place, Seconds)][: rows.shape[1]]
    if not timed:
        return np.arange(rows.shape[1] + 1), rows
    starts = np.array([place.start for _i, place in timed])
    ends = np.array([place.end for _i, place in timed])
    middles = (starts + ends) / 2
    edges = np.concatenate([starts[:1], (middles[1:] + middles[:-1]) / 2, ends[-1:]])
    return edges, rows[:, [i for i, _place in timed]]
