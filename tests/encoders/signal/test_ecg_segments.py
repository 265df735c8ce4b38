"""Protects named segments of an ECG: each token tells what its name says, and is silent where nothing is seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmcore.base.values import Evidence, Seconds, Segment
from mmcore.encoders.signal import wave_network
from mmcore.encoders.signal.ecg_segments import LEADS, NAMED
from mmcore.explain.tests.pointing import overlaps
from tests.encoders.signal.shared import ecg, noise, usable

pytestmark = pytest.mark.skipif(wave_network.unavailable() is not None, reason="openecg is not here")
NAMES = list(NAMED)


@pytest.fixture(scope="module")
def signal():
    return replace(ecg(60), channel_names=("I", "V2", "V5"))


def raised(signal, channel, by):
    """The ST segments of one lead lifted."""
    samples = signal.samples.copy()
    time = np.arange(samples.shape[1]) / signal.rate
    for peak in np.arange(0.4, 10, 1.0):
        samples[channel] += by * np.exp(-0.5 * ((time - peak - 0.11) / 0.03) ** 2).astype(np.float32)
    return replace(signal, samples=samples)


def test_a_token_for_each_segment_of_each_lead_and_one_for_the_rhythm(signal):
    encoder = usable("ecg_segments")
    tokens, places = encoder.prepare([signal]), encoder.places(signal)
    assert tokens.mask.all() and len(places) == 5 * 3 + 1
    assert [place.name for place in places[3:6]] == ["PR segment in I", "PR segment in V2", "PR segment in V5"]
    assert places[-1].name == "Rhythm" and places[-1].channel is None
    assert all(isinstance(place, Segment) and len(place.again) >= 7 for place in places[:-1])
    used = tokens.values[0] != 0
    assert (used.sum(0) <= 1).all(), "each token has dimensions of its own"


def test_what_is_lifted_is_told_by_its_own_token(signal):
    encoder = usable("ecg_segments")
    before, after = encoder.prepare([signal, raised(signal, 1, 0.3)]).values
    row, first = NAMES.index("ST") * 3 + 1, (NAMES.index("ST") * LEADS + 1) * 5
    assert after[row, first] - before[row, first] > 0.1
    others = [NAMES.index("ST") * 3, NAMES.index("QRS") * 3, NAMES.index("P") * 3]
    assert np.abs(after[others] - before[others]).max() < 3, "slopes aside, other leads stay"


def test_the_rhythm_is_measured(signal):
    readings = {reading.name: reading for reading in usable("ecg_segments").readings(signal)}
    assert readings["Heart rate"].value == pytest.approx(60, abs=1)
    assert readings["PR interval"].value == pytest.approx(165, abs=45)
    assert readings["QRS duration"].value == pytest.approx(95, abs=40)
    assert readings["QT interval"].value == pytest.approx(440, abs=60)
    assert "QRS complex in V2" in readings and readings["T wave in I"].unit == "mV"


def test_nothing_is_made_up_of_what_is_no_ecg():
    encoder, still = usable("ecg_segments"), noise(2, 1000, 100.0)
    tokens = encoder.prepare([still]).values[0]
    assert set(tokens.unique().tolist()) == {0.0, 1.0} and tokens.sum() == 5 * 2 + 9, (
        "each only says that it is missing"
    )
    assert "beats" in encoder.suits(still) and all(reading.value is None for reading in encoder.readings(still))
    assert not any(place.again for place in encoder.places(still)[:-1])


def test_evidence_in_any_beat_meets_the_segment(signal):
    st = usable("ecg_segments").places(signal)[NAMES.index("ST") * 3]
    last = st.again[-1]
    assert overlaps(st, Evidence("late", (Seconds(last.start, last.end),)))
    assert not overlaps(st, Evidence("before", (Seconds(last.end + 0.2, last.end + 0.25),)))
