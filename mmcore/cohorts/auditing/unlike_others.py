"""Cases that are like no other case of the cohort: a wrong file, a broken recording, or somebody rare."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mmcore.base.settings import _, counted
from mmcore.cohorts.auditing.base import AuditedCohort, AuditFinding, Check, Severity, checks
from mmcore.cohorts.auditing.case_features import numbers_of
from mmcore.cohorts.typicality import LEAST, Neighbourhood

MOST = 0.05  # share of the cases: if more stand out, the cohort is of several sorts and none of them is the exception


@checks.register("unlike_others")
class UnlikeOthers(Check):
    """Images, texts, signals or values unlike all others of the cohort."""

    least = LEAST

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        for input in audited.cohort.inputs:
            values = numbers_of(audited, input)
            rows = np.flatnonzero(np.isfinite(values).all(1)) if values.shape[1] else np.array([], int)
            if len(rows) < LEAST:
                continue
            far = Neighbourhood(values[rows]).outliers()
            if not far.any() or far.mean() > MOST:
                continue
            yield AuditFinding(
                self.name,
                Severity.LOW,
                counted(
                    int(far.sum()),
                    "In {count} case, '{input}' is unlike that of all others.",
                    "In {count} cases, '{input}' is unlike that of all others.",
                    input=input,
                ),
                _(
                    "Review them: each may be a wrong file, a failed recording or a rare case. There are too few "
                    "such cases for the scores to say how methods do on them."
                ),
                {"input": input, "cases": int(far.sum())},
                tuple(audited.ids[rows[far]]),
            )
