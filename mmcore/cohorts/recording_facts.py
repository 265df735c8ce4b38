"""How far recordings swing and how often they were sampled: another unit, or a clock that is not there, shows in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from mmcore.base.errors import MMError
from mmcore.base.settings import counted
from mmcore.base.values import Kind, Signal
from mmcore.cohorts.base import Cohort

_LOOKED = 40  # recordings of an input that are read for it, spread evenly over the cases
_SAMPLES = 50_000  # of a channel that are looked at
_MARGIN = 4.0  # times the widest, or a fourth of the narrowest, of the recordings trained on: another unit

RecordingFacts = dict[str, dict[str, Any]]  # input -> "rate_hz": usual rate or None, "spreads": [[low, usual, high]]


def recording_facts(cohort: Cohort, inputs: Iterable[str]) -> RecordingFacts:
    """Of each signal input among these its usual rate (None where most recordings say none), and by channel how far
    recordings swing: narrowest, median, widest. One row for all channels where recordings differ in their number.

    It is stored with a run, so it holds nothing of a single case but extremes of a spread.
    """
    facts: RecordingFacts = {}
    for name in inputs:
        kind = cohort.inputs[name].kind
        signals = [signal for _id, signal in _some(cohort, name)] if kind is Kind.SIGNAL else []
        if not signals:
            continue
        rates = [signal.rate_hz for signal in signals if signal.rate_hz]
        spreads = _by_channel([spread_of(signal) for signal in signals])
        rows = [
            [float(f"{number:.4g}") for number in (moving.min(), np.median(moving), moving.max())]
            if (moving := row[row > 0]).size
            else [0.0, 0.0, 0.0]
            for row in spreads.T
        ]
        rate = float(np.median(rates)) if 2 * len(rates) > len(signals) else None
        facts[name] = {"rate_hz": rate, "spreads": rows}
    return facts


def unlike_recordings(cohort: Cohort, facts: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """A sentence for each signal input whose recordings swing far more or less than those of `facts`, or say no rate
    where those did (or the other way round)."""
    sentences = []
    for name, usual in facts.items():
        if name not in cohort.inputs or cohort.inputs[name].kind is not Kind.SIGNAL:
            continue
        read = list(_some(cohort, name))
        if read:
            sentences += _of_spread(name, read, np.array(usual["spreads"], float).reshape(-1, 3))
            sentences += _of_rate(name, read, usual["rate_hz"])
    return sentences


def spread_of(signal: Signal) -> np.ndarray:
    """[C] how far each channel swings: between its 5th and 95th percentile, or its standard deviation if these are
    equal; in the unit of the samples."""
    samples = signal.samples[:, :: max(1, signal.samples.shape[1] // _SAMPLES)]
    low, high = np.percentile(samples, [5, 95], axis=1)
    return np.where(high > low, high - low, samples.std(axis=1))


def _of_spread(name: str, read: list[tuple[str, Signal]], usual: np.ndarray) -> list[str]:
    factors: dict[str, float] = {}
    for id, signal in read:
        spreads = spread_of(signal)
        rows = usual if len(usual) == len(spreads) else np.tile(_pooled(usual), (len(spreads), 1))
        there = (spreads > 0) & (rows[:, 1] > 0)
        odd = there & ((spreads > _MARGIN * rows[:, 2]) | (spreads < rows[:, 0] / _MARGIN))
        if 2 * odd.sum() >= max(1, there.sum()) and odd.any():
            factors[id] = float(np.median(spreads[odd] / rows[odd, 1]))
    if not factors:
        return []
    factor = float(np.median([*factors.values()]))
    own = {
        "name": name,
        "looked": len(read),
        "factor": f"{float(f'{max(factor, 1 / factor):.2g}'):,.0f}",
        "id": next(iter(factors)),
    }
    if factor >= 1:
        return [
            counted(
                len(factors),
                "Input '{name}': {count} of {looked} recordings checked, that of case {id}, swings about "
                "{factor} times as far as those that the run was trained on. Check the unit (mV, µV); "
                "the samples are used as they are.",
                "Input '{name}': {count} of {looked} recordings checked, such as that of case {id}, "
                "swing about {factor} times as far as those that the run was trained on. Check the unit "
                "(mV, µV); the samples are used as they are.",
                **own,
            )
        ]
    return [
        counted(
            len(factors),
            "Input '{name}': {count} of {looked} recordings checked, that of case {id}, swings only "
            "1/{factor} as far as those that the run was trained on. Check the unit (mV, µV); the "
            "samples are used as they are.",
            "Input '{name}': {count} of {looked} recordings checked, such as that of case {id}, swing "
            "only 1/{factor} as far as those that the run was trained on. Check the unit (mV, µV); the "
            "samples are used as they are.",
            **own,
        )
    ]


def _of_rate(name: str, read: list[tuple[str, Signal]], usual: float | None) -> list[str]:
    without = [id for id, signal in read if not signal.rate_hz]
    timed = [id for id, signal in read if signal.rate_hz]
    if usual and without:
        return [
            counted(
                len(without),
                "Input '{name}': {count} of {looked} recordings checked, that of case {id}, states no "
                "sampling rate, so time is counted in samples; those that the run was trained on had "
                "{rate:g} Hz. Write the rate into the file or into cohort.toml: a prediction without it "
                "is a guess.",
                "Input '{name}': {count} of {looked} recordings checked, such as that of case {id}, "
                "state no sampling rate, so time is counted in samples; those that the run was trained "
                "on had {rate:g} Hz. Write the rate into the files or into cohort.toml: predictions "
                "without it are guesses.",
                name=name,
                looked=len(read),
                id=without[0],
                rate=usual,
            )
        ]
    if usual is None and timed:
        return [
            counted(
                len(timed),
                "Input '{name}': {count} of {looked} recordings checked, that of case {id}, states its "
                "sampling rate; those that the run was trained on did not, and time was counted in "
                "samples. Train again with the rate.",
                "Input '{name}': {count} of {looked} recordings checked, such as that of case {id}, "
                "state their sampling rate; those that the run was trained on did not, and time was "
                "counted in samples. Train again with the rate.",
                name=name,
                looked=len(read),
                id=timed[0],
            )
        ]
    return []


def _some(cohort: Cohort, name: str) -> Iterator[tuple[str, Signal]]:
    ids = [id for id, there in zip(cohort.ids, cohort.present(name), strict=True) if there]
    for id in ids[:: max(1, len(ids) // _LOOKED)][:_LOOKED]:
        try:
            value = cohort.value(id, name)
        except MMError:  # set aside, and told where it is encoded
            continue
        if isinstance(value, Signal) and value.samples.size:
            yield id, value


def _by_channel(spreads: list[np.ndarray]) -> np.ndarray:
    """[recordings, C], or [channels of all recordings, 1] where they differ in number."""
    if len({len(row) for row in spreads}) == 1:
        return np.stack(spreads)
    return np.concatenate(spreads)[:, None]


def _pooled(usual: np.ndarray) -> np.ndarray:
    moving = usual[usual[:, 1] > 0]
    if not len(moving):
        return np.zeros(3)
    return np.array([moving[:, 0].min(), np.median(moving[:, 1]), moving[:, 2].max()])
