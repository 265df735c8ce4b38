"""What an audit keeps of a value: enough to see copies, blanks and how it was recorded, and small."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from PIL import Image as Pillow

from mmcore.base.values import Signal, Value

SIDE = 32  # pixels a side of the picture that copies are compared by
COARSE, BANDS = 16, 24
POINTS = 256  # samples a channel that copies of signals are compared by


@dataclass(frozen=True, eq=False)
class ValueFacts:
    """digest: of the exact content. sketch: [S] float32, standardised, the same for copies that were stored another
    way; None where there is too little to compare. coarse: [K] float32 that tell values of one input apart at all, K
    the same for all of a kind. shape: how it was recorded (size of an image; channels, seconds and
    rate of a signal; characters of a text). blank: nothing is in it. flat, clipped: shares of channels that do not
    move, and of samples at the end of the scale. text: as compared, without case and repeated space."""

    digest: str
    shape: dict[str, float]
    sketch: np.ndarray | None = None
    coarse: np.ndarray | None = None
    blank: bool = False
    flat: float = 0.0
    clipped: float = 0.0
    text: str = ""


def facts_of(value: Value) -> ValueFacts:
    """The facts of an image, a signal or a text."""
    if isinstance(value, str):
        return _of_text(value)
    return _of_signal(value) if isinstance(value, Signal) else _of_image(np.asarray(value))


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _of_text(text: str) -> ValueFacts:
    plain = " ".join(text.lower().split())
    return ValueFacts(_digest(plain.encode()), {"characters": float(len(plain))}, blank=not plain, text=plain)


def _of_image(image: np.ndarray) -> ValueFacts:
    grey = image if image.ndim == 2 else image.mean(-1)
    height, width = grey.shape
    sketch = None
    if min(height, width) >= SIDE:
        small = Pillow.fromarray(grey.astype(np.uint8)).resize((SIDE, SIDE), Pillow.Resampling.BOX)
        sketch = _standardised(np.asarray(small, np.float32).ravel())
    coarse = Pillow.fromarray(grey.astype(np.uint8)).resize((COARSE, COARSE), Pillow.Resampling.BOX)
    shape = {"height": float(height), "width": float(width), "colours": 1.0 if image.ndim == 2 else 3.0}
    return ValueFacts(
        _digest(image.tobytes() + repr(image.shape).encode()),
        shape,
        sketch,
        np.asarray(coarse, np.float32).ravel(),
        blank=float(grey.std()) < 1.0,
    )


def _of_signal(signal: Signal) -> ValueFacts:
    samples = np.nan_to_num(signal.samples.astype(np.float32))
    spread = samples.std(1)
    channels, length = samples.shape
    step = max(1, length // POINTS)
    usable = length // step * step
    means = samples[:, :usable].reshape(channels, -1, step).mean(-1)
    top = np.abs(samples).max(1, keepdims=True)
    clipped = float(((np.abs(samples) >= top * 0.999) & (top > 0)).mean()) if length else 0.0
    shape = {"channels": float(channels), "duration": float(signal.duration), "rate": float(signal.rate)}
    return ValueFacts(
        _digest(samples.tobytes()),
        shape,
        _standardised(means.ravel()) if means.size >= 16 else None,
        _spectrum(samples),
        blank=not (spread > 0).any(),
        flat=float((spread == 0).mean()) if channels else 1.0,
        clipped=clipped,
    )


def _spectrum(samples: np.ndarray) -> np.ndarray:
    """[BANDS + 2] log power in bands of equal ratio, of the average channel in four quarters of its length laid over
    one another; and the log of the spread of samples and of their steps."""
    part = samples[:, : 2**18].mean(0)
    part = part - part.mean()
    power = np.abs(np.fft.rfft(part, n=max(len(part), 2 * BANDS))) ** 2
    edges = np.unique(np.geomspace(1, len(power), BANDS + 1).astype(int))
    bands = np.add.reduceat(power, np.minimum(edges[:-1], len(power) - 1))
    bands = np.interp(np.linspace(0, 1, BANDS), np.linspace(0, 1, len(bands)), bands)
    steps = np.diff(part) if len(part) > 1 else part
    return np.log(np.append(bands / len(part), [part.std(), steps.std()]) + 1e-9).astype(np.float32)


def _standardised(values: np.ndarray) -> np.ndarray | None:
    """With mean 0 and length 1, so that a product is a correlation; None for values that do not move."""
    centred = values - values.mean()
    length = float(np.linalg.norm(centred))
    return (centred / length).astype(np.float32) if length > 1e-6 else None
