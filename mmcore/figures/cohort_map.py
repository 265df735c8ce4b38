"""The map of a cohort: every case a point, coloured by what is known of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from mmcore.figures import theme
from mmcore.settings import _


def cohort_map(
    points: np.ndarray,
    explained: np.ndarray,
    ids: Sequence[str],
    colour: pd.Series | None,
    *,
    tints: dict[str, str] | None = None,
    case: str | None = None,
) -> go.Figure:
    """Cases as points [N, 2]; NaN rows are left out. colour: a value per case, numbers on a scale, words as classes
    in `tints`."""
    figure, shown = go.Figure(), np.isfinite(points).all(1)
    scaled = colour is not None and pd.api.types.is_numeric_dtype(colour) and colour.nunique() > 8
    ids = np.asarray(ids, dtype=object)
    if colour is None:
        figure.add_trace(_dots(points, ids, shown, _("case"), {"color": theme.ACCENT}))
    elif scaled:
        values = colour.to_numpy(float)
        known = shown & np.isfinite(values)
        figure.add_trace(_dots(points, ids, shown & ~known, _("unknown"), {"color": theme.GREY}))
        bar = {"title": {"text": str(colour.name), "side": "right"}, "thickness": 10, "len": 0.7, "outlinewidth": 0}
        figure.add_trace(
            _dots(
                points,
                ids,
                known,
                str(colour.name),
                {"color": values[known], "colorscale": list(theme.SEQUENTIAL), "colorbar": bar},
                values,
            )
        )
    else:
        words = colour.astype(object).where(colour.notna(), _("unknown")).astype(str).to_numpy()
        for position, word in enumerate(sorted(set(words), key=lambda w: (w == _("unknown"), w))):
            tint = (
                theme.GREY
                if word == _("unknown")
                else (tints or {}).get(word, theme.CLASS_COLOURS[position % len(theme.CLASS_COLOURS)])
            )
            figure.add_trace(_dots(points, ids, shown & (words == word), word, {"color": tint}, words))
    if case is not None and case in set(ids[shown]):
        at = points[list(ids).index(case)]
        figure.add_trace(
            go.Scatter(
                x=[at[0]],
                y=[at[1]],
                mode="markers+text",
                text=[case],
                textposition="top center",
                showlegend=False,
                hoverinfo="skip",
                name=case,
                marker={"size": 17, "color": "rgba(0,0,0,0)", "line": {"width": 2.5, "color": theme.ACCENT}},
            )
        )
    shares = [f"{share:.0%}" for share in explained]
    figure.update_xaxes(title_text=_("component 1 ({share} of the variance)").format(share=shares[0]), zeroline=False)
    figure.update_yaxes(title_text=_("component 2 ({share})").format(share=shares[1]), zeroline=False)
    theme.style(figure, height=560, legend=len({t.name for t in figure.data}) > 1 and not scaled)
    return figure.update_layout(dragmode="pan")


def _dots(
    points: np.ndarray, ids: np.ndarray, shown: np.ndarray, name: str, marker: dict, values: np.ndarray | None = None
) -> go.Scatter:
    told = list(ids[shown])
    if values is not None:
        said = [f"{v:.3g}" if isinstance(v, float) else str(v) for v in values[shown]]
        told = [f"{id}<br>{words}" for id, words in zip(told, said, strict=True)]
    return go.Scatter(
        x=points[shown, 0],
        y=points[shown, 1],
        mode="markers",
        name=name,
        customdata=ids[shown],
        text=told,
        hovertemplate="%{text}<extra></extra>",
        marker={"size": 8, "opacity": 0.85, "line": {"width": 0.5, "color": "rgba(255,255,255,0.6)"}, **marker},
        unselected={"marker": {"opacity": 0.15}},
    )
