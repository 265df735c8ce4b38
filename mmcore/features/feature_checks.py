"""Signs that an encoder was used where it says nothing: cheap checks before anybody trains on its features."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from mmcore.base.settings import _
from mmcore.features.features import Features

_ROUNDING = (
    1e-4  # share of the largest number by which equal features may differ: batches and threads round differently
)
_FEW = 3  # sorts of cases that are told apart: hardly more than none
_CLIPPED = 0.99  # share of the largest number that fits on disk
_MOST = 2000  # cases looked at


class CheckKind(StrEnum):
    """What is odd about the features of some cases."""

    NOT_ENCODED = "not encoded"  # most cases failed
    ALL_ZERO = "all zero"
    ALL_SAME = "all the same"
    FEW_SORTS = "few sorts"  # hardly more than one case is told apart
    CLIPPED = "clipped"  # numbers larger than those that fit on disk
    WARNING = "warning"  # of the encoder itself, about the values it is given


@dataclass(frozen=True)
class CheckResult:
    """One thing that speaks against an encoder, seen in `cases` of `of` cases.

    detail: what the encoder itself says (WARNING, NOT_ENCODED). sorts: how many are told apart (FEW_SORTS).
    """

    kind: CheckKind
    encoder: str
    input: str
    cases: int
    of: int
    detail: str = ""
    sorts: int = 0

    @property
    def sentence(self) -> str:
        """In words."""
        if self.kind is CheckKind.WARNING:
            return self.detail
        template = {
            CheckKind.NOT_ENCODED: _("{cases} of {of} cases could not be encoded. The first reason: {detail}"),
            CheckKind.ALL_ZERO: _(
                "Encoder {encoder} gives nothing but zeros for each of the {of} cases of {input} that were checked: "
                "there is nothing to learn."
            ),
            CheckKind.ALL_SAME: _(
                "Encoder {encoder} gives the same numbers for each of the {of} cases of {input} that were checked. "
                "It is probably not made for such values, or all cases hold the same value."
            ),
            CheckKind.FEW_SORTS: _("Encoder {encoder} gives only {sorts} different answers for {of} cases of {input}."),
            CheckKind.CLIPPED: _(
                "In {cases} of {of} checked cases of {input}, encoder {encoder} gave numbers too large to store; they "
                "were cut off. Check the unit and range of the values."
            ),
        }[self.kind]
        return template.format(
            encoder=self.encoder, input=self.input, cases=self.cases, of=self.of, detail=self.detail, sorts=self.sorts
        )

    @property
    def where(self) -> str:
        """In how many cases, in words."""
        if self.of == 1:
            return _("This was seen in the only case checked.")
        return _("This was seen in {cases} of {of} cases checked.").format(cases=self.cases, of=self.of)


def check_features(features: Features) -> list[CheckResult]:
    """What is odd about the features of a cohort; empty where nothing is.

    Reads averages only, of 2,000 cases at most.
    """
    entries = [entry for entry in features.entries if entry]
    results = []
    failed, tried = len(features.failed), len(entries) + len(features.failed)
    if failed and failed * 2 > tried:
        reason = next(iter(features.failed.values()))
        results.append(
            CheckResult(CheckKind.NOT_ENCODED, features.encoder, features.input, failed, tried, detail=reason)
        )
    if len(entries) > 1:
        sample = replace(features, entries=entries[:: -(-len(entries) // _MOST)])
        vectors = sample.pooled()[0]
        results += check_vectors(vectors, features.encoder, features.input)
        clipped = int((np.abs(vectors).max(1) >= _CLIPPED * float(np.finfo(features.dtype).max)).sum())
        if clipped:
            results.append(CheckResult(CheckKind.CLIPPED, features.encoder, features.input, clipped, len(vectors)))
    return results


def check_vectors(vectors: np.ndarray, encoder: str, input: str) -> list[CheckResult]:
    """Whether features [n, D] of cases that are not the same tell them apart; at most one result."""
    count = len(vectors)
    if count < 2:
        return []
    if not np.any(vectors):
        return [CheckResult(CheckKind.ALL_ZERO, encoder, input, count, count)]
    if all_same(vectors):
        return [CheckResult(CheckKind.ALL_SAME, encoder, input, count, count)]
    sorts = _sorts(vectors)
    if sorts <= _FEW < count / 2:
        return [CheckResult(CheckKind.FEW_SORTS, encoder, input, count, count, sorts=sorts)]
    return []


def all_same(vectors: np.ndarray) -> bool:
    """Whether the rows of [n, D] are equal up to rounding: no number differs from its mean by more than a ten
    thousandth of the largest one. False for fewer than two rows."""
    if len(vectors) < 2:
        return False
    spread = float(np.abs(vectors - vectors.mean(0)).max())
    return spread <= _ROUNDING * float(np.abs(vectors).max())


def _sorts(vectors: np.ndarray) -> int:
    """Different rows; counting stops where there are more than a few."""
    seen: set[bytes] = set()
    for row in vectors:
        seen.add(row.tobytes())
        if len(seen) > _FEW:
            break
    return len(seen)
