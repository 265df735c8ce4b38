"""Protects: files called .txt that hold a recording are recordings, and notes stay notes."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore import readers
from mmcore.base.values import Kind

ROWS = np.random.default_rng(0).normal(size=(300, 3)).round(4)
RECORDINGS = {
    "spaces": "\n".join("  ".join(map(str, row)) for row in ROWS),
    "tabs, Windows": "\r\n".join("\t".join(map(str, row)) for row in ROWS),
    "named": "I,II,III\n" + "\n".join(",".join(map(str, row)) for row in ROWS),
    "comments": "# a device\n# 2024\n" + "\n".join(",".join(map(str, row)) for row in ROWS),
    "decimal commas": "\n".join(";".join(map(str, row)).replace(".", ",") for row in ROWS),
    "byte order mark": "\ufeff" + "\n".join(",".join(map(str, row)) for row in ROWS),
}
NOTES = (
    "Patient of 65.\n120/80\nHR 72\n",
    "120\n80\n72\nwell, afebrile",
    "12 3 4\n5",
    "",
    "BP 120 80\n" * 60,
    "1. a\n2. b\n3. c\n4. d",
)


@pytest.mark.parametrize("text", RECORDINGS.values(), ids=RECORDINGS)
def test_numbers_are_a_recording(text):
    data = text.encode()
    assert readers.kind_of_bytes("a.txt", data) is Kind.SIGNAL
    signal = readers.read_bytes(Kind.SIGNAL, "a.txt", data)
    assert np.allclose(signal.samples, ROWS.T, atol=1e-6)


@pytest.mark.parametrize("channels", [1, 12, 40])
def test_however_long_its_lines_are(channels):
    wide = np.tile(ROWS[:, :1], channels)
    for rows in (wide, wide.T):  # a line per moment, or per channel
        data = "\n".join(" ".join(f"{cell:.6f}" for cell in row) for row in rows).encode()
        assert readers.kind_of_bytes("a.txt", data) is Kind.SIGNAL
        assert readers.read_bytes(Kind.SIGNAL, "a.txt", data).samples.shape == (channels, 300)


@pytest.mark.parametrize("text", NOTES)
def test_notes_stay_notes(text):
    assert readers.kind_of_bytes("a.txt", text.encode()) is Kind.TEXT
    assert readers.read_bytes(Kind.TEXT, "a.txt", text.encode()) == text


def test_a_folder_of_them_is_an_input_of_recordings(tmp_path):
    from mmcore.cohorts import open_cohort

    for name in ("ill", "well"):
        (tmp_path / name).mkdir()
        for i in range(4):
            (tmp_path / name / f"{name}{i}.txt").write_text(RECORDINGS["spaces"])
    (spec,) = open_cohort(tmp_path).inputs.values()
    assert spec.kind is Kind.SIGNAL
