"""Which encoder tells the target apart: encoders of a cohort side by side, out of fold, before any head is trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from mmcore.base.errors import Cancelled, MMError
from mmcore.base.progress import Progress, part_of, silent
from mmcore.cohorts import Cohort, folds_of
from mmcore.encoders import Encoder
from mmcore.evaluation import Difference, better, lower_is_better, primary_of
from mmcore.evaluation.encoder_score import EncoderScore, Row
from mmcore.evaluation.separation import chance
from mmcore.studies.encoder_agreement import Agreement, agreement
from mmcore.studies.encoder_scores import label_of, row_of, scored_before
from mmcore.studies.encoder_timing import why_not
from mmcore.studies.planning import task_of_cohort
from mmcore.studies.study_settings import DEFAULTS, StudySettings
from mmcore.studies.wanted_encoders import Wanted, wanted_encoders

SCORES = ("knn", "probe")


@dataclass(frozen=True)
class ProbeVerdict:
    """best: the encoder with the best probe. even: those not told apart from it. resolution: about how large a
    difference must be before these cases can show it (half the width of the paired 95% interval, median)."""

    best: str
    even: list[str]
    resolution: float


@dataclass(frozen=True, eq=False)
class FeatureStudy:
    """Encoders side by side. metric: the task's primary one; chance: what it is for one answer to all. left_out: what
    "all" did not include: (input, encoder, reason). agreement: how alike the encoders place the cases, or None."""

    cohort: Cohort
    metric: str
    chance: float
    split: str
    folds: int
    rows: list[Row]
    left_out: list[tuple[str, str, str]]
    agreement: Agreement | None
    problems: list[str] = field(default_factory=list)

    def verdict(self, input: str) -> ProbeVerdict | None:
        """What the linear probes of an input come to; None where fewer than two were scored."""
        scored = [row for row in self.rows if row.input == input and row.probe is not None]
        best = max(scored, key=lambda row: _value(self.metric, row.probe), default=None)
        gaps = {row.label: gap for row in scored if (gap := row.vs_best["probe"]) is not None}
        if best is None or not gaps:
            return None
        even = [label for label, gap in gaps.items() if gap.low <= 0 <= gap.high]
        return ProbeVerdict(best.label, even, float(np.median([(gap.high - gap.low) / 2 for gap in gaps.values()])))

    def document(self) -> dict[str, Any]:
        """What `features --json` prints."""
        return {
            "cohort": self.cohort.name,
            "synthetic": self.cohort.schema.synthetic,
            "cases": int(self.cohort.labelled.sum()),
            "task": self.cohort.schema.task,
            "folds": self.folds,
            "split": self.split,
            "metric": self.metric,
            "better": "lower" if lower_is_better(self.metric) else "higher",
            "chance": self.chance,
            "encoders": [row.document() for row in self.rows],
            "left_out": [{"input": input, "encoder": name, "reason": reason} for input, name, reason in self.left_out],
            "agreement": None if self.agreement is None else self.agreement.document(),
            "problems": [*self.cohort.problems, *self.problems],
        }


def features(
    cohort: Cohort,
    encoders: Wanted | None = None,
    settings: StudySettings = DEFAULTS,
    *,
    inputs: Sequence[str] | None = None,
    progress: Progress = silent,
) -> FeatureStudy:
    """How well the features of each encoder tell the target apart, out of fold, by neighbours and by a linear probe.

    encoders: by input, one or several; "all" stands for every one that is at hand, does not learn in a run, and
    encodes the cohort within two minutes. Inputs (all usable ones by default) for which nothing is named get their
    default encoder. settings: its folds and split count here. What was scored before is read.
    Raises NotFound, BadInput or Unavailable for whatever stands in the way.
    """
    task, plan = task_of_cohort(cohort), folds_of(cohort, settings.split, settings.folds)
    wanted, left_out = wanted_encoders(cohort, encoders or {}, inputs)
    scored: list[tuple[Row, Encoder]] = []
    for i, want in enumerate(wanted):
        input, encoder = want.input, want.encoder
        part = part_of(progress, f"{input}: {label_of(encoder)}", i, len(wanted))
        try:
            reason = None if want.named else why_not(cohort, input, encoder)
            if reason is None:
                scored.append((row_of(cohort, input, encoder, plan, part), encoder))
                continue
        except Cancelled:
            raise
        except MMError as error:
            if want.named:
                raise
            reason = str(error)
        left_out.append((input, encoder.name, reason))
    metric = primary_of(task.name)
    return FeatureStudy(
        cohort,
        metric,
        chance(task, cohort.target, plan.folds),
        plan.kind,
        len(plan),
        _against_best([row for row, _encoder in scored], metric),
        left_out,
        _agreement(cohort, scored, progress),
        settings.folds_not_followed(len(plan), plan.kind),
    )


def unscored(cohort: Cohort, encoders: Wanted, settings: StudySettings = DEFAULTS) -> list[str]:
    """Labels of the encoders of `encoders` that `features` would have to work out, since nobody scored them before."""
    plan = folds_of(cohort, settings.split, settings.folds)
    return [
        label_of(want.encoder)
        for want in wanted_encoders(cohort, encoders, list(encoders))[0]
        if not scored_before(cohort, want.input, want.encoder, plan)
    ]


def goodness(metric: str, value: float) -> float:
    """A score turned so that more is better; one that is not defined is worst."""
    return better(metric)(value) if value == value else float("-inf")


def _against_best(rows: list[Row], metric: str) -> list[Row]:
    """Each row with its difference to the best of the same input, where both were scored on the same cases."""
    best: dict[tuple[str, str], EncoderScore] = {}
    for kind in SCORES:
        for row in rows:
            own, other = getattr(row, kind), best.get((row.input, kind))
            if own is not None and (other is None or _value(metric, own) > _value(metric, other)):
                best[row.input, kind] = own
    return [
        replace(row, vs_best={kind: _gap(getattr(row, kind), best.get((row.input, kind))) for kind in SCORES})
        for row in rows
    ]


def _value(metric: str, score: EncoderScore | None) -> float:
    return float("-inf") if score is None else goodness(metric, score.interval.mean)


def _gap(own: EncoderScore | None, best: EncoderScore | None) -> Difference | None:
    return None if own is None or best is None or own is best else own.against(best)


def _agreement(cohort: Cohort, scored: list[tuple[Row, Encoder]], progress: Progress) -> Agreement | None:
    labelled = {f"{row.input}: {row.label}": (row.input, encoder) for row, encoder in scored if row.probe is not None}
    return agreement(cohort, labelled, progress) if len(labelled) > 1 else None
