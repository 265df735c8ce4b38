"""Masks of one column, read: which findings their numbers stand for, and the pixels of each."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.name_lists import list_of
from mmcore.base.settings import _, counted
from mmcore.readers.mask_pixels import read_labels

Mask = tuple[Path | tuple[str, bytes], ...]  # files that together outline one finding in one picture
_MOST = 16  # labels; more numbers than that are shades
_BRIGHT = 128  # shade from which a pixel is marked
_LOSSY = (".jpg", ".jpeg")
_ANY, _SHADES = "any", "shades"  # whatever is not zero; whatever is bright


@dataclass(frozen=True)
class _Packed:
    """A label map [H, W] uint8, compressed: masks are mostly nothing. values: those that are not zero."""

    data: bytes
    shape: tuple[int, int]
    values: frozenset[int]

    @classmethod
    def of(cls, labels: np.ndarray) -> _Packed:
        values = np.flatnonzero(np.bincount(labels.ravel(), minlength=2)[1:]) + 1
        return cls(zlib.compress(labels.tobytes(), 1), (labels.shape[0], labels.shape[1]), frozenset(values.tolist()))

    def labels(self) -> np.ndarray:
        return np.frombuffer(zlib.decompress(self.data), np.uint8).reshape(self.shape)


class LabelMaps:
    """name: of what is outlined. masks: case id -> files. remarks: what was guessed or could not be read.

    One number besides zero (1 or 255) is one finding; a few are several, called by their numbers; cells numbered from 1
    on are one finding together; shades count from the middle on.
    """

    def __init__(self, name: str, masks: Mapping[str, Mask]) -> None:
        self.remarks: list[str] = []
        self._maps: dict[str, _Packed] = {}
        noticed: list[str] = []
        for id, sources in masks.items():
            try:
                self._maps[id] = _Packed.of(_together([read_labels(source, noticed) for source in sources]))
            except BadInput as error:
                self.remarks.append(_("Case {id}: its mask is not used. {reason}").format(id=id, reason=error.message))
        self.remarks += dict.fromkeys(noticed)
        lossy = any(isinstance(part, Path) and part.suffix.lower() in _LOSSY for own in masks.values() for part in own)
        self._rules = self._settled(name, lossy)

    def _settled(self, name: str, lossy: bool) -> dict[str, str | int]:
        """Finding -> the number that stands for it, or which numbers do."""
        values = sorted(set().union(*(own.values for own in self._maps.values()))) if self._maps else []
        single = all(len(own.values) <= 1 for own in self._maps.values())
        if len(values) <= 1 or (single and set(values) <= {1, 255}):
            return {name: _ANY}
        if len(values) <= _MOST and not lossy:
            self.remarks.append(
                _("The masks of '{name}' hold several labels ({values}); each is a finding of its own.").format(
                    name=name, values=list_of(map(str, values))
                )
            )
            return {f"{name} {value}": value for value in values}
        if (
            not lossy
            and values[-1] < 255
            and all(own.values == set(range(1, len(own.values) + 1)) for own in self._maps.values())
        ):
            self.remarks.append(
                _(
                    "The masks of '{name}' give each object a number of its own; all of them together count as one "
                    "marking."
                ).format(name=name)
            )
            return {name: _ANY}
        self.remarks.append(
            _(
                "The masks of '{name}' hold shades of grey; whatever is brighter than half of white counts as marked."
            ).format(name=name)
        )
        return {name: _SHADES}

    @property
    def findings(self) -> list[str]:
        return list(self._rules)

    def there(self, finding: str) -> set[str]:
        """The cases that have it."""
        rule = self._rules[finding]
        return {id for id, own in self._maps.items() if any(_stands(value, rule) for value in own.values)}

    def mask(self, id: str, finding: str) -> np.ndarray | None:
        """[H, W] bool as the file has it; None where there is no mask."""
        if id not in self._maps:
            return None
        labels, rule = self._maps[id].labels(), self._rules[finding]
        stands = np.array([_stands(value, rule) for value in range(256)])
        marked: np.ndarray = stands[labels]
        return marked


def _stands(value: int, rule: str | int) -> bool:
    if rule == _ANY:
        return value > 0
    return value >= _BRIGHT if rule == _SHADES else value == rule


def _together(maps: list[np.ndarray]) -> np.ndarray:
    """Several masks of one picture as one. Raises BadInput for masks of different sizes."""
    if len({labels.shape for labels in maps}) > 1:
        raise BadInput(
            _("{masks} of one picture differ in size.").format(
                masks=counted(len(maps), "{count} mask", "{count} masks")
            ),
            _("Store them at the size of the picture."),
        )
    return np.maximum.reduce(maps)
