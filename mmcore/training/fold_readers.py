"""How each fold reads the inputs: normalisers for the networks, and the linear part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mmcore.base.progress import Progress, Step, silent
from mmcore.base.settings import _
from mmcore.base.values import Kind
from mmcore.encoders import Encoder
from mmcore.encoders.fitting import FoldPart
from mmcore.training.data import Labels
from mmcore.training.linear_fit import (
    FittedLinear,
    FoldVectors,
    InputFit,
    TrainingRows,
    fit_input,
    fit_sum_of_inputs,
    training_rows,
)
from mmcore.training.normalise import Level, Normaliser
from mmcore.training.normaliser_fit import fit_normaliser, widened
from mmcore.training.plan import Method, TrainingData
from mmcore.training.replicates import Replicate, training_rows_of
from mmcore.training.spec import TrainingSpec
from mmcore.training.table_rows import TableRows
from mmcore.training.vectors import cohort_vectors
from mmcore.training.views import CohortFeatures, Stretched

COLUMNS = 64  # of a table, up to which methods over tokens are given each by itself
STRETCHES = 3  # that a signal's tokens may be read as
_WORTH = 2.0  # nats by which stretches must do better on inner folds than the plain mean
_WIDEST = 4096  # numbers of a token up to which they are tried


@dataclass(frozen=True, eq=False)
class FoldReading:
    """normalisers: of the networks, by input. linear: the linear part, None where no input has an expert."""

    normalisers: dict[str, Normaliser]
    linear: FittedLinear | None


def read_folds(
    data: TrainingData,
    training: TrainingSpec,
    method: Method,
    replicates: Sequence[Replicate],
    labels: Labels,
    progress: Progress = silent,
) -> list[FoldReading]:
    """Everything but the networks, for every fold, from its training rows. progress may raise Cancelled."""
    readings, count = [], len(data.folds)
    stretched = {name: own for name in method.inputs if (own := _stretched(data, method, name)) is not None}
    for fold in range(count):
        progress(Step(_("Fitting linear models"), fold, count))
        rows = training_rows_of(replicates, fold)
        stopping_apart = next(r.fit for r in replicates if r.fold == fold)
        known = training_rows(data.task, rows, labels.target[fold], labels.weight[fold], data.groups, fold)
        normalisers, fits = {}, {}
        for name in method.inputs:
            encoder, features = method.encoders.get(name), data.features[name]
            read = stopping_apart if encoder is not None and encoder.supervised else rows
            part = encoder.fit(features, read, data.classes) if encoder and encoder.fits_on_fold else None
            level = _level(encoder, method.part.reads, features)
            ways = []
            if level != "raw":
                ways = _ways(features, stretched.get(name), rows, training, fold, part)
            fit = None if _unfit_for_expert(encoder) else _best(known, ways)
            if fit is not None:
                fits[name] = fit
            if level == "vectors":
                normalisers[name] = ways[0].normaliser if fit is None else fit.expert.normaliser
            else:
                components = 0 if name in method.modules else training.components
                normalisers[name] = fit_normaliser(features, rows, level, components, fold, part)
        readings.append(FoldReading(normalisers, fit_sum_of_inputs(known, fits)))
    progress(Step(_("Fitting linear models"), count, count))
    return _of_one_width(readings)


def _stretched(data: TrainingData, method: Method, name: str) -> Stretched | None:
    """The input read as stretches of its tokens, if it is a signal long enough and nothing is learnt of it."""
    encoder, features = method.encoders.get(name), data.features[name]
    if encoder is None or encoder.trains_in_run or encoder.fits_on_fold or encoder.kind is not Kind.SIGNAL:
        return None
    counts = features.counts[features.counts > 0]
    if not len(counts) or np.median(counts) < 2 * STRETCHES or 2 * STRETCHES * features.dims > _WIDEST:
        return None
    return Stretched(features, STRETCHES)


def _ways(
    features: CohortFeatures,
    stretched: Stretched | None,
    rows: np.ndarray,
    training: TrainingSpec,
    fold: int,
    part: FoldPart | None,
) -> list[FoldVectors]:
    """The input as vectors of the cohort: the plain mean of tokens first."""
    ways = []
    for own in (features,) if stretched is None else (features, stretched):
        normalise = fit_normaliser(own, rows, "vectors", training.components, fold, part)
        ways.append(FoldVectors(normalise, *cohort_vectors(own, normalise)))
    return ways


def _best(known: TrainingRows, ways: Sequence[FoldVectors]) -> InputFit | None:
    """The expert of the way that inner folds like best; the plain mean unless another is clearly better."""
    fits = [fit for way in ways if (fit := fit_input(known, way)) is not None]
    if len(fits) > 1 and fits[0].cases * (fits[0].loss - fits[1].loss) > _WORTH:
        return fits[1]
    return fits[0] if fits else None


def _unfit_for_expert(encoder: Encoder | None) -> bool:
    """No expert reads codes or pixels, nor what an encoder made in sight of the target: inner folds could not tell how
    far to trust it."""
    if encoder is None:
        return False
    return (encoder.trains_in_run and encoder.raw) or (encoder.fits_on_fold and encoder.supervised)


def _level(encoder: Encoder | None, reads: str, features: CohortFeatures) -> Level:
    """What a learnt encoder part reads keeps its own shape: it is standardised (unless it is raw), not projected.

    Of a table of very many columns methods over tokens are given the whole row as one token: attention to hundreds of
    columns takes long, and small cohorts cannot teach it.
    """
    if encoder is not None and encoder.trains_in_run:
        return "raw" if encoder.raw else "tokens"
    wide = isinstance(features, TableRows) and len(features.owner) > COLUMNS
    return "tokens" if reads == "tokens" and not wide else "vectors"


def _of_one_width(readings: Sequence[FoldReading]) -> list[FoldReading]:
    """Folds may read an input in different ways, the network's first layer is as wide in all of them."""
    dims = {name: max(each.normalisers[name].dims for each in readings) for name in readings[0].normalisers}
    return [
        FoldReading({name: widened(own, dims[name]) for name, own in each.normalisers.items()}, each.linear)
        for each in readings
    ]
