"""What a model says of a case: the probability of each class, and the weight it gave each input.

Weights are shares that sum to 1 over the inputs. K classes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from mmcore.base.settings import _
from mmcore.figures import theme

_RIM, _SPREAD = "rgba(255, 255, 255, 0.85)", "#2A343D"  # of the line of a spread


def input_weights(
    weights: Mapping[str, tuple[float, float]], colours: Mapping[str, str], missing: Sequence[str] = ()
) -> go.Figure:
    """Bars of the weight of each input with its standard deviation over replicates: weights {input: (mean, sd)}."""
    names = list(weights)[::-1]
    means, spreads = np.array([weights[n][0] for n in names]), np.nan_to_num([weights[n][1] for n in names])
    figure = go.Figure(_bars(names, means, spreads, [colours[n] for n in names]))
    for row, (name, mean, spread) in enumerate(zip(names, means, spreads, strict=True)):
        figure.add_annotation(
            x=mean + spread,
            y=row,  # by number: a name such as "3" would be taken for one
            text=_("missing") if name in missing else f"<b>{mean:.0%}</b>",
            showarrow=False,
            xanchor="left",
            xshift=8,
        )
    figure.update_xaxes(
        range=[0, 1],  # so that two of them compare
        domain=[0, 0.84],
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        tickformat=".0%",
        title_text=_("share of the weight"),
    )
    figure.update_yaxes(showgrid=False, ticks="", type="category")
    return theme.style(figure, height=100 + 44 * len(names), legend=False)


def prediction(
    classes: Sequence[str],
    mean: np.ndarray,
    spread: np.ndarray,
    *,
    truth: str | Collection[str] | None = None,
    colours: Mapping[str, str] | None = None,
) -> go.Figure:
    """Probability of each class [K] with its standard deviation over replicates; the true class, or the true labels,
    are named where given."""
    true = {truth} if isinstance(truth, str) else {*(truth or ())}
    read = {name: str(name).replace("_", " ") for name in classes}
    names = [f"<b>{read[name]}</b>  ✓" if name in true else read[name] for name in classes]
    top = int(np.argmax(mean))
    tints = [(colours or {}).get(name, theme.ACCENT if i == top else theme.GREY) for i, name in enumerate(classes)]
    figure = go.Figure(_bars(names, mean, spread, tints))
    for row, (value, sd) in enumerate(zip(mean, spread, strict=True)):
        figure.add_annotation(
            x=min(value + sd, 1.0), y=row, text=f"<b>{value:.0%}</b>", showarrow=False, xanchor="left", xshift=8
        )
    figure.update_xaxes(
        range=[0, 1], domain=[0, 0.84], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%", title_text=_("probability")
    )
    figure.update_yaxes(showgrid=False, ticks="", autorange="reversed", type="category")
    return theme.style(figure, height=100 + 44 * len(names), legend=False)


def _bars(
    names: Sequence[str], means: np.ndarray, spreads: np.ndarray, colours: Sequence[str]
) -> list[go.Bar | go.Scatter]:
    """A bar a name with its standard deviation over replicates, as shares: dark with a light rim, so that it shows on
    the bar and beside it, in either theme."""
    bars = go.Bar(
        x=means,
        y=names,
        orientation="h",
        width=0.55,
        marker_color=colours,
        customdata=spreads,
        hovertemplate="%{y}: %{x:.1%} ± %{customdata:.1%}<extra></extra>",
    )
    if not np.any(spreads):
        return [bars]
    return [bars, *(
        go.Scatter(
            x=means, y=names, mode="markers", marker={"opacity": 0}, hoverinfo="skip", showlegend=False,
            error_x={"array": spreads, "thickness": thickness, "width": width, "color": tint},
        )
        for thickness, width, tint in ((4, 6, _RIM), (1.5, 5, _SPREAD))
    )]  # fmt: skip
