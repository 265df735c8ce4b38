"""The audit of a cohort, with what encoders already made of its values."""

from __future__ import annotations

import numpy as np

from mmcore.base.errors import MMError
from mmcore.base.progress import Progress, silent
from mmcore.base.values import Kind
from mmcore.cohorts import Cohort
from mmcore.cohorts.auditing import AuditFinding, audit
from mmcore.encoders import make
from mmcore.features import on_disk
from mmcore.studies.encoder_choice import default_encoders

_SHARE = 0.95  # of the present values that must be encoded already


def audited(cohort: Cohort, progress: Progress = silent) -> list[AuditFinding]:
    """All findings, see `audit`. Nothing is encoded for it: inputs without features are compared by cheap sketches."""
    features: dict[str, np.ndarray] = {}
    for input, choice in default_encoders(cohort).items():
        if cohort.inputs[input].kind is Kind.TABLE:
            continue
        try:
            vectors, there = on_disk(cohort, input, make(choice.name, cohort.inputs[input])).pooled()
        except MMError:  # an encoder that is not at hand, or features that are gone
            continue
        if there.sum() >= _SHARE * max(1, int(cohort.present(input).sum())):
            features[input] = np.where(there[:, None], vectors, np.nan)
    return audit(cohort, progress, features)
