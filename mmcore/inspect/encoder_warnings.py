"""Signs that an encoder does not suit a cohort: what it warns of, and features that tell no two cases apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mmcore.base.errors import MMError
from mmcore.base.values import Signal, Value
from mmcore.encoders import Encoder
from mmcore.features import encode_case
from mmcore.features.feature_checks import CheckKind, CheckResult, check_vectors

FEW = 3  # cases encoded to see whether they come out the same


def check_encoder(encoder: Encoder, values: Sequence[Value]) -> list[CheckResult]:
    """What speaks against this encoder, judged by some cases of a cohort, the most frequent first."""
    results = check_warnings(encoder, values)
    if not encoder.raw:  # codes and pixels say nothing before they are trained
        results += check_vectors(_vectors(encoder, values[:FEW]), encoder.name, encoder.spec.name)
    return sorted(results, key=lambda result: -result.cases)


def check_warnings(encoder: Encoder, values: Sequence[Value]) -> list[CheckResult]:
    """What the encoder itself warns of (see `Encoder.suits`), the most frequent first; nothing is encoded.

    Warnings that differ only in their numbers are counted together, in the words of the first.
    """
    counts: dict[str, int] = {}
    first: dict[str, str] = {}
    for value in values:
        warning = encoder.suits(value)
        if warning:
            key = "".join(letter for letter in warning if not letter.isdigit())
            first.setdefault(key, warning)
            counts[key] = counts.get(key, 0) + 1
    results = [
        CheckResult(CheckKind.WARNING, encoder.name, encoder.spec.name, count, len(values), detail=first[key])
        for key, count in counts.items()
    ]
    return sorted(results, key=lambda result: -result.cases)


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


def _equal(a: Value, b: Value) -> bool:
    if isinstance(a, Signal) and isinstance(b, Signal):
        return np.array_equal(a.samples, b.samples)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return np.array_equal(a, b)
    return type(a) is type(b) and a == b
