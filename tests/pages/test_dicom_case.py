"""Protects: a CT and an ECG in DICOM, as archives export them, open on *Case*."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pydicom
import streamlit as st

from tests.pages.opened import open_page, words

FILES = Path(pydicom.__file__).parent / "data" / "test_files"


def test_ct_and_ecg_of_a_case(tmp_path):
    rows = []
    for number in range(8):
        shutil.copy(FILES / "CT_small.dcm", tmp_path / f"ct{number}.dcm")
        shutil.copy(FILES / "waveform_ecg.dcm", tmp_path / f"ecg{number}.dcm")
        rows.append((f"p{number}", f"ct{number}.dcm", f"ecg{number}.dcm", ("well", "ill")[number % 2]))
    pd.DataFrame(rows, columns=["id", "ct", "ecg", "label"]).to_csv(tmp_path / "cases.csv", index=False)
    st.cache_resource.clear()
    st.cache_data.clear()
    app = open_page("pages/explore/2_case.py", cohort=str(tmp_path), case="p1")
    shown = words(app)
    assert not app.exception and not app.error
    assert "128 × 128 px" in shown and "12 channels · 10 s · 1000 Hz" in shown and "No input is missing" in shown
