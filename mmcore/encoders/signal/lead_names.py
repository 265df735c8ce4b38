"""What the leads of an ECG are called."""

from __future__ import annotations

from mmcore.base.settings import _
from mmcore.base.values import Signal

LEADS = 12  # leads measured one by one, in the order of the recording
STANDARD = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")


def lead_names(signal: Signal, given: tuple[str, ...]) -> list[str]:
    """A name for each of the 12 places."""
    count = signal.samples.shape[0]
    leads = next((names for names in (signal.channel_names, given) if len(names) == count), ())
    leads = leads or (STANDARD if count == LEADS else ())
    return [leads[i] if i < len(leads) else _("lead {number}").format(number=i + 1) for i in range(LEADS)]
