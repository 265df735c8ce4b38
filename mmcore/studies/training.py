"""Encoding a cohort and training one run of it; what was done before is not done again."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping

import numpy as np

from mmcore import features, runs
from mmcore.base.errors import BadInput, MMError
from mmcore.base.name_lists import list_of
from mmcore.base.progress import Phases, Progress, Step, silent
from mmcore.base.settings import _
from mmcore.cohorts import Cohort, folds_of
from mmcore.cohorts.recording_facts import recording_facts
from mmcore.cohorts.usual_ranges import usual_ranges
from mmcore.encoders import Encoder
from mmcore.evaluation import scores
from mmcore.features import Features
from mmcore.runs import Run, RunSpec
from mmcore.studies.encoder_choice import Choices, encoder_choices, make_encoder
from mmcore.studies.planning import task_of_cohort
from mmcore.training import FitPlan, TrainingData, fit, fit_by_fold

_guard = threading.Lock()
_ENCODING = 0.6  # of a run's work, where anything has to be encoded
_training: dict[str, threading.Lock] = {}  # one per key: who asks for a run that is being trained waits for it


def encoders_of(cohort: Cohort, chosen: Choices | None = None) -> dict[str, Encoder]:
    """The encoder of every input of the cohort, chosen or default."""
    return {name: make_encoder(cohort, name, choice) for name, choice in encoder_choices(cohort, chosen).items()}


def encode(cohort: Cohort, encoders: Choices | None = None, progress: Progress = silent) -> dict[str, Features]:
    """What the encoders say of every input of the cohort, from the cache where it is there."""
    chosen, phases = encoders_of(cohort, encoders), Phases(progress)
    return {
        name: features.encode(cohort, name, encoder, progress=phases.next(1 / (len(chosen) - i)))
        for i, (name, encoder) in enumerate(chosen.items())
    }


def train(cohort: Cohort, spec: RunSpec, progress: Progress = silent) -> Run:
    """The run of this spec: read if it is there, else trained on all folds and seeds, scored out of fold, and kept.

    Raises BadInput if the cohort is not the one the spec was planned for, or what training raises (Cancelled too).
    """
    store = runs.store()
    run = store.find(spec.key)
    if run is not None:
        return run
    if cohort.key != spec.cohort_key:
        raise BadInput(
            _("The plan was made for other data than cohort '{name}' holds now.").format(name=cohort.name),
            _("Plan the run again."),
        )
    with _guard:
        lock = _training.setdefault(spec.key, threading.Lock())
    while not lock.acquire(timeout=0.3):
        progress(Step(_("Waiting for the same run, which is being trained"), 0, 0))
    try:
        return store.find(spec.key) or _train(cohort, spec, progress)
    finally:
        lock.release()


def require_same_data(run: Run, cohort: Cohort) -> None:
    """Raises BadInput if the run was trained on other data than the cohort holds now."""
    if run.spec.cohort_key != cohort.key:
        raise BadInput(
            _("Run {key} was trained on other data than cohort '{name}' holds now.").format(
                key=run.key[:8], name=cohort.name
            ),
            _("Train it again."),
        )


def _train(cohort: Cohort, spec: RunSpec, progress: Progress) -> Run:
    digests, phases = case_digests(cohort, spec), Phases(progress)
    data = training_data(cohort, spec, phases.next(_ENCODING))
    method = FitPlan(spec.fusion, spec.inputs, spec.fusion_options, spec.training, spec.seeds)
    by_fold = spec.training_by_fold
    fitted = fit_by_fold(data, method, by_fold, phases.next()) if by_fold else fit(data, method, phases.next())
    metrics = scores(data.task, cohort.target, fitted.outputs, cohort.groups, folds=spec.folds)
    return runs.store().save(
        spec,
        fitted,
        ids=cohort.ids,
        target=cohort.target,
        groups=cohort.groups,
        digests=digests,
        metrics=metrics,
        ranges=usual_ranges(cohort.table, [cohort.inputs[name] for name in spec.inputs]),
        recordings=recording_facts(cohort, spec.inputs),
    )


def training_data(cohort: Cohort, spec: RunSpec, progress: Progress = silent) -> TrainingData:
    """What a run of this spec is trained on: its inputs encoded, its folds. Raises BadInput if no case could be."""
    encoders, phases, count = spec.make_encoders(), Phases(progress), len(spec.inputs)
    encoded = {
        name: features.encode(cohort, name, encoders[name], progress=phases.next(1 / (count - i + spec.copies * count)))
        for i, name in enumerate(spec.inputs)
    }
    _check_encoded(encoded)
    return TrainingData(
        encoded,
        cohort.target,
        task_of_cohort(cohort),
        folds_of(cohort, spec.split, spec.folds, spec.split_seed).folds,
        groups=cohort.undivided,
        encoders=encoders,
        copies=_copies(cohort, spec, encoded, encoders, phases.next()),
    )


def _copies(
    cohort: Cohort,
    spec: RunSpec,
    encoded: Mapping[str, Features],
    encoders: Mapping[str, Encoder],
    progress: Progress,
) -> dict[str, list[Features]]:
    """By input, what the encoder says of the augmented copies of every case; an input without augmentation repeats."""
    made = spec.make_augmentations()
    numbers = range(1, spec.copies + 1) if made else ()
    varied = [name for name in spec.inputs if made.get(name)]
    phases, left = Phases(progress), len(varied) * len(numbers)
    copies: dict[str, list[Features]] = {name: [encoded[name]] * len(numbers) for name in spec.inputs}
    for name in varied:
        for k in numbers:
            copies[name][k - 1] = features.encode(
                cohort, name, encoders[name], augmentations=made[name], copy=k, progress=phases.next(1 / left)
            )
            left -= 1
    return copies


def _check_encoded(encoded: Mapping[str, Features]) -> None:
    """Some case must have something to learn from."""
    if any(features_of.counts.any() for features_of in encoded.values()):
        return
    reasons = [reason for features_of in encoded.values() for reason in features_of.failed.values()]
    first = _(" The first reason: {reason}").format(reason=reasons[0]) if reasons else ""
    raise BadInput(
        _("No case could be encoded from {inputs}.").format(inputs=list_of(encoded)) + first, _("Check the files.")
    )


def case_digests(cohort: Cohort, spec: RunSpec) -> np.ndarray:
    """[N] digest of what the run reads of each case, by which it is known again; "" where nothing is there."""
    rows = []
    for id in cohort.ids:
        parts = []
        for name in sorted(spec.inputs):
            try:
                parts.append(cohort.digest(id, name) if name in cohort.inputs else None)
            except MMError:
                parts.append(None)
        whole = "/".join(f"{name}={part}" for name, part in zip(sorted(spec.inputs), parts, strict=True))
        rows.append(hashlib.sha256(whole.encode()).hexdigest()[:24] if any(parts) else "")
    return np.array(rows, dtype="U24")
