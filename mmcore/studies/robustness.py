"""Missing inputs and noise at test time: how every method fares, and what modality dropout does for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from mmcore import features
from mmcore.base.progress import Progress, Step, silent
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.evaluation import Interval, lower_is_better, scores
from mmcore.explain.tests.robustness import LEVELS, SHARES, Condition, conditions, outputs_under
from mmcore.fusion import fusions
from mmcore.runs import Run, RunSpec
from mmcore.storage.results_cache import cached, read
from mmcore.studies.encoder_choice import Choices
from mmcore.studies.planning import planned
from mmcore.studies.study_settings import DEFAULTS, StudySettings
from mmcore.studies.training import require_same_data, train
from mmcore.training import TrainingSpec
from mmcore.training.thresholds import with_thresholds

VERSION = 4  # raise it when the numbers change
_SECONDS = {"vectors": 2.5e-3, "tokens": 7e-3}  # for a case and an input, by what fusion reads


@dataclass(frozen=True, eq=False)
class Robustness:
    """Curves of scores, one row a point, ready to be drawn.

    metric: the score. rows: {"method", "modality_dropout", "input", "kind" ("absent" or "noise"), "level" (share of
    the cases that lose the input; noise in sd between cases), "mean", "low", "high"}. left_out: what has no curve, and
    why.
    """

    cohort: Cohort
    metric: str
    rows: list[dict[str, Any]]
    left_out: list[dict[str, str]]
    by_method: dict[str, list[Run]]

    def document(self) -> dict[str, Any]:
        return {
            "cohort": self.cohort.name,
            "metric": self.metric,
            "better": "lower" if lower_is_better(self.metric) else "higher",
            "rows": self.rows,
            "left_out": self.left_out,
        }


def robustness(
    cohort: Cohort,
    methods: Sequence[str] | None = None,
    encoders: Choices | None = None,
    settings: StudySettings = DEFAULTS,
    *,
    dropouts: Sequence[float] | None = None,
    progress: Progress = silent,
) -> Robustness:
    """Score every method, out of fold, with each input absent in a growing share of cases, or ever noisier.

    dropouts: shares of `TrainingSpec.modality_dropout` to train each method with, e.g. (0, 0.1) to compare it off and
    on; by default only that of `settings.training`. Methods and results are trained and computed once, and kept.
    """
    plans = planned(cohort, methods, encoders, settings)
    shares = dict.fromkeys(dropouts or (settings.training.modality_dropout,))
    specs = [dropping(spec, share) for spec in plans.values() for share in shares]
    rows: list[dict[str, Any]] = []
    left_out: list[dict[str, str]] = []
    by_method: dict[str, list[Run]] = {}
    for i, spec in enumerate(specs):
        run = train(cohort, spec, progress)
        rows += robustness_of(run, cohort, progress=progress)
        by_method.setdefault(run.method, []).append(run)
        left_out += [
            {
                "method": run.method,
                "input": name,
                "reason": _("its encoder reads raw values; noise is added only to features"),
            }
            for name in run.spec.inputs
            if run.fitted.normalisers[0][name].level == "raw"
        ]
        progress(Step(run.method, i + 1, len(specs)))
    return Robustness(cohort, specs[0].metric, rows, left_out, by_method)


def dropping(spec: RunSpec, share: float) -> RunSpec:
    """The same run, trained with another share of `TrainingSpec.modality_dropout`."""
    changed = {"modality_dropout": share}
    by_fold = tuple(training.model_copy(update=changed) for training in spec.training_by_fold)
    return RunSpec.model_validate(
        spec.model_dump() | {"training": spec.training.model_copy(update=changed), "training_by_fold": by_fold}
    )


def twin(spec: RunSpec) -> RunSpec:
    """The same run without modality dropout; of a run trained without, the one with the usual share."""
    return dropping(spec, 0.0 if spec.training.modality_dropout else TrainingSpec().modality_dropout)


def robustness_of(
    run: Run,
    cohort: Cohort,
    *,
    shares: Sequence[float] = SHARES,
    levels: Sequence[float] = LEVELS,
    progress: Progress = silent,
) -> list[dict[str, Any]]:
    """Rows of `Robustness` for one finished run of this cohort. Raises BadInput if it was trained on other data."""
    require_same_data(run, cohort)
    make = partial(_rows, run, cohort, shares, levels, progress)
    rows, _was_cached = cached("explanations", _decides(run.key, shares, levels), make)
    return rows


def robustness_seconds(runs: Iterable[Run]) -> float:
    """Seconds that `robustness_of` takes for these runs, about, by what it took on two cores; 0 for what is kept."""
    waiting = [run for run in runs if read("explanations", _decides(run.key, SHARES, LEVELS)) is None]
    return sum(_SECONDS[fusions[run.spec.fusion].reads] * len(run.spec.inputs) * run.cases for run in waiting)


def _decides(key: str, shares: Sequence[float], levels: Sequence[float]) -> list[Any]:
    return ["robustness", VERSION, key, list(shares), list(levels)]


def _rows(
    run: Run, cohort: Cohort, shares: Sequence[float], levels: Sequence[float], progress: Progress
) -> list[dict[str, Any]]:
    spec, encoders = run.spec, run.spec.make_encoders()
    encoded = {name: features.encode(cohort, name, encoders[name], progress=progress) for name in spec.inputs}
    outputs = outputs_under(run.fitted, encoded, conditions(spec.inputs, shares, levels), progress=progress)
    cases = run.out_of_fold

    def score_of(probabilities: np.ndarray) -> Interval:
        if spec.task == "survival" and probabilities.shape[-1] == run.fitted.task.columns:
            probabilities = with_thresholds(probabilities, run.fitted.task.horizons)
        row = scores(spec.task, cases.target, probabilities, cases.groups, metrics=(spec.metric,), folds=spec.folds)
        return row[spec.metric]

    whole = score_of(cases.outputs)
    rows = []
    for condition, values in outputs.items():
        score = score_of(values) if condition.level > 0 else whole
        rows.append(_row(run, condition, score.mean, score.low, score.high))
    return rows


def _row(run: Run, condition: Condition, mean: float, low: float, high: float) -> dict[str, Any]:
    return {
        "method": run.method,
        "modality_dropout": run.spec.training.modality_dropout,
        "input": condition.input,
        "kind": condition.kind,
        "level": condition.level,
        "mean": mean,
        "low": low,
        "high": high,
    }
