"""Signs that an encoder was used where it says nothing: cheap checks before anybody trains on its features."""

from __future__ import annotations

import numpy as np

from mmcore.features.kept import Features
from mmcore.settings import _

_ALIKE = 1e-4  # spread over the cases, as a share of the length of the average
_FEW = 3  # sorts of cases that are told apart: hardly more than none
_CLIPPED = 0.99  # share of the largest number that fits on disk


def doubts(features: Features) -> list[str]:
    """What is odd about the features of a cohort, a sentence each; empty where nothing is. Reads averages only."""
    vectors, present = features.pooled()
    vectors, found = vectors[present], []
    tried = len(vectors) + len(features.failed)
    if features.failed and len(features.failed) * 2 > tried:
        found.append(
            _("{failed} of {tried} cases could not be encoded. The first reason: {reason}").format(
                failed=len(features.failed), tried=tried, reason=next(iter(features.failed.values()))
            )
        )
    if len(vectors) > 1:
        found += _about(vectors, features.encoder, features.input)
    return found


def _about(vectors: np.ndarray, encoder: str, input: str) -> list[str]:
    """vectors: [n, D] averages of the cases that were encoded."""
    names, found = {"encoder": encoder, "input": input, "count": len(vectors)}, []
    size = float(np.sqrt(np.square(vectors.mean(0)).sum()))
    spread = float(np.sqrt(vectors.var(0).sum()))
    if not np.any(vectors):
        found.append(
            _("Encoder {encoder} says zero of all {count} cases of {input}: nothing to learn.").format(**names)
        )
    elif spread <= _ALIKE * size:
        found.append(
            _(
                "Encoder {encoder} says the same of all {count} cases of {input}. It is probably not made for such "
                "values, or all cases hold the same one."
            ).format(**names)
        )
    else:
        distinct = _distinct(vectors)
        if distinct <= _FEW < len(vectors) / 2:
            found.append(
                _("Encoder {encoder} tells only {distinct} sorts of cases apart among {count} of {input}.").format(
                    distinct=distinct, **names
                )
            )
    if np.abs(vectors).max() >= _CLIPPED * float(np.finfo(np.float16).max):
        clipped = int((np.abs(vectors) >= _CLIPPED * float(np.finfo(np.float16).max)).any(1).sum())
        found.append(
            _(
                "Numbers of encoder {encoder} are beyond what is kept on disk in {clipped} of {count} cases of "
                "{input} and were cut off. Check the unit and range of the values."
            ).format(clipped=clipped, **names)
        )
    return found


def _distinct(vectors: np.ndarray) -> int:
    """Different rows; counting stops where there are more than a few."""
    seen: set[bytes] = set()
    for row in vectors:
        seen.add(row.tobytes())
        if len(seen) > _FEW:
            break
    return len(seen)
