"""Scores over the number of cases: what was measured on parts of a cohort, and what more cases would bring.

S sizes. Colours: method -> hex.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import plotly.graph_objects as go

from mmcore.base.score_digits import with_ends, written
from mmcore.base.settings import _, counted
from mmcore.evaluation import metric_label
from mmcore.evaluation.learning_curve import LearningCurve
from mmcore.figures import theme
from mmcore.figures.comparison import method_name, metric_axis
from mmcore.figures.line_ends import name_ends

_BEYOND = 4  # times the largest size: so far a fit is carried on
_BESIDE = 1.025  # factor between points of equal cases


@dataclass(frozen=True, eq=False)
class Fit:
    """A curve fitted to the scores and carried on beyond the cohort, all [P]: cases, score, its 95% band."""

    cases: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True, eq=False)
class Measured:
    """Of one method, all [S]: number of cases, score on them, its 95% interval; and the fit where there is one."""

    cases: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    fit: Fit | None = field(default=None)

    @classmethod
    def of(cls, curve: LearningCurve, low: Sequence[float] = (), high: Sequence[float] = ()) -> Measured:
        """A fitted curve with the 95% intervals of its scores, where there are any: one a size.

        The band is the misfit up to the largest size; beyond it widens towards the limits that fit about as well.
        """
        cases, scores = np.array(curve.sizes), np.array(curve.scores)
        most = float(cases.max())
        grid = np.geomspace(float(cases.min()), _BEYOND * most, 60)
        mean = np.asarray(curve.at(grid), float)
        left = 1 - np.minimum(most / grid, 1) ** curve.rate  # share of the way from the largest size to the limit
        down, up = curve.limit - curve.limit_low, curve.limit_high - curve.limit
        fit = Fit(grid, mean, mean - curve.error - left * down, mean + curve.error + left * up)
        nothing = np.full(len(cases), np.nan)
        return cls(cases, scores, np.array(low) if len(low) else nothing, np.array(high) if len(high) else nothing, fit)


def learning_curve(
    methods: Mapping[str, Measured],
    metric: str,
    colours: Mapping[str, str],
    *,
    cases: int,
    needed: int | None = None,
) -> go.Figure:
    """Points are measured, lines fitted; beyond the cohort's own number of `cases` the line is broken and its band
    says how little is known. needed: cases at which a difference would show."""
    figure = go.Figure()
    for method, measured in methods.items():
        if measured.fit is not None:
            _add_fit(figure, measured.fit, colours.get(method, theme.ACCENT), cases)
    for number, (method, measured) in enumerate(methods.items()):
        beside = _BESIDE ** (number - (len(methods) - 1) / 2)
        _add_points(
            figure,
            method,
            measured,
            colours.get(method, theme.ACCENT),
            metric,
            theme.symbol(number),
            beside,
        )
    figure.add_vline(x=cases, line={"color": theme.GREY, "width": 1.2}, layer="below")
    _name_line(figure, cases, counted(cases, "{count} case today", "{count} cases today"), "right")
    if needed is not None:
        figure.add_vline(x=needed, line={"color": theme.WARN, "width": 1.5, "dash": "dot"}, layer="below")
        more = _("about {count} more would show a difference").format(count=f"{needed - cases:,}")
        _name_line(figure, needed, more, "right", level=1)
    sizes = [size for measured in methods.values() for size in measured.cases]
    sizes += [end for m in methods.values() if m.fit is not None for end in (m.fit.cases.min(), m.fit.cases.max())]
    low, high = min([*sizes, cases]), max([*sizes, cases, needed or 0])
    figure.update_xaxes(
        type="log", title_text=_("cases (log scale)"), range=[np.log10(0.9 * low), np.log10(1.06 * high)],
        tickvals=_round_numbers(low, high), ticktext=[f"{value:,}" for value in _round_numbers(low, high)],
        zeroline=False, showgrid=False,
    )  # fmt: skip
    figure.update_yaxes(title_text=metric_axis(metric), zeroline=False)
    shown = _heights(methods)
    figure.update_yaxes(range=shown)
    theme.style(figure, height=400, legend=False).update_layout(margin={"t": 46 if needed is not None else 30})
    ends = {method_name(name): float(m.mean[-1] if m.fit is None else m.fit.mean[-1]) for name, m in methods.items()}
    return name_ends(figure, ends, shown, room=310)


def _heights(methods: Mapping[str, Measured]) -> tuple[float, float]:
    """Ends of the vertical axis: all that is drawn, and a little."""
    drawn = [part for m in methods.values() for part in (m.mean, m.low, m.high)]
    drawn += [part for m in methods.values() if m.fit is not None for part in (m.fit.low, m.fit.high)]
    low, high = (float(end(np.concatenate(drawn))) for end in (np.nanmin, np.nanmax))
    room = 0.05 * ((high - low) or 1.0)
    return low - room, high + room


def _add_fit(figure: go.Figure, fit: Fit, tint: str, cases: int) -> None:
    """Band and line: whole up to the cohort's own cases, broken beyond."""
    figure.add_trace(theme.band(fit.cases, fit.low, fit.high, tint, 0.13))
    at = np.union1d(fit.cases, [cases])
    mean = np.interp(np.log(at), np.log(fit.cases), fit.mean)
    for part, dash in ((at <= cases, "solid"), (at >= cases, "dash")):
        line = {"color": tint, "width": 2, "dash": dash}
        figure.add_trace(
            go.Scatter(x=at[part], y=mean[part], mode="lines", line=line, showlegend=False, hoverinfo="skip")
        )


