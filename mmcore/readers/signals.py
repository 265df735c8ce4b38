"""What every signal reader does with its numbers: gaps, channels, rate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.settings import _, counted
from mmcore.base.values import Channel, InputSpec, Signal
from mmcore.readers.channels import aligned, common_unit
from mmcore.readers.plausible import implausible_rate

MAX_SAMPLES = (
    24_000_000  # a lead of 24 hours at 250 Hz, 9 minutes of sound at 44.1 kHz; encoders hold several times that
)
MAX_RATE = 1e7  # Hz; more is no rate of anything measured in medicine
_GAP_SECONDS, _GAP_SHARE, _GAP_SAMPLES = (
    0.2,
    0.01,
    10,
)  # a gap that can be bridged is no longer than the longest of these
_GAPS_SHARE = 0.1  # of a channel, all gaps together


def signal_of(
    samples: np.ndarray,
    filename: str,
    spec: InputSpec | None,
    *,
    remarks: list[str],
    rate_hz: float | None = None,
    channels: Sequence[Channel] = (),
) -> Signal:
    """A Signal from samples [C, T], where the file's own rate, names and units go before those of the spec.

    Short gaps (NaN or infinite) are bridged and told in `remarks`. Raises BadInput for no samples or too many, for
    longer gaps, for a rate that cannot be, and for channels that cannot be brought to those of the spec.
    """
    if not samples.size:
        raise BadInput(
            _("{file} holds no samples.").format(file=filename), _("Export it again, or leave the input out.")
        )
    if samples.size > MAX_SAMPLES:
        raise BadInput(
            _("{file} holds {count:,} samples, more than the {limit} million that are read at once.").format(
                file=filename, count=samples.size, limit=MAX_SAMPLES // 10**6
            ),
            _("Cut it into pieces, or store it at a lower rate."),
        )
    if rate_hz is not None and not 0 < rate_hz <= MAX_RATE:
        raise BadInput(
            _("{file} states a sampling rate of {rate:g} Hz, which is impossible.").format(file=filename, rate=rate_hz),
            _("Correct the rate in the file."),
        )
    channels = channels if len(channels) == len(samples) else ()
    samples, channels = aligned(samples, channels, spec.channels if spec else (), filename)
    own, rate_hz = rate_hz, rate_hz or (spec.rate_hz if spec else None)
    with np.errstate(over="ignore", invalid="ignore"):
        samples = np.ascontiguousarray(samples, dtype=np.float32)
    samples = _bridged(samples, rate_hz, filename, remarks)
    if own is not None and spec and spec.rate_hz and spec.rate_hz != own:
        names_of_channels = tuple(channel.name for channel in channels)
        if implausible_rate(Signal(samples, own, names_of_channels), spec.name):
            rate_hz = spec.rate_hz
            remarks.append(
                _(
                    "{file} states a sampling rate of {own:g} Hz, which is hardly possible; the given "
                    "{rate:g} Hz are used."
                ).format(file=filename, own=own, rate=rate_hz)
            )
    names = tuple(channel.name for channel in channels)
    if not names and spec and len(spec.channel_names) == len(samples):
        names = spec.channel_names
    return Signal(samples, rate_hz, names, common_unit(channels) or (spec.unit if spec else ""))


def channels_first(samples: np.ndarray) -> np.ndarray:
    """[T] or [T, C] or [C, T] -> [C, T]: the longer axis is time; a square stays as it is."""
    if samples.ndim == 1:
        return samples[None]
    return samples.T if samples.shape[0] > samples.shape[1] else samples


def _bridged(samples: np.ndarray, rate_hz: float | None, filename: str, remarks: list[str]) -> np.ndarray:
    """Samples [C, T] with short gaps filled by a straight line, or by the next value at an end."""
    gaps = ~np.isfinite(samples)
    wrong, time = int(gaps.sum()), samples.shape[1]
    if not wrong:
        return samples
    longest = max(_longest(row) for row in gaps)
    allowed = max(_GAP_SECONDS * (rate_hz or 0), _GAP_SHARE * time, _GAP_SAMPLES)
    if longest > allowed or longest > time / 2 or gaps.mean(axis=1).max() > _GAPS_SHARE:
        raise BadInput(
            _(
                "{file}: {wrong} of {total} samples are not finite numbers (NaN or infinite), up to {longest} in a row."
            ).format(file=filename, wrong=wrong, total=samples.size, longest=longest),
            _("Fill or cut them, or leave the input out, so that it counts as missing."),
        )
    samples, at = samples.copy(), np.arange(time)
    for row, gap in zip(samples, gaps, strict=True):
        if gap.any():
            row[gap] = np.interp(at[gap], at[~gap], row[~gap])
    remarks.append(
        counted(
            wrong,
            "{file}: {count} of {total} samples was not a number; it is bridged by a straight line.",
            "{file}: {count} of {total} samples were not numbers; the gaps are short and are bridged by straight "
            "lines.",
            file=filename,
            total=samples.size,
        )
    )
    return samples


def _longest(gap: np.ndarray) -> int:
    """Length of the longest run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], gap.view(np.int8), [0]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))
