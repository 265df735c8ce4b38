"""Columns that were decided after the target was known, or that measure the same thing a second time."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from mmcore.base.name_lists import list_of
from mmcore.base.settings import _
from mmcore.cohorts.auditing.association import LEAST, associate, design
from mmcore.cohorts.auditing.base import ANY_TARGET, AuditedCohort, AuditFinding, Check, Severity, checks

DECIDED = re.compile(
    r"(management|treatment|therapy|medicat|prescri|discharge|outcome|procedure|surgery|operation|biopsy|referral"
    r"|follow.?up|disposition|length.?of.?stay|\blos\b|mortality|death|survival|complication|diagnos|icd|出院|治疗|手术|诊断|预后|用药)",
    re.IGNORECASE,
)
MARGIN = 0.1  # AUROC or R² above chance
_FEWEST = 30  # cases with both values
TWICE = 0.5  # correlation with the target from which a column of a similar name measures it again


@checks.register("decided_afterwards")
class DecidedAfterwards(Check):
    """Inputs that are known only after what is to be predicted: treatments, outcomes, diagnoses."""

    tasks, least = ANY_TARGET, LEAST

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        if audited.task is None:
            return
        telling = {}
        for name in audited.table_columns():
            if DECIDED.search(name):
                score = associate(design(audited.cohort.table[[name]]), audited.target, str(audited.task))
                if score is not None and score.beats(MARGIN):
                    telling[name] = score
        if telling:
            yield AuditFinding(
                self.name,
                Severity.MEDIUM,
                _(
                    "These columns predict the target, but their names suggest that they are known only "
                    "later: {columns}."
                ).format(columns=list_of(f"'{name}'" for name in telling)),
                _("Ask whether each is known when the prediction is needed. If not, leave it out of the inputs."),
                {"scores": {name: score.score for name, score in telling.items()}},
            )


@checks.register("second_measurement")
class SecondMeasurement(Check):
    """Columns that measure the same thing as the target, such as diastolic beside systolic pressure."""

    tasks, least = ("regression",), _FEWEST

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        target = audited.cohort.schema.target
        if audited.task != "regression" or target is None:
            return
        again = {}
        for name in audited.table_columns():
            values = pd.to_numeric(audited.column(name), errors="coerce").to_numpy(float)
            both = np.isfinite(values) & np.isfinite(audited.target)
            if both.sum() < _FEWEST or np.ptp(values[both]) == 0 or np.ptp(audited.target[both]) == 0:
                continue
            correlation = float(np.corrcoef(values[both], audited.target[both])[0, 1])
            if abs(correlation) > TWICE and _similar(name, target):
                again[name] = correlation
        if again:
            yield AuditFinding(
                self.name,
                Severity.MEDIUM,
                _(
                    "Judging by names and values, these measure the same thing as the target '{target}': {columns}."
                ).format(columns=list_of(f"'{name}'" for name in again), target=target),
                _(
                    "If they come from the same measurement as the target, they are not known before it: leave "
                    "them out."
                ),
                {"correlation": again},
            )


def _similar(name: str, other: str) -> bool:
    first, second = (re.sub(r"[\W_]+", "", text.casefold()) for text in (name, other))
    return difflib.SequenceMatcher(None, first, second).ratio() >= 0.6
