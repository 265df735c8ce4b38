"""Training a method: every fold, every seed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd
import torch
from torch import nn

from mmcore.base.errors import BadInput, unknown
from mmcore.base.progress import Progress, silent
from mmcore.base.registry import check_parameters
from mmcore.base.settings import _
from mmcore.base.values import Tokens
from mmcore.cohorts import validation_split
from mmcore.encoders import Encoder
from mmcore.encoders.fitting import Encoded
from mmcore.fusion.base import Fusion, fusions
from mmcore.training.data import FoldTensors, Labels
from mmcore.training.fitted import Fitted
from mmcore.training.loop import Loop, Trained
from mmcore.training.memory import Finished, allot, need
from mmcore.training.model import build
from mmcore.training.normalise import Normaliser
from mmcore.training.normaliser_fit import fit_normaliser
from mmcore.training.replicates import Replicate
from mmcore.training.spec import TrainingSpec
from mmcore.training.tasks import Task
from mmcore.training.views import Copies
from mmcore.training.workers import Workers

Mode = Literal["auto", "together", "one_by_one"]


def fit(
    features: Mapping[str, Encoded],
    target: np.ndarray,
    groups: np.ndarray | None,
    task: Task,
    folds: Sequence[tuple[np.ndarray, np.ndarray]],
    *,
    fusion: str,
    fusion_options: Mapping[str, object] | None = None,
    inputs: Sequence[str],
    training: TrainingSpec | None = None,
    seeds: int = 5,
    encoders: Mapping[str, Encoder] | None = None,
    copies: Mapping[str, Sequence[Encoded]] | None = None,
    mode: Mode = "auto",
    progress: Progress = silent,
) -> Fitted:
    """Train one fusion method on these inputs, for every fold and seed, and predict every test fold.

    target: [N] class index (below 0: not labelled) or value (nan: not labelled). groups: [N] or None, respected by
    the early-stopping split. encoders: by input, those that learn (`trains_in_run`, `fits_on_fold`);
    others may be left out. copies: by input, what the encoder says of augmented copies of the cases, K for each input;
    training draws from them, validation and test never do. mode: how replicates are computed; up to rounding the
    numbers are the same. As many replicates are at work together as fit into memory. progress may raise Cancelled.
    Raises NotFound, Unavailable or BadInput for wrong names, options or data, or too little memory for one replicate.
    """
    started, training, inputs = time.perf_counter(), training or TrainingSpec(), tuple(inputs)
    part = fusions.usable(fusion)
    options = check_parameters(part, fusion_options or {}, f"fusion '{fusion}'")
    encoders = {name: encoders[name] for name in inputs if name in (encoders or {})}
    modules = {name: learnt_module(encoder) for name, encoder in encoders.items() if encoder.trains_in_run}
    _check(features, inputs, target, task, folds, seeds)

    def make(seed: int):
        return build(dims, lambda: part(inputs, training.width, **options), task.outputs, modules, seed)

    target = np.asarray(target, dtype=float)
    supervised = any(encoder.fits_on_fold and encoder.supervised for encoder in encoders.values())
    replicates = _replicates(target, groups, task, folds, seeds, training, supervised)
    given = target if task.name == "regression" else np.where(task.labelled(target), target, -1).astype(int)
    normalisers = [
        _normalisers(features, inputs, replicates, given, part, encoders, training, f) for f in range(len(folds))
    ]
    dims = {name: normaliser.dims for name, normaliser in normalisers[0].items()}
    stacked, mode = part.stackable and not modules, _mode(mode, part, modules)
    workers = Workers(_title(fusion, inputs), training.epochs, progress)
    count = _copies(inputs, copies)
    shelf = FoldTensors(
        {name: Copies([features[name], *copies[name]]) if count else features[name] for name in inputs},
        normalisers,
        lambda folds: _labels(target, task, [_rows(replicates, f) for f in folds], training, 1 + count),
        workers.device,
    )
    steps = max(-(-len(r.fit) // training.batch_size) for r in replicates)
    longest = max(-(-len(r.fit) // steps) for r in replicates)
    test = max(max(len(r.valid), len(r.test)) for r in replicates)
    takes = need(make(0), _longest(features, normalisers[0]), training, longest, test, stacked, shelf.bytes)
    allotted = allot(takes, len(replicates), workers.at_once(len(replicates), mode), workers.device)
    if allotted.refusal:
        raise allotted.refusal
    chunks, finished = workers.divide(replicates, mode, allotted.at_once), Finished(replicates, allotted.on_disk)

    def work(chunk, report) -> Trained:
        data, labels, at = shelf.take(chunk)
        done = Loop(chunk, at, data, labels, task, training, steps, longest, stacked, count).train(make, report)
        finished.lay(chunk, done.weights)
        return replace(done, weights={})

    trained, weights = workers.map(work, chunks), finished.weights
    standards = [task.standards(target[_rows(replicates, f)]) for f in range(len(folds))]
    return Fitted(
        fusion=fusion,
        fusion_options=dict(options),
        inputs=inputs,
        task=task,
        training=training,
        outputs=_out_of_fold(trained, chunks, standards, task, len(target), seeds),
        history=_history(trained, replicates),
        parameters=sum(value[0].numel() for value in weights.values()),
        seconds=time.perf_counter() - started,
        mode=mode,
        replicates=[(r.fold, r.seed) for r in replicates],
        fold_of=_fold_of(folds, len(target)),
        weights=weights,
        normalisers=normalisers,
        standards=standards,
        learnt=tuple(modules),
        modules=modules,
    )


def _longest(features: Mapping[str, Encoded], normalisers: Mapping[str, Normaliser]) -> dict[str, Tokens]:
    """Of each input the two cases with the most tokens, as a model reads them [2, N, C]."""
    rows = {name: np.argsort(features[name].counts)[[-1, -2]] for name in normalisers}
    return {name: normalise(features[name].tokens(rows[name])) for name, normalise in normalisers.items()}


def _title(fusion: str, inputs: Sequence[str]) -> str:
    name = inputs[0] if len(inputs) == 1 and fusion == "concat" else fusion
    return _("Training {method}").format(method=name)


def _check(features, inputs, target, task: Task, folds, seeds: int) -> None:
    if not inputs:
        raise BadInput(_("No input was chosen."), _("Choose at least one."))
    for name in inputs:
        if name not in features:
            raise unknown(_("encoded input"), name, features)
    if seeds < 1:
        raise BadInput(_("At least one seed is needed, not {seeds}.").format(seeds=seeds))
    labelled = task.labelled(target)
    for number, (train_rows, _test) in enumerate(folds, 1):
        known = np.asarray(target)[np.asarray(train_rows, int)][labelled[np.asarray(train_rows, int)]]
        if len(known) < 4:
            raise BadInput(
                _("Fold {number} leaves {count} labelled cases to train on; at least 4 are needed.").format(
                    number=number, count=len(known)
                ),
                _("Use fewer folds or more cases."),
            )


def _replicates(
    target, groups, task: Task, folds, seeds: int, training: TrainingSpec, supervised: bool
) -> list[Replicate]:
    """All replicates, fold by fold. Cases without a label are predicted, never trained on.

    supervised: an encoder reads the target of a fold's training cases; those for early stopping are then the same for
    all seeds, so that it can be kept from reading theirs.
    """
    labelled, found = task.labelled(target), []
    strata = target if task.name == "regression" else np.where(labelled, target, -1).astype(int)
    for fold, (train_rows, test) in enumerate(folds):
        rows = np.asarray(train_rows, int)
        rows = rows[labelled[rows]]
        for seed in range(seeds):
            apart = 0 if supervised else seed
            fit_rows, valid = validation_split(strata, groups, rows, training.validation, apart)
            valid = valid if len(valid) else fit_rows  # too few to spare any
            found.append(
                Replicate(fold, seed, np.asarray(fit_rows, int), np.asarray(valid, int), np.asarray(test, int))
            )
    return found


def _rows(replicates: Sequence[Replicate], fold: int) -> np.ndarray:
    """Labelled training rows of a fold, those for early stopping included."""
    first = next(r for r in replicates if r.fold == fold)
    return np.union1d(first.fit, first.valid)


def _normalisers(
    features, inputs, replicates, target, part: type[Fusion], encoders, training: TrainingSpec, fold: int
) -> dict[str, Normaliser]:
    """What a learnt encoder part reads keeps its own shape: it is standardised (unless it is raw), not projected."""
    found, rows = {}, _rows(replicates, fold)
    without_stopping = next(r.fit for r in replicates if r.fold == fold)
    for name in inputs:
        encoder = encoders.get(name)
        trains_in_run, raw = (encoder.trains_in_run, encoder.raw) if encoder else (False, False)
        level = "raw" if raw else "tokens" if part.reads == "tokens" or trains_in_run else "vectors"
        read = rows if encoder is None or not encoder.supervised else without_stopping
        learnt = encoder.fit(features[name], read, target) if encoder and encoder.fits_on_fold else None
        components = 0 if trains_in_run else training.components
        found[name] = fit_normaliser(features[name], rows, level, components, fold, learnt)
    return found


def learnt_module(encoder: Encoder) -> Callable[[], nn.Module]:
    """How the learnt part of an encoder is made; it knows how fast it learns."""

    def make() -> nn.Module:
        module = encoder.module()
        module.learning_rate_scale = encoder.learning_rate_scale
        return module

    return make


def _copies(inputs: Sequence[str], copies: Mapping[str, Sequence[Encoded]] | None) -> int:
    """How many augmented copies each case has. Raises BadInput if inputs differ in it."""
    counts = {len((copies or {}).get(name, ())) for name in inputs}
    if len(counts) > 1:
        raise BadInput(
            _("Inputs differ in their number of augmented copies."), _("Give every input the same number of copies.")
        )
    return counts.pop()


def _mode(mode: Mode, part: type[Fusion], modules: Mapping) -> str:
    """How to compute the replicates."""
    stackable = part.stackable and not modules
    if mode == "together" and not stackable:
        raise BadInput(
            _("'{fusion}' cannot train its replicates together here.").format(fusion=part.name),
            _("Use mode 'auto' or 'one_by_one'."),
        )
    if mode != "auto":
        return mode
    # On a CPU, heads over many tokens are bound by arithmetic: together they only leave the cache.
    return "together" if stackable and (part.reads == "vectors" or torch.cuda.is_available()) else "one_by_one"


def _labels(target: np.ndarray, task: Task, rows: Sequence[np.ndarray], training: TrainingSpec, times: int) -> Labels:
    """Targets and case weights as the training fold of each fold sees them, [F, times * N] (copies count alike)."""
    known = task.labelled(target)
    values, weights = np.zeros((len(rows), len(target)), np.float32), np.zeros((len(rows), len(target)), np.float32)
    for i, own in enumerate(rows):
        mean, scale = task.standards(target[own])
        values[i, known] = (target[known] - mean) / scale
        weights[i, own] = task.class_weights(target[own]) if training.class_weights else 1.0
    return Labels(torch.from_numpy(np.tile(values, times)), torch.from_numpy(np.tile(weights, times)))


def _out_of_fold(trained: Sequence[Trained], chunks, standards, task: Task, cases: int, seeds: int) -> np.ndarray:
    """[S, N, K]: every case as seen by the replicates of its test fold; nan where it has none."""
    outputs = np.full((seeds, cases, task.columns), np.nan, dtype=np.float32)
    for part, chunk in zip(trained, chunks, strict=True):
        for said, replicate in zip(part.outputs, chunk, strict=True):
            outputs[replicate.seed, replicate.test] = task.activate(said, *standards[replicate.fold]).numpy()
    return outputs


def _fold_of(folds, cases: int) -> np.ndarray:
    fold_of = np.full(cases, -1, dtype=np.int64)
    for number, (_train_rows, test) in enumerate(folds):
        fold_of[np.asarray(test, int)] = number
    return fold_of


def _history(trained: Sequence[Trained], replicates: Sequence[Replicate]) -> pd.DataFrame:
    number = {(r.fold, r.seed): i for i, r in enumerate(replicates)}
    rows = [{"replicate": number[row["fold"], row["seed"]], **row} for part in trained for row in part.history]
    return pd.DataFrame(rows).sort_values(["replicate", "epoch"], ignore_index=True)
