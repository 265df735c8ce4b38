"""The value of an input as a small square drawing (SVG), by kind."""

from __future__ import annotations

import re

import numpy as np

from mmcore.base.values import Image, Signal, Value
from mmcore.figures import svg
from mmcore.figures.overlays import crisp, picture, trace

_LEAST = 300  # samples of a signal, where it has as many
_WIDE = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]")  # letters as wide as two, between which lines may break
_PIECES = re.compile(r"(\s*)([\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+)")


def thumbnail(value: Value | None, x: float, y: float, side: float, colour: str) -> str:
    """A square of `side` at (x, y); empty where the value is missing."""
    ground = svg.rect(x, y, side, side, rx=6, fill=colour, fill_opacity=0.1)
    if value is None:
        return ground
    if isinstance(value, np.ndarray):
        return svg.rect(x, y, side, side, rx=6, fill="#000") + _image(value, x, y, side)
    if isinstance(value, Signal):
        return ground + _signal(value, x, y, side, colour)
    if isinstance(value, str):
        rows = text_rows(value, round(0.22 * side), int(side / 11))
        return ground + "".join(svg.words(row, x + 5, y + 12 + i * 10.2, 8, opacity=0.85) for i, row in enumerate(rows))
    bars = (0.9, 0.55, 0.75, 0.4, 0.65)
    look = {"rx": 3, "fill": colour, "fill_opacity": 0.8}
    return ground + "".join(svg.rect(x + 8, y + 9 + i * 11, (side - 16) * bar, 6, **look) for i, bar in enumerate(bars))


def text_rows(text: str, letters: int, lines: int) -> list[str]:
    """The beginning of a text on at most so many lines of so many letters; one of Chinese takes the room of two."""
    rows = [""]
    for gap, piece in _PIECES.findall(text):
        longer = rows[-1] + (" " if gap and rows[-1] else "") + piece
        if rows[-1] and _room(longer) > letters:
            rows.append(piece)
        else:
            rows[-1] = longer
        if len(rows) > lines:
            return [*rows[: lines - 1], rows[lines - 1].rstrip(".,;:。，；：") + "…"]
    return rows


def _room(text: str) -> int:
    return len(text) + len(_WIDE.findall(text))


def _image(value: Image, x: float, y: float, side: float) -> str:
    step = max(1, min(value.shape[:2]) // 160)
    small = picture(crisp(value[::step, ::step]))
    return svg.tag("image", href=small, x=x, y=y, width=side, height=side, preserveAspectRatio="xMidYMid meet")


def _signal(value: Signal, x: float, y: float, side: float, colour: str) -> str:
    """The first seconds of the second channel (lead II of an ECG)."""
    seconds = min(value.duration, 3.0 if value.rate < 2000 else 1.0)
    count = max(_LEAST, int(seconds * value.rate) if value.rate_hz else 300)  # what is slow is shown for longer
    shown = Signal(value.samples[:, :count], value.rate_hz)
    _time, samples = trace(shown, min(1, value.samples.shape[0] - 1), 160)
    low, high = float(samples.min()), float(samples.max())
    across = np.linspace(x + 4, x + side - 4, len(samples))
    heights = y + side - 8 - (samples - low) / ((high - low) or 1.0) * (side - 16)
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(across, heights, strict=True))
    return svg.tag("polyline", points=points, fill="none", stroke=colour, stroke_width=1.4, stroke_linejoin="round")
