"""Decision curves: what is gained by acting on a model's probabilities (Vickers and Elkin 2006).

Numbers are those of mmcore.evaluation.net_benefit. T thresholds. Colours: method -> hex.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from mmcore.base.settings import _
from mmcore.evaluation.net_benefit import DecisionCurve
from mmcore.figures import theme
from mmcore.figures.comparison import method_name

_FLOOR = 0.25  # of the height above zero: so much of what lies below zero is shown
_SMALL = 0.02  # of the height: thresholds beyond which nothing reaches it are left out


def decision_curve(
    curves: Mapping[str, DecisionCurve],
    colours: Mapping[str, str],
    *,
    gain: DecisionCurve | None = None,
    act: str = "",
) -> go.Figure:
    """Net benefit over the threshold [T] at which one acts, against acting on every case and on none.

    curves: one a method; the first is drawn boldest, each with a dash of its own. gain: of the first beyond the second;
    a bar along the axis marks where its interval leaves out zero. act: what the threshold decides, in words.
    """
    first = next(iter(curves.values()))
    thresholds, figure = first.thresholds, go.Figure()
    figure.add_trace(_flat(thresholds, first.act_on_all, _("act on every case"), "dot"))
    figure.add_trace(_flat(thresholds, np.zeros(len(thresholds)), _("act on none"), "solid"))
    for number, (method, curve) in enumerate(curves.items()):
        tint = colours.get(method, theme.ACCENT)
        if number < 2 and np.isfinite(curve.low).any():  # more bands hide each other
            ground = theme.band(thresholds, curve.low, curve.high, tint, 0.14 if number == 0 else 0.08)
            figure.add_trace(ground)
    for number, (method, curve) in enumerate(curves.items()):
        name = html.escape(method_name(method))
        look: dict[str, Any] = {"color": colours.get(method, theme.ACCENT)}
        look |= {"width": 3 if number == 0 else 2, "dash": theme.dash(number)}
        hover = f"{name}: %{{y:.3f}}<extra></extra>"
        figure.add_trace(
            go.Scatter(x=thresholds, y=curve.net_benefit, mode="lines", name=name, line=look, hovertemplate=hover)
        )
    top = max(*(float(np.nanmax(curve.net_benefit)) for curve in curves.values()), float(first.act_on_all.max()), 1e-3)
    if gain is not None and len(curves) > 1:
        _mark_gain(figure, gain, -0.88 * _FLOOR * top, list(curves)[:2], colours)
    title = (
        _("probability from which you would {act}").format(act=act)
        if act
        else _("probability from which you would act")
    )
    figure.update_xaxes(title_text=title, tickformat=".0%", zeroline=False, range=_shown(curves, top))
    figure.update_yaxes(title_text=_("net benefit (true positives per case)"), zeroline=False)
    bands = [float(np.nanmax(curve.high)) for curve in [*curves.values()][:2] if np.isfinite(curve.high).any()]
    figure.update_yaxes(range=[-_FLOOR * top, max([1.08 * top, *(1.02 * band for band in bands)])])
    return theme.style(figure, height=400).update_layout(hovermode="x unified")


def _shown(curves: Mapping[str, DecisionCurve], top: float) -> list[float]:
    """Ends of the axis: up to the last threshold at which any method is of use."""
    thresholds = next(iter(curves.values())).thresholds
    useful = np.any([np.nan_to_num(curve.net_benefit) > _SMALL * top for curve in curves.values()], axis=0)
    last = thresholds[useful].max() if useful.any() else thresholds.max()
    return [float(thresholds.min()), float(min(last + 0.05, thresholds.max()))]


def _flat(thresholds: np.ndarray, values: np.ndarray, name: str, dash: str) -> go.Scatter:
    """A strategy that needs no model."""
    line = {"color": theme.GREY, "width": 1.6, "dash": dash}
    hover = f"{name}: %{{y:.3f}}<extra></extra>"
    return go.Scatter(x=thresholds, y=values, mode="lines", name=name, line=line, hovertemplate=hover)


def _mark_gain(
    figure: go.Figure, gain: DecisionCurve, y: float, methods: list[str], colours: Mapping[str, str]
) -> None:
    """A bar along the axis over the thresholds at which the first method is better than the second."""
    better = gain.low > 0
    if not better.any():
        return
    first, second = (html.escape(method_name(method)) for method in methods)
    figure.add_trace(
        go.Scatter(
            x=gain.thresholds, y=np.where(better, y, np.nan), mode="lines", opacity=0.55, hoverinfo="skip",
            line={"color": colours.get(methods[0], theme.ACCENT), "width": 7},
            name=_("{first} above {second} (95% interval)").format(first=first, second=second),
        )
    )  # fmt: skip


def alt_text(curves: Mapping[str, DecisionCurve]) -> str:
    """What `decision_curve` shows, for those who cannot see it: where each method beats acting on all and on none."""
    parts = []
    for name, curve in curves.items():
        useful = curve.thresholds[curve.net_benefit > np.maximum(curve.act_on_all, 0)]
        text = _("{method} is useful at no threshold")
        if len(useful):
            text = _("{method} is useful between {low:.0%} and {high:.0%}")
        ends = {"low": useful.min(), "high": useful.max()} if len(useful) else {}
        parts.append(text.format(method=method_name(name), **ends))
    return _("How net benefit changes with the threshold: {parts}.").format(parts="; ".join(parts))
