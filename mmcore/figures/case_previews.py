"""What an input of a case looks like in a cell of a table: an image as a small picture, a signal as a line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.values import Kind, Signal, Value
from mmcore.cohorts import Cohort
from mmcore.figures.overlays import crisp, picture, trace

DRAWN = (Kind.IMAGE, Kind.SIGNAL)  # kinds that have a preview
_PIXELS, _POINTS = 96, 80

Preview = str | list[float] | None


def previews(cohort: Cohort, input: str, ids: Sequence[str]) -> list[Preview]:
    """Of each case: the address of a picture, or the points of a line; None where it is missing or unreadable."""
    return [_preview(_value(cohort, id, input)) for id in ids]


def _value(cohort: Cohort, id: str, input: str) -> Value | None:
    try:
        return cohort.value(id, input)
    except BadInput:
        return None  # it is among the cohort's problems


def _preview(value: Value | None) -> Preview:
    if isinstance(value, Signal):
        _time, samples = trace(value, min(1, value.samples.shape[0] - 1), _POINTS)  # lead II of an ECG
        return [float(sample) for sample in samples]
    if not isinstance(value, np.ndarray):
        return None
    step = max(1, min(value.shape[:2]) // _PIXELS)
    return picture(crisp(value[::step, ::step]))
