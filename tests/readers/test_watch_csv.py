"""Protects: the ECG of a watch is read with its rate, lead and unit, and whose it is stays out and is told."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore import readers

SAMPLES = np.round(100 * np.sin(np.arange(600) / 20), 3)
ENGLISH = (
    "Name,Jane Roe\nDate of Birth,Jan 5 1980\nRecorded Date,2023-01-05 10:10:10 +0100\nSymptoms,\n"
    'Device,"Watch6,1"\nSample Rate,512 hertz\n\n\nLead,Lead I\nUnit,µV\n\n'
)
GERMAN = (
    'Name,Jane Roe\nGeburtsdatum,05.01.1980\nSoftwareversion,"1,90"\nMessrate,512 Hertz\n\nAbleitung,Ableitung I\n'
    "Einheit,µV\n\n"
)


@pytest.mark.parametrize(("above", "comma"), [(ENGLISH, False), (GERMAN, True)], ids=["English", "German"])
def test_it_is_read_with_what_stands_above_it(tmp_path, above, comma):
    lines = [f"{sample:.3f}" for sample in SAMPLES]
    body = "\n".join(f'"{line}"'.replace(".", ",") if comma else line for line in lines)
    (tmp_path / "ecg.csv").write_text(above + body + "\n", encoding="utf-8")
    remarks: list[str] = []
    signal = readers.read("signal", tmp_path / "ecg.csv", None, remarks)
    assert np.allclose(signal.samples, SAMPLES[None], atol=1e-3) and signal.rate_hz == 512
    assert signal.channel_names == ("I",) and signal.unit == "µV" and not remarks
    assert [(channel.name, channel.unit) for channel in readers.channels_of(tmp_path / "ecg.csv")] == [("I", "µV")]
    assert readers.identifiers_of(tmp_path / "ecg.csv") == ("name",)


def test_other_files_with_lines_above_are_as_before(tmp_path):
    (tmp_path / "a.csv").write_text("time,ecg\n" + "\n".join(f"{i / 100},{i % 7}" for i in range(50)))
    assert readers.read("signal", tmp_path / "a.csv").rate_hz == 100
    assert readers.identifiers_of(tmp_path / "a.csv") == ()
