"""Signs that an encoder does not suit a cohort: what it warns of, and features that tell no two cases apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mmcore.base.errors import MMError
from mmcore.base.settings import _
from mmcore.base.values import Value
from mmcore.encoders import Encoder
from mmcore.features import encode_case

FEW = 3  # cases encoded to see whether they come out the same
ALIKE = 1e-4  # features that differ by less than this share of their length say the same of every case


@dataclass(frozen=True)
class Doubt:
    """reason: in words. cases: in how many of `of` cases it was seen."""

    reason: str
    cases: int
    of: int


def doubts(encoder: Encoder, values: Sequence[Value]) -> list[Doubt]:
    """What speaks against this encoder, judged by some cases of a cohort, the most frequent first."""
    found = warned(encoder, values)
    if not encoder.raw and identical(_vectors(encoder, values[:FEW])):
        found.append(
            Doubt(
                _("Different cases come out with the same features, so nothing can be learnt from them."),
                min(FEW, len(values)),
                min(FEW, len(values)),
            )
        )
    return sorted(found, key=lambda doubt: -doubt.cases)


def warned(encoder: Encoder, values: Sequence[Value]) -> list[Doubt]:
    """What the encoder itself warns of (see `Encoder.suits`), the most frequent first; nothing is encoded."""
    counted: dict[str, int] = {}
    for value in values:
        reason = encoder.suits(value)
        if reason:
            general = next((known for known in counted if _same(known, reason)), reason)
            counted[general] = counted.get(general, 0) + 1
    found = [Doubt(reason, count, len(values)) for reason, count in counted.items()]
    return sorted(found, key=lambda doubt: -doubt.cases)


def identical(vectors: np.ndarray) -> bool:
    """Whether the rows of [N, D] are all the same, up to rounding; False for fewer than two."""
    if len(vectors) < 2:
        return False
    spread = np.abs(vectors - vectors.mean(0)).max()
    return bool(spread <= ALIKE * max(float(np.abs(vectors).max()), 1e-12))


def _vectors(encoder: Encoder, values: Sequence[Value]) -> np.ndarray:
    """Mean tokens [n, D] of the values that differ from each other and can be encoded."""
    distinct = [value for i, value in enumerate(values) if not any(_equal(value, other) for other in values[:i])]
    rows = []
    for value in distinct:
        try:
            rows.append(encode_case(encoder, value).values[0].mean(0).numpy())
        except MMError:
            continue
    return np.stack(rows) if rows else np.zeros((0, encoder.dims))


def _equal(one: Value, other: Value) -> bool:
    one, other = (getattr(value, "samples", value) for value in (one, other))
    return np.array_equal(one, other) if isinstance(one, np.ndarray) else one == other


def _same(one: str, other: str) -> bool:
    """Whether two warnings differ only in their numbers."""
    return "".join(c for c in one if not c.isdigit()) == "".join(c for c in other if not c.isdigit())
