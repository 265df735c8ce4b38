"""Signals recorded a little otherwise: samples [C, T] float32 in, the same shape, rate, names and unit out."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import numpy as np

from mmcore.augmentation.base import Augmentation, augmentations
from mmcore.base.registry import Range
from mmcore.base.values import Kind, Signal

_FRAME = 256  # samples a frame of SpecAugment lasts, less in short signals


@augmentations.register("noise")
class Noise(Augmentation[Signal]):
    """White noise added to every channel.

    snr_db: how strong the signal is against the noise, in decibels; at 20, the noise is a tenth as high as the signal
    """

    kind = Kind.SIGNAL

    def __init__(self, *, snr_db: Annotated[float, Range(0, 60, 1)] = 20.0) -> None:
        self.snr_db = snr_db

    def __call__(self, value: Signal, chance: np.random.Generator) -> Signal:
        loudness = value.samples.std(1, keepdims=True) * 10 ** (-self.snr_db / 20)
        return _with(value, value.samples + loudness * chance.standard_normal(value.samples.shape))


@augmentations.register("time_shift")
class TimeShift(Augmentation[Signal]):
    """Shift in time: what leaves at one end comes in at the other.

    share: largest shift, as a share of the duration
    """

    kind = Kind.SIGNAL

    def __init__(self, *, share: Annotated[float, Range(0, 0.5, 0.05)] = 0.1) -> None:
        self.share = share

    def __call__(self, value: Signal, chance: np.random.Generator) -> Signal:
        length = value.samples.shape[1]
        return _with(value, np.roll(value.samples, round(chance.uniform(-self.share, self.share) * length), axis=1))


@augmentations.register("scaling")
class Scaling(Augmentation[Signal]):
    """Louder or softer, all channels alike.

    share: largest change; 0.2 means a factor between 1/1.2 and 1.2
    """

    kind = Kind.SIGNAL

    def __init__(self, *, share: Annotated[float, Range(0, 1, 0.05)] = 0.2) -> None:
        self.share = share

    def __call__(self, value: Signal, chance: np.random.Generator) -> Signal:
        return _with(value, value.samples * (1 + self.share) ** chance.uniform(-1, 1))


@augmentations.register("channel_dropout")
class ChannelDropout(Augmentation[Signal]):
    """Channels that fall silent, as from a loose electrode.

    Their median is all that is left of them. One channel always stays.

    share: how often each channel falls silent
    """

    kind = Kind.SIGNAL

    def __init__(self, *, share: Annotated[float, Range(0, 0.9, 0.05)] = 0.1) -> None:
        self.share = share

    def __call__(self, value: Signal, chance: np.random.Generator) -> Signal:
        draws = chance.random(len(value.samples))
        silent = (draws < self.share) & (draws < draws.max())
        level = np.median(value.samples, axis=1, keepdims=True)
        return _with(value, np.where(silent[:, None], level, value.samples))


@augmentations.register("spec_augment")
class SpecAugment(Augmentation[Signal]):
    """SpecAugment: gaps in time and in frequency.

    Stretches of time and bands of frequency are blotted out of the spectrum: the short-time Fourier transform of all
    channels alike, turned back into a signal, so that any encoder can follow. The constant part stays.

    time: longest gap in time, as a share of the duration
    frequency: widest gap in frequency, as a share of all frequencies
    masks: number of gaps of each kind
    """

    kind = Kind.SIGNAL
    citation = "Park et al., SpecAugment, Interspeech 2019"

    def __init__(
        self,
        *,
        time: Annotated[float, Range(0, 0.5, 0.05)] = 0.1,
        frequency: Annotated[float, Range(0, 0.5, 0.05)] = 0.15,
        masks: Annotated[int, Range(1, 4)] = 1,
    ) -> None:
        self.time, self.frequency, self.masks = time, frequency, masks

    def __call__(self, value: Signal, chance: np.random.Generator) -> Signal:
        from scipy.signal import istft, stft

        length = value.samples.shape[1]
        frame = min(_FRAME, length // 4 * 2)
        if frame < 8 or not (self.time or self.frequency):
            return value
        _frequencies, _times, spectrum = stft(value.samples, nperseg=frame)  # [C, F, N]
        keep = np.ones(spectrum.shape[1:], bool)
        for _mask in range(self.masks):
            keep[:, _stretch(keep.shape[1], self.time, chance)] = False
            keep[_stretch(keep.shape[0], self.frequency, chance)] = False
        keep[0] = True
        return _with(value, istft(spectrum * keep, nperseg=frame)[1][:, :length])


def _stretch(count: int, share: float, chance: np.random.Generator) -> slice:
    """Neighbours out of `count`: at most this share of them, anywhere."""
    width = round(chance.uniform(0, share) * count)
    start = int(chance.integers(0, count - width + 1))
    return slice(start, start + width)


def _with(signal: Signal, samples: np.ndarray) -> Signal:
    return replace(signal, samples=np.ascontiguousarray(samples, np.float32))
