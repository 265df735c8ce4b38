"""Plain baselines beside the methods: scikit-learn on the same features, cases and folds, kept like runs.

Every baseline is tried on each input alone and on all inputs together; single-input regressions are averaged too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np

from mmcore import features
from mmcore.base.progress import Progress, Step, part_of, silent
from mmcore.base.settings import _
from mmcore.cohorts import Cohort, folds_of
from mmcore.encoders import Encoder
from mmcore.evaluation import Interval, better, scores
from mmcore.evaluation.intervals import VERSION as EVALUATION
from mmcore.evaluation.metrics.base import metrics as registered
from mmcore.runs import RunSpec
from mmcore.storage import results_cache
from mmcore.storage.results_cache import Result
from mmcore.studies.encoder_views import identity_of
from mmcore.studies.planning import task_of_cohort
from mmcore.training import plain_models
from mmcore.training.plain_folds import Folds, Matrix, Pending, begin, pool_of_folds
from mmcore.training.views import Through

VERSION = 6  # raise it when numbers change: older results are then computed anew
REGRESSION, AVERAGED = "logistic", "averaged"  # the second needs several inputs


@dataclass(frozen=True, eq=False)
class PlainResult:
    """One baseline on some inputs.

    method: in training.plain_models. encoders: by input, the name. metrics: as of a run. outputs: [1, N, K] out
    of fold, nan in no test fold. seconds: what all folds took when they ran. cached: whether it was read, not fitted.
    """

    method: str
    inputs: tuple[str, ...]
    encoders: dict[str, str]
    metrics: dict[str, Interval]
    outputs: np.ndarray
    seconds: float
    cached: bool
    task: str = ""

    @property
    def label(self) -> str:
        """The baseline and what it reads, for people."""
        return _("{baseline} of {inputs}").format(
            baseline=plain_models.about(self.method, self.task)[0], inputs=" + ".join(self.inputs)
        )

    def document(self) -> dict[str, Any]:
        """A row of "plain" in `compare --json`."""
        return {
            "method": self.method,
            "label": self.label,
            "inputs": list(self.inputs),
            "encoders": self.encoders,
            "metrics": {name: interval.document() for name, interval in self.metrics.items()},
            "fit_seconds": self.seconds,
            "cached": self.cached,
        }


def plain_baselines(cohort: Cohort, specs: Iterable[RunSpec], *, progress: Progress = silent) -> list[PlainResult]:
    """Every plain baseline beside these runs of one cohort, on the inputs they read; what was fitted before is read.

    An input whose encoder reads raw values has no features before training, and is left out (see `without_features`).
    """
    return _Bench(cohort, list(specs)).results(progress)


def plain_on_disk(cohort: Cohort, specs: Iterable[RunSpec]) -> list[PlainResult] | None:
    """What `plain_baselines` gives if all of it was fitted before, else None."""
    bench = _Bench(cohort, list(specs))
    return bench.results(silent) if bench.complete() else None


def without_features(cohort: Cohort, specs: Iterable[RunSpec]) -> list[str]:
    """A sentence for each input that plain baselines cannot read."""
    return [
        _("{input}: {encoder} reads raw values and learns in the run; plain baselines leave this input out.").format(
            input=name, encoder=encoder.name
        )
        for name, encoder in _encoders(specs).items()
        if encoder.raw
    ]


def best_plain(results: Sequence[PlainResult], metric: str) -> PlainResult | None:
    """The one with the best score; None where nothing was scored."""
    key = better(metric)
    scored = [result for result in results if np.isfinite(result.metrics[metric].mean)]
    return max(scored, key=lambda result: key(result.metrics[metric].mean), default=None)


def _encoders(specs: Iterable[RunSpec]) -> dict[str, Encoder]:
    encoders: dict[str, Encoder] = {}
    for spec in specs:
        encoders = spec.make_encoders() | encoders
    return encoders


class _Bench:
    """Features and folds that the baselines of one comparison share, read when the first of them has to be fitted."""

    def __init__(self, cohort: Cohort, specs: list[RunSpec]) -> None:
        made = _encoders(specs)
        self.cohort, self.spec, self.task = cohort, specs[0], task_of_cohort(cohort)
        self.encoders = {name: made[name] for name in cohort.inputs if name in made and not made[name].raw}
        self.folds: Folds = folds_of(cohort, self.spec.split, self.spec.folds, self.spec.split_seed).folds
        self._matrices: list[dict[str, Matrix]] | None = None
        self._at_hand: dict[tuple[str, tuple[str, ...]], Result] = {}  # read or fitted

    def work(self) -> list[tuple[str, tuple[str, ...]]]:
        """Every baseline with the inputs it is to read."""
        inputs = tuple(self.encoders)
        several = [inputs] if len(inputs) > 1 else []
        pairs = [
            (name, some)
            for some in (*((single,) for single in inputs), *several)
            for name in plain_models.baselines_of(self.task.name)
        ]
        return [(name, some) for name, some in pairs if name != AVERAGED or len(some) > 1]

    def complete(self) -> bool:
        """Whether nothing has to be fitted."""
        return all(self._stored(name, some) is not None for name, some in self.work())

    def results(self, progress: Progress) -> list[PlainResult]:
        """Every baseline, fitted or read."""
        work = self.work()
        labels = [f"{plain_models.about(name, self.task.name)[0]}, {' + '.join(some)}" for name, some in work]
        watched = [part_of(progress, label, i, len(work)) for i, label in enumerate(labels)]
        missing = [(name, some) for name, some in work if name != AVERAGED and not self._stored(name, some)]
        if not missing:
            return [self.result(name, some, tell, {}) for (name, some), tell in zip(work, watched, strict=True)]
        self.matrices(watched[0])
        with pool_of_folds() as pool:
            pending = {(name, some): self._begun(name, some, pool) for name, some in missing}
            return [self.result(name, some, tell, pending) for (name, some), tell in zip(work, watched, strict=True)]

    def result(
        self,
        name: str,
        inputs: tuple[str, ...],
        progress: Progress,
        pending: Mapping[tuple[str, tuple[str, ...]], Pending],
    ) -> PlainResult:
        """One baseline, read, or waited for where it is being fitted."""
        progress(Step(_("fitting"), 0, 1))
        decides, stored = self._decides(name, inputs), self._stored(name, inputs)
        cached = stored is not None
        if stored is None and name == AVERAGED:
            outputs, seconds = self._averaged(inputs)
        elif stored is None:
            outputs, seconds = pending[name, inputs].outputs(), pending[name, inputs].seconds
        if stored is None:
            stored = Result({"seconds": seconds}, {"outputs": outputs})
            results_cache.write("plain", decides, stored)
            self._at_hand[name, inputs] = stored
        outputs = stored.arrays["outputs"]
        metrics, _was_cached = results_cache.cached(
            # Scores found while the file of a metric was broken lack it: they are not those of a sound one.
            "plain",
            ["scores", EVALUATION, *registered.broken, *decides],
            lambda: self._scores(outputs),
        )
        progress(Step(_("fitting"), 1, 1))
        return PlainResult(
            method=name,
            inputs=inputs,
            encoders={input: self.encoders[input].name for input in inputs},
            metrics={metric: Interval.read(row) for metric, row in metrics.items()},
            outputs=outputs,
            seconds=stored.document["seconds"],
            cached=cached,
            task=self.task.name,
        )

    def _stored(self, name: str, inputs: tuple[str, ...]) -> Result | None:
        """What was fitted before, read from disk once."""
        if (name, inputs) not in self._at_hand:
            stored = results_cache.read("plain", self._decides(name, inputs))
            if stored is None:
                return None
            self._at_hand[name, inputs] = stored
        return self._at_hand[name, inputs]

    def _decides(self, name: str, inputs: tuple[str, ...]) -> list[Any]:
        spec = self.spec
        identities = {input: identity_of(self.encoders[input]) for input in inputs}
        return [VERSION, self.cohort.key, spec.task, name, identities, spec.split, spec.folds, spec.split_seed]

    def _averaged(self, inputs: tuple[str, ...]) -> tuple[np.ndarray, float]:
        """Outputs [1, N, K] and seconds; its parts were fitted, and kept, as single-input baselines before."""
        parts = {input: self.result(REGRESSION, (input,), silent, {}) for input in inputs}
        present = {input: self.matrices(silent)[0][input].present for input in inputs}
        outputs = plain_models.average({input: part.outputs for input, part in parts.items()}, present)
        return outputs, sum(part.seconds for part in parts.values())

    def _begun(self, name: str, inputs: tuple[str, ...], pool: Executor) -> Pending:
        by_fold = [{input: matrices[input] for input in inputs} for matrices in self.matrices(silent)]
        cohort = self.cohort
        return begin(
            plain_models.estimators[name], self.task, by_fold, cohort.target, self.folds, cohort.undivided, pool
        )

    def _scores(self, outputs: np.ndarray) -> dict[str, Any]:
        metrics = scores(self.task, self.cohort.target, outputs, self.cohort.groups, folds=self.spec.folds)
        return {name: interval.document() for name, interval in metrics.items()}

    def matrices(self, progress: Progress) -> list[dict[str, Matrix]]:
        """By fold, the features of every input: averages over each case's tokens."""
        if self._matrices is None:
            self._matrices = [{} for _fold in self.folds]
            for input, encoder in self.encoders.items():
                encoded = features.encode(self.cohort, input, encoder, progress=progress)
                averages = None if encoder.fits_on_fold else Matrix(*encoded.pooled())
                for by_input, (train, _test) in zip(self._matrices, self.folds, strict=True):
                    by_input[input] = averages or self._fitted_on(encoded, encoder, train)
        return self._matrices

    def _fitted_on(self, encoded: features.Features, encoder: Encoder, train: np.ndarray) -> Matrix:
        """The features through what the encoder learns from these rows."""
        part = encoder.fit(encoded, train[encoded.counts[train] > 0], self.cohort.strata)
        return Matrix(*(encoded if part is None else Through(encoded, part)).pooled())
