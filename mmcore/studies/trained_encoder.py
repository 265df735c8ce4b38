"""What a trained run's learnt encoder part makes of one case."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from torch import nn

from mmcore.base.errors import MMError
from mmcore.base.values import Case, Kind, Value
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder
from mmcore.inspect.encoded_value import EncodedValue
from mmcore.inspect.learnt import encode_learnt, module_of
from mmcore.runs import Run, store
from mmcore.studies.prediction import replicates_of
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
    and no case without a label."""
    folds = sorted(_folds(run, cohort, case, input, digest) - {-1})
    replicates = replicates_of(run, folds[0]) if len(folds) == 1 else None
    return (replicates[0] if replicates else 0), len(folds) < 2


def _folds(run: Run, cohort: Cohort, case: Case, input: str, digest: str) -> set[int]:
    """The folds of all cases of the run with the same content, -1 for those in none; empty for a case it never met."""
    if cohort.key != run.spec.cohort_key or not run.ids:
        if case.id not in cohort.ids:
            return set()
        (content,) = case_digests(cohort.select([case.id]), run.spec)
        return {int(fold) for fold in run.fold_of[run.digests == content]} if content else set()
    ids_of = _by_digest(cohort, input)
    wanted = _digest(cohort, case.id, input) if case.id in cohort.ids else digest
    ids = set(ids_of.get(wanted, ())) if wanted else set()
    if case.id not in cohort.ids and cohort.inputs[input].kind in (Kind.TEXT, Kind.TABLE):  # typed in: no file
        ids |= {id for id in cohort.ids if _value(cohort, id, input) == case.values[input]}
    return {int(fold) for id, fold in zip(run.ids, run.fold_of, strict=True) if id in ids}


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
