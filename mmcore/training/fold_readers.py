"""How each fold reads the inputs: normalisers for the networks, and the vectors and experts of the linear part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch

from mmcore.encoders import Encoder
from mmcore.training.data import Labels
from mmcore.training.linear_fit import FittedLinear, FoldVectors, fit_linear_part, training_rows
from mmcore.training.normalise import Level, Normaliser
from mmcore.training.normaliser_fit import fit_normaliser
from mmcore.training.plan import Method, TrainingData
from mmcore.training.replicates import Replicate, training_rows_of
from mmcore.training.spec import TrainingSpec
from mmcore.training.views import CohortFeatures

_ROWS = 128  # cases read at a time


def fold_normalisers(
    data: TrainingData, training: TrainingSpec, method: Method, replicates: Sequence[Replicate]
) -> list[dict[str, Normaliser]]:
    """By input, for every fold.

    What a learnt encoder part reads keeps its own shape: it is standardised (unless it is raw), not projected.
    """
    normalisers, classes = [], data.classes
    for fold in range(len(data.folds)):
        rows = training_rows_of(replicates, fold)
        without_stopping = next(r.fit for r in replicates if r.fold == fold)
        by_input = {}
        for name in method.inputs:
            encoder, features = method.encoders.get(name), data.features[name]
            read = rows if encoder is None or not encoder.supervised else without_stopping
            part = encoder.fit(features, read, classes) if encoder and encoder.fits_on_fold else None
            components = 0 if name in method.modules else training.components
            level = _level(encoder, method.part.reads)
            by_input[name] = fit_normaliser(features, rows, level, components, fold, part)
        normalisers.append(by_input)
    return normalisers


def _level(encoder: Encoder | None, reads: str) -> Level:
    if encoder is not None and encoder.trains_in_run and encoder.raw:
        return "raw"
    return "tokens" if reads == "tokens" or (encoder is not None and encoder.trains_in_run) else "vectors"


def linear_parts(
    data: TrainingData,
    training: TrainingSpec,
    method: Method,
    normalisers: Sequence[Mapping[str, Normaliser]],
    rows: Sequence[np.ndarray],
    labels: Labels,
) -> list[FittedLinear | None]:
    """The linear part of every fold. rows: its training rows.

    No expert reads codes or pixels, nor what an encoder made in sight of the target: inner folds could not tell how far
    to trust it.
    """
    parts = []
    for fold, own in enumerate(rows):
        known = training_rows(data.task, own, labels.target[fold], labels.weight[fold], data.groups, fold)
        vectors = {}
        for name in method.inputs:
            encoder, normalise = method.encoders.get(name), normalisers[fold][name]
            if normalise.level == "raw" or (encoder is not None and encoder.fits_on_fold and encoder.supervised):
                continue
            if normalise.level != "vectors":
                normalise = fit_normaliser(
                    data.features[name], own, "vectors", training.components, fold, normalise.part
                )
            vectors[name] = [FoldVectors(normalise, *cohort_vectors(data.features[name], normalise))]
        parts.append(fit_linear_part(known, vectors))
    return parts


def cohort_vectors(features: CohortFeatures, normalise: Normaliser) -> tuple[torch.Tensor, np.ndarray]:
    """Vectors of all cases [N, C], and who is present [N] bool."""
    if normalise.part is None and normalise.owner is None:
        pooled, present = features.pooled()
        here = torch.from_numpy(present)
        return normalise.finish(torch.from_numpy(pooled).float(), here), present
    count = len(features.counts)
    parts = [
        normalise(features.tokens(range(i, min(i + _ROWS, count)))).values.squeeze(-2) for i in range(0, count, _ROWS)
    ]
    return torch.cat(parts), features.counts > 0
