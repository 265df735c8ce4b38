"""Changes a person may make to a value, as pure functions: the value that comes in stays as it is."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.base.values import Box, Image, Row, Seconds, Signal, Span, Value

_FADE = 0.2  # share of a stretch over which a rise fades in, and out
_WORD = re.compile(r"[㐀-鿿]|\d+(?:[.,]\d+)*|[^\W㐀-鿿]+(?:[-'’][^\W㐀-鿿]+)*")


def erase(image: Image, box: Box) -> Image:
    """The image with a box painted over in its mean colour. Raises BadInput for a box without area."""
    height, width = image.shape[:2]
    rows, columns = _pixels(box.top, box.bottom, height), _pixels(box.left, box.right, width)
    if not (0 <= box.top < box.bottom <= 1 and 0 <= box.left < box.right <= 1):
        raise BadInput(
            _("The region {box} is not inside the image.").format(box=box), _("Give fractions between 0 and 1.")
        )
    edited = image.copy()
    edited[rows, columns] = np.round(image.reshape(-1, *image.shape[2:]).mean(0)).astype(image.dtype)
    return edited


def _pixels(start: float, end: float, count: int) -> slice:
    """Fractions of a side as pixels, at least one."""
    first = round(start * count)
    return slice(min(first, count - 1), max(round(end * count), first + 1))


def mask_seconds(signal: Signal, start: float, end: float) -> Signal:
    """The signal with a stretch, in its `time_unit`, flattened to the mean of each channel."""
    first, last = (round(min(max(t, 0), signal.duration) * signal.rate) for t in (start, end))
    if last <= first:
        raise BadInput(
            _("The stretch from {start} to {end} is empty.").format(start=start, end=end),
            _("Give a start before the end, within the signal."),
        )
    samples = signal.samples.copy()
    samples[:, first:last] = samples.mean(1, keepdims=True)
    return replace(signal, samples=samples)


def shift(signal: Signal, by: float) -> Signal:
    """The signal moved later by this much (earlier if negative), in its `time_unit`; what leaves comes in again.

    Raises BadInput where `by` is no finite number.
    """
    if not np.isfinite(by):
        raise BadInput(_("A shift by {by} is not possible.").format(by=by), _("Give a finite number."))
    return replace(signal, samples=np.roll(signal.samples, round(by * signal.rate), axis=1))


def reshape(
    signal: Signal, stretches: Sequence[Seconds], channels: Sequence[int], by: float = 0.0, times: float = 1.0
) -> Signal:
    """The signal with these stretches of these channels raised by `by` (in its unit) and as high as `times` what they
    are over the line between their ends: 0 flattens, below 0 turns over. The rise fades in and out at the ends.

    Raises BadInput where `by` or `times` is no finite number.
    """
    if not (np.isfinite(by) and np.isfinite(times)):
        raise BadInput(_("A change by {by} is not possible.").format(by=by), _("Give a finite number."))
    samples, rows = signal.samples.copy(), list(channels)
    for stretch in stretches:
        first, last = (round(min(max(t, 0), signal.duration) * signal.rate) for t in (stretch.start, stretch.end))
        if last - first < 2:
            continue
        part = samples[rows, first:last]
        along = np.linspace(0, 1, last - first)
        line = part[:, :1] * (1 - along) + part[:, -1:] * along
        fade = np.clip(np.minimum(along, 1 - along) / _FADE, 0, 1)
        samples[rows, first:last] = line + times * (part - line) + by * fade
    return replace(signal, samples=samples)


def noise(value: Value, level: float, seed: int = 0, spread: Mapping[str, float] | None = None) -> Value:
    """The value with Gaussian noise of `level` times its own standard deviation.

    Images and signals: of their pixels, or of each channel. Rows: of each number, whose standard deviation in the
    cohort is `spread`; categories stay. Texts: a share `level` (at most 1) of the words is dropped. Raises BadInput for
    a negative level.
    """
    if level < 0:
        raise BadInput(_("Noise of {level} is not possible.").format(level=level), _("Give 0 or more."))
    chance = np.random.default_rng(seed)
    if isinstance(value, str):
        for span in reversed([word for word in words(value) if chance.random() < level]):
            value = replace_words(value, span, "")
        return value
    if isinstance(value, Signal):
        drawn = chance.standard_normal(value.samples.shape, np.float32)
        return replace(value, samples=value.samples + level * value.samples.std(1, keepdims=True) * drawn)
    if isinstance(value, np.ndarray):
        grain = chance.standard_normal(value.shape)
        return np.clip(np.round(value + level * value.std() * grain), 0, 255).astype(value.dtype)
    spread = spread or {}
    return {
        name: float(number + level * spread[name] * chance.standard_normal())
        if name in spread and isinstance(number, (int, float)) and np.isfinite(number)
        else number
        for name, number in value.items()
    }


def replace_words(text: str, span: Span, other: str = "") -> str:
    """The text with the characters of `span` replaced; what is dropped leaves no double space."""
    before, after = text[: span.start], text[span.end :]
    if not other and (not before or before[-1].isspace()):
        after = after.lstrip(" ")
    return before + other + after


def set_value(row: Row, column: str, value: float | str | None) -> Row:
    """The row with one column set; None: not known."""
    return {**row, column: value}


def words(text: str) -> list[Span]:
    """Words and numbers of a text; of Chinese each character."""
    return [Span(*match.span()) for match in _WORD.finditer(text)]


def sentences(text: str) -> list[Span]:
    """Sentences of a text, without the space around them."""
    spans, start = [], 0
    for match in re.finditer(r"[.!?。！？；]+(?=\s|$|[㐀-鿿])|\n+|$", text):
        end = match.end()
        inside = text[start:end]
        if inside.strip():
            lead = len(inside) - len(inside.lstrip())
            spans.append(Span(start + lead, start + len(inside.rstrip())))
        start = end
    return spans


def stretches(signal: Signal, length: float = 1.0, most: int = 30) -> list[Seconds]:
    """The signal cut into stretches of `length` of its `time_unit`, longer ones where there would be too many."""
    count = int(np.clip(round(signal.duration / length), 1, most)) if signal.rate_hz else min(10, most)
    edges = np.linspace(0, signal.duration, count + 1)
    return [Seconds(float(a), float(b)) for a, b in itertools.pairwise(edges)]
