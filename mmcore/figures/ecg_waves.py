"""P, QRS and T marked on the traces of an ECG, and told in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from mmcore.base.settings import _, counted
from mmcore.base.values import Signal
from mmcore.encoders.signal.delineation import Delineation

COLOURS = {"P": "#3F74C9", "QRS": "#2B9483", "T": "#C58A1C"}


def add(
    figure: go.Figure, signal: Signal, channels: Sequence[int], apart: float, delineation: Delineation
) -> go.Figure:
    """Waves over the traces of these channels, each `apart` below the last, with a legend of their own."""
    figure.update_traces(showlegend=False)
    for name, colour in COLOURS.items():
        waves = delineation.waves(name)
        if not waves:
            continue
        at, heights = [], []
        for row, channel in enumerate(channels):
            for wave in waves:
                first, last = round(wave.onset * signal.rate), round(wave.offset * signal.rate) + 1
                part = signal.samples[channel, first:last]
                at += [*((first + np.arange(len(part))) / signal.rate), None]
                heights += [*(part - row * apart), None]
        look = {"line": {"color": colour, "width": 2.5}, "mode": "lines", "name": _wave_name(name)}
        figure.add_scatter(x=at, y=heights, hoverinfo="skip", showlegend=True, **look)
    legend = {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "title": None}
    return figure.update_layout(showlegend=True, legend=legend)


def _wave_name(name: str) -> str:
    return {"P": _("P wave"), "QRS": _("QRS complex"), "T": _("T wave")}[name]


def in_words(delineation: Delineation) -> str:
    """How many waves are marked and the usual intervals, or why there are none."""
    if delineation.reason:
        return _("No waves are marked. {reason}").format(reason=delineation.reason)
    count, all_beats = len(delineation.beats), len(delineation.peaks)
    words = _("{beats} marked, P in {p} and T in {t} of them.").format(
        beats=counted(count, "{count} beat", "{count} beats"),
        p=len(delineation.waves("P")),
        t=len(delineation.waves("T")),
    )
    if all_beats > count:
        words += " " + _("Beats whose waves could not be identified: {count}.").format(count=all_beats - count)
    intervals = [
        f"{name} {1000 * seconds:.0f} ms" for name in ("PR", "QRS", "QT") if (seconds := delineation.interval(name))
    ]
    return f"{words} {_('Median: {intervals}.').format(intervals=', '.join(intervals))}"


def frame(delineation: Delineation) -> pd.DataFrame:
    """A row a wave: beat, name, and seconds."""
    return pd.DataFrame(
        [
            {"beat": number + 1, "wave": name, "onset_s": wave.onset, "peak_s": wave.peak, "offset_s": wave.offset}
            for number, beat in enumerate(delineation.beats)
            for name, wave in (("P", beat.p), ("QRS", beat.qrs), ("T", beat.t))
            if wave is not None
        ],
        columns=["beat", "wave", "onset_s", "peak_s", "offset_s"],
    )
