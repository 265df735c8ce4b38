"""What a trained run's learnt encoder part makes of one case."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from torch import nn

from mmcore.base.errors import MMError
from mmcore.base.values import Case, Kind, Value
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder
from mmcore.inspect.encoded_value import EncodedValue
from mmcore.inspect.learnt import encode_learnt, module_of
from mmcore.runs import Run, store
from mmcore.studies.prediction import replicates_of, trained_on
from mmcore.studies.training import case_digests

MOST = 60  # runs looked through, the newest first


@dataclass(frozen=True, eq=False)
class Learnt:
    """value: tokens after training. unseen: by its content, the replicate asked was not trained on the case."""

    value: EncodedValue
    unseen: bool


def runs_with(cohort: Cohort, input: str, encoder: Encoder) -> list[Run]:
    """Runs of exactly these cases that trained this encoder with these options, newest first."""
    runs = []
    for summary in store().summaries(cohort.key)[:MOST]:
        run = store().find(summary.key) if input in summary.inputs else None
        if run is None:
            continue
        choice = run.spec.encoders[input]
        if (choice.name, choice.options) == (encoder.name, encoder.options()):
            runs.append(run)
    return runs


def learnt(run: Run, cohort: Cohort, case: Case, input: str, digest: str = "") -> Learnt:
    """What the run's learnt part says of one case, by a replicate that has not seen it where there is one.

    cohort: the one the run was trained on, or another that the case is from. digest: of the file the value was read
    from, for a case of neither (see cohorts.media.digest_of_upload). Raises BadInput for a value that cannot be
    encoded.
    """
    replicate, unseen = _replicate(run, cohort, case, input, digest)
    encoder = run.spec.make_encoders()[input]
    return Learnt(encode_learnt(run.fitted, input, encoder, case.values[input], replicate), unseen)


def module(run: Run, cohort: Cohort, case: Case, input: str, digest: str = "") -> nn.Module:
    """The learnt part itself, of the same replicate."""
    return module_of(run.fitted, input, _replicate(run, cohort, case, input, digest)[0])


def _replicate(run: Run, cohort: Cohort, case: Case, input: str, digest: str) -> tuple[int, bool]:
    """A replicate, and whether it has not seen the case: a replicate has seen every fold but the one it was tested on,
    what is trained on and never tested, and no case without a label."""
    rows = _same_content(run, cohort, case, input, digest)
    folds = sorted(set(run.fold_of[rows].tolist()) - {-1})
    replicates = replicates_of(run, folds[0]) if len(folds) == 1 else None
    never_tested = rows & trained_on(run) & (run.fold_of < 0)
    return (replicates[0] if replicates else 0), len(folds) < 2 and not never_tested.any()


def _same_content(run: Run, cohort: Cohort, case: Case, input: str, digest: str) -> np.ndarray:
    """[N] bool: the cases of the run with the same content."""
    if cohort.key != run.spec.cohort_key or not run.ids:
        (content,) = case_digests(cohort.select([case.id]), run.spec) if case.id in cohort.ids else ("",)
        return (run.digests == content) & (content != "")
    ids_of = _by_digest(cohort, input)
    wanted = _digest(cohort, case.id, input) if case.id in cohort.ids else digest
    ids = set(ids_of.get(wanted, ())) if wanted else set()
    if case.id not in cohort.ids and cohort.inputs[input].kind in (Kind.TEXT, Kind.TABLE):  # typed in: no file
        ids |= {id for id in cohort.ids if _value(cohort, id, input) == case.values[input]}
    return np.array([id in ids for id in run.ids], bool)


@lru_cache(maxsize=4)
def _by_digest(cohort: Cohort, input: str) -> dict[str, list[str]]:
    """Ids of the cases with each content of an input."""
    ids_of: dict[str, list[str]] = {}
    for id in cohort.ids:
        ids_of.setdefault(_digest(cohort, id, input), []).append(id)
    cohort.settle()
    return ids_of


def _digest(cohort: Cohort, id: str, input: str) -> str:
    try:
        return cohort.digest(id, input) or ""
    except MMError:
        return ""


def _value(cohort: Cohort, id: str, input: str) -> Value | None:
    try:
        return cohort.value(id, input)
    except MMError:
        return None
