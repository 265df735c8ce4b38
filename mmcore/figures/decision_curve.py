"""Decision curves: what is gained by acting on a model's probabilities (Vickers and Elkin 2006).

Net benefit at a threshold t: the share of cases rightly acted upon, less the share wrongly acted upon weighed by
t / (1 - t). T thresholds. Colours: method -> hex.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from mmcore.base.settings import _
from mmcore.figures import theme
from mmcore.figures.comparison import method_name

_FLOOR = 0.25  # of the height above zero: so much of what lies below zero is shown


@dataclass(frozen=True, eq=False)
class NetBenefit:
    """Of one method, all [T]: the net benefit, and its 95% interval where there is one."""

    mean: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None


def decision_curve(
    thresholds: np.ndarray,
    methods: Mapping[str, NetBenefit],
    treat_all: np.ndarray,
    colours: Mapping[str, str],
    *,
    better: np.ndarray | None = None,
    act: str = "",
) -> go.Figure:
    """Net benefit over the threshold [T] at which one acts, against acting on every case and on none.

    methods: the first is drawn boldest, each with a dash of its own. better: [T] bool, where the interval of the
    difference between the first two leaves out zero: a bar along the axis. act: what the threshold decides, in words.
    """
    figure = go.Figure()
    figure.add_trace(_flat(thresholds, treat_all, _("act on every case"), "dot"))
    figure.add_trace(_flat(thresholds, np.zeros(len(thresholds)), _("act on none"), "solid"))
    for number, (method, benefit) in enumerate(methods.items()):
        tint = colours.get(method, theme.ACCENT)
        if benefit.low is not None and benefit.high is not None:
            figure.add_trace(theme.band(thresholds, benefit.low, benefit.high, tint, 0.14 if number == 0 else 0.08))
    for number, (method, benefit) in enumerate(methods.items()):
        name = html.escape(method_name(method))
        figure.add_trace(
            go.Scatter(
                x=thresholds, y=benefit.mean, mode="lines", name=name,
                line={
                    "color": colours.get(method, theme.ACCENT),
                    "width": 3 if number == 0 else 2,
                    "dash": theme.dash(number),
                },
                hovertemplate=f"{name}: %{{y:.3f}}<extra></extra>",
            )
        )  # fmt: skip
    top = max((float(np.nanmax(benefit.mean)) for benefit in methods.values()), default=0.1)
    top = max(top, float(np.nanmax(treat_all)), 1e-3)
    bottom = -_FLOOR * top
    if better is not None and len(methods) > 1 and np.any(better):
        first, second = (html.escape(method_name(method)) for method in list(methods)[:2])
        name = _("{first} above {second}, 95%").format(first=first, second=second)
        _mark_better(figure, thresholds, better, bottom * 0.88, name, colours.get(next(iter(methods)), theme.ACCENT))
    title = _("probability from which one acts") if not act else _("probability from which one would {act}")
    figure.update_xaxes(title_text=title.format(act=act), tickformat=".0%", zeroline=False)
    figure.update_xaxes(range=[float(thresholds.min()), float(thresholds.max())])
    figure.update_yaxes(title_text=_("net benefit (true positives a case)"), range=[bottom, 1.08 * top], zeroline=False)
    return theme.style(figure, height=400).update_layout(hovermode="x unified")


def _flat(thresholds: np.ndarray, values: np.ndarray, name: str, dash: str) -> go.Scatter:
    """A strategy that needs no model."""
    line = {"color": theme.GREY, "width": 1.6, "dash": dash}
    hover = f"{name}: %{{y:.3f}}<extra></extra>"
    return go.Scatter(x=thresholds, y=values, mode="lines", name=name, line=line, hovertemplate=hover)


def _mark_better(
    figure: go.Figure, thresholds: np.ndarray, better: np.ndarray, y: float, name: str, colour: str
) -> None:
    """A bar along the axis over the thresholds at which the first method is better."""
    values = np.where(better, y, np.nan)
    figure.add_trace(
        go.Scatter(
            x=thresholds, y=values, mode="lines", line={"color": colour, "width": 7}, opacity=0.55, name=name,
            hoverinfo="skip",
        )
    )  # fmt: skip


def alt_text(thresholds: np.ndarray, methods: Mapping[str, NetBenefit], treat_all: np.ndarray) -> str:
    """What `decision_curve` shows, for those who cannot see it: where each method beats acting on all and on none."""
    plain = np.maximum(treat_all, 0)
    parts: Sequence[str] = [
        _("{method} is of use from {low:.0%} to {high:.0%}").format(
            method=method_name(name),
            low=thresholds[benefit.mean > plain].min(),
            high=thresholds[benefit.mean > plain].max(),
        )
        if np.any(benefit.mean > plain)
        else _("{method} is of no use at any threshold").format(method=method_name(name))
        for name, benefit in methods.items()
    ]
    return _("Net benefit over the threshold: {parts}.").format(parts="; ".join(parts))
