"""The vectors of all cases of a cohort, as a fold sees them."""

from __future__ import annotations

import numpy as np
import torch

from mmcore.training.normalise import Normaliser
from mmcore.training.table_rows import TableRows
from mmcore.training.views import CohortFeatures, Stretched

_ROWS = 128  # cases read at a time


def cohort_vectors(features: CohortFeatures, normalise: Normaliser) -> tuple[torch.Tensor, np.ndarray]:
    """Vectors of all cases [N, C], and who is present [N] bool. normalise: of level "vectors"."""
    present = features.counts > 0
    here = torch.from_numpy(present)
    if isinstance(features, TableRows) and features.whole and normalise.owner is not None:
        return normalise.finish_rows(features.values, features.unknown, here), present
    same_pooling = normalise.stretches == 1 or isinstance(features, Stretched)
    if normalise.part is None and normalise.owner is None and same_pooling:
        return normalise.finish(torch.from_numpy(features.pooled()[0]).float(), here), present
    count = len(features.counts)
    parts = [
        normalise(features.tokens(range(i, min(i + _ROWS, count)))).values.squeeze(-2) for i in range(0, count, _ROWS)
    ]
    return torch.cat(parts), present
