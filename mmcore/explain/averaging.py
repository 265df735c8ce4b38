"""Where a method looks on average over cases, class by class: on the grid of an image, in time, by column, by word.

Counted in even shares: 1 is what a token would weigh if all tokens of its input weighed the same, so that inputs with
few and with many tokens compare. N tokens, W windows.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PIL import Image as Pillow

from mmcore.base.values import Box, Column, Image, Place, Seconds, Signal, Span, Value
from mmcore.encoders.alignment import on_grid, on_time
from mmcore.explain.edits import words

WINDOWS = 50  # of the first signal; longer ones get more of the same length
_CELLS = 16  # of a grid, at most, along a side
_SIDE = 96  # pixels of the average image
_FEW = 5  # cases below which no average image is made: it would show a person
_RARE, _RARELY = 3, 0.02  # occurrences a word needs at least, absolutely and per case
_SEEN = 0.1  # share of the cases that must reach a window


@dataclass(eq=False)
class Mean:
    """Mean of arrays [N] that may grow longer, with the 95% interval of the mean over cases."""

    sums: np.ndarray = field(default_factory=lambda: np.zeros((3, 0)))  # count, sum, sum of squares

    def add(self, values: np.ndarray, here: np.ndarray | None = None) -> None:
        here = np.ones(len(values)) if here is None else here.astype(float)
        if len(values) > self.sums.shape[1]:
            self.sums = np.pad(self.sums, ((0, 0), (0, len(values) - self.sums.shape[1])))
        self.sums[:, : len(values)] += np.stack([here, values * here, values**2 * here])

    def bounds(self) -> dict[str, np.ndarray]:
        count, total, squares = self.sums
        mean = total / np.maximum(count, 1)
        spread = np.sqrt(np.clip(squares / np.maximum(count, 1) - mean**2, 0, None) / np.maximum(count - 1, 1))
        return {"mean": mean, "low": mean - 1.96 * spread, "high": mean + 1.96 * spread, "cases": count}


class OfImages:
    """Mean over the grid of the first image, beside the mean image."""

    def __init__(self) -> None:
        self.shape: tuple[int, int] | None = None
        self.grid, self.picture, self.aspect, self.cases = Mean(), np.zeros((_SIDE, _SIDE)), 0.0, 0

    def add(self, value: Image, places: Sequence[Place], density: np.ndarray) -> None:
        if not any(isinstance(place, Box) for place in places):
            return
        if self.shape is None:
            boxes = [place for place in places if isinstance(place, Box)]
            sides = len({round(b.top, 4) for b in boxes}), len({round(b.left, 4) for b in boxes})
            self.shape = min(sides[0], _CELLS), min(sides[1], _CELLS)
        self.grid.add(on_grid(density[:, None], places, *self.shape).ravel())
        small = Pillow.fromarray(value).convert("L").resize((_SIDE, _SIDE), Pillow.Resampling.BILINEAR)
        self.picture += np.asarray(small, float)
        self.aspect += value.shape[0] / value.shape[1]
        self.cases += 1

    def document(self) -> dict[str, Any] | None:
        if not self.cases:
            return None
        picture = np.round(self.picture / self.cases).astype(int) if self.cases >= _FEW else None
        return {
            "cases": self.cases,
            "grid": self.grid.bounds()["mean"].reshape(self.shape),
            "picture": picture,
            "aspect": self.aspect / self.cases,
        }


class OfSignals:
    """Mean over windows of time that the first signal sets."""

    def __init__(self, length: float | None = None) -> None:
        self.length, self.mean, self.cases, self.unit = length, Mean(), 0, ""

    def add(self, value: Signal, places: Sequence[Place], density: np.ndarray) -> None:
        if not any(isinstance(place, Seconds) for place in places):
            return
        self.length = self.length or value.duration / WINDOWS
        edges = np.arange(max(1, math.ceil(value.duration / self.length - 1e-6)) + 1) * self.length
        found, covered = on_time(density[:, None], places, edges)
        self.mean.add(found[:, 0], covered)
        self.cases, self.unit = self.cases + 1, value.time_unit

    def document(self) -> dict[str, Any] | None:
        if not self.cases:
            return None
        found = self.mean.bounds()
        fine = found["cases"] >= max(1, _SEEN * self.cases)
        times = (np.arange(len(fine)) + 0.5) * self.length
        return {"cases": self.cases, "unit": self.unit, "at": times[fine]} | {
            name: found[name][fine] for name in ("mean", "low", "high")
        }


class OfRows:
    """Mean by column."""

    def __init__(self) -> None:
        self.columns: dict[str, Mean] = {}
        self.cases = 0

    def add(self, value: Mapping, places: Sequence[Place], density: np.ndarray) -> None:
        for place, one in zip(places, density, strict=True):
            if isinstance(place, Column):
                self.columns.setdefault(place.name, Mean()).add(np.array([one]))
        self.cases += bool(len(places))

    def document(self) -> dict[str, Any] | None:
        if not self.columns:
            return None
        told = {name: mean.bounds() for name, mean in self.columns.items()}
        rows = [{"column": name, **{key: one[key][0] for key in one}} for name, one in told.items()]
        return {"cases": self.cases, "columns": rows}


class OfTexts:
    """Mean by word, over all its occurrences; pieces of a word are averaged, capitals do not count."""

    def __init__(self) -> None:
        self.total: Counter[str] = Counter()
        self.count: Counter[str] = Counter()
        self.within: Counter[str] = Counter()
        self.cases = 0

    def add(self, value: str, places: Sequence[Place], density: np.ndarray) -> None:
        if not places or not all(isinstance(place, Span) for place in places):
            return
        pieces: dict[Span, list[float]] = {}
        known = words(value)
        for place, one in zip(places, density, strict=True):
            pieces.setdefault(_word_of(place, known), []).append(float(one))
        seen = set()
        for span, each in pieces.items():
            word = value[span.start : span.end].strip().lower()
            if any(letter.isalnum() for letter in word):
                self.total[word] += sum(each) / len(each)
                self.count[word] += 1
                seen.add(word)
        self.within.update(seen)
        self.cases += 1

    @property
    def least(self) -> int:
        return max(_RARE, math.ceil(_RARELY * self.cases))

    def document(self) -> dict[str, Any] | None:
        if not self.cases:
            return None
        rows = [
            {"word": word, "mean": self.total[word] / count, "count": count, "cases": self.within[word]}
            for word, count in self.count.items()
            if count >= self.least
        ]
        rows.sort(key=lambda row: (-row["mean"], row["word"]))
        return {"cases": self.cases, "least": self.least, "words": rows}


def _word_of(place: Span, known: Sequence[Span]) -> Span:
    """The word that a piece of it belongs to; the token's own span where it is no part of one word."""
    at = bisect_right(known, place.start, key=lambda word: word.start) - 1
    return known[at] if at >= 0 and known[at].start <= place.start and place.end <= known[at].end else place


class Averages:
    """Means of one input by class; cases are added one by one."""

    def __init__(self, part: type[OfImages | OfSignals | OfRows | OfTexts]) -> None:
        self.part = part
        self.by_class: dict[str, OfImages | OfSignals | OfRows | OfTexts] = {}

    def add(self, label: str, value: Value, places: Sequence[Place], weights: np.ndarray) -> None:
        """weights: [N] of the tokens the places stand for, summing to 1."""
        if label not in self.by_class:
            self.by_class[label] = self._beside()
        self.by_class[label].add(value, places, np.asarray(weights, float) * len(weights))

    def _beside(self) -> OfImages | OfSignals | OfRows | OfTexts:
        """A class takes its grid or its windows over from the first, so that classes compare."""
        made, first = self.part(), next(iter(self.by_class.values()), None)
        for name in ("shape", "length"):
            if hasattr(first, name):
                setattr(made, name, getattr(first, name))
        return made

    def document(self) -> dict[str, Any]:
        """Class -> its means; classes of which nothing is known are left out."""
        each = {label: one.document() for label, one in self.by_class.items()}
        return {label: one for label, one in each.items() if one is not None}
