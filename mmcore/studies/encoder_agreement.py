"""Whether encoders, of one input or of several, place the cases of a cohort alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from mmcore.base.progress import Progress, silent
from mmcore.cohorts import Cohort
from mmcore.evaluation.separation import cka
from mmcore.studies.encoder_views import AnyEncoder, view

MOST = 1000  # cases that agreement is measured on at most


@dataclass(frozen=True, eq=False)
class Agreement:
    """How alike encoders order the cases: cka [E, E] by `labels`, over `cases` [E, E] that both have."""

    labels: list[str]
    cka: np.ndarray
    cases: np.ndarray

    def document(self) -> dict[str, Any]:
        return asdict(self)


def agreement(
    cohort: Cohort,
    encoders: Mapping[str, tuple[str, AnyEncoder]],
    progress: Progress = silent,
) -> Agreement:
    """How far encoders, of one input or of several, place the cases alike: debiased linear CKA of every two.

    encoders: label -> (input, encoder). Over the cases both have, at most 1,000 of them.
    """
    views = {label: view(cohort, input, encoder, progress) for label, (input, encoder) in encoders.items()}
    labels = list(views)
    similarity = np.full((len(labels), len(labels)), np.nan)
    cases = np.zeros(similarity.shape, int)
    pairs = [(i, j) for i in range(len(labels)) for j in range(i + 1)]
    with threadpool_limits(1):
        for i, j in pairs:
            first, second = views[labels[i]], views[labels[j]]
            rows = np.flatnonzero(first.present & second.present)
            if len(rows) > MOST:
                rows = np.sort(np.random.default_rng(0).choice(rows, MOST, replace=False))
            cases[i, j] = cases[j, i] = len(rows)
            similarity[i, j] = similarity[j, i] = cka(first.vectors[rows], second.vectors[rows])
    return Agreement(labels, similarity, cases)
