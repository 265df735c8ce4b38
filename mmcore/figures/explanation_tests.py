"""Whether explanations are right: hits on known evidence, curves of deletion and insertion, agreement.

Rows carry the numbers of `mmcore.studies.explain` (see there).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mmcore.base.settings import _
from mmcore.base.signed_numbers import signed
from mmcore.figures import theme

EXPLANATION_COLOURS = {
    "attention": theme.ACCENT,
    "random": theme.GREY,
    "even": theme.WARN,
    "integrated_gradients": theme.METHOD_COLOURS[3],
    "input_x_gradient": theme.METHOD_COLOURS[4],
    "occlusion": theme.METHOD_COLOURS[5],
    "grad_cam": theme.METHOD_COLOURS[7],
    "shapley": theme.METHOD_COLOURS[2],
}
CONTROLS = {"random": "dot", "even": "dash"}  # what an explanation has to beat, and how its curve is drawn


def explanation_name(name: str) -> str:
    """An explanation or control as a reader sees it: `grad_cam` -> `Grad-CAM`."""
    names = {
        "attention": _("attention"),
        "random": _("random order"),
        "even": _("even weights"),
        "integrated_gradients": _("integrated gradients"),
        "input_x_gradient": _("input × gradient"),
        "occlusion": _("occlusion"),
        "grad_cam": "Grad-CAM",
        "shapley": _("Shapley values"),
    }
    return names.get(name, name.replace("_", " "))


def pointing(table: pd.DataFrame, colours: Mapping[str, str]) -> go.Figure:
    """Share of cases in which the strongest token lies on known evidence, a panel an input.

    table: rows with `name`, `input`, `hit`, `low`, `high`, `chance`. The tick is what chance would hit.
    """
    inputs = list(dict.fromkeys(table["input"]))
    figure = make_subplots(1, len(inputs), shared_yaxes=True, subplot_titles=inputs, horizontal_spacing=0.06)
    for i, input in enumerate(inputs, 1):
        for row in table[table["input"] == input].itertuples():
            tint = colours.get(row.name, theme.ACCENT)
            label = explanation_name(row.name)
            figure.add_trace(theme.interval(row.low, row.high, label, tint), 1, i)
            figure.add_trace(
                go.Scatter(
                    x=[row.chance], y=[label], mode="markers", showlegend=False,
                    marker={"symbol": "line-ns", "size": 15, "line": {"width": 2.5, "color": theme.GREY}},
                    hovertemplate=_("chance: %{x:.0%}") + "<extra></extra>",
                ),
                1,
                i,
            )  # fmt: skip
            interval_text = f"[{row.low:.0%}, {row.high:.0%}]"
            figure.add_trace(
                go.Scatter(
                    x=[row.hit], y=[label], mode="markers", marker={"color": tint, "size": 11}, showlegend=False,
                    hovertemplate=f"{label}, {input}: <b>%{{x:.0%}}</b> {interval_text}<extra></extra>",
                ),
                1,
                i,
            )  # fmt: skip
    figure.update_xaxes(range=[-0.03, 1.03], tickformat=".0%", tickvals=[0, 0.5, 1], zeroline=False)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticks="", type="category", categoryorder="trace")
    figure.update_annotations(font_size=13)  # names of the panels
    rows = table["name"].nunique()
    return theme.style(figure, height=110 + 34 * rows, legend=False).update_layout(margin={"t": 34})


def perturbation(
    curves: Mapping[str, Sequence[float]], colours: Mapping[str, str], *, title: str, of_number: bool = False
) -> go.Figure:
    """Mean probability of what is predicted while tokens are taken away or brought back, a line an explanation.

    of_number: 1 where a predicted number stands, 1/2 where it moved by one standard deviation of the target.
    """
    figure = go.Figure()
    for number, (name, curve) in enumerate(curves.items()):
        values = np.asarray(curve, float)
        figure.add_trace(
            go.Scatter(
                x=np.linspace(0, 1, len(values)),
                y=values,
                mode="lines" if name in CONTROLS else "lines+markers",
                name=explanation_name(name),
                marker={"symbol": theme.symbol(number), "size": 8, "maxdisplayed": 7},
                line={
                    "color": colours.get(name, theme.ACCENT),
                    "width": 2.5,
                    "dash": CONTROLS.get(name, "solid"),
                },
                hovertemplate=f"{explanation_name(name)}: %{{y:.1%}}<extra></extra>",
            )
        )
    figure.update_xaxes(tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1], range=[0, 1.03], title_text=title)
    stands = _("how much of the prediction stands") if of_number else _("probability of what is predicted")
    figure.update_yaxes(tickformat=".0%", title_text=stands, rangemode="tozero")
    rows = -(-len(curves) // 2)  # of the legend, in a card half as wide as the page: two names a row, with room kept
    theme.style(figure, height=290 + 20 * rows).update_layout(hovermode="x unified", margin={"t": 14 + 20 * rows})
    return figure.update_layout(legend={"entrywidth": 0.48, "entrywidthmode": "fraction"})


def gains(table: pd.DataFrame, colours: Mapping[str, str], *, title: str) -> go.Figure:
    """What each explanation gains, with its interval; right of zero is better.

    table: rows with `name`, `mean`, `low`, `high`, and, where there are several, the `control` it is measured against:
    then a row a name, a full dot for the first control and a ring for the second.
    """
    table = table if "control" in table else table.assign(control="")
    names, controls = list(dict.fromkeys(table["name"])), list(dict.fromkeys(table["control"]))
    figure = go.Figure()
    for row in table.itertuples():
        nth = controls.index(row.control)
        y = names.index(row.name) + 0.34 * (nth - (len(controls) - 1) / 2)
        tint, label = colours.get(row.name, theme.ACCENT), explanation_name(row.name)
        hover = f"{label}, {_against(row.control)}" if row.control else label
        figure.add_trace(theme.interval(row.low, row.high, y, tint))
        figure.add_trace(
            go.Scatter(
                x=[row.mean], y=[y], mode="markers", marker=_mark(tint, nth), showlegend=False,
                hovertemplate=f"{hover}: <b>%{{x:+.3f}}</b> [{signed(row.low)}, {signed(row.high)}]<extra></extra>",
            )
        )  # fmt: skip
        figure.add_annotation(x=1, xref="paper", y=y, text=signed(row.mean), showarrow=False, xanchor="right")
    for nth, control in enumerate(controls if len(controls) > 1 else ()):
        mark = go.Scatter(x=[None], y=[None], mode="markers", marker=_mark(theme.GREY, nth), name=_against(control))
        figure.add_trace(mark)
    figure.add_vline(x=0, line={"color": theme.GREY, "width": 1.5})
    ends = np.append(table[["low", "high"]].to_numpy(float).ravel(), 0.0)
    span = float(np.nanmax(ends) - np.nanmin(ends)) or 0.1
    figure.update_xaxes(
        range=[float(np.nanmin(ends)) - 0.06 * span, float(np.nanmax(ends)) + 0.3 * span],
        title_text=title,
        zeroline=False,
    )
    figure.update_yaxes(
        range=[len(names) - 0.4, -0.6],
        showgrid=False,
        zeroline=False,
        ticks="",
        tickvals=list(range(len(names))),
        ticktext=[explanation_name(name) for name in names],
    )
    several = len(controls) > 1
    return theme.style(figure, height=100 + (46 if several else 34) * len(names) + 30 * several, legend=several)


def _against(control: str) -> str:
    return _("against {control}").format(control=explanation_name(control))


def _mark(tint: str, nth: int) -> dict:
    """A full dot for the first control, a ring for the next."""
    return {"color": tint, "size": 11, "symbol": "circle-open" if nth else "circle", "line": {"width": 2.5 * nth}}
