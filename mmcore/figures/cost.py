"""What each method costs against what it gives.

Tables carry one row a method: `method`, `mean`, `parameters`, `seconds`. Colours: method -> hex.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from mmcore.base.score_digits import written
from mmcore.base.settings import _
from mmcore.evaluation import lower_is_better
from mmcore.figures import theme
from mmcore.figures.comparison import method_name, metric_axis

_SMALLEST, _WIDER = 10, 26  # pixels: the smallest bubble, and how much wider the largest is
_ROOM = (720, 270)  # pixels that the points spread over, about
_LETTER, _LINE = 7, 15  # pixels of a label
_SLANT = 60  # pixels covered that are the lesser evil: a label aslant seems to belong to the next bubble
_SECONDS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3000)


def cost(table: pd.DataFrame, metric: str, colours: Mapping[str, str]) -> go.Figure:
    """What a method costs against what it gives: seconds to train all replicates (log scale), the metric, and the
    number of parameters. Those that none beats at less cost are joined by a line, in bold; the others are fainter."""
    figure = go.Figure()
    most = float(table["parameters"].max()) if len(table) else 1.0
    front = best_for_its_cost(table, metric)
    edge = table[table["method"].isin(front)].sort_values("seconds")
    figure.add_trace(
        go.Scatter(
            x=edge["seconds"].clip(lower=0.01), y=edge["mean"], mode="lines", hoverinfo="skip", showlegend=False,
            line={"color": theme.GREY, "width": 1.2, "dash": "dot", "shape": "hv"},
        )
    )  # fmt: skip
    ordered = pd.concat([edge, table[~table["method"].isin(front)]])  # who leads has the first choice of a side
    widths = _SMALLEST + _WIDER * np.sqrt(ordered["parameters"].to_numpy(float) / max(most, 1))
    free = _free_sides(
        np.log10(ordered["seconds"].clip(lower=0.01)), ordered["mean"], widths, [*map(method_name, ordered["method"])]
    )
    sides = dict(zip(ordered["method"], free, strict=True))
    for row in table.itertuples():
        named = row.method in front
        figure.add_trace(
            go.Scatter(
                x=[max(row.seconds, 0.01)],
                y=[row.mean],
                mode="markers+text",
                text=[f"<b>{method_name(row.method)}</b>" if named else method_name(row.method)],
                textposition=sides.get(row.method),
                name=method_name(row.method),
                showlegend=False,
                marker={
                    "size": _SMALLEST + _WIDER * float(np.sqrt(row.parameters / max(most, 1))),
                    "color": colours.get(row.method, theme.ACCENT),
                    "opacity": 0.8 if named else 0.45,
                    "line": {"width": 0},
                },
                cliponaxis=False,
                hovertemplate=f"{method_name(row.method)}: {row.seconds:.1f} s, "
                + _("{count:,} parameters").format(count=row.parameters)
                + f", {written(row.mean)}<extra></extra>",
            )
        )
    figure.update_xaxes(
        type="log",
        title_text=_("seconds to train all its models (log scale)"),
        tickvals=_SECONDS,
        ticktext=[f"{s:g}" for s in _SECONDS],
    )
    figure.update_yaxes(title_text=metric_axis(metric))
    return theme.style(figure, height=400, legend=False).update_layout(margin={"t": 24, "r": 24})


def best_for_its_cost(table: pd.DataFrame, metric: str, *, name: str = "method", cost: str = "seconds") -> list[Any]:
    """Methods (column `name`) that no other beats in the metric at the same cost or less, the cheapest first."""
    sense, front, reached = (-1 if lower_is_better(metric) else 1), [], -np.inf
    ordered = table.assign(good=sense * table["mean"]).sort_values([cost, "good"], ascending=[True, False])
    for row in ordered.itertuples():
        if row.good > reached:
            front.append(getattr(row, name))
            reached = row.good
    return front


def _free_sides(x: pd.Series, y: pd.Series, widths: np.ndarray, labels: Sequence[str]) -> list[str]:
    """For each bubble (its width in pixels) the side on which its label covers least of other bubbles and labels."""
    if not len(x):
        return []
    spread = [(v - v.min()) / max(float(v.max() - v.min()), 1e-9) for v in (np.asarray(x, float), np.asarray(y, float))]
    places = np.column_stack(spread) * _ROOM
    bubbles = [(*(place - width / 2), *(place + width / 2)) for place, width in zip(places, widths, strict=True)]
    taken: list[tuple[float, ...]] = []
    chosen = []
    for i, (place, width, label) in enumerate(zip(places, widths, labels, strict=True)):
        boxes = _label_boxes(place, width, label)
        others = [*taken, *bubbles[:i], *bubbles[i + 1 :]]
        covered = {side: sum(_overlap(box, other) for other in others) for side, box in boxes.items()}
        side = min(covered, key=lambda side: covered[side] + (0 if {"center", "middle"} & {*side.split()} else _SLANT))
        taken.append(boxes[side])
        chosen.append(side)
    return chosen


def _label_boxes(place: np.ndarray, width: float, label: str) -> dict[str, tuple[float, ...]]:
    """Side -> left, bottom, right, top of the label there, in pixels; the first side is the one best read."""
    long, away = _LETTER * len(label), width / 2 + 2
    slant = 0.7 * away
    corners = {
        "top center": (-long / 2, away),
        "bottom center": (-long / 2, -away - _LINE),
        "middle right": (away, -_LINE / 2),
        "middle left": (-away - long, -_LINE / 2),
        "top right": (slant, slant),
        "bottom left": (-slant - long, -slant - _LINE),
        "top left": (-slant - long, slant),
        "bottom right": (slant, -slant - _LINE),
    }
    return {
        side: (place[0] + dx, place[1] + dy, place[0] + dx + long, place[1] + dy + _LINE)
        for side, (dx, dy) in corners.items()
    }


def _overlap(box: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Pixels that two boxes share."""
    wide, high = (min(box[k + 2], other[k + 2]) - max(box[k], other[k]) for k in (0, 1))
    return max(wide, 0.0) * max(high, 0.0)
