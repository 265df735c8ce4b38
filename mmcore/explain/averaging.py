"""Where a method looks on average over cases, class by class: on the grid of an image, in time, by column, by word.

Counted in even shares: 1 is what a token would weigh if all tokens of its input weighed the same, so that inputs with
few and with many tokens compare. N tokens, W windows.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Self, TypeVar

import numpy as np
from PIL import Image as Pillow

from mmcore.base.values import Box, Column, Image, Place, Row, Seconds, Segment, Signal, Span
from mmcore.encoders.alignment import on_grid, on_time
from mmcore.explain.edits import words

WINDOWS = 50  # of the first signal; longer ones get more of the same length
_CELLS = 16  # of a grid, at most, along a side
_SIDE = 96  # pixels of the average image
_FEW = 5  # cases below which no average image is made: it would show a person
_RARE, _RARELY = 3, 0.02  # occurrences a word needs at least, absolutely and per case
_SEEN = 0.1  # share of the cases that must reach a window

V = TypeVar("V")  # the kind of value: image, signal, row, text


@dataclass(eq=False)
class RunningMean:
    """Mean of arrays [N] that may grow longer, with the 95% interval of the mean over cases."""

    sums: np.ndarray = field(default_factory=lambda: np.zeros((3, 0)))  # count, sum, sum of squares

    def add(self, values: np.ndarray, here: np.ndarray | None = None) -> None:
        there = np.ones(len(values)) if here is None else here.astype(float)
        if len(values) > self.sums.shape[1]:
            self.sums = np.pad(self.sums, ((0, 0), (0, len(values) - self.sums.shape[1])))
        self.sums[:, : len(values)] += np.stack([there, values * there, values**2 * there])

    def bounds(self) -> dict[str, np.ndarray]:
        count, total, squares = self.sums
        mean = total / np.maximum(count, 1)
        spread = np.sqrt(np.clip(squares / np.maximum(count, 1) - mean**2, 0, None) / np.maximum(count - 1, 1))
        return {"mean": mean, "low": mean - 1.96 * spread, "high": mean + 1.96 * spread, "cases": count}


class Average(ABC, Generic[V]):
    """Mean over values of one kind, to which cases are added one by one."""

    def __init__(self) -> None:
        self.cases = 0

    def beside(self) -> Self:
        """An empty one on the same grid or windows, so that classes compare."""
        return type(self)()

    @abstractmethod
    def add(self, value: V, places: Sequence[Place], density: np.ndarray) -> None:
        """density: [N] weight of the tokens the places stand for, in even shares."""

    @abstractmethod
    def document(self) -> dict[str, Any] | None:
        """The means; None where nothing is known."""


class ImageAverage(Average[Image]):
    """Mean over the grid of the first image, beside the mean image."""

    def __init__(self, shape: tuple[int, int] | None = None) -> None:
        super().__init__()
        self.shape = shape
        self.grid, self.picture, self.aspect = RunningMean(), np.zeros((_SIDE, _SIDE)), 0.0

    def beside(self) -> Self:
        return type(self)(self.shape)

    def add(self, value: Image, places: Sequence[Place], density: np.ndarray) -> None:
        boxes = [place for place in places if isinstance(place, Box)]
        if not boxes:
            return
        if self.shape is None:
            sides = len({round(b.top, 4) for b in boxes}), len({round(b.left, 4) for b in boxes})
            self.shape = min(sides[0], _CELLS), min(sides[1], _CELLS)
        self.grid.add(on_grid(density[:, None], places, *self.shape).ravel())
        small = Pillow.fromarray(value).convert("L").resize((_SIDE, _SIDE), Pillow.Resampling.BILINEAR)
        self.picture += np.asarray(small, float)
        self.aspect += value.shape[0] / value.shape[1]
        self.cases += 1

    def document(self) -> dict[str, Any] | None:
        if self.shape is None:
            return None
        picture = np.round(self.picture / self.cases).astype(int) if self.cases >= _FEW else None
        return {
            "cases": self.cases,
            "grid": self.grid.bounds()["mean"].reshape(self.shape),
            "picture": picture,
            "aspect": self.aspect / self.cases,
        }


class NamedMeans:
    """Mean of what has a name: columns of a table, segments of an ECG."""

    def __init__(self) -> None:
        self.by_name: dict[str, RunningMean] = {}

    def add(self, names: Sequence[str], density: np.ndarray) -> None:
        for name, weight in zip(names, density, strict=True):
            self.by_name.setdefault(name, RunningMean()).add(np.array([weight]))

    def rows(self) -> list[dict[str, Any]]:
        bounds = {name: mean.bounds() for name, mean in self.by_name.items()}
        return [{"column": name, **{key: own[key][0] for key in own}} for name, own in bounds.items()]


class SignalAverage(Average[Signal]):
    """Mean over windows of time that the first signal sets; over segments where the tokens are such with a name."""

    def __init__(self, length: float | None = None) -> None:
        super().__init__()
        self.length, self.mean, self.unit, self.segments = length, RunningMean(), "", NamedMeans()

    def beside(self) -> Self:
        return type(self)(self.length)

    def add(self, value: Signal, places: Sequence[Place], density: np.ndarray) -> None:
        if not any(isinstance(place, Seconds) for place in places):
            return
        if all(isinstance(place, Segment) for place in places):
            self.segments.add([place.name for place in places if isinstance(place, Segment)], density)
        self.length = self.length or value.duration / WINDOWS
        edges = np.arange(max(1, math.ceil(value.duration / self.length - 1e-6)) + 1) * self.length
        in_windows, covered = on_time(density[:, None], places, edges)
        self.mean.add(in_windows[:, 0], covered)
        self.cases, self.unit = self.cases + 1, value.time_unit

    def document(self) -> dict[str, Any] | None:
        if self.length is None or not self.cases:
            return None
        bounds = self.mean.bounds()
        fine = bounds["cases"] >= max(1, _SEEN * self.cases)
        times = (np.arange(len(fine)) + 0.5) * self.length
        named = {"columns": self.segments.rows()} if self.segments.by_name else {}
        return {"cases": self.cases, "unit": self.unit, "at": times[fine], **named} | {
            name: bounds[name][fine] for name in ("mean", "low", "high")
        }


class RowAverage(Average[Row]):
    """Mean by column."""

    def __init__(self) -> None:
        super().__init__()
        self.columns = NamedMeans()

    def add(self, value: Row, places: Sequence[Place], density: np.ndarray) -> None:
        own = [place.name if isinstance(place, Column) else None for place in places]
        self.columns.add([name for name in own if name], density[[name is not None for name in own]])
        self.cases += bool(len(places))

    def document(self) -> dict[str, Any] | None:
        return {"cases": self.cases, "columns": self.columns.rows()} if self.columns.by_name else None


class TextAverage(Average[str]):
    """Mean by word, over all its occurrences; pieces of a word are averaged, capitals do not count."""

    def __init__(self) -> None:
        super().__init__()
        self.total: dict[str, float] = {}
        self.count: Counter[str] = Counter()
        self.within: Counter[str] = Counter()

    def add(self, value: str, places: Sequence[Place], density: np.ndarray) -> None:
        spans = [place for place in places if isinstance(place, Span)]
        if not spans or len(spans) < len(places):
            return
        pieces: dict[Span, list[float]] = {}
        spelled = words(value)
        for span, weight in zip(spans, density, strict=True):
            pieces.setdefault(_word_of(span, spelled), []).append(float(weight))
        seen = set()
        for span, weights in pieces.items():
            word = value[span.start : span.end].strip().lower()
            if any(letter.isalnum() for letter in word):
                self.total[word] = self.total.get(word, 0.0) + sum(weights) / len(weights)
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
        means = {word: self.total[word] / count for word, count in self.count.items() if count >= self.least}
        rows = [
            {"word": word, "mean": mean, "count": self.count[word], "cases": self.within[word]}
            for word, mean in sorted(means.items(), key=lambda item: (-item[1], item[0]))
        ]
        return {"cases": self.cases, "least": self.least, "words": rows}


def _word_of(place: Span, spelled: Sequence[Span]) -> Span:
    """The word that a piece of it belongs to; the token's own span where it is no part of one word."""
    at = bisect_right(spelled, place.start, key=lambda word: word.start) - 1
    inside = at >= 0 and spelled[at].start <= place.start and place.end <= spelled[at].end
    return spelled[at] if inside else place


class Averages(Generic[V]):
    """Means of one input by class; cases are added one by one."""

    def __init__(self, part: type[Average[V]]) -> None:
        self.part = part
        self.by_class: dict[str, Average[V]] = {}

    def add(self, label: str, value: V, places: Sequence[Place], weights: np.ndarray) -> None:
        """weights: [N] of the tokens the places stand for, summing to 1."""
        if label not in self.by_class:
            first = next(iter(self.by_class.values()), None)
            self.by_class[label] = self.part() if first is None else first.beside()
        self.by_class[label].add(value, places, np.asarray(weights, float) * len(weights))

    def document(self) -> dict[str, Any]:
        """Class -> its means; classes of which nothing is known are left out."""
        by_class = {label: average.document() for label, average in self.by_class.items()}
        return {label: document for label, document in by_class.items() if document is not None}
