"""Protects: recordings in another unit, or without the clock of those trained on, are told; usual ones are not."""

import numpy as np
import pandas as pd
import pytest

from mmcore.base.values import InputSpec, Kind, Signal
from mmcore.cohorts.base import Cohort
from mmcore.cohorts.recording_facts import recording_facts, unlike_recordings
from mmcore.cohorts.schema import Schema


def cohort(seed, *, factor=1.0, rate=100.0, channels=3):
    rng = np.random.default_rng(seed)
    ids = [f"c{i}" for i in range(12)]
    ecg = {}
    for id in ids:
        samples = rng.lognormal(0, 0.3) * rng.normal(size=(channels, 400)) * np.arange(1, channels + 1)[:, None]
        ecg[id] = Signal((factor * samples).astype(np.float32), rate)
    schema = Schema(name="made", inputs={"ecg": InputSpec(name="ecg", kind=Kind.SIGNAL, columns=("ecg",))}, task=None)
    table = pd.DataFrame({"age": range(12)}, index=ids)
    return Cohort.from_memory(schema, table, {"ecg": ecg}, fingerprint=f"{seed}{factor}{rate}")


FACTS = recording_facts(cohort(0), ["ecg"])


@pytest.mark.parametrize("channels", [3, 1], ids=["as many channels", "fewer"])
def test_recordings_of_the_same_unit_are_not_told(channels):
    assert unlike_recordings(cohort(1, channels=channels), FACTS) == []
    assert FACTS["ecg"]["rate_hz"] == 100 and len(FACTS["ecg"]["spreads"]) == 3


@pytest.mark.parametrize("factor", [1000.0, 0.001])
def test_another_unit_is_told_with_count_and_factor(factor):
    (sentence,) = unlike_recordings(cohort(2, factor=factor), FACTS)
    assert "12 of 12 recordings checked," in sentence and "case c0" in sentence
    stated = float(sentence.split("about " if factor > 1 else "1/")[1].split()[0].replace(",", ""))
    assert 500 < stated < 2000


@pytest.mark.parametrize(("trained", "new"), [(100.0, None), (None, 100.0)])
def test_a_clock_on_one_side_only_is_told(trained, new):
    (sentence,) = unlike_recordings(cohort(3, rate=new), recording_facts(cohort(0, rate=trained), ["ecg"]))
    assert "12 of 12 recordings checked," in sentence and (
        "100 Hz" in sentence or "state their sampling rate" in sentence
    )


def test_runs_that_do_not_say_it_tell_nothing():
    assert unlike_recordings(cohort(2, factor=1000), {}) == []
    assert recording_facts(cohort(0), []) == {}
