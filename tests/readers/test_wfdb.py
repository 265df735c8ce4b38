"""Protects: records of several rates and segments are read whole, and all their files are known."""

from __future__ import annotations

import numpy as np
import pytest
import wfdb

from mmcore import readers
from mmcore.base.errors import BadInput


def write(folder, name: str, leads: list[str], seconds: int = 8, rate: int = 100, seed: int = 0) -> None:
    wave = np.random.default_rng(seed).normal(size=(seconds * rate, len(leads))).cumsum(axis=0) / 9
    wfdb.wrsamp(name, fs=rate, units=["mV"] * len(leads), sig_name=leads, p_signal=wave, fmt=["16"] * len(leads),
                write_dir=str(folder))  # fmt: skip


def test_a_faster_channel_keeps_its_rate(tmp_path):
    fast, slow = np.arange(80, dtype=np.int16) % 13, np.arange(10, dtype=np.int16)
    frames = b"".join(fast[8 * i : 8 * i + 8].tobytes() + slow[i : i + 1].tobytes() for i in range(10))
    (tmp_path / "r.dat").write_bytes(frames)
    (tmp_path / "r.hea").write_text("r 2 5 10\nr.dat 16x8 10/mV 16 0 0 0 0 II\nr.dat 16 10/cmH2O 16 0 0 0 0 airway\n")
    remarks: list[str] = []
    signal = readers.read("signal", tmp_path / "r.hea", remarks=remarks)
    assert signal.rate_hz == 40 and signal.samples.shape == (2, 80) and "airway" in remarks[0]
    assert signal.samples[0] == pytest.approx(fast / 10) and signal.samples[1, ::8] == pytest.approx(slow / 10)


def test_all_files_of_a_record_of_segments_are_known(tmp_path):
    write(tmp_path, "s1", ["II"], seed=1)
    write(tmp_path, "s2", ["II"], seed=2)
    (tmp_path / "whole.hea").write_text("whole/2 1 100 1600\ns1 800\ns2 800\n")
    named = {path.name for path in readers.files_of(tmp_path / "whole.hea")}
    assert named == {"whole.hea", "s1.hea", "s1.dat", "s2.hea", "s2.dat"}
    assert readers.read("signal", tmp_path / "whole.hea").samples.shape == (1, 1600)


def test_channels_are_told_without_reading(tmp_path):
    write(tmp_path, "r", ["I", "aVF"])
    assert [(c.name, c.unit) for c in readers.channels_of(tmp_path / "r.hea")] == [("I", "mV"), ("aVF", "mV")]


def test_the_data_file_stands_for_its_record(tmp_path):
    write(tmp_path, "r", ["I"])
    assert readers.read("signal", tmp_path / "r.dat").samples.shape == (1, 800)


@pytest.mark.parametrize("line", ["r 100000 100 10", "r/50000 1 100 10", "r 2 100 900000000"])
def test_a_header_that_claims_too_much_is_refused(tmp_path, line):
    (tmp_path / "r.hea").write_text(line + "\nr.dat 16 1/mV 16 0 0 0 0 I\n" * 3)
    with pytest.raises(BadInput, match="claims more"):
        readers.read("signal", tmp_path / "r.hea")


def test_segments_in_another_order_are_not_joined_by_place(tmp_path):
    write(tmp_path, "s1", ["II", "V1"], seed=1)
    write(tmp_path, "s2", ["V1", "II"], seed=2)
    (tmp_path / "whole.hea").write_text("whole/2 2 100 1600\ns1 800\ns2 800\n")
    with pytest.raises(BadInput, match="another order"):
        readers.read("signal", tmp_path / "whole.hea")


def test_a_null_segment_is_a_gap(tmp_path):
    write(tmp_path, "s1", ["II", "V1"], seed=1)
    write(tmp_path, "s2", ["II", "V1"], seed=2)
    (tmp_path / "short.hea").write_text("short/3 2 100 1605\ns1 800\n~ 5\ns2 800\n")
    remarks: list[str] = []
    signal = readers.read("signal", tmp_path / "short.hea", remarks=remarks)
    assert signal.samples.shape == (2, 1605) and signal.channel_names == ("II", "V1") and "bridged" in remarks[0]
    second = readers.read("signal", tmp_path / "s2.hea").samples
    assert signal.samples[:, 805:] == pytest.approx(second)
    (tmp_path / "long.hea").write_text("long/3 2 100 2600\ns1 800\n~ 1000\ns2 800\n")
    with pytest.raises(BadInput, match="1000 in a row"):
        readers.read("signal", tmp_path / "long.hea")
