"""Whether an encoder suits an input of a cohort, judged by a few of its cases."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from mmcore import features
from mmcore.base.errors import MMError
from mmcore.base.values import Value
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder
from mmcore.features import CheckResult
from mmcore.inspect.encoder_warnings import check_encoder, check_warnings
from mmcore.runs import RunSpec

SAMPLE = 12  # cases looked at before anything is said of the whole cohort


def unsuited(cohort: Cohort, input: str, encoder: Encoder, encode: bool = False) -> list[CheckResult]:
    """What speaks against this encoder for this input, the most frequent first; empty where nothing does.

    encode: also look whether a few cases come out the same, which needs the encoder's weights.
    """
    values = _some(cohort, input)
    return check_encoder(encoder, values) if encode else check_warnings(encoder, values)


def suspicions(cohort: Cohort, specs: Iterable[RunSpec]) -> list[str]:
    """What is odd about the features that these runs were trained on, as far as they are still on disk."""
    encoders: dict[str, Encoder] = {}
    for spec in specs:
        encoders |= spec.make_encoders()
    return [
        result.sentence
        for name, encoder in encoders.items()
        for result in features.check_features(features.on_disk(cohort, name, encoder))
    ]


def _some(cohort: Cohort, input: str) -> list[Value]:
    """Values of cases spread over the cohort, those that cannot be read left out."""
    here, values = np.flatnonzero(cohort.present(input)), []
    for row in np.unique(np.linspace(0, len(here) - 1, min(SAMPLE, len(here))).astype(int)) if len(here) else ():
        try:
            values.append(cohort.value(cohort.ids[here[row]], input))
        except MMError:
            continue
    return [value for value in values if value is not None]
