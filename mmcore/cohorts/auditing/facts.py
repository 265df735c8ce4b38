"""What an audit keeps of a value: enough to see copies, blanks and how it was recorded, and small."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from PIL import Image as Pillow

from mmcore.base.values import Signal, Value
from mmcore.cohorts.damaged_letters import damaged_word

SIDE = 32  # pixels a side of the picture that copies are compared by
_SMALLEST = 24  # pixels a side from which a picture says enough to be told from another
COARSE, BANDS = 16, 24
_POINTS, _POINTS_OF_MANY = 128, 64  # stretches a channel that copies of signals are compared by; of four leads or more
_SHORTENED = 2**14  # blocks that long recordings are averaged to first
_CARRIED = 0.05  # share of the power that stretches must hold; of a sound, which they average away, the loudness counts


@dataclass(frozen=True, eq=False)
class ValueFacts:
    """digest: of the exact content. sketch: [S] float32, standardised, the same for copies that were resized,
    resampled, rescaled or stored another way; None where there is too little to compare. coarse: [K] float32 that tell
    values of one input apart at all, K the same for all of a kind. shape: how it was recorded (size of an image;
    channels, seconds and rate of a signal; characters of a text). blank: nothing is in it. flat, clipped: shares of
    channels that do not move, and of samples at the end of the scale. text: as compared, without case and repeated
    space. damaged: a word of it whose letters are damaged."""

    digest: str
    shape: dict[str, float]
    sketch: np.ndarray | None = None
    coarse: np.ndarray | None = None
    blank: bool = False
    flat: float = 0.0
    clipped: float = 0.0
    text: str = ""
    damaged: str = ""


def facts_of(value: Value) -> ValueFacts:
    """The facts of an image, a signal or a text."""
    if isinstance(value, str):
        return _of_text(value)
    return _of_signal(value) if isinstance(value, Signal) else _of_image(np.asarray(value))


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _of_text(text: str) -> ValueFacts:
    plain = " ".join(text.lower().split())
    shape = {"characters": float(len(plain))}
    return ValueFacts(_digest(plain.encode()), shape, blank=not plain, text=plain, damaged=damaged_word(text))


def _of_image(image: np.ndarray) -> ValueFacts:
    grey = image if image.ndim == 2 else image.mean(-1)
    height, width = grey.shape
    sketch = None
    if min(height, width) >= _SMALLEST:
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
    means = _stretches(samples)
    top = np.abs(samples).max(1, keepdims=True)
    clipped = float(((np.abs(samples) >= top * 0.999) & (top > 0)).mean()) if length else 0.0
    shape = {"channels": float(channels), "duration": float(signal.duration), "rate": float(signal.rate)}
    return ValueFacts(
        _digest(samples.tobytes()),
        shape,
        _standardised(means.ravel()) if samples.size >= 16 else None,
        _spectrum(samples),
        blank=not (spread > 0).any(),
        flat=float((spread == 0).mean()) if channels else 1.0,
        clipped=clipped,
    )


def _stretches(samples: np.ndarray) -> np.ndarray:
    """[C, stretches] mean of each of as many stretches of equal length, whatever the rate; how loud they are where
    means hold nearly none of the power."""
    power = float(samples.var(axis=1).sum())
    means = _means(samples)
    means = means - means.mean(axis=1, keepdims=True)
    if float(means.var(axis=1).sum()) >= _CARRIED * power:
        return means
    return np.sqrt(np.maximum(_means(np.square(samples - samples.mean(axis=1, keepdims=True))), 0))


def _means(samples: np.ndarray) -> np.ndarray:
    """[C, stretches] of samples [C, T]: stretches may begin and end within a sample."""
    channels, length = samples.shape
    step = max(1, length // _SHORTENED)
    blocks = samples[:, : length // step * step].reshape(channels, -1, step).mean(-1, dtype=float)
    total = np.concatenate([np.zeros((channels, 1)), np.cumsum(blocks, axis=1)], axis=1)
    points = _POINTS_OF_MANY if channels >= 4 else _POINTS
    at = np.linspace(0, blocks.shape[1], points + 1)
    edges = [np.interp(at, np.arange(total.shape[1]), row) for row in total]
    return np.diff(edges, axis=1) * points / max(1, blocks.shape[1])


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
