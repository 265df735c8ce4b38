"""The cases of a cohort that lie near a case in the features of one encoder. For looking, never for scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from mmcore import features
from mmcore.base.progress import Progress, silent
from mmcore.base.values import Case
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder
from mmcore.studies.encoder_views import AnyEncoder, as_encoder, view


@dataclass(frozen=True)
class Neighbour:
    """A case near another one. cosine: of their standardised features, in -1..1. label: its class or value, None if
    not known."""

    id: str
    cosine: float
    label: str | float | None


def similar(
    cohort: Cohort,
    input: str,
    encoder: AnyEncoder,
    case: Case | str,
    count: int = 5,
    progress: Progress = silent,
) -> list[Neighbour]:
    """The cases of a cohort nearest to one case by cosine of standardised features, nearest first, itself left out.

    case: an id, or a case with its values (an uploaded one, say; nothing of it is kept). Empty if it lacks the input.
    Raises NotFound for an unknown id, BadInput for a value that cannot be encoded.
    """
    encoder = as_encoder(cohort, input, encoder)
    cases = view(cohort, input, encoder, progress)
    candidates = cases.present.copy()
    if isinstance(case, str):
        row = cohort.position(case)
        vector = cases.vectors[row] if candidates[row] else None
        candidates[row] = False
    else:
        vector = _vector_of(cohort, input, encoder, case)
    if vector is None or not candidates.any():
        return []
    rows = np.flatnonzero(candidates)
    lengths = np.linalg.norm(cases.vectors[rows], axis=1) * np.linalg.norm(vector)
    cosines = cases.vectors[rows] @ vector / np.maximum(lengths, 1e-12)
    nearest = np.argsort(-cosines, kind="stable")[:count]
    return [Neighbour(cohort.ids[rows[i]], float(cosines[i]), label_of(cohort, int(rows[i]))) for i in nearest]


def _vector_of(cohort: Cohort, input: str, encoder: Encoder, case: Case) -> np.ndarray | None:
    """Features [D] of a case that need not be of the cohort, on the cohort's scale; None where the input is missing."""
    value = case.values.get(input)
    if value is None:
        return None
    cases, tokens = view(cohort, input, encoder), features.encode_case(encoder, value)
    with torch.inference_mode():
        vector: np.ndarray = cases.scale(tokens if cases.part is None else cases.part(tokens)).values[0, 0].numpy()
    return vector


def label_of(cohort: Cohort, row: int) -> str | float | None:
    """Class or value of a case, None if it is not known."""
    if cohort.schema.task is None or not cohort.labelled[row]:
        return None
    return cohort.target_names[row] if cohort.schema.task in ("multilabel", "survival") else _single(cohort, row)


def _single(cohort: Cohort, row: int) -> str | float:
    target = cohort.target[row]
    return float(target) if cohort.schema.task == "regression" else cohort.schema.classes[target]
