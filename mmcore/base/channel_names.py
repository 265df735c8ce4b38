"""What the channels of a signal are called where a reader meets them."""

from __future__ import annotations

from mmcore.base.settings import _
from mmcore.base.values import Signal


def channel_names(signal: Signal) -> list[str]:
    """A name for every channel; unnamed ones are numbered, twelve of them too, since nobody said that they are leads.

    signal: [C, T] samples; returns C names.
    """
    count = len(signal.samples)
    if len(signal.channel_names) == count:
        return list(signal.channel_names)
    return [_("channel {n}").format(n=number) for number in range(1, count + 1)]
