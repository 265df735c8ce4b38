"""Whether a sampling rate can be that of what was measured."""

from __future__ import annotations

import re

from mmcore.base.number_text import number_text
from mmcore.base.settings import _
from mmcore.base.values import Signal

# lowest and highest usual rate in Hz, by what the name of an input or of its channels says; the first match counts
_USUAL = (
    (r"ecg|ekg|electrocardio|心电", 50, 5_000),
    (r"eeg|encephalo|脑电", 50, 20_000),
    (r"emg|肌电", 100, 20_000),
    (r"ppg|pleth|spo2|abp|脉搏", 10, 2_000),
    (r"pcg|heart.?sound|phono|心音", 500, 200_000),
    (r"speech|voice|audio|spoken|cough|语音", 2_000, 200_000),
    (r"gait|accel|imu|gyro|步态", 5, 10_000),
)
_LEADS = {"i", "ii", "iii", "avr", "avl", "avf", *(f"v{number}" for number in range(1, 7))}


def implausible_rate(signal: Signal, name: str = "") -> str | None:
    """A sentence where the rate of a recording of this input can hardly be right; None where it may be."""
    if signal.rate_hz is None:
        return None
    channels = [channel.casefold() for channel in signal.channel_names]
    is_ecg = len(_LEADS & set(channels)) >= min(2, len(channels)) > 0
    names = "ecg" if is_ecg else " ".join([name.casefold(), *channels])
    for pattern, lowest, highest in _USUAL:
        if re.search(pattern, names):
            if lowest <= signal.rate_hz <= highest:
                return None
            return _(
                "At {rate:g} Hz, '{input}' would last {duration} s; such recordings have {lowest} to "
                "{highest} Hz. What is the rate?"
            ).format(
                input=name,
                rate=signal.rate_hz,
                duration=number_text(signal.duration, 3),
                lowest=lowest,
                highest=highest,
            )
    return None
