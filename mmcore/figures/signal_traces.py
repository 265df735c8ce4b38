"""Signals: traces (an ECG on its paper), spectrogram, and samples made fit to be heard."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from mmcore.base.channel_names import channel_names
from mmcore.base.number_text import number_text
from mmcore.base.settings import _, counted
from mmcore.base.values import Evidence, Seconds, Signal
from mmcore.encoders.signal.delineation import Delineation
from mmcore.figures import ecg_waves, overlays, theme
from mmcore.figures.case import effect_colour
from mmcore.figures.overlays import trace

_LEADS = {"I", "II", "III", "AVR", "AVL", "AVF", "V1", "V2", "V3", "V4", "V5", "V6"}
_PAPER_LARGE, _PAPER_SMALL = theme.faded("#C98A94", 0.36), theme.faded("#C98A94", 0.12)
_WINDOW_S = 10.0  # as much is shown at first; the rest by dragging
_POINTS = 6000
_FLAT = 8  # times the spread of another channel from which one drawn on its scale would look flat
_MINUTE_S = 60.0


def is_ecg(signal: Signal, name: str = "") -> bool:
    """Whether paper suits it: in mV or called an ECG, and sampled at a rate an ECG has."""
    leads = {lead.upper() for lead in signal.channel_names}
    called = any(word in name.lower() for word in ("ecg", "ekg", "electrocardio"))
    return (
        bool(signal.rate_hz)
        and 50 <= signal.rate <= 2000
        and (signal.unit in ("mV", "uV", "µV") or called or bool(leads & _LEADS))
    )


def facts(signal: Signal) -> str:
    """Channels, duration and rate in one line."""
    count = signal.samples.shape[0]
    channels = counted(count, "{count} channel", "{count} channels")
    if signal.rate_hz is None:
        return f"{channels} · {signal.samples.shape[1]} {_('samples, rate unknown')}"
    if signal.duration >= overlays.LONG_S:
        seconds = 1 / signal.rate
        lasting = (
            _("{hours:.3g} h · a value every {minutes:.3g} min")
            if seconds > _MINUTE_S
            else _("{hours:.3g} h · a value every {seconds:.3g} s")
        ).format(hours=signal.duration / 3600, seconds=seconds, minutes=seconds / 60)
    else:
        lasting = f"{number_text(signal.duration, 3)} s · {signal.rate:g} Hz"
    return f"{channels} · {lasting}" + (f" · {signal.unit}" if signal.unit else "")


def traces(
    signal: Signal,
    channels: Sequence[int],
    *,
    colour: str,
    paper: bool = False,
    evidence: Sequence[Evidence] = (),
    waves: Delineation | None = None,
) -> go.Figure:
    """The chosen channels above each other on one scale, with bands where evidence lies. waves: to be marked."""
    names, several = channel_names(signal), signal.samples.shape[0] > 1
    drawn, own_scales = _around_zero(signal) if several and not paper else (signal, False)
    apart = _distance(drawn, channels, paper)
    figure, hover = go.Figure(), f"%{{x:.2f}} {signal.time_unit}<br>%{{customdata:.3g}} {signal.unit}"
    for row, channel in enumerate(channels):
        time, samples = trace(signal, channel, _POINTS)
        heights = trace(drawn, channel, _POINTS)[1]
        name = html.escape(names[channel])
        look = {"mode": "lines", "line": {"color": colour, "width": 1.5}, "name": name}
        hint = hover + f"<extra>{name}</extra>"
        figure.add_scatter(x=time, y=heights - row * apart, customdata=samples, hovertemplate=hint, **look)
        if several:
            place = {"x": 0, "xref": "paper", "xanchor": "right", "xshift": -8, "y": -row * apart, "showarrow": False}
            ends = f"<br>{_span_in_words(signal.samples[channel])}" if own_scales else ""
            figure.add_annotation(text=f"<b>{name}</b>{ends}", **place)
    for item in evidence:
        _band(figure, item)
    bottom, top = _span(drawn, channels, apart) if several or paper else _around(signal, channels)
    end = min(signal.duration, _WINDOW_S) if paper else signal.duration
    figure.update_xaxes(range=[0, end], zeroline=False)
    figure.update_yaxes(range=[bottom, top], zeroline=False, fixedrange=True)
    if paper:
        _lay_on_paper(figure, signal)
    elif several:  # the channels are moved apart, so numbers on the axis would mislead
        figure.update_yaxes(showgrid=not own_scales, dtick=float(f"{apart / 3:.0e}"), showticklabels=False)
    else:
        figure.update_yaxes(title=signal.unit or _("amplitude"))
    overlays.time_axis(figure, signal)
    if several and not paper:
        division = {"time": figure.layout.xaxis.title.text, "amount": float(f"{apart / 3:.0e}")}
        words = (
            _("{time}, each channel on a scale of its own") if own_scales else _("{time}, {amount:g} {unit} a division")
        )
        figure.update_xaxes(title=words.format(unit=signal.unit or _("units"), **division))
    margin = {"l": 14 + 8 * max(map(len, names)) if several else 8, "r": 8, "t": 8, "b": 8}
    height = int(np.clip(70 + 110 * (top - bottom) / apart, 220, 1300))
    figure.update_layout(margin=margin, showlegend=False, dragmode="pan", height=height)
    return ecg_waves.add(figure, signal, channels, apart, waves) if waves is not None and waves.beats else figure


def _around_zero(signal: Signal) -> tuple[Signal, bool]:
    """Each channel about its own middle, and whether each is on a scale of its own: where no unit says that they can be
    held against one another, and one would be flat beside another."""
    middle = np.median(signal.samples, axis=1, keepdims=True)
    low, high = np.percentile(signal.samples, [0.5, 99.5], axis=1)
    spread = np.maximum(high - low, 1e-12)[:, None]
    own_scales = not signal.unit and bool(spread.max() > _FLAT * spread[high > low].min(initial=np.inf))
    samples = (signal.samples - middle) / (spread if own_scales else 1.0)
    return replace(signal, samples=samples.astype(np.float32)), own_scales


def _span_in_words(samples: np.ndarray) -> str:
    return f"{float(samples.min(initial=np.inf)):.3g} – {float(samples.max(initial=-np.inf)):.3g}"


def _around(signal: Signal, channels: Sequence[int]) -> tuple[float, float]:
    """Lowest and highest value of a channel that stands alone, wherever its level lies, with some room."""
    shown = signal.samples[list(channels)] if len(channels) else np.zeros((1, 1))
    low, high = float(shown.min(initial=np.inf)), float(shown.max(initial=-np.inf))
    room = 0.08 * (high - low) or 0.5
    return low - room, high + room


def _span(signal: Signal, channels: Sequence[int], apart: float) -> tuple[float, float]:
    """Lowest and highest value to show: half a row beyond the outer base lines, more where the trace needs it."""
    tallest = max((float(np.abs(signal.samples[c]).max(initial=0)) for c in channels), default=1.0)
    last = (len(channels) - 1) * apart
    return -last - max(0.5 * apart, min(tallest, 0.9 * apart)), max(0.5 * apart, 0.15 * apart + min(tallest, 2 * apart))


def _lay_on_paper(figure: go.Figure, signal: Signal) -> None:
    """Squares of 0.04 s x 0.1 mV, every fifth line strong; a number every second."""
    millivolt = 1000.0 if signal.unit in ("uV", "µV") else 1.0
    large, small = {"gridcolor": _PAPER_LARGE, "showgrid": True}, {"gridcolor": _PAPER_SMALL, "showgrid": True}
    figure.update_xaxes(dtick=0.2, minor={"dtick": 0.04, **small}, ticklabelstep=5, tickmode="linear", **large)
    figure.update_yaxes(dtick=0.5 * millivolt, minor={"dtick": 0.1 * millivolt, **small}, showticklabels=False, **large)


def _distance(signal: Signal, channels: Sequence[int], paper: bool) -> float:
    """Between the base lines of two channels, so that most of the trace does not cross."""
    spread = max((float(np.ptp(np.percentile(signal.samples[c], [0.5, 99.5]))) for c in channels), default=1.0)
    if not paper:
        return 1.15 * spread or 1.0
    millivolt = 1000.0 if signal.unit in ("uV", "µV") else 1.0
    return max(1.0, np.ceil(spread / millivolt * 2) / 2) * millivolt


def _band(figure: go.Figure, item: Evidence) -> None:
    for place in item.places:
        if isinstance(place, Seconds):
            figure.add_vrect(
                x0=place.start,
                x1=place.end,
                fillcolor=effect_colour(item.effect),
                opacity=0.16,
                line_width=0,
                layer="below",
            )


def frame(signal: Signal, channels: Sequence[int]) -> pd.DataFrame:
    """The chosen channels as a table, time first."""
    names = channel_names(signal)
    time = np.arange(signal.samples.shape[1]) / signal.rate
    return pd.DataFrame({f"time_{signal.time_unit}": time} | {names[c]: signal.samples[c] for c in channels})


def spectrogram(signal: Signal, channel: int = 0) -> go.Figure:
    """Power in dB over time and frequency (short-time Fourier transform, Hann window)."""
    from scipy.signal import spectrogram as transform

    samples = signal.samples[channel]
    seconds = 0.03 if signal.rate >= 2000 else 1.0  # of a window: short for sound, long for an ECG
    width = min(len(samples), 2 ** int(np.clip(np.round(np.log2(signal.rate * seconds)), 4, 10)))
    hop = max(1, (len(samples) - width) // 500, width // 8)
    frequency, time, power = transform(
        samples - samples.mean(), signal.rate, "hann", nperseg=width, noverlap=max(0, width - hop)
    )
    decibel = 10 * np.log10(power + 1e-12 * max(float(power.max(initial=0)), 1e-12))
    top = float(decibel.max()) if decibel.size else 0.0
    unit = "Hz" if signal.rate_hz else _("cycles per sample")
    figure = go.Figure(
        go.Heatmap(
            x=time,
            y=frequency,
            z=decibel.astype(np.float32),
            zmin=top - 60,
            zmax=top,
            colorscale="Cividis",
            colorbar={"title": "dB", "thickness": 10, "outlinewidth": 0},
            hovertemplate=f"%{{x:.2f}} {signal.time_unit}<br>%{{y:.1f}} {unit}<br>%{{z:.0f}} dB<extra></extra>",
        )
    )
    figure.update_xaxes(title=_("time ({unit})").format(unit=signal.time_unit), showgrid=False)
    figure.update_yaxes(title=_("frequency ({unit})").format(unit=unit), showgrid=False)
    return figure.update_layout(margin={"l": 8, "r": 8, "t": 8, "b": 8}, height=320)


def audible(signal: Signal) -> np.ndarray:
    """Channels [C, T] as sound in -1..1: at most two channels, full scale, never longer than a minute."""
    samples = signal.samples[: min(2, signal.samples.shape[0]), : int(60 * signal.rate)]
    loudest = float(np.abs(samples).max(initial=0)) or 1.0
    return (samples / loudest * 0.95).astype(np.float32)


def heights(signals: Sequence[Signal], channel: int) -> tuple[float, float] | None:
    """Ends of an axis on which the same channel of all these signals has room; None where no sample is finite."""
    rows = [signal.samples[channel] for signal in signals if channel < len(signal.samples)]
    finite = np.concatenate([row[np.isfinite(row)] for row in rows]) if rows else np.zeros(0)
    if not len(finite):
        return None
    low, high = float(finite.min()), float(finite.max())
    margin = 0.05 * (high - low) or 1.0
    return low - margin, high + margin
