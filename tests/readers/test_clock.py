"""Protects: a time column gives the rate it means, in whatever unit, and is refused where it could mean several."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore import readers
from mmcore.base.errors import BadInput
from mmcore.readers.clock import is_clock, times_of


def recording(name: str, times, extra: str = "") -> bytes:
    wave = np.sin(np.arange(len(times)) / 9)
    return (
        f"{name},ecg{extra and ',' + extra}\n".encode()
        + "\n".join(
            f"{t},{x:.4f}{extra and f',{i}'}" for i, (t, x) in enumerate(zip(times, wave, strict=True))
        ).encode()
    )


@pytest.mark.parametrize(
    "name, times",
    [
        ("t_us", [5000 * i for i in range(60)]),
        ("time (µs)", [5000 * i for i in range(60)]),
        ("Time_ms", [5 * i for i in range(60)]),
        ("time_ns", [5_000_000 * i for i in range(60)]),
        ("minutes", [f"{i * 0.005 / 60:.9f}" for i in range(60)]),
        ("timestamp", [1_700_000_000_000 + 5 * i for i in range(60)]),
        ("epoch", [f"{1_700_000_000 + 0.005 * i:.3f}" for i in range(60)]),
        ("time", [f"{0.005 * i:.3f}" for i in range(60)]),
        ("datetime", [f"2024-03-01 10:00:00.{5 * i:03d}" for i in range(60)]),
        ("elapsed", [f"0:00:00.{5 * i:03d}" for i in range(60)]),
    ],
)
def test_units_of_a_clock(name, times):
    signal = readers.read_bytes("signal", "a.csv", recording(name, times))
    assert signal.rate_hz == pytest.approx(200, rel=1e-3) and signal.channel_names == ("ecg",)


@pytest.mark.parametrize("times", [[4 * i for i in range(60)], [i * 1e-300 for i in range(60)]])
def test_a_clock_that_could_mean_anything_is_refused(times):
    with pytest.raises(BadInput) as caught:
        readers.read_bytes("signal", "a.csv", recording("time", times))
    assert caught.value.hint


@pytest.mark.parametrize("name", ["sample #", "'sample #'", "Sample_No", "index", "", "n"])
def test_a_counter_is_no_channel_and_told(name):
    remarks: list[str] = []
    signal = readers.read_bytes("signal", "a.csv", recording(name, range(60)), remarks=remarks)
    assert signal.channel_names == ("ecg",) and signal.rate_hz is None and "not read as a channel" in remarks[0]


def test_lines_are_channels_where_they_are_the_fewer():
    rows = "\n".join(",".join(f"{np.sin(i + k):.3f}" for i in range(90)) for k in range(4))
    assert readers.read_bytes("signal", "a.csv", rows.encode()).samples.shape == (4, 90)


@pytest.mark.parametrize("header, step", [("Zeit (s)", 0.004), ("时间(ms)", 4.0), ("unix", 0.004)])
def test_clocks_of_other_languages(tmp_path, header, step):
    path = tmp_path / "a.csv"
    lines = [f"{1.6e9 * (header == 'unix') + i * step:.3f},{(i * 7) % 13}" for i in range(50)]
    path.write_text("\n".join([f"{header},ECG", *lines]), encoding="utf-8")
    signal = readers.read("signal", path)
    assert signal.rate_hz == pytest.approx(250, rel=1e-3) and signal.channel_names == ("ECG",)


def test_a_column_that_rises_evenly_is_no_channel_and_is_told(tmp_path):
    path, remarks = tmp_path / "a.csv", []
    path.write_text("\n".join(["ticks,ECG", *(f"{4 * i},{(i * 7) % 13}" for i in range(50))]))
    signal = readers.read("signal", path, remarks=remarks)
    assert signal.channel_names == ("ECG",) and signal.rate_hz is None and "'ticks'" in remarks[0]
    assert [channel.name for channel in readers.channels_of(path)] == ["ECG"]


def test_a_line_of_units_below_the_header(tmp_path):
    path = tmp_path / "a.csv"
    lines = ["'Elapsed time','MLII'", "'seconds','mV'", *(f"{i / 360:.5f},{(i * 7) % 13}" for i in range(50))]
    path.write_text("\n".join(lines))
    signal = readers.read("signal", path)
    assert signal.rate_hz == pytest.approx(360, rel=1e-3) and (signal.channel_names, signal.unit) == (("MLII",), "mV")


@pytest.mark.parametrize("header", ["volume_ml", "pressure (mmHg)", "angle_deg"])
def test_what_rises_evenly_but_has_a_unit_is_measured(header):
    rows = "\n".join(f"{10 * i},{np.sin(i):.3f}" for i in range(60))
    value = readers.read_bytes("signal", "ramp.csv", f"{header},II (mV)\n{rows}\n".encode())
    assert len(value.samples) == 2 and value.samples[0, 5] == 50
    counted = readers.read_bytes("signal", "ramp.csv", f"step,II (mV)\n{rows}\n".encode())
    assert len(counted.samples) == 1


@pytest.mark.parametrize("name", ["ts", "ts_ms", "tstamp (ms)"])
def test_short_names_of_clocks(name):
    assert is_clock(name)


def test_lines_above_a_recording_are_not_repeated():
    """They may name the patient."""
    lines = [f"{i / 100},{i % 7},{i % 5}" for i in range(60)]
    remarks: list[str] = []
    data = "\n".join(["# Patient: Jane Roe", "time_s,I,II", *lines]).encode()
    readers.read_bytes("signal", "roe.csv", data, None, remarks)
    assert "1 line above the header" in remarks[0] and "Jane" not in " ".join(remarks)


def test_lines_of_a_wristband_above_the_samples_give_the_rate(tmp_path):
    from mmcore import readers

    (tmp_path / "acc.csv").write_text("1572531060.0, 1572531060.0\n32.0, 32.0\n" + "1,2\n-1,4\n" * 40)
    signal = readers.read("signal", tmp_path / "acc.csv")
    assert signal.rate_hz == 32 and signal.samples.shape == (2, 80) and signal.samples.max() == 4


@pytest.mark.parametrize("form", ["2020-01-01 10:00:{:06.3f}", "01.02.2020 10:00:{:06.3f}", "1.2.2020 10:00:{:06.3f}"])
def test_decimal_commas_and_days_first_in_stamps(form):
    cells = pd.Series([form.format(i / 250) for i in range(9)]).str.replace(r"\.(?=\d{3}$)", ",", regex=True)
    assert np.allclose(times_of(cells), np.arange(9) / 250)
