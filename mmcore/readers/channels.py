"""Channels of signals by name and unit: what is compared, put in order and converted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.name_lists import list_of
from mmcore.base.settings import _
from mmcore.base.values import Channel

_UNIT = re.compile(r"^(?P<name>.+?)[\s_]*(?:[\(\[](?P<bracket>[^\)\]]{1,12})[\)\]]|[\s_](?P<plain>[umnkµμ]?V))$")
_VOLTS = {"v": 1.0, "mv": 1e-3, "uv": 1e-6, "nv": 1e-9}


def channel_of(header: str) -> Channel:
    """A column header as a channel: "II (mV)" and "II_mV" are II, measured in mV."""
    match = _UNIT.match(header.strip())
    if not match:
        return Channel(name=header.strip())
    unit = match["bracket"] or match["plain"]
    return Channel(name=match["name"].strip(), unit=unit) if _plain(unit) in _VOLTS else Channel(name=header.strip())


def same_name(name: str) -> str:
    """What two spellings of a channel share: "Lead II", "ecg_II" and "ii"."""
    plain = re.sub(r"[\W_]+", "", name.casefold())
    return re.sub(r"^(lead|ecg|ekg|eeg)(?=.)", "", plain) or name.casefold()


def common_unit(channels: Sequence[Channel]) -> str:
    """The unit all channels share, or ""."""
    units = {channel.unit for channel in channels}
    return units.pop() if len(units) == 1 else ""


def aligned(
    samples: np.ndarray, channels: Sequence[Channel], wanted: Sequence[Channel], filename: str
) -> tuple[np.ndarray, tuple[Channel, ...]]:
    """Samples [C, T] brought to the channels that are wanted, and what they are then.

    A file whose channels have no names, or one name twice, is taken as it is. Raises BadInput for a file that lacks a
    channel, or gives it in a unit that cannot be converted.
    """
    rows = {same_name(channel.name): i for i, channel in enumerate(channels)}
    if not wanted or len(rows) < len(channels) or not channels:
        return samples, tuple(channels)
    lacking = [channel.name for channel in wanted if same_name(channel.name) not in rows]
    if lacking:
        raise BadInput(
            _("{file} has no channel {names}; it has {channels}.").format(
                file=filename, names=list_of(lacking), channels=list_of(channel.name for channel in channels)
            ),
            _("All recordings of an input need the same channels; their order does not matter."),
        )
    order = [rows[same_name(channel.name)] for channel in wanted]
    factors = [_factor(channels[row].unit, channel, filename) for row, channel in zip(order, wanted, strict=True)]
    brought = samples[order]
    if any(factor != 1 for factor in factors):
        brought = brought * np.array(factors)[:, None]
    result = (
        Channel(name=channel.name, unit=channel.unit or channels[row].unit)
        for row, channel in zip(order, wanted, strict=True)
    )
    return brought, tuple(result)


def agreed(files: Sequence[Sequence[Channel]]) -> tuple[Channel, ...]:
    """The channels that recordings are brought to, from those of some of the files; empty where names do not help.

    The commonest list of channels counts; where none is in half of the files, what all of them share. Of several units
    of one channel the commonest counts, mV if that is even.
    """
    named = [
        list(channels) for channels in files if channels and len({same_name(c.name) for c in channels}) == len(channels)
    ]
    if not named:
        return ()
    lists = Counter(tuple(same_name(channel.name) for channel in channels) for channels in named)
    sets = Counter({frozenset(names): 0 for names in lists})
    for names, count in lists.items():
        sets[frozenset(names)] += count
    commonest, count = max(sets.items(), key=lambda pair: (pair[1], -len(pair[0])))
    chosen = commonest if 2 * count >= len(named) else frozenset.intersection(*sets)
    order = next((names for names, _n in lists.most_common() if chosen <= set(names)), ())
    spelt = {same_name(channel.name): channel.name for channels in reversed(named) for channel in channels}
    return tuple(Channel(name=spelt[name], unit=_usual_unit(name, named)) for name in order if name in chosen)


def _usual_unit(name: str, files: Sequence[Sequence[Channel]]) -> str:
    units = Counter(c.unit for channels in files for c in channels if same_name(c.name) == name and c.unit)
    return max(units, key=lambda unit: (units[unit], _plain(unit) == "mv"), default="")


def _factor(unit: str, wanted: Channel, filename: str) -> float:
    there, here = _plain(unit), _plain(wanted.unit)
    if not there or not here or there == here:
        return 1.0
    if there in _VOLTS and here in _VOLTS:
        return _VOLTS[there] / _VOLTS[here]
    raise BadInput(
        _("{file} gives channel {name} in {there}, not in {here} as the other recordings do.").format(
            file=filename, name=wanted.name, there=unit, here=wanted.unit
        ),
        _("Convert it to the same unit."),
    )


def _plain(unit: str) -> str:
    return unit.strip().replace("µ", "u").replace("μ", "u").casefold()
