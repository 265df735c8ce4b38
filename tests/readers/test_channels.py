"""Protects: channels are matched by name and unit, never by their place in the file."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore import readers
from mmcore.base.errors import BadInput
from mmcore.base.values import Channel, InputSpec, Kind
from mmcore.readers.channels import agreed, channel_of, same_name

LEADS = (Channel(name="I", unit="mV"), Channel(name="V2", unit="mV"))
SPEC = InputSpec(name="ecg", kind=Kind.SIGNAL, columns=("ecg",), channels=LEADS)


def read(text: str, spec: InputSpec = SPEC):
    return readers.read_bytes("signal", "a.csv", text.encode(), spec)


def test_order_and_unit_are_those_of_the_input():
    signal = read("V2_uV,Lead I (mV)\n" + "\n".join(f"{1000 * i % 7},{i % 5}" for i in range(30)))
    assert signal.channel_names == ("I", "V2") and signal.unit == "mV"
    assert signal.samples[0, 3] == 3 and signal.samples[1, 1] == pytest.approx(1000 % 7 / 1000)


def test_a_channel_too_many_is_left_and_one_too_few_is_refused():
    assert read("x,I,V2\n1,2,3\n4,5,6\n5,5,5\n").samples.shape == (2, 3)
    with pytest.raises(BadInput, match="no channel V2; it has I, V3"):
        read("I,V3\n1,2\n3,4\n")


def test_units_that_cannot_be_converted_are_refused():
    spec = SPEC.model_copy(update={"channels": (Channel(name="P", unit="mmHg"),)})
    with pytest.raises(BadInput, match="mmHg"):
        read("P (mV),x\n1,2\n3,4\n", spec)


def test_channels_without_names_are_taken_as_they_come():
    assert read("0.5,1\n0.25,2\n0.5,9\n").samples.tolist() == [[0.5, 0.25, 0.5], [1, 2, 9]]


def test_what_recordings_agree_on():
    turned = tuple(reversed(LEADS))
    micro = tuple(Channel(name=c.name, unit="uV") for c in LEADS)
    assert agreed([LEADS, turned, LEADS]) == LEADS and agreed([LEADS, micro]) == LEADS
    three = [(*LEADS, Channel(name="V5", unit="mV")), (LEADS[0], Channel(name="V4", unit="mV")), (LEADS[0],)]
    assert [c.name for c in agreed(three)] == ["I"]
    assert agreed([]) == () and agreed([(Channel(name="x"), Channel(name="x"))]) == ()


def test_spellings_of_a_channel():
    assert same_name("Lead II") == same_name("ii") == same_name("ECG_II") and same_name("ECG") == "ecg"
    assert channel_of("II (µV)") == Channel(name="II", unit="µV") and channel_of("age (years)").unit == ""


def test_an_input_without_channels_keeps_its_document():
    plain = InputSpec(name="ecg", kind=Kind.SIGNAL, columns=("ecg",))
    assert "channels" not in plain.model_dump() and InputSpec(**SPEC.model_dump()) == SPEC
    assert np.array_equal(read("I,V2\n1,2\n3,4\n", plain).samples, [[1, 3], [2, 4]])
