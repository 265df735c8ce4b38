"""Protects MATLAB structs: the recording in them, its rate and its channels are read, and a bomb is refused."""

from __future__ import annotations

import io

import numpy as np
import pytest
import scipy.io

from mmcore import readers
from mmcore.base.errors import BadInput
from mmcore.readers import arrays

SAMPLES = np.random.default_rng(0).normal(size=(3, 400)).astype("float32")
LEADS = ["I", "II", "V1"]


def mat(variables: dict[str, object], compressed: bool = True) -> bytes:
    stream = io.BytesIO()
    scipy.io.savemat(stream, variables, do_compression=compressed)
    return stream.getvalue()


@pytest.mark.parametrize(
    "variables",
    [
        {"ECG": {"data": SAMPLES, "fs": 250, "sex": "F"}},
        {"rec": {"info": {"sampling_rate": 250.0}, "signal": {"val": SAMPLES.T}}},
        {"cell": np.array([SAMPLES, 1], dtype=object), "fs": 250},
    ],
    ids=["struct", "struct of structs", "cell"],
)
def test_the_recording_in_a_struct_is_read_with_its_rate(variables):
    value = readers.read_bytes("signal", "a.mat", mat(variables))
    assert np.allclose(value.samples, SAMPLES) and value.rate_hz == 250


def test_names_of_channels_are_read():
    names = np.array(LEADS, dtype=object)
    value = readers.read_bytes("signal", "a.mat", mat({"EEG": {"data": SAMPLES, "srate": 250, "labels": names}}))
    assert value.channel_names == ("I", "II", "V1")


def test_a_struct_that_would_fill_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr(arrays, "MAX_BYTES", 2**16)
    with pytest.raises(BadInput, match="decompressed"):
        readers.read_bytes("signal", "a.mat", mat({"ECG": {"data": np.zeros((3, 9000))}}))
