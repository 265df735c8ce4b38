"""What nested MATLAB variables hold: structs and cells laid open, names of channels among them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping

import numpy as np

_DEEPEST, _MOST = 5, 64  # structs within structs, and elements of a cell that are looked at
_HEADER, _COMPRESSED = 128, 15  # bytes before the first variable of a MAT file, and the type of one that is compressed
_PIECE = 2**20
_NAMES = {
    "label", "labels", "channel", "channels", "channelnames", "chnames", "chanlabels", "leads", "leadnames", "signame",
    "signames", "names",
}  # fmt: skip


def fields_of(variables: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The arrays in variables, those in structs and cells too, called "struct.field"."""
    fields: dict[str, np.ndarray] = {}
    for name, array in variables.items():
        fields.update(_laid_open(name, array, _DEEPEST))
    return fields


def _laid_open(name: str, array: np.ndarray, depth: int) -> Iterator[tuple[str, np.ndarray]]:
    if array.dtype.names is None and (array.dtype != object or _is_words(array)):
        yield name, array
    elif depth and array.dtype.names is not None:
        for number, element in enumerate(array.ravel()[:_MOST]):
            place = name if array.size == 1 else f"{name}({number + 1})"
            for field in array.dtype.names:
                yield from _laid_open(f"{place}.{field}", np.asarray(element[field]), depth - 1)
    elif depth:
        for number, element in enumerate(array.ravel()[:_MOST]):
            place = name if array.size == 1 else f"{name}{{{number + 1}}}"
            if isinstance(element, np.ndarray) and not (element.dtype == object and element.ndim == 0):
                yield from _laid_open(place, element, depth - 1)


def _is_words(cell: np.ndarray) -> bool:
    elements = cell.ravel()
    return bool(elements.size) and all(_word(element) is not None for element in elements)


def _word(element: object) -> str | None:
    if isinstance(element, str):
        return element.strip()
    if isinstance(element, np.ndarray) and element.dtype.kind == "U" and element.size == 1:
        return str(element.ravel()[0]).strip()
    return None


def channel_names(arrays: Mapping[str, np.ndarray], count: int) -> tuple[str, ...]:
    """Names of this many channels, where exactly one of the arrays holds them; else empty."""
    lists = []
    for name, array in arrays.items():
        last = name.rpartition(".")[2].casefold().replace("_", "")
        if last in _NAMES and array.size == count and array.dtype.kind in "UO":
            words = [_word(element) for element in array.ravel()]
            if all(words) and len(set(words)) == count:
                lists.append(tuple(str(word) for word in words))
    return lists[0] if len(lists) == 1 else ()


def inflated_size(data: bytes, most: int) -> int:
    """Bytes of the variables of a MAT file of version 5 after decompression, or a number above `most` once they are
    more. Raises zlib.error and struct.error for a damaged one."""
    order, at, size = "<" if data[126:128] == b"IM" else ">", _HEADER, 0
    while at + 8 <= len(data) and size <= most:
        kind, length = struct.unpack(f"{order}II", data[at : at + 8])
        size += _inflated(data[at + 8 : at + 8 + length], most - size) if kind == _COMPRESSED else length
        at += 8 + length
    return size


def _inflated(data: bytes, most: int) -> int:
    stream, size, rest = zlib.decompressobj(), 0, data
    while rest and size <= most:
        size += len(stream.decompress(rest, _PIECE))
        rest = stream.unconsumed_tail
    return size
