"""Inputs on one scale: tokens of signals on a common time axis, of images on a common grid, of texts in a row.

Shape letters: N tokens, D width, W windows.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from mmcore.base.settings import _, counted
from mmcore.base.values import Box, Image, Place, Seconds, Signal, Span
from mmcore.encoders.alignment import on_grid, on_time
from mmcore.figures import overlays, theme
from mmcore.inspect import projection

MEASURES = {"distinct": projection.distinct, "norm": projection.norms}
_HIGH = 400  # pixels of an image
_TRACE, _BAR, _GAP = 1.0, 0.46, 0.14  # heights in a lane
_HEAD = 0.42  # the line its name stands on
_LANE = _HEAD + _TRACE + 2 * _BAR + 3 * _GAP + 0.2
_LEVELS = 3  # rows that tokens which overlap are shared out over
_LINED = 80  # rectangles that still have room for an outline
_PIXELS = 62  # a unit of height


@dataclass(frozen=True, eq=False)
class SignalLane:
    """One signal with its tokens [N] and what falls to each common window [W].

    values: one number a token (how it was measured is the caller's choice); aligned: their mean over what a window
    shares with them; covered: [W] bool.
    """

    name: str
    encoder: str
    colour: str
    signal: Signal
    places: Sequence[Place]
    values: np.ndarray
    aligned: np.ndarray
    covered: np.ndarray


def lane(
    name: str, encoder: str, colour: str, signal: Signal, tokens: np.ndarray, places: Sequence[Place],
    windows: np.ndarray, measure: str = "distinct",
) -> SignalLane:  # fmt: skip
    """Tokens [N, D] of a signal, as they are and in windows [W, 2]; measure: a name in MEASURES.

    Raises BadInput for tokens that have no place in time.
    """
    values = MEASURES[measure](tokens)
    common, covered = on_time(values[:, None], places, windows)
    covered &= windows[:, 0] < signal.duration
    return SignalLane(name, encoder, colour, signal, places, values, np.where(covered, common[:, 0], 0), covered)


def time_lanes(lanes: Sequence[SignalLane], windows: np.ndarray, *, measure_name: str, unit: str = "s") -> go.Figure:
    """Each signal over its tokens over the common windows [W, 2], all on one axis.

    measure_name: what the shades mean.
    """
    figure, last, ticks = go.Figure(), max(lane.signal.duration for lane in lanes), {}
    for row, lane in enumerate(lanes):
        top = -row * _LANE
        tokens_at = top - _HEAD - _TRACE - _GAP
        common_at = tokens_at - _BAR - _GAP
        _title(figure, lane, top, unit)
        _trace(figure, lane, top - _HEAD, unit)
        stretches = [_stretch(place, lane.signal.duration) for place in lane.places]
        _bars(figure, lane, stretches, lane.values, tokens_at, _("token {n} of {name}"), measure_name, unit)
        ticks[tokens_at - _BAR / 2] = _("tokens")
        if len(lane.places) > 1:
            covered = np.flatnonzero(lane.covered)
            _bars(
                figure, lane, [tuple(windows[i]) for i in covered], lane.aligned[covered], common_at,
                _("common window {n}, {name}"), measure_name, unit, numbers=covered,
            )  # fmt: skip
            ticks[common_at - _BAR / 2] = _("common")
    bottom = -len(lanes) * _LANE + 0.3
    for edge in np.unique(windows):
        figure.add_shape(
            type="line", x0=edge, x1=edge, y0=bottom, y1=-0.3, layer="below",
            line={"color": theme.FAINT, "width": 1, "dash": "dot"},
        )  # fmt: skip
    theme.style(figure, height=round(_PIXELS * _LANE * len(lanes)) + 56, legend=False)
    figure.update_layout(barmode="overlay", bargap=0, margin={"t": 4})
    figure.update_xaxes(range=[-0.004 * last, 1.004 * last], title=_("time ({unit})").format(unit=unit), showgrid=False)
    figure.update_yaxes(
        range=[bottom - 0.1, 0.12], tickvals=list(ticks), ticktext=list(ticks.values()), showgrid=False, zeroline=False,
        showline=False, ticks="", tickfont={"size": 11, "color": theme.GREY},
    )  # fmt: skip
    return figure


def _title(figure: go.Figure, lane: SignalLane, top: float, unit: str) -> None:
    spans = [end - start for start, end in (_stretch(place, lane.signal.duration) for place in lane.places)]
    if len(spans) == 1:
        facts = _("one token for all of it, so there is nothing to average into windows")
    else:
        facts = (
            _("{count} tokens of {length:.3g} {unit}").format(
                count=len(spans), length=float(np.median(spans)) if spans else 0, unit=unit
            )
            + " · "
            + counted(int(lane.covered.sum()), "{count} common window", "{count} common windows")
        )
    figure.add_annotation(
        text=f"<b>{html.escape(lane.name)}</b>  {html.escape(lane.encoder)} · {facts}",
        x=0, xref="paper", xanchor="left", y=top, yanchor="top", showarrow=False,
    )  # fmt: skip


def _trace(figure: go.Figure, lane: SignalLane, top: float, unit: str) -> None:
    """The first channel, made to fit its band."""
    times, samples = overlays.trace(lane.signal, 0, 1600)
    low, high = float(np.min(samples)), float(np.max(samples))
    shown = (samples - low) / (high - low) if high > low else np.full(len(samples), 0.5)
    figure.add_trace(
        go.Scattergl(
            x=times, y=top - _TRACE * (1 - shown), mode="lines",
            line={"color": theme.faded(lane.colour, 0.75), "width": 1},
            hovertemplate=f"%{{x:.2f}} {unit}<extra>{html.escape(overlays.channel_title(lane.signal, 0))}</extra>",
        )
    )  # fmt: skip


def _bars(
    figure: go.Figure, lane: SignalLane, stretches: Sequence[tuple[float, float]], values: np.ndarray, top: float,
    called: str, measure_name: str, unit: str, numbers: Iterable[int] | None = None,
) -> None:  # fmt: skip
    """Rectangles along time, the darker the larger the value among the lane's tokens; those that overlap on rows of
    their own."""
    levels = _levels(stretches)
    height = _BAR / (1 + max(levels, default=0))
    shades = 0.12 + 0.78 * _shades(values, lane.values)
    numbers = range(len(stretches)) if numbers is None else numbers
    figure.add_trace(
        go.Bar(
            orientation="h",
            base=[start for start, _end in stretches],
            x=[end - start for start, end in stretches],
            y=[top - (level + 0.5) * height for level in levels],
            width=height * 0.96,
            marker={
                "color": [theme.faded(lane.colour, round(float(shade), 3)) for shade in shades],
                "line": {"color": theme.faded(lane.colour, 0.55), "width": 0.8 if len(stretches) <= _LINED else 0},
            },
            customdata=[
                [
                    called.format(n=int(n) + 1, name=html.escape(lane.name)),
                    f"{start:.2f}–{end:.2f} {unit}",
                    float(value),
                ]
                for n, (start, end), value in zip(numbers, stretches, values, strict=True)
            ],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]}<br>"
            + html.escape(measure_name).replace("{", "").replace("}", "")
            + ": %{customdata[2]:.3g}<extra></extra>",
        )
    )


def _shades(values: np.ndarray, tokens: np.ndarray) -> np.ndarray:
    """0 for the least of the tokens' values, 1 for the most; all 0 where they do not differ."""
    span = float(np.ptp(tokens)) if len(tokens) else 0.0
    return np.clip((values - tokens.min()) / span, 0, 1) if span > 0 else np.zeros(len(values))


def _levels(stretches: Sequence[tuple[float, float]]) -> list[int]:
    """The row of each stretch: the first on which it overlaps none before it, over at most _LEVELS rows in turn."""
    free, levels = [-np.inf] * _LEVELS, []
    for number, (start, end) in enumerate(stretches):
        slack = 1e-6 * max(1.0, abs(end))
        level = next((i for i, until in enumerate(free) if start >= until - slack), number % _LEVELS)
        free[level] = max(free[level], end)
        levels.append(level)
    return levels


def _stretch(place: Place, duration: float) -> tuple[float, float]:
    return (place.start, place.end) if isinstance(place, Seconds) else (0.0, duration)


def time_frame(lanes: Sequence[SignalLane], windows: np.ndarray) -> pd.DataFrame:
    """What falls to each common window, a row a window and input."""
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "input": lane.name,
                    "window": np.arange(len(windows)) + 1,
                    "start": windows[:, 0],
                    "end": windows[:, 1],
                    "covered": lane.covered,
                    "value": np.where(lane.covered, lane.aligned, np.nan),
                }
            )
            for lane in lanes
        ],
        ignore_index=True,
    )  # fmt: skip


