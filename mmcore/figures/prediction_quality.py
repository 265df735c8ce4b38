"""Curves behind the numbers: ROC, calibration, confusion, predicted against true. Colours: method -> hex."""

from __future__ import annotations

import html
from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mmcore.base.settings import _, translated
from mmcore.evaluation import Calibration, Confusion, Roc, Scatter
from mmcore.figures import svg, theme
from mmcore.figures.comparison import method_name

_MARKS = 6  # along a curve: enough to tell it without its colour
_LETTERS = 44  # of a name beside an axis
_ACROSS, _UP = [-0.02, 1.02], [-0.02, 1.04]  # axes of shares, the same where two figures stand side by side


def roc(
    curves: Mapping[str, Roc],
    colours: Mapping[str, str],
    *,
    areas: Mapping[str, float],
    band: str | None = None,
) -> go.Figure:
    """ROC of each method; the 95% band of `band` alone, since more bands hide each other."""
    figure = go.Figure(_diagonal(0, 1))
    if band is not None and band in curves:
        curve = curves[band]
        figure.add_trace(theme.band(curve.fpr, curve.low, curve.high, colours.get(band, theme.ACCENT)))
    order = list(curves)
    for method, curve in sorted(curves.items(), key=lambda item: -areas.get(item[0], 0)):
        name = f"{method_name(method)} {areas[method]:.3f}" if method in areas else method_name(method)
        figure.add_trace(
            go.Scatter(
                x=np.append(0.0, curve.fpr),  # a rule that calls nobody finds nobody: every curve begins there
                y=np.append(0.0, curve.tpr),
                mode="lines+markers",
                name=name,
                marker={"symbol": theme.symbol(order.index(method)), "size": 7, "maxdisplayed": _MARKS},
                line={
                    "color": colours.get(method, theme.ACCENT),
                    "width": 2.2,
                    "dash": theme.dash(order.index(method)),
                },
                hovertemplate=f"{method_name(method)}: "
                + _("sensitivity %{y:.2f}, false positive rate %{x:.2f}")
                + "<extra></extra>",
            )
        )
    figure.update_xaxes(title_text=_("false positive rate (1 − specificity)"), range=_ACROSS, constrain="domain")
    figure.update_yaxes(title_text=_("true positive rate (sensitivity)"), range=_UP)
    return _placed(figure, len(curves) + 1)  # as high as calibration, which stands beside it


def calibration(
    curves: Mapping[str, Calibration],
    colours: Mapping[str, str],
    *,
    bars: str | None = None,
    perfect: tuple[np.ndarray, np.ndarray] | None = None,
    errors: Mapping[str, float] | None = None,
) -> go.Figure:
    """Stated probability against how often it came true; on the diagonal a method can be taken at its word.

    bars: the method whose 95% intervals are drawn. perfect: low and high [bins] of the share that came true, were its
    stated probabilities right: chance alone scatters the points of a perfect model that far. errors: method -> its
    calibration error, as tables show it.
    """
    figure = go.Figure(_diagonal(0, 1))
    if perfect is not None and bars is not None and bars in curves:
        ground = theme.band(curves[bars].stated, *perfect, theme.GREY, 0.2)
        name = _("95% range if calibration were perfect")
        figure.add_trace(ground.update(name=name, showlegend=True))
    for number, (method, curve) in enumerate(curves.items()):
        tint = colours.get(method, theme.ACCENT)
        error = {
            "type": "data",
            "symmetric": False,
            "array": curve.high - curve.observed,
            "arrayminus": curve.observed - curve.low,
            "color": theme.faded(tint, 0.5),
            "width": 0,
        }
        figure.add_trace(
            go.Scatter(
                x=curve.stated,
                y=curve.observed,
                mode="lines+markers",
                name=_with_error(method, errors or {}),
                line={"color": tint, "width": 2, "dash": theme.dash(number)},
                customdata=curve.cases,
                marker={
                    "symbol": theme.symbol(number),
                    "size": np.clip(5 + np.sqrt(curve.cases) / 1.6, 5, 18),
                    "line": {"width": 0},
                },
                error_y=error if method == bars else None,
                cliponaxis=False,
                hovertemplate=f"{method_name(method)}: "
                + _("stated %{x:.2f}, came true %{y:.2f}; cases: %{customdata:.0f}")
                + "<extra></extra>",
            )
        )
    of = next((curve.of for curve in curves.values()), "")
    figure.update_xaxes(title_text=_("stated probability of the {of}").format(of=translated(of)), range=_ACROSS)
    figure.update_yaxes(title_text=_("share that came true"), range=_UP)
    return _placed(figure, len(curves) + (perfect is not None))


