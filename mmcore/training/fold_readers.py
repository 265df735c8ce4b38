"""How each fold reads the inputs: normalisers for the networks, and the linear part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import torch

from mmcore.base.progress import Progress, Step, silent
from mmcore.base.settings import _
from mmcore.base.values import Kind
from mmcore.encoders import Encoder
from mmcore.encoders.fitting import FoldPart
from mmcore.training.column_curves import fit_pieces
from mmcore.training.column_products import fit_products, most_functions
from mmcore.training.data import Labels
from mmcore.training.linear_fit import FoldVectors, InputFit, fit_input, preferred
from mmcore.training.linear_sum import FittedLinear, fit_sum_of_inputs, summed
from mmcore.training.normalise import NARROW, WIDE, Level, Normaliser
from mmcore.training.normaliser_fit import fit_normaliser, token_owners, widened
from mmcore.training.plan import Method, TrainingData
from mmcore.training.replicates import Replicate, training_rows_of
from mmcore.training.shared_experts import ReadInput, content_key, shared
from mmcore.training.table_rows import TableRows
from mmcore.training.training_rows import TrainingRows, training_rows
from mmcore.training.training_spec import TrainingSpec
from mmcore.training.vectors import cohort_vectors
from mmcore.training.views import CohortFeatures, Stretched
from mmcore.training.workers import hands, one_thread_each

COLUMNS = 64  # of a table, up to which methods over tokens are given each by itself
STRETCHES = 3  # that a signal's tokens may be read as
_WORTH = 2.0  # nats by which stretches must do better on inner folds than the plain mean
_WIDEST = 4096  # numbers of a token up to which they are tried
_COPIES = 8  # of curves and products while they are fitted


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
    """Everything but the networks, for every fold, from its training rows; folds side by side. progress may raise
    Cancelled."""
    stretched = {name: own for name in method.inputs if (own := _stretched(data, method, name)) is not None}
    for features in stretched.values():
        features.pooled()  # once, before several folds ask for it at the same time
    reader = _FoldReader(data, training, method, replicates, labels, stretched)
    count, readings = len(data.folds), list[FoldReading]()
    progress(Step(_("Fitting simple models"), 0, count))
    with one_thread_each(), ThreadPoolExecutor(hands()[1], thread_name_prefix="linear") as pool:
        try:
            for reading in pool.map(reader.read, range(count)):
                readings.append(reading)
                progress(Step(_("Fitting simple models"), len(readings), count))
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return _of_one_width(readings)


@dataclass(frozen=True, eq=False)
class _FoldReader:
    """What every fold is read from. stretched: inputs that may be read as stretches, by name."""

    data: TrainingData
    training: TrainingSpec
    method: Method
    replicates: Sequence[Replicate]
    labels: Labels
    stretched: Mapping[str, Stretched]

    def read(self, fold: int) -> FoldReading:
        rows, labels = training_rows_of(self.replicates, fold), self.labels
        train = training_rows(self.data.task, rows, labels.target[fold], labels.weight[fold], self.data.groups, fold)
        normalisers, fits = {}, {}
        for name in self.method.inputs:
            normalisers[name], fit = self._input(name, fold, rows, train)
            if fit is not None:
                fits[name] = fit
        return FoldReading(normalisers, fit_sum_of_inputs(train, fits))

    def _input(self, name: str, fold: int, rows: np.ndarray, train: TrainingRows) -> tuple[Normaliser, InputFit | None]:
        """How the network reads an input, and its expert if it has one."""
        encoder, features = self.method.encoders.get(name), self.data.features[name]
        level = _level(encoder, self.method.part.reads, features)
        own = self._read(encoder, name, fold, train)
        if level == "vectors" and own.fit is not None:
            return own.fit.expert.normaliser, own.fit
        components = 0 if name in self.method.modules else self.training.components
        return fit_normaliser(features, rows, level, components, fold, own.part), own.fit

    def _read(self, encoder: Encoder | None, name: str, fold: int, train: TrainingRows) -> ReadInput:
        """What the encoder learns from the fold, and the expert; another method may have asked for them before."""
        features, components = self.data.features[name], self.training.components
        if _unfit_for_expert(encoder):
            return ReadInput(self._part(encoder, name, fold, train.rows), None)
        key = content_key(features, encoder, train, components, fold, name in self.stretched)
        done = shared.find(key)
        if done is None:
            part = self._part(encoder, name, fold, train.rows)
            ways = _Ways(features, self.stretched.get(name), train.rows, self.training, fold, part)
            done = ReadInput(part, _best(ways, train))
            shared.keep(key, done)
        return done

    def _part(self, encoder: Encoder | None, name: str, fold: int, rows: np.ndarray) -> FoldPart | None:
        """What the encoder fits on the fold; in sight of the target, it never sees the rows for stopping."""
        if encoder is None or not encoder.fits_on_fold:
            return None
        without_stopping = next(r.fit for r in self.replicates if r.fold == fold)
        return encoder.fit(
            self.data.features[name], without_stopping if encoder.supervised else rows, self.data.classes
        )


def _stretched(data: TrainingData, method: Method, name: str) -> Stretched | None:
    """The input read as stretches of its tokens, if it is a signal long enough and nothing is learnt of it."""
    encoder, features = method.encoders.get(name), data.features[name]
    if encoder is None or encoder.trains_in_run or encoder.fits_on_fold or encoder.kind is not Kind.SIGNAL:
        return None
    counts = features.counts[features.counts > 0]
    if not len(counts) or np.median(counts) < 2 * STRETCHES or 2 * STRETCHES * features.dims > _WIDEST:
        return None
    if token_owners(features, np.flatnonzero(features.counts > 0)) is not None:
        return None  # tokens of named readings: their order is not that of time
    return Stretched(features, STRETCHES)


@dataclass(frozen=True, eq=False)
class _Ways:
    """The ways of reading an input as vectors of the cohort, from these training rows."""

    features: CohortFeatures
    stretched: Stretched | None
    rows: np.ndarray
    training: TrainingSpec
    fold: int
    part: FoldPart | None

    def vectors(self, stretches: bool = False, bound: float = WIDE) -> FoldVectors:
        """The plain mean of tokens, or mean and spread of their stretches."""
        features = self.stretched if stretches and self.stretched is not None else self.features
        normalise = fit_normaliser(
            features, self.rows, "vectors", self.training.components, self.fold, self.part, bound
        )
        return FoldVectors(normalise, *cohort_vectors(features, normalise))


def _best(ways: _Ways, train: TrainingRows) -> InputFit | None:
    """The expert of the way that inner folds like best: the plain mean unless stretches are clearly better, and
    whichever bound of the values does better (features with long tails gain by a narrow one)."""
    fit, stretches = fit_input(train, ways.vectors()), False
    if fit is None:
        return None
    if ways.stretched is not None:
        other = fit_input(train, ways.vectors(stretches=True))
        if other is not None and fit.cases * (fit.loss - other.loss) > _WORTH:
            fit, stretches = other, True
    if ways.part is not None and ways.part.finished:
        return _of_halves(fit, train, ways.part.halves)  # no bound changes what it gives
    narrow = fit_input(train, ways.vectors(stretches, NARROW))
    fit = narrow if narrow is not None and narrow.loss < fit.loss else fit
    return _bent(fit, train) if _may_bend(ways, fit, train) else fit


def _may_bend(ways: _Ways, fit: InputFit, train: TrainingRows) -> bool:
    """A few numbers, each filled by one token, as measured: neither projected nor learnt. Hazards stay proportional."""
    whole = isinstance(ways.features, TableRows) or int(ways.features.counts.max(initial=0)) <= 1
    measured = ways.part is None and fit.expert.normaliser.basis is None
    return whole and measured and train.task.name != "survival"


def _bent(fit: InputFit, train: TrainingRows) -> InputFit:
    """The expert with a curve for each number, and then with products of two, each as far as inner folds are sure."""
    values = fit.vectors.values[torch.from_numpy(train.rows[fit.vectors.present[train.rows]])]
    bases = [basis for basis in (fit_pieces(values), fit_products(values)) if basis is not None]
    for count in range(len(bases)):
        bent = fit_input(train, fit.vectors, bases[: count + 1])
        fit = fit if bent is None else preferred(train, fit, bent)
    return fit


def _of_halves(fit: InputFit, train: TrainingRows, widths: Sequence[int]) -> InputFit:
    """The expert as the sum of one for each half of the vectors, as far as inner folds are sure of it."""
    halves, start = list[InputFit](), 0
    for width in widths:
        only = torch.zeros(fit.vectors.values.shape[1])
        only[start : start + width] = 1
        half = fit_input(train, replace(fit.vectors, values=fit.vectors.values * only))
        halves += [] if half is None or half.judged is None else [half]
        start += width
    if len(halves) < 2:
        return fit
    both = summed(train, halves)
    return preferred(train, fit, replace(both, vectors=fit.vectors))


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


def bytes_held(data: TrainingData, method: Method, training: TrainingSpec) -> int:
    """What the averages and vectors of all inputs take: the averages once, the vectors in each fold at work. Curves and
    products of a table are there several times while they are fitted, of one input at a time."""
    held = bent = 0
    for name in method.inputs:
        features = data.features[name]
        table = isinstance(features, TableRows)
        width = features.dims if table or not training.components else min(training.components, features.dims)
        held += 4 * len(features.counts) * ((3 if table else 1) * features.dims + 2 * width * hands()[1])
        if table:
            bent = max(bent, most_functions(len(features.counts), features.dims))
    return held + 4 * _COPIES * bent * max(len(data.features[name].counts) for name in method.inputs) * hands()[1]