def own_grid(image: Image, tokens: np.ndarray, places: Sequence[Place], measure: str, measure_name: str) -> go.Figure:
    """An image under the boxes its tokens stand for, shaded by the measure."""
    figure = overlays.image_figure(image, _HIGH)
    values = MEASURES[measure](tokens)
    shown = overlays.stretched(values)
    for place, value, shade in zip(places, values, shown, strict=True):
        box = place if isinstance(place, Box) else Box(0, 0, 1, 1)
        _cell(figure, box, float(shade), f"{measure_name}: {value:.3g}")
    return figure


def common_grid(
    image: Image, tokens: np.ndarray, places: Sequence[Place], rows: int, columns: int, measure: str, measure_name: str
) -> go.Figure:
    """The same on the common grid of rows x columns cells, in the shades of the tokens. Raises BadInput for tokens
    without a place in it."""
    figure = overlays.image_figure(image, _HIGH)
    values = grid_frame(tokens, places, rows, columns, measure)["value"].to_numpy()
    for i, (value, shade) in enumerate(zip(values, _shades(values, MEASURES[measure](tokens)), strict=True)):
        row, column = divmod(i, columns)
        box = Box(row / rows, column / columns, (row + 1) / rows, (column + 1) / columns)
        _cell(figure, box, float(shade), _("row {row}, column {column}").format(row=row + 1, column=column + 1)
              + f"<br>{measure_name}: {value:.3g}")  # fmt: skip
    return figure


