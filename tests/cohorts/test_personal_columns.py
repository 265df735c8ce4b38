"""Protects: where notes are read without names, no other column brings names along; and logs hold none either."""

from __future__ import annotations

import io
import logging

import numpy as np
import pandas as pd
import pytest
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


@pytest.mark.parametrize(
    "column",
    [
        "Name",
        "Nachname",
        "Anschrift",
        "Home Address",
        "phone_number",
        "E-Mail",
        "患者氏名",
        "전화번호",
    ],
)
def test_what_names_a_person_is_no_input(tmp_path, column):
    cells = {"phone_number": [4155550100 + 7 * (i % 5) + i * i for i in range(30)]}
    rows = pd.DataFrame(
        {"id": [f"c{i}" for i in range(30)], "label": ["ill", "well"] * 15, "age": [*range(40, 70)][::-1]}
    )
    rows["age"] = rows["age"] % 7
    rows[column] = cells.get(column, [f"{i} Quixworth {'abcdefgh'[i % 8]} Road" for i in range(30)])
    rows.to_csv(tmp_path / "cases.csv", index=False)
    cohort = open_cohort(tmp_path)
    assert [spec.columns for spec in cohort.inputs.values()] == [("age",)]
    assert cohort.schema.ignored[column] == "names, addresses or numbers of persons"
    assert column not in open_cohort(tmp_path, Roles(deidentify=True)).table


def test_a_column_of_few_names_is_a_category(tmp_path):
    rows = pd.DataFrame(
        {
            "label": ["ill", "well"] * 15,
            "Name": ["aspirin", "heparin", "none"] * 10,
            "mobile": ["no"] * 9 + ["yes"] * 21,
        }
    )
    rows.to_csv(tmp_path / "cases.csv", index=False)
    assert open_cohort(tmp_path).inputs["table"].columns == ("Name", "mobile")


def test_numbers_of_persons_that_are_the_group_are_replaced(tmp_path):
    rows = pd.DataFrame(
        {"id": [f"c{i}" for i in range(30)], "label": ["ill", "well"] * 15, "age": [i % 7 for i in range(30)]}
    )
    rows["MRN"] = [4477000019 + i // 2 for i in range(30)]
    (tmp_path / "in").mkdir()
    rows.to_csv(tmp_path / "in" / "cases.csv", index=False)
    plain, without = open_cohort(tmp_path / "in"), open_cohort(tmp_path / "in", Roles(deidentify=True))
    assert plain.schema.group == without.schema.group == "MRN"
    assert [*without.groups] == [str(i // 2 + 1) for i in range(30)]
    assert any("'MRN'" in sentence and "replaced" in sentence for sentence in without.problems)
    write_cohort(without, tmp_path / "out")
    write_cohort(plain, tmp_path / "plain")
    assert "4477" not in (tmp_path / "out" / "cases.csv").read_text()
    assert "4477000019" in (tmp_path / "plain" / "cases.csv").read_text()
    assert ".0" not in (tmp_path / "plain" / "cases.csv").read_text(), "whole numbers are written as such"


def test_tags_of_pictures_are_not_logged(caplog):
    picture, file = Image.new("L", (4, 4)), io.BytesIO()
    tags = picture.getexif()
    tags[0x013B] = "Zebulon Quixworth"
    picture.save(file, "JPEG", exif=tags)
    with caplog.at_level(logging.DEBUG):
        readers.read_bytes("image", "a.jpg", file.getvalue())
    assert "Quixworth" not in caplog.text
