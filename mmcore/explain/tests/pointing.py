"""The pointing game: does the strongest token of an input lie on known evidence?

Zhang et al. 2018, "Top-Down Neural Attention by Excitation Backprop", IJCV 126. Evidence is known for synthetic cases;
only evidence that moves the target counts. One token is picked, so chance is the share of tokens that touch evidence.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from mmcore.base.values import Box, Column, Evidence, Place, Seconds, Segment, Span, Whole
from mmcore.evaluation import resamples


@dataclass(frozen=True)
class Pointing:
    """How often an explanation of one input points at evidence, over `cases` cases.

    hit: share of cases; low, high: its 95% interval (bootstrap over cases, whole groups together). chance: what a
    random token of the same inputs reaches. above: hit - chance with its interval above_low, above_high.
    """

    hit: float
    low: float
    high: float
    chance: float
    cases: int
    above: float
    above_low: float
    above_high: float

    def document(self) -> dict[str, float]:
        return asdict(self)


def point(values: np.ndarray, places: Sequence[Place], evidence: Sequence[Evidence]) -> tuple[float, float] | None:
    """Hit (0 or 1; between, where several tokens are equally strong) and chance of a hit for one input of one case.

    values: [N] of any sign, the strongest by size counts. places: what the N tokens stand for. None where the case
    says nothing: no evidence that moves the target, or evidence everywhere.
    """
    evidence = [sign for sign in evidence if sign.effect != 0]
    if not evidence or not len(values):
        return None
    on = np.array([any(overlaps(place, sign) for sign in evidence) for place in places[: len(values)]])
    if on.all():
        return None
    strength = np.abs(np.asarray(values, float))
    strongest = strength >= strength.max() * (1 - 1e-9)
    return float(on[strongest].mean()), float(on.mean())


def overlaps(place: Place, evidence: Evidence) -> bool:
    """Whether a token's place and the evidence share anything; by the mask where evidence in an image has one."""
    if isinstance(place, Whole):
        return True
    if isinstance(place, Box) and evidence.mask is not None:
        height, width = evidence.mask.shape
        rows = slice(math.floor(place.top * height + 1e-6), math.ceil(place.bottom * height - 1e-6))
        columns = slice(math.floor(place.left * width + 1e-6), math.ceil(place.right * width - 1e-6))
        return bool(evidence.mask[rows, columns].any())
    return any(_meet(place, other) for other in evidence.places)


def _meet(place: Place, other: Place) -> bool:
    if isinstance(other, Whole):
        return True
    if isinstance(place, Box) and isinstance(other, Box):
        return (
            place.top < other.bottom
            and other.top < place.bottom
            and place.left < other.right
            and other.left < place.right
        )
    if isinstance(place, Span) and isinstance(other, Span):
        return place.start < other.end and other.start < place.end
    if isinstance(place, Segment) and isinstance(other, Segment):
        return (place.kind, place.channel) == (other.kind, other.channel)
    if isinstance(place, Seconds) and isinstance(other, Seconds):
        return any(a.start < b.end and b.start < a.end for a in place.stretches for b in other.stretches)
    return isinstance(place, Column) and place == other


def pointing(cases: Sequence[tuple[float, float]], groups: Sequence[object] | None = None) -> Pointing | None:
    """(hit, chance) of several cases summed up; None if there are none. groups: of these cases."""
    if not len(cases):
        return None
    hits, chances = np.array(cases, float).T
    weights = resamples(len(hits), groups)  # [n, draws]
    total = np.maximum(weights.sum(0), 1e-9)
    low, high = np.percentile(hits @ weights / total, [2.5, 97.5])
    gap = hits - chances
    above_low, above_high = np.percentile(gap @ weights / total, [2.5, 97.5])
    return Pointing(
        hit=float(hits.mean()),
        low=float(low),
        high=float(high),
        chance=float(chances.mean()),
        cases=len(hits),
        above=float(gap.mean()),
        above_low=float(above_low),
        above_high=float(above_high),
    )
