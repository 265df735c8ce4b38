"""A case beside what was changed of it: the film with its erased region, the note with its edits, the changed trace."""

from __future__ import annotations

import difflib
import html
import re

import numpy as np
import plotly.graph_objects as go

from mmcore.base.settings import _
from mmcore.base.values import Box, Image, Signal
from mmcore.figures import overlays, svg, theme

_WORDS = re.compile(r"\s+|[㐀-鿿]|[^\s㐀-鿿]+")
_SPOTS = 40  # points each way that a drag over a film can catch


def film(edited: Image, erased: Box | None) -> go.Figure:
    """The film as it is now, its erased region outlined; a drag over it draws a box."""
    figure = overlays.image_figure(edited, 360)
    if erased is not None:
        overlays.add_box(figure, erased, theme.ACCENT)
    at = (np.arange(_SPOTS) + 0.5) / _SPOTS
    x, y = np.meshgrid(at, at)
    figure.add_trace(_spots(x.ravel(), y.ravel()))
    return figure.update_layout(dragmode="select", newselection=_drag())


def trace(
    before: Signal, after: Signal, *, channel: int, colour: str, flattened: tuple[float, float] | None
) -> go.Figure:
    """The trace as it is now over what it was, the flattened stretch shaded; a drag draws a stretch."""
    figure = go.Figure()
    if after is not before:
        times, samples = overlays.trace(before, channel)
        figure.add_trace(
            go.Scatter(
                x=times, y=samples, line={"width": 1, "color": theme.faded(theme.GREY, 0.6)}, name=_("as it was"),
                hoverinfo="skip",
            )
        )  # fmt: skip
    times, samples = overlays.trace(after, channel)
    figure.add_trace(
        go.Scatter(
            x=times,
            y=samples,
            mode="lines",
            line={"width": 1.3, "color": colour},
            name=_("now"),
            hovertemplate="%{x:.2f} · %{y:.3g}<extra></extra>",
        )
    )
    figure.add_trace(_spots(times, samples))
    if flattened is not None:
        figure.add_vrect(
            x0=flattened[0], x1=flattened[1], fillcolor=theme.ACCENT, opacity=0.16, line_width=0, layer="below"
        )
    figure.update_xaxes(range=[0, after.duration])
    overlays.time_axis(figure, after)
    figure.update_yaxes(title_text=overlays.channel_title(after, channel), fixedrange=True)
    theme.style(figure, height=260, legend=after is not before)
    return figure.update_layout(dragmode="select", selectdirection="h", newselection=_drag())


def _spots(x: np.ndarray, y: np.ndarray) -> go.Scatter:
    """What nobody sees and a drag catches: without points Plotly tells of no box."""
    marker = {"size": 6, "color": "rgba(0,0,0,0)"}
    clear = {"marker": {"opacity": 0}}
    return go.Scatter(
        x=x, y=y, mode="markers", marker=marker, hoverinfo="skip", showlegend=False, selected=clear, unselected=clear
    )


def _drag() -> dict[str, object]:
    return {"line": {"color": theme.ACCENT, "width": 2, "dash": "dot"}}


def rewritten(before: str, after: str) -> str:
    """HTML: the text with what was taken out struck through and what was put in underlined; all of it escaped."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces = []
    for way, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if way == "equal":
            pieces.append(html.escape("".join(old[i:j])))
            continue
        if j > i:
            pieces.append(_marked("del", "".join(old[i:j]), theme.BAD, "line-through"))
        if m > k:
            pieces.append(_marked("ins", "".join(new[k:m]), theme.GOOD, "underline"))
    return f'<p style="line-height:1.8;margin:0;white-space:pre-wrap;overflow-wrap:anywhere">{"".join(pieces)}</p>'


def _marked(name: str, text: str, colour: str, line: str) -> str:
    style = f"background:{theme.faded(colour, 0.18)};text-decoration:{line} {colour} 2px;border-radius:3px"
    return svg.tag(name, html.escape(text), style=style)


def worth(rows: list[tuple[str, bool, float, float, float]], *, title: str, percent: bool) -> go.Figure:
    """What each further input did to the cases like this one: (name, has it, mean, low, high), the first on top."""
    figure = go.Figure()
    figure.add_vline(x=0, line={"color": theme.GREY, "width": 1.2, "dash": "dash"}, layer="below")
    times = 100.0 if percent else 1.0
    for place, (name, has, mean, low, high) in enumerate(rows):
        tint = theme.GREY if has else theme.ACCENT
        figure.add_trace(theme.interval(times * low, times * high, place, tint, 0.6))
        figure.add_trace(
            go.Scatter(
                x=[times * mean], y=[place], mode="markers", showlegend=False,
                marker={"size": 12, "color": tint, "symbol": "circle-open" if has else "circle", "line": {"width": 2}},
                hovertemplate=f"{html.escape(name)}: %{{x:+.3g}}<extra></extra>",
            )
        )  # fmt: skip
    names = [f"<b>{html.escape(name)}</b>" if not has else html.escape(name) for name, has, *_numbers in rows]
    ends = times * np.array([[low, high] for *_who, low, high in rows] + [[0.0, 0.0]])
    room = 0.06 * float(np.nanmax(ends) - np.nanmin(ends) or 1.0)  # else a line that ends at the edge looks cut
    figure.update_xaxes(
        title_text=title, zeroline=False, range=[float(np.nanmin(ends)) - room, float(np.nanmax(ends)) + room]
    )
    figure.update_yaxes(
        zeroline=False,
        tickvals=list(range(len(rows))),
        ticktext=names,
        showgrid=False,
        ticks="",
        range=[len(rows) - 0.5, -0.5],
    )
    return theme.style(figure, height=90 + 40 * len(rows), legend=False)