def _add_points(
    figure: go.Figure, method: str, measured: Measured, tint: str, metric: str, symbol: str, beside: float
) -> None:
    """Measured scores; `beside`: factor that sets points of equal cases apart."""
    name = html.escape(method_name(method))
    figure.add_trace(
        go.Scatter(
            x=measured.cases * beside, y=measured.mean, mode="markers", name=name,
            marker={"color": tint, "size": 9, "symbol": symbol},
            error_y={
                "type": "data", "symmetric": False, "thickness": 2, "width": 0, "color": theme.faded(tint, 0.55),
                "array": measured.high - measured.mean, "arrayminus": measured.mean - measured.low,
            },
            customdata=measured.cases,
            text=[with_ends(*ends) for ends in zip(measured.mean, measured.low, measured.high, strict=True)],
            hovertemplate=_("{name}, {cases} cases").format(name=name, cases="%{customdata:,.0f}")
            + f"<br>{metric_label(metric)} %{{text}}<extra></extra>",
        )
    )  # fmt: skip


def _name_line(figure: go.Figure, x: float, text: str, side: str, level: int = 0) -> None:
    figure.add_annotation(
        x=np.log10(x), y=1, yref="y domain", yanchor="bottom", yshift=2 + 16 * level, xanchor=side, text=text,
        showarrow=False, font={"size": 12},
    )  # fmt: skip


def _round_numbers(low: float, high: float) -> list[int]:
    """1, 2 and 5 times the powers of ten between two numbers."""
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    return [value for power in powers for m in (1, 2, 5) if low * 0.9 <= (value := m * 10**power) <= high * 1.06]


def alt_text(methods: Mapping[str, Measured], metric: str) -> str:
    """What `learning_curve` shows, for those who cannot see it."""
    parts: Sequence[str] = [
        _("{method} from {first} on {few} to {last} on {many} cases").format(
            method=method_name(name),
            first=written(m.mean[0]),
            few=int(m.cases[0]),
            last=written(m.mean[-1]),
            many=int(m.cases[-1]),
        )
        for name, m in methods.items()
        if len(m.cases)
    ]
    return _("{metric} over the number of cases: {parts}.").format(metric=metric_label(metric), parts="; ".join(parts))
