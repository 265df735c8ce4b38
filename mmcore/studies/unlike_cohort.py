"""Whether the values of one case are like those of a cohort: what a model was not trained on it answers by chance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mmcore.base.errors import MMError
from mmcore.base.values import Kind, Value
from mmcore.cohorts import Cohort
from mmcore.cohorts.auditing.facts import facts_of
from mmcore.cohorts.typicality import LEAST, Neighbourhood
from mmcore.encoders import Encoder
from mmcore.features import encode_case, on_disk

MOST = 300  # values that are read where none are encoded

Measure = Callable[[Value], np.ndarray | None]


def measured(cohort: Cohort, input: str, encoder: Encoder) -> list[tuple[Neighbourhood, Measure]]:
    """What a value of this input is compared by: the encoder's features of the cohort, as far as they are on disk, and
    for images and signals a coarse picture or spectrum as well. Empty where there is too little to compare with."""
    ways: list[tuple[Neighbourhood, Measure]] = []
    if cohort.inputs[input].kind is Kind.TABLE:
        return ways
    try:
        vectors, there = on_disk(cohort, input, encoder).pooled()
    except MMError:
        vectors, there = np.zeros((0, 1)), np.zeros(0, bool)
    if there.sum() >= LEAST and not encoder.trains_in_run:
        ways.append((Neighbourhood(vectors[there]), lambda value: _encoded(encoder, value)))
    if cohort.inputs[input].kind is not Kind.TEXT:
        coarse = _coarse(cohort, input)
        if len(coarse) >= LEAST:
            ways.append((Neighbourhood(np.stack(coarse)), lambda value: facts_of(value).coarse))
    return ways


def is_unlike(ways: list[tuple[Neighbourhood, Measure]], value: Value) -> bool:
    """Whether by one of these ways the value is unlike all of the cohort."""
    for cohort, measure in ways:
        numbers = measure(value)
        if numbers is not None and cohort.how_far(numbers)[1]:
            return True
    return False


def _encoded(encoder: Encoder, value: Value) -> np.ndarray | None:
    try:
        tokens = encode_case(encoder, value)
    except MMError:
        return None
    return tokens.values[0][tokens.mask[0]].mean(0).numpy()


def _coarse(cohort: Cohort, input: str) -> list[np.ndarray]:
    ids = [id for id, there in zip(cohort.ids, cohort.present(input), strict=True) if there]
    coarse = []
    for id in ids[:: max(1, len(ids) // MOST)][:MOST]:
        try:
            value = cohort.value(id, input)
        except MMError:
            continue
        numbers = facts_of(value).coarse if value is not None else None
        if numbers is not None:
            coarse.append(numbers)
    return coarse
