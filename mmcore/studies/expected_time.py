"""About how long a comparison will take, said before anybody presses the button."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable

from mmcore import runs
from mmcore.base.settings import room
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder
from mmcore.fusion import fusions
from mmcore.runs import RunSpec
from mmcore.storage.shards import Shelf
from mmcore.studies.costing import cost
from mmcore.studies.encoder_timing import seconds_per_case

_BEGINNING = 3.0  # seconds before the first step: weights are loaded, cases divided
_PER_CASE = {"vectors": 2.5e-4, "tokens": 4e-3}  # seconds of training for a case in a replicate, on two cores
# Seconds of one core for a case, of the default encoders whose weights take seconds to load: too long for a guess.
_USUAL = {"efficientnet_lite0": 0.03, "minilm_l6": 0.04, "minilm_tfidf": 0.04}
_TOKENS, _PLAIN, _READ, _ENCODING = 8.0, 12.0, 0.01, 4.0  # work, as a multiple of a run that reads vectors
_TIMED = 2  # cases encoded to see how long one takes


def expected_seconds(cohort: Cohort, specs: Iterable[RunSpec]) -> float:
    """Seconds until these runs are finished here: what is not encoded yet, then the training of what was not trained.

    Encoding is measured on a few cases, or known for the default encoders; training is judged by runs of this cohort
    where there are any, else by what such a method takes on a small machine. A guess to plan by, within a factor of two
    as a rule.
    """
    waiting = [spec for spec in specs if runs.store().find(spec.key) is None]
    if not waiting:
        return 0.0
    encoders: dict[str, Encoder] = {}
    for spec in waiting:
        encoders |= spec.make_encoders()
    encoding = sum(_encoding(cohort, name, encoder) for name, encoder in encoders.items())
    return _BEGINNING + encoding + sum(_training(cohort, spec) for spec in waiting)


def amounts_of_work(cohort: Cohort, specs: Iterable[RunSpec], *, plain: bool, tuned: bool = False) -> list[float]:
    """How much work each run is likely to be, as a multiple of one that reads a vector of each input, and last, where
    they are fitted, all plain baselines. Next to none for a run that is there already, unless it is to be tuned."""
    there = set() if tuned else {summary.key for summary in runs.store().summaries(cohort.key)}
    amounts, seen = [], set()
    for spec in specs:
        amount = _READ if spec.key in there else _amount(spec)
        for name, encoder in spec.make_encoders().items():
            if amount > _READ and (name, encoder.identity()) not in seen:
                amount += _ENCODING * _left(cohort, name, encoder) / max(len(cohort), 1)
                seen.add((name, encoder.identity()))
        amounts.append(amount)
    return amounts + ([_PLAIN] if plain else [])


def in_round_seconds(seconds: float) -> int:
    """As people say it beforehand: to 5 s, 10 s, then half minutes."""
    step = 5 if seconds < 30 else 10 if seconds < 120 else 30
    return max(step, step * math.ceil(seconds / step))


def _amount(spec: RunSpec) -> float:
    return 1.0 if spec.single_input or fusions[spec.fusion].reads == "vectors" else _TOKENS


def _encoding(cohort: Cohort, name: str, encoder: Encoder) -> float:
    left = _left(cohort, name, encoder)
    each = _USUAL.get(encoder.name)
    if each is None and left:
        each = seconds_per_case(cohort, name, encoder, _TIMED)[0]
    return left * (each or 0.0) / min(os.cpu_count() or 1, 2)


def _left(cohort: Cohort, name: str, encoder: Encoder) -> int:
    """How many cases are still to be encoded; none by an encoder that learns in the run."""
    if encoder.trains_in_run:
        return 0
    encoded = len(Shelf(room("features") / encoder.identity(), encoder.dims, encoder.dtype).entries)
    return max(0, int(cohort.present(name).sum()) - encoded)


def _training(cohort: Cohort, spec: RunSpec) -> float:
    trains_encoder = any(encoder.trains_in_run for encoder in spec.make_encoders().values())
    price = cost(cohort, spec) if trains_encoder else None
    if price is not None:  # runs with encoders that are read once say nothing about it
        return price.seconds
    earlier = [run for run in runs.store().summaries(cohort.key) if run.fusion == spec.fusion]
    replicates = spec.folds * spec.seeds
    if earlier:
        return earlier[0].seconds * replicates / max(earlier[0].folds * earlier[0].seeds, 1)
    return _PER_CASE[fusions[spec.fusion].reads] * len(cohort) * replicates
