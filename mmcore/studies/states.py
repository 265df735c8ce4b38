"""What a trained run's learnt encoder part makes of one case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torch import nn

from mmcore.cases import Case
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder
from mmcore.explain.learnt import module_of, say_learnt
from mmcore.explain.said import Said
from mmcore.runs import Run, store
from mmcore.studies.prediction import known_folds, replicates_of

MOST = 60  # runs looked through, the newest first


@dataclass(frozen=True, eq=False)
class Learnt:
    """said: tokens after training. unseen: the replicate asked had not seen the case."""

    said: Said
    unseen: bool


def runs_with(cohort: Cohort, input: str, encoder: Encoder) -> list[Run]:
    """Runs of exactly these cases that trained this encoder with these options, newest first."""
    found = []
    for summary in store().list(cohort.key)[:MOST]:
        run = store().find(summary.key) if input in summary.inputs else None
        if run is None:
            continue
        choice = run.spec.encoders[input]
        if (choice.name, choice.options) == (encoder.name, encoder.options()):
            found.append(run)
    return found


def learnt(run: Run, cohort: Cohort | None, case: Case, input: str) -> Learnt:
    """What the run's learnt part says of one case, by a replicate that has not seen it where there is one.

    Pass no cohort for an uploaded case. Raises BadInput for a value that cannot be encoded.
    """
    replicate, unseen = _replicate(run, cohort, case)
    encoder = run.spec.make_encoders()[input]
    return Learnt(say_learnt(run.fitted, input, encoder, case.values[input], replicate), unseen)


def module(run: Run, cohort: Cohort | None, case: Case, input: str) -> nn.Module:
    """The learnt part itself, of the same replicate."""
    return module_of(run.fitted, input, _replicate(run, cohort, case)[0])


def _replicate(run: Run, cohort: Cohort | None, case: Case) -> tuple[int, bool]:
    """A replicate, and whether it has not seen the case."""
    replicates: Sequence[int] | None = None
    if cohort is not None and case.id in cohort.ids:
        replicates = replicates_of(run, int(known_folds(run, cohort.select([case.id]))[0]))
    return (replicates[0] if replicates else 0), bool(replicates) or cohort is None
