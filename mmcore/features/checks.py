"""Signs that an encoder was used where it says nothing: cheap checks before anybody trains on its features."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mmcore.base.settings import _
from mmcore.features.features import Features

_ALIKE = 1e-4  # spread over the cases, as a share of the length of the average
_FEW = 3  # sorts of cases that are told apart: hardly more than none
_CLIPPED = 0.99  # share of the largest number that fits on disk
_MOST = 2000  # cases looked at


def doubts(features: Features) -> list[str]:
    """What is odd about the features of a cohort, a sentence each; empty where nothing is.

    Reads averages only, of 2,000 cases at most.
    """
    entries, found = [entry for entry in features.entries if entry], []
    tried = len(entries) + len(features.failed)
    if features.failed and len(features.failed) * 2 > tried:
        found.append(
            _("{failed} of {tried} cases could not be encoded. The first reason: {reason}").format(
                failed=len(features.failed), tried=tried, reason=next(iter(features.failed.values()))
            )
        )
    if len(entries) > 1:
        some = replace(features, entries=entries[:: -(-len(entries) // _MOST)])
        found += _about(some.pooled()[0], some)
    return found


def _about(vectors: np.ndarray, features: Features) -> list[str]:
    """vectors: [n, D] averages of cases that were encoded."""
    names, found = {"encoder": features.encoder, "input": features.input, "count": len(vectors)}, []
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
    clipped = int((np.abs(vectors).max(1) >= _CLIPPED * float(np.finfo(features.dtype).max)).sum())
    if clipped:
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
