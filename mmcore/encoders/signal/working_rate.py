"""Signals at the few rates that signal encoders work at, so that recorders of different rates are comparable."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.base.values import Signal

# Slower than the first number: as it is. Else resampled to the second number of the first line that fits. All in Hz.
# 100 for ECG, EEG and movement, 2000 for heart and lung sounds, 8000 for speech and whatever else is audible.
_LADDER = ((60.0, None), (1000.0, 100), (5000.0, 2000), (float("inf"), 8000))
SOUND = 2000  # working rates from here on are those of sound


def working_rate(rate_hz: float | None) -> float | None:
    """Rate in Hz that a signal of this rate is resampled to; None where nobody said a rate."""
    if rate_hz is None:
        return None
    return next(rate or rate_hz for limit, rate in _LADDER if rate_hz <= limit)


def at_working_rate(signal: Signal) -> np.ndarray:
    """Samples [C, T'] float32 at the working rate, each channel's median taken off.

    Raises BadInput for an empty signal or numbers that are not finite.
    """
    samples = np.asarray(signal.samples, np.float32)
    if samples.ndim != 2 or 0 in samples.shape:
        raise BadInput(
            _("A signal of shape {shape} has nothing in it.").format(shape=samples.shape),
            _("Give [channels, samples], one sample or more."),
        )
    if not np.isfinite(samples).all():
        raise BadInput(_("The signal holds values that are not numbers."), _("Fill or cut the gaps."))
    samples = samples - np.median(samples, axis=1, keepdims=True)
    rate = working_rate(signal.rate_hz)
    if rate is None or signal.rate_hz is None or rate == signal.rate_hz:
        return samples
    from scipy.signal import resample_poly

    ratio = Fraction(rate / signal.rate_hz).limit_denominator(1000)
    return resample_poly(samples, ratio.numerator, ratio.denominator, axis=1).astype(np.float32)


def as_slots(per_channel: np.ndarray, slots: int) -> np.ndarray:
    """[C, ...] -> [slots, ...]: channel i in slot i, the others 0; of too many channels neighbours are averaged."""
    count = len(per_channel)
    if count <= slots:
        return np.concatenate([per_channel, np.zeros((slots - count, *per_channel.shape[1:]), per_channel.dtype)])
    return np.stack([part.mean(0) for part in np.array_split(per_channel, slots)])
