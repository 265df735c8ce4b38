"""Protects the road of one's own data: a zip with a messy table is imported, mended, audited, trained and compared."""

from __future__ import annotations

import io
import re
import zipfile

import numpy as np
import pandas as pd
import pytest

CASES = 48


@pytest.fixture
def messy() -> bytes:
    """A zip: a table with semicolons, units and a note among numbers, a column nobody recognises as the target, and
    one array of signals without a rate."""
    rng = np.random.default_rng(0)
    ill = rng.permutation(np.arange(CASES) % 2)
    crp = [f"{value:.1f} mg/L".replace(".", ",") for value in rng.gamma(2, 5, CASES) + 9 * ill]
    crp[3] = "see note"
    frame = pd.DataFrame(
        {
            "Age (years)": rng.integers(30, 80, CASES), "crp": crp, "bed": rng.integers(1, 9, CASES), "empty": "",
            "verdict of the ward": np.where(ill, "ill", "well"),
        }
    )  # fmt: skip
    array = io.BytesIO()
    time = np.arange(200) / 100
    np.save(
        array, (np.sin(2 * np.pi * (2 + ill[:, None, None]) * time) + rng.normal(size=(CASES, 1, 200))).astype("f4")
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("ward/cases.csv", frame.to_csv(index=False, sep=";"))
        archive.writestr("ward/ecg.npy", array.getvalue())
    return file.getvalue()


def test_a_messy_zip_to_a_comparison(server, visit, messy):
    visitor = visit(server)
    page = visitor.page
    visitor.go("import_data")
    page.get_by_text("Files or a zip").click()
    visitor.settle()
    files = page.locator('input[type="file"]').first
    files.set_input_files({"name": "ward.zip", "mimeType": "application/zip", "buffer": messy})
    page.get_by_text("What the columns are").wait_for()
    visitor.settle()
    visitor.sees("1 cell cannot be used")
    visitor.sees("1 column is left out")
    visitor.sees("do not state their sampling rate")  # a rate that nobody told is asked for

    # the role of the third column, "bed": its cell is the second of its row
    visitor.choose_in_cell(150 + 40, 38 + 2 * 35 + 17, "left out", until="2 columns are left out")
    visitor.settle()

    visitor.choose(re.compile("Target"), "verdict of the ward")
    rate = page.get_by_label("Sampling rate of ecg")
    rate.fill("100")
    rate.press("Enter")
    visitor.settle()
    visitor.sees("'ill' or not")
    page.get_by_text("do not state their sampling rate").wait_for(state="detached")
    visitor.shoot("import")

    page.get_by_role("button", name="Save and open").click()
    page.wait_for_url("**/cohort?*imported*")
    visitor.settle()
    visitor.open("Audit")
    page.get_by_text(re.compile("can make scores|Nothing was found|Nothing serious was found")).first.wait_for()
    visitor.settle()
    visitor.open("Train")
    visitor.train()
    visitor.open("Compare")
    visitor.compare()
    visitor.sees("AUROC")
