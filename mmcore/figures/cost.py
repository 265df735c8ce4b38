"""What each method costs against what it gives.

Tables carry one row a method: `method`, `mean`, `parameters`, `seconds`. Colours: method -> hex.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from mmcore.base.score_digits import written
from mmcore.base.settings import _
from mmcore.evaluation import lower_is_better
from mmcore.figures import theme
from mmcore.figures.comparison import method_name, metric_axis

_SMALLEST, _WIDER = 10, 26  # pixels: the smallest bubble, and how much wider the largest is
_ROOMS = (720, 790, 1340)  # pixels that the figure is wide in windows of several widths: names fit in all of them
_MANY = 10  # methods from which on bubbles shrink and the figure grows, so that all names find room
_LETTER, _LINE = 6.6, 15  # pixels of a label
_STEPS = (0, 14, 28, 44, 62, 82, 104, 128)  # pixels between bubble and label; beyond the first a line joins them
_FAR = 4.0  # pixels covered that are the lesser evil than a label a pixel further away
_SLANT = 150  # the same for a label aslant, which seems to belong to the next bubble where no line joins them
_APART = 5  # pixels around a bubble within which a label seems to be its own
_MISTAKEN, _UNREAD = 12.0, 40.0  # how bad a pixel is that is covered of another bubble, and of another label or line
_OUTSIDE = 1e6  # never beyond the edge
_SECONDS = tuple(step * 10.0**power for power in range(-2, 5) for step in (1, 2, 5))
_FEW_SECONDS = tuple(step * 10.0**power for power in range(-2, 5) for step in (1, 3))
_WIDE = 1.8  # powers of ten from which on fewer of them are written

_Box = tuple[float, ...]  # left, bottom, right and top, in pixels


def cost(table: pd.DataFrame, metric: str, colours: Mapping[str, str]) -> go.Figure:
    """What a method costs against what it gives: seconds to train all replicates (log scale), the metric, and the
    number of parameters. Those that none beats at less cost are joined by a line, in bold; the others are fainter."""
    figure = go.Figure()
    front = best_for_its_cost(table, metric)
    edge = table[table["method"].isin(front)].sort_values("seconds")
    ordered = pd.concat([edge, table[~table["method"].isin(front)]])  # who leads has the first choice of a place
    seconds = np.log10(ordered["seconds"].clip(lower=0.01).to_numpy(float))
    scores = ordered["mean"].to_numpy(float)
    widths = _SMALLEST + _widest(len(table)) * np.sqrt(ordered["parameters"].to_numpy(float) / _most(table))
    figure.add_trace(
        go.Scatter(
            x=edge["seconds"].clip(lower=0.01), y=edge["mean"], mode="lines", hoverinfo="skip", showlegend=False,
            line={"color": theme.GREY, "width": 1.2, "dash": "dot", "shape": "hv"},
        )
    )  # fmt: skip
    for row, width in zip(ordered.itertuples(), widths, strict=True):
        figure.add_trace(
            go.Scatter(
                x=[max(row.seconds, 0.01)],
                y=[row.mean],
                mode="markers",
                name=method_name(row.method),
                showlegend=False,
                marker={
                    "size": width,
                    "color": colours.get(row.method, theme.ACCENT),
                    "opacity": 0.8 if row.method in front else 0.45,
                    "line": {"width": 0},
                },
                cliponaxis=False,
                hovertemplate=f"{method_name(row.method)}: {row.seconds:.1f} s, "
                + _("{count:,} parameters").format(count=row.parameters)
                + f", {written(row.mean)}<extra></extra>",
            )
        )
    height = 400 + 10 * max(len(table) - _MANY, 0)
    x_range, y_range = _padded(seconds, 0.06), _padded(scores, 0.12)
    across, up = _share(seconds, x_range), _share(scores, y_range) * (height - 90)
    views = [_View.of(np.column_stack([across * room, up]), widths, (room, height - 90), len(edge)) for room in _ROOMS]
    labels = [method_name(method) for method in ordered["method"]]
    spots = _free_spots(views, widths, labels)
    for label, method, x, y, spot in zip(labels, ordered["method"], seconds, scores, spots, strict=True):
        figure.add_annotation(
            x=x, y=y, text=f"<b>{label}</b>" if method in front else label, font={"size": 12},
            ax=spot.right, ay=-spot.up, showarrow=True, arrowhead=0, arrowwidth=1, standoff=spot.near,
            arrowcolor=theme.GREY if spot.joined else "rgba(0, 0, 0, 0)", borderpad=0,
        )  # fmt: skip
    ticks = _SECONDS if x_range[1] - x_range[0] < _WIDE else _FEW_SECONDS
    figure.update_xaxes(
        type="log",
        range=x_range,
        title_text=_("seconds to train all its models (log scale)"),
        tickvals=ticks,
        ticktext=[f"{s:g}" for s in ticks],
    )
    figure.update_yaxes(title_text=metric_axis(metric), range=y_range)
    return theme.style(figure, height=height, legend=False).update_layout(margin={"t": 24, "r": 24})


def _most(table: pd.DataFrame) -> float:
    return max(float(table["parameters"].max()) if len(table) else 1.0, 1.0)


def _widest(methods: int) -> float:
    return _WIDER * min(1.0, (_MANY / max(methods, 1)) ** 0.8)


def _padded(values: np.ndarray, part: float) -> list[float]:
    """From the least to the most, and a part of that on either side; of no extent at all, some."""
    if not len(values):
        return [0.0, 1.0]
    low, high = float(values.min()), float(values.max())
    more = part * (high - low) or 0.1 * (abs(high) or 1.0)
    return [low - more, high + more]


def _share(values: np.ndarray, ends: Sequence[float]) -> np.ndarray:
    return (values - ends[0]) / (ends[1] - ends[0])


def best_for_its_cost(table: pd.DataFrame, metric: str, *, name: str = "method", cost: str = "seconds") -> list[Any]:
    """Methods (column `name`) that no other beats in the metric at the same cost or less, the cheapest first."""
    sense, front, reached = (-1 if lower_is_better(metric) else 1), [], -np.inf
    ordered = table.assign(good=sense * table["mean"]).sort_values([cost, "good"], ascending=[True, False])
    for row in ordered.itertuples():
        if row.good > reached:
            front.append(getattr(row, name))
            reached = row.good
    return front


class _Spot(NamedTuple):
    """Where a label stands: its centre from that of its bubble, in pixels; a line joins them, and ends `near` that."""

    right: float
    up: float
    near: float
    joined: bool


class _View(NamedTuple):
    """The figure at one width, in pixels: places of the bubbles [M, 2], boxes of bubbles and of what is taken."""

    places: np.ndarray
    bubbles: list[_Box]
    taken: list[_Box]
    room: tuple[float, float]

    @classmethod
    def of(cls, places: np.ndarray, widths: np.ndarray, room: tuple[float, float], joined: int) -> _View:
        """The first `joined` bubbles are joined by a line, on which no label shall lie."""
        halves = widths / 2 + _APART
        bubbles = [(*(place - half), *(place + half)) for place, half in zip(places, halves, strict=True)]
        return cls(places, bubbles, _steps(places[:joined]), room)

    def evil(self, i: int, label: str, spot: _Spot) -> float:
        """How bad a spot for the label of bubble i is: what it covers, and whether it leaves the figure."""
        box, joint = _box(self.places[i], spot, label), _joint(self.places[i], spot, label)
        beyond = box[0] < 0 or box[1] < -_LINE or box[2] > self.room[0] or box[3] > self.room[1] + _LINE
        return (
            _MISTAKEN * _covered([box, *joint], [*self.bubbles[:i], *self.bubbles[i + 1 :]])
            + _UNREAD * _covered([box, *joint], self.taken)
            + _OUTSIDE * beyond
        )


def _free_spots(views: Sequence[_View], widths: np.ndarray, labels: Sequence[str]) -> list[_Spot]:
    """For each bubble (width [M] in pixels) where its label covers least of other bubbles, labels and lines in all of
    the views, and lies not too far away. What is chosen is taken in the views."""
    chosen = []
    for i, (width, label) in enumerate(zip(widths, labels, strict=True)):
        spot = min(_spots(width, label), key=partial(_evil, views, i, label))
        for view in views:
            view.taken.extend([_box(view.places[i], spot, label), *_joint(view.places[i], spot, label)])
        chosen.append(spot)
    return chosen


def _evil(views: Sequence[_View], i: int, label: str, spot: _Spot) -> float:
    """How bad a spot is in all views together, and how far off it stands."""
    far = float(np.hypot(spot.right, spot.up)) - spot.near
    slanted = bool(spot.right and spot.up) and not spot.joined
    return sum(view.evil(i, label, spot) for view in views) + _FAR * far * spot.joined + _SLANT * slanted


def _steps(corners: np.ndarray) -> list[_Box]:
    """The line that runs right and then up or down from place to place [M, 2], as thin boxes."""
    boxes: list[_Box] = []
    for (x, y), (right, up) in pairwise(corners):
        boxes += [(x, y - 1, right, y + 1), (right - 1, min(y, up), right + 1, max(y, up))]
    return boxes


def _spots(width: float, label: str) -> list[_Spot]:
    """Above, below, beside and aslant, near and further away; the first is the one best read."""
    half, near = _LETTER * len(label) / 2, width / 2
    spots = []
    for step in _STEPS:
        away = near + 2 + step
        slant = 0.7 * away
        centres = [
            (0.0, away + _LINE / 2),
            (0.0, -away - _LINE / 2),
            (away + half, 0.0),
            (-away - half, 0.0),
            (slant + half, slant + _LINE / 2),
            (-slant - half, -slant - _LINE / 2),
            (-slant - half, slant + _LINE / 2),
            (slant + half, -slant - _LINE / 2),
        ]
        if step:
            centres += [
                (aside * half, side * (away + _LINE / 2)) for aside in (-0.6, 0.6, -1.2, 1.2) for side in (1, -1)
            ]
        spots += [_Spot(right, up, near, step > 0) for right, up in centres]
    return spots


def _box(place: np.ndarray, spot: _Spot, label: str) -> _Box:
    """Left, bottom, right and top of a label, in pixels."""
    half = _LETTER * len(label) / 2
    x, y = place[0] + spot.right, place[1] + spot.up
    return (x - half, y - _LINE / 2, x + half, y + _LINE / 2)


def _joint(place: np.ndarray, spot: _Spot, label: str) -> list[_Box]:
    """Points of the line that joins bubble and label up to where the label begins, as small boxes."""
    if not spot.joined:
        return []
    away = float(np.hypot(spot.right, spot.up))
    points = [place + far / away * np.array([spot.right, spot.up]) for far in np.arange(spot.near, away, _LINE / 2)]
    left, bottom, right, top = _box(place, spot, label)
    return [(x - 2, y - 2, x + 2, y + 2) for x, y in points if not (left < x < right and bottom < y < top)]


def _covered(boxes: Sequence[_Box], others: Sequence[_Box]) -> float:
    """Square pixels that these boxes cover of the others."""
    if not others:
        return 0.0
    own, other = np.array(boxes)[:, None], np.array(others)
    shared = np.minimum(own[..., 2:], other[:, 2:]) - np.maximum(own[..., :2], other[:, :2])
    return float(shared.clip(min=0).prod(-1).sum())