def _with_error(method: str, errors: Mapping[str, float]) -> str:
    """A method with its calibration error."""
    if method not in errors:
        return method_name(method)
    return _("{method}: calibration error {error:.3f}").format(method=method_name(method), error=errors[method])


def _diagonal(low: float, high: float) -> go.Scatter:
    """Where both axes say the same."""
    line = {"color": theme.GREY, "width": 1, "dash": "dot"}
    return go.Scatter(x=[low, high], y=[low, high], mode="lines", line=line, hoverinfo="skip", showlegend=False)


def _placed(figure: go.Figure, count: int) -> go.Figure:
    """The legend of `count` curves below the picture, one name below the other: a column may be narrow."""
    rows = 20 * count + 12
    below = {"orientation": "v", "y": -0.18, "yanchor": "top", "maxheight": rows, "font": {"size": 12}}
    return theme.style(figure, height=430 + rows).update_layout(legend=below, margin={"t": 8, "b": rows + 60})


def confusion(tables: Mapping[str, Confusion], *, columns: int = 3) -> go.Figure:
    """One matrix a method: rows are the truth, each cell the share of its row, with the number of cases."""
    names = list(tables)
    across = min(columns, max(len(names), 1))
    rows = -(-max(len(names), 1) // across)
    size = max((len(table.classes) for table in tables.values()), default=2)
    side, gap = (
        max(150, 34 * size),
        90 + (6 * max((len(c) for table in tables.values() for c in table.classes), default=0) if size > 4 else 0),
    )
    height = rows * side + (rows - 1) * gap + 100
    figure = make_subplots(
        rows,
        across,
        subplot_titles=[method_name(name) for name in names],
        horizontal_spacing=0.1 / across + 0.04,
        vertical_spacing=gap / (height - 70) if rows > 1 else 0,
        shared_yaxes=True,
    )
    for i, name in enumerate(names):
        table = tables[name]
        share = table.counts / np.maximum(table.counts.sum(1, keepdims=True), 1e-12)
        words = np.vectorize(_cell)(share, table.counts, size)
        figure.add_trace(
            go.Heatmap(
                z=share,
                x=table.classes,
                y=table.classes,
                zmin=0,
                zmax=1,
                colorscale=theme.CELLS,
                showscale=False,
                xgap=2,
                ygap=2,
                customdata=table.counts,
                hovertemplate=_("true %{y}, predicted %{x}; cases: %{customdata:.0f}") + " (%{z:.0%})<extra></extra>",
            ),
            i // across + 1,
            i % across + 1,
        )
        letters = theme.written(table.classes, table.classes, words, share, size=12 if size <= 4 else 10)
        figure.add_trace(letters, i // across + 1, i % across + 1)
    figure.update_xaxes(type="category", ticks="", showgrid=False, title={"text": _("predicted"), "standoff": 16})
    figure.update_yaxes(type="category", ticks="", showgrid=False, autorange="reversed")
    figure.update_yaxes(title_text=_("true"), col=1)
    figure.update_annotations(font_size=13)
    return theme.style(figure, height=height, legend=False).update_layout(margin={"t": 30})


def _cell(share: float, count: float, size: int) -> str:
    """What stands in a cell; of many classes only shares that can be seen."""
    if size <= 4:
        return f"{share:.0%}<br>{count:.0f}"
    return f"{share:.0%}" if share >= 0.005 else ""


def true_against_predicted(scatter: Scatter, target: str, colour: str = theme.ACCENT) -> go.Figure:
    """Regression: each case's true value over the one predicted; on the diagonal the prediction is right."""
    values = np.concatenate([scatter.true, scatter.predicted])
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    figure = go.Figure(_diagonal(low, high))
    figure.add_trace(
        go.Scatter(
            x=scatter.predicted,
            y=scatter.true,
            mode="markers",
            marker={"color": colour, "size": 6, "opacity": 0.65},
            hovertemplate=_("predicted {predicted}, true {true}").format(predicted="%{x:.3g}", true="%{y:.3g}")
            + "<extra></extra>",
        )
    )
    target = html.escape(svg.cut(target, _LETTERS))
    ends = [low - 0.04 * (high - low), high + 0.04 * (high - low)]
    figure.update_xaxes(title_text=_("predicted {target}").format(target=target), range=ends, constrain="domain")
    figure.update_yaxes(
        title_text=_("true {target}").format(target=target), range=ends, constrain="domain", scaleanchor="x"
    )
    return theme.style(figure, height=520, legend=False)
