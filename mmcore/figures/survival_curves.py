"""Curves of time to an event: what was seen in groups of cases, and what is predicted of one case."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import plotly.graph_objects as go

from mmcore.base.settings import _
from mmcore.evaluation.kaplan_meier import KaplanMeier
from mmcore.figures import theme

THIRDS = (theme.INPUT_COLOURS[0], theme.GREY, theme.TWO_CLASSES[1])  # low, middle and high risk


def observed(groups: Mapping[str, KaplanMeier], colours: Mapping[str, str], unit: str, last: float) -> go.Figure:
    """Share without the event over time in each group, as steps with their 95% bands, up to the time `last`."""
    figure = go.Figure()
    for number, (name, curve) in enumerate(groups.items()):
        inside = curve.times <= last
        times, free, low, high = (
            np.append(own[inside], own[inside][-1]) for own in (curve.times, curve.free, curve.low, curve.high)
        )
        times[-1] = last
        tint = colours.get(name, theme.ACCENT)
        if len(times) > 2:
            figure.add_trace(theme.band(times, low, high, tint).update(line_shape="hv"))
        figure.add_trace(
            go.Scatter(
                x=times, y=free, mode="lines", name=f"{name} (n = {int(curve.at_risk[0])})",
                line={"color": tint, "width": 2.5, "shape": "hv", "dash": theme.dash(number)},
                hovertemplate=f"{name}: %{{y:.0%}}<extra></extra>",
            )
        )  # fmt: skip
    return _styled(figure, unit)


def predicted(
    horizons: np.ndarray, mean: np.ndarray, low: np.ndarray, high: np.ndarray, unit: str, *,
    before: np.ndarray | None = None, seen: tuple[float, bool] | None = None,
    beside: Mapping[str, KaplanMeier] = MappingProxyType({}),
) -> go.Figure:  # fmt: skip
    """Share without the event that is predicted of one case: probability of the event by each horizon [H], with a band.

    before: of the case before it was changed. seen: time to the event, or to the end of follow-up, and whether it came.
    beside: what was seen in the thirds of the cohort with low, middle and high risk, as thin steps.
    """
    figure, times = go.Figure(), np.append(0.0, horizons)
    for (name, curve), tint, dash in zip(beside.items(), THIRDS, ("dot", "dashdot", "dash"), strict=False):
        inside = curve.times <= horizons[-1]
        figure.add_trace(
            go.Scatter(
                x=np.append(curve.times[inside], horizons[-1]), y=np.append(curve.free[inside], curve.free[inside][-1]),
                mode="lines", name=name, line={"color": tint, "width": 1.2, "dash": dash, "shape": "hv"},
                hovertemplate="%{y:.0%}",
            )
        )  # fmt: skip
    free, lower, upper = (1 - np.append(0.0, each) for each in (mean, high, low))
    figure.add_trace(theme.band(times, lower, upper, theme.ACCENT))
    figure.add_trace(
        go.Scatter(
            x=times, y=free, mode="lines", name=_("now") if before is not None else _("predicted"),
            line={"color": theme.ACCENT, "width": 2.5}, hovertemplate="%{y:.0%}<extra></extra>",
        )
    )  # fmt: skip
    if before is not None:
        figure.add_trace(
            go.Scatter(
                x=times, y=1 - np.append(0.0, before), mode="lines", name=_("as the case is"),
                line={"color": theme.GREY, "width": 2, "dash": "dash"}, hovertemplate="%{y:.0%}<extra></extra>",
            )
        )  # fmt: skip
    if seen is not None:
        label = _("event") if seen[1] else _("followed this far without the event")
        figure.add_vline(x=min(seen[0], float(horizons[-1])), line={"color": theme.WARN, "width": 1.5, "dash": "dot"})
        figure.add_trace(
            go.Scatter(x=[None], y=[None], mode="lines", name=label, line={"color": theme.WARN, "dash": "dot"})
        )
    return _styled(figure, unit)


def _styled(figure: go.Figure, unit: str) -> go.Figure:
    figure.update_yaxes(range=[0, 1.02], tickformat=".0%", title_text=_("without the event"))
    figure.update_xaxes(
        rangemode="tozero", showgrid=False, title_text=_("time in {unit}").format(unit=unit) if unit else _("time")
    )
    figure.update_layout(hovermode="x unified")
    return theme.style(figure, height=340)
