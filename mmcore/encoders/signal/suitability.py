"""Why a signal may say little to any encoder: nothing moves, it was cut off, or there is hardly any of it."""

from __future__ import annotations

import numpy as np

from mmcore.base.settings import _, counted
from mmcore.base.values import Signal

_CUT = 0.02  # share of samples lying side by side at a channel's extreme from which it looks cut off
_FEW = 16  # samples


def reason_against(signal: Signal) -> str | None:
    """What is wrong with the recording itself, as a sentence; None if nothing is. Values that are not finite are."""
    samples = np.asarray(signal.samples)
    if samples.ndim != 2 or 0 in samples.shape or not np.isfinite(samples).all():
        return _("The signal is empty or holds values that are not numbers.")
    if samples.shape[1] < _FEW:
        return counted(samples.shape[1], "The signal has only {count} sample.", "The signal has only {count} samples.")
    flat = np.ptp(samples, axis=1) <= 1e-6 * (1e-6 + np.abs(samples).max(1))
    if flat.all():
        return _("The signal is flat: it never changes.")
    if flat.any():
        return _("Flat channels (an electrode off?): {channels}.").format(channels=_named(signal, flat))
    cut = _share_cut(samples) > _CUT
    if cut.any():
        return _("Channels that look cut off at their extremes: {channels}.").format(channels=_named(signal, cut))
    return None


def _share_cut(samples: np.ndarray) -> np.ndarray:
    """[C] share of samples that equal the channel's highest or lowest value, as does the sample after."""
    share = np.zeros(len(samples))
    for extreme in (samples.max(1, keepdims=True), samples.min(1, keepdims=True)):
        there = samples == extreme
        share = np.maximum(share, (there[:, :-1] & there[:, 1:]).mean(1))
    return share


def _named(signal: Signal, which: np.ndarray) -> str:
    names = signal.channel_names if len(signal.channel_names) == len(which) else ()
    numbers = np.flatnonzero(which)
    listed = ", ".join(names[i] if names else str(i + 1) for i in numbers[:6])
    return listed + ("…" if len(numbers) > 6 else "")