def grid_frame(tokens: np.ndarray, places: Sequence[Place], rows: int, columns: int, measure: str) -> pd.DataFrame:
    """What falls to each cell of the common grid, a row a cell: the mean of the measure by the area it shares."""
    values = on_grid(MEASURES[measure](tokens)[:, None], places, rows, columns).reshape(-1)
    row, column = np.divmod(np.arange(rows * columns), columns)
    return pd.DataFrame({"row": row + 1, "column": column + 1, "value": values})


def _cell(figure: go.Figure, box: Box, shade: float, hover_text: str) -> None:
    figure.add_trace(
        go.Scatter(
            x=[box.left, box.right, box.right, box.left, box.left],
            y=[box.top, box.top, box.bottom, box.bottom, box.top],
            mode="lines",
            fill="toself",
            fillcolor=theme.faded(overlays.HEAT[2], round(0.62 * shade, 3)),
            line={"color": "rgba(255, 255, 255, 0.55)", "width": 0.8},
            hoveron="fills",
            text=hover_text,
            hoverinfo="text",
            showlegend=False,
        )
    )


def chips(
    text: str, places: Sequence[Place], values: np.ndarray, colour: str, measure_name: str, most: int = 160
) -> str:
    """A text as the row of its tokens, one chip each with its number; HTML, everything from the text escaped."""
    shown = overlays.stretched(values)
    parts = []
    for n, (place, value, shade) in enumerate(zip(places[:most], values[:most], shown[:most], strict=True), 1):
        word = text[place.start : place.end] if isinstance(place, Span) else (text.strip() or "∅")
        where = (
            _("characters {start} to {end}").format(start=place.start, end=place.end) if isinstance(place, Span) else ""
        )
        look = (
            f"background:{theme.faded(colour, round(0.06 + 0.4 * float(shade), 2))};"
            f"border:1px solid {theme.faded(colour, 0.45)};border-radius:6px;padding:1px 6px;white-space:pre-wrap;"
            "overflow-wrap:anywhere"
        )
        title = html.escape(f"{where} · {measure_name}: {value:.3g}".strip(" ·"))
        parts.append(
            f'<span style="{look}" title="{title}"><span style="opacity:.9;font-size:.72em">{n}</span> '
            f"{html.escape(word)}</span>"
        )
    if len(places) > most:
        parts.append(
            f'<span style="opacity:.78">{html.escape(_("and {count} more").format(count=len(places) - most))}</span>'
        )
    return f'<div style="display:flex;flex-wrap:wrap;gap:5px;line-height:1.5">{"".join(parts)}</div>'
