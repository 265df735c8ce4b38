"""A value before and after augmentation, so that what changed can be seen."""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go
from pandas.io.formats.style import Styler
from plotly.subplots import make_subplots

from mmcore.base.number_text import cell_text
from mmcore.base.settings import _
from mmcore.base.values import Image, Row, Signal
from mmcore.figures import overlays, svg, theme

_PART = re.compile(r"\s+|\w+|[^\w\s]")
_GONE = f"text-decoration:line-through;background:{theme.faded(theme.BAD, 0.18)};border-radius:3px"
_NEW = f"text-decoration:underline;background:{theme.faded(theme.GOOD, 0.22)};border-radius:3px"


def image(value: Image) -> go.Figure:
    """The bare image."""
    return overlays.image_figure(value, 240)


def text(before: str, after: str) -> str:
    """The text after a change as HTML: what is gone struck through, what came in underlined."""
    old, new = _PART.findall(before), _PART.findall(after)
    parts = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            parts.append(html.escape("".join(old[a:b])))
            continue
        if b > a:
            parts.append(svg.tag("span", html.escape("".join(old[a:b])), style=_GONE))
        if d > c:
            parts.append(svg.tag("span", html.escape("".join(new[c:d])), style=_NEW))
    return svg.tag("p", *parts, style="line-height:1.9;margin:0;white-space:pre-wrap;overflow-wrap:anywhere")


def signal(value: Signal, copies: Sequence[Signal], colour: str, channel: int = 0) -> go.Figure:
    """Each copy of one channel over the trace as it is."""
    figure = make_subplots(len(copies), 1, shared_xaxes=True, vertical_spacing=0.06)
    times, samples = overlays.trace(value, channel)
    for row, copy in enumerate(copies, 1):
        at, changed = overlays.trace(copy, channel)
        line = {"width": 1, "color": theme.faded(theme.GREY, 0.75)}
        figure.add_trace(go.Scatter(x=times, y=samples, line=line, name=_("as it is"), showlegend=row == 1), row, 1)
        figure.add_trace(
            go.Scatter(x=at, y=changed, line={"width": 1.2, "color": colour}, name=_("copy"), showlegend=row == 1),
            row,
            1,
        )
        figure.update_yaxes(title_text=_("copy {n}").format(n=row), row=row, col=1)
    figure.update_xaxes(zeroline=False, range=[0, value.duration])
    overlays.time_axis(figure, value, row=len(copies), col=1)
    return theme.style(figure, height=90 + 130 * len(copies))


def signal_frame(value: Signal, copies: Sequence[Signal], channel: int = 0) -> pd.DataFrame:
    """The traces as columns."""
    traces = {"as_it_is": value, **{f"copy_{i}": copy for i, copy in enumerate(copies, 1)}}
    return pd.DataFrame({name: pd.Series(trace.samples[channel]) for name, trace in traces.items()})


def table_frame(value: Row, copies: Sequence[Mapping]) -> pd.DataFrame:
    """Columns of the table as rows, the copies beside the values as they are."""
    rows = {_("as it is"): value, **{_("copy {n}").format(n=i): copy for i, copy in enumerate(copies, 1)}}
    return pd.DataFrame(
        {name: {column: cell_text(row.get(column), _("missing")) for column in value} for name, row in rows.items()}
    )


def marked(frame: pd.DataFrame) -> Styler:
    """The table with every cell bold that differs from the first column."""
    first = frame.iloc[:, 0]
    return frame.style.apply(
        lambda column: ["font-weight: 700" if a != b else "" for a, b in zip(column, first, strict=True)]
    )
