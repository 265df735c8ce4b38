"""Where a fusion model attends in each input: the weights of its tokens laid over its value.

Weights are told in even shares (see `heat`): 1 is what each token would weigh if all weighed the same. N tokens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mmcore.base.number_text import cell_text
from mmcore.base.settings import _
from mmcore.base.values import Column, Evidence, Image, InputSpec, Place, Seconds, Signal, Span
from mmcore.figures import overlays, shaded_text, theme
from mmcore.figures.evidence_outlines import PROOF, add_evidence
from mmcore.figures.heat import COLOURS, HeatScale, colours, fills, scale_of_fills

_BANDS = 200  # behind one trace, at most


def image(
    value: Image,
    places: Sequence[Place],
    shares: np.ndarray,
    scale: HeatScale,
    *,
    opacity: float = 0.65,
    evidence: Sequence[Evidence] = (),
) -> go.Figure:
    """Heat over the image; evidence known to be there is outlined with dots."""
    figure = overlays.image_figure(value, 420)
    overlays.add_heat(
        figure, places, scale.shades(shares), opacity=opacity, name=_("even shares"), shown=np.asarray(shares)
    )
    add_evidence(figure, evidence)
    return figure


def signal(
    value: Signal,
    places: Sequence[Place],
    shares: np.ndarray,
    scale: HeatScale,
    *,
    colour: str,
    channel: int = 0,
    evidence: Sequence[Evidence] = (),
) -> go.Figure:
    """The trace with its weights as a band below, on one time axis; evidence is drawn as dotted frames."""
    look = {"colorscale": scale_of_fills(), "zmin": 1, "zmax": scale.top}
    figure = over_band(value, places, shares, _("weight"), look, colour=colour, channel=channel, evidence=evidence)
    shades = scale.shades(shares)
    shade(figure, places, shades, colours(shades), channel)
    return figure


def over_band(
    value: Signal,
    places: Sequence[Place],
    values: np.ndarray,
    name: str,
    look: Mapping[str, object],
    *,
    colour: str,
    channel: int = 0,
    evidence: Sequence[Evidence] = (),
) -> go.Figure:
    """One channel above a band of the values [N] of its stretches. look: colour scale and limits of the band."""
    figure = make_subplots(2, 1, shared_xaxes=True, row_heights=[0.86, 0.14], vertical_spacing=0.03)
    times, samples = overlays.trace(value, channel)
    figure.add_trace(
        go.Scatter(
            x=times,
            y=samples,
            line={"width": 1.1, "color": colour},
            showlegend=False,
            hovertemplate="%{x:.2f} · %{y:.3g}<extra></extra>",
        ),
        1,
        1,
    )
    at, band = overlays.over_time(places, values, value.duration, channel=channel)
    figure.add_trace(
        go.Heatmap(
            x=at,
            y=[name],
            z=[band],
            showscale=False,
            hovertemplate=f"%{{x:.1f}} {value.time_unit}: %{{z:.3f}}<extra></extra>",
            **look,
        ),
        2,
        1,
    )
    for item in evidence:
        for place in item.places:
            if isinstance(place, Seconds):
                figure.add_vrect(
                    x0=place.start,
                    x1=place.end,
                    line={"color": PROOF, "width": 1, "dash": "dot"},
                    row=1,
                    col=1,
                )
    figure.update_yaxes(title_text=overlays.channel_title(value, channel), row=1, col=1)
    figure.update_yaxes(showgrid=False, ticks="", row=2, col=1)
    figure.update_xaxes(range=[0, value.duration], showgrid=False, zeroline=False)
    overlays.time_axis(figure, value, row=2, col=1)
    return theme.style(figure, height=340, legend=False)


def shade(figure: go.Figure, places: Sequence[Place], shades: np.ndarray, colours: Sequence[str], channel: int) -> None:
    """Stretches behind the trace of a channel, by shades [N] in 0..1; none where there are too many to tell apart."""
    bands = [
        (stretch, strength, colour)
        for place, strength, colour in zip(places, shades, colours, strict=True)
        if isinstance(place, Seconds) and strength > 0 and overlays.is_of(place, channel)
        for stretch in place.stretches
    ]
    if len(bands) <= _BANDS:
        for stretch, strength, colour in bands:
            figure.add_vrect(
                x0=stretch.start,
                x1=stretch.end,
                fillcolor=colour,
                opacity=float(0.25 * strength),
                line_width=0,
                layer="below",
                row=1,
                col=1,
            )


def columns(
    value: Mapping[str, object],
    places: Sequence[Place],
    shares: np.ndarray,
    scale: HeatScale,
    spec: InputSpec,
    *,
    evidence: Sequence[Evidence] = (),
) -> go.Figure:
    """Weight of each column as bars, with the case's value beside the name; a dot marks columns that are evidence."""
    named = [(place.name, float(w)) for place, w in zip(places, shares, strict=True) if isinstance(place, Column)]
    named.sort(key=lambda pair: pair[1])
    labels = column_labels([name for name, _w in named], value, spec, evidence)
    amounts = np.array([w for _n, w in named])
    figure = go.Figure(
        go.Bar(
            x=amounts,
            y=labels,
            orientation="h",
            marker={"color": fills(scale.shades(amounts)), "line": {"color": theme.GREY, "width": 0.7}},
            hovertemplate="%{y}: %{x:.2f}<extra></extra>",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=np.maximum(amounts, 1),  # right of the line of an even share, not across it
            y=labels,
            mode="text",
            text=[f" {w:.1f}×" for w in amounts],
            textposition="middle right",
            cliponaxis=False,
            hoverinfo="skip",
        )
    )
    figure.add_vline(x=1, line={"color": theme.GREY, "width": 1.2, "dash": "dash"})
    figure.update_xaxes(title_text=_("even shares (dashed: equal weights)"), range=[0, 1.12 * scale.top])
    figure.update_yaxes(showgrid=False, ticks="")
    return theme.style(figure, height=110 + 30 * len(named), legend=False)


def text(value: str, places: Sequence[Place], shares: np.ndarray, scale: HeatScale, marked: Sequence[Span] = ()) -> str:
    """HTML: words on the colours of the heat."""
    shades = scale.shades(shares)
    return shaded_text.shaded(
        value, places, shades, COLOURS[0], marked=marked, hover_values=np.asarray(shares), digits=1, suffix="×",
        ramp=colours(shades),
    )  # fmt: skip


def column_labels(
    names: Sequence[str], value: Mapping[str, object], spec: InputSpec, evidence: Sequence[Evidence] = ()
) -> list[str]:
    """Names of columns with the case's value and its unit; a dot before those that are evidence."""
    proven = {place.name for item in evidence for place in item.places if isinstance(place, Column)}
    units = {column.name: column.unit for column in spec.table}
    return [
        f"{'● ' if name in proven else ''}{name}  <b>{cell_with_unit(value.get(name), units.get(name, ''))}</b>"
        for name in names
    ]


def cell_with_unit(value: object, unit: str = "") -> str:
    """A table value as a reader writes it."""
    words = cell_text(value, "")
    return f"{words} {unit}".strip() if words else _("missing")
