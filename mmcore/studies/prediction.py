"""Applying a finished run: to a cohort, or to one case with a look at where it attends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from mmcore import explain, features
from mmcore.base.errors import BadInput
from mmcore.base.kind_names import kind_name
from mmcore.base.label_sets import BETWEEN
from mmcore.base.name_lists import list_of
from mmcore.base.progress import Progress, silent
from mmcore.base.settings import _, counted
from mmcore.base.values import Case, Tokens
from mmcore.cohorts import Cohort
from mmcore.cohorts.recording_facts import unlike_recordings
from mmcore.cohorts.settled import open_settled
from mmcore.cohorts.splits import COLUMN
from mmcore.cohorts.usual_ranges import far_outside
from mmcore.explain import Attention
from mmcore.explain.fallback import without_each
from mmcore.explain.shapley import shapley
from mmcore.runs import Run, RunSpec
from mmcore.studies.training import case_digests

_BATCH = 128  # cases at a time


@dataclass(frozen=True)
class Prediction:
    """What a run says of one case: mean over replicates.

    prediction: class, value for regression, or the labels that are called (with ", " between them). probabilities:
    class -> probability (empty for regression). weights: input -> weight, or None if the method has none. out_of_fold:
    the case is one the run was trained on, and only the replicates that had not seen it were asked. missing: inputs the
    case lacks. contributions: input -> what it adds to the probability of the predicted class (its Shapley value;
    regression: to the value); without: input -> what would be predicted if it were missing, with its probabilities.
    None where they were not asked for. learnt_from: the replicates that were asked may have learnt from the case, see
    `learnt_from`.
    """

    id: str
    prediction: str | float
    probabilities: dict[str, float]
    weights: dict[str, float] | None
    out_of_fold: bool = False
    missing: tuple[str, ...] = ()
    contributions: dict[str, float] | None = None
    without: dict[str, dict[str, Any]] | None = None
    learnt_from: bool = False

    def document(self) -> dict[str, Any]:
        return asdict(self)


def open_for(run: Run, source: str | Path) -> Cohort:
    """A cohort read with the inputs the run was trained on; a target is not needed.

    Numbers far outside of what the run was trained on, and recordings that swing otherwise or lack the clock that those
    had, are told in its problems.
    """
    specs = run.spec.input_specs
    cohort = open_settled(source, specs, target=run.spec.target, group=run.spec.group)
    cohort.tell(far_outside(cohort.table, specs.values(), run.ranges))
    cohort.tell(unlike_recordings(cohort, run.recordings))
    return cohort


def predict(run: Run, cohort: Cohort, progress: Progress = silent, *, contributions: bool = False) -> list[Prediction]:
    """Apply all replicates of a run to every case of a cohort.

    contributions: whether to work out what each input adds and what is predicted without it, which takes as long again
    for every set of inputs. A case the run was trained on (known by its content) is answered out of fold. Raises
    BadInput if the cohort has none of the run's inputs.
    """
    spec, encoders = run.spec, run.spec.make_encoders()
    shared = [name for name in spec.inputs if name in cohort.inputs]
    if not shared:
        raise BadInput(
            _("Cohort '{name}' has none of the inputs {inputs} of the run.").format(
                name=cohort.name, inputs=list_of(spec.inputs)
            ),
            _("Available inputs: {inputs}.").format(inputs=list_of(cohort.inputs)),
        )
    for name in shared:
        _check_kind(spec, cohort, name)
    encoded = {name: features.encode(cohort, name, encoders[name], progress=progress) for name in shared}
    folds, met = folds_seen(run, cohort), learnt_from(run, cohort)
    predictions: dict[int, Prediction] = {}
    for fold in np.unique(folds):
        rows = np.flatnonzero(folds == fold)
        for start in range(0, len(rows), _BATCH):
            part = rows[start : start + _BATCH]
            tokens = {
                name: encoded[name].tokens(part.tolist())
                if name in encoded
                else _absent(len(part), encoders[name].dims)
                for name in spec.inputs
            }
            answer = run.fitted.run(tokens, replicates_of(run, int(fold)))
            weights = answer.attention.inputs
            parts = _contributions(run, tokens, int(fold)) if contributions else None
            for i, row in enumerate(part):
                missing = tuple(name for name in spec.inputs if not bool(tokens[name].mask[i].any()))
                mean = None if weights is None else np.asarray(weights)[:, i].mean(0)
                prediction = _prediction(
                    run, cohort.ids[row], answer.probabilities[:, i].mean(0), mean, fold >= 0, missing
                )
                predictions[int(row)] = replace(prediction, learnt_from=bool(met[row]), **(parts[i] if parts else {}))
    return [predictions[row] for row in range(len(cohort))]


def unanswered(run: Run, predictions: Sequence[Prediction]) -> list[str]:
    """A sentence where cases lack all inputs: what is predicted of them says nothing of them."""
    lacking = [answer.id for answer in predictions if len(answer.missing) == len(run.spec.inputs)]
    if not lacking:
        return []
    return [
        counted(
            len(lacking),
            "{count} case, {id}, has none of the inputs: its prediction is that of the average case.",
            "{count} cases, such as {id}, have none of the inputs: their prediction is that of the average case.",
            id=lacking[0],
        )
    ]


def _contributions(run: Run, tokens: dict[str, Tokens], fold: int) -> list[dict[str, Any]]:
    """Of each case, what its inputs add, and what is predicted without each."""
    reading = run.fitted.panel(replicates_of(run, fold)).read(tokens)
    shares, without = shapley(reading, "probability"), without_each(reading)
    rows = []
    for i, share in enumerate(shares):
        left = {name: values[i] for name, values in without.items() if np.isfinite(values[i]).all()}
        answers = {name: _prediction(run, "", values, None, False, ()) for name, values in left.items()}
        rows.append(
            {
                "contributions": share.values,
                "without": {
                    name: {"prediction": answer.prediction, "probabilities": answer.probabilities}
                    for name, answer in answers.items()
                },
            }
        )
    return rows


def attend(run: Run, cohort: Cohort | None, case: Case) -> Attention:
    """What a run says of one case and where it looks.

    If the case is one of the cohort's, and the run was trained on it, only the replicates that had not seen it are
    asked; else all. Pass no cohort for an uploaded case. Raises BadInput for a value that cannot be encoded.
    """
    fold = -1
    if cohort is not None and case.id in cohort.ids:
        fold = int(folds_seen(run, cohort.select([case.id]))[0])
    return explain.attend(
        run.fitted, run.spec.make_encoders(), case, replicates=replicates_of(run, fold), out_of_fold=fold >= 0
    )


def folds_seen(run: Run, cohort: Cohort) -> np.ndarray:
    """[N] the fold in which the run tested each case of a cohort; -1 for cases it was not trained on.

    Cases are known again by their content. Where several cases of the run share it, the id decides; without one that
    fits, no replicate can be said not to have seen it: -1.
    """
    folds: dict[str, set[int]] = {}
    for digest, fold in zip(run.digests.tolist(), run.fold_of, strict=True):
        folds.setdefault(digest, set()).add(int(fold))
    by_id = (
        dict(zip(run.ids, zip(run.digests.tolist(), run.fold_of.tolist(), strict=True), strict=True)) if run.ids else {}
    )

    def fold_of(id: str, digest: str) -> int:
        candidates = folds.get(digest, set()) if digest else set()
        if len(candidates) == 1:
            return next(iter(candidates))
        own_digest, fold = by_id.get(id, ("", -1))
        return int(fold) if candidates and own_digest == digest else -1

    digests = case_digests(cohort, run.spec).tolist()
    return np.array([fold_of(id, digest) for id, digest in zip(cohort.ids, digests, strict=True)], dtype=int)


def learnt_from(run: Run, cohort: Cohort) -> np.ndarray:
    """[N] bool: the cases of a cohort that every model which answers them may have learnt from, so that the answers
    look better than those to new cases: the training part of a published split, and cases of which the run held
    several alike in different folds."""
    contents = set(run.digests[trained_on(run)].tolist()) - {""}
    here = np.array([digest in contents for digest in case_digests(cohort, run.spec).tolist()], bool)
    return here & (folds_seen(run, cohort) < 0)


def trained_on(run: Run) -> np.ndarray:
    """[N] bool: the cases of a run that some of its models may have learnt from. Of an exported run with a published
    split these are all, as it does not hold which had a target."""
    tested = run.fold_of >= 0
    if not run.spec.split.startswith(COLUMN):  # whoever is trained on is tested, too
        return tested
    if run.target is None:
        return np.full(len(tested), True)
    numbers = run.spec.task in ("regression", "survival")
    return tested | (np.isfinite(run.target) if numbers else run.target >= 0)


def cases_learnt_from(run: Run) -> int:
    """How many cases the models of a run learnt from, all models together; a published test part is none of them."""
    rows = trained_on(run)
    return int((rows & (run.fold_of < 0)).sum() if run.spec.folds == 1 else rows.sum())


def replicates_of(run: Run, fold: int) -> Sequence[int] | None:
    """Replicates that tested this fold; None (all) for -1."""
    return None if fold < 0 else [i for i, (own, _seed) in enumerate(run.fitted.replicates) if own == fold]


def _prediction(
    run: Run, id: str, outputs: np.ndarray, weights: np.ndarray | None, out_of_fold: bool, missing: tuple[str, ...]
) -> Prediction:
    spec = run.spec
    shares = None if weights is None else {name: float(w) for name, w in zip(spec.inputs, weights, strict=True)}
    if spec.task == "regression":
        return Prediction(id, float(outputs[0]), {}, shares, out_of_fold, missing)
    probabilities = {name: float(p) for name, p in zip(spec.classes, outputs, strict=True)}
    if spec.task == "survival":
        return Prediction(id, float(outputs[run.fitted.task.main_horizon]), probabilities, shares, out_of_fold, missing)
    return Prediction(id, decided(run, outputs), probabilities, shares, out_of_fold, missing)


def decided(run: Run, probabilities: np.ndarray) -> str:
    """The class that a run decides for, the labels that it calls, or how probable the event is by the horizon told;
    probabilities [K]."""
    classes = run.spec.classes
    if run.spec.task == "survival":
        at = run.fitted.task.main_horizon
        return _("{probability:.0%} by {horizon}").format(probability=probabilities[at], horizon=classes[at])
    if run.spec.task != "multilabel":
        return classes[int(probabilities.argmax())]
    reached = probabilities >= run.fitted.called_at
    return BETWEEN.join(name for name, call in zip(classes, reached, strict=True) if call) or _("none")


def _absent(cases: int, dims: int) -> Tokens:
    return Tokens(torch.zeros(cases, 1, dims), torch.zeros(cases, 1, dtype=torch.bool))


def _check_kind(spec: RunSpec, cohort: Cohort, name: str) -> None:
    here, there = cohort.inputs[name].kind, spec.input_specs[name].kind
    if here is not there:
        raise BadInput(
            _("Input '{name}' of '{cohort}' is of another kind ({here}) than the run was trained on ({there}).").format(
                name=name, here=kind_name(here), cohort=cohort.name, there=kind_name(there)
            ),
            _("Name the inputs as the run does: {inputs}.").format(inputs=list_of(spec.inputs)),
        )
