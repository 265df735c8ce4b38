"""Does this cohort need fusion: the verdict of a comparison that trained every input alone and a fusion of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit, logit

from mmcore.base.errors import BadInput
from mmcore.base.label_sets import memberships
from mmcore.base.settings import _
from mmcore.base.survival_times import times_of
from mmcore.cohorts import Cohort
from mmcore.evaluation import Answer, FusionNeed, better, need_of_fusion, scores
from mmcore.report.need import need_sentence
from mmcore.runs import Run
from mmcore.training import plain_models
from mmcore.training.baseline_hazard import breslow
from mmcore.training.thresholds import divided, with_thresholds

PREFERRED = "concat"  # stands for fusing where it was compared, so that the best of many is not chosen on these cases


@dataclass(frozen=True)
class FusionVerdict:
    """needs_fusion; text: for people. fusion: the method that stood for fusing. need: what it rests on; None where the
    comparison lacks what would tell."""

    needs_fusion: Answer
    text: str
    fusion: str | None = None
    need: FusionNeed | None = None

    def document(self) -> dict[str, Any]:
        """ "verdict" of `compare --json`."""
        basis = {} if self.need is None else self.need.document()
        return {**basis, "needs_fusion": self.needs_fusion, "text": self.text, "fusion": self.fusion}


def fusion_verdict(cohort: Cohort, by_method: Mapping[str, Run]) -> FusionVerdict:
    """Whether the cohort needs fusion, from finished runs of it by method, all divided alike."""
    inputs = {name for run in by_method.values() for name in run.spec.inputs}
    if len(inputs) < 2 and len(cohort.inputs) < 2:
        return FusionVerdict(Answer.NO, _("The cohort has one input: there is nothing to fuse."))
    single = {run.spec.inputs[0]: run for run in by_method.values() if run.spec.single_input}
    fusing = {
        method: run
        for method, run in by_method.items()
        if len(run.spec.inputs) > 1 and set(run.spec.inputs) <= single.keys() and set(run.spec.inputs) == inputs
    }
    if not fusing:
        return FusionVerdict(
            Answer.UNSETTLED,
            _("To tell whether this cohort needs fusion, compare every input alone and a fusion of all of them."),
        )
    method = next((name for name, run in fusing.items() if run.spec.fusion == PREFERRED), next(iter(fusing)))
    run = fusing[method]
    outputs = {name: single[name].out_of_fold.outputs for name in run.spec.inputs}
    try:
        need = need_of_fusion(
            run.spec.task,
            run.out_of_fold.target,
            outputs,
            average_of(cohort, outputs),
            run.out_of_fold.outputs,
            run.groups,
            additive=_additive(cohort, run, outputs),
            folds=run.spec.folds,
        )
    except BadInput as error:  # runs without a case in common
        return FusionVerdict(Answer.UNSETTLED, f"{error.message} {error.hint}", method)
    return FusionVerdict(need.needs_fusion, need_sentence(need, method), method, need)


def _additive(cohort: Cohort, run: Run, outputs: Mapping[str, np.ndarray]) -> np.ndarray | None:
    """[1, N, K] what only adds up what each input tells: the linear part of the fusion or the sum of the models of
    single inputs, whichever does better on these cases, so that learning within an input passes for no interaction."""
    rivals = [added(cohort, run.spec.task, outputs)]
    if run.linear_outputs is not None:
        rivals.append(np.asarray(run.linear_outputs).mean(0, keepdims=True))
    cases, metric = run.out_of_fold, run.spec.metric
    key = better(metric)

    def rank(rival: np.ndarray) -> float:
        value = key(scores(run.spec.task, cases.target, rival, run.groups, metrics=[metric])[metric].mean)
        return value if np.isfinite(value) else -np.inf

    return max(rivals, key=rank)


def added(cohort: Cohort, task: str, outputs: Mapping[str, np.ndarray]) -> np.ndarray:
    """[1, N, K] the models of single inputs added up, over the inputs that a case has: logits less the log-odds of a
    class as frequent as it is, or values less their mean."""
    delivered = {name: values.mean(0) for name, values in outputs.items()}  # [N, K]
    target = np.asarray(cohort.target)
    if task == "regression":
        level: np.ndarray = np.array([np.nanmean(target)])
        parts = {name: values - level for name, values in delivered.items()}
    elif task == "multilabel":
        return _added_by_label(cohort, delivered)
    elif task == "survival":
        return _added_hazards(cohort, delivered)
    else:
        counts = np.bincount(target[target >= 0].astype(int), minlength=len(cohort.schema.classes)) + 1.0
        level = np.log(counts / counts.sum())
        parts = {name: np.log(np.clip(values, 1e-6, 1)) - level for name, values in delivered.items()}
    total = level + sum(np.where(cohort.present(name)[:, None], part, 0) for name, part in parts.items())
    if task == "regression":
        return np.asarray(total, np.float32)[None]
    odds = np.exp(total - total.max(-1, keepdims=True))
    return np.asarray(odds / odds.sum(-1, keepdims=True), np.float32)[None]


def _added_by_label(cohort: Cohort, delivered: Mapping[str, np.ndarray]) -> np.ndarray:
    """The same of each of several labels [1, N, 2 L], called at the mean of the thresholds."""
    labels = len(cohort.schema.classes)
    held = memberships(cohort.target[cohort.labelled], labels)
    level = logit((held.sum(0) + 1) / (len(held) + 2))
    total, thresholds = np.tile(level, (len(cohort), 1)), []
    for name, outputs in delivered.items():
        probabilities, threshold = divided(outputs, labels)
        total = total + np.where(
            cohort.present(name)[:, None], logit(np.clip(probabilities, 1e-6, 1 - 1e-6)) - level, 0
        )
        thresholds.append(threshold)
    return with_thresholds(expit(total), np.mean(thresholds, 0))[None]


def _added_hazards(cohort: Cohort, delivered: Mapping[str, np.ndarray]) -> np.ndarray:
    """The same of the logarithms of cumulative hazards [1, N, 2 H], each less that of all cases."""
    horizons = times_of(cohort.schema.classes)
    level = np.log(np.maximum(breslow(cohort.target).at(horizons), 1e-6))
    total = np.tile(level, (len(cohort), 1))
    for name, outputs in delivered.items():
        hazard = -np.log1p(-np.clip(divided(outputs, len(horizons))[0], 1e-6, 1 - 1e-6))
        total = total + np.where(cohort.present(name)[:, None], np.log(hazard) - level, 0)
    return with_thresholds(-np.expm1(-np.exp(total)), horizons)[None]


def average_of(cohort: Cohort, outputs: Mapping[str, np.ndarray]) -> np.ndarray:
    """[1, N, K] plain average of the models of single inputs (outputs [S, N, K]), over the inputs that a case has."""
    delivered = {name: values.mean(0, keepdims=True) for name, values in outputs.items()}
    return plain_models.average(delivered, {name: cohort.present(name) for name in outputs})
