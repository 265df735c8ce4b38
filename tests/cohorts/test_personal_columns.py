"""Protects: where notes are read without names, no other column brings names along; and logs hold none either."""

from __future__ import annotations

import io
import logging

import numpy as np
import pandas as pd
from PIL import Image

from mmcore import readers
from mmcore.cohorts import Roles, open_cohort
from mmcore.cohorts.writing import write_cohort


def test_columns_of_names_are_neither_kept_nor_written(tmp_path):
    rng = np.random.default_rng(0)
    words = ["cough", "fever", "pain", "nausea", "rest", "oedema", "better", "worse"]
    rows = pd.DataFrame({"id": [f"c{i}" for i in range(60)], "label": ["ill", "well"] * 30})
    rows["note"] = [f"Mr. Quixworth reports {' '.join(rng.choice(words, 9))} today." for _ in range(60)]
    rows["patient_name"], rows["date_of_birth"], rows["mrn"] = "Quixworth", "1957-03-14", range(900, 960)
    rows["comment"] = [f"Quixworth {i}" for i in range(60)]
    rows["site"], rows["age"] = ["bern", "basel"] * 30, rng.integers(30, 80, 60)
    (tmp_path / "in").mkdir()
    rows.to_csv(tmp_path / "in" / "cases.csv", index=False)
    roles = Roles(target="label", deidentify=True)
    cohort = open_cohort(tmp_path / "in", roles)
    assert not {"patient_name", "date_of_birth", "mrn", "comment"} & {*cohort.table} and "site" in cohort.table
    assert "'patient_name'" in " ".join(cohort.problems)
    write_cohort(cohort, tmp_path / "out")
    assert "Quixworth" not in (tmp_path / "out" / "cases.csv").read_text()
    assert len(open_cohort(tmp_path / "out")) == 60
    assert "patient_name" in open_cohort(tmp_path / "in", Roles(target="label")).table


def test_tags_of_pictures_are_not_logged(caplog):
    picture, file = Image.new("L", (4, 4)), io.BytesIO()
    tags = picture.getexif()
    tags[0x013B] = "Zebulon Quixworth"
    picture.save(file, "JPEG", exif=tags)
    with caplog.at_level(logging.DEBUG):
        readers.read_bytes("image", "a.jpg", file.getvalue())
    assert "Quixworth" not in caplog.text
