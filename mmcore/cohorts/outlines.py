"""Where findings lie in the pictures of a cohort: known to a generator, or read from masks beside the pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Protocol

import numpy as np

from mmcore.base.settings import counted
from mmcore.base.values import Evidence
from mmcore.cohorts.label_maps import LabelMaps, Mask

_SHAPE = 0.03  # difference of aspect ratios that rounding to whole pixels makes, at most, as a logarithm


class Outlines(Protocol):
    """Where findings lie."""

    @property
    def remarks(self) -> list[str]:
        """What was guessed or could not be used so far, a sentence each."""

    def counts(self, ids: Iterable[str], input: str) -> Counter[str]:
        """How many of these cases have each finding; empty for an input without masks."""

    def mask(self, id: str, input: str, finding: str, size: tuple[int, int]) -> np.ndarray | None:
        """[H, W] bool for a picture of this size; None where nobody looked for the finding."""


class EvidenceOutlines:
    """Outlines that a generator drew. evidence: id -> input -> Evidence, of which some have masks."""

    def __init__(self, evidence: Mapping[str, Mapping[str, tuple[Evidence, ...]]]) -> None:
        self._evidence = evidence

    @property
    def remarks(self) -> list[str]:
        return []

    def counts(self, ids: Iterable[str], input: str) -> Counter[str]:
        signs = (sign for id in ids for sign in self._evidence.get(id, {}).get(input, ()))
        return Counter(sign.name for sign in signs if sign.mask is not None)

    def mask(self, id: str, input: str, finding: str, size: tuple[int, int]) -> np.ndarray | None:
        mask = np.zeros(size, bool)
        for sign in self._evidence.get(id, {}).get(input, ()):
            if sign.name == finding and sign.mask is not None:
                mask |= sign.mask
        return mask


class FileOutlines:
    """Outlines in files, all read when first asked for. masks: input -> finding -> id -> the files of its mask."""

    def __init__(self, masks: Mapping[str, Mapping[str, Mapping[str, Mask]]]) -> None:
        self._masks = masks
        self._read: dict[str, list[LabelMaps]] = {}
        self._resized: dict[str, None] = {}
        self._misshapen: dict[str, None] = {}

    @property
    def remarks(self) -> list[str]:
        sentences = [remark for maps in self._read.values() for own in maps for remark in own.remarks]
        if self._resized:
            sentences.append(
                counted(
                    len(self._resized),
                    "{count} mask, that of case {id}, is of another size than the picture; it is resized "
                    "to match the picture.",
                    "{count} masks, such as that of case {id}, are of another size than the picture; "
                    "they are resized to match the picture.",
                    id=next(iter(self._resized)),
                )
            )
        if self._misshapen:
            sentences.append(
                counted(
                    len(self._misshapen),
                    "{count} mask, that of case {id}, is of another shape than the picture; it is not used.",
                    "{count} masks, such as that of case {id}, are of another shape than the picture; they are not "
                    "used.",
                    id=next(iter(self._misshapen)),
                )
            )
        return sentences

    def _maps(self, input: str) -> list[LabelMaps]:
        if input not in self._read:
            self._read[input] = [LabelMaps(name, own) for name, own in self._masks.get(input, {}).items()]
        return self._read[input]

    def counts(self, ids: Iterable[str], input: str) -> Counter[str]:
        wanted = set(ids)
        there = {finding: own.there(finding) & wanted for own in self._maps(input) for finding in own.findings}
        return Counter({finding: len(cases) for finding, cases in there.items() if cases})

    def mask(self, id: str, input: str, finding: str, size: tuple[int, int]) -> np.ndarray | None:
        own = next((maps for maps in self._maps(input) if finding in maps.findings), None)
        mask = None if own is None else own.mask(id, finding)
        if mask is None or mask.shape == size:
            return mask
        if abs(np.log(mask.shape[0] / mask.shape[1]) - np.log(size[0] / size[1])) > _SHAPE:
            self._misshapen[id] = None
            return None
        self._resized[id] = None
        return resized(mask, size)


def resized(mask: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The mask [H, W] at another size, by its nearest pixels."""
    rows, columns = (
        ((np.arange(wanted) + 0.5) * there / wanted).astype(int) for wanted, there in zip(size, mask.shape, strict=True)
    )
    return mask[np.ix_(rows, columns)]
