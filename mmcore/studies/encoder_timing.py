"""How long an encoder takes for a case here and now, and whether a whole cohort would take too long."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import numpy as np

from mmcore import features
from mmcore.base.errors import MMError
from mmcore.base.settings import _, room
from mmcore.base.values import Value
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder
from mmcore.storage.shards import Shelf

PATIENCE = 120.0  # seconds that encoding a cohort may take for an encoder nobody named
TIMED, _SECONDS = 4, 1.0  # cases timed at most, and for how long


def seconds_per_case(cohort: Cohort, input: str, encoder: Encoder, cases: int = TIMED) -> tuple[float | None, int]:
    """Seconds that encoding one case takes here and now on one core, reading aside, and on how many it was measured.

    None, 0 if no case can be encoded.
    """
    taken: list[float] = []
    for value in readable(cohort, input, cases + 1):
        started = time.perf_counter()
        try:
            features.encode_case(encoder, value)
        except MMError:
            continue
        taken.append(time.perf_counter() - started)
        if sum(taken[1:]) > _SECONDS:
            break
    measured = taken[1:] or taken  # the first one loads the weights, where there are any
    return (float(np.median(measured)), len(measured)) if measured else (None, 0)


def why_not(cohort: Cohort, input: str, encoder: Encoder) -> str | None:
    """Why "all" leaves an encoder out: it says little before it has learnt, or would take longer than PATIENCE. None
    if it is taken in."""
    if encoder.raw:
        return before_training()
    if encoder.trains_in_run:
        return _(
            "It learns during training: compare runs that use it, or choose it by name to measure the "
            "numbers that go into it."
        )
    seconds, __ = seconds_per_case(cohort, input, encoder, 2)
    present = int(cohort.present(input).sum())
    if seconds is None or seconds * present / (os.cpu_count() or 1) <= PATIENCE:
        return None
    encoded = len(Shelf(room("features") / encoder.identity(), encoder.dims, encoder.dtype).entries)
    left = seconds * max(0, present - encoded) / (os.cpu_count() or 1)
    if left <= PATIENCE:
        return None
    return _("Encoding would take about {minutes:.0f} minutes; choose it by name to include it.").format(
        minutes=left / 60
    )


def before_training() -> str:
    """Why nothing can be measured of an encoder whose tokens are raw values."""
    return _("It reads raw values and has no features before it is trained: compare runs that use it.")


def readable(cohort: Cohort, input: str, count: int) -> Iterator[Value]:
    """Values of the first `count` cases that have the input and can be read."""
    for id, here in zip(cohort.ids, cohort.present(input), strict=True):
        if count and here:
            try:
                value = cohort.value(id, input)
            except MMError:
                continue
            if value is not None:
                count -= 1
                yield value
