"""How well one encoder of one input tells the target apart, out of fold, kept on disk."""

from __future__ import annotations

from typing import Any

import numpy as np

from mmcore import features
from mmcore.base.errors import MMError
from mmcore.base.progress import Progress, silent
from mmcore.base.registry import parameters
from mmcore.base.settings import _
from mmcore.cohorts import Cohort, FoldPlan
from mmcore.encoders import Encoder
from mmcore.evaluation.encoder_score import EncoderScore, Row
from mmcore.evaluation.jackknife import LeftOut
from mmcore.evaluation.separation import out_of_fold, score
from mmcore.storage import results_cache
from mmcore.storage.results_cache import Result
from mmcore.studies.encoder_timing import TIMED, before_training, readable, seconds_per_case
from mmcore.studies.encoder_views import identity_of
from mmcore.studies.planning import task_of_cohort

VERSION = 6  # raise it when the numbers change


def label_of(encoder: Encoder) -> str:
    """Name of an encoder with the options that differ from the usual ones."""
    usual = {p.name: p.default for p in parameters(type(encoder))}
    own = [f"{name}={value}" for name, value in encoder.options().items() if value != usual[name]]
    return " ".join([encoder.name, *own])


def row_of(cohort: Cohort, input: str, encoder: Encoder, plan: FoldPlan, progress: Progress = silent) -> Row:
    """The row of an encoder: read if these cases, folds and options were scored before, else worked out and written."""
    if encoder.raw:
        return _raw(cohort, input, encoder)
    decides = _decides(cohort, input, encoder, plan)
    earlier = results_cache.read("separation", decides)
    if earlier is not None:
        return _row_from(earlier)
    row = _scored(cohort, input, encoder, plan, progress)
    results_cache.write("separation", decides, _result(row))
    return row


def scored_before(cohort: Cohort, input: str, encoder: Encoder, plan: FoldPlan) -> bool:
    """Whether the row of an encoder only has to be read."""
    return encoder.raw or results_cache.read("separation", _decides(cohort, input, encoder, plan)) is not None


def _decides(cohort: Cohort, input: str, encoder: Encoder, plan: FoldPlan) -> list[Any]:
    return [VERSION, cohort.key, input, identity_of(encoder), plan.kind, len(plan)]


def _scored(cohort: Cohort, input: str, encoder: Encoder, plan: FoldPlan, progress: Progress) -> Row:
    task, target = task_of_cohort(cohort), cohort.target
    encoded = features.encode(cohort, input, encoder, progress=progress)
    seconds, timed = seconds_per_case(cohort, input, encoder)
    outputs = out_of_fold(task, encoded, target, plan.folds, encoder=encoder, progress=progress)
    knn, probe = (score(task, target, probabilities, cohort.groups, len(plan.folds)) for probabilities in outputs)
    cases = probe.cases if probe is not None else 0
    return Row(
        input,
        encoder.name,
        label_of(encoder),
        encoder.options(),
        encoded.dims,
        int(encoded.counts.max(initial=0)),
        seconds,
        timed,
        cases,
        int(cohort.labelled.sum()) - cases,
        len(encoded.failed),
        encoder.trains_in_run,
        encoder.fits_on_fold,
        knn,
        probe,
        None if probe is not None else _too_few(),
    )


def _raw(cohort: Cohort, input: str, encoder: Encoder) -> Row:
    seconds, timed = seconds_per_case(cohort, input, encoder)
    here = int((cohort.present(input) & cohort.labelled).sum())
    return Row(
        input,
        encoder.name,
        label_of(encoder),
        encoder.options(),
        encoder.dims,
        _most_tokens(cohort, input, encoder),
        seconds,
        timed,
        here,
        int(cohort.labelled.sum()) - here,
        0,
        encoder.trains_in_run,
        encoder.fits_on_fold,
        None,
        None,
        before_training(),
    )


def _most_tokens(cohort: Cohort, input: str, encoder: Encoder) -> int:
    counts = [0]
    for value in readable(cohort, input, TIMED):
        try:
            counts.append(features.encode_case(encoder, value).values.shape[1])
        except MMError:
            continue
    return max(counts)


_FACTS = (
    "input", "encoder", "label", "options", "dims", "tokens", "seconds_per_case", "timed", "cases", "missing",
    "failed", "trains_in_run", "fits_on_fold", "reason",
)  # fmt: skip


def _result(row: Row) -> Result:
    """A row as the cache keeps it: facts, and its scores with each unit left out."""
    arrays: dict[str, np.ndarray] = {}
    for name, measured in (("knn", row.knn), ("probe", row.probe)):
        if measured is not None:
            arrays |= {name: measured.left_out.packed, f"{name}-scored": measured.scored}
    metric, folds = ("", None) if row.probe is None else (row.probe.metric, row.probe.folds)
    return Result({**{name: getattr(row, name) for name in _FACTS}, "metric": metric, "folds": folds}, arrays)


def _row_from(result: Result) -> Row:
    facts, arrays = dict(result.document), result.arrays
    metric, folds = facts.pop("metric"), facts.pop("folds")

    def measured(name: str) -> EncoderScore | None:
        return (
            EncoderScore.of(metric, LeftOut.unpacked(arrays[name]), arrays[f"{name}-scored"], folds)
            if name in arrays
            else None
        )

    if facts["reason"] is not None:  # in the language of whoever reads it
        facts["reason"] = _too_few()
    return Row(**facts, knn=measured("knn"), probe=measured("probe"))


def _too_few() -> str:
    return _("Too few cases with a target have this input.")
