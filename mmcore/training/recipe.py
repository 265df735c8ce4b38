"""Training a method: every fold, every seed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from mmcore.base.progress import Phases, Progress, silent
from mmcore.base.settings import _
from mmcore.base.values import Tokens
from mmcore.training.blend import blended, network_share, rows_apart
from mmcore.training.data import FoldTensors, Labels
from mmcore.training.fitted import Fitted
from mmcore.training.fold_hazards import with_hazards
from mmcore.training.fold_readers import bytes_held, read_folds
from mmcore.training.fold_recalibration import correction_of_fold, thresholds_of_fold
from mmcore.training.linear_sum import FittedLinear
from mmcore.training.loop import Loop, Trained
from mmcore.training.memory import Allotment, Finished, allot, need
from mmcore.training.model import Model
from mmcore.training.normalise import Normaliser
from mmcore.training.out_of_fold import fold_of, linear_out_of_fold, out_of_fold
from mmcore.training.plan import FitPlan, Method, TrainingData, check_plan
from mmcore.training.replicates import Replicate, replicates_of, training_rows_of
from mmcore.training.tasks import Task
from mmcore.training.views import CohortFeatures, Copies
from mmcore.training.workers import Workers

_SIMPLE = 0.2  # of the work: simple models and what reads a fold, before the networks


def fit(data: TrainingData, plan: FitPlan, progress: Progress = silent) -> Fitted:
    """Train one method for every fold and seed, and predict every test fold.

    As many replicates are at work together as fit into memory. progress may raise Cancelled.
    Raises NotFound, Unavailable or BadInput for wrong names, options or data, or too little memory for one replicate.
    """
    started, phases, method, data = time.perf_counter(), Phases(progress), check_plan(data, plan), data.read_once()
    replicates = replicates_of(
        data.task,
        data.values,
        data.groups,
        data.folds,
        seeds=plan.seeds,
        validation=plan.training.validation,
        same_validation=method.supervised,
    )
    rows = [training_rows_of(replicates, fold) for fold in range(len(data.folds))]
    standards = [data.task.standards(data.values[own]) for own in rows]
    labels = _labels(data, plan, rows)
    readings = read_folds(data, plan.training, method, replicates, labels, phases.next(_SIMPLE))
    normalisers, linear = [each.normalisers for each in readings], [each.linear for each in readings]
    labels, standards = with_hazards(data, rows, linear, labels, standards)
    network = _Network(data, plan, method, replicates, normalisers, labels)
    workers = Workers(_title(plan), plan.training.epochs, phases.next())
    trained, weights = network.train(workers, network.allot(workers))
    shares = [_share(data, linear[f], replicates, trained, labels, f) for f in range(len(data.folds))]
    logits = _logits(replicates, trained, linear, shares, data.task)
    corrections = [
        correction_of_fold(data, plan, linear[f], replicates, [own.valid for own in trained], shares[f], f)
        for f in range(len(data.folds))
    ]
    called_at = [
        thresholds_of_fold(data, linear[f], replicates, [own.valid for own in trained], shares[f], f)
        for f in range(len(data.folds))
    ]
    return Fitted(
        fusion=plan.fusion,
        fusion_options=method.options,
        inputs=method.inputs,
        task=data.task,
        training=plan.training,
        outputs=out_of_fold(logits[0], replicates, standards, data, plan.seeds, corrections, called_at),
        recalibrations=corrections,
        thresholds=called_at,
        network_outputs=out_of_fold(logits[1], replicates, standards, data, plan.seeds, called_at=called_at),
        linear_outputs=linear_out_of_fold(linear, standards, data, called_at),
        history=_history(trained, replicates),
        parameters=sum(value[0].numel() for value in weights.values()),
        seconds=time.perf_counter() - started,
        mode=method.mode,
        replicates=[(r.fold, r.seed) for r in replicates],
        fold_of=fold_of(data),
        weights=weights,
        normalisers=normalisers,
        standards=standards,
        learnt=tuple(method.modules),
        modules=method.modules,
        linear=[None if own is None else own.part for own in linear],
        network_share=shares,
    )


@dataclass(frozen=True, eq=False)
class _Network:
    """Training the replicates' networks. labels: as each fold sees them."""

    data: TrainingData
    plan: FitPlan
    method: Method
    replicates: Sequence[Replicate]
    normalisers: Sequence[Mapping[str, Normaliser]]
    labels: Labels

    @cached_property
    def copies(self) -> int:
        """How many augmented copies each case has."""
        return len(self.data.copies.get(self.method.inputs[0], ()))

    @cached_property
    def features(self) -> dict[str, CohortFeatures]:
        """With their augmented copies behind them."""
        own = {name: self.data.features[name] for name in self.method.inputs}
        if not self.copies:
            return own
        return {name: Copies([features, *self.data.copies[name]]) for name, features in own.items()}

    @cached_property
    def steps(self) -> int:
        """Per epoch: the same for all replicates."""
        return max(-(-len(r.fit) // self.plan.training.batch_size) for r in self.replicates)

    @cached_property
    def longest(self) -> int:
        """Cases of the longest batch."""
        return max(-(-len(r.fit) // self.steps) for r in self.replicates)

    def make(self, seed: int) -> Model:
        dims = {name: normalise.dims for name, normalise in self.normalisers[0].items()}
        return self.method.model(dims, self.plan.training, self.data.task.outputs, seed)

    def tensors(self, device: torch.device) -> FoldTensors:
        return FoldTensors(
            self.features, self.normalisers, lambda folds: self.labels.of(folds, 1 + self.copies), device
        )

    def allot(self, workers: Workers) -> Allotment:
        """How the run goes about its replicates. Raises BadInput if not even one fits into memory."""
        test = max(max(len(r.valid), len(r.test)) for r in self.replicates)
        batch = _longest(self.data.features, self.normalisers[0])
        held = self.tensors(workers.device).bytes + bytes_held(self.data, self.method, self.plan.training)
        takes = need(self.make(0), batch, self.plan.training, self.longest, test, self.method.stacked, held)
        count = len(self.replicates)
        allotted = allot(takes, count, workers.at_once(count, self.method.mode, takes.work), workers.device)
        if allotted.refusal:
            raise allotted.refusal
        return allotted

    def train(self, workers: Workers, allotted: Allotment) -> tuple[list[_Answers], dict[str, Tensor]]:
        """What each replicate answers and all that was recorded, and the weights of all of them by name [R, ...]."""
        chunks = workers.divide(self.replicates, self.method.mode, allotted.at_once)
        finished, tensors = Finished(self.replicates, allotted.on_disk), self.tensors(workers.device)

        def work(chunk: list[Replicate], report: Callable[[int, dict], None]) -> Trained:
            prepared, labels, at = tensors.take(chunk)
            loop = Loop(
                chunk, at, prepared, labels, self.data.task, self.plan.training,
                self.steps, self.longest, self.method.stacked, self.copies,
            )  # fmt: skip
            done = loop.train(self.make, report)
            finished.lay(chunk, done.weights)
            return replace(done, weights={})

        done = workers.map(work, chunks)
        order = [replicate for chunk in chunks for replicate in chunk]
        answers = {
            (r.fold, r.seed): own for r, own in zip(order, (a for part in done for a in _answers(part)), strict=True)
        }
        return [answers[r.fold, r.seed] for r in self.replicates], finished.weights


@dataclass(frozen=True, eq=False)
class _Answers:
    """Logits of one replicate's network on its test and validation rows [n, O], and its rows of the history."""

    test: Tensor
    valid: Tensor
    history: list[dict]


def _answers(part: Trained) -> list[_Answers]:
    history: dict[tuple[int, int], list[dict]] = {}
    for row in part.history:
        history.setdefault((row["fold"], row["seed"]), []).append(row)
    return [
        _Answers(test, valid, history.get(pair, []))
        for pair, test, valid in zip(part.replicates, part.outputs, part.valid_outputs, strict=True)
    ]


def _share(
    data: TrainingData,
    linear: FittedLinear | None,
    replicates: Sequence[Replicate],
    trained: Sequence[_Answers],
    labels: Labels,
    fold: int,
) -> float:
    """Share of the network in the answers of a fold: all of it where there is no linear part, half where nothing can
    judge the two alike: the linear part leaves out whole groups, so the network's validation rows have to, too."""
    if linear is None:
        return 1.0
    own = [(r, answers) for r, answers in zip(replicates, trained, strict=True) if r.fold == fold]
    own = [(r, answers) for r, answers in own if rows_apart(r.fit, r.valid, data.groups)]
    if not own or not linear.judged:
        return 0.5
    at = {int(row): i for i, row in enumerate(training_rows_of(replicates, fold))}
    positions = [torch.tensor([at[int(row)] for row in r.valid]) for r, _answers in own]
    rows = [torch.from_numpy(r.valid) for r, _answers in own]
    return network_share(
        data.task,
        [answers.valid for _r, answers in own],
        [linear.inner[where] for where in positions],
        [labels.target[fold, where] for where in rows],
        [labels.weight[fold, where] for where in rows],
    )


def _logits(
    replicates: Sequence[Replicate],
    trained: Sequence[_Answers],
    linear: Sequence[FittedLinear | None],
    shares: Sequence[float],
    task: Task,
) -> tuple[list[Tensor], list[Tensor]]:
    """Of every replicate on its test rows [n, O]: the whole method's, and its network's alone."""
    whole = []
    for replicate, answers in zip(replicates, trained, strict=True):
        own = linear[replicate.fold]
        if own is None:
            whole.append(answers.test)
        else:
            there = own.outputs[torch.from_numpy(replicate.test)]
            whole.append(blended(answers.test, there, shares[replicate.fold]))
    return whole, [answers.test for answers in trained]


def _longest(features: Mapping[str, CohortFeatures], normalisers: Mapping[str, Normaliser]) -> dict[str, Tokens]:
    """Of each input the two cases with the most tokens, as a model reads them [2, N, C]."""
    rows = {name: np.argsort(features[name].counts)[[-1, -2]].tolist() for name in normalisers}
    return {name: normalise(features[name].tokens(rows[name])) for name, normalise in normalisers.items()}


def _title(plan: FitPlan) -> str:
    name = plan.inputs[0] if len(plan.inputs) == 1 and plan.fusion == "concat" else plan.fusion
    return _("Training {method}").format(method=name)


def _labels(data: TrainingData, plan: FitPlan, rows: Sequence[np.ndarray]) -> Labels:
    """Targets and case weights as the training rows of each fold see them, [F, N]."""
    task, target = data.task, data.values
    labelled = task.labelled(target)
    values, weights = np.zeros((len(rows), len(target)), np.float32), np.zeros((len(rows), len(target)), np.float32)
    for i, own in enumerate(rows):
        values[i, labelled] = task.standardised(target[labelled], target[own])
        weights[i, own] = task.class_weights(target[own]) if plan.training.class_weights else 1.0
    return Labels(torch.from_numpy(values), torch.from_numpy(weights))


def _history(trained: Sequence[_Answers], replicates: Sequence[Replicate]) -> pd.DataFrame:
    rows = [{"replicate": i, **row} for i, answers in enumerate(trained) for row in answers.history]
    return pd.DataFrame(rows).sort_values(["replicate", "epoch"], ignore_index=True)
